from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from careerqa.errors import IndexMismatchError
from careerqa.indexing import store
from careerqa.indexing.store import ChromaStore, ExactStore, VectorStore
from careerqa.models.embedding import FloatMatrix, unit_length
from fakes import BruteForceStore

Fill = Callable[[FloatMatrix], VectorStore]
EAST, NORTH = [1.0, 0.0], [0.0, 1.0]


def matrix(rows: list[list[float]]) -> FloatMatrix:
    return unit_length(np.array(rows))


def fill(empty: VectorStore, vectors: FloatMatrix) -> VectorStore:
    empty.add(
        vectors, [f"text {n}" for n in range(len(vectors))], [{"n": n} for n in range(len(vectors))]
    )
    return empty


@pytest.fixture(params=["brute force", "chroma", "exact"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorStore]:
    makers: dict[str, Callable[[], VectorStore]] = {
        "brute force": BruteForceStore,
        "chroma": lambda: ChromaStore(tmp_path / "chroma", create=True),
        "exact": ExactStore,
    }
    made = makers[request.param]()
    yield made
    made.close()


class TestEveryStore:
    """What any vector store owes."""

    def test_texts_are_found_by_cosine_best_first(self, empty: VectorStore) -> None:
        filled = fill(empty, matrix([EAST, NORTH, [3, 4], [-1, 0]]))
        found = filled.search(matrix([EAST])[0], 4)
        assert [number for number, _ in found] == [0, 2, 1, 3]
        assert [score for _, score in found] == pytest.approx([1, 3 / 5, 0, -1], abs=1e-6)

    def test_ties_break_by_number(self, empty: VectorStore) -> None:
        filled = fill(empty, matrix([NORTH, EAST, EAST, EAST]))
        assert [number for number, _ in filled.search(matrix([EAST])[0], 4)] == [1, 2, 3, 0]

    def test_no_more_than_k_and_no_more_than_there_are(self, empty: VectorStore) -> None:
        filled = fill(empty, matrix([EAST, NORTH, [1, 1]]))
        assert [number for number, _ in filled.search(matrix([EAST])[0], 2)] == [0, 2]
        assert len(filled.search(matrix([EAST])[0], 100)) == 3

    def test_numbers_go_on_from_those_already_there(self, empty: VectorStore) -> None:
        fill(empty, matrix([EAST, EAST]))
        fill(empty, matrix([NORTH]))
        assert empty.count() == 3
        assert empty.search(matrix([NORTH])[0], 1)[0][0] == 2

    def test_an_empty_store_finds_nothing(self, empty: VectorStore) -> None:
        assert empty.count() == 0
        assert empty.search(matrix([EAST])[0], 5) == []


def random_vectors(count: int, dimension: int) -> FloatMatrix:
    return unit_length(np.random.default_rng(7).normal(size=(count, dimension)))


def test_chroma_finds_what_comparing_with_every_vector_finds(tmp_path: Path) -> None:
    vectors = random_vectors(1500, 24)
    chroma = fill(ChromaStore(tmp_path / "chroma", create=True), vectors)
    plain = fill(BruteForceStore(), vectors)
    for question in unit_length(np.random.default_rng(8).normal(size=(20, 24))):
        ours, exact = chroma.search(question, 40), plain.search(question, 40)
        assert [number for number, _ in ours] == [number for number, _ in exact]
        assert [score for _, score in ours] == pytest.approx([s for _, s in exact], abs=1e-5)
    chroma.close()


class TestChroma:
    def test_another_opening_finds_what_was_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "_BATCH", 2)
        written = fill(ChromaStore(tmp_path / "chroma", create=True), random_vectors(5, 3))
        written.close()
        opened = ChromaStore(tmp_path / "chroma")
        assert opened.count() == 5
        number, score = opened.search(random_vectors(5, 3)[4], 1)[0]
        assert (number, round(score, 6)) == (4, 1)
        opened.close()

    def test_a_missing_collection_is_named_and_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMismatchError) as caught:
            ChromaStore(tmp_path / "none")
        message = str(caught.value)
        assert message.startswith(f"Chroma cannot open {tmp_path / 'none'} (")
        assert message.endswith("). Run careerqa index --full.")
        assert not (tmp_path / "none").exists()

    def test_reading_leaves_the_folder_as_it_was_and_no_copy_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder, copies = tmp_path / "chroma", tmp_path / "copies"
        copies.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(copies))
        fill(ChromaStore(folder, create=True), random_vectors(20, 3)).close()
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        opened = ChromaStore(folder)
        opened.search(random_vectors(20, 3)[4], 3)
        assert len(list(copies.iterdir())) == 1
        opened.close()
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        assert list(copies.iterdir()) == []
        with pytest.raises(IndexMismatchError):
            ChromaStore(tmp_path / "none")
        assert list(copies.iterdir()) == []

    @pytest.mark.parametrize("count", [1, 2, 99, 150])
    def test_spare_room_holds_nothing_of_the_process(self, tmp_path: Path, count: int) -> None:
        folder = tmp_path / "chroma"
        vectors = random_vectors(count, 8)
        fill(ChromaStore(folder, create=True), vectors).close()
        (header,) = folder.glob("*/header.bin")
        stored, size = struct.unpack_from("<2Q", header.read_bytes(), 20)
        graph = (header.parent / "data_level0.bin").read_bytes()
        lengths = (header.parent / "length.bin").read_bytes()
        assert stored in (0, count)
        assert not any(graph[stored * size :])
        assert not any(lengths[stored * 4 :])
        opened = ChromaStore(folder)
        assert [opened.search(v, 1)[0][0] for v in vectors] == list(range(count))
        opened.close()

    @pytest.mark.parametrize("kept", [0, 1000, 100_000])
    def test_a_damaged_database_is_named(self, tmp_path: Path, kept: int) -> None:
        folder = tmp_path / "chroma"
        fill(ChromaStore(folder, create=True), random_vectors(20, 3)).close()
        damaged = folder / "chroma.sqlite3"
        damaged.write_bytes(damaged.read_bytes()[:kept])
        with pytest.raises(IndexMismatchError, match=r"Run careerqa index --full\.$"):
            ChromaStore(folder).search(random_vectors(20, 3)[4], 3)
