"""The search pipeline: question → ranked hits, and how probable it is that they answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from careerqa.datatypes import Hit
from careerqa.indexing.generation import Generation
from careerqa.models.reranking import rerank
from careerqa.retrieval.calibration import Calibration
from careerqa.retrieval.confidence import evidence_signals, variant
from careerqa.retrieval.elsewhere import MOST_CONFIDENT, elsewhere
from careerqa.retrieval.first_stage import first_stage, question_vector
from careerqa.retrieval.question import Question, read_question
from careerqa.retrieval.ranking import rank
from careerqa.settings import Settings


@dataclass(frozen=True, slots=True)
class Search:
    """What is found for a question: hits best first, and how probable it is that they answer.

    `gap` is how far below the best hit's score a hit may lie and still be quoted.
    """

    generation: Generation
    question: Question
    hits: list[Hit]
    confidence: float
    gap: float
    warnings: tuple[str, ...] = ()


class Clock:
    """Laps of a stopwatch, in milliseconds."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End the lap of a stage."""
        now = time.perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 3)
        self._last = now

    def laps(self) -> dict[str, float]:
        """Every lap so far by stage, and their total."""
        return self._laps | {"total": round((time.perf_counter() - self._start) * 1000, 3)}


def search(
    generation: Generation, text: str, settings: Settings, fitted: Calibration, *, clock: Clock
) -> Search:
    """Find what answers a question.

    Args:
        text: The question, checked (see `question.check_question`).
        fitted: Weights of the ranking and of the confidence.
        clock: Gets a lap for each stage.
    """
    read = read_question(text, generation.words)
    vector = question_vector(generation.encoder, read)
    clock.lap("embed")
    retrieval = settings.retrieval
    pool = first_stage(
        generation,
        vector,
        read,
        pool=retrieval.pool,
        rrf_k=retrieval.rrf_k,
        expansion=retrieval.expansion,
    )
    clock.lap("retrieve")
    hits = rank(
        generation,
        read,
        pool.candidates,
        weights=fitted.weights(expansion=pool.answered is not None),
        near_duplicate=retrieval.near_duplicate,
    )
    clock.lap("rank")
    if generation.reranker is not None:
        best = hits[: settings.reranking.top]
        hits = rerank(
            read.text,
            best,
            [generation.plain[hit.unit.id] for hit in best],
            generation.reranker,
            weight=settings.reranking.weight,
        )
        clock.lap("rerank")
    confidence = (
        fitted.confidence_in(variant(pool)).probability(
            evidence_signals(generation, read, pool, hits)
        )
        if hits
        else 0.0
    )
    warnings: tuple[str, ...] = ()
    beyond = elsewhere(read, generation.plain)
    if beyond is not None:
        confidence = min(confidence, MOST_CONFIDENT)
        warnings = (f"No document names {beyond}.",)
    gap = fitted.gap_in(expansion=pool.answered is not None)
    return Search(generation, read, hits, confidence, gap, warnings)
