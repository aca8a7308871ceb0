"""Characters that are not seen: text spelt in them, and those that make words look other.

A byte order mark, joiners in scripts and emoji that need them, a zero-width space where a word may
be broken, and marks for writing from right to left beside letters that are so written are left
alone: they hide nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from careerqa.datatypes import Span

_ZERO = "\u180e\u200b-\u200f\u2060-\u2064\ufeff"
_RUN = re.compile(f"[{_ZERO}]+")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_BLACK_FLAG = "\U0001f3f4"
_FLAG_OF_A_REGION = re.compile("[\U000e0030-\U000e007a]{4,6}\U000e007f")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_OPENERS = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_OVERRIDES = "\u202d\u202e"
_TERMINAL = re.compile(r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\[[0-9;?]*[A-Za-z]?)?|[\x08\x7f]")
_PLAIN_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "DIGIT"})
"""Scripts in whose words no zero-width character belongs."""
_NEAR = 8
"""Most characters between two zero-width ones of one spelling."""


def spelt_in(text: str) -> Iterator[tuple[Span, str]]:
    """Stretches of characters that say something and none of which is seen."""
    for match in _TAGS.finditer(text):
        flag = text[match.start() - 1 : match.start()] == _BLACK_FLAG
        if not (flag and _FLAG_OF_A_REGION.fullmatch(match.group())):
            yield Span(*match.span()), "tag characters"
    for match in _SELECTORS.finditer(text):
        yield Span(*match.span()), "variation selectors"


def disguised_in(text: str) -> Iterator[tuple[Span, str]]:
    """Stretches that are seen, though not as they stand there."""
    for span in _zero_width(text):
        yield span, "zero-width characters"
    for match in _OPENERS.finditer(text):
        newline = text.find("\n", match.start())
        line_end = len(text) if newline < 0 else newline
        line = text[text.rfind("\n", 0, match.start()) + 1 : line_end]
        if match.group() in _OVERRIDES or not any(_from_the_right(c) for c in line):
            closing = text.find("\u2069" if match.group() >= "\u2066" else "\u202c", match.end())
            closed = match.end() <= closing < line_end
            end = closing + 1 if closed else line_end
            if any(c.isalnum() for c in text[match.start() : end]):
                yield Span(match.start(), end), "bidirectional controls"
    for match in _TERMINAL.finditer(text):
        yield Span(*match.span()), "terminal controls"


def _zero_width(text: str) -> Iterator[Span]:
    found: Span | None = None
    for match in _RUN.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        within = _plain(before) and _plain(after) and not (before.islower() and after.isupper())
        run = match.group() if match.start() else match.group().removeprefix("\ufeff")
        several = len(set(run)) > 1 and not _joining(before) and not _joining(after)
        if not within and not several:
            continue
        if found and match.start() - found.end <= _NEAR:
            found = Span(found.start, match.end())
            continue
        if found:
            yield found
        found = Span(*match.span())
    if found:
        yield found


def _plain(character: str) -> bool:
    return (
        character.isalnum() and unicodedata.name(character, "").split(" ", 1)[0] in _PLAIN_SCRIPTS
    )


def _joining(character: str) -> bool:
    """Whether it is a letter or sign of a script in which characters are joined or ordered."""
    if not character or character.isascii():
        return False
    return unicodedata.category(character)[0] in "LMS" and not _plain(character)


def _from_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL") and character not in "\u200f\u061c"
