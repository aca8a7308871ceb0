"""Candidates → hits: the signals of each unit summed into one score."""

from __future__ import annotations

from collections.abc import Sequence

from careerqa.datatypes import Hit, UnitKind, View
from careerqa.embedding import FloatVector
from careerqa.generation import Generation
from careerqa.retrieval import Candidate

STAGE = "signals"
DEMOTED = frozenset({UnitKind.HEADING, UnitKind.QUESTION})
"""Layout that seldom answers by itself."""


def score(candidate: Candidate, kind: UnitKind) -> float:
    """A unit's score for a question, higher is better.

    The best of its statement, cells and written questions, plus small shares of the statement
    itself, its context and its lexical match (weights from the ranking study, November 2026).
    """
    cosines = candidate.cosines
    statement = max(cosines.get(View.UNIT, 0.0), cosines.get(View.CELL, 0.0))
    best = max(statement, cosines.get(View.QUESTION, 0.0))
    total = best + 0.2 * statement + 0.2 * cosines.get(View.CONTEXT, 0.0) + 0.3 * candidate.lexical
    return total - 0.3 if kind in DEMOTED else total


def rank(
    generation: Generation, candidates: Sequence[Candidate], *, near_duplicate: float
) -> list[Hit]:
    """Hits best first, ties by unit id, each near-duplicate of a better hit left out.

    Args:
        near_duplicate: Cosine of two statements from which they count as the same.
    """
    scored = sorted(
        ((score(c, generation.units[c.unit_id].kind), c.unit_id) for c in candidates),
        key=lambda item: (-item[0], item[1]),
    )
    kept: list[tuple[float, int]] = []
    for value, unit_id in scored:
        vector = statement_vector(generation, unit_id)
        if not any(
            float(vector @ statement_vector(generation, other)) >= near_duplicate
            for _, other in kept
        ):
            kept.append((value, unit_id))
    return [
        Hit(generation.units[unit_id], number, value, STAGE)
        for number, (value, unit_id) in enumerate(kept, 1)
    ]


def statement_vector(generation: Generation, unit_id: int) -> FloatVector:
    """The vector of a unit's own statement."""
    vector: FloatVector = generation.vectors[generation.texts_of_unit[unit_id][View.UNIT][0]]
    return vector
