"""The rebuild path: corpus → a new generation, then the switch to it.

Vectors of texts that did not change are taken over from the generation before; a corpus and
settings that did not change at all build nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from careerqa import encoder, generations, reranking
from careerqa.corpus import Corpus, read_corpus
from careerqa.database import Database
from careerqa.datatypes import IndexedText, Passage, Unit, View
from careerqa.embedding import Embedder, FloatMatrix, SentenceTransformerEmbedder
from careerqa.errors import IndexMismatchError, IndexMissingError, SettingsError
from careerqa.expansion import (
    attach,
    expansion_file,
    read_expansions,
    read_unanswered,
    unanswered_file,
)
from careerqa.generations import Manifest
from careerqa.models import ModelFiles, find_model
from careerqa.passages import CHUNKER_VERSION, context_of, passages_of, units_of
from careerqa.settings import Settings
from careerqa.store import ChromaStore
from careerqa.views import plain_text, texts_of, windows

DATABASE = "index.db"
VECTORS = "vectors.npy"
CHROMA = "chroma"
ENCODER = "encoder"
RERANKER = "reranker"
LEAST_TOKENS = 16
"""Least room for a text beside the passage prompt."""

Report = Callable[[str, int, int], None]
"""Called with what is being done, how much is done and how much there is."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did.

    `embedded` counts texts that went through the model, equal ones once; `reused` those whose
    vectors were taken over from the generation before.
    """

    manifest: Manifest
    built: bool
    embedded: int
    reused: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """Everything that a generation holds, before it is embedded."""

    units: list[Unit]
    passages: list[Passage]
    texts: list[IndexedText]
    contexts: dict[int, str]

    def count(self, view: View) -> int:
        """How many of the texts are of one view."""
        return sum(text.view is view for text in self.texts)


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


def build(settings: Settings, *, full: bool = False, report: Report | None = None) -> BuildResult:
    """Bring the index up to date with corpus and settings.

    Args:
        full: Embed everything anew, taking nothing over.
        report: Called as the build goes on.

    Raises:
        CorpusError: If no document can be read.
        ModelUnavailableError: If the model cannot be loaded.
        SettingsError: If the passage prompt leaves no room for a text.
        BuildInProgressError: If another process is building.
    """
    say = report or (lambda what, done, total: None)
    folder = settings.index.path
    with generations.only_builder(folder):
        say("Reading documents", 0, 1)
        corpus = read_corpus(settings.corpus.path, exclude=settings.corpus.exclude)
        previous = None if full else _previous(folder)
        files = find_model(settings.embedding.model)
        sources = sources_digest(settings, corpus)
        if previous and _same(previous[1], settings, corpus, files, sources):
            generations.prune(folder, keep=_kept(folder, previous[1].generation))
            return BuildResult(previous[1], False, 0, 0, corpus.left_out)
        say("Loading the model", 0, 1)
        embedder = load_embedder(settings, files)
        say("Dividing documents", 0, 1)
        content = _divide(settings, corpus, embedder)
        name = generations.new_name()
        building = folder / f"{name}.building"
        building.mkdir(parents=True)
        try:
            known = _known_vectors(previous, settings, files)
            vectors, embedded = _embed(content.texts, known, embedder, say)
            say("Writing the index", 0, 1)
            how = _question_encoder(settings, embedder, files, previous, building)
            _export_reranker(settings, building)
            _write(building, corpus, content, vectors)
            manifest = Manifest(
                generation=name,
                built_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                format=generations.FORMAT,
                settings=shaping_settings(settings),
                model_sha256=files.sha256,
                dimension=embedder.dimension,
                question_encoder=how,
                chunker_version=CHUNKER_VERSION,
                chroma_version=importlib.metadata.version("chromadb"),
                documents={d.id: d.sha256 for d in corpus.documents},
                counts={
                    "documents": len(corpus.documents),
                    "units": len(content.units),
                    "passages": len(content.passages),
                    "texts": len(content.texts),
                    "written_questions": content.count(View.QUESTION),
                    "unanswered_questions": content.count(View.UNANSWERED),
                },
                left_out=list(corpus.left_out),
                sources_sha256=sources,
                files=generations.file_sizes(building),
            )
            generations.write_manifest(building, manifest)
            building.rename(folder / name)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        generations.switch(folder, name)
        reused = sum(text.text in known for text in content.texts)
        return BuildResult(manifest, True, embedded, reused, corpus.left_out)


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


def _previous(folder: Path) -> tuple[Path, Manifest] | None:
    try:
        path = generations.current(folder)
        return path, generations.read_manifest(path)
    except (IndexMissingError, IndexMismatchError):
        return None


def _kept(folder: Path, generation: str) -> set[str]:
    names = sorted(p.name for p in folder.iterdir() if (p / generations.MANIFEST).is_file())
    earlier = [name for name in names if name < generation]
    return {generation, *earlier[-1:]}


def sources_digest(settings: Settings, corpus: Corpus) -> str:
    """SHA-256 of everything but the texts that shapes an index: sources, marks, questions."""
    digest = hashlib.sha256()
    for document in corpus.documents:
        digest.update(repr((document.id, document.source, document.marks)).encode())
        path = expansion_file(settings.corpus.path, document.id)
        digest.update(path.read_bytes() if path.is_file() else b"")
    path = unanswered_file(settings.corpus.path)
    digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _same(
    manifest: Manifest, settings: Settings, corpus: Corpus, files: ModelFiles, sources: str
) -> bool:
    try:
        check_settings(manifest, settings)
    except IndexMismatchError:
        return False
    return (
        manifest.model_sha256 == files.sha256
        and manifest.documents == {d.id: d.sha256 for d in corpus.documents}
        and manifest.sources_sha256 == sources
    )


def _divide(settings: Settings, corpus: Corpus, embedder: Embedder) -> _Content:
    prompt = embedder.count_tokens(settings.embedding.passage_prompt)
    limit = embedder.max_tokens - 2 - prompt
    if limit < LEAST_TOKENS:
        raise SettingsError(
            f"embedding.passage_prompt takes {prompt} of the {embedder.max_tokens} tokens that "
            f"{embedder.model_id} reads at once. Shorten it."
        )
    max_tokens = min(settings.chunking.max_tokens, limit)
    units: list[Unit] = []
    passages: list[Passage] = []
    texts: list[IndexedText] = []
    contexts: dict[int, str] = {}
    for document in corpus.documents:
        own = units_of(document, first_id=len(units))
        runs = passages_of(
            document,
            own,
            count_tokens=embedder.count_tokens,
            max_tokens=max_tokens,
            first_id=len(passages),
        )
        entries = read_expansions(expansion_file(settings.corpus.path, document.id))
        texts += texts_of(
            document,
            own,
            runs,
            count_tokens=embedder.count_tokens,
            max_tokens=limit,
            questions=attach(document, own, entries).by_unit,
        )
        contexts |= {unit.id: context_of(document.source.title, unit) for unit in own}
        units += own
        passages += runs
    unanswered = read_unanswered(
        unanswered_file(settings.corpus.path), {d.id: d.sha256 for d in corpus.documents}
    )
    for question in unanswered or ():
        for part in windows(question, count_tokens=embedder.count_tokens, max_tokens=limit):
            texts.append(IndexedText(View.UNANSWERED, part, ()))
    return _Content(units, passages, texts, contexts)


def _known_vectors(
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


def _embed(
    texts: Sequence[IndexedText], known: dict[str, Any], embedder: Embedder, say: Report
) -> tuple[FloatMatrix, int]:
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


def _question_encoder(
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


def _export_reranker(settings: Settings, building: Path) -> None:
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


def _write(building: Path, corpus: Corpus, content: _Content, vectors: FloatMatrix) -> None:
    with contextlib.closing(Database(building / DATABASE, create=True)) as database:
        database.write(
            corpus.documents,
            ((unit, plain_text(unit)) for unit in content.units),
            content.passages,
            content.texts,
            content.contexts,
        )
    np.save(building / VECTORS, vectors)
    store = ChromaStore(building / CHROMA, create=True)
    with contextlib.closing(store):
        store.add(
            vectors,
            [text.text for text in content.texts],
            [_metadata(text, content.units) for text in content.texts],
        )


def _metadata(text: IndexedText, units: Sequence[Unit]) -> dict[str, str | int]:
    """What the vector store keeps beside a text, to read and filter by."""
    if not text.unit_ids:
        return {"view": text.view.value}
    first = units[text.unit_ids[0]]
    return {
        "view": text.view.value,
        "document": first.document_id,
        "line": first.line,
        "units": ",".join(map(str, text.unit_ids)),
    }
