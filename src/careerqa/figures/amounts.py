"""Amounts in plain text: money, percentages, durations, ratios, ranks and counts.

A range is one amount. Years, dates, versions, levels, list numbers and numbers that only name
something ("Part 11", "GPT-4") are none. What an amount says is the matter of `basis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from careerqa.datatypes import Span
from careerqa.figures.bounds import Amount, bounded
from careerqa.figures.counts import YEAR, counts
from careerqa.words import CARDINALS

_WORDS = {word: value for word, value in CARDINALS.items() if value}
_MAGNITUDES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "₹": "INR", "inr": "INR", "chf": "CHF",
    "sgd": "SGD", "jpy": "JPY", "¥": "JPY",
}  # fmt: skip
_TIME = {
    "year": ("years", 1), "yr": ("years", 1), "decade": ("years", 10), "month": ("months", 1),
    "week": ("weeks", 1), "day": ("days", 1), "hour": ("hours", 1), "hr": ("hours", 1),
    "minute": ("minutes", 1), "second": ("seconds", 1), "millisecond": ("milliseconds", 1),
}  # fmt: skip
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SPELLED = "(?:" + "|".join(_WORDS) + r")\b"
_EITHER = rf"(?:{_NUMBER}|{_SPELLED})"
_SIZE = r"(?:\s?(?:thousand|million|billion|trillion|mn|bn)\b|[kKmMB](?![A-Za-z0-9]))"
_DASH = r"\s*[–—−‑-]\s*"
_TO = rf"(?:{_DASH}|\s+to\s+|(?P<and>\s+and\s+))"
_SIGN = r"(?:(?:US|CA?|AU?)?\$|[€£₹¥]|(?:USD|EUR|GBP|CAD|AUD|CHF|INR|SGD|JPY)\b\s?\$?)"
_CODE = r"\s?(?:(?:USD|EUR|GBP|CAD|AUD|CHF|INR|SGD|JPY|dollars|euros|pounds)\b|[€£])"
_PERCENT = r"(?:\s?%|\s?percentage points?\b|\s?per ?cent\b)"
_START = r"(?<![\w$€£.,/:#@-])"

_MONEY = re.compile(
    rf"(?<![\w$€£])(?P<sign>{_SIGN})\s*(?P<a>{_NUMBER})(?P<am>{_SIZE})?\+?"
    rf"(?:{_TO}(?P<sign2>{_SIGN})?\s*(?P<b>{_NUMBER})(?P<bm>{_SIZE})?(?!\s?%|\d|,\d))?"
    rf"(?P<code>{_CODE})?"
)
_MONEY_AFTER = re.compile(
    rf"{_START}(?P<a>{_NUMBER})(?P<am>{_SIZE})?(?:{_TO}(?P<b>{_NUMBER})(?P<bm>{_SIZE})?)?"
    rf"(?P<code>{_CODE})"
)
_SHARE = re.compile(
    rf"(?<![\w$€£.,/:@])(?P<sign>(?<![\w%]\s)[−-])?(?P<a>{_EITHER})(?P<pa>{_PERCENT})?"
    rf"(?:{_TO}(?P<b>{_EITHER}))?(?(b){_PERCENT}|(?(pa)|(?!)))",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(
    rf"{_START}(?P<a>{_EITHER})\+?(?:{_TO}(?P<b>{_EITHER})\+?)?[\s-]?"
    rf"(?P<unit>year|yr|decade|month|week|day|hour|hr|minute|second|millisecond)s?(?![\w])",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<n>an?|one|two|three|four)[\s-])?(?P<part>half|third|quarter|fourth|fifth|tenth)s?"
    r"(?=\s+(?:of|the)\b)",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    rf"{_START}(?P<a>{_EITHER})\s+(?:in|out\s+of)\s+(?:every\s+)?(?P<b>{_EITHER})(?![\w%,./-]\w)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"{_START}(?:(?P<a>{_NUMBER})(?:{_DASH}(?P<b>{_NUMBER}))?\s?[x×](?![\w])"
    r"(?!\s+(?:engineer|developer))"
    rf"|(?P<w>{_EITHER})\s+times(?=\s+(?:more|higher|faster|as|the|larger|greater|that|better)\b))",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"(?<![\w&#])(?:#(?P<n>\d{1,3})|(?P<top>top)[\s-]?(?P<t>\d{1,3})|No\.\s?(?P<o>\d{1,2}))"
    r"(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"{_START}(?P<a>{_NUMBER})(?P<am>{_SIZE})?\+?"
    rf"(?:{_TO}(?P<b>{_NUMBER})(?P<bm>{_SIZE})?\+?)?(?![\w%/:°(]|-\w|\.\d|,\d)"
)
_BARE_SIZE = re.compile(
    rf"\b(?P<a>{_SPELLED})(?P<am>\s(?:thousand|million|billion)\b)", re.IGNORECASE
)


_WORTH = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)}|half|an?\s(?:third|quarter|fifth|tenth))\b", re.I)
"""What every amount holds; most texts hold none of it and are passed over."""

_BETWEEN = re.compile(r"\bbetween\s*(?:about\s+|around\s+|roughly\s+)?$", re.IGNORECASE)


def may_hold_amounts(text: str) -> bool:
    """False for a text without any digit or number word, quickly."""
    return _WORTH.search(text) is not None


def amounts_in(text: str, *, cell: bool = False) -> list[Amount]:
    """Every amount in `text` by place.

    Args:
        text: Text without citation marks, links and emphasis (see `reading.masked`).
        cell: Whether `text` is a table's cell, which may hold a bare number.
    """
    found: list[Amount] = []
    rest = text
    for scan in (_money, _percent, _time, _ratio, _rank, _count):
        for amount in scan(rest):
            found.append(bounded(amount, text))
            blank = " " * (len(amount.span) - 1) + "_"  # a word, so that no number reaches across
            rest = rest[: amount.span.start] + blank + rest[amount.span.end :]
    if cell and not found:
        bare = re.fullmatch(rf"\s*[~≈]?\s*(?P<a>{_NUMBER})(?P<am>{_SIZE})?\+?\s*", text)
        if bare and not YEAR.fullmatch(bare.group("a")):
            made = _made(bare, text, "count")
            made = replace(made, span=Span(bare.start("a"), made.span.end))
            found.append(bounded(made, text))
    return sorted(found, key=lambda amount: amount.span)


def _value(number: str, size: str | None = None) -> float:
    word = _WORDS.get(number.casefold())
    base = float(word) if word is not None else float(number.replace(",", ""))
    return round(base * _MAGNITUDES[size.strip().casefold()], 2) if size else base


def _made(match: re.Match[str], text: str, unit: str, currency: str | None = None) -> Amount:
    """The amount of a match with groups a, am and perhaps b, bm; its first part where not both."""
    groups = match.groupdict()
    second, first_size, second_size = groups.get("b"), groups.get("am"), groups.get("bm")
    end = match.end()
    if second is not None and groups.get("and") and not _BETWEEN.search(text[: match.start()]):
        second, end = None, _first_end(match)
    low = high = _value(match.group("a"), first_size)
    if second is not None:
        high = _value(second, second_size or (first_size if unit != "money" else None))
        if second_size and not first_size and low < 1000 <= high:
            low = _value(match.group("a"), second_size)
        if first_size and not second_size and high < 1000:
            high = _value(second, first_size)
        if low > high and unit == "count":
            second, high, end = None, low, _first_end(match)
    piece = text[match.start() : end]
    end -= len(piece) - len(piece.rstrip().rstrip("+").rstrip())
    return Amount(Span(match.start(), end), low, high if second else low, unit, currency)


def _first_end(match: re.Match[str]) -> int:
    """Where the first value of a range ends."""
    groups = match.groupdict()
    if groups.get("pa"):
        return match.end("pa")
    return match.end("am") if groups.get("am") else match.end("a")


def _money(text: str) -> Iterator[Amount]:
    for pattern in (_MONEY, _MONEY_AFTER):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            code = (groups.get("code") or groups.get("sign") or "").strip().casefold()
            if groups.get("code") and groups.get("sign") not in (None, "$"):
                code = str(groups["sign"]).strip().casefold()
            currency = _CURRENCIES.get(code) or _CURRENCIES.get(code.rstrip("$ ").strip())
            amount = _made(match, text, "money", currency)
            yield amount
            if groups.get("sign2") and amount.span.end < match.start("sign2"):
                value = _value(match.group("b"), match.group("bm"))  # "$90k and $130k" are two
                yield Amount(
                    Span(match.start("sign2"), match.end()), value, value, "money", currency
                )
        text = pattern.sub(lambda m: "_" * len(m.group()), text)


def _percent(text: str) -> Iterator[Amount]:
    for match in _SHARE.finditer(text):
        amount = _made(match, text, "percent")
        if match.group("b") and amount.low == amount.high and not match.group("pa"):
            # "1,000 and 5%": the first number is no percentage
            start = match.start("b")
            value = _value(match.group("b"))
            yield Amount(Span(start, match.end()), value, value, "percent")
            continue
        if match.group("sign") and amount.low is not None:
            amount = replace(amount, low=-amount.low, high=-amount.low)
        yield amount
        if match.group("and") and amount.span.end < match.start("b"):
            value = _value(match.group("b"))
            yield Amount(Span(match.start("b"), match.end()), value, value, "percent")


def _time(text: str) -> Iterator[Amount]:
    for match in _SPAN_OF_TIME.finditer(text):
        word = match.group("unit").casefold()
        first = match.group("a")
        if YEAR.fullmatch(first) or (first.casefold() == "one" and word == "day"):
            continue
        if first.casefold() == "one" and re.search(
            r"\b(?:day|year|week)\s$", text[: match.start()]
        ):
            continue
        unit, factor = _TIME[word]
        amount = _made(match, text, unit)
        if match.group("and") and amount.low == amount.high:
            amount = replace(amount, span=Span(match.start("b"), match.end()))
            amount = replace(amount, low=_value(match.group("b")), high=_value(match.group("b")))
        if amount.low is None or amount.high is None:
            continue
        yield replace(amount, low=amount.low * factor, high=amount.high * factor)


def _ratio(text: str) -> Iterator[Amount]:
    for match in _FRACTION.finditer(text):
        part, number = match.group("part").casefold(), (match.group("n") or "").casefold()
        if not number and part != "half":
            continue  # "the third of June"
        value = round(_WORDS.get(number, 1) / _PARTS[part], 4)
        yield Amount(Span(match.start(), match.end()), value, value, "ratio")
    for match in _ONE_IN.finditer(text):
        part_of, whole = _value(match.group("a")), _value(match.group("b"))
        if 0 < part_of < whole <= 100:
            value = round(part_of / whole, 4)
            yield Amount(Span(match.start(), match.end()), value, value, "ratio")
    for match in _TIMES.finditer(text):
        low = _value(match.group("a") or match.group("w"))
        high = _value(match.group("b")) if match.group("b") else low
        yield Amount(Span(match.start(), match.end()), low, high, "times")


def _rank(text: str) -> Iterator[Amount]:
    for match in _RANK.finditer(text):
        value = float(match.group("n") or match.group("t") or match.group("o"))
        low = None if match.group("top") else value
        yield Amount(Span(match.start(), match.end()), low, value, "rank")


def _count(text: str) -> Iterator[Amount]:
    for pattern in (_COUNT, _BARE_SIZE):
        for match in pattern.finditer(text):
            if pattern is _BARE_SIZE or counts(match, text):
                yield _made(match, text, "count")
