"""Hits → the hits that are quoted: as many as the question needs."""

from __future__ import annotations

from collections.abc import Sequence

from careerqa.datatypes import Hit
from careerqa.generation import Generation
from careerqa.question import Question
from careerqa.ranking import facts_of


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

    A question that names several titles gets a statement on each: for one that none of the chosen
    names, the best that does and lies within twice the gap.

    Args:
        top: Most hits.
        max_characters: Most characters of all units together; the best hit is taken anyway.
    """
    if not hits:
        return []
    best = hits[0].score
    chosen = [hit for hit in hits[:top] if hit.score >= best - gap]
    named = [facts_of(generation, hit.unit.id).roles for hit in chosen]
    for role in sorted(question.roles):
        if len(question.roles) < 2 or any(role in roles for roles in named):
            continue
        for hit in hits[len(chosen) :]:
            if hit.score < best - 2 * gap:
                break
            if hit not in chosen and role in facts_of(generation, hit.unit.id).roles:
                chosen.append(hit)
                named.append(facts_of(generation, hit.unit.id).roles)
                break
    kept: list[Hit] = []
    characters = 0
    for hit in chosen[:top]:
        if not kept or characters + len(hit.unit.text) <= max_characters:
            kept.append(hit)
            characters += len(hit.unit.text)
    return kept
