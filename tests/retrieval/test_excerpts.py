import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from careerqa.cli import app, doors
from careerqa.cli.search import _lines
from careerqa.datatypes import Hit
from careerqa.documents.provenance import HIDDEN
from careerqa.retrieval.excerpts import BRIDGE, REACH, Excerpt, excerpts_of
from careerqa.retrieval.question import read_question
from careerqa.retrieval.searching import Search
from shelf import REPORT, Shelf

STATEMENTS = " ".join(f"Statement number {n} stands here." for n in range(30))
GAP = 0.1


def found(shelf: Any, hits: Sequence[Hit]) -> Search:
    return Search(shelf, read_question("What is there?", {}), list(hits), 0.9, GAP)


def hits_at(shelf: Any, *places: int, step: float = 0.01) -> list[Hit]:
    return [Hit(shelf.units[n], r, 1 - r * step, "test") for r, n in enumerate(places, 1)]


def numbers(excerpts: Sequence[Excerpt]) -> list[tuple[int, int]]:
    return [(excerpt.first, excerpt.last) for excerpt in excerpts]


@pytest.fixture
def shelf() -> Any:
    return Shelf({"a.txt": STATEMENTS, "b.txt": STATEMENTS})


class TestExcerpts:
    def test_text_is_sliced_from_the_document(self, shelf: Any) -> None:
        (excerpt,) = excerpts_of(found(shelf, hits_at(shelf, 4, 2)), most=5)
        text = excerpt.span.of(shelf.documents[excerpt.document_id].text)
        assert text == " ".join(f"Statement number {n} stands here." for n in (2, 3, 4))
        assert [hit.unit.id for hit in excerpt.hits] == [4, 2]

    def test_statements_between_are_bridged_up_to_a_number(self, shelf: Any) -> None:
        near, far = 1 + BRIDGE, 1 + BRIDGE + BRIDGE + 2
        assert numbers(excerpts_of(found(shelf, hits_at(shelf, 0, near, far)), most=5)) == [
            (0, near),
            (far, far),
        ]

    def test_a_hit_between_two_excerpts_joins_them(self, shelf: Any) -> None:
        hits = hits_at(shelf, 20, 0, 2 + 2 * BRIDGE, 1 + BRIDGE)
        assert numbers(excerpts_of(found(shelf, hits), most=5)) == [(20, 20), (0, 2 + 2 * BRIDGE)]

    def test_the_one_with_the_best_hit_is_first(self, shelf: Any) -> None:
        hits = hits_at(shelf, 20, 0, 21)
        assert numbers(excerpts_of(found(shelf, hits), most=5)) == [(20, 21), (0, 0)]

    def test_a_document_ends_an_excerpt(self, shelf: Any) -> None:
        assert numbers(excerpts_of(found(shelf, hits_at(shelf, 29, 30)), most=5)) == [
            (29, 29),
            (30, 30),
        ]

    def test_no_more_than_the_most_while_those_grow(self, shelf: Any) -> None:
        hits = hits_at(shelf, 0, 10, 20, 1)
        assert numbers(excerpts_of(found(shelf, hits), most=2)) == [(0, 1), (10, 10)]

    def test_a_hit_far_below_the_best_is_left_out(self, shelf: Any) -> None:
        hits = hits_at(shelf, 0, 10, 20, step=REACH * 0.6)
        assert numbers(excerpts_of(found(shelf, hits), most=5)) == [(0, 0), (10, 10)]

    def test_a_repeat_has_surroundings_of_its_own(self, shelf: Any) -> None:
        hit = Hit(shelf.units[3], 1, 1.0, "test", (shelf.units[33],))
        assert numbers(excerpts_of(found(shelf, [hit]), most=5)) == [(3, 3), (33, 33)]

    def test_what_is_flagged_is_not_bridged(self) -> None:
        shelf = Shelf({"a.txt": "First one. Hidden one. Second one."})
        shelf.units[1] = replace(shelf.units[1], provenance=HIDDEN)
        assert numbers(excerpts_of(found(shelf, hits_at(shelf, 0, 2)), most=5)) == [(0, 0), (2, 2)]

    def test_nothing_found_gives_none(self, shelf: Any) -> None:
        assert excerpts_of(found(shelf, []), most=5) == []


class TestSearchCommand:
    QUESTION = "Who trims the lamp at dusk?"

    @pytest.fixture(autouse=True)
    def _in_its_folder(
        self, tmp_path: Path, tiny_corpus: Path, fake_model: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "config.toml").write_text(
            '[embedding]\nmodel = "words"\nquestion_encoder = "sentence-transformers"\n',
            encoding="utf-8",
        )
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")

    def test_excerpts_have_their_place(self) -> None:
        result = CliRunner().invoke(app, ["search", *self.QUESTION.split()])
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("1. ")
        assert "A keeper trims the lamp at dusk." in result.stdout
        assert f"{Path('corpus/lighthouse.md')}:" in result.stdout

    def test_a_narrow_terminal_does_not_break_a_place(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "20")
        result = CliRunner().invoke(app, ["search", *self.QUESTION.split()])
        assert f"   {Path('corpus/lighthouse.md')}:" in result.stdout

    def test_json_slices_the_document(self, tiny_corpus: Path) -> None:
        result = CliRunner().invoke(app, ["search", "-q", "--json", "--most", "2", self.QUESTION])
        reply = json.loads(result.stdout)
        assert reply["question"] == self.QUESTION
        assert 1 <= len(reply["excerpts"]) <= 2
        for excerpt in reply["excerpts"]:
            text = (tiny_corpus / excerpt["document"]).read_text(encoding="utf-8")
            assert excerpt["text"] == text[excerpt["start"] : excerpt["end"]]

    def test_an_empty_question_is_refused(self) -> None:
        assert CliRunner().invoke(app, ["search", " "]).exit_code == 2

    def test_nothing_found_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("careerqa.retrieval.excerpts.excerpts_of", lambda *_, **__: [])
        result = CliRunner().invoke(app, ["search", self.QUESTION])
        assert result.exit_code == doors.ABSTAINED
        assert "Nothing in the documents" in result.stderr


def test_rows_are_read_with_their_columns() -> None:
    shelf = Shelf({"report.txt": REPORT})
    assert "Education: Software Engineer A bachelor's degree; AI Engineer A master's degree" in (
        list(_lines(shelf.units))
    )
