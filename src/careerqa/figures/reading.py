"""Documents → figures: every amount with its basis and its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from careerqa.datatypes import Document, Span, Unit, UnitKind
from careerqa.documents.cleaning import clean
from careerqa.documents.provenance import FLAGGED, NOT_ABOUT_THE_WORLD
from careerqa.documents.tables import cell_spans, cells
from careerqa.figures.amounts import amounts_in, may_hold_amounts
from careerqa.figures.basis import Basis, basis_of
from careerqa.figures.bounds import Amount
from careerqa.figures.place import Place
from careerqa.roles import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from careerqa.indexing.generation import Generation


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount with its basis. Always `document.text[span.start:span.end] == text`.

    `low` equals `high` for a single value; one of them is None for an open end. `unit` is "money",
    "percent", "count", "rank", "ratio", "times" or a unit of time. `role` is the vocabulary's name,
    `role_written` how the source writes it. `year` is a year, a horizon or a range of years. What
    the source does not say is None.
    """

    text: str
    span: Span
    document_id: str
    unit_id: int
    line: int
    low: float | None
    high: float | None
    unit: str
    currency: str | None = None
    qualifier: str | None = None
    period: str | None = None
    role: str | None = None
    role_written: str | None = None
    level: str | None = None
    measure: str | None = None
    region: str | None = None
    year: str | None = None
    origin: str | None = None
    about: str | None = None
    provenance: str = "document"

    @property
    def about_the_world(self) -> bool:
        """False for figures of sample texts, testimonials, advertisements and the like."""
        return self.provenance not in NOT_ABOUT_THE_WORLD


_BLANKED = re.compile(
    r"https?://[^\s<>)]+"
    r"|</?[a-zA-Z][^<>]{0,200}>"
    r"|!?\[(?:\d{1,3}|(?:[\w-]+\.)+[a-z]{2,6}|)\]\([^)\s]{0,300}\)\)?"  # a citation as a link
    r"|\^?\[\d{1,3}\]|\[\^[^\]]{1,20}\]"
    r"|[⁽₍]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+[⁾₎]?"
    r"|(?<![\w@/.-])(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|co|io|ai|work|team|blog|fyi|edu|gov)\b"
    r"|\]\([^)\s]{0,300}\)"
    r"|[*`^{}\\]|__|~~"
    r"|&(?:nbsp|#160);"
    r"|^\s*\d{1,3}[.)](?=\s)"  # the number of a list entry
)
_HEADINGS = (UnitKind.HEADING, UnitKind.QUESTION)


def masked(text: str) -> str:
    """`text` with citations, link targets and emphasis as spaces, every character in its place."""
    return _BLANKED.sub(lambda match: " " * len(match.group()), text)


def figures_of(
    document: Document, units: Iterable[Unit], vocabulary: Vocabulary | None = None
) -> list[Figure]:
    """Every figure of a document in order, those of every provenance included."""
    vocabulary = vocabulary or load_vocabulary()
    titles = vocabulary.roles_in(document.source.title)
    names = tuple(dict.fromkeys(mention.name for mention in titles))
    about_one = document.source.kind == "job description" and len(names) == 1
    figures: list[Figure] = []
    previous: Unit | None = None
    for unit in units:
        if unit.provenance in FLAGGED:
            continue
        before = previous.text if previous and previous.block == unit.block else ""
        previous = unit
        if unit.kind is UnitKind.REFERENCE or not may_hold_amounts(unit.text):
            continue
        label = unit.label or ""
        for place, offset in _places(unit, masked(before)):
            amounts = amounts_in(place.text, cell=bool(place.column))
            if unit.kind in _HEADINGS:
                amounts = [a for a in amounts if a.unit in ("money", "percent")]
            if not amounts:
                continue
            placed = Place(
                place.text,
                place.raw,
                before=place.before,
                label=label,
                heading=unit.trail[-1] if unit.trail else "",
                row=place.row,
                column=place.column,
                subject=names[0]
                if about_one and unit.provenance not in NOT_ABOUT_THE_WORLD
                else "",
                compared=names if len(names) == 2 else (),
            )
            figures += [
                _figure(
                    document, unit, amount, basis_of(amount, placed, vocabulary, amounts), offset
                )
                for amount in amounts
            ]
    return figures


def _places(unit: Unit, before: str) -> Iterator[tuple[Place, int]]:
    """The unit, or each cell of a row, with its offset in the unit."""
    if unit.kind is not UnitKind.ROW or unit.header_text is None:
        yield Place(masked(unit.text), unit.text, before=before), 0
        return
    columns = [clean(cell) for cell in cells(unit.header_text)]
    spans = cell_spans(unit.text)
    row = clean(spans[0].of(unit.text)) if spans else ""
    for number, span in enumerate(spans):
        raw = span.of(unit.text)
        column = columns[number] if number < len(columns) else ""
        if number == 0 and len(spans) > 1:
            continue  # a label names what the row is about ("75th Percentile", "Top 10 skills")
        yield Place(masked(raw), raw, row=row, column=column or "-"), span.start


def _figure(document: Document, unit: Unit, amount: Amount, basis: Basis, offset: int) -> Figure:
    """The figure of an amount that stands `offset` characters into its unit."""
    start = unit.span.start + offset + amount.span.start
    end = unit.span.start + offset + amount.span.end
    if start and document.text[start - 1] == "\\":
        start -= 1  # the escape of a dollar sign belongs to it
    return Figure(
        text=document.text[start:end],
        span=Span(start, end),
        document_id=document.id,
        unit_id=unit.id,
        line=unit.line + document.text.count("\n", unit.span.start, start),
        low=amount.low,
        high=amount.high,
        unit=amount.unit,
        currency=amount.currency,
        qualifier=amount.qualifier,
        period=basis.period,
        role=basis.role,
        role_written=basis.role_written,
        level=basis.level,
        measure=basis.measure,
        region=basis.region,
        year=basis.year,
        origin=basis.origin,
        about=basis.about,
        provenance=unit.provenance,
    )


_KEPT: WeakKeyDictionary[Generation, tuple[Figure, ...]] = WeakKeyDictionary()


def figures_of_generation(generation: Generation) -> tuple[Figure, ...]:
    """Every figure of an opened generation, found when first asked for and kept with it."""
    kept = _KEPT.get(generation)
    if kept is None:
        units: dict[str, list[Unit]] = {name: [] for name in generation.documents}
        for unit in generation.units:
            units[unit.document_id].append(unit)
        kept = tuple(
            figure
            for name, document in generation.documents.items()
            for figure in figures_of(document, units[name])
        )
        _KEPT[generation] = kept
    return kept
