"""Labelled questions → examples to fit on: searched, their candidates marked right or wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from careerqa.datatypes import View
from careerqa.errors import EvaluationError
from careerqa.evaluation.questions import (
    UNANSWERABLE_NEAR,
    EvaluationQuestion,
    check_documents,
    read_questions,
)
from careerqa.evaluation.scoring import ResponseQuote, covers
from careerqa.expansion.questions import read_unanswered, unanswered_file
from careerqa.indexing.generation import Generation
from careerqa.models.embedding import FloatVector
from careerqa.retrieval.first_stage import Pool, first_stage, question_vector
from careerqa.retrieval.question import Question, read_question
from careerqa.retrieval.ranking import signal_matrix
from careerqa.settings import Settings

FEWEST = 20
"""Fewest answerable, and fewest unanswerable, questions that are worth fitting on."""

Matrix = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Questions to fit on, where they come from, and those that the index knows as unanswered.

    `known` holds text and topic of each, in the order of `Generation.unanswered`; `data` the name,
    size and SHA-256 of every file.
    """

    questions: tuple[EvaluationQuestion, ...]
    known: tuple[tuple[str, str], ...]
    data: dict[str, Any]


def labelled(generation: Generation, settings: Settings, files: Sequence[Path]) -> Labelled:
    """The questions of `files`, and those beside the corpus that the documents do not answer.

    Raises:
        EvaluationError: If a file is malformed or about other documents, or there are too few.
    """
    questions: list[EvaluationQuestion] = []
    data: dict[str, Any] = {}
    for path in files:
        own = read_questions(path)
        questions += own
        data[path.name] = _described(path, len(own))
    check_documents(questions, generation.documents)
    path = unanswered_file(settings.corpus.path)
    hashes = {d.id: d.sha256 for d in generation.documents.values()}
    topics = read_unanswered(path, hashes) or {}
    if topics:
        data[path.name] = _described(path, len(topics))
    questions += [
        EvaluationQuestion(id=f"{path.stem}-{n}", text=text, type=topic, answerable=False)
        for n, (text, topic) in enumerate(topics.items(), 1)
    ]
    for answerable, what in ((True, "answerable"), (False, "unanswerable")):
        found = sum(q.answerable is answerable for q in questions)
        if found < FEWEST:
            raise EvaluationError(
                f"There are {found} {what} questions to fit on; at least {FEWEST} are needed. "
                f"Add some to a FILE, unanswerable ones with type {UNANSWERABLE_NEAR}."
            )
    known = [t.text for t in generation.texts if t.view is View.UNANSWERED]
    return Labelled(tuple(questions), tuple((text, topics.get(text, "")) for text in known), data)


def _described(path: Path, questions: int) -> dict[str, Any]:
    return {"questions": questions, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it was searched: signals of its candidates and which groups each covers.

    `covered` has shape (groups, candidates); it has no row for an unanswerable question.
    """

    question: Question
    pool: Pool
    signals: Matrix
    covered: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Searched:
    """A labelled question, searched with and without written questions."""

    answerable: bool
    topic: str
    vector: FloatVector
    expanded: Example
    bare: Example


def search(
    generation: Generation,
    settings: Settings,
    questions: Sequence[EvaluationQuestion],
    *,
    progress: Progress | None = None,
) -> list[Searched]:
    """Search every question and mark the candidates that cover its evidence."""
    found: list[Searched] = []
    for done, labelled in enumerate(questions, 1):
        question = read_question(labelled.text.strip(), generation.words)
        vector = question_vector(generation.encoder, question)
        examples = [
            _example(generation, settings, labelled, question, vector, expansion=expansion)
            for expansion in (True, False)
        ]
        found.append(Searched(labelled.answerable, labelled.type, vector, examples[0], examples[1]))
        if progress:
            progress("Searching questions", done, len(questions))
    return found


def _example(
    generation: Generation,
    settings: Settings,
    labelled: EvaluationQuestion,
    question: Question,
    vector: FloatVector,
    *,
    expansion: bool,
) -> Example:
    pool = first_stage(
        generation,
        vector,
        question,
        pool=settings.retrieval.pool,
        rrf_k=settings.retrieval.rrf_k,
        expansion=expansion,
    )
    units = [generation.units[c.unit_id] for c in pool.candidates]
    quotes = [ResponseQuote(u.document_id, u.span.start, u.span.end, u.text) for u in units]
    covered = [
        [any(covers(quote, evidence) for evidence in group) for quote in quotes]
        for group in labelled.evidence
    ]
    return Example(
        question,
        pool,
        signal_matrix(generation, question, pool.candidates),
        np.array(covered, dtype=bool).reshape(len(labelled.evidence), len(units)),
    )
