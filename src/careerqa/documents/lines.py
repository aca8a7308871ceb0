"""The lines of a text, and what one looks like by itself: short, a title, a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careerqa.documents.cleaning import joints


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the whitespace around it, its span, and whether blank ones stand beside it."""

    start: int
    end: int
    text: str  # stripped
    blank_before: bool
    blank_after: bool


_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_ENDS = re.compile(r"[.!?…:;,][\"'”’)\]*]*$")

HEADING_CHARACTERS = 90
HEADING_WORDS = 14


def lines_of(text: str) -> list[Line]:
    """The lines of a text that hold something, in order."""
    raw = [(m.start(), m.group()) for m in _LINE.finditer(text)]
    filled: list[Line] = []
    for index, (start, line) in enumerate(raw):
        stripped = line.strip().strip("\ufeff").strip()
        if not stripped:
            continue
        offset = start + line.index(stripped)
        before = index == 0 or not raw[index - 1][1].strip()
        after = index + 1 == len(raw) or not raw[index + 1][1].strip()
        filled.append(Line(offset, offset + len(stripped), stripped, before, after))
    return filled


def is_short(text: str) -> bool:
    """Whether a line may be a heading or label: few words, and no end of a sentence."""
    return (
        len(text) <= HEADING_CHARACTERS
        and len(text.split()) <= HEADING_WORDS
        and not _ENDS.search(text)
        and joints(text) < 3
        and any(character.isalpha() for character in text)
    )


def is_title(text: str) -> bool:
    """Whether a short line is written as a title: few words, nearly all of them capitalised."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'/-]*", text) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return len(text.split()) <= 8 and " - " not in text and capitals >= 0.75 * len(words)


def asks(text: str) -> bool:
    """Whether a line is one question."""
    return text.endswith("?") and len(text) <= 2 * HEADING_CHARACTERS and sentence_ends(text) == 1


def sentence_ends(text: str) -> int:
    """How many sentences end in a text."""
    return len(re.findall(r"[.!?](?=\s|$)", text))
