"""Texts → unit-length vectors, with sentence-transformers.

Used when building, and for questions where the model could not be exported (see `encoder`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from careerqa.errors import ModelUnavailableError
from careerqa.models.files import ModelFiles

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FloatVector = npt.NDArray[np.float32]
FloatMatrix = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text's word pieces, without the marks that a model adds at both ends.

    `ids` are those of the model's tokenizer; `vectors` are of unit length, shape (ids, dimension).
    """

    ids: Sequence[int]
    vectors: FloatMatrix


class QuestionEncoder(Protocol):
    """Turns a question into unit-length float32 vectors."""

    def embed_question(self, text: str) -> FloatVector:
        """The question's vector, shape (dimension,)."""

    def embed_question_tokens(self, text: str) -> TokenVectors | None:
        """Vectors of the question's word pieces; None where the model gives none."""


class Embedder(QuestionEncoder, Protocol):
    """Turns text into unit-length float32 vectors.

    Questions and passages have separate methods because many models prompt them differently.
    """

    model_id: str
    dimension: int
    max_tokens: int

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, without the marks that a model adds at both ends."""

    def embed_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> FloatMatrix:
        """One row a text, shape (len(texts), dimension)."""

    def embed_tokens(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[TokenVectors] | None:
        """The word pieces of each text, unprompted; None where the model gives none."""


def unit_length(vectors: npt.NDArray[Any]) -> FloatMatrix:
    """The rows as float32, each divided by its length; a row of zeros stays."""
    matrix = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return np.asarray(matrix / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def _has_bfloat16(device: str) -> bool:
    """Whether the processor multiplies in bfloat16 (AVX512-BF16 or AMX), as Linux reports it."""
    cpuinfo = Path("/proc/cpuinfo")
    if device != "cpu" or not cpuinfo.exists():
        return False
    flags = cpuinfo.read_text(errors="ignore")
    return "avx512_bf16" in flags or "amx_bf16" in flags


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads, by hub name or folder.

    Raises:
        ModelUnavailableError: If it cannot be loaded, with what to set.
    """

    def __init__(
        self,
        files: ModelFiles,
        *,
        device: str = "cpu",
        precision: str = "auto",
        batch_size: int = 32,
        query_prompt: str = "",
        passage_prompt: str = "",
    ) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        if files.sha256 is None:
            os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        bfloat16 = precision == "bfloat16" or (precision == "auto" and _has_bfloat16(device))
        self.model_id = files.name
        self._batch_size = batch_size
        self._query_prompt = query_prompt
        self._passage_prompt = passage_prompt
        self.model = _load(files, device, bfloat16=bfloat16)
        dimension = self.model.get_embedding_dimension()
        if not dimension:
            raise ModelUnavailableError(
                f"{files.name} does not say how long its vectors are. Name another model."
            )
        self.dimension = dimension
        self.max_tokens = min(self.model.max_seq_length or 512, 100_000)
        self._tokenizer = self.model.tokenizer

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False, verbose=False))

    def embed_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> FloatMatrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        prompted = [self._passage_prompt + text for text in texts]
        order = sorted(range(len(prompted)), key=lambda index: (len(prompted[index]), index))
        vectors = np.zeros((len(prompted), self.dimension), dtype=np.float32)
        step = self._batch_size * 8
        for start in range(0, len(order), step):
            chosen = order[start : start + step]
            vectors[chosen] = self._encode([prompted[index] for index in chosen])
            if progress:
                progress(min(start + step, len(order)), len(order))
        return vectors

    def embed_question(self, text: str) -> FloatVector:
        return np.asarray(self._encode([self._query_prompt + text])[0], dtype=np.float32)

    def embed_tokens(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[TokenVectors] | None:
        special = set(self._tokenizer.all_special_ids)
        made: list[TokenVectors] = []
        step = self._batch_size * 8
        for start in range(0, len(texts), step):
            part = list(texts[start : start + step])
            try:
                found: Any = self.model.encode(
                    part,
                    batch_size=self._batch_size,
                    show_progress_bar=False,
                    output_value="token_embeddings",
                    prompt="",
                )
            except (KeyError, TypeError):  # a model of whole texts only
                return None
            for text, vectors in zip(part, found, strict=True):
                matrix = unit_length(vectors.float().cpu().numpy())
                ids = self._tokenizer.encode(text, truncation=True, max_length=self.max_tokens)
                if len(ids) != len(matrix):
                    return None
                kept = [n for n, i in enumerate(ids) if i not in special]
                made.append(TokenVectors([ids[n] for n in kept], matrix[kept]))
            if progress:
                progress(min(start + step, len(texts)), len(texts))
        return made

    def embed_question_tokens(self, text: str) -> TokenVectors | None:
        found = self.embed_tokens([text])
        return found[0] if found else None

    def _encode(self, texts: list[str]) -> FloatMatrix:
        vectors = self.model.encode(
            texts,
            batch_size=self._batch_size,
            show_progress_bar=False,
            convert_to_tensor=True,
            prompt="",
        )
        return unit_length(vectors.float().cpu().numpy())


def _load(files: ModelFiles, device: str, *, bfloat16: bool) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            files.location,
            device=device,
            model_kwargs={"dtype": torch.bfloat16 if bfloat16 else torch.float32},
            local_files_only=files.sha256 is not None,
        )
    except Exception as error:  # loaders of many formats raise anything
        reason = str(error).strip().splitlines()
        raise ModelUnavailableError(
            f"The embedding model {files.name} cannot be loaded on {device} "
            f"({reason[0] if reason else type(error).__name__}). Set [embedding] model in "
            "config.toml to a folder with the model, or connect to the hub once to fetch it."
        ) from error
