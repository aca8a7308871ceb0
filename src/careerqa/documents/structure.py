"""A document's layout: text → blocks.

Plain text carries no markup for headings, so they are read from the layout: short lines without a
full stop, followed by text. Markdown marks, pipe tables, tab-separated tables and lists are read as
such. Every block keeps its span; nothing is moved or rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from careerqa.datatypes import Span
from careerqa.documents.blocks import LEAD, Block, BlockKind
from careerqa.documents.cleaning import joints
from careerqa.documents.lines import Line, asks, is_short, is_title, lines_of, sentence_ends
from careerqa.documents.one_line import list_on_one_line, pipe_rows, table_on_one_line

_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+\S")
_PLACEHOLDER = re.compile(r"\[[^\[\]]{1,60}\]")
_BULLET = re.compile(r"(?:[-*•·◦▪‣]|\d{1,2}[.)])\s+\S")
_DELIMITER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?")
_REFERENCE = re.compile(r"(?:[-*•]\s+)?(?:\^?\[\d{1,3}\]|\d{1,3}\.)?\s*<?https?://\S+$")
_RULE = re.compile(r"[-*_=\s•|]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*]*$")
_OPEN_END = re.compile(r"[\w,–—\-/&][*_]*$")
_CONTINUES = re.compile(r"[*_]*[a-z]")
LABEL_VALUE_CHARACTERS = 600
LIST_OF_LINES = 3
"""After this many short lines in a row, another one is an entry like them unless it is a title."""

WRAPPED_CHARACTERS = 45
"""Least usual length of the lines of a text whose paragraphs are broken into lines."""

JOINED_CHARACTERS = 60
"""A line that ends in mid-sentence goes on in the next one from this length on; shorter lines
without a full stop are labels and list entries rather than broken sentences."""


class _Parser:
    """Walks the lines once, from top to bottom."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = lines_of(text)
        blanks = text.count("\n") - len(self.lines)
        self.spaced = blanks > 0.15 * max(1, text.count("\n"))
        self.wrapped = self._is_wrapped()
        self.group = 0
        self.parent_at = -1
        self.short_run = 0
        """How many short lines stand right above the line that is being read."""

    def _is_wrapped(self) -> bool:
        """Whether paragraphs are broken into lines of about equal length."""
        inner = [
            len(line.text)
            for line in self.lines
            if not line.blank_after and not _BULLET.match(line.text) and "|" not in line.text
        ]
        if len(inner) < 4:
            return False
        inner.sort()
        return inner[len(inner) // 2] >= WRAPPED_CHARACTERS and inner[int(len(inner) * 0.95)] <= 130

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self.lines):
            for reader in (self._table, self._tabbed, self._listed, self._plain):
                blocks, used = reader(at)
                if used:
                    yield from blocks
                    at += used
                    lines = all(block.kind is BlockKind.LINE for block in blocks)
                    self.short_run = self.short_run + used if lines else 0
                    break

    def _table(self, at: int) -> tuple[list[Block], int]:
        line = self.lines[at]
        if "|" not in line.text:
            return [], 0
        self.group += 1
        on_one_line = table_on_one_line(line, self.group)
        if on_one_line:
            return on_one_line, 1
        if at + 1 == len(self.lines) or not _DELIMITER.fullmatch(self.lines[at + 1].text):
            return [], 0
        columns = len(re.findall(r":?-{2,}:?", self.lines[at + 1].text))
        blocks: list[Block] = []
        header = Span(line.start, line.end)
        lead = line.text.find("|")
        if lead > 0 and line.text.count("|") > columns:
            label = line.text[:lead].rstrip()
            blocks.append(Block(BlockKind.HEADING, Span(line.start, line.start + len(label)), LEAD))
            header = Span(line.start + lead, line.end)
        used = 2
        while at + used < len(self.lines) and "|" in self.lines[at + used].text:
            blocks.extend(
                Block(BlockKind.ROW, row, header=header, group=self.group)
                for row in pipe_rows(self.lines[at + used], columns)
            )
            used += 1
        has_rows = any(block.kind is BlockKind.ROW for block in blocks)
        return (blocks, used) if has_rows else ([], 0)

    def _tabbed(self, at: int) -> tuple[list[Block], int]:
        tabs = self.lines[at].text.count("\t")
        used = 1
        while (
            tabs
            and at + used < len(self.lines)
            and self.lines[at + used].text.count("\t") == tabs
            and not self.lines[at + used].blank_before
        ):
            used += 1
        if not tabs or used < 2:
            return [], 0
        self.group += 1
        rows = [Span(line.start, line.end) for line in self.lines[at : at + used]]
        return [
            Block(BlockKind.ROW, row, header=rows[0], group=self.group) for row in rows[1:]
        ], used

    def _listed(self, at: int) -> tuple[list[Block], int]:
        self.group += 1
        blocks: list[Block] = []
        used = 0
        while at + used < len(self.lines):
            line = self.lines[at + used]
            if _REFERENCE.match(line.text):
                blocks.append(Block(BlockKind.REFERENCE, Span(line.start, line.end)))
            elif _BULLET.match(line.text):
                mark = re.match(r"\S+\s+", line.text)
                start = line.start + (mark.end() if mark else 0)
                blocks.append(Block(BlockKind.BULLET, Span(start, line.end), group=self.group))
            elif blocks and self._goes_on(blocks[-1], line):
                blocks[-1] = replace(blocks[-1], span=Span(blocks[-1].span.start, line.end))
            else:
                break
            used += 1
        return blocks, used

    def _goes_on(self, block: Block, line: Line) -> bool:
        """Whether `line` continues a sentence that `block` broke off."""
        last = block.span.of(self.text)
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.LINE):
            return False
        indented = line.start > 0 and self.text[line.start - 1] in " \t"
        if not line.blank_before and (
            (block.kind is BlockKind.PARAGRAPH and self.wrapped)
            or (block.kind is BlockKind.BULLET and indented)
        ):
            return True
        return (
            len(last) >= JOINED_CHARACTERS
            and bool(_OPEN_END.search(last))
            and bool(_CONTINUES.match(line.text))
        )

    def _plain(self, at: int) -> tuple[list[Block], int]:
        line = self.lines[at]
        span = Span(line.start, line.end)
        if _RULE.fullmatch(line.text):
            return [], 1
        markdown = _MARKDOWN_HEADING.match(line.text)
        if markdown:
            return [Block(BlockKind.HEADING, span, len(markdown.group(1)))], 1
        following = self.lines[at + 1] if at + 1 < len(self.lines) else None
        if following and self._setext(line, following):
            return [Block(BlockKind.HEADING, span, 1 if following.text[0] == "=" else 2)], 2
        paragraph = Block(BlockKind.PARAGRAPH, span)
        broken = (
            following is not None
            and not following.blank_before
            and len(line.text) >= WRAPPED_CHARACTERS
            and not is_title(line.text)
            and self._goes_on(paragraph, following)
        )
        if following and not broken and not (self.wrapped and not line.blank_before):
            if asks(line.text) and self._is_body(following):
                return [Block(BlockKind.QUESTION, span, LEAD)], 1
            if is_short(line.text) or (line.text.endswith(":") and is_short(line.text[:-1])):
                return self._short_line(at, line, following)
        elif not broken and is_short(line.text) and line.blank_before:
            return [Block(BlockKind.LINE, span)], 1
        if joints(line.text) >= 3 and " " not in line.text[: len(line.text) // 3]:
            return list_on_one_line(line), 1
        used = 1
        while at + used < len(self.lines):
            nearby = self.lines[at + used]
            special = _BULLET.match(nearby.text) or _MARKDOWN_HEADING.match(nearby.text)
            if special or "\t" in nearby.text or not self._goes_on(paragraph, nearby):
                break
            paragraph = replace(paragraph, span=Span(line.start, nearby.end))
            used += 1
        return [paragraph], used

    def _setext(self, line: Line, following: Line) -> bool:
        """Whether a short line is a Markdown heading by the rule below it."""
        return (
            is_short(line.text)
            and not line.blank_after
            and bool(re.fullmatch(r"=+|-{3,}", following.text))
        )

    def _short_line(self, at: int, line: Line, following: Line) -> tuple[list[Block], int]:
        span = Span(line.start, line.end)
        if _PLACEHOLDER.fullmatch(line.text):
            return [Block(BlockKind.LINE, span)], 1
        label_above_value = (
            self.spaced
            and not line.blank_after
            and not _BULLET.match(following.text)
            and not line.text.endswith(":")
            and len(following.text) <= LABEL_VALUE_CHARACTERS
            and sentence_ends(following.text) <= 1
            and not re.search(r"[|\t]", following.text)
            and not _RULE.fullmatch(following.text)
            and not _MARKDOWN_HEADING.match(following.text)
        )
        if label_above_value:
            whole = Span(line.start, following.end)
            return [Block(BlockKind.LABEL, whole, label=span)], 2
        in_run = self.short_run >= LIST_OF_LINES and not is_title(line.text)
        if line.text.endswith(":"):
            return [Block(BlockKind.HEADING, span, LEAD)], 1
        if self._is_body(following) and not in_run:
            level = 2 if at and self.parent_at == at - 1 else 1
            return [Block(BlockKind.HEADING, span, level)], 1
        if self._leads_to_heading(at):
            self.parent_at = at
            return [Block(BlockKind.HEADING, span, 1)], 1
        return [Block(BlockKind.LINE, span)], 1

    def _is_body(self, line: Line) -> bool:
        return bool(
            not is_short(line.text)
            or _BULLET.match(line.text)
            or "\t" in line.text
            or line.text.startswith("|")
        )

    def _leads_to_heading(self, at: int) -> bool:
        """Whether a short line is a heading right above another heading."""
        if not self.spaced or not self.lines[at].blank_after:
            return False
        if at and is_short(self.lines[at - 1].text):
            return False
        rest = self.lines[at + 1 : at + 3]
        return len(rest) == 2 and rest[0].blank_after and self._is_body(rest[1])


def parse(text: str) -> Sequence[Block]:
    """The blocks of a document, in order, not overlapping.

    A broken sentence that goes on after a page break is one paragraph again, so a block may span
    blank lines. Lines of rules and lone list marks belong to no block.
    """
    return list(_Parser(text).blocks())
