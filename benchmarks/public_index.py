"""A public question set's documents, indexed and ranked by careerqa's own modules."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careerqa.answering.selection import select
from careerqa.datatypes import Hit, View
from careerqa.indexing.generation import Generation
from careerqa.retrieval import calibration
from careerqa.retrieval.confidence import evidence_signals, variant
from careerqa.retrieval.excerpts import Excerpt, excerpts_of
from careerqa.retrieval.first_stage import Candidate, Pool, cosines, late_scores, question_vector
from careerqa.retrieval.question import read_question
from careerqa.retrieval.ranking import rank
from careerqa.retrieval.searching import Search
from careerqa.service import CareerQA
from careerqa.settings import load_settings
from careerqa.words import STOP_WORDS

MOST_EXCERPTS = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """What careerqa makes of a question.

    `hits` are best first, `quoted` those that an answer would quote, `confidence` the probability
    that they answer, and `excerpts` the stretches of text that hold them.
    """

    hits: Sequence[Hit]
    quoted: Sequence[Hit]
    confidence: float
    excerpts: Sequence[Excerpt] = ()


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file.

    Raises:
        SystemExit: If there is no such file.
    """
    if not path.is_file():
        raise SystemExit(f"{path} is missing. The first argument is the folder of the public sets.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


class PublicIndex:
    """An index over a set's documents, kept in `folder`; built where it is missing or old."""

    def __init__(self, corpus: Path, folder: Path) -> None:
        self.settings = load_settings(None, {"corpus": {"path": corpus}, "index": {"path": folder}})
        self._service = CareerQA.from_settings(self.settings)
        self._service.rebuild(report=_progress)
        self.generation: Generation = self._service.generation()
        path = self.settings.answer.calibration
        self._fitted = calibration.read(path) if path.is_file() else calibration.shipped()

    def ask(self, text: str) -> Ranked:
        """A question to all documents."""
        return self._ranked(self._service.search(text))

    def ask_within(self, text: str, unit_ids: Iterable[int]) -> Ranked:
        """A question to some units alone, all of which enter the pool."""
        generation = self.generation
        question = read_question(text, generation.words)
        vector = question_vector(generation.encoder, question)
        wanted = [i for i in unit_ids if View.UNIT in generation.texts_of_unit.get(i, {})]
        found = generation.database.search(
            question.text, len(generation.units), stop_words=STOP_WORDS
        )
        words = {unit_id: score for unit_id, score in found if unit_id in set(wanted)}
        best = max(words.values(), default=1.0)
        pool = Pool(
            candidates=tuple(
                Candidate(
                    i, cosines(generation, vector, i, frozenset()), words.get(i, 0.0) / best, late
                )
                for i, late in zip(wanted, late_scores(generation, question, wanted), strict=True)
            )
        )
        hits = rank(
            generation,
            question,
            pool.candidates,
            weights=self._fitted.weights(expansion=False),
            near_duplicate=self.settings.retrieval.near_duplicate,
        )
        if not hits:
            return Ranked((), (), 0.0)
        signals = evidence_signals(generation, question, pool, hits)
        confidence = self._fitted.confidence_in(variant(pool)).probability(signals)
        gap = self._fitted.gap_in(expansion=False)
        return self._ranked(Search(generation, question, hits, confidence, gap))

    def _ranked(self, search: Search) -> Ranked:
        answer = self.settings.answer
        quoted = select(
            search.generation,
            search.question,
            search.hits,
            gap=search.gap,
            top=answer.top,
            max_characters=answer.max_characters,
        )
        excerpts = excerpts_of(search, most=MOST_EXCERPTS)
        return Ranked(search.hits, quoted, search.confidence, excerpts)

    def passages(self) -> dict[int, tuple[str, int, int]]:
        """Document, start and end of the passage that each unit stands in, by unit id."""
        found: dict[int, tuple[str, int, int]] = {}
        units = self.generation.units
        for text in self.generation.texts:
            if text.view is View.PASSAGE:
                first, last = units[text.unit_ids[0]], units[text.unit_ids[-1]]
                place = (first.document_id, first.span.start, last.span.end)
                found |= dict.fromkeys(text.unit_ids, place)
        return found


def _progress(what: str, done: int, total: int) -> None:
    end = "\n" if done >= total else "\r"
    sys.stderr.write(f"{what} {done:,} of {total:,}{end}")
    sys.stderr.flush()
