"""Text → the facts in it that can be compared: quantities, roles, levels, and who has which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from careerqa.cleaning import clean

_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": " - ", "−": "-", "’": "'"})
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"  # noqa: E501
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED: Final = {w: n for n, w in enumerate(_UNITS.split())} | {
    w: 10 * n for n, w in enumerate(_TENS.split(), 2)
}
_WORD = "|".join(w for w in _SPELLED if w not in ("zero", "one"))
_SPELLED_NUMBER = re.compile(
    rf"\b(?:({_TENS.replace(' ', '|')})[- ](one|{_WORD})|({_WORD}))\b", re.I
)
_FRACTIONS: Final = [
    (re.compile(r"\b(?:two|2)[- ]thirds?\b", re.I), " 66.7 percent "),
    (re.compile(r"\b(?:three|3)[- ](?:quarters|fourths)\b", re.I), " 75 percent "),
    (re.compile(r"\b(?:one|a)[- ]third\b", re.I), " 33.3 percent "),
    (re.compile(r"\b(?:one|a)[- ]quarter\b", re.I), " 25 percent "),
    (re.compile(r"\b(?:one[- ]half|half (?=of\b|the\b))|(?<=than )half\b", re.I), " 50 percent "),
    (re.compile(r"\b(?:a|one) (?=(?:hundred|thousand|million|billion)\b)", re.I), "1 "),
    (re.compile(r"\bhundred percent\b", re.I), "100 percent"),
]
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MAGNITUDE: Final = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "million": 1e6, "mn": 1e6,
    "bn": 1e9, "b": 1e9, "billion": 1e9, "hundred": 1e2, "trillion": 1e12,
}  # fmt: skip
_CURRENCY: Final = {"$": "usd", "us$": "usd", "usd": "usd", "dollars": "usd", "€": "eur", "eur": "eur",
                    "euros": "eur", "£": "gbp", "gbp": "gbp", "pounds": "gbp", "₹": "inr"}  # fmt: skip  # noqa: E501
_QUANTITY = re.compile(
    rf"(?<![\w.+])(?<![A-Za-z]{{2}}-)(?P<hash>\#)?(?P<cur>us\$|usd\s?|eur\s?|gbp\s?|[$€£₹])?\s?(?<![A-Za-z\d])"
    rf"(?P<num>{_NUMBER})(?:\s?(?P<mag>thousand|million|billion|trillion|hundred|bn|mm|mn|k|m|b)"
    rf"(?![A-Za-z]))?(?:(?P<ord>st|nd|rd|th)(?![A-Za-z]))?(?P<plus>\+)?"
    rf"(?:\s?(?P<pct>%|percent\b|per\scent\b|percentage\spoints?\b)|"
    rf"\s(?P<after>dollars|euros|pounds|usd|eur|gbp)\b)?(?P<s>s\b)?(?:/(?P<per>yr|year|hr|hour|mo|month))?"
    rf"(?![\d]|[A-Za-z](?!\w*\s))",
    re.I,
)
_RANGE = re.compile(r"\s?(?:-|to|through)\s?$", re.I)
_BETWEEN = re.compile(r"(?:between|from|runs?|ranges?)\b[^.;]{0,12}$", re.I)
_PERIODS: Final = {"year": "year", "yr": "year", "annual": "year", "month": "month", "mo": "month",
                   "week": "week", "day": "day", "daily": "day", "hour": "hour", "hr": "hour",
                   "second": "second", "millisecond": "millisecond", "ms": "millisecond", "microsecond": "microsecond", "minute": "minute", "decade": "decade"}  # fmt: skip
_PERIOD = re.compile(
    r"^\W{0,2}(?:(?:\w+\s){0,2}?(?:per|a|an|each|every|one)\s|in (?:a|one)(?: single)?\s|\w+\s(?:a|per)\s)?"
    r"(annual|daily|year|yr|month|week|day|hour|hr|decade|millisecond|microsecond|second|ms|minute)(?:s|ly)?\b(?!\s(?:earlier|ago|before|later|prior|old))",
    re.I,
)
_OVER = re.compile(
    r"\b(?:(?:more|greater|higher) than|over|above|exceed(?:s|ing|ed)?|beyond|upwards? of|at least|"
    r"topping|north of|a minimum of|no less than)\s(?:the\s)?$",
    re.I,
)
_UNDER = re.compile(
    r"\b(?:(?:less|fewer|lower) than|under|below|at most|up to|no more than|a maximum of)\s$",
    re.I,
)
_NEAR = re.compile(
    r"\b(?:about|around|roughly|approximately|some|circa|close to|near|slightly (?:more|less) than|"
    r"just (?:over|under)|nearly|almost|an? estimated)\s(?:the\s|a\s)?$|~\s?$",
    re.I,
)


_SHORT: Final = ("month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond")


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
    bound: str = ""  # over, under, near or ""
    period: str = ""
    decade: bool = False

    def __str__(self) -> str:
        same = self.low == self.high
        return f"{self.low:g}{self.unit}" if same else f"{self.low:g}-{self.high:g}{self.unit}"


def normal(text: str) -> str:
    """Text as facts are looked for: markup gone, dashes alike, spelled numbers as digits."""
    plain = clean(text.replace("\\$", "$")).translate(_DASHES)
    plain = re.sub(r"(?<=[A-Za-z])\s?\((?:LLMs?|ML|AI|RAG|BLS|NLP)\)", "", plain)
    plain = re.sub(r"\b(top)-(?=\w)", r"\1 ", plain, flags=re.I)
    plain = re.sub(r"\bSWEs?\b", "software engineer", plain)
    for pattern, replacement in _FRACTIONS:
        plain = pattern.sub(replacement, plain)
    return re.sub(r"\s+", " ", _SPELLED_NUMBER.sub(_digits, plain)).strip()


def _digits(match: re.Match[str]) -> str:
    tens, ones, alone = match.groups()
    if tens:
        return str(_SPELLED[tens.lower()] + _SPELLED[ones.lower()])
    return str(_SPELLED[alone.lower()])


def quantities(text: str) -> list[Quantity]:
    """Numbers and ranges in normalised text, in order."""
    singles = [q for q in map(lambda m: _single(m, text), _QUANTITY.finditer(text)) if q]
    merged: list[Quantity] = []
    for quantity in singles:
        last = merged[-1] if merged else None
        if last and last.low == last.high and _in_range(last, quantity, text):
            merged[-1] = _range(last, quantity, text)
        else:
            merged.append(quantity)
    return merged


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
    if _NEAR.search(before):
        bound = "near"
    elif match["plus"] or _OVER.search(before):
        bound = "over"
    elif _UNDER.search(before):
        bound = "under"
    return Quantity(
        value, value, unit, match.start(), match.end(), bound,
        _PERIODS.get(per.lower(), ""), bool(match["s"]) and unit == "date",
    )  # fmt: skip


def _in_range(low: Quantity, high: Quantity, text: str) -> bool:
    between = text[low.end : high.start]
    units = low.unit == high.unit or low.unit == "" or {low.unit, high.unit} == {"", "usd"}
    if not units or low.low > high.high * (1000 if low.unit != "date" else 1):
        return False
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


def carries(evidence: Quantity, claim: Quantity) -> bool:
    """Whether a quantity of the evidence is the one that a sentence claims."""
    if not _units_agree(evidence, claim):
        return False
    if claim.period and evidence.period and claim.period != evidence.period:
        return False
    if claim.unit == "%" and claim.period and claim.period != evidence.period:
        return False
    if claim.period in _SHORT and claim.period != evidence.period:
        return False
    if claim.low != claim.high:
        return _same(evidence.low, claim.low, claim) and _same(evidence.high, claim.high, claim)
    value = claim.low
    if claim.bound == "over" and not _bounded(evidence, value, "over"):
        return False
    if claim.bound == "under" and not _bounded(evidence, value, "under"):
        return False
    if _same(evidence.low, value, claim) or _same(evidence.high, value, claim):
        return True
    if claim.bound == "over":
        return value < evidence.low <= value * 1.15 and _rounder(value, evidence.low)
    if claim.bound == "under":
        return evidence.high < value <= evidence.high * 1.15 and _rounder(value, evidence.high)
    return False


def _units_agree(evidence: Quantity, claim: Quantity) -> bool:
    if evidence.unit == claim.unit:
        return True
    currencies = {"usd", "eur", "gbp", "inr"}
    if claim.unit == "":
        return evidence.unit in currencies and claim.low >= 1000 or evidence.unit == "rank"
    return claim.unit == "rank" and evidence.unit in ("", "rank") and evidence.low < 100


def _same(evidence: float, claim: float, quantity: Quantity) -> bool:
    if abs(evidence - claim) <= 1e-9 * max(1.0, abs(claim)):
        return True
    if quantity.unit == "date":
        return False
    fraction = quantity.unit == "%" and claim in (66.7, 33.3)
    if fraction or quantity.bound == "near":
        tolerance = 1.5 if quantity.unit == "%" else 0.05 * abs(evidence)
        return abs(evidence - claim) <= tolerance and (fraction or _rounder(claim, evidence))
    return False


def _rounder(rounded: float, exact: float) -> bool:
    """Whether a number has fewer significant digits than the one it may stand for."""
    return len(f"{rounded:.0f}".strip("0")) < len(f"{exact:g}".replace(".", "").strip("0"))


def _bounded(evidence: Quantity, value: float, bound: str) -> bool:
    if evidence.bound == bound:
        return True
    if evidence.bound == "near":
        return evidence.low != value
    if bound == "over":
        return evidence.low > value or (evidence.low == value and evidence.high > value)
    return evidence.high < value or (evidence.high == value and evidence.low < value)


@dataclass(frozen=True, slots=True)
class Mention:
    """A role or level named in a text."""

    name: str
    start: int
    end: int


_MODIFIERS = (
    r"AI\s?/\s?ML|ML\s?/\s?AI|AI\s(?:and|&)\sML|artificial[- ]intelligence|machine[- ]learning|deep[- ]learning|"
    r"AI|ML|LLMs?|software|data|full[- ]?stack|back-?end|front-?end|dev-?ops|ml-?ops|cloud|platform|"
    r"applied|research|computer vision|nlp|robotics|security|product|solutions?|prompt|founding|"
    r"web|mobile|embedded|automotive|engineering|general|traditional|information|quantitative|network|systems?"
)
_HEADS = (
    r"engineers?|engineering|developers?|programmers?|scientists?|architects?|managers?|consultants?|"
    r"annotators?|researchers?|analysts?|specialists?|directors?|administrators?|designers?"
)
_ROLE = re.compile(rf"\b((?:(?:{_MODIFIERS})[\s-]+){{1,3}})({_HEADS})\b", re.I)
_PAIR = re.compile(
    rf"\b({_MODIFIERS})((?:,\s?(?:{_MODIFIERS}))*)\s(?:and|or|&|versus|vs\.?)\s"
    rf"(?=((?:(?:{_MODIFIERS})\s){{1,2}}(?:engineers?|engineering|developers?))\b)",
    re.I,
)
_SAME_MODIFIER: Final = {
    "artificial intelligence": "ai", "machine learning": "ml", "ml/ai": "ai/ml", "ai and ml": "ai/ml",
    "ai & ml": "ai/ml", "llms": "llm", "general": "", "traditional": "", "founding": "",
    "fullstack": "full stack",
}  # fmt: skip
_ENGINEERS: Final = {"engineering", "developer", "programmer", "engineer"}


def roles(text: str) -> list[Mention]:
    """Job titles named in normalised text, spelled one way: `ai engineer`, `data scientist`."""
    found = []
    for match in _ROLE.finditer(text):
        name = _role_name(match[1], match[2])
        if name and name != "prompt engineer":  # prompt engineering is a skill
            found.append(Mention(name, match.start(), match.end()))
    for match in _PAIR.finditer(text):
        if not any(m.start <= match.start() < m.end for m in found):
            head = match[3].rsplit(" ", 1)[-1]
            name = _role_name(match[1], head)
            if name:
                found.append(Mention(name, match.start(), match.start() + len(match[1])))
    return sorted(found, key=lambda m: m.start)


def _role_name(modifiers: str, head: str) -> str:
    words = re.findall(_MODIFIERS, modifiers, re.I)
    names = [re.sub(r"\s*/\s*", "/", w.lower().replace("-", " ")) for w in words]
    names = [_SAME_MODIFIER.get(n, n) for n in names]
    names = [n for n in names if n]
    singular = head.lower()
    singular = singular if singular == "engineering" else singular.removesuffix("s")
    if singular == "engineering" and not set(names) & {"ai", "ml", "ai/ml", "software", "data"}:
        return ""
    if singular in _ENGINEERS and (singular == "engineer" or singular == "engineering" or names):
        singular = "engineer" if "engineering" not in names else singular
    if not names:
        return ""
    return " ".join([*names, singular])


_BOUNDARY = re.compile(
    r"[,;:()]|\b(?:and|while|whereas|versus|vs|against|compared|but|than|or|though|although|with)\b",
    re.I,
)
FARTHEST: Final = 10.0  # cost from which a mention is too far away to own a figure
_AGAINST = re.compile(
    r"\b(?:against|versus|vs|than|compared|above|below|over|beyond|instead)\b", re.I
)
_CONNECTED = re.compile(
    r"^\W*(?:for|of|to|in|among|as|at|by)?(?:\s(?:an?|the|their|its))?\W*$", re.I
)


def bind(start: int, end: int, mentions: Sequence[Mention], text: str) -> str | None:
    """The mention that a place in a text belongs to; None where it could be several.

    The nearest wins, where words count one, the boundary of a clause four; a mention that follows
    costs a little more unless "for", "of" and their like lead to it.
    """
    best: dict[str, float] = {}
    alone = len({mention.name for mention in mentions}) == 1
    for mention in mentions:
        if mention.end <= start:
            gap, penalty = text[mention.end : start], 0.0
            if alone and _AGAINST.search(gap):
                continue  # the other side of the comparison is not named
        elif mention.start >= end:
            gap = text[end : mention.start]
            if _AGAINST.search(gap):
                continue
            penalty = -0.5 if _CONNECTED.match(gap) else 2.0
        else:
            gap, penalty = "", 0.0
        cost = 0.5 * len(gap.split()) + 4 * len(_BOUNDARY.findall(gap)) + penalty
        cost += 5 * len(re.findall(r"[.!?]\s", gap))
        best[mention.name] = min(cost, best.get(mention.name, cost))
    ranked = sorted(best.items(), key=lambda item: item[1])
    if not ranked or ranked[0][1] > FARTHEST:
        return None
    if len(ranked) > 1 and ranked[1][1] - ranked[0][1] < 1:
        return None
    return ranked[0][0]


def bindings(found: Sequence[Quantity], mentions: Sequence[Mention], text: str) -> list[str | None]:
    """For each quantity the mention it belongs to, by order where the text counts them off."""
    names = list(dict.fromkeys(m.name for m in mentions))
    counted = len(found) == len(mentions) == len(names) > 1
    apart = counted and (mentions[-1].end <= found[0].start or found[-1].end <= mentions[0].start)
    if counted and (apart or "respectively" in text):
        pairs = zip(sorted(found, key=lambda q: q.start), mentions, strict=True)
        return [m.name for _, m in pairs]
    return [bind(q.start, q.end, mentions, text) for q in found]
