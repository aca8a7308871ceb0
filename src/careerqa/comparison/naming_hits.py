"""Searches → the statements that name a title and are on an aspect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from careerqa.answering.naming import Naming, naming_of
from careerqa.answering.sides import compared
from careerqa.comparison.aspects import Aspect, chosen_aspects
from careerqa.datatypes import Hit, UnitKind
from careerqa.documents.cleaning import clean
from careerqa.documents.provenance import NOT_ABOUT_THE_WORLD
from careerqa.documents.tables import cells
from careerqa.indexing.generation import Generation
from careerqa.retrieval.searching import Search
from careerqa.roles import load_vocabulary

REACH = 0.6
"""How far below the best hit's score a statement may lie and still fill a cell."""
IN_PASSING = 0.3
"""What it costs a statement to name the title only for comparison."""
PLAIN_ASPECTS = ("work", "skills")
"""Aspects that answer a question that names none."""
_NO_STATEMENTS: Final = frozenset({UnitKind.HEADING, UnitKind.QUESTION, UnitKind.REFERENCE})


@dataclass(frozen=True, slots=True)
class NamingHit:
    """A hit with how it names the title."""

    hit: Hit
    naming: Naming


def naming_hits(
    generation: Generation,
    searches: Sequence[Search],
    title: str,
    aspect: Aspect,
) -> list[NamingHit]:
    """What the searches found that names the title and is on the aspect, best first."""
    best: dict[int, NamingHit] = {}
    for search in searches:
        floor = search.hits[0].score - REACH
        for hit in search.hits:
            if hit.score < floor:
                break
            naming = _names(generation, hit, title, aspect)
            if naming is None:
                continue
            score = hit.score - (IN_PASSING if naming.in_passing else 0.0)
            known = best.get(hit.unit.id)
            if known is None or known.hit.score < score:
                best[hit.unit.id] = NamingHit(replace(hit, score=score), naming)
    found = sorted(best.values(), key=lambda f: (-f.hit.score, f.hit.unit.id))
    return [replace(f, hit=replace(f.hit, rank=n)) for n, f in enumerate(found, 1)]


def _names(generation: Generation, hit: Hit, title: str, aspect: Aspect) -> Naming | None:
    unit = hit.unit
    if unit.kind in _NO_STATEMENTS or unit.provenance in NOT_ABOUT_THE_WORLD:
        return None
    document = generation.documents[unit.document_id]
    naming = naming_of(unit, document, title, load_vocabulary())
    if naming is None:
        return None
    text = generation.plain[unit.id]
    if text.endswith((":", "?")):  # it announces what the next lines say
        return None
    if naming.by == "column":
        text = f"{clean(cells(unit.text)[0])}: {clean(naming.part.of(document.text))}"
    return naming if aspect.about.search(text) else None


def plain_hits(
    found: Search, *, search: Callable[[str, Generation], Search], top: int
) -> list[Hit]:
    """The hits for a question that compares titles as a whole: the best, then each title's side.

    Each title gets a statement under each of `PLAIN_ASPECTS`, as a cell of `compare` does.

    Args:
        found: What was found for the question, at least one hit.
        search: Finds what is said of one title under one aspect.
        top: Most hits.
    """
    sides: list[Hit] = []
    titles = compared(found.question)
    for aspect in chosen_aspects(PLAIN_ASPECTS):
        for title in titles:
            asked = search(aspect.asked_of(title)[0], found.generation)
            if not asked.hits:
                continue
            naming = naming_hits(found.generation, [asked], title, aspect)
            known = {hit.unit.id for hit in sides}
            sides += [n.hit for n in naming if n.hit.unit.id not in known][:1]
    best = found.hits[0]
    document = found.generation.documents[best.unit.document_id]
    if any(naming_of(best.unit, document, title, load_vocabulary()) for title in titles):
        sides = [best, *(hit for hit in sides if hit.unit.id != best.unit.id)]
    hits = sides or [best]
    return [replace(hit, rank=number) for number, hit in enumerate(hits[:top], 1)]
