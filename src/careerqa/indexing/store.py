"""Vectors in Chroma, behind a Protocol. Library types stop here.

A small index is searched exactly, over the same vectors: importing Chroma takes longer than that.
"""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from careerqa.errors import IndexMismatchError
from careerqa.models.embedding import FloatMatrix, FloatVector

COLLECTION = "texts"
_BATCH = 2000
EXACT_UP_TO = 25_000
"""Texts up to which an index is searched exactly; beyond it by Chroma's HNSW graph.

12,146 texts, 2 cores, November 2026: the same 800 texts in 1.3 ms instead of 5, and a cold question
in .74 s instead of 1.24, for Chroma need not be imported.
"""


class VectorStore(Protocol):
    """Holds the vectors of indexed texts and finds the nearest."""

    def add(
        self, vectors: FloatMatrix, texts: Sequence[str], metadata: Sequence[Mapping[str, Any]]
    ) -> None:
        """Append texts, numbered on from those already there; vectors of unit length."""

    def search(self, vector: FloatVector, k: int) -> list[tuple[int, float]]:
        """Numbers and cosine similarities of the `k` nearest texts, best first."""

    def count(self) -> int:
        """How many texts are held."""

    def close(self) -> None:
        """Give back files and memory."""


class ExactStore:
    """Compares a question with every vector, which is exact and, for few, the quickest.

    Args:
        vectors: Unit length, shape (texts, dimension); None for none yet.
    """

    def __init__(self, vectors: FloatMatrix | None = None) -> None:
        self._vectors = vectors

    def add(
        self, vectors: FloatMatrix, texts: Sequence[str], metadata: Sequence[Mapping[str, Any]]
    ) -> None:
        held = () if self._vectors is None else (self._vectors,)
        self._vectors = np.concatenate([*held, vectors])

    def search(self, vector: FloatVector, k: int) -> list[tuple[int, float]]:
        if self._vectors is None or k < 1:
            return []
        cosines = self._vectors @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(int(number), float(cosines[number])) for number in best]

    def count(self) -> int:
        return 0 if self._vectors is None else len(self._vectors)

    def close(self) -> None:
        self._vectors = None


class ChromaStore:
    """A Chroma collection in a folder of its own, by cosine.

    A folder is written once and only read afterwards: Chroma shows a second process stale results
    after a change and keeps deleted data on disk, so careerqa never changes a collection. Chroma
    itself writes to the folder whenever it opens it, so readers open a copy of their own in the
    temporary folder: the index stays as it was built and may be read-only.

    Raises:
        IndexMismatchError: If Chroma cannot open what is there.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._written = folder if create else None
        self._remove_copy: Callable[[], object] | None = None
        try:
            opened = folder if create else self._copy(folder)
            self._client, self._collection = _open(opened, create=create)
        except Exception as error:
            if self._remove_copy is not None:
                self._remove_copy()
            raise IndexMismatchError(
                f"Chroma cannot open {folder} ({error}). Run careerqa index --full."
            ) from error

    def _copy(self, folder: Path) -> Path:
        """A copy of the folder that goes when the store is closed, or with the process."""
        parent = Path(tempfile.mkdtemp(prefix="careerqa-"))
        self._remove_copy = weakref.finalize(self, shutil.rmtree, parent, ignore_errors=True)
        return Path(shutil.copytree(folder, parent / "chroma", copy_function=shutil.copyfile))

    def add(
        self, vectors: FloatMatrix, texts: Sequence[str], metadata: Sequence[Mapping[str, Any]]
    ) -> None:
        first = self._collection.count()
        for start in range(0, len(texts), _BATCH):
            chosen = slice(start, start + _BATCH)
            self._collection.add(
                ids=[str(first + start + n) for n in range(len(texts[chosen]))],
                embeddings=vectors[chosen],
                documents=list(texts[chosen]),
                metadatas=[dict(entry) for entry in metadata[chosen]],
            )

    def search(self, vector: FloatVector, k: int) -> list[tuple[int, float]]:
        try:
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=max(1, min(k, self._collection.count())),
                include=["distances"],
            )
        except Exception as error:
            raise IndexMismatchError(
                f"Chroma cannot search the index ({error}). Run careerqa index --full."
            ) from error
        distances = found["distances"] or [[]]
        pairs = [
            (int(identifier), 1.0 - float(distance))
            for identifier, distance in zip(found["ids"][0], distances[0], strict=True)
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def count(self) -> int:
        return int(self._collection.count())

    def close(self) -> None:
        self._client.close()
        if self._written is not None:
            _blank_spare_room(self._written)
        if self._remove_copy is not None:
            self._remove_copy()


def _blank_spare_room(folder: Path) -> None:
    """Put zeros where Chroma keeps room for further vectors.

    It saves that room as it finds it in memory, with whatever the process held there before: texts
    of a deleted document, for one. The header is hnswlib's: version, offset, capacity, number of
    elements, bytes of an element.
    """
    for header in folder.glob("*/header.bin"):
        _, _, _, count, size = struct.unpack_from("<i4Q", header.read_bytes())
        for name, used in (("data_level0.bin", count * size), ("length.bin", count * 4)):
            with (header.parent / name).open("r+b") as file:
                spare = file.seek(0, os.SEEK_END) - used
                if spare > 0:
                    file.seek(used)
                    file.write(bytes(spare))


def _open(folder: Path, *, create: bool) -> tuple[Any, Any]:
    """Client and collection."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(str(folder), settings=settings)
    if not create:
        return client, client.get_collection(COLLECTION, embedding_function=None)
    hnsw: Any = {
        "space": "cosine",
        "ef_construction": 200,
        "ef_search": 400,
        "max_neighbors": 32,
        "batch_size": 2,
        "sync_threshold": 2,  # every vector into the graph's files, none left for readers to add
    }
    collection = client.create_collection(
        COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
    )
    return client, collection
