"""Stand-ins small enough to work out by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from careerqa.models.embedding import FloatMatrix, FloatVector, Progress, TokenVectors, unit_length

WORD = re.compile(r"\w+")


class WordEmbedder:
    """Counts words: one dimension for each word of `vocabulary`, a last one for all others.

    A token is a word. `embedded` holds every text that went through `embed_passages`.
    """

    def __init__(self, vocabulary: Sequence[str], *, max_tokens: int = 64) -> None:
        self.model_id = "words"
        self.vocabulary = {word: number for number, word in enumerate(vocabulary)}
        self.dimension = len(vocabulary) + 1
        self.max_tokens = max_tokens
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return count_words(text)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> FloatMatrix:
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for number, text in enumerate(texts):
            vectors[number] = self.embed_question(text)
            if progress:
                progress(number + 1, len(texts))
        return vectors

    def embed_tokens(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[TokenVectors] | None:
        """Words of the vocabulary, each a direction of its own; the others give none."""
        found = [
            [self.vocabulary[w] for w in WORD.findall(text.lower()) if w in self.vocabulary]
            for text in texts
        ]
        eye = np.eye(self.dimension, dtype=np.float32)
        return [TokenVectors(ids, eye[ids].reshape(len(ids), self.dimension)) for ids in found]

    def embed_question_tokens(self, text: str) -> TokenVectors | None:
        found = self.embed_tokens([text])
        return found[0] if found else None

    def embed_question(self, text: str) -> FloatVector:
        counts = np.zeros(self.dimension, dtype=np.float32)
        for word in WORD.findall(text.lower()):
            counts[self.vocabulary.get(word, self.dimension - 1)] += 1
        return unit_length(counts)


def count_words(text: str) -> int:
    """A token counter: words."""
    return len(WORD.findall(text))


class BruteForceStore:
    """A vector store that compares with every vector."""

    def __init__(self) -> None:
        self._vectors: list[FloatVector] = []

    def add(
        self, vectors: FloatMatrix, texts: Sequence[str], metadata: Sequence[Mapping[str, Any]]
    ) -> None:
        assert len(vectors) == len(texts) == len(metadata)
        self._vectors.extend(vectors)

    def search(self, vector: FloatVector, k: int) -> list[tuple[int, float]]:
        scored = [(number, float(other @ vector)) for number, other in enumerate(self._vectors)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]

    def count(self) -> int:
        return len(self._vectors)

    def close(self) -> None:
        self._vectors = []
