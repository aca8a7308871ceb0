"""First-stage search: dense and lexical rankings of units, fused into one pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from careerqa.datatypes import View
from careerqa.indexing.generation import Generation
from careerqa.indexing.probe import leaning
from careerqa.models.embedding import FloatVector, QuestionEncoder, unit_length
from careerqa.retrieval.question import Question
from careerqa.words import STOP_WORDS

TEXTS_PER_UNIT = 8
"""How many texts are searched for each unit that is wanted: several lead to the same one."""
POINT_SHARE = 0.4
"""Share of the interrogative sentences in the vector of a question of several sentences.

First quote right on 53 real people's questions .467 → .567, others unchanged (November 2026).
"""
NEAREST_OF_UNIT = 5
"""How many of a unit's written questions are averaged.

First quote right for .784 of 375 questions without this signal, .795 with three of them and .792
with five, recall of five quotes .936, .944 and .945, cross-validated (November 2026).
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the pool with what the first stages say of it.

    Cosines are those of its best text of each view, in [-1, 1]; a view that it has no text of is
    missing. `lexical` is its BM25 score divided by the best one's, in [0, 1]. `late` is that
    of late interaction, in [-1, 1]; 0 where written questions take part. `questions` is the mean
    cosine of its `NEAREST_OF_UNIT` nearest written questions, 0 where it has none.
    """

    unit_id: int
    cosines: Mapping[View, float]
    lexical: float
    late: float = 0.0
    questions: float = 0.0


@dataclass(frozen=True, slots=True)
class Pool:
    """What the first stage found.

    `answered` and `unanswered` are the mean cosines of the question's three nearest written
    questions that the documents answer and do not answer; None where there are none. A question
    written for several units counts once. `leaning` is where the question lies between both kinds,
    by the `probe`.
    """

    candidates: tuple[Candidate, ...]
    answered: float | None = None
    unanswered: float | None = None
    leaning: float | None = None


def question_vector(encoder: QuestionEncoder, question: Question) -> FloatVector:
    """The vector that a question is searched with, unit length, shape (dimension,).

    Long questions open with context: what they ask, their interrogative sentences, weighs more.
    """
    whole = encoder.embed_question(question.text)
    if not question.points:
        return whole
    points = np.mean([encoder.embed_question(point) for point in question.points], axis=0)
    return np.asarray(unit_length((whole + POINT_SHARE * points)[None, :])[0], dtype=np.float32)


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[int]], *, k: int = 60
) -> list[tuple[int, float]]:
    """Merge best-first rankings of unit ids by summed reciprocal rank.

    A unit scores the sum of 1 / (k + rank) over the rankings that hold it, ranks counted from 1
    (Cormack, Clarke and Büttcher, SIGIR 2009).

    Args:
        rankings: One list per first stage; no unit twice in a list.
        k: Rank offset; larger values soften the lead of the top ranks.

    Returns:
        Distinct unit ids with their scores, best first, ties by id.

    Raises:
        ValueError: If `k` is negative.
    """
    if k < 0:
        raise ValueError(f"k is {k}; it cannot be negative")
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, unit_id in enumerate(ranking, 1):
            scores[unit_id] = scores.get(unit_id, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def first_stage(
    generation: Generation,
    vector: FloatVector,
    question: Question,
    *,
    pool: int,
    rrf_k: int,
    expansion: bool = True,
) -> Pool:
    """The `pool` most promising units for a question, best first.

    Dense: the units of the nearest indexed texts in the vector store. Lexical: BM25 over
    statements, headings and written questions. Both are fused by reciprocal rank.

    Args:
        vector: The question's, unit length, shape (dimension,).
        question: Its words, for the lexical search.
        expansion: Whether written questions take part.
    """
    dense: dict[int, None] = {}
    answered: dict[str, float] = {}
    for number, cosine in generation.store.search(vector, pool * TEXTS_PER_UNIT):
        text = generation.texts[number]
        if text.view is View.QUESTION:
            answered[text.text] = cosine
        if text.view is not View.PASSAGE and (expansion or text.view is not View.QUESTION):
            dense |= dict.fromkeys(text.unit_ids)
    lexical = generation.database.search(
        question.text,
        pool * TEXTS_PER_UNIT,
        stop_words=STOP_WORDS,
        weights=(1.0, 0.5, 1.0) if expansion else (1.0, 0.5, 0.0),
    )
    rankings = [list(dense)[:pool], [unit_id for unit_id, _ in lexical[:pool]]]
    fused = reciprocal_rank_fusion(rankings, k=rrf_k)[:pool]
    best = max((score for _, score in lexical), default=0.0)
    words = {unit_id: score / best for unit_id, score in lexical} if best > 0 else {}
    skipped = frozenset() if expansion else frozenset({View.QUESTION})
    unit_ids = [unit_id for unit_id, _ in fused]
    bare = not (expansion and answered)
    late = late_scores(generation, question, unit_ids) if bare else [0.0] * len(unit_ids)
    return Pool(
        candidates=tuple(
            Candidate(
                unit_id,
                cosines(generation, vector, unit_id, skipped),
                words.get(unit_id, 0),
                score,
                0.0 if bare else nearest_questions(generation, vector, unit_id),
            )
            for unit_id, score in zip(unit_ids, late, strict=True)
        ),
        answered=mean_of_best(list(answered.values())) if expansion else None,
        unanswered=mean_of_best(generation.unanswered @ vector) if expansion else None,
        leaning=_leaning(generation, vector) if expansion else None,
    )


def cosines(
    generation: Generation, vector: FloatVector, unit_id: int, skipped: frozenset[View]
) -> dict[View, float]:
    """The question's cosine with the nearest text of each view of a unit."""
    return {
        view: float((generation.vectors[numbers] @ vector).max())
        for view, numbers in generation.texts_of_unit[unit_id].items()
        if view not in skipped
    }


def nearest_questions(generation: Generation, vector: FloatVector, unit_id: int) -> float:
    """The mean cosine of a unit's nearest written questions; 0 where it has none."""
    numbers = generation.texts_of_unit[unit_id].get(View.QUESTION, ())
    found = mean_of_best(generation.vectors[numbers] @ vector, NEAREST_OF_UNIT) if numbers else None
    return found or 0.0


def late_scores(generation: Generation, question: Question, unit_ids: Sequence[int]) -> list[float]:
    """The late interaction of a question with some units; zeros where the model allows none."""
    tokens = generation.encoder.embed_question_tokens(question.text) if generation.late else None
    if generation.late is None or tokens is None:
        return [0.0] * len(unit_ids)
    return generation.late.scores(tokens, unit_ids)


def _leaning(generation: Generation, vector: FloatVector) -> float | None:
    return None if generation.probe is None else leaning(generation.probe, vector)


def mean_of_best(cosines: Sequence[float] | FloatVector, k: int = 3) -> float | None:
    """The mean of the `k` highest; None of none."""
    return float(np.mean(sorted(cosines)[-k:])) if len(cosines) else None
