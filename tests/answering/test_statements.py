from dataclasses import replace

import pytest

from careerqa.answering.composing import quotes_of
from careerqa.answering.statements import Statement, refers_back, statements_of
from careerqa.datatypes import Hit, UnitKind
from careerqa.indexing.generation import Generation
from careerqa.settings import Settings


@pytest.mark.parametrize(
    "text",
    [
        "This requires more.",
        "However, this is rare.",
        "They earn more.",
        "“It depends.”",
        "**Its** use grows.",
        "But these differ.",
    ],
)
def test_sentences_that_refer_back(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize(
    "text", ["AI engineers earn more.", "However, pay grows.", "Italy is far.", "Thisbe wrote.", ""]
)
def test_sentences_that_stand_alone(text: str) -> None:
    assert not refers_back(text)


@pytest.fixture
def generation(tiny_index: Settings) -> Generation:
    name = (tiny_index.index.path / "CURRENT").read_text(encoding="utf-8").strip()
    return Generation(tiny_index.index.path / name, tiny_index)


def _neighbours(generation: Generation) -> tuple[Hit, Hit]:
    """Two sentences of one paragraph, as hits."""
    for one, other in zip(generation.units, generation.units[1:], strict=False):
        same = (one.document_id, one.block) == (other.document_id, other.block)
        if same and {one.kind, other.kind} == {UnitKind.SENTENCE}:
            return Hit(one, 2, 0.8, "s"), Hit(other, 1, 0.9, "s")
    raise AssertionError("the tiny corpus has a paragraph of two sentences")


def test_a_sentence_that_stands_alone_is_quoted_alone(generation: Generation) -> None:
    hits = _neighbours(generation)
    found = statements_of(generation, [hits[1], hits[0]])
    assert [one.units for one in found] == [(hits[1].unit,), (hits[0].unit,)]


def test_what_is_flagged_is_not_taken_in(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = _neighbours(generation)
    monkeypatch.setattr(
        "careerqa.answering.statements.refers_back", lambda text: text == after.unit.text
    )
    flagged = replace(before.unit, provenance="hidden_text")
    generation.units[before.unit.id] = flagged
    assert [one.units for one in statements_of(generation, [after])] == [(after.unit,)]


def test_one_that_refers_back_takes_in_what_stands_before(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = _neighbours(generation)
    monkeypatch.setattr(
        "careerqa.answering.statements.refers_back", lambda text: text == after.unit.text
    )
    found = statements_of(generation, [after, before])
    assert found == [Statement((after, before), (before.unit, after.unit))]
    (quote,) = quotes_of(found, generation)
    text = generation.documents[quote.document_id].text
    assert quote.text == text[before.unit.span.start : after.unit.span.end]
    assert quote.score == 0.9
    assert quote.line == before.unit.line
