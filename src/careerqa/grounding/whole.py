"""Rules of the grounding check on parts told as the whole: of a choice, of a range, of a level."""

from __future__ import annotations

import re

from careerqa.grounding.case import Case
from careerqa.grounding.facts import quantities
from careerqa.grounding.sources import Fact, level_mentions
from careerqa.grounding.words import Bag, is_content

_OR = re.compile(r"[^.;,]{0,40}?\b(\w{3,}) or (?:are |have |who |will )?(\w{3,})\b")
_OPEN = re.compile(r"\b(?:or|plan\w*|intend\w*|might|expect\w*|want\w*)\b", re.I)


def choice(case: Case) -> str | None:
    """A share that does one thing or another isn't a share that does the one."""
    said = Bag([case.text])
    for quantity in case.quantities:
        facts = case.matching(quantity)
        if quantity.unit != "%" or not facts or _OPEN.search(case.text):
            continue
        pairs = [_OR.match(f.text[f.quantity.end :]) for f in facts]
        if all(pair and said.has(pair[1]) != said.has(pair[2]) for pair in pairs):
            return f"{quantity} do one thing or another, in its evidence"
    return None


_END = re.compile(
    r"\b(?:up to|at (?:most|least)|from|start\w*|top|as (?:much|little|many|few) as|highs?|lows?|"
    r"highest|lowest|reach\w*|ceiling|floor|or|max\w*|min\w*|between|range\w*|end|bottom|begin\w*|"
    r"to|cap\w*|entry|over|under|exceed\w*|hits?|upper|lower|limit|edge|peak\w*|climb\w*|go(?:es)?|"
    r"span\w*|stop\w*|above|below|than)\b",
    re.I,
)


def whole_range(case: Case) -> str | None:
    """One end of a range isn't told as if it were all of it."""
    if _END.search(case.text):
        return None
    for quantity in case.quantities:
        facts = case.matching(quantity)
        if quantity.unit == "date" or quantity.low != quantity.high or quantity.bound or not facts:
            continue
        if all(f.quantity.low < f.quantity.high and not _moving(f) for f in facts):
            return f"{quantity} is one end of {facts[0].quantity}"
    return None


def _moving(fact: Fact) -> bool:
    """Whether a range is the way of one value through some years."""
    return any(q.unit == "date" for q in quantities(fact.text))


_AT_LEVEL = re.compile(r"\bat (?:the |an? )?(\w+) level\b", re.I)


def other_level(case: Case) -> str | None:
    """What holds at one level by name is in the evidence not of a level of another name."""
    if "level" not in case.bag.words:
        return None
    for match in _AT_LEVEL.finditer(case.text):
        word = match[1].lower()
        if is_content(word) and not level_mentions(match.group()) and not case.wide.has_form(word):
            return f"its evidence speaks of another level than {word}"
    return None
