"""Hits → excerpts: the stretches of the documents where what is asked for is spoken of.

A quote is one statement, for a reader who checks it. An excerpt is for reading on, or for a program
that wants the text around an answer: it runs from the first good statement of a place to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from careerqa.datatypes import Hit, Span
from careerqa.documents.provenance import FLAGGED
from careerqa.indexing.generation import Generation
from careerqa.retrieval.searching import Search

REACH = 0.65
"""How far below the best hit's score a hit may lie and still belong to an excerpt.

Scores are fitted as a softmax times 10 (`fitting.SHARPNESS`): odds of 1 to 665 against the best.
"""
BRIDGE = 4
"""Most statements between two hits that one excerpt holds with them.

Five excerpts for Chroma's 472 questions over five corpora (see benchmarks/README.md), recall and
IoU of characters in percent by this number: 3: 80.1 and 17.5; 4: 82.1 and 17.1; 5: 83.9 and 16.7
(November 2026).
"""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A run of neighbouring statements of one document.

    Attributes:
        document_id: The document.
        span: Characters of its text.
        line: Line on which it begins, counted from 1.
        first: Number of its first unit.
        last: Number of its last unit.
        hits: Those within it, best first.
    """

    document_id: str
    span: Span
    line: int
    first: int
    last: int
    hits: tuple[Hit, ...]


def excerpts_of(search: Search, *, most: int) -> list[Excerpt]:
    """The excerpts that hold what was found, at most `most`, the one with the best hit first.

    Every hit within `REACH` of the best one's score is in an excerpt, unless it would be one
    too many, and so is each unit that repeats it: around that, other things may be said. None holds
    a statement that is flagged (see `flagging`).
    """
    found: list[Excerpt] = []
    for hit in search.hits:
        if hit.score < search.hits[0].score - REACH:
            break
        for unit in (hit.unit, *hit.repeats):
            new = Excerpt(unit.document_id, unit.span, unit.line, unit.id, unit.id, (hit,))
            near = [other for other in found if _touch(search.generation, new, other)]
            if near:
                at = found.index(near[0])
                found = [other for other in found if other not in near]
                found.insert(at, _joined([*near, new]))
            elif len(found) < most:
                found.append(new)
    return found


def _touch(generation: Generation, one: Excerpt, other: Excerpt) -> bool:
    """Whether two excerpts are near enough to be one."""
    before, after = sorted((one, other), key=lambda excerpt: excerpt.first)
    between = generation.units[before.last + 1 : after.first]
    return (
        one.document_id == other.document_id
        and len(between) <= BRIDGE
        and not any(unit.provenance in FLAGGED for unit in between)
    )


def _joined(parts: Sequence[Excerpt]) -> Excerpt:
    start = min(parts, key=lambda part: part.first)
    end = max(parts, key=lambda part: part.last)
    hits = {hit.rank: hit for part in parts for hit in part.hits}
    return replace(
        start,
        span=Span(start.span.start, end.span.end),
        last=end.last,
        hits=tuple(hits[rank] for rank in sorted(hits)),
    )
