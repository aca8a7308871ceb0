"""Rules of the grounding check on words that leave no exception and on ends of a range."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.sources import starting
from careerqa.grounding.words import Bag, is_content, words

_AND = re.compile(r"\s(?:and|&)\s[\w/&-]+\s$|,\s[^.;:]{3,80}\sand\s[^.;:,]{3,40}\s$", re.I)
_NEVER = re.compile(
    r"(?<!\bif )(?<!\bif you )(?<!\bif they )(?<!\bwho )(?<!\bwho have )(?<!\bwith )"
    r"\b(?:never|nobody|no one|none|nothing|not (?:one|a single))\b",
    re.I,
)
_NO = re.compile(
    r"\b(?:never|nobody|none|no|nothing|without|not (?:a|an|one|any|even)|neither|nor|cannot|can't|"
    r"0|zero|avoid\w*|lack\w*|voluntary|optional\w*|un[a-z]{5,}|\w+est|most|best)\b",
    re.I,
)
_OFTEN = re.compile(
    r"\b(?:often|sometimes|usually|typically|may|might|can|could|many|some|few)\b", re.I
)
_NONE = re.compile(r"\b(?:never|nobody|no one|none|nothing|no|\w+est|most)\b", re.I)
_EVERY = re.compile(
    r"(?<!\bnot )(?<!\bnot in )(?<!\babove )(?<!\bof )(?<!\bafter )\b(?:all|every)\s(?:of\s)?"
    r"(?!you\b|we\b|they\b|it\b|one\b|this\b|that\b|the same\b)"
    r"(?:the\s|these\s|those\s|its\s|their\s)?(?=[a-z])((?:[\w'-]+\s?){1,3})",
    re.I,
)
_ANY = re.compile(
    r"\b(?:all|every|each|any|virtually|entire|whole|across|regardless of|no|both)\s"
    r"((?:[\w'-]+\s?){1,4})",
    re.I,
)
_SOME = re.compile(r"\b(?:many|most|some|several|few)\s((?:[\w'-]+\s?){1,3})", re.I)
_COUNTED: Final = frozenset(
    {"time", "times", "day", "days", "week", "year", "years", "month", "case", "cases", "way"}
    | {"ways", "level", "levels", "stage", "stages", "kind", "kinds", "sort", "sorts", "step"}
    | {"point", "turn", "rung", "bit", "right", "career", "else"}
)


def without_exception(case: Case) -> str | None:
    """Never, and all of some things, are what the evidence says of the same."""
    never = _NEVER.search(case.text)
    if never and not _NO.search(case.evidence):
        return f"“{never.group()}” goes further than its evidence"
    if never and _OFTEN.search(case.evidence) and not _NONE.search(case.evidence):
        return f"“{never.group()}” goes further than its evidence"
    held = Bag([match[1] for match in _ANY.finditer(case.evidence)])
    some = {w for match in _SOME.finditer(case.evidence) for w in words(match[1])}
    some -= held.words
    for match in _EVERY.finditer(case.text):
        if _AND.search(case.text[: match.start()]):
            continue  # "A, B and C all do"
        if len({f.level for f in case.facts} - {None}) >= 3:
            continue  # every level of a row
        things = [w for w in words(match[1]) if is_content(w)][:2]
        if not things or words(match[1])[0] in _COUNTED:
            continue
        if not any(map(held.has, things)) or all(w in some for w in things):
            return f"“{match.group().strip()}” goes further than its evidence"
    return None


_END = re.compile(
    r"\b(?:top(?!\s(?:quartile|decile|quarter|half|tenth|third|fifth|of|\d))|highest|maximum|max|peaks?|ceiling|"
    r"at most|up to|minimum|lowest|floor|(?:best|highest|top)[- ](?:paid|earning)|"
    r"start(?:s|ing)?)\b",
    re.I,
)


_CEILING = re.compile(r"\b(?:most|top|bottom|high|low) end\b|\bcap\b|\bmost\b", re.I)


def ends(case: Case) -> str | None:
    """A middle or a percentile is not said to be the end of a range."""
    match = _END.search(case.text)
    if match is None or _END.search(case.evidence) or _CEILING.search(case.evidence):
        return None
    for quantity in case.quantities:
        facts = case.matching(quantity)
        middles = [f for f in facts if f.measure in ("median", "average", "percentile")]
        if facts and len(middles) == len(facts) and quantity.unit not in ("", "date"):
            return f"{quantity} is the {facts[0].measure}, not an end"
    return None


_SEASONED = re.compile(
    r"\b(?:experienced|with experience|seasoned|veterans?|expert|established)\b", re.I
)


def seasoned(case: Case) -> str | None:
    """What the experienced have isn't said of those at the start."""
    named = {m.name for m in case.levels} or ({"entry"} if starting(case.text) else set())
    old = _SEASONED.search(case.text)
    for quantity in case.quantities:
        facts = case.matching(quantity)
        if not facts or bool(old) == bool(named):
            continue
        if named == {"entry"} and all(_SEASONED.search(f.text[: f.quantity.start]) for f in facts):
            return f"{quantity} is the figure of the experienced"
        first = old and old.end() <= quantity.start and len(case.quantities) == 1
        if first and all(f.level == "entry" for f in facts):
            return f"{quantity} is the figure of those at the start"
    return None
