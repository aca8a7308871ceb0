"""What models make of a generation: vectors, the exported question encoder and reranker.

What the same model made for the generation before is taken over.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from careerqa.datatypes import IndexedText
from careerqa.errors import IndexMismatchError
from careerqa.indexing.database import Database
from careerqa.indexing.generations import DATABASE, ENCODER, RERANKER, VECTORS, Manifest
from careerqa.indexing.shape import shaping_settings
from careerqa.models import encoder, reranking
from careerqa.models.embedding import Embedder, FloatMatrix, SentenceTransformerEmbedder
from careerqa.models.files import ModelFiles, find_model
from careerqa.models.late import known_tokens, late_index, save
from careerqa.settings import Settings

Report = Callable[[str, int, int], None]
"""Called with what is being done, how much is done and how much there is."""


def load_embedder(
    settings: Settings, files: ModelFiles | None = None
) -> SentenceTransformerEmbedder:
    """The embedding model of the settings, as building uses it."""
    chosen = settings.embedding
    return SentenceTransformerEmbedder(
        files or find_model(chosen.model),
        device=chosen.device,
        precision=chosen.precision,
        batch_size=chosen.batch_size,
        query_prompt=chosen.query_prompt,
        passage_prompt=chosen.passage_prompt,
    )


def known_vectors(
    previous: tuple[Path, Manifest] | None, settings: Settings, files: ModelFiles
) -> dict[str, Any]:
    """Vectors of the generation before, by text, where the same model made them."""
    if previous is None:
        return {}
    path, manifest = previous
    chosen = ("embedding.model", "embedding.precision", "embedding.passage_prompt")
    now = shaping_settings(settings)
    if manifest.model_sha256 != files.sha256 or any(
        manifest.settings.get(key) != now[key] for key in chosen
    ):
        return {}
    try:
        database = Database(path / DATABASE)
        with contextlib.closing(database):
            texts = [text.text for text in database.texts()]
        vectors = np.load(path / VECTORS, mmap_mode="r")
    except (IndexMismatchError, OSError, ValueError, EOFError):
        return {}
    return dict(zip(texts, vectors, strict=True)) if len(texts) == len(vectors) else {}


def embed(
    texts: Sequence[IndexedText], known: dict[str, Any], embedder: Embedder, say: Report
) -> tuple[FloatMatrix, int]:
    """Every text's vector, shape (len(texts), dimension), and how many texts were embedded for it.

    Args:
        known: Vectors that need not be made, by text.
    """
    missing = list(dict.fromkeys(text.text for text in texts if text.text not in known))
    say("Embedding", 0, max(1, len(missing)))
    fresh = embedder.embed_passages(
        missing, progress=lambda done, total: say("Embedding", done, total)
    )
    vectors = known | dict(zip(missing, fresh, strict=True))
    matrix = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    for number, text in enumerate(texts):
        matrix[number] = vectors[text.text]
    return matrix, len(missing)


def put_tokens(
    plain: Sequence[str | None],
    embedder: Embedder,
    earlier: Path | None,
    building: Path,
    say: Report,
) -> None:
    """Put the word pieces of every unit into the generation, where the model gives vectors of them.

    Args:
        plain: The plain text of each unit; None for one that is not searched.
        earlier: The generation before, where the same model made it.
    """
    made = late_index(
        embedder,
        plain,
        _known_tokens(earlier) if earlier else {},
        progress=lambda done, total: say("Embedding word pieces", done, total),
    )
    if made is not None:
        save(*made, building)


def _known_tokens(path: Path) -> dict[str, Any]:
    try:
        with contextlib.closing(Database(path / DATABASE)) as database:
            return known_tokens(path, database.plain_texts())
    except (IndexMismatchError, OSError, ValueError, EOFError, KeyError):
        return {}


def put_question_encoder(
    settings: Settings,
    embedder: SentenceTransformerEmbedder,
    files: ModelFiles,
    previous: tuple[Path, Manifest] | None,
    building: Path,
) -> str:
    """Put the exported encoder into the generation; says which encoder questions will use."""
    if settings.embedding.question_encoder == "sentence-transformers":
        return "sentence-transformers: as set"
    target = building / ENCODER
    if previous and previous[1].model_sha256 == files.sha256 is not None:
        source = previous[0] / ENCODER
        if (source / encoder.MODEL_FILE).is_file():
            shutil.copytree(source, target, copy_function=_link_or_copy)
            return "onnx"
    reason = encoder.export(embedder, target)
    if reason is None:
        return "onnx"
    shutil.rmtree(target, ignore_errors=True)
    if settings.embedding.question_encoder == "onnx":
        raise IndexMismatchError(
            f"{files.name} cannot be exported to ONNX: {reason}. "
            'Set [embedding] question_encoder = "auto" in config.toml.'
        )
    return f"sentence-transformers: {reason}"


def put_reranker(settings: Settings, building: Path) -> None:
    """Put the exported reranker into the generation, where one is set and can be exported."""
    if not settings.reranking.model:
        return
    chosen = reranking.CrossEncoderReranker(settings.reranking.model)
    if reranking.export(chosen, building / RERANKER) is not None:
        shutil.rmtree(building / RERANKER, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
