"""Hits → answer or abstention, composed from quotes alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.answering.attribution import cited_by
from careerqa.answering.disagreement import Found
from careerqa.answering.quoting import quote
from careerqa.answering.statements import Statement, statements_of
from careerqa.datatypes import Abstention, Answer, Claim, Disagreement, Hit, Quote, Sentence, Unit
from careerqa.documents.cleaning import clean
from careerqa.indexing.generation import Generation

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
    statements = statements_of(generation, hits)
    quotes = quotes_of(statements, generation)
    number_of = {
        hit.unit.id: q.id for one, q in zip(statements, quotes, strict=True) for hit in one.hits
    }
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
                Sentence(readable(generation, one), (q.id,))
                for one, q in zip(statements, quotes, strict=True)
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
    sides = "; ".join(f"{_said(claim)} [{claim.quote_id}]" for claim in disagreement.claims)
    citations = tuple(dict.fromkeys(claim.quote_id for claim in disagreement.claims))
    return Sentence(f"{start}: {disagreement.topic}: {sides}.", citations)


def _said(claim: Claim) -> str:
    position = claim.basis.get("position")
    return f"{position} (“{clean(claim.value)}”)" if position else clean(claim.value)


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
        nearest=quotes_of(statements_of(generation, nearest), generation),
        confidence=confidence,
        warnings=tuple(warnings),
    )


def readable(generation: Generation, statement: Statement) -> str:
    """A statement as sentences to read: markup removed, a row with its column headers."""
    texts = [generation.plain[unit.id] for unit in statement.units]
    return " ".join(text if _ENDS.search(text) else f"{text}." for text in texts)


def quotes_of(statements: Sequence[Statement], generation: Generation) -> tuple[Quote, ...]:
    """A quote of each statement, numbered from 1."""
    return tuple(
        quote(
            generation.documents[one.hits[0].unit.document_id],
            one.hits[0].unit,
            identifier=number,
            score=one.hits[0].score,
            span=one.span,
            sources=independent_sources((one.hits[0].unit, *one.hits[0].repeats)),
        )
        for number, one in enumerate(statements, 1)
    )


def independent_sources(units: Sequence[Unit]) -> int:
    """How many sources carry a statement that `units` repeat, at least one.

    Documents count, but those that cite the same origin count as one.
    """
    origin_of_document: dict[str, str] = {}
    for unit in units:
        origin = cited_by(unit.provenance, unit.text)
        known = origin_of_document.get(unit.document_id)
        origin_of_document[unit.document_id] = origin or known or unit.document_id
    return len({origin.casefold() for origin in origin_of_document.values()})
