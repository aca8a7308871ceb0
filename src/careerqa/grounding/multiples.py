"""The rule of the grounding check on doubled, tripled and tens of millions."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case

_MULTIPLE: Final = {
    2: re.compile(
        r"\b(?:doubl(?:es?|ed|ing)(?! down|-check| check| as\b)|2x|"
        r"twice (?:as|the|that|what|of)|halv(?:es?|ed|ing))\b",
        re.I,
    ),
    3: re.compile(r"\b(?:(?:tripl|trebl)(?:es?|ed|ing))\b", re.I),
    4: re.compile(r"\bquadrupl(?:es?|ed|ing)\b", re.I),
}
_LARGE: Final = {"thousands": 1e3, "millions": 1e6, "billions": 1e9}
_SCALE = re.compile(r"\b(tens|dozens|hundreds) of (thousands|millions|billions)\b", re.I)


def multiples(case: Case) -> str | None:
    """Doubled, tripled and tens of millions follow from figures or words of the evidence."""
    values = [
        (f.quantity.unit, value)
        for f in case.facts
        for value in (f.quantity.low, f.quantity.high)
        if f.quantity.unit != "date" and value
    ]
    for times, pattern in _MULTIPLE.items():
        match = pattern.search(case.text)
        if match is None or pattern.search(case.evidence):
            continue
        ratios = [b / a for one, a in values for other, b in values if one == other]
        ratios += [1 + value / 100 for unit, value in values if unit == "%"]
        if not any(abs(ratio - times) <= 0.15 * times for ratio in ratios):
            return f"“{match.group()}” follows from no figure of its evidence"
    match = _SCALE.search(case.text)
    if match and not _SCALE.search(case.evidence):
        low = _LARGE[match[2].lower()] * (100 if match[1].lower() == "hundreds" else 10)
        if not any(low <= value < 10 * low for _, value in values):
            return f"“{match.group()}” follows from no figure of its evidence"
    return None
