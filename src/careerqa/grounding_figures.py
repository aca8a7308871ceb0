"""Rules of the grounding check on figures: they stand there, and belong to whom they should."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa import grounding_direction as direction
from careerqa.grounding_case import Case
from careerqa.grounding_facts import Quantity
from careerqa.grounding_matching import carries
from careerqa.grounding_owners import AGAINST, bind, bindings
from careerqa.grounding_sources import EXCLUSIVE, Fact, measure_mentions, starting
from careerqa.grounding_words import MEASURES, SIGNS_UP, words


def figures(case: Case) -> str | None:
    """Every number, amount, share and year stands in the evidence, with its unit."""
    for quantity in case.quantities:
        if case.matching(quantity) or any(carries(q, quantity) for q in case.header_quantities):
            continue
        if quantity.unit == "%" and quantity.low == 50 and _about_half(case, quantity):
            continue
        if quantity.unit in ("", "rank", "ordinal") and _counts_off(case, quantity):
            continue
        if _from_two(case, quantity) or _in_a_row(case, quantity):
            continue
        if _apart(case, quantity) or _times(case, quantity):
            continue
        return f"{quantity} stands in none of its evidence"
    return None


def _about_half(case: Case, half: Quantity) -> bool:
    shares = [f.quantity for f in case.facts if f.quantity.unit == "%"]
    if half.bound == "under":
        return any(q.low < 50 for q in shares)
    if half.bound == "over":
        return any(50 < q.low < 100 for q in shares)
    return any((44 if half.bound == "near" else 48) <= q.low <= 54 for q in shares)


def _counts_off(case: Case, quantity: Quantity) -> bool:
    """A small number that counts things which the evidence lists, or says "both" for two."""
    if quantity.low == 1 and re.search(
        r"\b(?:first|top|number|single|one|a)\b", case.evidence, re.I
    ):
        return True
    after = case.text[quantity.end : quantity.end + 24]
    if re.match(r"\s?(?:years?|months?|days?|hours?|%|times|x\b|percent)", after):
        return False
    if quantity.low == len(case.cited) and re.match(_SOURCES, after):
        return True
    if quantity.low == 2 and re.search(r"\b(?:the|these|those) $", case.text[: quantity.start]):
        return True  # what was spoken of before
    if quantity.low == 2:
        named = len({r for s in case.cited for r in s.roles})
        return named == 2 or bool(re.search(r"\bboth\b|\bpair\b|\btwo\b", case.evidence, re.I))
    small = quantity.low == quantity.high and 2 < quantity.low <= 8
    if small and any(sum(f.of_row for f in s.facts) == quantity.low for s in case.cited):
        return True
    return small and any(
        s.text.count(",") + 1 in (quantity.low, quantity.low - 1) for s in case.cited
    )


_SOURCES: Final = (
    r"\s(?:\w+\s)?(?:documents?|sources?|pages?|reports?|statements?|surveys?|guides?|figures?|"
    r"accounts?|articles?|estimates?|quotes?|passages?|texts?)\b"
)


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
    r"\b(?:more|less|higher|lower|lead|leads|gap|difference|ahead|behind|above|below|points?|extra|"
    r"premium|up|down|rose|fell|grew|gained|gains?|advantage|margin|apart|fewer|edge|separates?)\b",
    re.I,
)


def _apart(case: Case, quantity: Quantity) -> bool:
    """The difference of two figures of one level, or of one title, where a gap is spoken of."""
    around = f"{case.text[: quantity.start][-40:]} {case.text[quantity.end :][:40]}"
    if quantity.low != quantity.high or not _GAP.search(around):
        return False
    points = re.match(r"\s(?:percentage\s)?points?\b", case.text[quantity.end :])
    unit = "%" if points or quantity.unit == "points" else quantity.unit
    named = {m.name for m in case.levels}
    facts = [f for f in case.facts if f.quantity.unit == unit]
    facts = [f for f in facts if f.level in named] if named else facts
    ends = [(f, value) for f in facts for value in {f.quantity.low, f.quantity.high}]
    return bool(unit) and any(
        abs(abs(value - other_value) - quantity.low) < 1e-9 * quantity.low
        for number, (one, value) in enumerate(ends)
        for other, other_value in ends[number + 1 :]
        if one.level == other.level or one.role == other.role
    )


_TIMES = re.compile(r"^(?:\s?x\b|\stimes\b|\s(?:\S+\s){1,6}?(?:for|to|per) (?:each|every|one|1)\b)")


def _times(case: Case, quantity: Quantity) -> bool:
    """How many times one figure holds another of its kind, to the nearest whole or ten."""
    if quantity.unit or quantity.low < 2 or not _TIMES.match(case.text[quantity.end :]):
        return False
    values = [(f.quantity.unit, f.quantity.low) for f in case.facts if f.quantity.unit != "date"]
    near = 0.5 if quantity.low < 10 else 0.05 * quantity.low
    return any(
        one == other and small and abs(large / small - quantity.low) <= near
        for one, large in values
        for other, small in values
    )


def _in_a_row(case: Case, quantity: Quantity) -> bool:
    """Two years in a row are a second year in succession."""
    after = case.text[quantity.end : quantity.end + 40]
    if not re.match(r"\s(?:\w+\s){1,2}(?:in a row|running|straight|in succession)\b", after):
        after = (re.match(r"\s(?:straight|consecutive|successive)\s", after) and after) or ""
    ordinal = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(int(quantity.low), "-")
    return bool(after) and ordinal in case.evidence.lower()


def ownership(case: Case) -> str | None:
    """A figure goes with the role, level and measure that its evidence gives it."""
    by_role = bindings(case.quantities, case.roles, case.text)
    by_level = bindings(case.quantities, case.levels, case.text)
    measures = [m for m in measure_mentions(case.text) if m.name in EXCLUSIVE]
    for quantity, role, level in zip(case.quantities, by_role, by_level, strict=True):
        facts = case.matching(quantity)
        if re.match(r"\s\w+\s(?:ago|later|before)\b", case.text[quantity.end :]):
            continue
        if _ALL_OF.search(case.text[: quantity.start]):
            continue
        if not facts or quantity.unit in ("date", "ordinal", "rank"):
            continue
        compared = len({m.name for m in case.roles}) > 1 and direction.comparisons(case.text)
        if compared and any(direction.comparisons(f.text) for f in facts):
            continue  # a difference between two; `way` looks at it
        named = {m.name for m in case.roles}
        lone = role is None and len(named) == 1 and not AGAINST.search(case.text)
        owner = next(iter(named)) if lone and all(f.of_row for f in facts) else role
        if owner and not any(f.role in (None, owner) for f in facts):
            return f"{quantity} is the figure of {facts[0].role}, not of {owner}"
        if role and not any(f.role in (None, role) for f in facts):
            return f"{quantity} is the figure of {facts[0].role}, not of {role}"
        if role:
            facts = [f for f in facts if f.role in (None, role)]
        if level and not any(f.level in (None, level) for f in facts):
            return f"{quantity} is the figure of level {facts[0].level}, not {level}"
        of_pay = quantity.unit in ("usd", "eur", "gbp")
        if (
            not level
            and all(f.level and (f.of_row or of_pay) for f in facts)
            and not _level_told(case, facts)
        ):
            return f"{quantity} is the figure of level {facts[0].level} only"
        measure = bind(quantity.start, quantity.end, measures, case.text)
        if measure and not any(f.measure in (None, measure) for f in facts):
            return f"{quantity} is the {facts[0].measure}, not the {measure}"
    return None


_ALL_OF = re.compile(r"\b(?:of|across|among) (?:the|all|all the)\s(?:\w+\s)?$", re.I)
"""What leads to the number of all things, of which a part is told."""


def _level_told(case: Case, facts: Sequence[Fact]) -> bool:
    named = {m.name for m in case.levels} | ({"entry"} if starting(case.text) else set())
    if any(f.level in named for f in facts):
        return True
    if re.search(
        r"\b(?:middle|stage|level|step|rung|point|seniority|throughout|progress|experience)",
        case.text,
    ):
        return True
    listed = {f.level for q in case.quantities for f in case.matching(q)}
    return len(listed) >= 3


def measures(case: Case) -> str | None:
    """A term of measuring stands in the evidence, too."""
    said = set(words(case.text))
    for name, listed in MEASURES.items():
        used = said & listed
        if not used or (name == "average" and "on average" in case.text):
            continue
        if name == "base" and not re.search(r"\bbase (?:pay|salar|comp)|[$€£]", case.text):
            continue
        if name == "share" or (
            name in ("minimum", "maximum", "growth")
            and not any(q.unit == "%" for q in case.quantities)
        ):
            continue
        there = bool(case.wide.words & listed)
        if name == "growth":
            shares = [f for q in case.quantities for f in case.matching(q) if q.unit == "%"]
            there = there or bool(_CHANGE.search(case.evidence))
            of_rows = bool(shares) and all(f.of_row for f in shares)
            there = there or not (
                of_rows or any(f.text and _NO_GROWTH.search(f.text) for f in shares)
            )
        if name == "premium" and not case.quantities:
            there = there or bool(case.wide.words & SIGNS_UP)
        if not there and not (name == "average" and "mean" in used):
            return f"its evidence gives no {name}"
    return None


_CHANGE = re.compile(r"(?<!make )(?<!makes )(?<!made )(?<!show )\bup\b|\b(?:down|from)\b", re.I)


_NO_GROWTH = re.compile(
    r"\b(?:makes? up|made up|account|share|constitut|represent|% of|premium)", re.I
)
