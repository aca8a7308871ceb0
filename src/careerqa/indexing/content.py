"""Corpus → what a generation holds: units, passages, texts to embed; and its files."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from careerqa.datatypes import IndexedText, Passage, Unit, View
from careerqa.documents.corpus import Corpus
from careerqa.documents.passages import context_of, passages_of, units_of
from careerqa.errors import SettingsError
from careerqa.expansion.questions import (
    attach,
    expansion_file,
    read_expansions,
    read_unanswered,
    unanswered_file,
)
from careerqa.indexing.database import Database
from careerqa.indexing.generations import CHROMA, DATABASE, PROBE, VECTORS
from careerqa.indexing.probe import fit_probe, question_vectors
from careerqa.indexing.store import ChromaStore
from careerqa.indexing.views import plain_text, texts_of, windows
from careerqa.models.embedding import Embedder, FloatMatrix
from careerqa.settings import Settings

LEAST_TOKENS = 16
"""Least room for a text beside the passage prompt."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a generation holds, before it is embedded."""

    units: list[Unit]
    passages: list[Passage]
    texts: list[IndexedText]
    contexts: dict[int, str]

    def searched(self) -> list[str | None]:
        """The plain text of each unit, None for one that no text leads to."""
        led_to = {unit_id for text in self.texts for unit_id in text.unit_ids}
        return [plain_text(unit) if unit.id in led_to else None for unit in self.units]

    def count(self, view: View) -> int:
        """How many of the texts are of one view."""
        return sum(text.view is view for text in self.texts)


def divide(settings: Settings, corpus: Corpus, embedder: Embedder) -> Content:
    """Divide the documents and say what is to be embedded.

    Raises:
        SettingsError: If the passage prompt leaves no room for a text.
        CorpusError: If a file of written questions is malformed.
    """
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
    return Content(units, passages, texts, contexts)


def write(building: Path, corpus: Corpus, content: Content, vectors: FloatMatrix) -> None:
    """Write database, vectors, probe and vector store into the folder `building`."""
    with contextlib.closing(Database(building / DATABASE, create=True)) as database:
        database.write(
            corpus.documents,
            ((unit, plain_text(unit)) for unit in content.units),
            content.passages,
            content.texts,
            content.contexts,
        )
    np.save(building / VECTORS, vectors)
    probe = fit_probe(*question_vectors(content.texts, vectors))
    if probe is not None:
        np.save(building / PROBE, probe)
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
