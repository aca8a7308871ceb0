"""Figures to read: rows for JSON and CSV, and a listing for the terminal."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, TextIO

from pydantic import BaseModel, ConfigDict, Field

from careerqa.answering.attribution import class_in_words, source_in_words
from careerqa.datatypes import Document, Unit
from careerqa.figures.measure import ABOUT
from careerqa.figures.reading import Figure
from careerqa.roles import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


class FigureRow(BaseModel):
    """A figure with its basis, its quote and its place. What the source does not say is null."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="verbatim: exactly document_text[start:end]")
    low: float | None = Field(description="lowest value; null for an open end")
    high: float | None = Field(description="highest value; null for an open end")
    unit: str = Field(description="money, percent, count, rank, ratio, times or a unit of time")
    currency: str | None
    qualifier: str | None = Field(description='what stands beside it: "~", "up to", "+"')
    period: str | None
    role: str | None = Field(description="title as the vocabulary names it")
    role_written: str | None = Field(description="title as the source writes it")
    level: str | None
    measure: str | None
    region: str | None
    year: str | None = Field(description="year, horizon or range of years")
    origin: str | None = Field(description="who the source says it comes from")
    about: str | None
    provenance: str = Field(description="what kind of statement it is")
    quote: str = Field(description="verbatim sentence, bullet or table row that holds it")
    table_header: str | None = Field(description="verbatim header row of a table row")
    document: str = Field(description="path relative to the corpus folder")
    title: str
    publisher: str | None
    start: int = Field(ge=0, description="offset in Unicode code points")
    end: int = Field(ge=0)
    line: int = Field(ge=1)

    @property
    def source(self) -> str:
        """The source in words, and whom it cites: `IntuitionLabs, citing ravio`."""
        return source_in_words(self.publisher or self.title, self.origin)

    @property
    def measured(self) -> str | None:
        """The measure as a person reads it: a percentile with its number, where the quote tells."""
        if self.measure == "percentile":
            named = {match.group().casefold() for match in _PERCENTILE.finditer(self.quote)}
            if len(named) == 1:
                return named.pop()
        return self.measure

    @property
    def value(self) -> str:
        """The figure as a person reads it, with what stands beside it."""
        plain = " ".join(self.text.replace("\\", "").replace("*", "").split())
        after = _AFTER.search(self.qualifier or "")
        before = (self.qualifier or "").removesuffix(after.group() if after else "")
        if before:
            plain = f"{before}{'' if before in _TIGHT else ' '}{plain}"
        if after and after.group("words") not in plain:
            plain += (
                after.group().strip()
                if after.group("words") == "+"
                else f" {after.group().strip()}"
            )
        return plain


_AFTER = re.compile(r"(?:^|\s)(?P<words>\+|(?:or|and) \w+)$")
_PERCENTILE = re.compile(r"\b\d{1,2}(?:st|nd|rd|th) percentile\b", re.IGNORECASE)
_TIGHT = frozenset("~≈<>≤≥")


def rows_of(
    figures: Iterable[Figure], documents: Mapping[str, Document], units: Sequence[Unit]
) -> list[FigureRow]:
    """Figures as rows, in the order given.

    Args:
        figures: Figures of these documents.
        documents: By id.
        units: Numbered from 0, so that `units[figure.unit_id]` holds the figure.
    """
    rows = []
    for figure in figures:
        source, unit = documents[figure.document_id].source, units[figure.unit_id]
        fields = {name: getattr(figure, name) for name in _SHARED}
        rows.append(
            FigureRow(
                **fields,
                quote=unit.text,
                table_header=unit.header_text,
                document=figure.document_id,
                title=source.title,
                publisher=source.publisher,
                start=figure.span.start,
                end=figure.span.end,
            )
        )
    return rows


_SHARED = (
    "text", "low", "high", "unit", "currency", "qualifier", "period", "role", "role_written",
    "level", "measure", "region", "year", "origin", "about", "provenance", "line",
)  # fmt: skip


def chosen(
    figures: Iterable[Figure],
    *,
    about: str | None = None,
    role: str | None = None,
    level: str | None = None,
    every_provenance: bool = False,
) -> list[Figure]:
    """The figures that fit, sorted by matter, role and level, then by place.

    Figures of sample texts, testimonials, advertisements and the like are left out unless
    `every_provenance`. A title that is only near `role` does not fit.
    """
    vocabulary = load_vocabulary()
    fitting = [
        figure
        for figure in figures
        if (every_provenance or figure.about_the_world)
        and (about is None or figure.about == about)
        and (role is None or figure.role == role)
        and (level is None or figure.level == level)
    ]
    return sorted(fitting, key=lambda figure: _order(figure, vocabulary))


def _order(figure: Figure, vocabulary: Vocabulary) -> tuple[int, int, int, str, int]:
    titles = [title.name for title in vocabulary.titles]
    levels = [level.name for level in vocabulary.levels]
    return (
        ABOUT.index(figure.about) if figure.about in ABOUT else len(ABOUT),
        titles.index(figure.role) if figure.role in titles else len(titles),
        levels.index(figure.level) if figure.level in levels else -1,
        figure.document_id,
        figure.span.start,
    )


def write_csv(rows: Sequence[FigureRow], out: TextIO) -> None:
    """The rows as CSV with a header (RFC 4180)."""
    writer = csv.DictWriter(out, fieldnames=list(FigureRow.model_fields))
    writer.writeheader()
    writer.writerows(row.model_dump() for row in rows)


def show(rows: Sequence[FigureRow], out: Console) -> None:
    """Print the rows, those of one matter together: value, basis, and where it stands."""
    from rich.text import Text

    from careerqa.terminal.output import put, shown

    widths = _widths(rows, out.width)
    matter = None
    for number, row in enumerate(rows):
        if number == 0 or row.about != matter:
            if number:
                out.print()
            out.print(Text((row.about or "other").capitalize(), style="bold"))
            matter = row.about
        columns = [Text(shown(text)) for text in (row.value, _who(row), _basis(row))]
        _put_columns(columns, widths, out)
        kind = class_in_words(row.provenance, row.quote)
        source = f"{row.source} ({kind})" if row.publisher or row.origin else kind
        where = Text(shown(f"{row.document}:{row.line} — {source}"), style="dim")
        put(out, where, indent=" " * 6, first=" " * 4)


def _widths(rows: Sequence[FigureRow], whole: int) -> tuple[int, int, int]:
    """Columns as wide as their longest text where the line has room, the last takes the rest."""
    from rich.cells import cell_len

    from careerqa.terminal.output import shown

    value = min(whole // 4, max((cell_len(shown(row.value)) for row in rows), default=1))
    who = min(whole * 3 // 8, max((cell_len(shown(_who(row))) for row in rows), default=1))
    return value, who, max(1, whole - value - who - 3 * len(_GAP))


def _put_columns(texts: Sequence[Text], widths: Sequence[int], out: Console) -> None:
    """Print texts side by side, each wrapped within its column."""
    from rich.text import Text

    wrapped = [text.wrap(out, width) for text, width in zip(texts, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=Text()):
        line = Text()
        for part, width in zip(parts, widths, strict=True):
            part.rstrip()
            line.append(_GAP).append_text(part)
            line.append(" " * (width - part.cell_len))
        line.rstrip()
        out.print(line, soft_wrap=True)


_GAP = "  "


def _who(row: FigureRow) -> str:
    """The title, as the source writes it where that differs, and the level."""
    role = row.role or "(no title named)"
    if row.role_written and row.role and row.role_written.casefold() != row.role.casefold():
        role = row.role_written
    return f"{role}, {row.level}" if row.level else role


def _basis(row: FigureRow) -> str:
    measure = row.measured or (row.unit if row.unit not in ("money", "percent") else None)
    parts = [
        measure or "measure not stated",
        row.region,
        f"per {row.period}" if row.period else None,
        row.year,
    ]
    return ", ".join(part for part in parts if part)
