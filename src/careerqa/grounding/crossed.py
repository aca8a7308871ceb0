"""Rules of the grounding check on words that changed places: who does what, and what goes where.

No grammar takes part. A sentence that keeps the words of its evidence but puts two of them in each
other's place leaves traces: two segments of it share the words of two segments of the evidence
crosswise, two neighbours have each other's partners, or what stood before some words stands after
them and the other way round, with the same small words between.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.titled import one_word
from careerqa.grounding.words import LEVELS, is_content, is_matter, stem, words
from careerqa.words import STOP_WORDS

_SEGMENT = re.compile(
    r"[;:.!?]\s|\s-\s|[()]|,\s(?:(?:and|or|but|while|whereas|then|with)\s)?|"
    r"\s(?:while|whereas|but|because|since|although|though|versus|vs\.?|than|so|then)\s|"
    r"\s(?:and|or)\s(?=\S+\s\S+)",
    re.I,
)
_GOES_ON = re.compile(
    r"\W*(?:this|that|these|those|it|they|such|its|their|so|therefore|hence|as a result)\b", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s")
_TOKEN = re.compile(r"role0\w+|[A-Za-z\d.'+#]*[A-Za-z][\w'+#]*|[,;:()]| - ")
_WAYS: Final = frozenset({"into", "toward", "towards", "beyond"})
"""Small words that tell two sides apart and can stand between them."""
_SLOT: Final = frozenset(
    {"about", "above", "after", "against", "as", "at", "before", "below", "between", "by", "during"}
    | {"for", "from", "in", "like", "not", "of", "off", "on", "onto", "or", "out", "over", "per"}
    | {"than", "through", "under", "until", "upon", "via", "with", "without", "while", "whereas"}
    | {"but", "because", "if", "when", "where", "points", ";", ":", "(", ")", "do", "who", "-"}
)
"""Small words that mark a slot."""
_NO_SIDE: Final = frozenset(map(stem, ("software", "system", "engineer", "learning")))
_LEVELS: Final = frozenset(w for listed in LEVELS.values() for w in listed)
_FRAME: Final = frozenset(
    {"also", "however", "according", "document", "page", "source", "report", "reports", "guide"}
    | {"table", "says", "example", "often", "usually", "typically", "still", "overall"}
)
NEAR: Final = 3  # words of content within which two are neighbours
SEVERAL: Final = 2  # words of each of two statements in one segment
MANY: Final = 4  # words kept between the two that changed places from which they alone tell it


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS and word not in _FRAME


def _named(text: str) -> list[str]:
    return [
        w if w.startswith("role0") else stem(w)
        for w in words(text)
        if w.startswith("role0") or w == "ai" or (_tells(w) and not w[0].isdigit())
    ]


@lru_cache(maxsize=1024)
def _segments(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of content of each segment of a text."""
    found = [tuple(_named(part)) for part in _SEGMENT.split(one_word(text)) if part]
    return tuple(segment for segment in found if segment)


def crossed(case: Case) -> str | None:
    """Two segments of a sentence don't share the words of two of its evidence crosswise."""
    small = [segment for source in case.cited for segment in _segments(source.text)]
    joints = {(one[-1], other[0]) for one, other in pairwise(small)}
    whole = _statements(case)
    return (
        _crosswise(case, small, joints)
        or _crosswise(case, whole)
        or _mixed(case, whole)
        or _partners(case)
    )


def _statements(case: Case) -> list[tuple[str, ...]]:
    """The words of content of each statement, with those of the one that it goes on from."""
    found: list[tuple[str, ...]] = []
    before = ""
    for source in case.cited:
        said = tuple(_named(one_word(source.text)))
        if found and (_GOES_ON.match(source.text) or before.endswith(":")):
            found[-1] += said
        else:
            found.append(said)
        before = source.text.rstrip()
    return found


def _mixed(case: Case, statements: Sequence[tuple[str, ...]]) -> str | None:
    """Whether one segment joins words of two statements, several of each."""
    for segment in _segments(case.text):
        homes: dict[int, list[str]] = {}
        for word in dict.fromkeys(segment):
            holding = [n for n, said in enumerate(statements) if word in said]
            if len(holding) == 1:
                homes.setdefault(holding[0], []).append(word)
        several = [found for found in homes.values() if len(found) >= SEVERAL]
        if len(several) > 1:
            return f"joins “{_shown(several[0][0])}” and “{_shown(several[1][0])}”"
    return None


def _crosswise(
    case: Case,
    segments: Sequence[tuple[str, ...]],
    joints: Collection[tuple[str, str]] = (),
) -> str | None:
    held: dict[str, set[int]] = {}
    for number, segment in enumerate(segments):
        for word in segment:
            held.setdefault(word, set()).add(number)
    said = _segments(case.text)
    every = [w for segment in said for w in set(segment)]
    homes: list[dict[int, str]] = []
    for segment in said:
        own = [w for w in segment if every.count(w) == 1 and len(held.get(w, ())) == 1]
        homes.append({next(iter(held[w])): w for w in reversed(own)})
    for number, one in enumerate(homes):
        for place, other in enumerate(homes[number + 1 :], number + 1):
            both = sorted(one.keys() & other.keys())
            if len(both) < 2 or (said[number][-1], said[place][0]) in joints:
                continue  # "X builds and mends Y" may be said of Y first
            return f"parts “{_shown(one[both[0]])}” from “{_shown(other[both[0]])}”"
    return None


def _shown(word: str) -> str:
    return word.removeprefix("role0")


@lru_cache(maxsize=1024)
def _neighbours(text: str, reach: int) -> frozenset[tuple[str, str]]:
    return frozenset(
        (word, other)
        for segment in _segments(text)
        for place, word in enumerate(segment)
        for other in segment[place + 1 : place + 1 + reach]
    )


def _partners(case: Case) -> str | None:
    """Whether two pairs of neighbours of the evidence have exchanged their second words."""
    beside = {pair for s in case.cited for pair in _neighbours(s.text, 1)}
    around = {pair for s in case.cited for pair in _neighbours(s.text, NEAR)}
    said, within = _neighbours(case.text, 1), _neighbours(case.text, NEAR)
    strange = sorted(said - around)
    for one, second in strange:
        for other, first in strange:
            if (
                (one, first) in beside - within
                and (other, second) in beside - within
                and len({one, other, first, second}) == 4
            ):
                return f"says “{_shown(second)}” of {_shown(one)}, its evidence of {_shown(other)}"
    return None


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of content of a text in order, each with the small words that lead to it."""

    tokens: tuple[str, ...]
    before: tuple[tuple[str, ...], ...]
    sides: frozenset[str]  # that can change places: words of matter
    places: dict[str, int]  # of the words that stand there once

    def between(self, start: int, end: int) -> list[str]:
        """The small words after one word up to another."""
        return [w for place in range(start + 1, end + 1) for w in self.before[place]]


@lru_cache(maxsize=1024)
def _line(text: str) -> _Line:
    tokens: list[str] = []
    before: list[tuple[str, ...]] = []
    small: list[str] = []
    sides: set[str] = set()
    for match in _TOKEN.finditer(one_word(text)):
        token = match.group().strip().lower().strip(".'")
        for word in (words(token) or [token]) if token[:1].isalnum() else [token]:
            if word.startswith("role0") or word == "ai" or word in _WAYS or is_content(word):
                tokens.append(word if word.startswith("role0") or word in _WAYS else stem(word))
                before.append(tuple(small))
                small = []
                if word in _LEVELS or word[:5] in ("role0", "ai") or is_matter(word):
                    sides.add(tokens[-1])
            elif word in _SLOT:
                small.append(word)
    places = {w: n for n, w in enumerate(tokens) if tokens.count(w) == 1}
    return _Line(tuple(tokens), tuple(before), frozenset(sides) - _NO_SIDE, places)


def exchanged(case: Case) -> str | None:
    """What stands before some words of the evidence doesn't stand after them, and vice versa."""
    said = _line(case.text)
    for source in case.cited:
        for sentence in _SENTENCE.split(source.text):
            held = _line(sentence)
            shared = [w for w in said.tokens if w in said.places and w in held.places]
            order = sorted(shared, key=held.places.__getitem__)
            for number, last in enumerate(shared):
                for place in range(number + 2, len(shared)):
                    first = shared[place]
                    if held.places[first] > held.places[last]:
                        continue
                    inner = order[order.index(first) + 1 : order.index(last)]
                    kept = [w for w in shared[number + 1 : place] if w in inner]
                    if not kept or kept != [w for w in inner if w in kept]:
                        continue
                    if _same_slots(said, held, kept, (first, last)):
                        return f"lets {_shown(first)} and {_shown(last)} change places"
    return None


def _same_slots(said: _Line, held: _Line, kept: Sequence[str], sides: tuple[str, str]) -> bool:
    """Whether two words stand in each other's place around the words that were kept."""
    first, last = sides
    if not set(sides) <= said.sides:
        return False
    after = said.between(said.places[kept[-1]], said.places[first])
    there = held.between(held.places[kept[-1]], held.places[last])
    if len(kept) >= MANY and after and after == there[: len(after)]:
        return True
    if after != there or "than" in after:
        return False
    if kept[-1] in _WAYS:
        return True
    before = said.between(said.places[last], said.places[kept[0]])
    return before == held.between(held.places[first], held.places[kept[0]])
