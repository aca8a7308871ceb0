"""Vectors in Chroma, behind a Protocol. Library types stop here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from careerqa.embedding import FloatMatrix, FloatVector
from careerqa.errors import IndexMismatchError

COLLECTION = "texts"
_BATCH = 2000


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


class ChromaStore:
    """A Chroma collection in a folder of its own, by cosine.

    A folder is written once and only read afterwards: Chroma shows a second process stale results
    after a change and keeps deleted data on disk, so careerqa never changes a collection.

    Raises:
        IndexMismatchError: If Chroma cannot open what is there.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if not create and not folder.is_dir():  # Chroma would make it
            raise IndexMismatchError(
                f"Chroma cannot open {folder} (no such folder). Run careerqa index --full."
            )
        import chromadb
        from chromadb.config import Settings

        try:
            self._client = chromadb.PersistentClient(
                str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
            )
            self._collection = (
                self._client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={
                        "hnsw": {
                            "space": "cosine",
                            "ef_construction": 200,
                            "ef_search": 400,
                            "max_neighbors": 32,
                        }
                    },
                )
                if create
                else self._client.get_collection(COLLECTION, embedding_function=None)
            )
        except Exception as error:
            raise IndexMismatchError(
                f"Chroma cannot open {folder} ({error}). Run careerqa index --full."
            ) from error

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
        self._client.close()  # type: ignore[attr-defined]
