"""Rules of the grounding check on figures: they stand there, and belong to whom they should."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.grounding import direction
from careerqa.grounding.case import Case
from careerqa.grounding.facts import Quantity
from careerqa.grounding.matching import carries
from careerqa.grounding.owners import AGAINST, bind, bindings
from careerqa.grounding.reckoned import reckoned
from careerqa.grounding.sources import EXCLUSIVE, Fact, measure_mentions, starting, with_start
from careerqa.grounding.than import COMPARATOR
from careerqa.grounding.words import MEASURES, SIGNS_UP, words


def figures(case: Case) -> str | None:
    """Every number, amount, share and year stands in the evidence, with its unit."""
    for quantity in case.quantities:
        if case.matching(quantity) or any(carries(q, quantity) for q in case.header_quantities):
            continue
        if not reckoned(case, quantity):
            return f"{quantity} stands in none of its evidence"
    return None


def ownership(case: Case) -> str | None:
    """A figure goes with the role, level and measure that its evidence gives it."""
    by_role = bindings(case.quantities, case.roles, case.text)
    by_level = bindings(
        case.quantities, with_start(case.levels, case.text, len(case.quantities)), case.text
    )
    measures = [m for m in measure_mentions(case.text) if m.name in EXCLUSIVE]
    for quantity, role, level in zip(case.quantities, by_role, by_level, strict=True):
        facts = case.matching(quantity)
        if re.match(r"\s\w+\s(?:ago|later|before)\b", case.text[quantity.end :]):
            continue
        if _ALL_OF.search(case.text[: quantity.start]) or _is_rival(case, quantity):
            continue
        if not facts or quantity.unit in ("date", "ordinal", "rank"):
            continue
        compared = len({m.name for m in case.roles}) > 1 and direction.comparisons(case.text)
        if compared and any(direction.comparisons(f.text) for f in facts):
            continue  # a difference between two; `way` looks at it
        named = {m.name for m in case.roles}
        lone = role is None and len(named) == 1 and not AGAINST.search(case.text)
        owner = next(iter(named)) if lone and all(f.of_row for f in facts) else role
        if owner and not any(f.role in (None, owner) for f in facts):
            return f"{quantity} is the figure of {facts[0].role}, not of {owner}"
        if role and not any(f.role in (None, role) for f in facts):
            return f"{quantity} is the figure of {facts[0].role}, not of {role}"
        if role:
            facts = [f for f in facts if f.role in (None, role)]
        if level and not any(f.level in (None, level) for f in facts):
            return f"{quantity} is the figure of level {facts[0].level}, not {level}"
        of_pay = quantity.unit in ("usd", "eur", "gbp")
        if (
            not level
            and all(f.level and (f.of_row or of_pay) for f in facts)
            and not _level_told(case, facts)
        ):
            return f"{quantity} is the figure of level {facts[0].level} only"
        measure = bind(quantity.start, quantity.end, measures, case.text)
        if measure and not any(f.measure in (None, measure) for f in facts):
            return f"{quantity} is the {facts[0].measure}, not the {measure}"
    return None


_RIVAL = re.compile(r"\s(?:to|against|versus|vs\.?)\s(?:just |only |about )?", re.I)


def _is_rival(case: Case, quantity: Quantity) -> bool:
    """Whether a figure is the other side's, which is not named: "ahead by $40k to $30k"."""
    before = [q for q in case.quantities if q.end <= quantity.start and q.unit == quantity.unit]
    if not before or len({m.name for m in case.roles}) > 1:
        return False
    between = case.text[before[-1].end : quantity.start]
    return bool(_RIVAL.fullmatch(between) and COMPARATOR.search(case.text))


_ALL_OF = re.compile(r"\b(?:of|across|among) (?:the|all|all the)\s(?:\w+\s)?$", re.I)
"""What leads to the number of all things, of which a part is told."""


def _level_told(case: Case, facts: Sequence[Fact]) -> bool:
    named = {m.name for m in case.levels} | ({"entry"} if starting(case.text) else set())
    if any(f.level in named for f in facts):
        return True
    if re.search(
        r"\b(?:middle|stage|level|step|rung|point|seniority|throughout|progress|experience)",
        case.text,
    ):
        return True
    listed = {f.level for q in case.quantities for f in case.matching(q)}
    return len(listed) >= 3


_IDIOM = re.compile(r"\bt(?:ak(?:es?|ing)|ook) stock\b|\ba total of (?=\d)", re.I)


def measures(case: Case) -> str | None:
    """A term of measuring stands in the evidence, too."""
    said = set(words(_IDIOM.sub(" ", case.text)))
    for name, listed in MEASURES.items():
        used = said & listed
        if not used or (name == "average" and "on average" in case.text):
            continue
        if name == "base" and not re.search(r"\bbase (?:pay|salar|comp)|[$€£]", case.text):
            continue
        if name == "share" or (
            name in ("minimum", "maximum", "growth")
            and not any(q.unit == "%" for q in case.quantities)
        ):
            continue
        there = bool(case.wide.words & listed)
        if name == "growth":
            shares = [f for q in case.quantities for f in case.matching(q) if q.unit == "%"]
            there = there or bool(_CHANGE.search(case.evidence))
            of_rows = bool(shares) and all(f.of_row for f in shares)
            there = there or not (
                of_rows or any(f.text and _NO_GROWTH.search(f.text) for f in shares)
            )
        if name == "premium" and not case.quantities:
            there = there or bool(case.wide.words & SIGNS_UP)
        if not there and not (name == "average" and "mean" in used):
            return f"its evidence gives no {name}"
    return None


_CHANGE = re.compile(r"(?<!make )(?<!makes )(?<!made )(?<!show )\bup\b|\b(?:down|from)\b", re.I)


_NO_GROWTH = re.compile(
    r"\b(?:makes? up|made up|account|share|constitut|represent|% of|premium)", re.I
)
