from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.datatypes import Document, Source
from careerqa.documents.passages import units_of
from careerqa.errors import CorpusError
from careerqa.expansion.questions import (
    Expansion,
    attach,
    expansion_file,
    read_expansions,
    read_unanswered,
    unanswered_file,
    write_expansions,
)

TEXT = "# Lamps\n\nThe lamp burns oil. The lens turns.\n\n- The lens turns.\n- Oil costs £3.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return expansion_file(tmp_path, "sub/a.txt")


def document(text: str = TEXT) -> Document:
    return Document("a.txt", text, "0" * 64, Source("A"))


def test_files_stand_beside_the_corpus(tmp_path: Path) -> None:
    assert expansion_file(tmp_path, "sub/a.txt") == tmp_path / "expansions" / "sub" / "a.txt.jsonl"


def test_no_file_is_no_entries(file: Path) -> None:
    assert read_expansions(file) == []


entries = st.lists(
    st.builds(
        Expansion,
        st.text(),
        st.lists(st.text(min_size=1).map(str.strip).filter(bool), unique=True).map(tuple),
    ),
    max_size=4,
)


@given(entries=entries)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Expansion]
) -> None:
    file = tmp_path_factory.mktemp("written") / "a.jsonl"
    write_expansions(file, entries)
    assert read_expansions(file) == entries


def test_blank_lines_and_repeated_questions_do_not_count(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('\n{"text": "x", "questions": [" a? ", "a?", "", "b?"]}\n\n')
    assert read_expansions(file) == [Expansion("x", ("a?", "b?"))]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "3",
        "[]",
        '{"text": "x"}',
        '{"questions": []}',
        '{"text": 3, "questions": []}',
        '{"text": "x", "questions": "a?"}',
        '{"text": "x", "questions": [3]}',
        '{"text": "x", "questions": null}',
    ],
)
def test_a_malformed_line_is_named(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('{"text": "x", "questions": ["a?"]}\n\n' + line + "\n")
    with pytest.raises(CorpusError) as caught:
        read_expansions(file)
    assert str(caught.value) == (
        f'{file}, line 3: not {{"text": "...", "questions": ["...", ...]}}. '
        "Mend or delete the line."
    )


def test_bytes_that_are_not_utf_8_are_named(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b'{"text": "x", "questions": ["caf\xe9?"]}\n')
    with pytest.raises(CorpusError, match=r"a\.txt\.jsonl is not UTF-8: byte 0xe9 at offset 32"):
        read_expansions(file)


class TestAttaching:
    """Which units an entry's questions lead to."""

    def questions(self, text: str, *entries: Expansion) -> tuple[dict[str, tuple[str, ...]], int]:
        units = units_of(document(text))
        coverage = attach(document(text), units, entries)
        return {units[number].text: found for number, found in coverage.by_unit.items()}, (
            coverage.stale
        )

    def test_an_entry_belongs_to_every_unit_with_its_text(self) -> None:
        units = units_of(document())
        coverage = attach(document(), units, [Expansion("The lens turns.", ("What turns?",))])
        assert [units[number].kind for number in coverage.by_unit] == ["sentence", "bullet"]
        assert set(coverage.by_unit.values()) == {("What turns?",)}

    def test_a_part_of_a_unit_leads_to_that_unit(self) -> None:
        found, stale = self.questions(TEXT, Expansion("costs £3", ("What does oil cost?",)))
        assert found == {"Oil costs £3.": ("What does oil cost?",)}
        assert stale == 0

    def test_an_edited_statement_drops_its_questions_and_no_others(self) -> None:
        entries = [
            Expansion("The lamp burns oil.", ("What does it burn?",)),
            Expansion("Oil costs £3.", ("What does oil cost?",)),
        ]
        edited = TEXT.replace("burns oil", "burns gas")
        assert self.questions(edited, *entries) == (
            {"Oil costs £3.": ("What does oil cost?",)},
            1,
        )

    @pytest.mark.parametrize("text", ["", " ", "oil. The lens"])
    def test_what_no_single_unit_holds_is_stale(self, text: str) -> None:
        assert self.questions(TEXT, Expansion(text, ("Q?",))) == ({}, 1)

    def test_questions_of_several_entries_are_joined_once(self) -> None:
        entries = [
            Expansion("The lamp burns oil.", ("a?", "b?")),
            Expansion("The lamp burns", ("b?", "c?")),
        ]
        assert self.questions(TEXT, *entries)[0] == {"The lamp burns oil.": ("a?", "b?", "c?")}


class TestUnanswered:
    """Questions that the documents do not answer."""

    DOCUMENTS = {"a.txt": "1" * 64}  # noqa: RUF012  (never changed)

    def write(self, folder: Path, *lines: str) -> Path:
        file = unanswered_file(folder)
        file.parent.mkdir()
        file.write_text("".join(line + "\n" for line in lines))
        return file

    def test_they_are_read_with_their_topic(self, tmp_path: Path) -> None:
        file = self.write(
            tmp_path,
            json.dumps({"documents": self.DOCUMENTS}),
            '{"question": " Who pays? ", "topic": "payer"}',
            '{"question": "Where?"}',
        )
        assert read_unanswered(file, self.DOCUMENTS) == {"Who pays?": "payer", "Where?": ""}

    def test_with_other_documents_they_do_not_apply(self, tmp_path: Path) -> None:
        file = self.write(tmp_path, json.dumps({"documents": self.DOCUMENTS}), "not even JSON")
        assert read_unanswered(file, {"a.txt": "2" * 64}) is None
        assert read_unanswered(file, {**self.DOCUMENTS, "b.txt": "1" * 64}) is None
        assert read_unanswered(tmp_path / "none", self.DOCUMENTS) is None

    def test_a_malformed_line_is_named(self, tmp_path: Path) -> None:
        file = self.write(tmp_path, json.dumps({"documents": self.DOCUMENTS}), "", '{"q": "Who?"}')
        with pytest.raises(CorpusError) as caught:
            read_unanswered(file, self.DOCUMENTS)
        assert str(caught.value) == (
            f'{file}, line 3: not {{"question": "..."}}. Mend or delete the line.'
        )

    def test_a_malformed_first_line_is_named(self, tmp_path: Path) -> None:
        file = self.write(tmp_path, '{"question": "Who?"}')
        with pytest.raises(CorpusError, match=r'line 1: not {"documents": {...}}\. Mend'):
            read_unanswered(file, self.DOCUMENTS)
