"""A over B: frames of preference and comparison, and whether their sides changed places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from careerqa.grounding.sources import Source
from careerqa.grounding.words import SIGNED, SIGNS_DOWN, SIGNS_UP, Bag, is_content, stem, words

_HINGE = re.compile(
    r"(?:,\s|\s)(?:(?P<rather>rather than|instead of|in place of|as opposed to)|"
    r"(?P<than>(?:other )?than|compared (?:to|with|against)|in preference to|ahead of)|"
    r"(?P<not>(?<=,\s)not|(?:and|but) not)|"
    r"(?P<over>over(?! (?:time|a|an|half|the (?:past|last|next|years|course|world|coming))\b)|"
    r"above|before|exceeds?|surpass(?:es|ed)?|beats?|trumps?|tops|eclipses?|overtakes?|"
    r"out(?:pac|weigh|strip|number|earn|perform|rank|grow|sell|scor)(?:e?s|ed|ing|e)?)|"
    r"(?P<under>in favou?r of|lags? behind|trails?(?: behind)?|falls? short of|below|loses? to|"
    r"takes? a back seat to|(?:come|rank)s? (?:behind|after)|after(?! which))|"
    r"(?P<then>(?:and )?then|after which|followed by|(?:and )?later)|"
    r"(?P<effect>because(?: of)?|since(?! \d)|due to|owing to|thanks to|as a result of|reflecting|"
    r"(?:stem|result|follow|ar[io]se|c[oa]me|emerge)(?:s|ed|d)? (?:from|in response to|out of)|"
    r"(?:driven|caused|created|explained|prompted|fueled|shaped) by)|"
    r"(?P<cause>(?:leads?|led) to|results? in|resulted in|therefore|justif(?:ies|ying)|causing|"
    r"(?:has|have) (?:created|driven|caused|brought|led to|broadened|raised|reshaped|made)|"
    r"causes?|creates|drives|reshap(?:es|ing)|which is why|so)|"
    r"(?P<of>(?:subset|part|subfield|kind|type|branch|form) of)|"
    r"(?P<to>(?:transition|move|shift|switch|pivot|progress|convert|evolve|turn)\w*\b"
    r"[^.;]{0,30}?\s(?:in)?to))\s(?=[A-Za-z\"“‘'(])",
    re.I,
)
_CLAUSE: Final = re.compile(
    r"[;:]\s|,\s(?=(?:but|while|yet|whereas|so|since|because|"
    r"and\s(?:\S+\s){1,3}(?:is|are|was|were|has|have))\s)",
    re.I,
)
_NOT_BUT = re.compile(r"\bnot\s(?P<a>[^.;]{3,60}?),?\sbut\s(?P<b>[^.;]{3,60})", re.I)
_PREFERRED = re.compile(
    r"\b(?:prefer|favou?r|choose|pick)\w*\s(?P<a>[^.;]{3,70}?)\s(?:to|over)\s(?P<b>[^.;]{3,70})",
    re.I,
)
_PREFERRED_TO = re.compile(
    r"\bprefer\w*\s(?P<a>[^.;]{3,70}?)\sto\s(?P<b>(?:those|the|an?|that)\s[^.;]{3,70})", re.I
)
_IS_PREFERRED = re.compile(
    r"(?P<a>[^.;,]{3,60}?)\s(?:is|are|was|were|gets?|being)\s(?:\w+ly\s)?(?:preferred|favou?red|"
    r"chosen|picked|prioriti[sz]ed|valued|preferable)\s(?:to|over|above|ahead of|before)\s"
    r"(?P<b>[^.;]{3,70})",
    re.I,
)
_TO_AND_TO = re.compile(
    r"\bto\s(?P<a>[^.;,]{3,60}?),?\s(?:and\s)?(?:then\s)?to\s(?P<b>[^.;,]{3,60})", re.I
)
_REASON_FIRST = re.compile(r"^\W*(?:because|since)\s(?P<a>[^,;]{3,90}),\s(?P<b>[^.;]{3,})", re.I)
_TURNED = re.compile(
    r"\b(?:not|never|avoid|don't|doesn't|isn't|aren't|shouldn't|mistakes?|rarely|no|wrong|"
    r"steer\w* clear|avoid\w*|beware|resist|nobody|hardly|won't|cannot|can't)\b",
    re.I,
)
_FROWNED = re.compile(
    r"\b(?:mistakes?|missteps?|traps?|pitfalls?|errors?|warn\w*|avoid\w*|blunders?|wrong|"
    r"(?:bad|poor) idea)\b",
    re.I,
)
"""What is said of a choice to turn down, before it or after."""
_WEIGHING: Final = frozenset(
    {"value", "values", "prefer", "prefers", "favor", "rate", "rates", "prioritize", "matter"}
    | {"matters", "worth", "choose", "pick", "weigh", "weighs", "want", "importance", "important"}
)
_STRICT: Final = frozenset({"to", "of", "before", "after", "not", "above", "below", "ahead of"})
_WHOLE: Final = (
    (_PREFERRED_TO, "over", False),
    (_PREFERRED, "over", False),
    (_IS_PREFERRED, "over", True),
    (_TO_AND_TO, "time", False),
    (_REASON_FIRST, "cause", True),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Two sides, nearest words first; sign 1 where the left one has the better of it."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    sign: int
    kind: str
    strict: bool = False


@lru_cache(maxsize=512)
def frames(text: str) -> tuple[Frame, ...]:
    """The frames of a normalised text."""
    found = []
    for piece in re.split(r"(?<=[.!?;])\s", text):
        found += [
            Frame(_near(match["b"]), _near(match["a"]), 1, "over", strict=True)
            for match in _NOT_BUT.finditer(piece)
        ]
        found += [
            Frame(_near(match["a"], backward=back), _near(match["b"]), 1, kind, strict=True)
            for pattern, kind, back in _WHOLE
            for match in pattern.finditer(piece)
        ]
        for match in _HINGE.finditer(piece):
            kind = str(match.lastgroup)
            left = _CLAUSE.split(piece[: match.start()])[-1]
            right = re.split(
                r"[;:.]\s|,\s(?=(?:but|while|yet|whereas|so|\w+ing)\s)", piece[match.end() :]
            )
            sign = -1 if kind == "under" else 1
            signed = [w for w in words(left) if w in SIGNS_UP or w in SIGNS_DOWN]
            if kind == "than" and signed and signed[-1] in SIGNS_DOWN:
                sign = -sign
            if (kind != "not" and _TURNED.search(left)) or (
                kind == "rather" and _FROWNED.search(piece)
            ):
                sign = -sign
            keep = kind in ("rather", "not") or (kind == "than" and "likely" in left.lower())
            one, other = _near(left, backward=True, keep=keep), _near(right[0], keep=keep)
            hinge = match[kind].lower()
            if one and other:
                group = "over" if kind in ("than", "rather", "not", "under", "over") else kind
                strict = hinge in _STRICT or kind in _STRICT
                if hinge in ("before", "after") or kind == "then":
                    group, sign = "time", -1 if hinge == "after" else 1
                if kind in ("cause", "effect"):
                    group, sign, strict = "cause", 1 if kind == "cause" else -1, True
                found.append(Frame(one, other, sign, group, strict))
    return tuple(found)


def _near(text: str, *, backward: bool = False, keep: bool = False) -> tuple[str, ...]:
    listed = [w for w in words(text) if is_content(w) and w not in _WEIGHING]
    listed = [w for w in listed if keep or w not in SIGNED]
    return tuple(listed[::-1] if backward else listed)[:14]


@lru_cache(maxsize=2048)
def _bag(side: tuple[str, ...]) -> Bag:
    return Bag(side)


def _shared(one: tuple[str, ...], other: tuple[str, ...], rival: tuple[str, ...]) -> float:
    """How much of one side the other holds; the nearest three words count in full.

    A word that stands in the rival side itself counts there, whatever is alike here.
    """
    held, apart = _bag(other), _bag(rival).stems
    total = 0.0
    for number, word in enumerate(one):
        root = stem(word)
        kin = held.has(word) or held.has_form(word.upper())
        if root in held.stems or (kin and root not in apart):
            total += 1.0 if number < 3 else 0.5
    return total


def _crossed(head: tuple[str, ...], wrong: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether the first words of a right side stand on the left one, and only there."""
    held, apart = _bag(wrong), _bag(right).stems
    placed = [w for w in head if held.has(w) or stem(w) in apart]
    return bool(placed) and held.has(placed[0]) and stem(placed[0]) not in apart


def swapped(text: str, cited: Sequence[Source]) -> str | None:
    """Whether the two sides of a frame of the evidence have changed places in a sentence."""
    held = [frame for source in cited for frame in frames(source.text)]
    for said in frames(text):
        for frame in held:
            if frame.kind != said.kind:
                continue
            one, other = frame.left, frame.right
            if said.sign != frame.sign:
                one, other = other, one
            both = _bag(one).stems & _bag(other).stems
            one = tuple(w for w in one if stem(w) not in both)
            other = tuple(w for w in other if stem(w) not in both)
            straight = _shared(said.left, one, other) + _shared(said.right, other, one)
            first, second = _shared(said.left, other, one), _shared(said.right, one, other)
            if _crossed(said.right[:2], one, other) and _crossed(other[:2], said.left, said.right):
                return "turns a comparison of its evidence round"
            if straight >= first + second:
                continue
            strict = said.strict or frame.strict
            if min(first, second) > 0 or (not strict and straight == 0 and first + second >= 2):
                return "turns a comparison of its evidence round"
    return None
