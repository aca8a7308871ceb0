"""Numbers in words → digits: fractions and ratios as percentages, multiples as times."""

from __future__ import annotations

import re
from typing import Final

from careerqa.words import CARDINALS, STOP_WORDS, TENS

_TENS = "|".join(TENS)
_WORD = "|".join(w for w in CARDINALS if w not in ("zero", "one"))
_COUNT = rf"one|{_WORD}|\d{{1,2}}"
_PARTS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_SPELLED_NUMBER = re.compile(rf"\b(?:({_TENS})[- ](one|{_WORD})|({_WORD}))\b", re.I)
_LARGE = re.compile(
    rf"\b(?:(?P<n>an?|{_COUNT})[- ])?(?P<part>half|third|quarter)s?(?:[- ]of)?[- ](?:a|one)[- ]"
    r"(?P<mag>million|billion)\b",
    re.I,
)
_AND_A_HALF = re.compile(
    rf"\b(?P<n>an?|{_COUNT})\s(?P<mag>(?:thousand|million|billion)\s)?and\sa\s(?P<part>half|quarter)\b"
    r"(?P<after>\s(?:thousand|million|billion)\b)?",
    re.I,
)
_DOZENS = re.compile(rf"\b(half a|a|{_COUNT})[- ]dozen\b", re.I)
_FOLD = re.compile(r"\b(three|four|five|six|seven|eight|nine|ten|\d{1,2})[- ]?fold\b", re.I)
_FRACTION = re.compile(
    rf"\b(?P<n>an?|{_COUNT})(?P<joint>[- ])(?P<part>{'|'.join(_PARTS)})(?P<s>s)?\b"
    r"(?P<after>\s+\w+)?",
    re.I,
)
_EACH = re.compile(r"\bevery\s(?P<part>third|fourth|fifth|sixth|tenth)\s(?=[a-z])", re.I)
_HALF = re.compile(
    r"(?<!and a )(?<!other )\bhalf(?= (?:of|the|all|as|are|is|its|their|that)\b)|(?<=than )half\b|"
    r"\bhalf(?=[.,;:)]|$)|"
    + "|".join(
        rf"(?<=\b{w} )half\b" for w in ["about", "around", "roughly", "nearly", "almost", "over"]
    ),
    re.I,
)
_BASE = rf"{_WORD}|(?:a |one )?hundred|\d{{1,3}}"
_NO_SPAN = r"(?!\s(?:years?|months?|weeks?|days?|hours?|minutes?|percent|%|-)|[-,.]?\d)"
_RATIO = re.compile(
    rf"\b(?P<a>one(?:\s[a-z]{{4,}})?|{_COUNT})\s(?:in|out of|of)(?P<every>\severy)?\s"
    rf"(?P<b>{_BASE})\b{_NO_SPAN}",
    re.I,
)
_RATIO_OF = re.compile(
    rf"\b(?P<a>{_COUNT})\s(?P<what>(?:[a-z/-]{{2,}}\s){{1,5}}?)(?:in|out of)(?P<every>\severy)?\s"
    rf"(?P<b>{_BASE})\b{_NO_SPAN}(?=[.,;:)]|$|\s(?P<after>\w+))",
    re.I,
)
_SMALL = rf"(?:{_TENS})(?:[- ](?:one|{_WORD}))?|one|{_WORD}"
_HUNDREDS_AND = re.compile(
    rf"\b(?P<hundreds>an?|one|{_WORD})[- ]hundred\s(?:and\s)?(?P<rest>{_SMALL})\b"
    r"(?!\s(?:in|out of|hundred)\b)",
    re.I,
)
_THOUSANDS_AND = re.compile(
    rf"\b(?P<thousands>an?|{_SMALL}|\d{{3}})\sthousand,?\s(?:and\s)?"
    rf"(?:(?P<hundreds>one|{_WORD})\shundred|(?P<rest>\d{{3}}))\b(?!\s(?:thousand|million))",
    re.I,
)
_TENS_BEFORE = re.compile(
    rf"\b({_TENS})[- ](one)()(?=\s(?:hundred|thousand|million|billion)\b)", re.I
)
_A_HUNDRED = re.compile(r"\b(?:a|one)\s(?=(?:hundred|thousand|million|billion)\b)", re.I)


def in_digits(text: str) -> str:
    """Text with its numbers in digits; what is a part of a whole becomes a percentage."""
    text = _THOUSANDS_AND.sub(_cardinal, _HUNDREDS_AND.sub(_cardinal, text))
    text = _TENS_BEFORE.sub(_digits, text)
    text = _DOZENS.sub(_dozens, text)
    text = _LARGE.sub(_part_of_large, text)
    text = _AND_A_HALF.sub(_mixed, text)
    text = _FOLD.sub(lambda match: f"{_value(match[1])} times", text)
    text = _RATIO.sub(_ratio, text)
    text = _RATIO_OF.sub(_ratio_of, text)
    text = _EACH.sub(lambda m: f" about {_percent(1, _PARTS[m['part'].lower()])} percent of ", text)
    text = _FRACTION.sub(_fraction, text)
    text = _HALF.sub(" 50 percent ", text)
    text = re.sub(r"\b(?:a |one )?hundred (?=percent\b)", "100 ", text, flags=re.I)
    text = _A_HUNDRED.sub("1 ", text)
    text = re.sub(r"\bfortnight\b", "2 weeks", text, flags=re.I)
    return _SPELLED_NUMBER.sub(_digits, text)


def _value(word: str | None) -> int:
    lower = (word or "a").lower()
    if lower.endswith("hundred"):
        return 100
    return 1 if lower in ("a", "an") else int(lower) if lower.isdigit() else CARDINALS[lower]


def _cardinal(match: re.Match[str]) -> str:
    """One hundred and nine → 109; two thousand five hundred → 2,500."""
    groups = match.groupdict()
    value = 1000 * _small(groups["thousands"]) if "thousands" in groups else 0
    value += 100 * _small(groups["hundreds"]) if groups["hundreds"] else 0
    value += _small(groups["rest"]) if groups["rest"] else 0
    return f"{value:,}"


def _small(words: str) -> int:
    return sum(_value(word) for word in re.split(r"[- ]", words))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3g}"


def _dozens(match: re.Match[str]) -> str:
    return "6" if match[1].lower() == "half a" else str(12 * _value(match[1]))


_THOUSANDS: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


def _part_of_large(match: re.Match[str]) -> str:
    one = _THOUSANDS[match["mag"].lower()]
    return f"{_value(match['n']) * one / _PARTS[match['part'].lower()]:,.0f}"


def _mixed(match: re.Match[str]) -> str:
    """Two and a half → 2.5; a million and a half → 1.5 million."""
    if match["n"].lower() in ("a", "an") and not match["mag"]:
        return match.group()
    value = _value(match["n"]) + 1 / _PARTS[match["part"].lower()]
    return f"{value:g} {(match['mag'] or match['after'] or '').strip()}".strip()


def _ratio(match: re.Match[str]) -> str:
    part, whole = _value(match["a"].split()[0]), _value(match["b"])
    of = re.search(r"\sof\b", match.group()) and "out of" not in match.group()
    if not 0 < part < whole <= 100 or (of and not match["every"]):
        return match.group()
    return f"{_about(match)}{_percent(part, whole)} percent"


def _ratio_of(match: re.Match[str]) -> str:
    """Two leaders in three will → 66.7 percent of leaders will; two shops in three towns stays."""
    part, whole = _value(match["a"]), _value(match["b"])
    after = (match["after"] or "").lower()
    verb = part == 1 and after in _ASKING
    if not 0 < part < whole <= 100 or (after and after not in STOP_WORDS and not verb):
        return match.group()
    return f"{_about(match)}{_percent(part, whole)} percent of {match['what'].strip()}"


_ASKING: Final = frozenset(
    {"mentions", "names", "lists", "asks", "wants", "needs", "requires", "expects", "calls"}
    | {"says", "uses", "pays", "offers", "prefers", "works", "comes", "goes", "hires", "gets"}
)
"""What one of several does: these words are verbs there, and no things that are counted."""


def _about(match: re.Match[str]) -> str:
    """A fraction in words is round, unless something else is said of it."""
    return "" if _BOUND.search(match.string[: match.start()]) else "about "


_BOUND = re.compile(
    r"\b(?:than|over|under|above|below|least|most|about|around|roughly|nearly|almost|to|exactly|"
    r"exceeds?|approximately|some)\s(?:a\s)?$",
    re.I,
)
_ROUND = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|than|over|under|by|to|from|is|was|at|just)\s$",
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
    article = match["n"].lower() in ("a", "an")
    if article and after and after not in _WHOLE and after not in STOP_WORDS:
        return match.group()
    if article and not after and not _ROUND.search(match.string[: match.start()]):
        return match.group()
    return f" {_about(match)}{_percent(count, of)} percent {after}"


_WHOLE: Final = frozenset(
    {"more", "less", "higher", "lower", "fewer", "use", "say", "faster", "bigger"}
    | {"larger", "smaller"}
)


def _digits(match: re.Match[str]) -> str:
    tens, ones, alone = match.groups()
    if tens:
        return str(CARDINALS[tens.lower()] + CARDINALS[ones.lower()])
    return str(CARDINALS[alone.lower()])
