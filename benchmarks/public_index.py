"""A public question set's documents, indexed and ranked by careerqa's own modules."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careerqa import calibration
from careerqa.calibration import Calibration
from careerqa.confidence import evidence_signals, variant
from careerqa.datatypes import Hit, View
from careerqa.generation import Generation
from careerqa.question import Question, read_question
from careerqa.ranking import rank
from careerqa.retrieval import Candidate, Pool, cosines, first_stage, question_vector
from careerqa.selection import select
from careerqa.service import CareerQA
from careerqa.settings import load_settings
from careerqa.words import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Ranked:
    """What careerqa makes of a question.

    `hits` are best first, `quoted` those that an answer would quote, and `confidence` the
    probability that they answer.
    """

    hits: Sequence[Hit]
    quoted: Sequence[Hit]
    confidence: float


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
        service = CareerQA.from_settings(self.settings)
        service.rebuild(report=_progress)
        self.generation: Generation = service.generation()
        path = self.settings.answer.calibration
        self.fitted: Calibration = (
            calibration.read(path) if path.is_file() else calibration.shipped()
        )

    def ask(self, text: str) -> Ranked:
        """A question to all documents."""
        question = read_question(text, self.generation.words)
        pool = first_stage(
            self.generation,
            question_vector(self.generation.encoder, question),
            question,
            pool=self.settings.retrieval.pool,
            rrf_k=self.settings.retrieval.rrf_k,
            expansion=self.settings.retrieval.expansion,
        )
        return self._ranked(question, pool)

    def ask_within(self, text: str, unit_ids: Iterable[int]) -> Ranked:
        """A question to some units alone, all of which enter the pool."""
        question = read_question(text, self.generation.words)
        vector = question_vector(self.generation.encoder, question)
        wanted = [i for i in unit_ids if View.UNIT in self.generation.texts_of_unit.get(i, {})]
        found = self.generation.database.search(
            question.text, len(self.generation.units), stop_words=STOP_WORDS
        )
        words = {unit_id: score for unit_id, score in found if unit_id in set(wanted)}
        best = max(words.values(), default=1.0)
        pool = Pool(
            candidates=tuple(
                Candidate(
                    unit_id,
                    cosines(self.generation, vector, unit_id, frozenset()),
                    words.get(unit_id, 0.0) / best,
                )
                for unit_id in wanted
            ),
            answered=None,
            unanswered=None,
        )
        return self._ranked(question, pool)

    def _ranked(self, question: Question, pool: Pool) -> Ranked:
        answer = self.settings.answer
        hits = rank(
            self.generation,
            question,
            pool.candidates,
            weights=self.fitted.weights,
            near_duplicate=self.settings.retrieval.near_duplicate,
        )
        if not hits:
            return Ranked((), (), 0.0)
        quoted = select(
            self.generation,
            question,
            hits,
            gap=self.fitted.gap,
            top=answer.top,
            max_characters=answer.max_characters,
        )
        signals = evidence_signals(self.generation, question, pool, hits)
        return Ranked(hits, quoted, self.fitted.confidence[variant(pool)].probability(signals))


def _progress(what: str, done: int, total: int) -> None:
    end = "\n" if done >= total else "\r"
    sys.stderr.write(f"{what} {done:,} of {total:,}{end}")
    sys.stderr.flush()
