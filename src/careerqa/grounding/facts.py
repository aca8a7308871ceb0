"""Text → quantities: numbers and ranges with their units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


_MAGNITUDE: Final = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "million": 1e6, "mn": 1e6,
    "bn": 1e9, "b": 1e9, "billion": 1e9, "hundred": 1e2, "trillion": 1e12,
    "hundred thousand": 1e5, "hundred million": 1e8,
}  # fmt: skip


_CURRENCY: Final = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollars": "usd", "€": "eur", "eur": "eur",
    "euro": "eur", "euros": "eur", "£": "gbp", "gbp": "gbp", "pounds": "gbp", "₹": "inr",
}  # fmt: skip


CURRENCIES: Final = ("usd", "eur", "gbp")
"""Units of pay."""


_QUANTITY = re.compile(
    rf"(?<![\w.+])(?<![A-Za-z]{{2}}-)(?P<hash>\#)?(?P<cur>us\$|usd\s?|eur\s?|gbp\s?|"
    rf"[$€£₹])?\s?(?<![A-Za-z\d])"
    rf"(?P<num>{_NUMBER})(?:\s?(?P<mag>hundred\s(?:thousand|million)|thousand|million|billion|trillion|hundred|bn|mm|mn|k|m|b)"
    rf"(?![A-Za-z]))?(?:(?P<ord>st|nd|rd|th)(?![A-Za-z]))?(?P<plus>\+)?"
    rf"(?:\s?(?P<pct>%|percent\b|per\scent\b|percentage\spoints?\b)|"
    rf"\s(?P<after>dollars|euros?|pounds|usd|eur|gbp)\b)?(?P<s>s\b)?(?:/(?P<per>yr|year|hr|"
    rf"hour|mo|month))?"
    rf"(?![\d]|[A-Za-z](?!\w*\s))",
    re.I,
)


_RANGE = re.compile(r"\s?(?:-|to|through)\s?$", re.I)


_BETWEEN = re.compile(r"(?:between|from|runs?|ranges?)\b[^.;]{0,12}$", re.I)


_PERIODS: Final = {
    "year": "year", "yr": "year", "annual": "year", "month": "month", "mo": "month",
    "week": "week", "day": "day", "daily": "day", "hour": "hour", "hr": "hour",
    "second": "second", "millisecond": "millisecond", "ms": "millisecond",
    "microsecond": "microsecond", "minute": "minute", "min": "minute", "decade": "decade",
}  # fmt: skip


_PERIOD = re.compile(
    r"^\W{0,2}(?:(?:\w+\s){0,2}?(?:per|a|an|each|every|one)\s|in (?:a|one)(?: single)?\s|"
    r"\w+\s(?:a|per)\s)?"
    r"(annual|daily|year|yr|month|week|day|hour|hr|decade|millisecond|microsecond|second|"
    r"ms|minute|min)(?:s|ly)?\b(?!\s(?:earlier|ago|later|prior|old|"
    r"before(?! (?:you|the|it|they|we)\b| deciding| answer)))",
    re.I,
)


_OVER = re.compile(
    r"\b(?:(?<!no )(?:more|greater|higher) than|over|above|exceed(?:s|ing|ed)?|beyond|"
    r"upwards? of|at least|"
    r"topping|north of|a minimum of|no (?:less|fewer|lower) than|better than|in excess of)\s"
    r"(?:an?\s)?$",
    re.I,
)


_ACROSS = re.compile(r"\b(?:day|week|month|year|minute|hour|second)(?:s|ly)?\sover\s$", re.I)


_UNDER = re.compile(
    r"\b(?:(?:less|fewer|lower|smaller) than|under|below|at most|up to|no (?:more|higher) than|"
    r"a maximum of|as (?:much|many) as)\s(?:an?\s)?$",
    re.I,
)


_LITTLE = r"(?:slightly|marginally|barely|just|a (?:little|bit|shade|touch|hair))"
_NEAR = re.compile(
    r"\b(?:about|around|roughly|approximately|some|circa|close (?:to|on)|near|something like|"
    rf"{_LITTLE} (?:more|less|fewer) than|{_LITTLE} (?:over|under|above|below|shy of|short of)|"
    r"not quite|or so|nearly|almost|an? estimated|(?:in|to) the (?:region|neighbou?rhood|order) of)"
    r"\s(?:the\s|an?\s)?$|~\s?$",
    re.I,
)


_OR_MORE = re.compile(r"\s(?:or|and) (?:more|above|higher|over|upwards?|beyond)\b(?! than)", re.I)
_OR_SO = re.compile(r"-odd\b|\s(?:or so|or thereabouts|odd|give or take)\b", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or range with its unit, where it stands and how it is qualified.

    `unit` is a currency code, `%`, `points` (percentage points), `rank`, `ordinal`, `date` or "".
    """

    low: float
    high: float
    unit: str
    start: int
    end: int
    bound: str = ""  # over, under, near, least ("or more") or ""
    period: str = ""
    decade: bool = False

    def __str__(self) -> str:
        same = self.low == self.high
        return f"{self.low:g}{self.unit}" if same else f"{self.low:g}-{self.high:g}{self.unit}"


def quantities(text: str) -> list[Quantity]:
    """Numbers and ranges in normalised text, in order."""
    singles = [q for q in (_single(m, text) for m in _QUANTITY.finditer(text)) if q]
    merged: list[Quantity] = []
    for quantity in singles:
        last = merged[-1] if merged else None
        if last and last.low == last.high and _in_range(last, quantity, text):
            merged[-1] = _range(last, quantity, text)
        else:
            merged.append(quantity)
    return [
        _with_magnitude(quantity, after, text)
        for quantity, after in zip_longest(merged, merged[1:])
    ]


_JOINS = re.compile(
    r",?\s(?:(?:as )?against|versus|vs\.?|or|and|to|(?:as )?(?:compared|opposed) (?:to|with)|"
    r"rather than)\s(?:the\s|some\s|about\s|around\s|roughly\s|nearly\s)?",
    re.I,
)


def _with_magnitude(quantity: Quantity, after: Quantity | None, text: str) -> Quantity:
    """A number that shares the thousands of the one after it: 350 against 285 thousand."""
    between = text[quantity.end : after.start] if after else "-"
    if after is None or quantity.unit or quantity.high >= 1000 or not _JOINS.fullmatch(between):
        return quantity
    scale = after.low / float(re.sub(r"[^\d.]", "", text[after.start : after.end]).strip(".") or 1)
    if scale < 1000 or after.low != after.high:
        return quantity
    return replace(quantity, low=quantity.low * scale, high=quantity.high * scale, unit=after.unit)


def _single(match: re.Match[str], text: str) -> Quantity | None:
    value = float(match["num"].replace(",", ""))
    value *= _MAGNITUDE.get((match["mag"] or "").lower(), 1)
    currency = (match["cur"] or match["after"] or "").strip().lower()
    percent = (match["pct"] or "").lower()
    after = text[match.end() : match.end() + 40]
    period = _PERIOD.match(after)
    per = match["per"] or (period.group(1) if period else "")
    if match["hash"]:
        unit = "rank"
    elif "point" in percent:
        unit = "points"
    elif percent:
        unit = "%"
    elif currency:
        unit = _CURRENCY[currency]
    elif match["ord"]:
        unit = "ordinal"
    elif re.fullmatch(r"(?:19|20)\d\d", match["num"]) and not match["mag"]:
        unit = "date"
    else:
        unit = ""
    before = text[: match.start()]
    if unit == "" and re.search(r"\b(?:top|number|no\.)[- ]$", before, re.I):
        unit = "rank"
    bound = ""
    if _NEAR.search(before) or _OR_SO.match(after):
        bound = "near"
    elif _OR_MORE.match(after):
        bound = "least"
    elif match["plus"] or (_OVER.search(before) and not _ACROSS.search(before)):
        bound = "over"
    elif _UNDER.search(before):
        bound = "under"
    return Quantity(
        value, value, unit, match.start(), match.end(), bound,
        _PERIODS.get(per.lower(), ""), bool(match["s"]) and unit == "date",
    )  # fmt: skip


def _in_range(low: Quantity, high: Quantity, text: str) -> bool:
    between = text[low.end : high.start]
    units = low.unit in (high.unit, "") or {low.unit, high.unit} == {"", "usd"}
    if not units or low.low > high.high * (1000 if low.unit != "date" else 1):
        return False
    if low.low > high.high and low.unit == high.unit != "" and "to" in between:
        return False  # $300K to $218K is one against the other
    if high.high == 1 < low.low and "to" in between:
        return False  # 40 to 1 is a ratio
    if _RANGE.fullmatch(between):
        return True
    return between.strip() == "and" and bool(_BETWEEN.search(text[: low.start]))


def _range(low: Quantity, high: Quantity, text: str) -> Quantity:
    unit = high.unit or low.unit
    first = low.low
    scale = high.high / float(re.sub(r"[^\d.]", "", text[high.start : high.end]).strip(".") or 1)
    if scale > 1 and low.low < 1000 and low.low * scale <= high.high:
        first = low.low * scale  # the magnitude of "120-220k" belongs to both
    if unit == "date" and high.high < 100:
        unit = "date"
    return Quantity(
        first, high.high, unit, low.start, high.end, low.bound or high.bound, high.period
    )
