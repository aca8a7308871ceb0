from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from careerqa.datatypes import Document, IndexedText, Passage, Source, Unit
from careerqa.documents.corpus import read_corpus
from careerqa.documents.passages import context_of, passages_of, units_of
from careerqa.errors import IndexMismatchError
from careerqa.indexing.database import MAX_TERMS, Database
from careerqa.indexing.views import plain_text, texts_of
from fakes import count_words

TINY = Path(__file__).parent.parent / "data" / "tiny"


class Written:
    """A database of the tiny corpus and what went into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.documents = [
            *read_corpus(TINY).documents,
            Document("z\x00.txt", "Zero \x00 byte. Straße 日本語 𝔘.\r\n", "9" * 64, Source("Odd")),
        ]
        self.units: list[Unit] = []
        self.passages: list[Passage] = []
        self.texts: list[IndexedText] = []
        contexts: dict[int, str] = {}
        for document in self.documents:
            own = units_of(document, first_id=len(self.units))
            runs = passages_of(
                document, own, count_tokens=count_words, max_tokens=30, first_id=len(self.passages)
            )
            asked = {own[1].id: ("Who sails across?",)} if document.id == "ferry.txt" else {}
            self.texts += texts_of(
                document, own, runs, count_tokens=count_words, max_tokens=30, questions=asked
            )
            contexts |= {unit.id: context_of(document.source.title, unit) for unit in own}
            self.units += own
            self.passages += runs
        database = Database(path, create=True)
        database.write(
            self.documents,
            ((unit, plain_text(unit)) for unit in self.units),
            self.passages,
            self.texts,
            contexts,
        )
        database.close()

    def number(self, start: str) -> int:
        return next(unit.id for unit in self.units if unit.text.startswith(start))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory.mktemp("database") / "index.db")


@pytest.fixture
def database(written: Written) -> Iterator[Database]:
    opened = Database(written.path)
    yield opened
    opened.close()


def test_what_is_written_is_read(written: Written, database: Database) -> None:
    documents = database.documents()
    assert list(documents.values()) == [replace(d, marks=()) for d in written.documents]
    assert database.units(documents) == written.units
    assert database.plain_texts() == [plain_text(unit) for unit in written.units]
    assert database.texts() == written.texts
    assert database.passage_count() == len(written.passages)


class TestSearch:
    def test_a_word_is_found_in_any_form(self, written: Written, database: Database) -> None:
        found = database.search("polishing lenses", 3)
        assert found[0][0] == written.number("The lens is polished")
        assert found[0][1] > 0

    def test_scores_fall_and_ties_break_by_number(self, database: Database) -> None:
        found = database.search("keeper of the lamp and the fog", 50)
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
        assert len(found) == len({number for number, _ in found})

    def test_headings_and_written_questions_lead_to_a_unit(
        self, written: Written, database: Database
    ) -> None:
        ferry = written.number("The ferry crosses")
        assert [number for number, _ in database.search("sails", 5)][:1] == [ferry]
        letter = written.number("Dear captain")
        assert letter in [number for number, _ in database.search("sample", 5)]

    def test_stop_words_are_passed_over(self, database: Database) -> None:
        stop = frozenset({"the", "is"})
        assert database.search("The is", 5, stop_words=stop) == []
        assert database.search("the lens", 5, stop_words=stop) == database.search("lens", 5)

    @pytest.mark.parametrize(
        "question", ["", "?!", '"', "NEAR(", "a* AND ^b:c OR", "- + ' ;--", "_"]
    )
    def test_query_syntax_is_only_words(self, database: Database, question: str) -> None:
        assert isinstance(database.search(question, 5), list)

    @pytest.mark.parametrize("question", ["Straße", "STRASSE straße", "日本語", "𝔘 byte"])
    def test_words_of_other_scripts_are_found(
        self, written: Written, database: Database, question: str
    ) -> None:
        odd = {unit.id for unit in written.units if unit.document_id == "z\x00.txt"}
        assert {number for number, _ in database.search(question, 5)} & odd

    def test_accents_do_not_matter(self, written: Written, database: Database) -> None:
        assert database.search("lámp", 5) == database.search("lamp", 5) != []

    def test_a_question_of_any_length_is_searched(self, database: Database) -> None:
        question = " ".join(f"word{n}" for n in range(MAX_TERMS)) + " lamp"
        assert database.search(question, 5) == []  # the word past the limit is not searched
        assert database.search("lamp " + question, 5) != []

    def test_units_with_a_term(self, written: Written, database: Database) -> None:
        ferry = written.number("The ferry crosses")
        assert database.units_with("sails") >= {ferry}
        assert ferry not in database.units_with("sails", questions=False)


def test_words_are_counted_over_statements_and_questions(database: Database) -> None:
    words = database.words()
    assert words["sails"] == 1
    assert words["lamp"] == 1
    assert "fares" in words


class TestDamage:
    def test_a_missing_file_is_named_and_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMismatchError) as caught:
            Database(tmp_path / "index.db")
        assert str(caught.value).startswith(f"{tmp_path / 'index.db'} cannot be opened (")
        assert str(caught.value).endswith("). Run careerqa index --full.")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("kept", [0, 1, 50, 2000, 5000, 20_000, -1])
    def test_a_truncated_file_is_named(self, written: Written, tmp_path: Path, kept: int) -> None:
        damaged = tmp_path / "index.db"
        damaged.write_bytes(written.path.read_bytes()[:kept])
        with pytest.raises(IndexMismatchError, match=r"Run careerqa index --full\.$"):
            read_all(damaged)

    def test_other_bytes_are_named(self, tmp_path: Path) -> None:
        (tmp_path / "index.db").write_bytes(b"no database at all " * 1000)
        with pytest.raises(IndexMismatchError, match=r"file is not a database.*--full"):
            read_all(tmp_path / "index.db")

    def test_it_is_never_written_when_read(self, written: Written, database: Database) -> None:
        before = written.path.read_bytes()
        database.search("lamp", 5)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            database._connection.execute("DELETE FROM units")
        assert written.path.read_bytes() == before
        assert [path.name for path in written.path.parent.iterdir()] == ["index.db"]


def read_all(path: Path) -> None:
    database = Database(path)
    try:
        documents = database.documents()
        database.units(documents)
        database.plain_texts()
        database.texts()
        database.passage_count()
        database.words()
        database.search("lamp keeper ferry tea", 50)
    finally:
        database.close()
