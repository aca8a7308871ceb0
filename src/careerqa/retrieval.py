"""First-stage search: dense and lexical rankings of units, fused into one pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.datatypes import View
from careerqa.embedding import FloatVector
from careerqa.generation import Generation
from careerqa.words import STOP_WORDS

TEXTS_PER_UNIT = 8
"""How many texts are searched for each unit that is wanted: several lead to the same one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the pool with what the first stages say of it.

    Cosines are those of its best text of each view (0 where it has none), in [-1, 1]. `lexical` is
    its BM25 score divided by the best one's, in [0, 1].
    """

    unit_id: int
    cosines: dict[View, float]
    lexical: float


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[int]], *, k: int = 60
) -> list[tuple[int, float]]:
    """Merge best-first rankings of unit ids by summed reciprocal rank.

    A unit scores the sum of 1 / (k + rank) over the rankings that hold it, ranks counted from 1
    (Cormack, Clarke and Büttcher, SIGIR 2009).

    Args:
        rankings: One list per first stage; no unit twice in a list.
        k: Rank offset; larger values soften the lead of the top ranks.

    Returns:
        Distinct unit ids with their scores, best first, ties by id.

    Raises:
        ValueError: If `k` is negative.
    """
    if k < 0:
        raise ValueError(f"k is {k}; it cannot be negative")
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, unit_id in enumerate(ranking, 1):
            scores[unit_id] = scores.get(unit_id, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def first_stage(
    generation: Generation, vector: FloatVector, question: str, *, pool: int, rrf_k: int
) -> list[Candidate]:
    """The `pool` most promising units for a question, best first.

    Dense: the units of the nearest indexed texts in the vector store. Lexical: BM25 over
    statements, headings and written questions. Both are fused by reciprocal rank.

    Args:
        vector: The question's, unit length, shape (dimension,).
        question: Its words, for the lexical search.
    """
    dense: dict[int, float] = {}
    for number, _ in generation.store.search(vector, pool * TEXTS_PER_UNIT):
        text = generation.texts[number]
        if text.view is not View.PASSAGE:
            for unit_id in text.unit_ids:
                dense.setdefault(unit_id, 0.0)
    lexical = generation.database.search(question, pool, stop_words=STOP_WORDS)
    rankings = [list(dense)[:pool], [unit_id for unit_id, _ in lexical]]
    fused = reciprocal_rank_fusion(rankings, k=rrf_k)[:pool]
    best = max((score for _, score in lexical), default=0.0)
    words = {unit_id: score / best for unit_id, score in lexical} if best > 0 else {}
    return [
        Candidate(unit_id, cosines(generation, vector, unit_id), words.get(unit_id, 0.0))
        for unit_id, _ in fused
    ]


def cosines(generation: Generation, vector: FloatVector, unit_id: int) -> dict[View, float]:
    """The question's cosine with the nearest text of each view of a unit."""
    return {
        view: float((generation.vectors[numbers] @ vector).max())
        for view, numbers in generation.texts_of_unit[unit_id].items()
    }
