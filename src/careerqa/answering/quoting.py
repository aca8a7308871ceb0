"""Unit → quote: the one place where quotes are made, sliced from the stored document."""

from __future__ import annotations

from careerqa.datatypes import Document, Quote, Span, Unit
from careerqa.errors import IndexMismatchError


def quote(
    document: Document,
    unit: Unit,
    *,
    identifier: int,
    score: float,
    span: Span | None = None,
    sources: int = 1,
) -> Quote:
    """A quote of `unit`, or of `span` around it, by offsets into the stored document.

    Raises:
        IndexMismatchError: If the stored document does not hold the unit where it should.
    """
    chosen = span or unit.span
    text = chosen.of(document.text)
    if unit.document_id != document.id or unit.text != unit.span.of(document.text):
        raise IndexMismatchError(
            f"{unit.document_id} does not hold unit {unit.id} at {unit.span.start}. "
            "Run careerqa index --full."
        )
    if not (chosen.start <= unit.span.start and unit.span.end <= chosen.end) or not text:
        raise ValueError(f"{chosen} is not around unit {unit.id} at {unit.span}")
    return Quote(
        id=identifier,
        text=text,
        span=chosen,
        document_id=document.id,
        document_sha256=document.sha256,
        source=document.source,
        line=unit.line - document.text.count("\n", chosen.start, unit.span.start),
        provenance=unit.provenance,
        score=score,
        trail=(*unit.trail, unit.label) if unit.label and unit.kind != "label" else unit.trail,
        table_header=unit.header_text,
        sources=sources,
    )
