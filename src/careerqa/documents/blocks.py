"""What a document is divided into: blocks, each with its span."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from careerqa.datatypes import Span

LEAD: Final = 9
"""Level of headings that hold for what stands right below them only."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    QUESTION = "question"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    LABEL = "label"  # a label line directly above its value
    LINE = "line"  # a short line that is neither heading nor sentence
    ROW = "row"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document, without the whitespace around it.

    `level` is a heading's depth from 1; lead-ins, questions and table captions are at `LEAD`.
    `header` is the span of a row's header row, `label` that of a label above its value. `group` is
    shared by the bullets of one list and the rows of one table.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    header: Span | None = None
    label: Span | None = None
    group: int = 0
