"""Figures that follow from those of the evidence: halves, counts, gaps, shares and multiples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from careerqa.grounding.by_period import by_period
from careerqa.grounding.case import Case
from careerqa.grounding.facts import CURRENCIES, Quantity
from careerqa.grounding.sources import Fact
from careerqa.grounding.words import SIGNS_DOWN, words


def reckoned(case: Case, quantity: Quantity) -> bool:
    """Whether a figure of a sentence follows from those of its evidence."""
    if quantity.unit == "%" and quantity.low == 50 and _about_half(case, quantity):
        return True
    if quantity.unit in ("", "rank", "ordinal") and _counts_off(case, quantity):
        return True
    derived = (_from_two, _in_a_row, _apart, _times, _rest, _in_percent, _years_between, by_period)
    return any(rule(case, quantity) for rule in derived)


def _about_half(case: Case, half: Quantity) -> bool:
    shares = [f.quantity for f in case.facts if f.quantity.unit == "%"]
    if half.bound == "under":
        return any(q.low < 50 for q in shares)
    if half.bound == "over":
        return any(50 < q.low < 100 for q in shares)
    return any((44 <= q.low <= 56) if half.bound == "near" else 48 <= q.low <= 54 for q in shares)


def _counts_off(case: Case, quantity: Quantity) -> bool:
    """A small number that counts things which the evidence lists, or says "both" for two."""
    if quantity.low == 1 and re.search(
        r"\b(?:first|top|number|single|one|a)\b", case.evidence, re.I
    ):
        return True
    after = case.text[quantity.end : quantity.end + 24]
    if re.match(r"\s?(?:years?|months?|days?|hours?|%|times|x\b|percent)", after):
        return False
    of_each = re.match(_SOURCES, after) or quantity.low in _listed(case.text)
    if quantity.low == len(case.cited) and of_each:
        return True
    if quantity.low == 2 and re.search(r"\b(?:the|these|those) $", case.text[: quantity.start]):
        return True  # what was spoken of before
    if quantity.low == 2 and re.match(_ALIKE, after):
        return bool(re.search(r"\b(?:over|than|versus|against|compared|similar)\b", case.evidence))
    if re.match(r"\sof (?:the|these|those|its|their|your)\s", after):
        return any(quantity.low <= max(_listed(s.text)) for s in case.cited)
    if quantity.low == 2:
        named = len({r for s in case.cited for r in s.roles})
        return named == 2 or bool(re.search(r"\bboth\b|\bpair\b|\btwo\b", case.evidence, re.I))
    small = quantity.low == quantity.high and 2 < quantity.low <= 8 and not quantity.bound
    if small and any(sum(f.of_row for f in s.facts) == quantity.low for s in case.cited):
        return True
    return small and any(quantity.low in _listed(s.text) for s in case.cited)


def _listed(text: str) -> set[int]:
    """How many things the lists of a text may count."""
    counts: set[int] = set()
    for part in re.split(r"[:.;()]\s?|\s-\s", text):
        things = part.split(", ")
        last = re.search(r"[^,]\s(?:and|or)\s", things[-1]) and not things[-1].startswith(_AND)
        counts |= {len(things) + bool(last)} | ({len(things)} if len(things) > 1 else set())
    return counts | {text.count(",") + 1 if "," in text and ":" not in text else 0}


_SOURCES: Final = (
    r"\s(?:\w+\s)?(?:documents?|sources?|pages?|reports?|statements?|surveys?|guides?|figures?|"
    r"accounts?|articles?|estimates?|quotes?|passages?|texts?)\b"
)

_AND: Final = ("and ", "or ")
_ALIKE: Final = r"\s(?:\w+ly\s)?(?:similar|alike|equal|comparable|like|otherwise|matched)\b"


def _from_two(case: Case, quantity: Quantity) -> bool:
    """A range whose ends stand as single figures of one row or clause of the same unit."""
    if quantity.low == quantity.high:
        return False
    for source in case.cited:
        singles = [f for f in source.facts if f.quantity.low == f.quantity.high]
        ends = [
            [f for f in singles if f.quantity.unit == quantity.unit and f.quantity.low == value]
            for value in (quantity.low, quantity.high)
        ]
        if not all(ends):
            continue
        if quantity.unit == "%":
            return True  # "7 to 8 percent" of two shares
        if not any(a.role == b.role for a in ends[0] for b in ends[1]):
            continue
        if all(f.of_row for f in ends[0]) or any(
            re.search(
                r"\b(?:from|against|to|than)\W{0,3}(?:\w+\s){0,2}$", f.text[: f.quantity.start]
            )
            for f in (*ends[0], *ends[1])
        ):
            return True
    return False


_GAP = re.compile(
    r"\b(?:more|less|higher|lower|lead|leads|gap|difference|differs?|ahead|behind|above|below|"
    r"points?|extra|premium|up|down|r[io]ses?|f[ae]lls?|grew|grow\w*|gained|gains?|advantage|margin|"
    r"apart|fewer|edge|separates?|head start|wide[rn]?\w*|spread|spans?|jumps?|climbs?|adds?|"
    r"increases?|raise|step|short of|separat\w*|between|beyond|over|under|on top|bumps?|drops?|"
    r"better|worse|pull\w*|outearns?|exceeds?|trails?|lags?|shy)\b",
    re.I,
)


def _ends(case: Case, unit: str) -> list[tuple[Fact, float]]:
    """The figures of a unit in the evidence, of the levels that the sentence names."""
    named = {m.name for m in case.levels}
    facts = [f for f in case.facts if f.quantity.unit == unit]
    facts = [f for f in facts if f.level in named or f.level is None] if named else facts
    return [(f, value) for f in facts for value in sorted({f.quantity.low, f.quantity.high})]


def _pairs(case: Case, unit: str) -> Iterator[tuple[float, float]]:
    """Two figures that a sentence may set against each other, the lesser one first."""
    ends = _ends(case, unit)
    told = {value for q in case.quantities for value in (q.low, q.high)}
    named = {m.name for m in case.levels}
    for number, (one, value) in enumerate(ends):
        for other, other_value in ends[number + 1 :]:
            kin = one.level == other.level or one.role == other.role or one.text == other.text != ""
            kin = kin or len({m.name for m in case.levels}) > 1
            kin = (
                kin
                or (value in told and other.level in named)
                or (other_value in told and one.level in named)
            )
            if kin or {value, other_value} <= told:
                yield (value, other_value) if value < other_value else (other_value, value)


def _around(case: Case, quantity: Quantity) -> str:
    return f"{case.text[: quantity.start][-80:]} {case.text[quantity.end :][:60]}"


def _apart(case: Case, quantity: Quantity) -> bool:
    """The difference of two figures, where a gap is spoken of."""
    if quantity.low != quantity.high or not _GAP.search(_around(case, quantity)):
        return False
    points = quantity.unit == "points" or bool(
        re.match(r"\s(?:percentage\s)?points?\b", case.text[quantity.end :])
    )
    unit = "%" if points else quantity.unit
    if unit == "%" and not points:
        return False  # `_in_percent` looks at it
    if unit == "" and quantity.low >= 1000:
        units = {f.quantity.unit for f in case.facts if f.quantity.unit in ("", *CURRENCIES)}
        unit = units.pop() if len(units) == 1 else ""
    elif unit == "":
        told = re.match(r"\s(?:more|fewer|less)\sthan\b", case.text[quantity.end :])
        spans = [v for f, v in _ends(case, "") if f.quantity.period == "year"]
        return bool(told) and any(abs(a - b) == quantity.low for a in spans for b in spans)
    slack = 0.03 if quantity.bound == "near" else 1e-9
    return unit != "date" and any(
        abs(more - less - quantity.low) <= slack * quantity.low for less, more in _pairs(case, unit)
    )


def _in_percent(case: Case, quantity: Quantity) -> bool:
    """By how much one figure exceeds another, or what part of it that is."""
    single = quantity.unit == "%" and quantity.low == quantity.high
    if single and _PART_OF.match(case.text[quantity.end :]):
        parts = [
            100 * less / more for unit in ("usd", "") for less, more in _pairs(case, unit) if more
        ]
        if quantity.bound == "under":
            return any(0 < quantity.low - part <= 3 for part in parts)
        return any(abs(part - quantity.low) <= 2.5 for part in parts)
    if not single or not _GAP.search(_around(case, quantity)):
        return False
    slack = 2.5 if quantity.bound in ("near", "over", "under") else 1
    down = SIGNS_DOWN & set(words(_around(case, quantity)))
    pairs = [pair for unit in ("usd", "eur", "gbp", "") for pair in _pairs(case, unit) if pair[0]]
    parts = [1 - less / more if down else more / less - 1 for less, more in pairs]
    return any(abs(100 * part - quantity.low) <= slack for part in parts)


_PART_OF = re.compile(r"\sof (?:what|that|the (?:former|earlier|original|old|first))\b", re.I)
_TIMES = re.compile(
    r"^(?:\s?x\b|\sto (?:1|one)\b|\stimes\b|\s(?:\S+\s){1,6}?(?:for|to|per) (?:each|every|one|1)\b)"
)


_FOR_EACH = re.compile(r"\bfor (?:each|every|one)\b", re.I)
_LEFT = re.compile(r"\b(?:left|to go)\b", re.I)
_DENIAL = re.compile(r"\b(?:not|no|never|\w+n't)\b", re.I)


def _rest(case: Case, quantity: Quantity) -> bool:
    """What a share leaves: a fifth is left to go of 80%, at most a third do where 66% don't."""
    if quantity.unit != "%" or quantity.low != quantity.high:
        return False
    slack = 2.5 if quantity.bound in ("near", "under", "over") else 1
    left = bool(_LEFT.search(case.text))
    for fact in case.facts:
        turned = quantity.bound == "under" and bool(_DENIAL.search(fact.text))
        turned = turned and not _DENIAL.search(case.text)
        of_rest = fact.quantity.unit == "%" and (left or turned)
        if of_rest and abs(100 - fact.quantity.low - quantity.low) <= slack:
            return True
    return False


def _times(case: Case, quantity: Quantity) -> bool:
    """How many times one figure holds another of its kind, to the nearest whole or ten."""
    for_each = _FOR_EACH.search(case.text[: quantity.start])
    if quantity.unit or quantity.low < 2:
        return False
    if not for_each and not _TIMES.match(case.text[quantity.end :]):
        return False
    values = [
        (f.quantity.unit, value)
        for f in case.facts
        for value in {f.quantity.low, f.quantity.high}
        if f.quantity.unit != "date"
    ]
    near = 0.5 if quantity.low < 10 else 0.05 * quantity.low
    above = 1 if quantity.bound == "over" else near
    return any(
        one == other and small and -near <= large / small - quantity.low <= above
        for one, large in values
        for other, small in values
    )


def _years_between(case: Case, quantity: Quantity) -> bool:
    """Years from one date of the evidence to another."""
    if quantity.unit or quantity.period not in ("year", "decade"):
        return False
    years = quantity.low * (10 if quantity.period == "decade" else 1)
    for source in case.cited:
        dates = {
            value
            for f in source.facts
            if f.quantity.unit == "date"
            for value in (f.quantity.low, f.quantity.high)
        }
        if any(date + years in dates for date in dates):
            return True
    return False


def _in_a_row(case: Case, quantity: Quantity) -> bool:
    """Two years in a row are a second year in succession."""
    after = case.text[quantity.end : quantity.end + 40]
    dates = {f.quantity.low for f in case.facts if f.quantity.unit == "date"}
    if len(dates) == quantity.low and re.match(r"\s(?:straight\s)?years?\b", after):
        return True  # both 2025 and 2026
    if not re.match(r"\s(?:\w+\s){1,2}(?:in a row|running|straight|in succession)\b", after):
        after = (re.match(r"\s(?:straight|consecutive|successive)\s", after) and after) or ""
    ordinal = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(int(quantity.low), "-")
    return bool(after) and ordinal in case.evidence.lower()
