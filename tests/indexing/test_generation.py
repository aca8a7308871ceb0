from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from careerqa.datatypes import View
from careerqa.errors import IndexMismatchError
from careerqa.indexing import generations
from careerqa.indexing.building import build
from careerqa.indexing.generation import Generation
from careerqa.indexing.store import ChromaStore, ExactStore, VectorStore
from careerqa.settings import Settings
from fakes import WordEmbedder


@pytest.fixture
def path(tiny_index: Settings) -> Path:
    return generations.current(tiny_index.index.path)


@pytest.fixture
def opened(tiny_index: Settings, path: Path) -> Iterator[Generation]:
    generation = Generation(path, tiny_index)
    yield generation
    generation.close()


def files(generation: Path) -> list[str]:
    return [p.relative_to(generation).as_posix() for p in generation.rglob("*") if p.is_file()]


def test_everything_fits_together(opened: Generation) -> None:
    assert [unit.id for unit in opened.units] == list(range(len(opened.units)))
    assert len(opened.plain) == len(opened.units)
    assert len(opened.vectors) == len(opened.texts) == opened.store.count()
    for unit in opened.units:
        assert unit.text == unit.span.of(opened.documents[unit.document_id].text)
    for text in opened.texts:
        assert all(0 <= number < len(opened.units) for number in text.unit_ids)


def test_texts_of_a_unit_lead_back_to_it(opened: Generation) -> None:
    for unit_id, views in opened.texts_of_unit.items():
        for view, numbers in views.items():
            for number in numbers:
                assert opened.texts[number].view is view
                assert unit_id in opened.texts[number].unit_ids
    (row,) = (unit for unit in opened.units if unit.text.startswith("| Head keeper"))
    assert {view: len(numbers) for view, numbers in opened.texts_of_unit[row.id].items()} == {
        View.UNIT: 1,
        View.CONTEXT: 1,
        View.CELL: 2,
        View.PASSAGE: 1,
    }


@pytest.mark.parametrize(("few", "kind"), [(10**6, ExactStore), (0, ChromaStore)])
def test_the_store_and_the_vectors_agree(
    opened: Generation,
    fake_model: WordEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    kind: type,
) -> None:
    monkeypatch.setattr("careerqa.indexing.generation.EXACT_UP_TO", few)
    assert isinstance(opened.store, kind)
    question = fake_model.embed_question("Who winds the clockwork?")
    for number, score in opened.store.search(question, 20):
        assert score == pytest.approx(float(opened.vectors[number] @ question), abs=1e-5)


@pytest.mark.parametrize(("few", "kind"), [(10**6, ExactStore), (0, ChromaStore)])
def test_files_are_given_back_once_nothing_reads_it(
    tiny_index: Settings, path: Path, monkeypatch: pytest.MonkeyPatch, few: int, kind: Any
) -> None:
    monkeypatch.setattr("careerqa.indexing.generation.EXACT_UP_TO", few)
    closed: list[VectorStore] = []
    close = kind.close

    def noted(store: VectorStore) -> None:
        closed.append(store)
        close(store)

    monkeypatch.setattr(kind, "close", noted)
    generation = Generation(path, tiny_index)
    database, store = generation.database, generation.store
    reader = generation
    del generation
    assert reader.database.passage_count()
    assert closed == []
    del reader
    assert closed == [store]
    with pytest.raises(IndexMismatchError, match="closed database"):
        database.passage_count()


def test_closing_twice_closes_once(tiny_index: Settings, path: Path) -> None:
    generation = Generation(path, tiny_index)
    generation.close()
    generation.close()
    with pytest.raises(IndexMismatchError, match="closed database"):
        generation.database.passage_count()


def test_questions_are_embedded_by_the_model(opened: Generation, fake_model: WordEmbedder) -> None:
    np.testing.assert_array_equal(
        opened.encoder.embed_question("lamp"), fake_model.embed_question("lamp")
    )


class TestDamage:
    """Every file of a generation, cut short, grown or gone."""

    @pytest.mark.parametrize("how", ["empty", "half", "a little short", "a byte long", "gone"])
    def test_the_file_is_named_with_what_to_run(
        self, tiny_index: Settings, path: Path, how: str
    ) -> None:
        names = files(path)
        assert len(names) >= 7
        for name in names:
            file = path / name
            whole = file.read_bytes()
            if how == "gone":
                file.unlink()
            else:
                size = {"empty": 0, "half": len(whole) // 2, "a little short": -3}.get(how)
                file.write_bytes(whole + b"\x00" if size is None else whole[:size])
            if file.is_file() and file.read_bytes() == whole:
                continue  # it was empty before
            with pytest.raises(IndexMismatchError) as caught:
                Generation(path, tiny_index)
            assert str(file) in str(caught.value)
            assert str(caught.value).endswith(". Run careerqa index --full.")
            file.write_bytes(whole)
        Generation(path, tiny_index).close()

    def test_what_to_run_helps(self, tiny_index: Settings, path: Path) -> None:
        (path / "vectors.npy").write_bytes(b"")
        build(tiny_index, full=True)
        Generation(generations.current(tiny_index.index.path), tiny_index).close()

    def test_building_again_mends_it_too(self, tiny_index: Settings, path: Path) -> None:
        (path / "index.db").unlink()
        assert build(tiny_index).built
        Generation(generations.current(tiny_index.index.path), tiny_index).close()

    def test_vectors_that_are_not_those_of_the_texts_are_refused(self, opened: Generation) -> None:
        np.save(opened.path / "vectors.npy", np.zeros((2, 3), dtype=np.float32))
        with pytest.raises(IndexMismatchError) as caught:
            opened.vectors  # noqa: B018  (read when first used)
        assert str(caught.value) == (
            f"{opened.path / 'vectors.npy'} holds 2 vectors for {len(opened.texts)} texts. "
            "Run careerqa index --full."
        )

    @pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"nothing of the kind"])
    def test_vectors_that_cannot_be_read_are_named(
        self, opened: Generation, content: bytes
    ) -> None:
        (opened.path / "vectors.npy").write_bytes(content)
        with pytest.raises(IndexMismatchError, match=r"vectors\.npy is damaged .*--full\.$"):
            opened.vectors  # noqa: B018  (read when first used)
