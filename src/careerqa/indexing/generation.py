"""An opened generation of the index: everything that answering reads."""

from __future__ import annotations

import weakref
from collections import defaultdict
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import numpy as np

from careerqa.datatypes import Document, IndexedText, Unit, View
from careerqa.errors import IndexMismatchError
from careerqa.indexing.database import Database
from careerqa.indexing.generations import (
    CHROMA,
    DATABASE,
    ENCODER,
    PROBE,
    RERANKER,
    VECTORS,
    Manifest,
    read_manifest,
)
from careerqa.indexing.models import load_embedder
from careerqa.indexing.shape import check_settings
from careerqa.indexing.store import EXACT_UP_TO, ChromaStore, ExactStore, VectorStore
from careerqa.models import late
from careerqa.models.embedding import FloatMatrix, FloatVector, QuestionEncoder
from careerqa.models.late import LateIndex
from careerqa.models.reranking import CrossEncoderReranker, OnnxReranker, Reranker
from careerqa.settings import Settings


class Generation:
    """One generation, opened for reading. Heavy parts are opened when first used.

    Its files are given back by `close`, else once nothing refers to it any more, so that a question
    in another thread keeps what it reads.

    Raises:
        IndexMismatchError: If it does not fit the settings or is damaged.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.manifest: Manifest = read_manifest(path)
        check_settings(self.manifest, settings)
        self._settings = settings
        self._files = ExitStack()  # must not refer to the generation, which else would never go
        self._closing = weakref.finalize(self, self._files.close)
        self._closing.atexit = False  # with the process everything goes, whatever still reads
        self.database = Database(path / DATABASE)
        self._files.callback(self.database.close)
        self.documents: dict[str, Document] = self.database.documents()
        self.units: list[Unit] = self.database.units(self.documents)
        self.plain: list[str] = self.database.plain_texts()
        self.texts: list[IndexedText] = self.database.texts()

    @cached_property
    def store(self) -> VectorStore:
        """The vector store: Chroma, but for few texts the vectors themselves."""
        store: VectorStore
        if len(self.texts) <= EXACT_UP_TO:
            store = ExactStore(np.asarray(self.vectors))
        else:
            store = ChromaStore(self.path / CHROMA)
        self._files.callback(store.close)
        return store

    @cached_property
    def vectors(self) -> FloatMatrix:
        """Every indexed text's vector, shape (len(texts), dimension), read from disk as needed."""
        try:
            vectors: FloatMatrix = np.load(self.path / VECTORS, mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise IndexMismatchError(
                f"{self.path / VECTORS} is damaged ({error}). Run careerqa index --full."
            ) from error
        if len(vectors) != len(self.texts):
            raise IndexMismatchError(
                f"{self.path / VECTORS} holds {len(vectors)} vectors for {len(self.texts)} texts. "
                "Run careerqa index --full."
            )
        return vectors

    @cached_property
    def encoder(self) -> QuestionEncoder:
        """What embeds questions: the exported model, else sentence-transformers."""
        if self.manifest.question_encoder == "onnx":
            from careerqa.models.encoder import OnnxQuestionEncoder

            prompt = self._settings.embedding.query_prompt
            return OnnxQuestionEncoder(self.path / ENCODER, query_prompt=prompt)
        return load_embedder(self._settings)

    @cached_property
    def reranker(self) -> Reranker | None:
        """The reranker of the settings: exported, else as it is; None where none is set."""
        if not self._settings.reranking.model:
            return None
        if (self.path / RERANKER).is_dir():
            return OnnxReranker(self.path / RERANKER)
        return CrossEncoderReranker(self._settings.reranking.model)

    @cached_property
    def texts_of_unit(self) -> dict[int, dict[View, list[int]]]:
        """Numbers of the indexed texts that lead to each unit, by view."""
        found: dict[int, dict[View, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, text in enumerate(self.texts):
            for unit_id in text.unit_ids:
                found[unit_id][text.view].append(number)
        return found

    @cached_property
    def unanswered(self) -> FloatMatrix:
        """Vectors of the written questions that the documents do not answer."""
        numbers = [n for n, text in enumerate(self.texts) if text.view is View.UNANSWERED]
        return np.asarray(self.vectors[numbers], dtype=np.float32)

    @cached_property
    def probe(self) -> FloatVector | None:
        """See `careerqa.indexing.probe`; None where the index lacks questions of either kind."""
        path = self.path / PROBE
        if not path.is_file():
            return None
        probe: FloatVector = np.load(path)
        return probe

    @cached_property
    def late(self) -> LateIndex | None:
        """The word pieces of units; None where the model gives no vectors of them."""
        try:
            return late.load(self.path)
        except (OSError, ValueError, EOFError, KeyError) as error:
            raise IndexMismatchError(
                f"{self.path / late.TOKENS} is damaged ({error}). Run careerqa index --full."
            ) from error

    @cached_property
    def words(self) -> dict[str, int]:
        """How often each word stands in statements and written questions."""
        return self.database.words()

    def close(self) -> None:
        """Give back files; nothing may read it afterwards."""
        self._closing()
