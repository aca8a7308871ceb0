"""How an amount is measured and what it is about, by the words around it."""

from __future__ import annotations

import re
from typing import Final

from careerqa.datatypes import Span
from careerqa.figures.bounds import Amount
from careerqa.figures.place import Place

MEASURES: Final = (
    "base", "total compensation", "median", "average", "average range", "range", "percentile",
    "premium", "share", "growth", "change", "count", "experience", "rank",
)  # fmt: skip
ABOUT: Final = (
    "pay", "growth", "demand", "hiring", "experience", "skills", "education", "adoption", "other"
)  # fmt: skip


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_PAY_MEASURES = [
    ("percentile", _words(r"\d+(?:st|nd|rd|th)?[- ]percentile|percentile|quartile")),
    ("median", _words(r"medians?|50th percentile")),
    ("total compensation", _words(r"total (?:annual )?(?:compensation|comp|pay|package)|TC|OTE")),
    ("average", _words(r"averag\w*|avg\.?|mean")),
    ("base", _words(r"base (?:salar\w+|pay|compensation|of)|base")),
]
_PAY = _words(
    r"salar\w+|pay|pays|paid|paying|payroll|compensation|comp|earn\w*|wages?|premium|bonus\w*|equity"
    r"|income|remuneration|offers?|raise|compensated|negotiat\w+"
)
_NO_PAY = _words(
    r"revenue|funding|market size|valuation|valued|invest\w*|budget|costs?|savings?|tuition|fees?"
    r"|prices?|priced|subscription|market|spend\w*|GDP|raised"
)
_GROWTH = _words(
    r"grow\w*|grew|surg\w+|expan\w+|rise[sn]?|rising|rose|increas\w+|yoy"
    r"|year[- ](?:on|over)[- ]year|faster|declin\w+|shr[iau]nk\w*"
    r"|jump\w*|climb\w*|soar\w*|fell|falling|drop\w*|up|down"
)
_PROJECTED = _words(r"project\w+|outlook|forecast\w*")
_RAISE = _words(r"bump|raise|hike|pay rise|salary increase|improv\w+")
_MORE = re.compile(
    r"\s*\+?\s*(?:(?!(?:or|and|of|in|to)\b)[\w’'-]+\s+){0,3}?"
    r"(?:higher|more|less|lower|above|below|premium|extra|bigger)\b(?! than \d)",
    re.IGNORECASE,
)
_PREMIUM = _words(r"premium|uplift|pay gap|wage gap")
_OF = re.compile(r"\s*(?:share\s+)?of\s+(?!growth)", re.IGNORECASE)
_SHARE_WORDS = _words(
    r"share|mix|distribution|proportion|percentage|remote|account\w* for|make[s]? up|made up"
    r"|represent\w*|compris\w*|respondents|majority|rate"
)
_DOES = re.compile(
    r"\s*[\"“]?\s*(?:\w+ly\s+)?(?:have|has|use|used|uses|trust|distrust|prefer|say|said|report\w*"
    r"|are|were|is|believe|want|plan|expect|cite\w*|agree|do|don['’]t|would|will|require|list"
    r"|mention|ask|hold|hire|work)\b",
    re.IGNORECASE,
)
_PERCENT_OF = re.compile(r"(?:%|percent)[\s*]+of\s", re.IGNORECASE)
_EXPERIENCE = _words(r"experience[ds]?|background|tenure|seniority|track record|years in")

_HIRING = _words(r"hir(?:e|es|ed|ing)|recruit\w*|candidates?|applicants?|interview\w*")
_DEMAND = _words(
    r"jobs?|positions?|openings?|listings?|postings?|vacanc\w+|roles?|demand|market|employment"
)
_SKILLS = _words(
    r"skills?|skillset|frameworks?|portfolio|projects?|courses?|certif\w+|languages?|requirements?"
    r"|tools?|stack"
)
_EDUCATION = _words(
    r"degrees?|bachelor\S*|master\S*|ph\.?d\S*|doctora\w+|bootcamps?|universit\w+|education"
)
_ADOPTION = _words(
    r"us(?:e|es|ed|ing)|adopt\w*|trust|distrust|agents?|copilots?|automat\w+|productivity|deploy\w*"
)
_REMOTE = _words(r"remote|hybrid|on-?site")


def pay_like(amount: Amount, place: Place, clause: Span) -> bool:
    """Whether the amount is of what people are paid."""
    near = clause.of(place.text)
    around = f"{place.frame} {place.label} {place.heading}"
    if amount.unit == "money":
        if _PAY.search(near) or _PAY.search(place.frame):
            return True
        return not (_NO_PAY.search(near) or _NO_PAY.search(place.frame))
    if amount.unit not in ("percent", "times", "ratio"):
        return False
    return bool(
        _PAY.search(near)
        or _PAY.search(place.frame)
        or (_RAISE.search(near) and _PAY.search(place.text))
        or (_MORE.match(place.text, amount.span.end) and _PAY.search(around))
    )


def measure_of(amount: Amount, place: Place, clause: Span, has_level: bool) -> str | None:
    """One of MEASURES, or None where the text does not say."""
    if amount.unit in ("count", "rank"):
        return amount.unit
    if amount.unit == "money":
        return _money_measure(amount, place, clause) if pay_like(amount, place, clause) else None
    if amount.unit in ("percent", "ratio", "times"):
        return _rate_measure(amount, place, clause, has_level)
    near = f"{clause.of(place.text)} {place.frame} {place.label}"
    after = place.text[amount.span.end : amount.span.end + 60]
    if _EXPERIENCE.search(near) or _EXPERIENCE.search(after):
        return "experience"
    if amount.unit == "years" and has_level:
        return "experience"
    return None


def _money_measure(amount: Amount, place: Place, clause: Span) -> str | None:
    near = clause.of(place.text)
    if _MORE.match(place.text, amount.span.end) or _PREMIUM.search(_close(amount, place, clause)):
        return "premium"
    spread = amount.low is not None and amount.high is not None and amount.low != amount.high
    for text in (near, place.frame, *_wider(place, clause, spread=spread)):
        for name, pattern in _PAY_MEASURES:
            if pattern.search(text):
                return "average range" if spread and name == "average" else name
    return "range" if spread else None


def _close(amount: Amount, place: Place, clause: Span) -> str:
    """The clause up to the next comma or bracket after the amount, with the table's headings."""
    after = re.split(r"[,()]", place.text[amount.span.end : clause.end], maxsplit=1)[0]
    return f"{place.text[clause.start : amount.span.start]} {after} {place.frame}"


def _wider(place: Place, clause: Span, *, spread: bool) -> list[str]:
    """Where else a measure may stand: the lead-in and, for single values, the sentence before.

    A part of the same sentence with an amount of its own speaks of that amount.
    """
    if spread:
        return [place.label]
    rest = place.text[: clause.start] + " " + place.text[clause.end :]
    return [rest if not re.search(r"[$€£]\s?\d", place.text[clause.end :]) and not re.search(
        r"[$€£]\s?\d", place.text[: clause.start]) else "", place.label, place.before]  # fmt: skip


def _rate_measure(amount: Amount, place: Place, clause: Span, has_level: bool) -> str | None:
    text = place.text
    near = clause.of(text)
    spread = amount.low != amount.high and None not in (amount.low, amount.high)
    before = text[clause.start : amount.span.start]
    if spread and re.search(r"\bfrom\s*$", text[: amount.span.start], re.IGNORECASE):
        return "change"
    pay = pay_like(amount, place, clause)
    if pay and (
        _MORE.match(text, amount.span.end) or _PREMIUM.search(_close(amount, place, clause))
    ):
        return "premium"
    if _OF.match(text, amount.span.end):
        return "share"
    if amount.unit == "percent" and (_SHARE_WORDS.search(place.frame) or has_level):
        return "share"
    if amount.unit != "ratio" and _RAISE.search(near):
        return "change"
    if not re.search(r"\b(?:up|down) from\s*$", before, re.IGNORECASE) and (
        _GROWTH.search(near) or _GROWTH.search(place.frame) or _GROWTH.search(place.label)
    ):
        return "growth"
    if _PROJECTED.search(near) and not pay:
        return "growth"
    if _DOES.match(text, amount.span.end) or _SHARE_WORDS.search(near):
        return "share"
    if _PERCENT_OF.search(text) and amount.unit == "percent":
        return "share"
    return "share" if amount.unit == "ratio" else None


def about_of(
    amount: Amount, place: Place, clause: Span, measure: str | None, has_level: bool
) -> str:
    """One of ABOUT."""
    if amount.unit == "money":
        return "pay" if pay_like(amount, place, clause) else "other"
    if pay_like(amount, place, clause):
        return "pay"
    near = f"{clause.of(place.text)} {place.frame}"
    if measure == "experience":
        return "experience"
    if measure == "share" and has_level:
        return "experience"
    if measure in ("growth", "rank") and not _SKILLS.search(near):
        before = place.text[max(0, amount.span.start - 40) : amount.span.start]
        return "hiring" if _HIRING.search(before) else "growth"
    after = place.text[amount.span.end : amount.span.end + 50]
    for name, pattern in (
        ("other", _REMOTE), ("education", _EDUCATION), ("hiring", _HIRING), ("skills", _SKILLS),
        ("demand", _DEMAND), ("adoption", _ADOPTION), ("experience", _EXPERIENCE),
    ):  # fmt: skip
        if pattern.search(after):
            return name
    for text in (near, place.text):
        for name, pattern in (
            ("hiring", _HIRING), ("other", _REMOTE), ("education", _EDUCATION),
            ("demand", _DEMAND), ("skills", _SKILLS), ("adoption", _ADOPTION),
        ):  # fmt: skip
            if pattern.search(text):
                return name
    return "growth" if measure == "growth" else "other"
