"""Whether a quantity of the evidence is the one that a sentence claims."""

from __future__ import annotations

from typing import Final

from careerqa.grounding.facts import Quantity

_SHORT: Final = ("month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond")


def carries(evidence: Quantity, claim: Quantity) -> bool:
    """Whether a quantity of the evidence is the one that a sentence claims."""
    if not _units_agree(evidence, claim):
        return False
    if claim.unit == evidence.unit == "" and _as_long(evidence, claim):
        return True
    if claim.period and evidence.period and claim.period != evidence.period:
        return False
    if claim.unit == "%" and claim.period == "year" != evidence.period:
        return False
    if claim.unit != "%" and claim.period in _SHORT and claim.period != evidence.period:
        return False
    if claim.low != claim.high:
        return _same(evidence.low, claim.low, claim) and _same(evidence.high, claim.high, claim)
    value = claim.low
    if claim.unit == "date":
        return value in (evidence.low, evidence.high)
    if claim.bound == "over" and not _bounded(evidence, value, "over"):
        return False
    if claim.bound == "under" and not _bounded(evidence, value, "under"):
        return False
    if _same(evidence.low, value, claim) or _same(evidence.high, value, claim):
        return True
    if claim.bound == "over":
        return 0 < evidence.low - value <= _slack(claim) and _round(value, evidence.low)
    if claim.bound == "under":
        return 0 < value - evidence.high <= _slack(claim) and _round(value, evidence.high)
    return False


def _slack(claim: Quantity) -> float:
    """How far a figure may lie beyond the round one that is said to bound it."""
    return max(0.15 * claim.low, 5 if claim.unit == "%" else 0)


_FRACTIONS: Final = frozenset(
    round(100 * part / whole, 1)
    for whole in (3, 6, 7, 8, 9)
    for part in range(1, whole)
    if 100 * part % whole
)
"""Parts of a whole that no round percentage gives."""


_LENGTHS: Final = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760, "decade": 87600}


def _as_long(evidence: Quantity, claim: Quantity) -> bool:
    """Whether two spans of time are one, counted in other units: two days are 48 hours."""
    one, other = _LENGTHS.get(evidence.period, 0), _LENGTHS.get(claim.period, 0)
    if not one or not other or one == other:
        return False
    return evidence.low * one == claim.low * other and evidence.high * one == claim.high * other


def _units_agree(evidence: Quantity, claim: Quantity) -> bool:
    if evidence.unit == claim.unit:
        return True
    currencies = {"usd", "eur", "gbp", "inr"}
    if claim.unit == "":
        return (evidence.unit in currencies and claim.low >= 1000) or evidence.unit == "rank"
    return claim.unit == "rank" and evidence.unit in ("", "rank") and evidence.low < 100


def _same(evidence: float, claim: float, quantity: Quantity) -> bool:
    if abs(evidence - claim) <= 1e-9 * max(1.0, abs(claim)):
        return True
    if quantity.unit == "date":
        return False
    if quantity.unit == "%" and claim != int(claim) and evidence == int(evidence) == round(claim):
        return True  # one in fourteen is 7%
    fraction = quantity.unit == "%" and claim in _FRACTIONS
    if fraction or quantity.bound == "near":
        tolerance = 2 if quantity.unit == "%" else 0.05 * abs(evidence)
        return abs(evidence - claim) <= tolerance and (fraction or _rounder(claim, evidence))
    return False


def _round(bound: float, exact: float) -> bool:
    return bound % 10 == 0 or _rounder(bound, exact)


def _rounder(rounded: float, exact: float) -> bool:
    """Whether a number has fewer significant digits than the one it may stand for."""
    if rounded in _FRACTIONS:
        return True
    return len(f"{rounded:.0f}".strip("0")) < len(f"{exact:g}".replace(".", "").strip("0"))


def _bounded(evidence: Quantity, value: float, bound: str) -> bool:
    if evidence.bound == bound or (evidence.bound, bound) == ("least", "over"):
        return True
    if evidence.bound == "near":
        return evidence.low != value
    if bound == "over":
        return evidence.low > value or (evidence.low == value and evidence.high > value)
    return evidence.high < value or (evidence.high == value and evidence.low < value)
