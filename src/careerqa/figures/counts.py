"""Whether a plain number counts something, rather than naming it ("Part 11") or being a year."""

from __future__ import annotations

import re
from typing import Final

YEAR: Final = re.compile(r"(?:19|20)\d\d")
_STOP = re.compile(
    r"\b(?:of|in|on|at|for|and|or|the|to|with|by|from|as|is|are|was|were|has|have|that|this|than"
    r"|vs|versus|a|an|cfr|which|its|min|read)\b",
    re.IGNORECASE,
)
_NOT_PLURAL = re.compile(r"(?:ss|us|is|’s|'s)$|^(?:tips|ways|reasons|steps|things)$", re.IGNORECASE)
_PEOPLE = {"people", "staff", "women", "men", "children", "headcount"}
_NAMED = re.compile(
    r"\b(?:part|section|chapter|phase|step|level|tier|series|web|article|figure|table|version|day"
    r"|week|month|year|quarter|lesson|module|grade|title|type|page|class|form|option|stage|round"
    r"|cfr|iso|python|java|gpt|llama|claude|gemini|cuda|windows|fortune|v|q|group|team|floor"
    r"|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)\.?\s*$",
    re.IGNORECASE,
)
_CAPITAL_BEFORE = re.compile(r"\w\S*\s+[A-Z][\w-]*\s$")


def counts(match: re.Match[str], text: str) -> bool:
    """Whether the plain number of a match counts something.

    Args:
        match: With groups a, am and b, bm, which may be empty: the values and their sizes.
        text: Where it was found.
    """
    first, second = match.group("a"), match.group("b")
    before, after = text[: match.start()], text[match.end() :]
    plain = not match.group("am") and not match.group("bm")
    if plain and YEAR.fullmatch(first) and (second is None or len(second) in (2, 4)):
        return False
    if second is not None and not plain and match.group("am") == "m":
        return False
    if _NAMED.search(before) or (first[:1] == "0" and len(first) > 1):
        return False
    if not plain or "," in first:
        return True
    if _CAPITAL_BEFORE.search(before):
        return False
    versus = r"\s+(?:vs\.?|versus)\s+"
    if re.match(rf"{versus}\d", after) or re.search(rf"\d{versus}$", before):
        return True
    if re.search(r"\b(?:total|number|sum) of\s*$", before, re.IGNORECASE):
        return True
    return _before_plural(after)


def _before_plural(after: str) -> bool:
    clause = re.split(r"[.,;:()!?|_\"“”]", after, maxsplit=1)[0]
    words = clause.split()[:4]
    if not words or not clause[:1].isspace():
        return False
    for word in words:
        if _STOP.fullmatch(word):
            return False
        if word.casefold() in _PEOPLE:
            return True
        if re.fullmatch(r"[A-Za-z’'/-]{3,}s", word) and not _NOT_PLURAL.search(word):
            return True
    return False
