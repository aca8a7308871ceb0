"""Text that speaks to a language model rather than to a reader.

Made to spare texts about prompts, models and instructions, of which documents on careers are full:
words that are quoted, given as an example, or shown as code are not meant. What is spared is still
kept from a language model where it might be meant for one: `prompts.addresses_model` would rather
keep back too much.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from careerqa.datatypes import Span

_STRONG, _WEAK = 2, 1
_ENOUGH = 2
"""Weight of the different signs in a paragraph from which it speaks to a model."""
_QUOTED = re.compile(
    r"“[^”\n]{1,400}”|\"[^\"\n]{1,400}\"|‘[^’\n]{1,400}’|(?<!\w)'[^'\n]{1,400}'(?!\w)"
)
_BEFORE = "\n\r\t .!?:;>|\"“([*#_]-—–'"
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*\s+|\n")


@dataclass(frozen=True, slots=True)
class _Sign:
    span: Span
    weight: int
    pattern: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    signs: tuple[tuple[int, re.Pattern[str]], ...]
    about: re.Pattern[str]
    sample: re.Pattern[str]
    lookalikes: Mapping[int, int]


def addressed_in(
    text: str, blocks: Sequence[Span], code: Sequence[Span] = ()
) -> Iterator[tuple[Span, Span]]:
    """What speaks to a language model: where it shows, and its sentence to the end of its block.

    Args:
        text: As it is seen, hidden text blanked.
        blocks: Paragraphs, bullets and rows of it, in order.
        code: What stands in code, in order: it is shown, not said.
    """
    among: dict[Span, list[_Sign]] = {}
    for sign in _signs(text):
        last = sign.span.end - 1
        if _around(last, code) is None:
            block = _around(last, blocks) or _line(text, last)
            among.setdefault(block, []).append(sign)
    for block, signs in among.items():
        if sum({sign.pattern: sign.weight for sign in signs}.values()) >= _ENOUGH:
            first = min(sign.span for sign in signs)
            start = max(block.start, min(first.start, block.end))
            ends = [m.end() for m in _SENTENCE_END.finditer(text, block.start, start)]
            yield first, Span(ends[-1] if ends else block.start, block.end)


def speaks(text: str) -> bool:
    """Whether any of a text speaks to a language model."""
    return any(True for _ in addressed_in(text, [Span(0, len(text))]))


def _signs(text: str) -> list[_Sign]:
    patterns = _patterns()
    folded, places = _folded(text, patterns.lookalikes)
    found: list[_Sign] = []
    for number, (weight, pattern) in enumerate(patterns.signs):
        for match in pattern.finditer(folded):
            words = match.group()
            start = (
                match.end() - len(words.lstrip(_BEFORE)) if words.strip(_BEFORE) else match.start()
            )
            if not _only_talk(folded, start, patterns):
                span = Span(places[start], places[match.end() - 1] + 1)
                found.append(_Sign(span, weight, number))
    return sorted(found, key=lambda sign: sign.span)


def _only_talk(text: str, start: int, patterns: _Patterns) -> bool:
    """Whether what begins there is quoted by a text about such words, or is given as an example."""
    line = _line(text, start)
    words = line.of(text)
    for quoted in _QUOTED.finditer(words):
        if quoted.start() <= start - line.start < quoted.end():
            rest = f"{words[: quoted.start()]} {words[quoted.end() :]}"
            return bool(patterns.about.search(rest))
    return bool(patterns.sample.search(text, max(0, start - 60), start))


def _line(text: str, position: int) -> Span:
    end = text.find("\n", position)
    return Span(text.rfind("\n", 0, position) + 1, len(text) if end < 0 else end)


def _around(position: int, spans: Sequence[Span]) -> Span | None:
    """The span that holds a position; `spans` are in order and none overlaps another."""
    number = bisect_right(spans, position, key=lambda span: span.start) - 1
    return spans[number] if number >= 0 and position < spans[number].end else None


def _folded(text: str, lookalikes: Mapping[int, int]) -> tuple[str, Sequence[int]]:
    """Text in lower case and plain letters without what is not seen, and where each letter stands.

    Letters that look alike become the Latin ones, whatever script they are of.
    """
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = character
        if not character.isascii():
            if unicodedata.category(character) in ("Cf", "Co", "Cs", "Mn"):
                continue
            folded = unicodedata.normalize("NFKC", character).translate(lookalikes)
        letters.append(folded.lower())
        places += [place] * len(letters[-1])
    return "".join(letters), places


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    file = resources.files("careerqa") / "data" / "addressing.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    for name, pattern in content["parts"].items():
        parts[name] = pattern % parts

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern % parts, re.VERBOSE | re.MULTILINE)

    return _Patterns(
        signs=(
            *((_STRONG, compiled(pattern)) for pattern in content["strong"].values()),
            *((_WEAK, compiled(pattern)) for pattern in content["weak"].values()),
        ),
        about=compiled(content["talk"]["about"]),
        sample=compiled(content["talk"]["sample"]),
        lookalikes=str.maketrans(*content["lookalikes"].values()),
    )
