"""Tables and lists that were run onto one line."""

from __future__ import annotations

import re

from careerqa.datatypes import Span
from careerqa.documents.blocks import LEAD, Block, BlockKind
from careerqa.documents.cleaning import split_joints
from careerqa.documents.lines import Line

_WORD = re.compile(r"[^\W_]")


def pipe_rows(line: Line, columns: int) -> list[Span]:
    """The rows that stand on one line, each as a span; usually one."""
    cells = line.text.strip("|").split("|")
    if len(cells) <= columns:
        return [Span(line.start, line.end)]
    pattern = re.compile(rf"\|(?:[^|\n]*\|){{{columns}}}")
    if _WORD.search(pattern.sub("", line.text)):  # rows of other lengths: no telling where one ends
        return [Span(line.start, line.end)]
    return [Span(line.start + m.start(), line.start + m.end()) for m in pattern.finditer(line.text)]


def table_on_one_line(line: Line, group: int) -> list[Block]:
    """A pipe table that was run onto one line: header, delimiter and rows."""
    delimiter = re.search(r"\|\s*(?::?-{3,}:?\s*\|\s*){2,}", line.text)
    if not delimiter or not line.text[: delimiter.start()].strip():
        return []
    columns = len(re.findall(r":?-{3,}:?", delimiter.group()))
    head = line.text[: delimiter.start() + 1]
    first = head.find("|")
    if head.count("|") < 2:
        return []
    header_text = line.text[first : delimiter.start()].rstrip()
    blocks = []
    if line.text[:first].strip():
        label = line.text[:first].rstrip()
        blocks.append(Block(BlockKind.HEADING, Span(line.start, line.start + len(label)), LEAD))
    header_span = Span(line.start + first, line.start + first + len(header_text))
    body = line.text[delimiter.end() :]
    offset = line.start + delimiter.end()
    row = re.compile(rf"\|(?:[^|\n]*\|){{{columns}}}")
    for match in row.finditer(body):
        span = Span(offset + match.start(), offset + match.end())
        blocks.append(Block(BlockKind.ROW, span, header=header_span, group=group))
    whole = not _WORD.search(row.sub("", body))
    return blocks if whole and len(blocks) > bool(line.text[:first].strip()) else []


def list_on_one_line(line: Line) -> list[Block]:
    """A list run together on one line (`RagAwsRustPython`), apart from a heading at its end."""
    parts = split_joints(line.text)
    heading = len(parts[-1].split()) >= 3 and all(len(part.split()) <= 3 for part in parts[:-1])
    end = line.end - len(parts[-1]) if heading else line.end
    blocks = [Block(BlockKind.LINE, Span(line.start, end))]
    if heading:
        blocks.append(Block(BlockKind.HEADING, Span(end, line.end), 1))
    return blocks
