from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from careerqa.answering.outcome import Outcome
from careerqa.answering.quoting import quote
from careerqa.datatypes import (
    Abstention,
    Answer,
    Claim,
    Disagreement,
    Document,
    Quote,
    Sentence,
    Source,
)
from careerqa.documents.passages import units_of
from careerqa.indexing.generations import FORMAT, Manifest
from careerqa.reply import Reply, reply_of
from conftest import DATA

SCHEMA = DATA / "answer.schema.json"
TEXT = "# Pay\n\n| Post | Pay |\n|---|---|\n| Keeper | £92 |\n\nIt is low. It may rise.\n"
DOCUMENT = Document(
    "lights/a.txt", TEXT, "5" * 64, Source("Lights", url="https://a.example", published="1901")
)
MANIFEST = Manifest(
    generation="g1",
    built_at="2026-11-01T10:00:00+00:00",
    format=FORMAT,
    settings={"embedding.model": "words"},
    model_sha256=None,
    dimension=3,
    question_encoder="onnx",
    chunker_version="1",
    chroma_version="1.5.9",
    documents={},
    counts={"documents": 1, "passages": 2},
)


def quotes() -> tuple[Quote, ...]:
    row, low, _ = units_of(DOCUMENT)[1:]
    return (
        quote(DOCUMENT, row, identifier=1, score=1.23456789),
        quote(DOCUMENT, low, identifier=2, score=0.5),
    )


def answered() -> Reply:
    result = Answer(
        question=" What is the pay? ",
        sentences=(Sentence("Keeper: Pay £92.", (1,)), Sentence("It is low.", (2, 1))),
        quotes=quotes(),
        confidence=0.75,
        disagreements=(
            Disagreement("pay", (Claim("£92", 1, {"year": "1901"}), Claim("low", 2)), None),
        ),
        warnings=("Mind the year.",),
    )
    return reply_of(Outcome(result, MANIFEST, {"total": 1.5}))


def abstained() -> Reply:
    result = Abstention("Who?", "Not found: it is not there.", quotes()[:1], 0.1, ("A warning.",))
    return reply_of(Outcome(result, MANIFEST, {"total": 1.5}))


def test_an_answer_has_its_markers_and_quotes() -> None:
    reply = answered()
    assert (reply.status, reply.mode, reply.nearest) == ("answered", "extractive", [])
    assert reply.question == " What is the pay? "
    assert reply.answer == "Keeper: Pay £92. [1] It is low. [2] [1]"
    assert [s.citations for s in reply.sentences] == [[1], [2, 1]]
    assert reply.warnings == ["Mind the year."]
    assert reply.confidence == 0.75


def test_a_quote_brings_what_is_needed_to_check_it() -> None:
    row, low = answered().quotes
    assert row.text == TEXT[row.start : row.end] == "| Keeper | £92 |"
    assert (row.table_header, row.section, row.line) == ("| Post | Pay |", "Pay", 5)
    assert (row.document, row.document_sha256) == ("lights/a.txt", "5" * 64)
    assert (row.title, row.url, row.published) == ("Lights", "https://a.example", "1901")
    assert (row.score, row.provenance, row.page) == (1.234568, "document", None)
    assert low.table_header is None


def test_a_disagreement_names_its_quotes() -> None:
    (found,) = answered().disagreements
    assert found.note == ""
    assert [(c.value, c.quote, c.basis) for c in found.claims] == [
        ("£92", 1, {"year": "1901"}),
        ("low", 2, {}),
    ]


def test_an_abstention_quotes_nothing_but_shows_what_is_nearest() -> None:
    reply = abstained()
    assert (reply.status, reply.answer) == ("abstained", "Not found: it is not there.")
    assert (reply.sentences, reply.quotes, reply.disagreements) == ([], [], [])
    assert [q.text for q in reply.nearest] == ["| Keeper | £92 |"]
    assert reply.warnings == ["A warning."]


def test_the_index_is_named() -> None:
    assert answered().index.model_dump() == {
        "generation": "g1",
        "built_at": "2026-11-01T10:00:00+00:00",
        "documents": 1,
        "passages": 2,
        "embedding_model": "words",
    }


@pytest.mark.parametrize("make", [answered, abstained])
def test_it_reads_back_from_its_json(make: Any) -> None:
    reply = make()
    assert Reply.model_validate_json(reply.model_dump_json()) == reply


@pytest.mark.parametrize("make", [answered, abstained])
def test_it_keeps_the_contract(make: Any) -> None:
    if not Path(SCHEMA).is_file():
        pytest.skip("the contract's schema is not here")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(make().model_dump_json()))


def test_a_sentence_without_a_quote_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="cites at least one quote"):
        Sentence("It is so.", ())
