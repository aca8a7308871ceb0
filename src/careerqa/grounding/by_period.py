"""A year's pay by the month, and the like: figures of the evidence for another period."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.facts import CURRENCIES, Quantity
from careerqa.grounding.sources import Fact

_IN_A_YEAR: Final = {"year": 1, "month": 12, "week": 52, "day": 260, "hour": 2080}
"""How many of each a year has; days and hours are those of work."""
_PER = re.compile(
    r"\b(?:an?|per|each|every) (year|month|week|day|hour)\b|\b(month|week|year)ly\b", re.I
)
_A_YEAR = re.compile(r"\b(?:(?:a|per|each|every)(?: single)? year|yearly|annual(?:ly)?)\b", re.I)
LEAST: Final = 1000  # a number that is not of money from which it can be told for another period


def by_period(case: Case, quantity: Quantity) -> bool:
    """Whether a figure is one of the evidence told by the month, week or year instead.

    Pay without a period is a year's. The figure must be of the roles and levels that are named.
    """
    told = {quantity.period} if quantity.period else _periods(case.text)
    claimed = _IN_A_YEAR.get(told.pop()) if len(told) == 1 else None
    paid = quantity.unit in CURRENCIES
    if claimed is None or not (paid or (quantity.unit == "" and quantity.low >= LEAST)):
        return False
    for fact in case.facts:
        given = _IN_A_YEAR.get(_period_of(fact))
        if given in (None, claimed) or (fact.quantity.unit in CURRENCIES) != paid:
            continue
        ends = [value * given / claimed for value in (fact.quantity.low, fact.quantity.high)]
        if _is_named(case, fact) and _fits(quantity, ends):
            return True
    return False


def _periods(text: str) -> set[str]:
    return {(match[1] or match[2]).lower() for match in _PER.finditer(text)}


def _period_of(fact: Fact) -> str:
    if fact.quantity.period:
        return fact.quantity.period
    yearly = fact.quantity.unit in CURRENCIES or _A_YEAR.search(fact.text)
    return "year" if yearly else ""


def _is_named(case: Case, fact: Fact) -> bool:
    """Whether the role and level of a fact are those of the sentence, where both have one."""
    roles, levels = {m.name for m in case.roles}, {m.name for m in case.levels}
    return (not roles or fact.role in {None, *roles}) and (
        not levels or fact.level in {None, *levels}
    )


def _fits(quantity: Quantity, ends: list[float]) -> bool:
    if quantity.low == quantity.high:
        return any(_near(quantity.low, end, quantity.bound) for end in ends)
    claimed = (quantity.low, quantity.high)
    return all(_near(one, end, quantity.bound) for one, end in zip(claimed, ends, strict=True))


def _near(claimed: float, exact: float, bound: str) -> bool:
    """Whether a figure is the exact one, rounded, or a round one that bounds it."""
    if bound == "over" and 0 <= exact - claimed <= 0.1 * exact:
        return True
    if bound == "under" and 0 <= claimed - exact <= 0.1 * exact:
        return True
    return abs(claimed - exact) <= 0.02 * exact
