"""More or less: whether a sentence points the same way as its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from careerqa.grounding_negation import denial
from careerqa.grounding_owners import Mention, roles
from careerqa.grounding_sources import Fact, Source, level_mentions, starting
from careerqa.grounding_words import OPPOSITES, STRONG_NEGATION, is_content, stem, words

_MORE, _LESS = OPPOSITES[0]


_PLUS: Final = (
    _MORE
    | OPPOSITES[2][0]
    | {
        "ahead",
        "outpace",
        "outpaces",
        "exceeds",
        "top",
        "lead",
        "leads",
        "premium",
        "outearns",
        "beats",
        "outnumbers",
    }
)


_MINUS: Final = _LESS | OPPOSITES[2][1] | {"behind", "lag", "lags", "trail", "trails"}


SIGNED: Final = _PLUS | _MINUS
"""Words of more and less, which two figures carry as well."""


_UPWARD: Final = _MORE | {
    "ahead",
    "outpace",
    "outpaces",
    "exceeds",
    "premium",
    "outearns",
    "beats",
    "outnumbers",
    "faster",
    "longer",
}


_DOWNWARD: Final = _LESS | {"behind", "lag", "lags", "trail", "trails", "slower", "shorter"}


_COMPARATOR = re.compile(r"\b(" + "|".join(sorted(_UPWARD | _DOWNWARD)) + r")\b", re.I)


_OBJECT = re.compile(
    r"\b(?:than|over|to|with|against|of|exceeds?|outearns?|beats?|outnumbers?|behind|"
    r"ahead of|above|below|from|for)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """That one role has more (sign 1) or less (sign -1) than another, or than the rest."""

    one: str
    other: str | None
    sign: int


def comparisons(text: str) -> list[Comparison]:
    """Comparisons between roles in normalised text."""
    found = []
    named = roles(text)
    for match in _COMPARATOR.finditer(text):
        if re.search(r"\b(?:or|and)\s$", text[: match.start()]):
            continue  # "or more" compares nothing
        before = [m for m in named if m.end <= match.start()]
        after = [m for m in named if m.start >= match.end()]
        sign = 1 if match[1].lower() in _UPWARD else -1
        other = None
        if (
            after
            and len(text[match.end() : after[0].start].split()) <= 9
            and _OBJECT.search(text[match.start() : after[0].start])
        ):
            other = after[0].name
        if before:
            one = before[-1].name
            if one == other or (other is None and " than " in text[match.end() :]):
                continue  # what stands after "than" is no role
            found.append(Comparison(one, other, sign))
        elif (
            other and re.search(r"\bthan\b", text[match.end() : after[0].start]) and len(after) > 1
        ):
            found.append(Comparison(after[1].name, other, sign))
    return found


def disagreement(text: str, named: Sequence[Mention], cited: Sequence[Source]) -> str | None:
    """Why a sentence points another way than its evidence, or None."""
    settled = False
    held = [c for s in cited for c in comparisons(s.text)]
    facts = [f for s in cited for f in s.facts]
    for said in comparisons(text):
        told = _told(said, held)
        if told is None:
            told = _by_figures(said, text, facts)
        if told is not None and told != said.sign:
            return f"its evidence puts {said.one} the other way round"
        settled = settled or told is not None
    return (
        (None if settled else _swapped(text, cited))
        or _turned(text, cited)
        or _by_levels(text, [] if len({m.name for m in named}) > 1 else facts)
        or (
            None
            if settled or (len(cited) > 1 and " than " in text)
            else _opposite(text, cited, figures=sum(f.quantity.unit != "date" for f in facts))
        )
        or denial(text, cited)
    )


def _told(said: Comparison, held: Sequence[Comparison]) -> int | None:
    for comparison in held:
        if said.other in (comparison.other, None) and comparison.one == said.one:
            return comparison.sign
        if comparison.other is None or (said.other is None and len(held) > 1):
            continue
        if comparison.other == said.one and said.other in (comparison.one, None):
            return -comparison.sign
    return None


def _by_figures(said: Comparison, text: str, facts: Sequence[Fact]) -> int | None:
    """The sign that the figures of both roles give, where all of one kind agree."""
    mentioned = {f.quantity.low for f in facts if _mentions(text, f)}
    spoken = [f for f in facts if f.quantity.low in mentioned]
    named = {f.role for f in spoken}
    both = said.one in named and (said.other in named if said.other else len(named) == 2)
    if both:
        facts = spoken
    levels = {m.name for m in level_mentions(text)} | ({"entry"} if starting(text) else set())
    if levels and not both:
        facts = [f for f in facts if f.level in levels] or facts
    signs = set()
    for one in facts:
        for other in facts:
            pair = one.role == said.one and other.role not in (None, said.one)
            if said.other is not None:
                pair = pair and other.role == said.other
            if not pair or one.quantity.unit != other.quantity.unit:
                continue
            if not both and (one.measure, one.level) != (other.measure, other.level):
                continue
            chosen = {one.quantity.low, other.quantity.low}
            if mentioned and not chosen & mentioned and len(facts) > 2:
                continue
            if one.quantity.low != other.quantity.low:
                signs.add(1 if one.quantity.low > other.quantity.low else -1)
    return signs.pop() if len(signs) == 1 else None


def _mentions(text: str, fact: Fact) -> bool:
    return f"{fact.quantity.low:g}" in text.replace(",", "") or (
        fact.quantity.low >= 1000 and f"{fact.quantity.low / 1000:g}k" in text.lower()
    )


def _swapped(text: str, cited: Sequence[Source]) -> str | None:
    """Whether the two sides of a `than` have changed places."""
    said = _sides(text)
    if said is None:
        return _taken_over(text, cited)
    for source in cited:
        for piece in re.split(r"(?<=[.!?;])\s", source.text):
            held = _sides(piece)
            if held is None or held[3] != said[3]:
                continue
            straight = _shared(said[0], held[0]) + _shared(said[1], held[1])
            crossed = _shared(said[0], held[1]) + _shared(said[1], held[0])
            if said[2] == held[2] and crossed > max(1, straight):
                return "turns a comparison of its evidence round"
            if said[2] == -held[2] and straight > max(1, crossed):
                return "turns a comparison of its evidence round"
    return None


def _taken_over(text: str, cited: Sequence[Source]) -> str | None:
    """Whether the lesser side of a `than` is given the greater part, without naming the other."""
    match = _COMPARATOR.search(text)
    if match is None:
        return None
    sign = 1 if match[1].lower() in _UPWARD else -1
    about = _stems(text[: match.start()])
    for source in cited:
        for piece in re.split(r"(?<=[.!?;])\s", source.text):
            held = _sides(piece)
            if held is None or held[3] != "than" or held[2] != sign:
                continue
            if about & (held[1] - held[0]) and not about & held[0]:
                return "turns a comparison of its evidence round"
    return None


def _by_levels(text: str, facts: Sequence[Fact]) -> str | None:
    """Whether figures of two levels stand the other way round than a sentence says."""
    match = _COMPARATOR.search(text)
    named = level_mentions(text)
    if match is None or len({m.name for m in named}) != 2 or named[0].start > match.start():
        return None
    if not re.search(r"\b(?:than|over|against|compared)\b", text[match.start() : named[-1].start]):
        return None
    one, other = named[0].name, named[-1].name
    sign = 1 if match[1].lower() in _UPWARD else -1
    signs = {
        1 if a.quantity.low > b.quantity.low else -1
        for a in facts
        for b in facts
        if (a.level, b.level) == (one, other)
        and (a.role, a.quantity.unit, a.measure) == (b.role, b.quantity.unit, b.measure)
        and a.quantity.low != b.quantity.low
    }
    return "turns the figures of two levels round" if signs == {-sign} else None


_SIGNS: Final = _PLUS | _MINUS | _UPWARD | _DOWNWARD


_HINGE = re.compile(
    r"\s(?:(?P<rather>rather than)|(?P<than>(?:other )?than|compared (?:to|with))|"
    r"(?P<favor>in favou?r of)|(?P<of>(?:subset|part|subfield|kind|type|branch|form) of)|"
    r"(?P<instead>instead of|in place of)|(?P<before>before)|(?P<after>after)|"
    r"(?P<beats>exceeds?|outpaces?|outweighs?|outstrips?|outnumbers?|beats?|"
    r"surpass(?:es)?|outearns?)|"
    r"(?P<over>over)(?= [A-Za-z])|"
    r"(?P<to>(?:transition|move|shift|switch|pivot|go|progress|convert|evolve|turn)\w*\b"
    r"[^.;]{0,30}?\s(?:in)?to))\s",
    re.I,
)


def _sides(text: str) -> tuple[set[str], set[str], int, str] | None:
    match = _HINGE.search(text)
    if match is None:
        return None
    hinge = str(match.lastgroup)
    left, right = text[: match.start()], text[match.end() :]
    left = re.split(r"(?:[;:]|,\s(?:but|while|yet|whereas))\s", left)[-1]
    right = re.split(r"[,;.]\s", right)[0]
    found = [w for w in words(left) if w in _PLUS | _MINUS]
    sign = -1 if found and found[-1] in _MINUS else 1
    if hinge in ("beats", "over"):
        return _stems(left), _stems(right), 1, "than"
    if hinge == "favor":
        return _stems(left), _stems(right), -1, "than"
    return _stems(left), _stems(right), sign, hinge


def _stems(text: str) -> set[str]:
    return {stem(w) for w in words(text) if is_content(w) and w not in _SIGNS}


def _shared(one: set[str], other: set[str]) -> int:
    return len(one & other)


def _opposite(text: str, cited: Sequence[Source], *, figures: int) -> str | None:
    said = set(words(text))
    matter = [w for w in said if is_content(w)]
    pieces = [p for s in cited for p in s.pieces]
    scored = [(sum(p.bag.has(w) for w in matter), p) for p in pieces]
    best = max((score for score, _ in scored), default=0)
    near = " . ".join(p.text for score, p in scored if score >= max(1, best))
    whole = " . ".join(s.text for s in cited)
    for evidence in (near, whole):
        held = set(words(evidence))
        if bool(said & STRONG_NEGATION) != bool(held & STRONG_NEGATION):
            continue
        if "than" in held and ("than" in said or said & held & SIGNED):
            continue
        for _number, sides in enumerate(OPPOSITES):
            for one, other in (sides, sides[::-1]):
                used = said & one
                if not used or said & other or held & one or not held & other:
                    continue
                if figures >= 2 and one & _MORE | other & _MORE:
                    continue
                return f"“{min(used)}” is the opposite of its evidence"
    return None


def _turned(text: str, cited: Sequence[Source]) -> str | None:
    """Whether what rises in the sentence falls where the evidence speaks of the same thing."""
    if " than " in text:
        return None
    pairs = [p for p in OPPOSITES if p[0] & {"rise", "grow"}]
    signs = frozenset().union(*(side for pair in pairs for side in pair))
    match = next((m for m in re.finditer(r"[A-Za-z]+", text) if m.group().lower() in signs), None)
    if match is None:
        return None
    about = _stems(text[: match.start()])
    for source in cited:
        for segment in re.split(r"[,;:()]\s?|\s(?=(?:and|while|but)\s)", source.text):
            if about and len(about & _stems(segment)) * 2 > len(about):
                said, held = {match.group().lower()}, set(words(segment))
                for one, other in [q for p in pairs for q in (p, p[::-1])]:
                    if said & one and held & other and not held & one:
                        return f"“{match.group()}” is the opposite of its evidence"
    return None


def opposed(text: str, evidence: str) -> str | None:
    """Whether a text has the one side of a pair of opposites and evidence only the other."""
    said, held = set(words(text)), set(words(evidence))
    if bool(said & STRONG_NEGATION) != bool(held & STRONG_NEGATION) or "than" in said | held:
        return None
    for sides in OPPOSITES:
        for one, other in (sides, sides[::-1]):
            used = said & one
            if used and not said & other and not held & one and held & other:
                return f"“{min(used)}” is the opposite of its evidence"
    return None
