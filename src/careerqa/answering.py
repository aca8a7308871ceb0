"""Hits → answer or abstention, composed from quotes alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.datatypes import Abstention, Answer, Hit, Quote, Sentence
from careerqa.generation import Generation
from careerqa.quoting import quote
from careerqa.settings import AnswerSettings

_ENDS = re.compile(r"[.!?…][\"”’')\]]*$")


def compose(
    question: str,
    hits: Sequence[Hit],
    confidence: float,
    generation: Generation,
    settings: AnswerSettings,
) -> Answer | Abstention:
    """An answer of the best hits, or an abstention where confidence is too low."""
    if confidence < settings.min_confidence or not hits:
        return Abstention(
            question=question,
            reason=not_found(len(generation.documents)),
            nearest=tuple(_quotes(hits[: settings.nearest], generation)),
            confidence=confidence,
        )
    chosen: list[Hit] = []
    characters = 0
    for hit in hits[: settings.top]:
        if chosen and characters + len(hit.unit.text) > settings.max_characters:
            continue
        chosen.append(hit)
        characters += len(hit.unit.text)
    quotes = tuple(_quotes(chosen, generation))
    return Answer(
        question=question,
        sentences=tuple(
            Sentence(readable(generation, hit), (q.id,))
            for hit, q in zip(chosen, quotes, strict=True)
        ),
        quotes=quotes,
        confidence=confidence,
    )


def not_found(documents: int) -> str:
    """The one sentence of an abstention."""
    where = "the one document" if documents == 1 else f"the {documents} documents"
    return f"Not found: no statement in {where} answers this question."


def readable(generation: Generation, hit: Hit) -> str:
    """A unit as a sentence to read: markup removed, a row with its column headers."""
    text = generation.plain[hit.unit.id]
    return text if _ENDS.search(text) else f"{text}."


def _quotes(hits: Sequence[Hit], generation: Generation) -> list[Quote]:
    return [
        quote(generation.documents[h.unit.document_id], h.unit, identifier=n, score=h.score)
        for n, h in enumerate(hits, 1)
    ]
