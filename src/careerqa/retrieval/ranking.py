"""Candidates → hits: the signals of each unit, weighted and summed into one score.

The weights are fitted on questions with known evidence (see `fitting`) and stored with the model
and data that produced them (see `calibration`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from careerqa.datatypes import Hit, Unit, UnitKind, View
from careerqa.documents.provenance import NOT_ABOUT_THE_WORLD
from careerqa.indexing.generation import Generation
from careerqa.retrieval.first_stage import Candidate
from careerqa.retrieval.question import Question, levels_of, roles_of

STAGE = "signals"
SIGNALS = (
    "best",  # cosine of the nearest of its statement, cells and written questions
    "statement",  # cosine of its statement or nearest cell
    "cell",  # cosine of its nearest cell
    "context",  # cosine of its statement below its headings
    "passage",  # cosine of its passage
    "lexical",  # BM25, the best unit's being 1
    "heading",  # 1 for a heading
    "bare_question",  # 1 for a question that stands as a heading
    "length",  # log of its words, 1 at about 150
    "amount",  # 1 where pay is asked for and it holds an amount
    "percentage",  # 1 where pay or a number is asked for and it holds a percentage
    "number",  # 1 where a number is asked for and it holds one
    "other_role",  # 1 where it names titles, but none that is asked about
    "same_level",  # 1 where it names a level that is asked about
    "other_level",  # 1 where it names levels, but none that is asked about
    "aside",  # 1 where it is no statement about the world and is not asked for as such
    "late",  # word pieces of the question against its own; 0 where written questions take part
    "questions",  # mean cosine of its nearest written questions, of its statement where it has none
)

_AMOUNT = re.compile(r"[$€£]\s?\d|\b(?:USD|EUR|GBP)\b")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit's own text says of it, whatever the question."""

    roles: frozenset[str]
    levels: frozenset[str]
    amount: bool
    percentage: bool
    number: bool
    length: float


def signals(question: Question, candidate: Candidate, unit: Unit, facts: Facts) -> list[float]:
    """The values of `SIGNALS` for one candidate."""
    cosines = candidate.cosines
    cell = cosines.get(View.CELL, 0.0)
    statement = max(cosines.get(View.UNIT, 0.0), cell)
    same_level = bool(question.levels & facts.levels)
    return [
        max(statement, cosines.get(View.QUESTION, 0.0)),
        statement,
        cell,
        cosines.get(View.CONTEXT, 0.0),
        cosines.get(View.PASSAGE, 0.0),
        candidate.lexical,
        unit.kind is UnitKind.HEADING,
        unit.kind is UnitKind.QUESTION,
        facts.length,
        question.wants_amount and facts.amount,
        question.wants_number and facts.percentage,
        question.wants_number and facts.number,
        bool(question.roles and facts.roles and not question.roles & facts.roles),
        same_level,
        bool(question.levels and facts.levels and not same_level),
        unit.provenance in NOT_ABOUT_THE_WORLD and unit.provenance not in question.asides,
        candidate.late,
        candidate.questions or statement,
    ]


def facts_of(generation: Generation, unit_id: int) -> Facts:
    """The facts of a unit, from its plain text (a row's with its column headers)."""
    return _facts(generation.plain[unit_id])


@lru_cache(maxsize=20_000)
def _facts(plain: str) -> Facts:
    return Facts(
        roles=roles_of(plain),
        levels=levels_of(plain),
        amount=bool(_AMOUNT.search(plain)),
        percentage="%" in plain,
        number=bool(_DIGIT.search(plain)),
        length=math.log1p(len(plain.split())) / 5,
    )


def signal_matrix(
    generation: Generation, question: Question, candidates: Sequence[Candidate]
) -> npt.NDArray[np.float64]:
    """The signals of every candidate, shape (candidates, signals)."""
    rows = [
        signals(question, c, generation.units[c.unit_id], facts_of(generation, c.unit_id))
        for c in candidates
    ]
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(SIGNALS))


def rank(
    generation: Generation,
    question: Question,
    candidates: Sequence[Candidate],
    *,
    weights: Sequence[float],
    near_duplicate: float,
) -> list[Hit]:
    """Hits best first, ties by unit id, each near-duplicate of a better hit among its repeats.

    Args:
        weights: One for each of `SIGNALS`.
        near_duplicate: Cosine of two statements from which they count as the same.
    """
    scores = signal_matrix(generation, question, candidates) @ np.asarray(weights)
    scored = sorted(
        ((float(s), c.unit_id) for s, c in zip(scores, candidates, strict=True)),
        key=lambda item: (-item[0], item[1]),
    )
    numbers = [generation.texts_of_unit[unit_id][View.UNIT][0] for _, unit_id in scored]
    vectors = np.asarray(generation.vectors[numbers])
    same = vectors @ vectors.T >= near_duplicate
    repeats: dict[int, list[Unit]] = {}
    for place, (_, unit_id) in enumerate(scored):
        first = next((kept for kept in repeats if same[place, kept]), None)
        if first is None:
            repeats[place] = []
        else:
            repeats[first].append(generation.units[unit_id])
    return [
        Hit(generation.units[scored[place][1]], number, scored[place][0], STAGE, tuple(also))
        for number, (place, also) in enumerate(repeats.items(), 1)
    ]
