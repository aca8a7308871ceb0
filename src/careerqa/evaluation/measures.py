"""Scores of single questions → measures over a set, with intervals, and two systems compared.

Every measure is a sum over questions divided by another: a mean, a pooled share, or F1, which is
2 * both / (abstained + unanswerable). So one way of resampling serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from careerqa.evaluation.questions import CONFLICT, UNANSWERABLE_FAR, UNANSWERABLE_NEAR
from careerqa.evaluation.scoring import QuestionScore
from careerqa.evaluation.statistics import (
    FloatArray,
    Interval,
    bootstrap_sums,
    mcnemar_exact,
    percentile_interval,
    ratios,
)

Part = Callable[[QuestionScore], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A score over a set of questions: sum of `numerator` / sum of `denominator`.

    `empty` is its value where the denominator is 0; None where it then says nothing. `is_binary`
    if every question counts as right or wrong, and which ones count does not depend on the system.
    """

    key: str
    label: str
    numerator: Part
    denominator: Part
    is_binary: bool = False
    is_share: bool = True
    higher_is_better: bool = True
    empty: float | None = None


def _answerable(s: QuestionScore) -> bool:
    return s.answerable


def _is_conflict(s: QuestionScore) -> bool:
    return s.answerable and s.type == CONFLICT


MEASURES: tuple[Measure, ...] = (
    Measure(
        "recall",
        "recall (evidence groups)",
        lambda s: s.covered / s.groups if s.answerable else 0,
        _answerable,
    ),
    Measure("full", "full", lambda s: s.full, _answerable, is_binary=True),
    Measure("strict", "strict", lambda s: s.strict, _answerable, is_binary=True),
    Measure(
        "first_right",
        "first quote right",
        lambda s: s.first_right,
        _answerable,
        is_binary=True,
    ),
    Measure(
        "precision",
        "quote precision",
        lambda s: s.right_quotes if s.answerable else 0,
        lambda s: s.quotes if s.answerable else 0,
    ),
    Measure(
        "characters",
        "quoted characters an answer",
        lambda s: s.characters if s.answerable else 0,
        lambda s: s.answerable and s.answered,
        is_share=False,
        higher_is_better=False,
    ),
    Measure("fidelity", "quote fidelity", lambda s: s.faithful, lambda s: s.shown),
    Measure(
        "abstention_precision",
        "abstention precision",
        lambda s: not s.answered and not s.answerable,
        lambda s: not s.answered,
        empty=0.0,
    ),
    Measure(
        "abstention_recall",
        "abstention recall",
        lambda s: not s.answered and not s.answerable,
        lambda s: not s.answerable,
        is_binary=True,
        empty=0.0,
    ),
    Measure(
        "abstention_f1",
        "abstention F1",
        lambda s: 2 * (not s.answered and not s.answerable),
        lambda s: (not s.answered) + (not s.answerable),
        empty=0.0,
    ),
    Measure(
        "wrongly_abstained",
        "answerable, but abstained",
        lambda s: s.answerable and not s.answered,
        _answerable,
        is_binary=True,
        higher_is_better=False,
    ),
    Measure(
        "near_recall",
        "abstention recall, near",
        lambda s: s.type == UNANSWERABLE_NEAR and not s.answered,
        lambda s: s.type == UNANSWERABLE_NEAR,
        is_binary=True,
    ),
    Measure(
        "far_recall",
        "abstention recall, far",
        lambda s: s.type == UNANSWERABLE_FAR and not s.answered,
        lambda s: s.type == UNANSWERABLE_FAR,
        is_binary=True,
    ),
    Measure(
        "conflict_sides",
        "conflict: both sides quoted",
        lambda s: _is_conflict(s) and s.full,
        _is_conflict,
        is_binary=True,
    ),
    Measure(
        "conflict_named",
        "conflict: disagreement named",
        lambda s: _is_conflict(s) and s.disagreements > 0,
        _is_conflict,
        is_binary=True,
    ),
    Measure(
        "false_disagreement",
        "false alarm of disagreement",
        lambda s: s.answerable and s.type != CONFLICT and s.disagreements > 0,
        lambda s: s.answerable and s.type != CONFLICT,
        is_binary=True,
        higher_is_better=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value and its bootstrap interval; None where nothing was there to measure."""

    measure: Measure
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first system, on the same questions.

    `p_value` is McNemar's, where the measure is binary.
    """

    measure: Measure
    first: float | None
    second: float | None
    difference: float | None
    interval: Interval | None
    p_value: float | None


def estimate(
    scores: Sequence[QuestionScore], measures: Sequence[Measure] = MEASURES
) -> list[Estimate]:
    """Each measure over the questions, with its 95% bootstrap interval."""
    columns = _columns(scores, measures)
    totals, sums = columns.sum(axis=0, keepdims=True), bootstrap_sums(columns)
    return [
        Estimate(
            measure,
            _one(_values(measure, totals, n)),
            percentile_interval(_values(measure, sums, n)),
        )
        for n, measure in enumerate(measures)
    ]


def compare(
    first: Sequence[QuestionScore],
    second: Sequence[QuestionScore],
    measures: Sequence[Measure] = MEASURES,
) -> list[Difference]:
    """Each measure of two systems on the same questions, in the same order.

    The interval is of the paired bootstrap: both are resampled together, so that what makes a
    question hard for both does not widen it.

    Raises:
        ValueError: If the questions differ.
    """
    if [s.id for s in first] != [s.id for s in second]:
        raise ValueError("the two systems were not asked the same questions in the same order")
    columns = np.hstack([_columns(first, measures), _columns(second, measures)])
    totals, sums = columns.sum(axis=0, keepdims=True), bootstrap_sums(columns)
    differences = []
    for n, measure in enumerate(measures):
        other = n + len(measures)
        before, after = (_one(_values(measure, totals, at)) for at in (n, other))
        differences.append(
            Difference(
                measure,
                before,
                after,
                None if before is None or after is None else after - before,
                percentile_interval(_values(measure, sums, other) - _values(measure, sums, n)),
                _mcnemar(measure, first, second) if measure.is_binary else None,
            )
        )
    return differences


def by_type(scores: Iterable[QuestionScore]) -> dict[str, list[QuestionScore]]:
    """The scores of each type of question, types in order of appearance."""
    groups: dict[str, list[QuestionScore]] = {}
    for score in scores:
        groups.setdefault(score.type, []).append(score)
    return groups


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a stage took over all questions, in milliseconds."""

    stage: str
    p50: float
    p95: float


def latencies(scores: Iterable[QuestionScore]) -> list[Latency]:
    """Median and 95th percentile of each stage, stages in the order in which they ran."""
    laps: dict[str, list[float]] = {}
    for score in scores:
        for stage, milliseconds in score.timings_ms.items():
            laps.setdefault(stage, []).append(milliseconds)
    return [
        Latency(stage, *(float(p) for p in np.percentile(values, [50, 95])))
        for stage, values in laps.items()
    ]


def _columns(scores: Sequence[QuestionScore], measures: Sequence[Measure]) -> FloatArray:
    """Numerators and denominators: two columns a measure, one row a question."""
    rows = [[float(p(s)) for m in measures for p in (m.numerator, m.denominator)] for s in scores]
    return np.array(rows, dtype=np.float64).reshape(len(scores), 2 * len(measures))


def _values(measure: Measure, sums: FloatArray, number: int) -> FloatArray:
    return ratios(sums[:, 2 * number], sums[:, 2 * number + 1], measure.empty)


def _one(values: FloatArray) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _mcnemar(
    measure: Measure, first: Sequence[QuestionScore], second: Sequence[QuestionScore]
) -> float | None:
    """McNemar's p-value; None where no question counts."""
    pairs = [
        (measure.numerator(a), measure.numerator(b))
        for a, b in zip(first, second, strict=True)
        if measure.denominator(a)
    ]
    if not pairs:
        return None
    return mcnemar_exact(sum(a > b for a, b in pairs), sum(b > a for a, b in pairs))
