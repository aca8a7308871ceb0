"""How probable it is that the quotes answer the question, from several signals.

A logistic regression, fitted on answerable questions and on near misses: questions in the
documents' domain that they do not answer (see `fitting`). Which signals there are depends on what
the index holds, so there are three fits: with written questions and known unanswered ones, with
written questions only, and with the bare statements.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.datatypes import Hit, View
from careerqa.indexing.generation import Generation
from careerqa.retrieval.first_stage import Pool
from careerqa.retrieval.question import Question

BARE = ("score", "lead", "statement", "covered", "covered_3", "rarest_unknown", "rarest_missing")
EXPANDED = (*BARE, "question")
FULL = (*EXPANDED, "unanswered_lead", "leaning")
VARIANTS = {"bare": BARE, "expanded": EXPANDED, "full": FULL}


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic regression over named signals, standardised by `mean` and `scale`."""

    signals: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, values: dict[str, float]) -> float:
        """The probability for signal values by name, in (0, 1)."""
        total = self.bias
        for name, mean, scale, weight in zip(
            self.signals, self.mean, self.scale, self.weights, strict=True
        ):
            total += weight * (values[name] - mean) / scale
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def variant(pool: Pool) -> str:
    """Which of the fits applies to what the first stage found."""
    if pool.answered is None:
        return "bare"
    return "expanded" if pool.unanswered is None or pool.leaning is None else "full"


def evidence_signals(
    generation: Generation, question: Question, pool: Pool, hits: Sequence[Hit]
) -> dict[str, float]:
    """The signals of `VARIANTS` by name, for at least one hit.

    A term's rarity is its inverse document frequency over units, 1 for one that stands nowhere.
    """
    expanded = pool.answered is not None
    top, third = hits[0], hits[:3]
    cosines = next(c.cosines for c in pool.candidates if c.unit_id == top.unit.id)
    count = len(generation.units)
    holders = {
        term: generation.database.units_with(term, questions=expanded) for term in question.terms
    }
    rarity = {
        term: math.log((count + 1) / (len(units) + 0.5)) / math.log(2 * (count + 1))
        for term, units in holders.items()
    }
    total = sum(rarity.values()) or 1.0
    near = {hit.unit.id for hit in third}
    values = {
        "score": top.score,
        "lead": top.score - hits[min(4, len(hits) - 1)].score,
        "statement": cosines.get(View.UNIT, 0.0),
        "covered": sum(r for t, r in rarity.items() if top.unit.id in holders[t]) / total,
        "covered_3": sum(r for t, r in rarity.items() if near & holders[t]) / total,
        "rarest_unknown": max((r for t, r in rarity.items() if not near & holders[t]), default=0.0),
        "rarest_missing": max(
            (r for t, r in rarity.items() if top.unit.id not in holders[t]), default=0.0
        ),
        "question": cosines.get(View.QUESTION, 0.0),
    }
    if pool.answered is not None and pool.unanswered is not None and pool.leaning is not None:
        values["unanswered_lead"] = pool.unanswered - pool.answered
        values["leaning"] = pool.leaning
    return values
