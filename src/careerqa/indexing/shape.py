"""What shapes an index: settings, source descriptions, marks, written questions."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from pathlib import Path
from typing import Any

from careerqa.documents.corpus import Corpus
from careerqa.documents.passages import CHUNKER_VERSION
from careerqa.errors import IndexMismatchError
from careerqa.expansion.questions import expansion_file, unanswered_file
from careerqa.indexing.generations import Manifest
from careerqa.settings import Settings


def shaping_settings(settings: Settings) -> dict[str, Any]:
    """The settings that an index depends on, by dotted key; the corpus relative to the index."""
    return {
        "corpus.path": Path(os.path.relpath(settings.corpus.path, settings.index.path)).as_posix(),
        "corpus.exclude": list(settings.corpus.exclude),
        "chunking.max_tokens": settings.chunking.max_tokens,
        "embedding.model": settings.embedding.model,
        "embedding.precision": settings.embedding.precision,
        "embedding.passage_prompt": settings.embedding.passage_prompt,
        "embedding.question_encoder": settings.embedding.question_encoder,
        "reranking.model": settings.reranking.model,
    }


def check_settings(manifest: Manifest, settings: Settings) -> None:
    """Compare an index with the settings.

    Raises:
        IndexMismatchError: If it was built under others, naming the setting and what to run.
    """
    if manifest.chunker_version != CHUNKER_VERSION:
        raise IndexMismatchError(
            f"The index was divided by chunker version {manifest.chunker_version}, this careerqa "
            f"has {CHUNKER_VERSION}. Run careerqa index."
        )
    chroma = importlib.metadata.version("chromadb")
    if manifest.chroma_version != chroma:
        raise IndexMismatchError(
            f"The index was written by Chroma {manifest.chroma_version}, but {chroma} is "
            "installed. Run careerqa index --full."
        )
    for key, wanted in shaping_settings(settings).items():
        built = manifest.settings.get(key)
        if built != wanted:
            raise IndexMismatchError(
                f"The index was built with {key} = {built!r}, but the settings say {wanted!r}. "
                "Run careerqa index, or restore the setting."
            )


def sources_digest(settings: Settings, corpus: Corpus) -> str:
    """SHA-256 of all but the texts that shapes an index: sources, marks, flags, questions."""
    digest = hashlib.sha256()
    for document in corpus.documents:
        parts = (document.id, document.source, document.marks, *document.flags)
        digest.update(repr(parts).encode())
        path = expansion_file(settings.corpus.path, document.id)
        digest.update(path.read_bytes() if path.is_file() else b"")
    path = unanswered_file(settings.corpus.path)
    digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
