"""A comparison in the words of both doors: `careerqa compare --json` and `POST /compare`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from careerqa.comparison.comparing import Cell, Comparison, Entry
from careerqa.reply import Disagreement, Index, Quote, disagreement_of, index_of, quote_of


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class CellEntry(_Model):
    """A quote in a cell, and what in it speaks of the title."""

    quote: int = Field(ge=1, description="id of the quote")
    text: str = Field(description="verbatim: exactly document_text[start:end], within the quote")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    title: str = Field(description="whose title it is, by the vocabulary")
    title_written: str = Field(description="the title as the source writes it")
    same_title: bool = Field(description="false where the source speaks of a title that is near")
    named_by: str = Field(description="statement, column or row of a table, heading, or document")


class ComparisonCell(_Model):
    """What the documents say of a title under an aspect."""

    role: str
    empty: bool = Field(description="true where the documents say nothing of this title here")
    entries: list[CellEntry]
    disagreements: list[Disagreement]


class ComparisonRow(_Model):
    """An aspect with a cell for each title, in the titles' order."""

    aspect: str
    heading: str
    cells: list[ComparisonCell]


class ComparisonReply(_Model):
    """Titles side by side, in quotes."""

    roles: list[str] = Field(description="titles as the vocabulary names them")
    aspects: list[ComparisonRow]
    quotes: list[Quote] = Field(description="numbered in the order in which cells cite them")
    index: Index
    timings_ms: dict[str, float]
    warnings: list[str]


def comparison_reply(comparison: Comparison) -> ComparisonReply:
    """A comparison as the public reply."""
    quotes = {quote.id: quote_of(quote) for quote in comparison.quotes}
    return ComparisonReply(
        roles=list(comparison.roles),
        aspects=[
            ComparisonRow(
                aspect=row.aspect,
                heading=row.heading,
                cells=[_cell(cell, quotes) for cell in row.cells],
            )
            for row in comparison.rows
        ],
        quotes=list(quotes.values()),
        index=index_of(comparison.manifest),
        timings_ms={"total": comparison.milliseconds},
        warnings=list(comparison.warnings),
    )


def _cell(cell: Cell, quotes: dict[int, Quote]) -> ComparisonCell:
    return ComparisonCell(
        role=cell.role,
        empty=not cell.entries,
        entries=[_entry(entry, cell.role, quotes[entry.quote_id]) for entry in cell.entries],
        disagreements=[disagreement_of(one) for one in cell.disagreements],
    )


def _entry(entry: Entry, role: str, quote: Quote) -> CellEntry:
    start, end = entry.part.start, entry.part.end
    return CellEntry(
        quote=entry.quote_id,
        text=quote.text[start - quote.start : end - quote.start],
        start=start,
        end=end,
        title=entry.title,
        title_written=entry.written,
        same_title=entry.title == role,
        named_by=entry.by,
    )
