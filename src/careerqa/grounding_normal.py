"""Text as facts are looked for: no markup, numbers as digits, fractions as percentages."""

from __future__ import annotations

import re
from typing import Final

from careerqa.cleaning import clean

_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": " - ", "−": "-", "’": "'"})
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED: Final = {w: n for n, w in enumerate(_UNITS.split())} | {
    w: 10 * n for n, w in enumerate(_TENS.split(), 2)
}
_WORD = "|".join(w for w in _SPELLED if w not in ("zero", "one"))
_SPELLED_NUMBER = re.compile(
    rf"\b(?:({_TENS.replace(' ', '|')})[- ](one|{_WORD})|({_WORD}))\b", re.I
)
_SMALL = rf"one|a|{_WORD}|\d{{1,2}}"
_PARTS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_OF_LARGE = re.compile(
    rf"\b(?:(?P<n>{_SMALL})[- ])?(?P<part>half|third|quarter)s?(?:[- ]of)?[- ](?:a|one)[- ]"
    r"(?P<mag>million|billion)\b",
    re.I,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<n>{_SMALL})(?P<joint>[- ]))(?P<part>{'|'.join(_PARTS)})(?P<s>s)?\b"
    r"(?P<after>\s+\w+)?",
    re.I,
)
_HALF = re.compile(
    r"(?<!and a )(?<!other )\bhalf(?= (?:of|the|all|as|are|is|its|their|that)\b)|(?<=than )half\b|"
    r"\bhalf(?=[.,;:)]|$)|(?<=\babout )half\b|(?<=\baround )half\b|(?<=\broughly )half\b|"
    r"(?<=\bnearly )half\b|(?<=\balmost )half\b|(?<=\bover )half\b",
    re.I,
)
_OUT_OF = re.compile(
    rf"\b(?P<a>one|{_WORD}|\d{{1,2}})\s(?:[a-z]{{4,}}\s)?(?:in|out of)(?:\severy)?\s"
    rf"(?P<b>{_WORD}|\d{{1,3}})\b"
    r"(?!\s(?:years?|months?|weeks?|days?|hours?|minutes?|percent|%|-)|[-,.]?\d)",
    re.I,
)
_OTHERS: Final = [
    (re.compile(r"\b(?:a|one) (?=(?:hundred|thousand|million|billion)\b)", re.I), "1 "),
    (re.compile(r"\bhundred percent\b", re.I), "100 percent"),
    (re.compile(r"\b(?:a|one) dozen\b", re.I), "12"),
    (re.compile(r"\bhalf a dozen\b", re.I), "6"),
    (re.compile(r"\b(mid)-(?=\d)", re.I), r"\1 "),
    (re.compile(r"\b(top)-(?=\w)", re.I), r"\1 "),
    (re.compile(r"(?<=[A-Za-z])\s?\((?:LLMs?|ML|AI|RAG|BLS|NLP)\)"), ""),
    (re.compile(r"\b(out)-(?=(?:earn|pac|perform|rank|grow|number|weigh)\w*)", re.I), r"\1"),
    (re.compile(r"\b(?:the )?(?:United States|USA)\b"), "the U.S."),
    (re.compile(r"\bUX\b"), "user experience"),
    (re.compile(r"\bUI\b"), "user interface"),
    (re.compile(r"\be\.g\.,?", re.I), "such as"),
    (re.compile(r"\bi\.e\.,?", re.I), "namely"),
    (re.compile(r"\bSWEs?\b"), "software engineer"),
]


def normal(text: str) -> str:
    """Text as facts are looked for: markup gone, dashes alike, spelled numbers as digits."""
    plain = clean(text.replace("\\$", "$")).translate(_DASHES)
    plain = _OF_LARGE.sub(_large, plain)
    for pattern, replacement in _OTHERS:
        plain = pattern.sub(replacement, plain)
    plain = _OUT_OF.sub(_ratio, plain)
    plain = _FRACTION.sub(_fraction, plain)
    plain = _HALF.sub(" 50 percent ", plain)
    return re.sub(r"\s+", " ", _SPELLED_NUMBER.sub(_digits, plain)).strip()


def _value(word: str | None) -> int:
    lower = (word or "a").lower()
    return 1 if lower == "a" else int(lower) if lower.isdigit() else _SPELLED[lower]


def _large(match: re.Match[str]) -> str:
    one = 1e6 if match["mag"].lower() == "million" else 1e9
    return f"{_value(match['n']) * one / _PARTS[match['part'].lower()]:,.0f}"


def _ratio(match: re.Match[str]) -> str:
    part, whole = _value(match["a"]), _value(match["b"])
    if not 0 < part < whole <= 100:
        return match.group()
    return f"{_about(match)}{100 * part / whole:.3g} percent"


def _about(match: re.Match[str]) -> str:
    """A fraction in words is round, unless something else is said of it."""
    return "" if _BOUND.search(match.string[: match.start()]) else "about "


_BOUND = re.compile(
    r"\b(?:than|over|under|above|below|least|most|about|around|roughly|nearly|almost|to|exactly|"
    r"exceeds?|approximately|some)\s(?:a\s)?$",
    re.I,
)


def _fraction(match: re.Match[str]) -> str:
    """Two thirds → 66.7 percent; a third source, which is no fraction, stays."""
    count, of = _value(match["n"]), _PARTS[match["part"].lower()]
    after = (match["after"] or "").strip().lower()
    plural = bool(match["s"])
    ranked = (match["n"].isdigit() and match["joint"] == " ") or count >= of
    if ranked or plural != (count > 1):
        return match.group()
    if count == 1 and after and after not in _WHOLE and match["n"].lower() == "a":
        return match.group()
    return f" {_about(match)}{100 * count / of:.3g} percent {after}"


_WHOLE: Final = frozenset(
    {"of", "more", "less", "higher", "lower", "fewer", "to", "are", "is", "was", "have", "has"}
    | {"had", "do", "use", "say", "and", "or", "but", "in", "by", "as", "faster", "bigger"}
    | {"larger", "smaller", "on", "at", "above", "below", "the"}
)


def _digits(match: re.Match[str]) -> str:
    tens, ones, alone = match.groups()
    if tens:
        return str(_SPELLED[tens.lower()] + _SPELLED[ones.lower()])
    return str(_SPELLED[alone.lower()])


_QUOTES = str.maketrans(dict.fromkeys('“”„«»"', '"') | dict.fromkeys("‘’‚", "'"))


def flat(text: str) -> str:
    """Text in lower case without markup, its quotation marks and dashes alike."""
    plain = clean(text.replace("\\$", "$")).translate(_QUOTES).lower()
    plain = re.sub(r"[‐‑‒–—−]", "-", plain).replace('"', "")
    return re.sub(r"\s+", " ", plain).strip()
