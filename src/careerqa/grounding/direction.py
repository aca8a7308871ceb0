"""More or less: whether a sentence points the same way as its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.grounding.denial import denial
from careerqa.grounding.facts import quantities
from careerqa.grounding.opposites import opposite, turned
from careerqa.grounding.owners import Mention, bind, roles
from careerqa.grounding.sides import swapped
from careerqa.grounding.sources import FIELD, Fact, Source, level_mentions, starting
from careerqa.grounding.than import COMPARATOR, other_side, sign_of, taken_over
from careerqa.grounding.words import SIGNED, Bag, is_content, words

_OBJECT = re.compile(
    r"\b(?:than|over|to|with|against|of|exceeds?|out(?:earn|pac|number|strip|perform|rank)\w*|"
    r"beats?|behind|"
    r"ahead of|above|below|from|for)\b",
    re.I,
)


_BOUNDS = re.compile(r"\sthan\s(?:an?\s|some\s|about\s|roughly\s)?[$€£~]?\d", re.I)
_MANNER = re.compile(
    r"\b(?:more|less)\s\w+(?:ing|ive|able|ible|ous|ful|al|ic|ent|ant|ed|some)\b", re.I
)
"""A comparison of quality, on which figures say nothing."""


_AMONG = re.compile(
    r"\s(?:(?!than\b)\w+\s){0,5}?(?:among|for|as|in|into|with|by)\s(?:an?\s|the\s)?", re.I
)
"""What leads from "more common" to those of whom it is said."""


_FIELD = re.compile(
    r"\bAI(?:/ML|-speciali[sz]ed)? (?:roles|jobs|positions|talent|market|people|hiring)\b|"
    r"(?<=\binto )AI\b(?! engineer| software| and| or|/)|"
    r"\b(?:market|demand|competition|jobs?) for AI\b(?! engineers| software)",
    re.I,
)


_FOR = re.compile(
    r"\s(?:(?!than\b|those\b|that\b)[\w%$.,]+\s){0,2}(?:among|for)\s(?:an?\s|the\s)?", re.I
)


_JOINT = re.compile(r"\b(?:whereas|while)\s|;\s", re.I)


@dataclass(frozen=True, slots=True)
class Comparison:
    """That one role has more (sign 1) or less (sign -1) than another, or than the rest."""

    one: str
    other: str | None
    sign: int
    quality: str = ""  # what is more or less so, with the words after it


def comparisons(text: str) -> list[Comparison]:
    """Comparisons between roles in normalised text."""
    found = []
    named = sorted(
        [*roles(text), *(Mention(FIELD, m.start(), m.end()) for m in _FIELD.finditer(text))],
        key=lambda mention: mention.start,
    )
    for match in COMPARATOR.finditer(text):
        if re.search(r"\b(?:or|and)\s$", text[: match.start()]):
            continue  # "or more" compares nothing
        joints = [j.end() for j in _JOINT.finditer(text[: match.start()])]
        start = joints[-1] if joints else 0
        before = [m for m in named if start <= m.start and m.end <= match.start()]
        if not before and _BOUNDS.match(text[match.end() :]):
            continue  # "more than half" bounds a figure
        after = [m for m in named if m.start >= match.end()]
        sign = sign_of(match[1])
        quality = f"{match[1]} {' '.join(text[match.end() :].split()[:3])}"
        other = None
        if (
            after
            and len(text[match.end() : after[0].start].split()) <= 9
            and _OBJECT.search(text[match.start() : after[0].start])
        ):
            other = after[0].name
        if after and _FOR.fullmatch(text[match.end() : after[0].start]):
            found.append(Comparison(after[0].name, None, sign, quality))
        elif before:
            one = before[-1].name
            if one == other or (other is None and " than " in text[match.end() :]):
                continue  # what stands after "than" is no role
            found.append(Comparison(one, other, sign, quality))
        elif (
            other and re.search(r"\bthan\b", text[match.end() : after[0].start]) and len(after) > 1
        ):
            found.append(Comparison(after[1].name, other, sign, quality))
        elif after and _AMONG.fullmatch(text[match.end() : after[0].start]):
            rival = after[1].name if len(after) > 1 else None
            if rival is None or re.search(r"\bthan\b", text[after[0].end : after[1].start]):
                found.append(Comparison(after[0].name, rival, sign, quality))
    return found


def disagreement(text: str, named: Sequence[Mention], cited: Sequence[Source]) -> str | None:
    """Why a sentence points another way than its evidence, or None."""
    settled = False
    held = [c for s in cited for c in comparisons(s.text)]
    facts = [f for s in cited for f in s.facts]
    told_apart = bool(re.search(r"\bthe (?:former|latter|other|one)\b", text))
    for said in [] if told_apart else comparisons(text):
        told = _told(said, held)
        if told is None:
            told = _by_figures(said, text, facts)
        if told is not None and told != said.sign:
            return f"its evidence puts {said.one} the other way round"
        settled = settled or told is not None
    return (
        (
            None
            if settled
            else swapped(text, cited) or taken_over(text, cited) or other_side(text, cited)
        )
        or _by_pair(text)
        or turned(text, cited)
        or _by_levels(text, [] if len({m.name for m in named}) > 1 else facts)
        or (
            None
            if settled or (len(cited) > 1 and " than " in text)
            else opposite(text, cited, figures=sum(f.quantity.unit != "date" for f in facts))
        )
        or denial(text, cited)
    )


def _told(said: Comparison, held: Sequence[Comparison]) -> int | None:
    for comparison in held:
        if said.other in (comparison.other, None) and comparison.one == said.one:
            return comparison.sign
        if comparison.other is None:
            if len(held) == 1 and comparison.one == said.other and _alike(said, comparison):
                return -comparison.sign
            continue
        if said.other is None and len(held) > 1:
            continue
        if comparison.other == said.one and said.other in (comparison.one, None):
            return -comparison.sign
    return None


def _alike(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons are of one quality."""
    qualities = [w for w in words(one.quality) if is_content(w) and w not in SIGNED]
    return any(map(Bag([other.quality]).has, qualities))


def _by_figures(said: Comparison, text: str, facts: Sequence[Fact]) -> int | None:
    """The sign that the figures of both roles give, where all of one kind agree."""
    if _MANNER.search(text):
        return None
    facts = [f for f in facts if f.quantity.unit not in ("ordinal", "rank", "date")]
    mentioned = {f.quantity.low for f in facts if _mentions(text, f)}
    spoken = [f for f in facts if f.quantity.low in mentioned]
    named = {f.role for f in spoken}
    both = said.one in named and (said.other in named if said.other else len(named) == 2)
    if both:
        facts = spoken
    levels = {m.name for m in level_mentions(text)} | ({"entry"} if starting(text) else set())
    of_each = _levels_of(text)
    if len(set(of_each.values())) > 1 and {said.one, said.other} <= set(of_each):
        facts = [f for f in facts if f.level == of_each.get(f.role or "")]
        ones = {f.quantity.low for f in facts if f.role == said.one}
        others = {f.quantity.low for f in facts if f.role == said.other}
        signs = {1 if a > b else -1 for a in ones for b in others if a != b}
        return signs.pop() if len(signs) == 1 else None
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


def _levels_of(text: str) -> dict[str, str]:
    """The level that each role of a sentence is named with."""
    levels = level_mentions(text)
    bound = ((m.name, bind(m.start, m.end, levels, text)) for m in roles(text))
    return {role: level for role, level in bound if level}


def _mentions(text: str, fact: Fact) -> bool:
    return f"{fact.quantity.low:g}" in text.replace(",", "") or (
        fact.quantity.low >= 1000 and f"{fact.quantity.low / 1000:g}k" in text.lower()
    )


def _by_levels(text: str, facts: Sequence[Fact]) -> str | None:
    """Whether figures of two levels stand the other way round than a sentence says."""
    match = COMPARATOR.search(text)
    named = level_mentions(text)
    if match is None or len({m.name for m in named}) != 2 or named[0].start > match.start():
        return None
    if not re.search(r"\b(?:than|over|against|compared)\b", text[match.start() : named[-1].start]):
        return None
    one, other = named[0].name, named[-1].name
    sign = sign_of(match[1])
    signs = {
        1 if a.quantity.low > b.quantity.low else -1
        for a in facts
        for b in facts
        if (a.level, b.level) == (one, other)
        and (a.role, a.quantity.unit, a.measure) == (b.role, b.quantity.unit, b.measure)
        and a.quantity.low != b.quantity.low
    }
    return "turns the figures of two levels round" if signs == {-sign} else None


def _by_pair(text: str) -> str | None:
    """Whether a sentence says "less: A against B" of an A above its B, or "more" of one below."""
    match = COMPARATOR.search(text)
    against = _AGAINST.search(text)
    if match is None or against is None or len(COMPARATOR.findall(text)) > 1:
        return None
    found = [q for q in quantities(text) if q.unit not in ("date", "ordinal", "rank")]
    left = [q for q in found if match.end() <= q.start < against.start()]
    right = [q for q in found if q.start >= against.end()]
    if not left or len(left) != len(right) or len(left) + len(right) != len(found):
        return None
    between = text[left[-1].end : against.start()]
    pairs = list(zip(left, right, strict=True))
    if len(between) > 3 or any(one.unit != other.unit for one, other in pairs):
        return None
    if all(sign_of(match[1]) * (one.low - other.low) < 0 for one, other in pairs):
        return "compares its figures the wrong way round"
    return None


_AGAINST = re.compile(r"\b(?:against|versus|vs\.?|compared (?:to|with))\s", re.I)
