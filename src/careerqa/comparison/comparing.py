"""Titles compared aspect by aspect, each cell made of quotes that name its title.

A cell is empty rather than filled with what is said of another title. Where nothing names a title
itself, what is said of a near one ("AI/ML engineer" for "AI engineer") is shown and marked so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerqa.answering.disagreement import Found, disagreements_of
from careerqa.answering.naming import related
from careerqa.answering.quoting import quote
from careerqa.comparison.aspects import Aspect, chosen_aspects
from careerqa.comparison.naming_hits import NamingHit, naming_hits
from careerqa.datatypes import Claim, Disagreement, Hit, Quote, Span, UnitKind
from careerqa.errors import QuestionError
from careerqa.indexing.generation import Generation
from careerqa.indexing.generations import Manifest
from careerqa.retrieval.question import Question
from careerqa.roles import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from careerqa.service import CareerQA

MOST_ROLES = 5
MOST_QUOTES = 2
"""Most quotes in a cell, those that a disagreement adds aside."""
REACH = 0.6
"""How far below the best hit's score a statement may lie and still fill a cell."""
SECOND_REACH = 0.2
"""How far below the first statement's score one of another document may lie to stand beside it."""
IN_PASSING = 0.3
"""What it costs a statement to name the title only for comparison."""
PLAIN_ASPECTS = ("work", "skills")
"""Aspects that answer a question that names none."""
_NO_STATEMENTS = frozenset({UnitKind.HEADING, UnitKind.QUESTION, UnitKind.REFERENCE})


@dataclass(frozen=True, slots=True)
class Entry:
    """A quote in a cell.

    `written` is the title as the source writes it, `title` whose title that is by the vocabulary;
    another than the column's is only near it. `by` says what names it: "statement", "column" or
    "row" of a table, "heading" or "document". `part` is what speaks of the title, in offsets of the
    document: the whole quote, or one cell of it.
    """

    quote_id: int
    title: str
    written: str
    by: str
    part: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """What the documents say of one title under one aspect; nothing where `entries` is empty."""

    role: str
    entries: tuple[Entry, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """An aspect with a cell for each title, in the titles' order."""

    aspect: str
    heading: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Titles side by side. Quotes are numbered in the order in which cells cite them."""

    roles: tuple[str, ...]
    rows: tuple[Row, ...]
    quotes: tuple[Quote, ...]
    manifest: Manifest
    milliseconds: float
    warnings: tuple[str, ...] = ()


def compare(service: CareerQA, roles: Sequence[str], aspects: Sequence[str] = ()) -> Comparison:
    """Compare titles by what the documents say of each.

    Args:
        roles: Two to five titles that the vocabulary knows, as a person types them.
        aspects: Names of aspects; all of them without.

    Raises:
        QuestionError: If a title or an aspect is unknown, or the titles are too few or too many.
    """
    start = time.perf_counter()
    names = known_roles(roles, load_vocabulary())
    chosen = chosen_aspects(list(aspects))
    comparer = _Comparer(service, names)
    rows = tuple(
        Row(aspect.name, aspect.heading, tuple(comparer.cell(role, aspect) for role in names))
        for aspect in chosen
    )
    return Comparison(
        roles=names,
        rows=rows,
        quotes=comparer.quotes(),
        manifest=comparer.generation.manifest,
        milliseconds=round((time.perf_counter() - start) * 1000, 3),
        warnings=tuple(comparer.warnings),
    )


def known_roles(roles: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The titles by the vocabulary's names, in the order given.

    Raises:
        QuestionError: If one is unknown, one stands there twice, or they are not two to five.
    """
    names: list[str] = []
    for role in roles:
        mention = vocabulary.role(role)
        if mention is None:
            known = ", ".join(title.name for title in vocabulary.in_play)
            others = ", ".join(t.name for t in vocabulary.titles if not t.in_play)
            raise QuestionError(
                f"{role!r} is no title known here. Known are {known}; also {others}."
            )
        if mention.name in names:
            raise QuestionError(f"{role!r} is {mention.name}, which is compared already.")
        names.append(mention.name)
    if not 2 <= len(names) <= MOST_ROLES:
        raise QuestionError(
            f"Two to {MOST_ROLES} titles can be compared, not {len(names)}. "
            'Name them, as in careerqa compare "AI engineer" "software engineer".'
        )
    return tuple(names)


class _Comparer:
    """Fills cells and numbers their quotes from 1 in the order in which they are cited."""

    def __init__(self, service: CareerQA, roles: Sequence[str]) -> None:
        self.generation = service.generation()
        self.warnings: dict[str, None] = {}
        self._service = service
        self._roles = roles
        self._vocabulary = load_vocabulary()
        self._cited: dict[int, Hit] = {}

    def cell(self, role: str, aspect: Aspect) -> Cell:
        """What the documents say of a title under an aspect."""
        searches = [self._service.search(q, self.generation) for q in aspect.asked_of(role)]
        for search in searches:
            self.warnings.update(dict.fromkeys(search.warnings))
        least = self._service.settings.answer.min_confidence
        sure = [search for search in searches if search.confidence >= least]
        near = [name for name in related(role, self._vocabulary) if name not in self._roles]
        for title in (role, *near):
            found = naming_hits(self.generation, sure, title, aspect)
            if found:
                break
        else:
            return Cell(role)
        chosen = _chosen(found)
        topics = _disagreements(
            self.generation, [search.question for search in sure], found, chosen
        )
        sides = {side.hit.unit.id for one in topics for side in one.sides}
        chosen += [f for f in found if f.hit.unit.id in sides and f not in chosen]
        entries = tuple(
            Entry(
                self._number_of(f.hit),
                f.naming.title.name,
                f.naming.written,
                f.naming.by,
                f.naming.part,
            )
            for f in chosen
        )
        return Cell(role, entries, tuple(self._shown(one) for one in topics))

    def quotes(self) -> tuple[Quote, ...]:
        """All quotes that cells cite, sliced from their documents."""
        return tuple(
            quote(
                self.generation.documents[hit.unit.document_id],
                hit.unit,
                identifier=number,
                score=hit.score,
            )
            for number, hit in enumerate(self._cited.values(), 1)
        )

    def _number_of(self, hit: Hit) -> int:
        self._cited.setdefault(hit.unit.id, hit)
        return list(self._cited).index(hit.unit.id) + 1

    def _shown(self, found: Found) -> Disagreement:
        claims = tuple(
            Claim(side.value, self._number_of(side.hit), side.basis) for side in found.sides
        )
        return Disagreement(topic=found.topic, claims=claims, note=found.note)


def _chosen(found: Sequence[NamingHit]) -> list[NamingHit]:
    """The best, and beside it the best of another document, else the next one, if not far off."""
    first = found[0]
    near = [f for f in found[1:] if f.hit.score >= first.hit.score - SECOND_REACH]
    elsewhere = [f for f in near if f.hit.unit.document_id != first.hit.unit.document_id]
    return [first, *(elsewhere or near)[: MOST_QUOTES - 1]]


def _disagreements(
    generation: Generation,
    questions: Sequence[Question],
    found: Sequence[NamingHit],
    chosen: Sequence[NamingHit],
) -> list[Found]:
    """The matters on which what is said of the title differs, each once."""
    hits = [f.hit for f in found]
    topics: dict[str, Found] = {}
    for question in questions:
        for one in disagreements_of(generation, question, hits, [f.hit for f in chosen]):
            topics.setdefault(one.topic, one)
    return list(topics.values())
