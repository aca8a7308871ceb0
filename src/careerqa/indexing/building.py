"""The rebuild path: corpus → a new generation, then the switch to it.

Vectors of texts that did not change are taken over from the generation before; a corpus and
settings that did not change at all build nothing.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import shutil
from dataclasses import dataclass
from pathlib import Path

from careerqa.datatypes import View
from careerqa.documents.corpus import Corpus, read_corpus
from careerqa.documents.passages import CHUNKER_VERSION
from careerqa.errors import IndexMismatchError, IndexMissingError
from careerqa.indexing import generations
from careerqa.indexing.content import divide, write
from careerqa.indexing.generations import Manifest
from careerqa.indexing.models import (
    Report,
    embed,
    known_vectors,
    load_embedder,
    put_question_encoder,
    put_reranker,
    put_tokens,
)
from careerqa.indexing.shape import check_settings, shaping_settings, sources_digest
from careerqa.models.files import ModelFiles, find_model
from careerqa.settings import Settings


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did.

    `embedded` counts texts that went through the model, equal ones once; `reused` those whose
    vectors were taken over from the generation before. `left_out` and `flagged` say what of the
    corpus is not used, whether or not anything was built.
    """

    manifest: Manifest
    built: bool
    embedded: int
    reused: int
    left_out: tuple[str, ...]
    flagged: tuple[str, ...] = ()


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
            return BuildResult(previous[1], False, 0, 0, corpus.left_out, corpus.flagged)
        say("Loading the model", 0, 1)
        embedder = load_embedder(settings, files)
        say("Dividing documents", 0, 1)
        content = divide(settings, corpus, embedder)
        name = generations.new_name()
        building = folder / f"{name}.building"
        building.mkdir(parents=True)
        try:
            known = known_vectors(previous, settings, files)
            vectors, embedded = embed(content.texts, known, embedder, say)
            earlier = previous[0] if previous and known else None
            put_tokens(content.searched(), embedder, earlier, building, say)
            say("Writing the index", 0, 1)
            how = put_question_encoder(settings, embedder, files, previous, building)
            put_reranker(settings, building)
            write(building, corpus, content, vectors)
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
                flagged=list(corpus.flagged),
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
        return BuildResult(manifest, True, embedded, reused, corpus.left_out, corpus.flagged)


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
