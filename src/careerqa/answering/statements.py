"""Hits → statements to quote: each with as much text before it as it needs to be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.datatypes import Hit, Span, Unit, UnitKind
from careerqa.documents.provenance import FLAGGED
from careerqa.indexing.generation import Generation

MOST_BEFORE = 2
"""Most sentences taken in before one that refers to them."""
MOST_CHARACTERS = 150
"""Most characters taken in before a sentence: more would drown it."""

_REFERS = re.compile(
    r"[\s*_“\"'(]*(?:(?:However|Also|Thus|Therefore|Instead|Likewise|Similarly|In contrast"
    r"|By contrast|In turn|As a result|Crucially|Importantly|Notably|And|But|So),? +)?"
    r"(?:This|That|These|Those|They|Their|It|Its|He|She|His|Her|Such|Both|The latter|The former"
    r"|The effect|The same|The gap|The pattern)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one quote will hold: a hit's unit, and those before it that it refers to.

    `hits` are all hits whose units it holds, best first; `units` are in order of the document.
    """

    hits: tuple[Hit, ...]
    units: tuple[Unit, ...]

    @property
    def span(self) -> Span:
        """From the first unit's start to the last one's end."""
        return Span(self.units[0].span.start, self.units[-1].span.end)


def statements_of(generation: Generation, hits: Sequence[Hit]) -> list[Statement]:
    """A statement for each hit, best first; those that would overlap become one."""
    found: list[Statement] = []
    for hit in hits:
        new = Statement((hit,), _with_antecedent(generation, hit.unit))
        rest: list[Statement] = []
        at = len(found)
        for place, other in enumerate(found):
            if _overlap(new, other):
                new, at = _joined(other, new), min(at, place)
            else:
                rest.append(other)
        rest.insert(min(at, len(rest)), new)
        found = rest
    return found


def refers_back(text: str) -> bool:
    """Whether a sentence opens with a word whose meaning stands before it."""
    return bool(_REFERS.match(text))


def _with_antecedent(generation: Generation, unit: Unit) -> tuple[Unit, ...]:
    units = [unit]
    while len(units) <= MOST_BEFORE and refers_back(units[0].text) and units[0].id > 0:
        before = generation.units[units[0].id - 1]
        same = (before.document_id, before.block) == (unit.document_id, unit.block)
        if not same or {before.kind, unit.kind} != {UnitKind.SENTENCE}:
            break
        if before.provenance in FLAGGED:
            break
        if unit.span.start - before.span.start > MOST_CHARACTERS:
            break
        units.insert(0, before)
    return tuple(units)


def _overlap(one: Statement, other: Statement) -> bool:
    return bool({u.id for u in one.units} & {u.id for u in other.units})


def _joined(one: Statement, other: Statement) -> Statement:
    units = {unit.id: unit for unit in (*one.units, *other.units)}
    hits = {hit.unit.id: hit for hit in (*one.hits, *other.hits)}
    return Statement(
        tuple(sorted(hits.values(), key=lambda hit: hit.rank)),
        tuple(units[key] for key in sorted(units)),
    )
