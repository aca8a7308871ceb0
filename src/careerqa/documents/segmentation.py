"""A span of text → its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from careerqa.datatypes import Span
from careerqa.documents.cleaning import clean

LONGEST = 500
"""Characters beyond which a sentence is doubted: its marks may never close, or close far away."""

_CLOSED_SENTENCE = re.compile(r"[.!?]\)+\s+(?=[A-Z“\"])")
_ITEM_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_WORD = re.compile(r"\w")
_LINE_BREAKS = str.maketrans("\r\n", "  ")
_MARKS = "()[]{}\"'“”‘’«»"
_NO_MARKS = str.maketrans(_MARKS, " " * len(_MARKS))
_ESCAPED_PARAGRAPH = re.compile(r"(?:\\r)?\\n(?:\\r)?\\n")
_ESCAPED_BREAK = re.compile(r"\\[rn]")
_ESCAPES = (r"\n", r"\r")


def sentence_spans(text: str, span: Span) -> list[Span]:
    """The sentences of `text` within `span`, without the whitespace around them.

    Boundaries come from sentencex (Wikimedia; rules for abbreviations, quotations and brackets),
    corrected in six ways: none where no whitespace stands (`A.Team`), none for a line break alone
    (a span over a page break is one paragraph), one after a full stop that a bracket closes, a
    piece without a letter or digit stays with the sentence before it, the number of a list's item
    with the one after it, and one longer than `LONGEST` is read again without its quotation marks
    and brackets, which hide every boundary in between.
    """
    spans: list[Span] = []
    for start, end in _pieces(text, span):
        piece = text[start:end]
        stripped = piece.strip()
        if not stripped:
            continue
        first = start + piece.index(stripped)
        found = Span(first, first + len(stripped))
        number = spans and _ITEM_NUMBER.fullmatch(spans[-1].of(text))
        if number or (spans and not _WORD.search(clean(stripped))):
            spans[-1] = Span(spans[-1].start, found.end)
        else:
            spans.append(found)
    return spans


def _pieces(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, whitespace included."""
    running = span.of(text).translate(_LINE_BREAKS)
    for start, end in _bounds(running):
        if end - start <= LONGEST:
            yield span.start + start, span.start + end
        else:
            for first, last in _without_marks(running[start:end]):
                yield span.start + start + first, span.start + start + last


def _bounds(running: str) -> list[tuple[int, int]]:
    """Where the sentences of a text without line breaks start and end."""
    pieces: list[tuple[int, int]] = []
    for boundary in sentencex.get_sentence_boundaries("en", running):
        start, end = boundary["start_index"], boundary["end_index"]
        if pieces and not running[start - 1].isspace() and not running[start].isspace():
            pieces[-1] = (pieces[-1][0], end)
            continue
        for match in _CLOSED_SENTENCE.finditer(running, start, end):
            pieces.append((start, match.end()))
            start = match.end()
        pieces.append((start, end))
    return pieces


def _without_marks(long: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a long piece start and end, escaped line breaks being whitespace."""
    bare = _ESCAPED_PARAGRAPH.sub(lambda found: "\n\n".ljust(len(found[0])), long)
    bare = _ESCAPED_BREAK.sub("  ", bare).translate(_NO_MARKS)
    starts = [_opening(long, start) for start, _ in _bounds(bare)]
    for start, end in pairwise([*starts, len(long)]):
        yield _trimmed(long, start, end)


def _opening(long: str, start: int) -> int:
    """Where the marks before a sentence begin that touch it."""
    while start and long[start - 1] in _MARKS:
        start -= 1
    return start


def _trimmed(long: str, start: int, end: int) -> tuple[int, int]:
    """A piece without the line breaks around it, escaped ones too."""
    while start < end and (long[start].isspace() or long[start : start + 2] in _ESCAPES):
        start += 1 if long[start].isspace() else 2
    while end > start and (long[end - 1].isspace() or long[end - 2 : end] in _ESCAPES):
        end -= 1 if long[end - 1].isspace() else 2
    return start, max(start, end)
