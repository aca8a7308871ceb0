"""Units and passages → the texts that are embedded and lead back to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from careerqa.datatypes import Document, IndexedText, Passage, Unit, UnitKind, View
from careerqa.documents.cleaning import clean
from careerqa.documents.passages import TokenCounter, context_of
from careerqa.documents.provenance import FLAGGED
from careerqa.documents.tables import cell_texts, row_text

NOT_INDEXED = frozenset({UnitKind.REFERENCE})


def plain_text(unit: Unit) -> str:
    """A unit as one readable line: markup removed, a row with its column headers."""
    if unit.kind is UnitKind.ROW:
        return row_text(unit.text, unit.header_text)
    if unit.kind is UnitKind.LABEL and unit.label:
        return f"{unit.label}: {clean(unit.text[unit.text.index(chr(10)) :])}"
    return clean(unit.text)


def texts_of(
    document: Document,
    units: Sequence[Unit],
    passages: Sequence[Passage],
    *,
    count_tokens: TokenCounter,
    max_tokens: int,
    questions: Mapping[int, Sequence[str]] | None = None,
) -> Iterator[IndexedText]:
    """The texts to embed for a document, each at most `max_tokens` long.

    For each unit: itself, itself below its headings, each cell of a row, and the written questions
    that it answers (`questions`, by unit id). For each passage: its units below their headings. A
    longer text becomes several that overlap; all lead to the same units. Flagged units have none.
    """
    title = document.source.title
    by_id = {unit.id: unit for unit in units}

    def fitting(view: View, text: str, unit_ids: tuple[int, ...]) -> Iterator[IndexedText]:
        for part in windows(text, count_tokens=count_tokens, max_tokens=max_tokens):
            yield IndexedText(view, part, unit_ids)

    for unit in units:
        plain = plain_text(unit)
        if unit.kind in NOT_INDEXED or unit.provenance in FLAGGED or not plain:
            continue
        context = context_of(title, unit)
        yield from fitting(View.UNIT, plain, (unit.id,))
        yield from fitting(View.CONTEXT, f"{context}. {plain}", (unit.id,))
        if unit.kind is UnitKind.ROW:
            for cell in cell_texts(unit.text, unit.header_text):
                yield from fitting(View.CELL, cell, (unit.id,))
        for question in (questions or {}).get(unit.id, ()):
            yield from fitting(View.QUESTION, question, (unit.id,))
    for passage in passages:
        members = [by_id[unit_id] for unit_id in passage.unit_ids]
        body = " ".join(plain_text(unit) for unit in members)
        if body.strip():
            text = f"{context_of(title, members[0])}. {body}"
            yield from fitting(View.PASSAGE, text, passage.unit_ids)


def windows(text: str, *, count_tokens: TokenCounter, max_tokens: int) -> list[str]:
    """`text` in parts of at most `max_tokens`, cut at spaces, overlapping by about a fifth.

    A single word longer than that is cut inside; only embedded text is ever cut, never a quote.
    """
    if count_tokens(text) <= max_tokens:
        return [text]
    words = text.split(" ")
    parts: list[str] = []
    start = 0
    while start < len(words):
        low, high = start + 1, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if count_tokens(" ".join(words[start:middle])) <= max_tokens:
                low = middle
            else:
                high = middle - 1
        part = " ".join(words[start:low])
        while count_tokens(part) > max_tokens:
            part = part[: len(part) * 3 // 4]
        parts.append(part)
        if low >= len(words):
            break
        start = max(start + 1, low - (low - start) // 5)
    return parts
