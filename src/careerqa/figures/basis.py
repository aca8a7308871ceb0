"""What an amount says: of which role and level, how measured, where, when, and who found it.

The basis is read from the amount's own sentence or cell, then from its row and column, its
paragraph's lead-in, the sentence that a pronoun points to, and the heading above. What none of
them says is None. How often that is right: `eval/figures_gold.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.datatypes import Span
from careerqa.figures.bounds import Amount
from careerqa.figures.measure import about_of, measure_of
from careerqa.figures.origin import origin_of
from careerqa.figures.place import COMPARED, PRONOUN, Place, clause_of
from careerqa.figures.role import role_of
from careerqa.roles import LevelMention, Vocabulary


@dataclass(frozen=True, slots=True)
class Basis:
    """What is known of an amount. None is unknown."""

    role: str | None = None
    role_written: str | None = None
    level: str | None = None
    measure: str | None = None
    period: str | None = None
    region: str | None = None
    year: str | None = None
    origin: str | None = None
    about: str | None = None


_LEVEL_AFTER = re.compile(r"^[\s+)]*(?:(?:for|are|is|at|as)\s+)?(?:the\s+|an?\s+)?$")
_LEVEL_BEFORE = re.compile(r"^[\s:(=]*(?:(?:level|roles?|engineers?|share)[\s:(]*)?$")
_LEVEL_OF = re.compile(r"^.{0,40}?\b(?:for|at|among|of)\s+(?:[\w.-]+\s+){0,2}$", re.DOTALL)

_REGIONS = [
    ("US", r"U\.S\.(?:A\.)?|USA?\b|United States|American\b"),
    ("UK", r"U\.K\.|UK\b|United Kingdom|Britain|British\b"),
    ("EU", r"EU\b(?! AI Act)|European Union"),
    ("Europe", r"Europe\b|European\b(?! Union)"),
    ("global", r"[Gg]lobal(?:ly)?\b|[Ww]orldwide|around the world"),
    ("Canada", r"Canad(?:a|ian)\b"),
    ("Germany", r"German(?:y)?\b"),
    ("India", r"Indian?\b"),
    ("San Francisco", r"San Francisco|Bay Area|Silicon Valley"),
    ("New York", r"New York|NYC\b"),
    ("Los Angeles", r"Los Angeles"),
    ("London", r"London\b"),
]
_REGION = re.compile(
    r"\b(?=[A-Zagw])(?:" + "|".join(f"(?P<r{n}>{p})" for n, (_, p) in enumerate(_REGIONS)) + ")"
)

_Y = r"((?:19|20)\d\d)"
_YEARS = re.compile(
    rf"\b(?:(?:from|between)\s+)?{_Y}\s*(?:to|and|–|-|—)\s*{_Y}\b|\b{_Y}\b(?!s)", re.IGNORECASE
)

_PERIODS = [
    ("year", r"per (?:year|annum)|/\s?(?:yr|year)\b|\ba year\b|annual(?:ly|ized)?|yearly|\bp\.a\."),
    ("month", r"per month|/\s?(?:mo|month)\b|\ba month\b|monthly"),
    ("week", r"per week|/\s?(?:wk|week)\b|\ba week\b|weekly"),
    ("day", r"per day|/\s?day\b|daily rate"),
    ("hour", r"per hour|/\s?(?:hr|h|hour)\b|\ban hour\b|hourly"),
]
_PERIOD = re.compile("|".join(f"(?P<{name}>{p})" for name, p in _PERIODS), re.IGNORECASE)
_YEAR_ON_YEAR = re.compile(
    r"year[- ](?:on|over)[- ]year|\byoy\b|(?:in|over) a single year", re.IGNORECASE
)


def basis_of(
    amount: Amount, place: Place, vocabulary: Vocabulary, amounts: Sequence[Amount] = ()
) -> Basis:
    """The basis of `amount`, one of the `amounts` of `place`."""
    clause = clause_of(place.text, amount.span)
    role, fallback = role_of(amount, place, vocabulary, amounts)
    level = _level(amount, place, clause, vocabulary, fallback=fallback)
    measure = measure_of(amount, place, clause, level is not None)
    return Basis(
        role=role.name if role else None,
        role_written=role.written if role else None,
        level=level,
        measure=measure,
        period=_period(amount, place, clause),
        region=_region(place, clause),
        year=_year(amount, place, clause, amounts),
        origin=origin_of(place.raw, place.text, amount.span),
        about=about_of(amount, place, clause, measure, level is not None),
    )


def _level(
    amount: Amount, place: Place, clause: Span, vocabulary: Vocabulary, *, fallback: bool
) -> str | None:
    text = place.text
    mentions = vocabulary.levels_in(text)
    for mention in mentions:
        if mention.span.end <= amount.span.start:
            if _LEVEL_BEFORE.match(text[mention.span.end : amount.span.start]):
                return mention.name
        elif mention.span.start >= amount.span.end and _LEVEL_AFTER.match(
            text[amount.span.end : mention.span.start]
        ):
            return mention.name
    sure = [m for m in mentions if m.sure and not COMPARED.search(text[: m.span.start])]
    for choice in (_levels_before(amount, clause, sure), _levels_of(amount, clause, text, sure)):
        names = {mention.name for mention in choice}
        if names:
            return names.pop() if len(names) == 1 else None
    if place.frame:
        return _cell_level(place.column, vocabulary) or _cell_level(place.row, vocabulary)
    if fallback and PRONOUN.match(text):
        return vocabulary.level(place.before)
    return vocabulary.level(place.label) or (vocabulary.level(place.heading) if fallback else None)


def _levels_before(
    amount: Amount, clause: Span, mentions: Sequence[LevelMention]
) -> list[LevelMention]:
    return [m for m in mentions if clause.start <= m.span.start and m.span.end <= amount.span.start]


def _levels_of(
    amount: Amount, clause: Span, text: str, mentions: Sequence[LevelMention]
) -> list[LevelMention]:
    after = [m for m in mentions if amount.span.end <= m.span.start < clause.end]
    return [m for m in after if _LEVEL_OF.match(text[amount.span.end : m.span.start])]


def _cell_level(text: str, vocabulary: Vocabulary) -> str | None:
    """The level that a header or a row's label names: a word for it counts there by itself."""
    names = {mention.name for mention in vocabulary.levels_in(text)}
    return names.pop() if len(names) == 1 else None


def _region(place: Place, clause: Span) -> str | None:
    before = place.text[: clause.end]  # what a region further on says is of another amount
    for text in (clause.of(place.text), before, place.frame, place.label, place.heading):
        found = {_REGIONS[int(str(m.lastgroup)[1:])][0] for m in _REGION.finditer(text)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _year(amount: Amount, place: Place, clause: Span, amounts: Sequence[Amount]) -> str | None:
    """The year or horizon: in the amount's clause, else before the sentence's first amount."""
    text = place.text
    after = _YEARS.search(text, amount.span.end, clause.end)
    if after:
        return _year_text(after)
    first = min((other.span.start for other in amounts), default=amount.span.start)
    before = list(_YEARS.finditer(text, clause.start, amount.span.start))
    before = before or list(_YEARS.finditer(text, 0, min(first, amount.span.start)))
    if before:
        return _year_text(before[-1])
    in_table = _YEARS.search(place.frame)
    return _year_text(in_table) if in_table else None


def _year_text(match: re.Match[str]) -> str:
    first, last, only = match.groups()
    return only or f"{first}-{last}"


def _period(amount: Amount, place: Place, clause: Span) -> str | None:
    """Money's period may stand once for a sentence's amounts; a rate's stands in its own clause."""
    money = amount.unit == "money"
    if not money and amount.unit not in ("percent", "count"):
        return None
    texts = (clause.of(place.text), place.text, place.frame, place.label)
    for text in texts if money else texts[:1]:
        found = set()
        if money or amount.unit == "count":
            found = {str(match.lastgroup) for match in _PERIOD.finditer(text)}
        if not money and _YEAR_ON_YEAR.search(text):
            found.add("year")
        if found:
            return found.pop() if len(found) == 1 else None
    return None
