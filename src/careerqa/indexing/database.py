"""The SQLite file of a generation: documents, units, passages, indexed texts, and BM25.

Written once when the index is built, then opened read-only.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from careerqa.datatypes import Document, IndexedText, Passage, Source, Span, Unit, UnitKind, View
from careerqa.documents.provenance import FLAGGED
from careerqa.errors import IndexMismatchError

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, sha256 TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE units (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, line INTEGER NOT NULL, trail TEXT NOT NULL, label TEXT,
    header_start INTEGER, header_end INTEGER, provenance TEXT NOT NULL, block INTEGER NOT NULL,
    plain TEXT NOT NULL);
CREATE INDEX units_by_document ON units (document_id, start);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    trail TEXT NOT NULL, unit_ids TEXT NOT NULL);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, view TEXT NOT NULL, text TEXT NOT NULL, unit_ids TEXT NOT NULL);
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE lexical USING fts5(
    statement, context, questions, tokenize = "porter unicode61 remove_diacritics 2");
"""

_TERM = re.compile(r"[^\W_]+", re.UNICODE)
_WORD_VIEWS = frozenset({View.UNIT, View.QUESTION, View.UNANSWERED})
MAX_TERMS = 64
"""Most distinct terms of a question that are searched, however long it is."""


def terms_of(text: str) -> list[str]:
    """The words of a text as the lexical search takes them, before stemming."""
    return [term.lower() for term in _TERM.findall(text)]


class Database:
    """Opens `path` read-only, or creates it.

    Raises:
        IndexMismatchError: If the file is missing or damaged.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        try:
            if create:
                self._connection = sqlite3.connect(path, check_same_thread=False)
                self._connection.executescript(_SCHEMA)
            else:
                uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
                self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
                self._connection.execute("SELECT 1 FROM units LIMIT 1")
        except sqlite3.Error as error:
            raise IndexMismatchError(
                f"{path} cannot be opened ({error}). Run careerqa index --full."
            ) from error

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def write(
        self,
        documents: Iterable[Document],
        units: Iterable[tuple[Unit, str]],
        passages: Iterable[Passage],
        texts: Sequence[IndexedText],
        contexts: Mapping[int, str],
    ) -> None:
        """Fill the file: documents, units with their plain text, passages, texts and BM25."""
        questions: dict[int, list[str]] = {}
        for text in texts:
            if text.view is View.QUESTION:
                questions.setdefault(text.unit_ids[0], []).append(text.text)
        with self._connection as connection:
            connection.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?)",
                ((d.id, d.text, d.sha256, json.dumps(_source_fields(d.source))) for d in documents),
            )
            for unit, plain in units:
                header = unit.header or None
                connection.execute(
                    "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        unit.id, unit.document_id, unit.span.start, unit.span.end, unit.kind.value,
                        unit.line, json.dumps(unit.trail), unit.label,
                        header.start if header else None, header.end if header else None,
                        unit.provenance, unit.block, plain,
                    ),
                )  # fmt: skip
                if unit.kind is not UnitKind.REFERENCE and unit.provenance not in FLAGGED:
                    connection.execute(
                        "INSERT INTO lexical (rowid, statement, context, questions)"
                        " VALUES (?, ?, ?, ?)",
                        (
                            unit.id,
                            plain,
                            contexts.get(unit.id, ""),
                            "\n".join(questions.get(unit.id, ())),
                        ),
                    )
            connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (p.id, p.document_id, p.span.start, p.span.end, json.dumps(p.trail),
                     json.dumps(p.unit_ids))
                    for p in passages
                ),
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO texts VALUES (?, ?, ?, ?)",
                ((n, t.view.value, t.text, json.dumps(t.unit_ids)) for n, t in enumerate(texts)),
            )
            connection.executemany(
                "INSERT INTO words VALUES (?, ?)",
                sorted(
                    Counter(
                        term
                        for text in texts
                        if text.view in _WORD_VIEWS
                        for term in terms_of(text.text)
                    ).items()
                ),
            )
            connection.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")

    def documents(self) -> dict[str, Document]:
        """Every document by id, in corpus order."""
        rows = self._all("SELECT id, text, sha256, source FROM documents ORDER BY id")
        with _damage_named():
            return {
                row[0]: Document(row[0], row[1], row[2], Source(**json.loads(row[3])))
                for row in rows
            }

    def units(self, documents: Mapping[str, Document]) -> list[Unit]:
        """Every unit, ordered and numbered from 0, its text sliced from its document."""
        rows = self._all("SELECT * FROM units ORDER BY id")
        with _damage_named():
            return [_unit(row, documents[row[1]].text) for row in rows]

    def plain_texts(self) -> list[str]:
        """The cleaned text of every unit, by unit id."""
        return [row[0] for row in self._all("SELECT plain FROM units ORDER BY id")]

    def texts(self) -> list[IndexedText]:
        """Every indexed text, by its number in the vector store."""
        rows = self._all("SELECT view, text, unit_ids FROM texts ORDER BY id")
        with _damage_named():
            return [IndexedText(View(r[0]), r[1], tuple(json.loads(r[2]))) for r in rows]

    def passage_count(self) -> int:
        """How many passages there are."""
        return int(self._all("SELECT count(*) FROM passages")[0][0])

    def search(
        self,
        question: str,
        k: int,
        *,
        stop_words: frozenset[str] = frozenset(),
        weights: tuple[float, float, float] = (1.0, 0.5, 1.0),
    ) -> list[tuple[int, float]]:
        """Unit ids and BM25 scores (higher is better) of the `k` best units for any of the terms.

        BM25 as SQLite FTS5 computes it (k1 = 1.2, b = 0.75), over the statement, its headings and
        its written questions with `weights`. Terms are stemmed by Porter's algorithm.
        """
        kept = list(dict.fromkeys(t for t in terms_of(question) if t not in stop_words))[:MAX_TERMS]
        if not kept:
            return []
        query = " OR ".join(f'"{term}"' for term in kept)
        rows = self._all(
            "SELECT rowid, bm25(lexical, ?, ?, ?) AS score FROM lexical WHERE lexical MATCH ?"
            " ORDER BY score, rowid LIMIT ?",
            (*weights, query, k),
        )
        return [(int(row[0]), -float(row[1])) for row in rows]

    def units_with(self, term: str, *, questions: bool = True) -> set[int]:
        """Ids of the units in whose statement, headings or written questions a term's stem stands.

        Args:
            questions: Whether written questions count.
        """
        columns = "" if questions else "{statement context} : "
        rows = self._all("SELECT rowid FROM lexical WHERE lexical MATCH ?", (f'{columns}"{term}"',))
        return {int(row[0]) for row in rows}

    def words(self) -> dict[str, int]:
        """How often each word stands in statements and written questions."""
        return dict(self._all("SELECT word, count FROM words"))

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _damage_named():
            return self._connection.execute(query, values).fetchall()


@contextlib.contextmanager
def _damage_named() -> Iterator[None]:
    """Raise what a damaged file does to SQLite, or to what is made of a row, as one error."""
    try:
        yield
    except (sqlite3.Error, ValueError, LookupError, TypeError) as error:
        raise IndexMismatchError(
            f"The index cannot be read ({error}). Run careerqa index --full."
        ) from error


def _source_fields(source: Source) -> dict[str, str | None]:
    return {name: getattr(source, name) for name in source.__dataclass_fields__}


def _unit(row: Sequence[Any], text: str) -> Unit:
    header = Span(row[8], row[9]) if row[8] is not None else None
    span = Span(row[2], row[3])
    return Unit(
        id=row[0],
        document_id=row[1],
        span=span,
        text=span.of(text),
        kind=UnitKind(row[4]),
        line=row[5],
        trail=tuple(json.loads(row[6])),
        label=row[7],
        header=header,
        header_text=header.of(text) if header else None,
        provenance=row[10],
        block=row[11],
    )
