"""An amount, and what stands beside it: "up to" opens it below, "+" above."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from careerqa.datatypes import Span


@dataclass(frozen=True, slots=True)
class Amount:
    """A value or range. `low` or `high` is None for an open end.

    `unit` is "money", "percent", "count", "rank", "ratio", "times" or a unit of time in the plural.
    `qualifier` is what the text puts beside the value: "~", "up to", "+".
    """

    span: Span
    low: float | None
    high: float | None
    unit: str
    currency: str | None = None
    qualifier: str | None = None


_AT_LEAST = (
    r"at least|over|more than|above|exceed(?:s|ed|ing)?|minimum(?: of)?|min\.|no less than|>|≥"
    r"|upwards? of|north of|greater than|in excess of|beyond|no fewer than|surpass(?:es|ed|ing)?"
)
_AT_MOST = (
    r"up to|at most|under|below|less than|fewer than|no more than|maximum(?: of)?|max\.|<|≤"
    r"|as (?:much|many|high) as|capped at|not more than"
)
_ABOUT = r"~|≈|about|around|roughly|approximately|approx\.|nearly|almost|an estimated|close to|some"
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?P<least>{_AT_LEAST})|(?<!\w)(?P<most>{_AT_MOST})|(?<!\w)(?P<about>{_ABOUT})"
    r"|(?<!up )(?<!down )(?<!rise )(?<!rose )\b(?P<start>starting (?:at|from)|from))"
    r"\s*(?:an?\s+|the\s+|about\s+|around\s+|roughly\s+)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(\+)|\s+(or more|or higher|or above|and up|and above|and over)\b")


def bounded(amount: Amount, text: str) -> Amount:
    """The amount with what stands beside it: "up to" opens it below, "+" above."""
    before = _BEFORE.search(text[: amount.span.start])
    after = _AFTER.match(text, amount.span.end)
    single = amount.low == amount.high
    qualifier = before.group().strip() if before else None
    low, high = amount.low, amount.high
    inside = "+" in text[amount.span.start : amount.span.end]
    if before and before.group("start") and (not single or amount.unit != "money"):
        qualifier = None
    elif single and before and (before.group("least") or before.group("start")):
        high = None
    elif single and before and before.group("most"):
        low = None
    if single and (inside or after):
        high = None
    if after or inside:
        plus = (after.group(1) or after.group(2)) if after else "+"
        qualifier = f"{qualifier} {plus}" if qualifier else plus
    return replace(amount, low=low, high=high, qualifier=qualifier)
