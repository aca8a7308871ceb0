from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from careerqa.answering.quoting import quote
from careerqa.datatypes import Document, Source, Span
from careerqa.documents.passages import units_of
from careerqa.errors import IndexMismatchError
from layouts import texts

TEXT = "# Pay\n\nIt is low. It rises.\nIt falls and rises and falls.\n"


def document(text: str = TEXT) -> Document:
    return Document("a.txt", text, "5" * 64, Source("Lights", url="https://a.example"))


@given(texts)
def test_every_quote_is_verbatim(text: str) -> None:
    source = document(text)
    for unit in units_of(source):
        made = quote(source, unit, identifier=1, score=0.5)
        assert made.text == text[made.span.start : made.span.end] != ""
        assert made.line == text.count("\n", 0, made.span.start) + 1


def test_a_quote_carries_what_is_needed_to_check_it() -> None:
    source = document()
    made = quote(source, units_of(source)[1], identifier=3, score=0.5)
    assert (made.id, made.text, made.span) == (3, "It is low.", Span(7, 17))
    assert (made.document_id, made.document_sha256) == ("a.txt", "5" * 64)
    assert (made.line, made.trail, made.score) == (3, ("Pay",), 0.5)
    assert made.source.url == "https://a.example"


def test_a_lead_in_ends_the_trail() -> None:
    source = document("Fuel: It burns oil. It needs much.")
    made = quote(source, units_of(source)[1], identifier=1, score=1.0)
    assert (made.text, made.trail) == ("It needs much.", ("Fuel",))


def test_a_row_brings_its_header() -> None:
    source = document("| Tea | Time |\n|---|---|\n| Green | 2 |\n")
    made = quote(source, units_of(source)[0], identifier=1, score=1.0)
    assert (made.text, made.table_header) == ("| Green | 2 |", "| Tea | Time |")


def test_a_wider_span_may_be_quoted() -> None:
    source = document()
    unit = units_of(source)[-1]
    made = quote(source, unit, identifier=1, score=1.0, span=Span(7, unit.span.end))
    assert made.text == "It is low. It rises.\nIt falls and rises and falls."
    assert (unit.line, made.line) == (4, 3)


def test_a_span_beside_the_unit_is_refused() -> None:
    source = document()
    unit = units_of(source)[1]
    with pytest.raises(ValueError, match=r"is not around unit 1"):
        quote(source, unit, identifier=1, score=1.0, span=Span(8, 20))


@pytest.mark.parametrize(
    "changed", [document("x" + TEXT), replace(document(), id="b.txt")], ids=["text", "id"]
)
def test_a_document_that_does_not_hold_the_unit_is_refused(changed: Document) -> None:
    unit = units_of(document())[1]
    with pytest.raises(IndexMismatchError) as caught:
        quote(changed, unit, identifier=1, score=1.0)
    assert str(caught.value) == ("a.txt does not hold unit 1 at 7. Run careerqa index --full.")
