"""A completion → its sentences with the evidence numbers that they point at.

The same sentences come out whether the text arrives whole or in pieces: a sentence is given out
only when what follows it can no longer change where it ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

_MARK = re.compile(
    r"\s?(?:\[\^?(?:evidence|quote|source|statement|no\.?|#)?\s?(\d{1,3}(?:\s?[,;&-]\s?\d{1,3})*)\]"
    r"|【(\d{1,3})[^】]{0,20}】)(?:\([^)\s]*\))?",
    re.I,
)
_STOP = re.compile(r"[.!?…。！？]+[\"”’')\]*_]*|\n+")
_LIST = re.compile(r"^\s*(?:(?:[-*•·◦▪‣]|\d{1,3}[.)])\s+|#{1,6}\s+|>\s+)")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|approx|dr|mr|mrs|ms|prof|sr|jr|inc|ltd|co|corp|no|dept|est|"
    r"ca|viz|al|st|"
    r"u\.s|u\.k|e\.u|ph\.d|etc)|(?:^|[\s(])[A-Za-z])\.$",
    re.I,
)
OPENING: Final = re.compile(
    r"^\W*(?:yes|yep|yeah|no|nope|sure|both|neither|absolutely|certainly|definitely|correct|true|"
    r"right|exactly|of course|indeed|partly|somewhat|maybe|perhaps|(?:it|that) depends|"
    r"not (?:really|quite|exactly|necessarily|always|entirely|yet|at all)|"
    r"(?:in|the) short(?: answer)?|short answer)\b(?:,? (?:and|but) (?:yes|no))?[.!,:;]+\s+(?=\S)",
    re.I,
)
"""A word or two of answer, which the sentence after it belongs to and explains."""
_FENCE = re.compile(r"^\s*```(?:json)?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, without its marks, and the numbers that they name."""

    text: str
    citations: tuple[int, ...]


class SentenceReader:
    """Pieces of a completion in, whole sentences out; plain text or JSON of the answer's schema."""

    def __init__(self) -> None:
        self._buffer = ""
        self._json: bool | None = None

    def feed(self, piece: str) -> list[Written]:
        """Sentences that this piece completes."""
        self._buffer += piece
        return self._take(final=False)

    def close(self) -> list[Written]:
        """What is left at the end of the completion."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> list[Written]:
        if self._json is None:
            start = _FENCE.sub("", self._buffer).lstrip()
            fenced = self._buffer.lstrip().startswith("`") and "\n" not in self._buffer.lstrip()
            if not final and (not start or fenced):
                return []
            self._json = start.startswith("{")
        return list(self._from_json() if self._json else self._from_text(final=final))

    def _from_json(self) -> Iterator[Written]:
        """Objects with a text and citations, each as soon as its brace closes."""
        decoder = json.JSONDecoder()
        position = 0
        while (start := self._buffer.find("{", position)) >= 0:
            try:
                value, end = decoder.raw_decode(self._buffer, start)
            except ValueError:
                position = start + 1
                continue
            yield from _of_json(value)
            self._buffer = self._buffer[end:]
            position = 0

    def _from_text(self, *, final: bool) -> Iterator[Written]:
        while (end := _boundary(self._buffer, final=final)) is not None:
            sentence, self._buffer = self._buffer[:end], self._buffer[end:]
            if written := _written(sentence):
                yield written


def _of_json(value: Any) -> Iterator[Written]:
    if isinstance(value, dict) and isinstance(value.get("sentences"), list):
        for item in value["sentences"]:
            yield from _of_json(item)
    elif isinstance(value, dict) and isinstance(value.get("text"), str):
        numbers = value.get("citations")
        numbers = numbers if isinstance(numbers, list) else []
        marked = _written(value["text"].replace("\n", " "))
        cited = (n for n in numbers if isinstance(n, int) and not isinstance(n, bool))
        if marked:
            yield Written(marked.text, tuple(dict.fromkeys([*cited, *marked.citations])))


def _boundary(buffer: str, *, final: bool) -> int | None:
    """Where the first sentence ends; None while that is open."""
    opening = OPENING.match(_LIST.sub("", buffer))
    opened = len(opening.group().strip()) if opening and "\n" not in opening.group() else 0
    opened += len(buffer) - len(_LIST.sub("", buffer))
    for stop in _STOP.finditer(buffer):
        if _no_end(buffer, stop) or (opening and stop.end() <= opened):
            continue
        end = stop.end()
        while mark := _MARK.match(buffer, _skip_space(buffer, end)):
            end = mark.end()
            while end < len(buffer) and buffer[end] in ".,;":
                end += 1
        following = _skip_space(buffer, end)
        if following >= len(buffer):
            break  # more marks may come
        if not final and buffer[following] in "[【(" and len(buffer) - following < 24:
            break
        marked = end > stop.end() or buffer[stop.start() - 1] in "]】"
        lower = buffer[following].islower() and "\n" not in buffer[stop.start() : following]
        lower = lower and not (marked and stop.group().startswith("."))
        glued = following == end and not stop.group().startswith("\n") and stop.end() == end
        if lower or glued:
            continue
        return following
    return len(buffer) if final and buffer else None


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _no_end(buffer: str, stop: re.Match[str]) -> bool:
    if not stop.group().startswith("."):
        return False
    before = buffer[: stop.start() + 1]
    line = before.rsplit("\n", 1)[-1]
    if re.fullmatch(r"\s*\d{1,3}\.", line):
        return True
    if re.search(r"\b(?:etc|u\.s|u\.k|e\.u|ph\.d|inc|ltd|co|corp)\.$", before, re.I):
        following = buffer[stop.end() :].lstrip()
        newline = "\n" in buffer[stop.end() : len(buffer) - len(following)]
        if re.search(r"\b(?:etc|inc|ltd|co|corp)\.$", before, re.I) and following[:1].isupper():
            return False
        return bool(following) and following[0] not in "[【" and not newline
    return bool(_ABBREVIATION.search(before))


def _written(sentence: str) -> Written | None:
    numbers: list[int] = []
    for mark in _MARK.finditer(sentence):
        numbers.extend(_numbers(mark.group(1) or mark.group(2)))
    text = _LIST.sub("", _MARK.sub("", sentence)).strip()
    text = re.sub(r"\s+([,;:!?]|\.(?!\w))", r"\1", text)
    text = re.sub(r"\.{2}$", ".", re.sub(r"([.!?])[.,;]+$", r"\1", text))
    if not any(character.isalnum() for character in text):
        return None
    return Written(text, tuple(dict.fromkeys(numbers)))


def _numbers(inside: str) -> Iterator[int]:
    for part in re.split(r"\s?[,;&]\s?", inside):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + 20:
            yield from range(ends[0], ends[1] + 1)
        else:
            yield from ends


def sentences(pieces: Iterable[str]) -> Iterator[Written]:
    """The sentences of a completion that arrives in pieces."""
    reader = SentenceReader()
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.close()
