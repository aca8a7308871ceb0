"""Rules of the grounding check on what turns on small words: conditions, periods, from and to."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from careerqa.grounding.by_period import by_period
from careerqa.grounding.case import Case
from careerqa.grounding.facts import Quantity, quantities
from careerqa.grounding.words import Bag, is_matter, is_titular, stem, words

_EVEN = re.compile(
    r"\b(?:even (?:if|when|though|without|in the absence|with no)|regardless|irrespective|"
    r"no matter|whether or not|with or without|independent(?:ly)? of|unconditional(?:ly)?|"
    r"whether (?:you|they|one|it|the))\b",
    re.I,
)
_IF = re.compile(
    r"\b(?:unless|if|provided|only when|only with|as long as|accompanied|when|until|subject to|"
    r"without|depend(?:s|ing|ent)?)\b",
    re.I,
)


def conditions(case: Case) -> str | None:
    """What holds under a condition isn't said to hold in any case."""
    if not _EVEN.search(case.text) or _EVEN.search(case.evidence):
        return None
    if _IF.search(case.evidence):
        return "drops the condition of its evidence"
    return None


_FIRM = re.compile(
    r"\b(?:will(?: have to)?|must|are going to|is going to|are bound to|is bound to|always|"
    r"are certain to|is certain to|invariably|have to|has to)\s(?:always\s|have\s|be\s|to\s)*(\w+)",
    re.I,
)
_SOFT = re.compile(
    r"\b(?:may|might|could|can|should|often|sometimes|typically|usually|generally|tends? to|"
    r"likely to|need not|not necessarily|not have to|occasionally)\s"
    r"(?:often\s|also\s|have\s|be\s|to\s|well\s)*(\w+)",
    re.I,
)


def certainty(case: Case) -> str | None:
    """What may be in the evidence isn't said to be sure to come."""
    held = {stem(m[1]) for m in _SOFT.finditer(case.evidence)}
    firm = {stem(m[1]) for m in _FIRM.finditer(case.evidence)}
    for match in _FIRM.finditer(case.text):
        if stem(match[1]) in held - firm and len(match[1]) > 2:
            return f"makes sure what its evidence leaves open: “{match.group()}”"
    return None


_PERIODS: Final = [
    re.compile(rf"\b(?:{forms})\b", re.I)
    for forms in (
        "milliseconds?|ms", "minutes?", "hours?|hourly|hrs?", "days|daily|every day|each day",
        "weeks?|weekly|fortnight", "months?|monthly", "quarterly", "decades?", "centur(?:y|ies)",
    )
]  # fmt: skip
_THESE_DAYS = re.compile(
    r"\b(?:these|those|most|early|nowa|coming) ?days\b|\bday-to-day\b|\bday to day\b|"
    r"\beveryday\b|\bafter hours\b|\bworking hours\b|\bby the (?:hour|minute)\b",
    re.I,
)
_TIME = re.compile(r"\btime\b", re.I)
_ONES_OWN = re.compile(r"(?:\b(?:their|his|her|its|your|the|more of)|'s)\s(?:\w+\s)?$", re.I)
_DAY = re.compile(r"\bday-to-day|\bday\b|\beveryday\b", re.I)


def periods(case: Case) -> str | None:
    """Minutes, hours, days, weeks and months are those of the evidence."""
    text = _THESE_DAYS.sub(" ", case.text)
    for pattern in _PERIODS:
        match = pattern.search(text)
        if match and not any(pattern.search(f"{s.text} {s.header}") for s in case.cited):
            if match.group().startswith("decade") and _a_decade(case):
                continue
            if "days" in pattern.pattern and _DAY.search(case.evidence):
                continue
            if re.search(r"\b(?:more|fewer|less|long|many) $", text[: match.start()]) and re.search(
                r"\b(?:time|long\w*)\b", case.evidence, re.I
            ):
                continue
            own = _ONES_OWN.search(text[: match.start()])
            if match.group().lower() == "hours" and own and _TIME.search(case.evidence):
                continue  # "more of their hours"
            spans = [q for q in case.quantities if q.period and pattern.search(f"{q.period}s")]
            if spans and all(case.matching(q) or by_period(case, q) for q in spans):
                continue
            if len(case.quantities) == 1 and by_period(case, case.quantities[0]):
                continue
            return f"its evidence does not speak of {match.group()}"
    return None


def _a_decade(case: Case) -> bool:
    """Whether ten years lie between two dates of the evidence."""
    years = {y for f in case.facts if f.quantity.unit == "date" for y in _ends(f.quantity)}
    return any(year + 10 in years for year in years)


def _ends(quantity: Quantity) -> tuple[float, float]:
    return quantity.low, quantity.high


_PART = re.compile(r"(?<=[.!?;])\s|,\s(?!\d)|\s(?=(?:with|while|and|but|by|up from|from|then)\s)")


def dated(case: Case) -> str | None:
    """What a sentence dates is in the evidence not dated otherwise."""
    if len(case.quantities) != 1 or any(s.evidence.header for s in case.cited):
        return None
    (date,) = case.quantities
    if date.unit != "date" or date.low != date.high:
        return None
    near, far = [], []
    for part in (part for s in case.cited for part in _PART.split(s.text)):
        dates = [q for q in quantities(part) if q.unit == "date"]
        if any(q.low <= date.low <= q.high for q in dates):
            near.append(part)
        elif dates:
            far.append(part)
    here, there = Bag(near), Bag(far)
    said = [w for w in words(case.text) if is_matter(w) and not is_titular(w)]
    said = [w for w in said if here.has(w) != there.has(w) and not w[0].isdigit()]
    if near and said and not any(map(here.has, said)):
        return f"its evidence says “{said[0]}” of another year than {date.low:g}"
    return None


_FROM_TO = re.compile(r"\bfrom\s(?:\w+\s){0,4}?$", re.I)
_TO = re.compile(r"^[^.;]{0,40}?\bto\s(?:\w+\s){0,3}?$", re.I)
_BACK = re.compile(
    r"^[^.;]{0,60}?\b(?:rose|grew|(?:in|de)crease\w*)\s?from\s(?:\w+\s){0,3}?$", re.I
)


def _moves(text: str, found: list[Quantity]) -> set[tuple[float, float]]:
    """From which value to which one things move in a text."""
    moves = set()
    for one, other in pairwise(found):
        if one.unit != other.unit or one.unit == "date":
            continue
        between = text[one.end : other.start]
        if _FROM_TO.search(text[: one.start]) and _TO.match(between):
            moves.add((one.low, other.low))
        elif _BACK.match(between):
            moves.add((other.low, one.low))
    moves |= {
        (q.low, q.high) for q in found if q.low != q.high and _FROM_TO.search(text[: q.start])
    }
    return moves


_CHANGE: Final = frozenset(
    {"rose", "risen", "grew", "grown", "fell", "fallen", "dropped", "climbed", "increased", "up"}
    | {"declined", "decreased", "jumped", "down", "shrank", "went", "moved", "gone", "rise"}
    | {"increase", "fall", "surged", "improved", "sank", "shrunk", "doubled", "falling", "rising"}
    | {"growing", "dropping", "climbing", "declining", "shrinking", "jumping", "sinking"}
)


def moved(case: Case) -> str | None:
    """What moves from one value to another moves between the same in the evidence, and that way."""
    if not _CHANGE & set(words(case.text)):
        return None
    for one, other in _moves(case.text, case.quantities):
        held = set()
        for source in case.cited:
            quantities = [f.quantity for f in source.facts]
            by_text = {f.text for f in source.facts}
            for text in by_text:
                held |= _moves(text, [f.quantity for f in source.facts if f.text == text])
            held |= _moves(source.text, quantities) if len(by_text) == 1 else set()
        if (one, other) in held or not held:
            continue
        if any({one, other} & set(pair) for pair in held):
            return f"its evidence has no way from {one:g} to {other:g}"
    return None
