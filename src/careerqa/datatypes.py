"""The values that travel through the pipeline. No I/O; imports nothing else of ours.

Offsets are Unicode code points into `Document.text`, half-open `[start, end)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets, `start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start


class UnitKind(StrEnum):
    """What a unit is in the layout of its document."""

    SENTENCE = "sentence"
    BULLET = "bullet"
    ROW = "row"
    LABEL = "label"  # a label with its value
    LINE = "line"  # a line that is no full sentence, often run together
    HEADING = "heading"
    QUESTION = "question"  # a question that stands as a heading, as in a FAQ
    REFERENCE = "reference"  # an entry of a link list


@dataclass(frozen=True, slots=True)
class Source:
    """What a document says of itself; None where it does not say."""

    title: str
    kind: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    revised: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ProvenanceMark:
    """A span of a document whose statements are of another kind than the document's."""

    span: Span
    provenance: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A span of a document that is not for its readers; what lies on it answers no question.

    `span` reaches over all that is distrusted, from `line` on. `seen` is False where a reader sees
    nothing of it. `reason` says in words what was found.
    """

    span: Span
    line: int
    provenance: str
    reason: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the corpus as it was read.

    `id` is the path relative to the corpus folder, with forward slashes. `text` is the decoded
    file, nothing changed; every offset of careerqa counts in it. `sha256` is of the file's bytes.
    """

    id: str
    text: str
    sha256: str
    source: Source
    marks: tuple[ProvenanceMark, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest statement worth quoting: a sentence, bullet, row, or label with value.

    Units are numbered from 0 in corpus order, so a smaller id stands earlier. `trail` holds the
    headings above it, outermost first; `label` a lead-in on its own line or paragraph
    (`Education:`). `header` is the span of the header row, where the unit is a table row.
    """

    id: int
    document_id: str
    span: Span
    text: str
    kind: UnitKind
    line: int
    trail: tuple[str, ...] = ()
    label: str | None = None
    header: Span | None = None
    header_text: str | None = None
    provenance: str = "document"
    block: int = 0
    """Number of the paragraph, list or table it stands in; neighbours share it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive units of one section, as large as the embedding model reads at once."""

    id: int
    document_id: str
    span: Span
    text: str
    trail: tuple[str, ...]
    unit_ids: tuple[int, ...]


class View(StrEnum):
    """Which text of a unit was embedded."""

    UNIT = "unit"  # the cleaned statement alone
    CONTEXT = "context"  # title > headings > the cleaned statement
    CELL = "cell"  # one cell of a row, with its row label and column header
    PASSAGE = "passage"  # the passage around it
    QUESTION = "question"  # a written question that it answers
    UNANSWERED = "unanswered"  # a written question that no unit answers


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A text that is embedded and leads to units.

    To one, but for a passage, which leads to all its units, and for a question that the documents
    do not answer, which leads to none.
    """

    view: View
    text: str
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit found for a question.

    `rank` counts from 1. `score` is higher for better and compares only within one stage.
    `repeats` are lower ranked units that say nearly the same.
    """

    unit: Unit
    rank: int
    score: float
    stage: str
    repeats: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text of a stored document: `text == document.text[span.start:span.end]`.

    Built only by `quoting.quote`, which checks that. `id` counts from 1 within a reply.
    """

    id: int
    text: str
    span: Span
    document_id: str
    document_sha256: str
    source: Source
    line: int
    provenance: str
    score: float
    trail: tuple[str, ...] = ()
    table_header: str | None = None
    sources: int = 1
    """How many independent sources carry the statement."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer and the ids of the quotes that carry it (at least one)."""

    text: str
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a sentence of an answer cites at least one quote")


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a disagreement, as its source writes it."""

    value: str
    quote_id: int
    basis: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A matter on which quoted sources give different figures or opposite statements."""

    topic: str
    claims: tuple[Claim, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first, and sentences whose citations number them."""

    question: str
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    confidence: float
    disagreements: tuple[Disagreement, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """The documents do not say. `nearest` holds what came closest, best first."""

    question: str
    reason: str
    nearest: tuple[Quote, ...]
    confidence: float
    warnings: tuple[str, ...] = ()
