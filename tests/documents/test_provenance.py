from __future__ import annotations

import pytest

from careerqa.datatypes import Document, Flag, ProvenanceMark, Source, Span
from careerqa.documents.provenance import (
    BY_DOCUMENT_KIND,
    CLASSES,
    FLAGGED,
    MARKS,
    NOT_ABOUT_THE_WORLD,
    provenance_of,
)


def document(*marks: ProvenanceMark, kind: str | None = None) -> Document:
    return Document("a.txt", "x" * 100, "0" * 64, Source("A", kind=kind), marks)


@pytest.mark.parametrize(("kind", "expected"), BY_DOCUMENT_KIND.items())
def test_a_statement_is_what_its_document_is(kind: str, expected: str) -> None:
    assert provenance_of(document(kind=kind), Span(0, 5)) == expected


@pytest.mark.parametrize("kind", [None, "poem"])
def test_without_a_known_kind_it_is_a_document(kind: str | None) -> None:
    assert provenance_of(document(kind=kind), Span(0, 5)) == "document"


def test_the_innermost_mark_decides() -> None:
    marked = document(
        ProvenanceMark(Span(10, 90), "sample_text"),
        ProvenanceMark(Span(20, 30), "testimonial"),
        kind="guide",
    )
    assert provenance_of(marked, Span(9, 12)) == "guide"
    assert provenance_of(marked, Span(10, 12)) == "sample_text"
    assert provenance_of(marked, Span(20, 25)) == "testimonial"
    assert provenance_of(marked, Span(30, 40)) == "sample_text"
    assert provenance_of(marked, Span(90, 95)) == "guide"


def test_a_flag_that_touches_it_goes_before_every_mark() -> None:
    flagged = Document(
        "a.txt",
        "x" * 100,
        "0" * 64,
        Source("A"),
        (ProvenanceMark(Span(10, 20), "testimonial"),),
        (Flag(Span(15, 30), 1, "hidden_text", "hidden text", seen=False),),
    )
    assert provenance_of(flagged, Span(10, 15)) == "testimonial"
    assert provenance_of(flagged, Span(10, 16)) == "hidden_text"
    assert provenance_of(flagged, Span(29, 40)) == "hidden_text"
    assert provenance_of(flagged, Span(30, 40)) == "document"


def test_what_is_flagged_is_not_about_the_world_and_no_mark() -> None:
    assert FLAGGED <= NOT_ABOUT_THE_WORLD
    assert not FLAGGED & MARKS


def test_every_class_is_listed() -> None:
    assert set(BY_DOCUMENT_KIND.values()) | NOT_ABOUT_THE_WORLD | {"document"} == CLASSES
