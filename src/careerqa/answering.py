"""Hits → answer or abstention, composed from quotes alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.cleaning import clean
from careerqa.datatypes import Abstention, Answer, Claim, Disagreement, Hit, Quote, Sentence
from careerqa.disagreement import Found
from careerqa.generation import Generation
from careerqa.quoting import quote

_ENDS = re.compile(r"[.!?…][\"”’')\]]*$")


def answer(
    question: str,
    hits: Sequence[Hit],
    generation: Generation,
    *,
    confidence: float,
    found: Sequence[Found] = (),
    warnings: Sequence[str] = (),
) -> Answer:
    """An answer of the statements of `hits`, at least one, each sentence citing its quote.

    Where sources differ the answer opens with that, and every side is among the quotes.

    Args:
        found: Disagreements, whose hits are all in `hits`.
    """
    quotes = quotes_of(hits, generation)
    number_of = {hit.unit.id: q.id for hit, q in zip(hits, quotes, strict=True)}
    disagreements = tuple(
        Disagreement(
            topic=one.topic,
            claims=tuple(
                Claim(side.value, number_of[side.hit.unit.id], side.basis) for side in one.sides
            ),
            note=one.note,
        )
        for one in found
    )
    return Answer(
        question=question,
        sentences=(
            *(opening(one) for one in disagreements),
            *(
                Sentence(readable(generation, hit), (q.id,))
                for hit, q in zip(hits, quotes, strict=True)
            ),
        ),
        quotes=quotes,
        confidence=confidence,
        disagreements=disagreements,
        warnings=tuple(warnings),
    )


def opening(disagreement: Disagreement) -> Sentence:
    """The sentence that says that sources differ, and how."""
    start = disagreement.note.rstrip(".") if disagreement.note else "Sources differ"
    sides = "; ".join(f"{clean(claim.value)} [{claim.quote_id}]" for claim in disagreement.claims)
    citations = tuple(dict.fromkeys(claim.quote_id for claim in disagreement.claims))
    return Sentence(f"{start}: {disagreement.topic}: {sides}.", citations)


def abstention(
    question: str,
    nearest: Sequence[Hit],
    generation: Generation,
    *,
    confidence: float,
    warnings: Sequence[str] = (),
) -> Abstention:
    """An abstention that shows what came closest."""
    documents = len(generation.documents)
    where = "the one document" if documents == 1 else f"the {documents} documents"
    return Abstention(
        question=question,
        reason=f"Not found: no statement in {where} answers this question.",
        nearest=quotes_of(nearest, generation),
        confidence=confidence,
        warnings=tuple(warnings),
    )


def readable(generation: Generation, hit: Hit) -> str:
    """A unit as a sentence to read: markup removed, a row with its column headers."""
    text = generation.plain[hit.unit.id]
    return text if _ENDS.search(text) else f"{text}."


def quotes_of(hits: Sequence[Hit], generation: Generation) -> tuple[Quote, ...]:
    """A quote of each hit, numbered from 1."""
    return tuple(
        quote(generation.documents[h.unit.document_id], h.unit, identifier=n, score=h.score)
        for n, h in enumerate(hits, 1)
    )
