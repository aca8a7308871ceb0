"""Hits → the hits that are quoted: as many as the question needs."""

from __future__ import annotations

from collections.abc import Sequence

from careerqa.answering.sides import comparison_hits
from careerqa.datatypes import Hit
from careerqa.indexing.generation import Generation
from careerqa.retrieval.question import Question

SIDE_REACH = 2
"""How many gaps below the best hit's score the best statement on a compared title may lie.

On 32 comparisons (November 2026), without → with: all evidence quoted .656 → .719, recall .760 →
.792, quote precision .440 → .449, 555 → 563 characters; the 203 other answerable ones unchanged.
"""


def select(
    generation: Generation,
    question: Question,
    hits: Sequence[Hit],
    *,
    gap: float,
    top: int,
    max_characters: int,
) -> list[Hit]:
    """The hits whose score lies within `gap` of the best one's, best first, within both limits.

    A question that compares titles gets a statement on each: see `sides`.

    Args:
        top: Most hits.
        max_characters: Most characters of all units together; the best hit is taken anyway.
    """
    if not hits:
        return []
    chosen = [hit for hit in hits[:top] if hit.score >= hits[0].score - gap]
    every = comparison_hits(generation, question, hits, chosen, reach=SIDE_REACH * gap)
    sides = every[len(chosen) :]
    chosen = [chosen[0], *sides, *chosen[1 : max(1, top - len(sides))]]
    kept: list[Hit] = []
    characters = 0
    for hit in chosen[:top]:
        if not kept or characters + len(hit.unit.text) <= max_characters:
            kept.append(hit)
            characters += len(hit.unit.text)
    return kept
