"""What there is: the state of the index against the corpus, and the documents of the corpus."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from careerqa.datatypes import Source, UnitKind
from careerqa.documents.corpus import Corpus, read_corpus
from careerqa.documents.flagging import places_of
from careerqa.documents.passages import units_of
from careerqa.documents.provenance import FLAGGED
from careerqa.errors import (
    CareerQAError,
    CorpusError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
)
from careerqa.expansion.questions import attach, expansion_file, read_expansions
from careerqa.indexing import generations
from careerqa.indexing.generations import Manifest
from careerqa.indexing.shape import check_settings, sources_digest
from careerqa.settings import LLMSettings, Settings

NO_STATEMENT = frozenset({UnitKind.HEADING, UnitKind.QUESTION, UnitKind.REFERENCE})
"""Units that state nothing, so that no written question is missed there."""


State = Literal["ready", "outdated", "unusable", "missing"]
"""Of an index: outdated is one that answers, but from what the corpus was."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the corpus differs from what an index was built from; document ids, sorted.

    `descriptions` says whether anything else that shapes the index changed: source descriptions,
    marks, written questions.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    descriptions: bool = False

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.deleted or self.descriptions)


@dataclass(frozen=True, slots=True)
class Status:
    """An index, and what a rebuild would do.

    `mismatch` says why the index cannot be used under the settings, `corpus_error` why the corpus
    cannot be compared with it; None where neither is so.
    """

    folder: Path
    manifest: Manifest
    changes: Changes
    mismatch: str | None = None
    corpus_error: str | None = None
    left_out: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    llm: str | None = None
    """The language model of the settings; None without one."""
    llm_warnings: tuple[str, ...] = ()
    """What is wrong with its settings, as far as can be told without asking it."""

    @property
    def state(self) -> State:
        """In one word. An index that cannot be compared with its corpus counts as ready."""
        if self.mismatch is not None:
            return "unusable"
        return "outdated" if self.changes else "ready"


def status_of(settings: Settings) -> Status:
    """The state of the index that the settings name. Opens neither model nor vectors.

    Raises:
        IndexMissingError: If there is none.
        IndexMismatchError: If its manifest is damaged or of another format.
    """
    folder = settings.index.path
    manifest = generations.read_manifest(generations.current(folder))
    mismatch = corpus_error = None
    try:
        check_settings(manifest, settings)
    except IndexMismatchError as error:
        mismatch = str(error)
    try:
        corpus = read_corpus(settings.corpus.path, exclude=settings.corpus.exclude)
    except CorpusError as error:
        corpus_error = str(error)
        corpus = Corpus(())
        changes = Changes()
    else:
        changes = changes_between(manifest, corpus, sources_digest(settings, corpus))
    return Status(
        folder,
        manifest,
        changes,
        mismatch,
        corpus_error,
        corpus.left_out,
        corpus.flagged,
        llm=f"{settings.llm.model} ({settings.llm.provider})" if settings.llm.provider else None,
        llm_warnings=_llm_warnings(settings.llm),
    )


def status_json(found: Status | CareerQAError, folder: Path) -> dict[str, Any]:
    """A status for JSON, or why there is none: then only `state`, `error` and `folder` say more."""
    if isinstance(found, Status):
        return {"state": found.state, "error": None, **asdict(found), "folder": str(folder)}
    state: State = "missing" if isinstance(found, IndexMissingError) else "unusable"
    unknown = dict.fromkeys(field.name for field in fields(Status))
    return {"state": state, "error": str(found), **unknown, "folder": str(folder)}


def _llm_warnings(settings: LLMSettings) -> tuple[str, ...]:
    if not settings.provider:
        return ()
    from careerqa.llm.budget import Counter
    from careerqa.llm.wording import opened

    try:
        opened(settings)
    except SettingsError as error:
        return (str(error),)
    except Exception as error:  # noqa: BLE001  (a plug-in may raise anything)
        return (f"The language model cannot be loaded ({type(error).__name__}).",)
    warning = Counter(settings.encoding).warning
    return (warning,) if warning else ()


def changes_between(manifest: Manifest, corpus: Corpus, sources_sha256: str) -> Changes:
    """What changed since an index was built.

    The digest of the descriptions covers the list of documents too, so it tells something only
    where that list is the same.
    """
    built = manifest.documents
    now = {document.id: document.sha256 for document in corpus.documents}
    return Changes(
        new=tuple(sorted(now.keys() - built.keys())),
        changed=tuple(sorted(key for key in now.keys() & built.keys() if now[key] != built[key])),
        deleted=tuple(sorted(built.keys() - now.keys())),
        descriptions=now == built and sources_sha256 != manifest.sources_sha256,
    )


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A document of the corpus: how many statements it makes and how many carry questions.

    `stale` counts entries of written questions whose statement is no longer in the document,
    `flagged` the places with hidden text or words to a language model.
    """

    id: str
    source: Source
    sha256: str
    characters: int
    statements: int
    with_questions: int
    questions: int
    stale: int
    flagged: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of the corpus, by path, and why others were left out."""

    documents: tuple[SourceSummary, ...]
    left_out: tuple[str, ...] = field(default=())


def sources_of(settings: Settings) -> Sources:
    """What the corpus folder holds now, whether indexed or not.

    Raises:
        CorpusError: If no document can be read or a file of written questions is malformed.
    """
    corpus = read_corpus(settings.corpus.path, exclude=settings.corpus.exclude)
    summaries = []
    for document in corpus.documents:
        units = units_of(document)
        statements = {
            unit.id
            for unit in units
            if unit.kind not in NO_STATEMENT and unit.provenance not in FLAGGED
        }
        entries = read_expansions(expansion_file(settings.corpus.path, document.id))
        coverage = attach(document, units, entries)
        # An entry may have an empty list: a language model was asked, and found no question.
        covered = {unit_id for unit_id, questions in coverage.by_unit.items() if questions}
        summaries.append(
            SourceSummary(
                id=document.id,
                source=document.source,
                sha256=document.sha256,
                characters=len(document.text),
                statements=len(statements),
                with_questions=len(statements & covered),
                questions=sum(map(len, coverage.by_unit.values())),
                stale=coverage.stale,
                flagged=len(places_of([document])),
            )
        )
    return Sources(tuple(summaries), corpus.left_out)
