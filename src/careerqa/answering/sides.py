"""Both sides of a question that compares titles: a statement on each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.answering.naming import naming_of
from careerqa.datatypes import Hit, Span, Unit, UnitKind
from careerqa.documents.cleaning import clean
from careerqa.documents.tables import cells
from careerqa.indexing.database import terms_of
from careerqa.indexing.generation import Generation
from careerqa.retrieval.question import Question, roles_of
from careerqa.roles import Vocabulary, load_vocabulary
from careerqa.words import STOP_WORDS

_COMPARES = re.compile(
    r"\b(?:vs\.?|versus|compar\w*|differ\w*|than|between|or|which|each|both|either|respectively)\b",
    re.IGNORECASE,
)


_NO_ASPECT = frozenset({
    "vs", "versus", "differ", "differs", "differences", "difference", "different", "compare",
    "compared", "comparison", "comparing", "main", "key", "job", "jobs", "role", "roles", "title",
    "titles", "career", "careers", "work", "engineer", "engineers", "explain", "similar", "choose",
})  # fmt: skip
"""Words of a question that compares titles without saying in what."""


def is_plain(question: Question) -> bool:
    """Whether a question compares titles as a whole: "AI engineer vs ML engineer?"."""
    mentions = load_vocabulary().roles_in(question.text)
    if not compared(question):
        return False
    rest = list(question.text)
    for mention in mentions:
        rest[mention.span.start : mention.span.end] = " " * len(mention.span)
    terms = {term for term in terms_of("".join(rest)) if term not in STOP_WORDS}
    return terms <= _NO_ASPECT


def compared(question: Question) -> tuple[str, ...]:
    """The titles that a question compares, in its order; none where it compares none."""
    mentions = load_vocabulary().roles_in(question.text)
    names = tuple(dict.fromkeys(mention.name for mention in mentions))
    return names if len(names) > 1 and _COMPARES.search(question.text) else ()


def comparison_hits(
    generation: Generation,
    question: Question,
    hits: Sequence[Hit],
    chosen: Sequence[Hit],
    *,
    reach: float,
) -> list[Hit]:
    """The chosen hits and, for each compared title that none of them speaks of, the best that does.

    A statement on "AI and ML engineers" together speaks of neither side. Where a table's row on
    one title is chosen, those on the other titles asked about come along.

    Args:
        hits: Ranked, best first.
        chosen: Those of them that are quoted anyway.
        reach: How far below the best hit's score one may lie that is added.
    """
    vocabulary = load_vocabulary()
    every = list(chosen)
    titles = compared(question)
    for title in titles:
        if any(_speaks(generation, hit, title, titles, vocabulary) for hit in every):
            continue
        for hit in hits:
            if hit.score < hits[0].score - reach:
                break
            if hit not in every and _speaks(generation, hit, title, titles, vocabulary):
                every.append(hit)
                break
    return [*every, *_rows_beside(question, hits, every)]


def _rows_beside(question: Question, hits: Sequence[Hit], chosen: Sequence[Hit]) -> list[Hit]:
    """Of a table of which one title's row is chosen, the rows of the other titles asked about."""
    if len(question.roles) < 2:
        return []
    tables = {_table(hit.unit) for hit in chosen if _labels(hit.unit) & question.roles}
    return [
        hit
        for hit in hits
        if _table(hit.unit) in tables and hit not in chosen and _labels(hit.unit) & question.roles
    ]


def _table(unit: Unit) -> tuple[str, Span | None]:
    return unit.document_id, unit.header


def _labels(unit: Unit) -> frozenset[str]:
    """The titles that a table row is about by its first cell."""
    return roles_of(clean(cells(unit.text)[0])) if unit.kind is UnitKind.ROW else frozenset()


def _speaks(
    generation: Generation, hit: Hit, title: str, titles: Sequence[str], vocabulary: Vocabulary
) -> bool:
    document = generation.documents[hit.unit.document_id]
    naming = naming_of(hit.unit, document, title, vocabulary)
    if naming is None or naming.by != "statement":
        return naming is not None
    mentions = vocabulary.roles_in(clean(hit.unit.text))
    own = {mention.span for mention in mentions if mention.name == title}
    others = {m.span for m in mentions if m.name in titles and m.name != title}
    return bool(own - others)
