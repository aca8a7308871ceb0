"""Same matter, different figures or opposite statements.

Two kinds are found among the hits of a question:

- Figures: two documents give the same thing for the same title, level and measure, but not the
  same value; or the same value with another horizon. What differs in title, level, measure or year
  is no conflict: where the question itself doubts, it is shown as measured differently.
- Matters of opinion: statements of two documents take different sides, by the rules of `matters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from careerqa.answering.matters import load_matters
from careerqa.datatypes import Hit
from careerqa.documents.provenance import NOT_ABOUT_THE_WORLD
from careerqa.figures.reading import Figure, figures_of_generation
from careerqa.indexing.generation import Generation
from careerqa.retrieval.question import Question

LEAD = 0.16
"""How far below the best hit's score one side must lie at most: the matter is what is asked."""
OPINION_REACH = 0.6
FIGURE_REACH = 0.22
DOUBT_REACH = 0.55
"""How far below the best hit's score the other side may lie; for figures of the same basis, and
for all of them where the question itself doubts.

On 235 questions, 26 of them about a conflict (November 2026): found in .92 of these, all sides
quoted in .92, and found in .04 of the others.
"""
MOST = 2
"""Most disagreements in an answer."""
MOST_CLAIMS = 4
"""Most claims shown for one disagreement; at least one of each side."""
MEASURED_DIFFERENTLY = "Measured differently"

_DOUBT = re.compile(
    r"\b(disagree\w*|conflict\w*|contradict\w*|agree|differ(?:s|ent|ently)?|totally|split|whose"
    r"|depends? on who|more than one|another (?:says|said|made|site|page|source)|which is it"
    r"|(?:which|who) (?:one )?(?:is|do i|should i) (?:right|believe|true|trust)|who do i believe"
    r"|(?:one|some|half) (?:of )?(?:\w+ )?(?:says?|said|claims?|told|scared)|overhyped|both ends"
    r"|or (?:is|does|are|do) (?:that|it|they|there)|not true|really true|actual truth|same size"
    r"|mixed (?:messages|signals)|opinions?)\b",
    re.IGNORECASE,
)
_JUDGEMENT = re.compile(
    r"(?:^|[.?!,;:(] ?|\b(?:so|and|but|or|just|like|well|hey|hi|ok|also) )(?:should|shall|do|does"
    r"|did|is|are|can|could|will|would|has|have|am)\b"
    r"|\b(worth|necessary|really need|overhyped|hype|matters?|important|realistic|waste"
    r"|still)\b|\bor\b[^.?!]*\?",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """What one hit says on a matter: the value as the source writes it, with its basis."""

    value: str
    basis: dict[str, str]
    hit: Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A matter on which hits differ, with a claim of each side, best hits first."""

    topic: str
    sides: tuple[Side, ...]
    note: str | None = None


def disagreements_of(
    generation: Generation, question: Question, hits: Sequence[Hit], chosen: Sequence[Hit]
) -> list[Found]:
    """The disagreements that touch what is quoted.

    Args:
        hits: Ranked, best first.
        chosen: Those of them that the answer quotes; one must take a side.
    """
    world = [h for h in hits if h.unit.provenance not in NOT_ABOUT_THE_WORLD]
    if not world or not chosen:
        return []
    doubts = bool(_DOUBT.search(question.text))
    floor = world[0].score - (DOUBT_REACH if doubts else OPINION_REACH)
    near = [hit for hit in world if hit.score >= floor]
    found = list(_figures(generation, question, near, chosen, doubts=doubts))
    if any(f.note is None for f in found):
        found = [f for f in found if f.note is None]
    asked = " ".join(question.points) or question.text
    if doubts or _JUDGEMENT.search(asked):
        found += _opinions(generation, asked, near, chosen)
    leading = world[0].score - LEAD
    found = [f for f in found if any(side.hit.score >= leading for side in f.sides)]
    found.sort(key=lambda f: -sum(side.hit.score for side in f.sides) / len(f.sides))
    return found[:MOST]


def with_sides(chosen: Sequence[Hit], found: Sequence[Found]) -> list[Hit]:
    """The hits to quote with those of every side added, best first."""
    every = {hit.unit.id: hit for hit in chosen}
    every |= {side.hit.unit.id: side.hit for one in found for side in one.sides}
    return sorted(every.values(), key=lambda hit: hit.rank)


def _opinions(
    generation: Generation, asked: str, hits: Sequence[Hit], chosen: Sequence[Hit]
) -> Iterator[Found]:
    quoted = {hit.unit.id for hit in chosen}
    for matter in load_matters():
        if not matter.asked.search(asked):
            continue
        taken: dict[str, list[Hit]] = {}
        words: dict[int, str] = {}
        for hit in hits:
            stand = matter.side_of(generation.plain[hit.unit.id])
            if stand is not None:
                taken.setdefault(stand.label, []).append(hit)
                words[hit.unit.id] = stand.words
        documents = {side: {h.unit.document_id for h in of} for side, of in taken.items()}
        apart = any(a != b for x, y in combinations(documents.values(), 2) for a in x for b in y)
        if not apart or not any(h.unit.id in quoted for of in taken.values() for h in of):
            continue
        yield Found(
            topic=matter.name[0].upper() + matter.name[1:],
            sides=tuple(
                Side(words[hit.unit.id], {"position": side}, hit)
                for side, of in taken.items()
                for hit in _best(of, quoted, MOST_CLAIMS // len(taken))
            ),
        )


def _best(hits: Sequence[Hit], quoted: set[int], most: int) -> list[Hit]:
    """The best hit of a side, and further ones only if they are quoted anyway."""
    return [hit for n, hit in enumerate(hits) if n == 0 or hit.unit.id in quoted][:most]


def _figures(
    generation: Generation,
    question: Question,
    hits: Sequence[Hit],
    chosen: Sequence[Hit],
    *,
    doubts: bool,
) -> Iterator[Found]:
    if not (question.wants_amount or question.wants_number):
        return
    best = hits[0].score
    by_unit = {hit.unit.id: hit for hit in hits}
    quoted = {hit.unit.id for hit in chosen}
    figures = [
        f
        for f in figures_of_generation(generation)
        if f.unit_id in by_unit and f.about_the_world and _asked_for(f, question)
    ]
    figures.sort(key=lambda f: by_unit[f.unit_id].rank)
    seen: set[tuple[str | None, ...]] = set()
    for figure in figures:
        key = (figure.about, figure.role, figure.level)
        if figure.unit_id not in quoted or key in seen:
            continue
        others = [f for f in figures if f.document_id != figure.document_id and _same(figure, f)]
        reach = DOUBT_REACH if doubts else FIGURE_REACH
        others = [f for f in others if by_unit[f.unit_id].score >= best - reach]
        strict = [f for f in others if _same_basis(figure, f) and differ(figure, f)]
        loose = [f for f in others if differ(figure, f)] if doubts else []
        apart = strict or loose
        if not apart:
            continue
        seen.add(key)
        sides = _distinct([figure, *apart])[:MOST_CLAIMS]
        yield Found(
            topic=_topic(figure),
            sides=tuple(Side(f.text, basis(f), by_unit[f.unit_id]) for f in sides),
            note=None if strict else f"{MEASURED_DIFFERENTLY}: {_difference(sides)}.",
        )


def _asked_for(figure: Figure, question: Question) -> bool:
    """Whether a figure is on what the question names: pay, a title, a level."""
    if question.wants_amount and figure.about != "pay":
        return False
    if question.roles and figure.role is not None and figure.role not in question.roles:
        return False
    return not (question.levels and figure.level and figure.level not in question.levels)


def _same(one: Figure, other: Figure) -> bool:
    """Whether two figures are on the same thing, whatever the level and measure."""
    return (
        (one.about, one.unit, one.currency) == (other.about, other.unit, other.currency)
        and one.role == other.role
        and one.role is not None
        and (one.period is None or other.period is None or one.period == other.period)
    )


_PAY_MEASURES = frozenset(
    {None, "range", "average range", "average", "median", "total compensation", "base"}
)
"""Measures of pay that readers take for one another; premium and percentile are others."""


def _same_basis(one: Figure, other: Figure) -> bool:
    if one.level != other.level:
        return False
    if one.measure == other.measure:
        return True
    return one.about == "pay" and {one.measure, other.measure} <= _PAY_MEASURES


def differ(one: Figure, other: Figure) -> bool:
    """Whether two figures on the same thing say something else.

    Ranges differ where they share less than half of what both cover together; a single value
    differs from a range that does not hold it, and from another by more than 2%. Equal values
    differ where both name a horizon and not the same one.
    """
    if _close(one, other):
        return bool(one.year and other.year and one.year[-4:] != other.year[-4:])
    return True


def _close(one: Figure, other: Figure) -> bool:
    first, second = _interval(one), _interval(other)
    shared = min(first[1], second[1]) - max(first[0], second[0])
    if first[0] == first[1] or second[0] == second[1]:
        return shared >= -0.02 * max(abs(first[1]), abs(second[1]))
    return shared >= 0.5 * (max(first[1], second[1]) - min(first[0], second[0]))


def _interval(figure: Figure) -> tuple[float, float]:
    low = figure.low if figure.low is not None else figure.high
    high = figure.high if figure.high is not None else figure.low
    return (low or 0.0, high or 0.0)


def _distinct(figures: Sequence[Figure]) -> list[Figure]:
    """The figures without those whose value and document stand before them already."""
    kept: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        kept.setdefault((figure.document_id, figure.low, figure.high, figure.level), figure)
    return list(kept.values())


def basis(figure: Figure) -> dict[str, str]:
    """What a figure is about, where known."""
    values = {
        "role": figure.role_written or figure.role,
        "level": figure.level,
        "measure": figure.measure,
        "region": figure.region,
        "year": figure.year,
        "origin": figure.origin,
    }
    return {name: value for name, value in values.items() if value}


def _topic(figure: Figure) -> str:
    subject = {"pay": "Pay", "growth": "Growth", "demand": "Demand"}.get(figure.about or "", "")
    parts = [subject or (figure.about or "Figure").capitalize(), "of"]
    return " ".join([*parts, *([figure.level] if figure.level else []), f"{figure.role}s"])


def _difference(figures: Sequence[Figure]) -> str:
    names = [
        name
        for name, values in (
            ("level", {f.level for f in figures}),
            ("measure", {f.measure for f in figures}),
            ("year", {f.year for f in figures}),
        )
        if len(values) > 1
    ]
    return f"the figures differ in {' and '.join(names)}" if names else "the basis is not stated"
