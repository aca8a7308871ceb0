"""Document → units and passages.

A unit is the smallest statement worth quoting: a sentence, a bullet of one sentence, a table row, a
label with its value. None is ever cut. A passage is a run of units of one section, as large as the
embedding model reads at once, heading context included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from careerqa.datatypes import Document, Passage, Span, Unit, UnitKind
from careerqa.documents.blanking import seen_text
from careerqa.documents.blocks import LEAD, Block, BlockKind
from careerqa.documents.cleaning import clean, joints
from careerqa.documents.lines import is_title
from careerqa.documents.provenance import FLAGGED, provenance_of
from careerqa.documents.segmentation import sentence_spans
from careerqa.documents.structure import parse
from careerqa.documents.tables import row_text

CHUNKER_VERSION = "4"
"""Changes whenever the same document would be split or cleaned differently."""

TokenCounter = Callable[[str], int]

_LEAD_IN = re.compile(r"(?:\*\*)?([A-Z][^.:!?\n|]{1,70}?)(?:\*\*)?:(?:\*\*)?\s+(?=\S)")


class _Trail:
    """The headings above the block that is being read."""

    def __init__(self, title: str) -> None:
        self.title = title.casefold()
        self.headings: list[tuple[int, str]] = []
        self.listed = False

    def enter(self, block: Block, text: str) -> None:
        self.headings = [item for item in self.headings if item[0] < block.level]
        words = clean(text).rstrip(":")
        if words.casefold() != self.title:
            self.headings.append((block.level, words))
        self.listed = False

    def pass_by(self, block: Block) -> None:
        """A lead-in holds for the list below it, not for the paragraph after that list."""
        if block.kind is BlockKind.PARAGRAPH:
            if self.listed:
                self.headings = [
                    item for item in self.headings if item[0] != LEAD or item[1].endswith("?")
                ]
            self.listed = False
        else:
            self.listed = True

    def now(self) -> tuple[str, ...]:
        return tuple(words for _, words in self.headings)


def _plain_kind(block: Block, text: str) -> UnitKind:
    if block.kind is BlockKind.LINE and joints(text) < 3:
        entry = len(text.split()) <= 3 or is_title(text)
        return UnitKind.HEADING if entry else UnitKind.LINE
    return {
        BlockKind.HEADING: UnitKind.HEADING,
        BlockKind.QUESTION: UnitKind.QUESTION,
        BlockKind.LABEL: UnitKind.LABEL,
        BlockKind.LINE: UnitKind.LINE,
        BlockKind.ROW: UnitKind.ROW,
        BlockKind.REFERENCE: UnitKind.REFERENCE,
    }[block.kind]


def _block_units(block: Block, text: str) -> Iterator[tuple[Span, UnitKind, str | None]]:
    """Span, kind and lead-in of each unit of a block."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
        label = clean(block.label.of(text)) if block.label else None
        yield block.span, _plain_kind(block, block.span.of(text)), label
        return
    lead_in = _LEAD_IN.match(block.span.of(text))
    label = clean(lead_in.group(1)) if lead_in else None
    spans = sentence_spans(text, block.span)
    single = block.kind is BlockKind.BULLET and len(spans) == 1
    for number, span in enumerate(spans):
        yield span, UnitKind.BULLET if single else UnitKind.SENTENCE, label if number else None


def units_of(document: Document, *, first_id: int = 0) -> list[Unit]:
    """The units of a document in order, numbered from `first_id`, none overlapping another.

    Read as a reader sees the document; what is hidden within a unit is in its text all the same,
    and what stands hidden by itself is a unit of its own.
    """
    text = seen_text(document)
    trail = _Trail(document.source.title)
    units: list[Unit] = []
    line, counted = 1, 0
    blocks = parse(text)
    for number, block in enumerate(blocks):
        heading = block.kind in (BlockKind.HEADING, BlockKind.QUESTION)
        if heading and provenance_of(document, block.span) in FLAGGED:
            heading = False
        elif heading:
            trail.enter(block, block.span.of(text))
        else:
            trail.pass_by(block)
        above = trail.now()[:-1] if heading else trail.now()
        for span, kind, label in _block_units(block, text):
            line += text.count("\n", counted, span.start)
            counted = span.start
            units.append(
                Unit(
                    id=first_id + len(units),
                    document_id=document.id,
                    span=span,
                    text=span.of(document.text),
                    kind=kind,
                    line=line,
                    trail=above,
                    label=label,
                    header=block.header,
                    header_text=block.header.of(document.text) if block.header else None,
                    provenance=_provenance(document, span, block.header),
                    block=number,
                )
            )
    hidden = _hidden_units(document, units, first_block=len(blocks))
    if not hidden:
        return units
    every = sorted([*units, *hidden], key=lambda unit: unit.span)
    return [replace(unit, id=first_id + number) for number, unit in enumerate(every)]


def _provenance(document: Document, span: Span, header: Span | None) -> str:
    """The class of a statement; a row is flagged with its header."""
    above = provenance_of(document, header) if header else ""
    return above if above in FLAGGED else provenance_of(document, span)


def _hidden_units(document: Document, seen: Sequence[Unit], *, first_block: int) -> list[Unit]:
    """What stands hidden outside every other unit."""
    found: list[Unit] = []
    taken = [unit.span for unit in seen]
    for flag in document.flags:
        if flag.seen or any(s.start < flag.span.end and flag.span.start < s.end for s in taken):
            continue
        taken.append(flag.span)
        found.append(
            Unit(
                id=0,
                document_id=document.id,
                span=flag.span,
                text=flag.span.of(document.text),
                kind=UnitKind.SENTENCE,
                line=flag.line,
                provenance=flag.provenance,
                block=first_block + len(found),
            )
        )
    return found


def context_of(title: str, unit: Unit) -> str:
    """The heading context of a unit as one line: `title > heading > lead-in`, cleaned."""
    label = unit.label if unit.kind is not UnitKind.LABEL else None
    parts = [clean(title), *unit.trail, *([label] if label else [])]
    return " > ".join(part for part in parts if part)


def passages_of(
    document: Document,
    units: Sequence[Unit],
    *,
    count_tokens: TokenCounter,
    max_tokens: int,
    first_id: int = 0,
) -> list[Passage]:
    """Runs of units of one section, each at most `max_tokens` with its heading context.

    A unit that is larger than that by itself is a passage of its own and is not cut. Link lists
    are left out; what is flagged is too, and ends a passage.
    """
    passages: list[Passage] = []
    for section in _sections(units):
        run: list[Unit] = []
        size = 0
        for unit in section:
            row = unit.kind is UnitKind.ROW
            plain = row_text(unit.text, unit.header_text) if row else clean(unit.text)
            tokens = count_tokens(plain) + 1
            if run and size + tokens > max_tokens:
                passages.append(_passage(document, run, first_id + len(passages)))
                run = []
            if not run:
                size = count_tokens(context_of(document.source.title, unit) + ". ")
            run.append(unit)
            size += tokens
        if run:
            passages.append(_passage(document, run, first_id + len(passages)))
    return passages


def _sections(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    section: list[Unit] = []
    for unit in units:
        if unit.provenance in FLAGGED:
            if section:
                yield section
            section = []
            continue
        if unit.kind in (UnitKind.REFERENCE, UnitKind.HEADING, UnitKind.QUESTION):
            continue
        if section and (section[-1].trail, section[-1].provenance) != (unit.trail, unit.provenance):
            yield section
            section = []
        section.append(unit)
    if section:
        yield section


def _passage(document: Document, run: Sequence[Unit], identifier: int) -> Passage:
    span = Span(run[0].span.start, run[-1].span.end)
    return Passage(
        id=identifier,
        document_id=document.id,
        span=span,
        text=span.of(document.text),
        trail=run[0].trail,
        unit_ids=tuple(unit.id for unit in run),
    )
