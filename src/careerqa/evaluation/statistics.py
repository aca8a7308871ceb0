"""How sure a score is: bootstrap intervals, McNemar's test, calibration, risk and coverage.

Plain arithmetic on numbers; knows nothing of questions or documents.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RESAMPLES = 2000
SEED = 20240229
"""Fixed, so that the same scores always give the same interval."""
_BLOCK_CELLS = 4_000_000
"""Most numbers held at once while resampling, whatever the size of the set."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval."""

    low: float
    high: float


def bootstrap_sums(columns: FloatArray, *, resamples: int = RESAMPLES) -> FloatArray:
    """Sums of each column over resampled rows, shape (resamples, columns).

    Each resample draws as many rows as there are, with replacement (Efron 1979). All columns share
    the draws, so that sums of different columns belong together: as numerator and denominator, or
    as the scores of two systems on the same questions.

    Args:
        columns: Shape (rows, columns).
    """
    rows = len(columns)
    if rows == 0:
        return np.zeros((resamples, columns.shape[1]))
    generator = np.random.default_rng(SEED)
    block = max(1, _BLOCK_CELLS // rows)
    sums = []
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        times_drawn = generator.multinomial(rows, np.full(rows, 1 / rows), size=size)
        sums.append(times_drawn.astype(np.float64) @ columns)
    return np.concatenate(sums)


def ratios(numerators: FloatArray, denominators: FloatArray, empty: float | None) -> FloatArray:
    """Numerators / denominators; where a denominator is 0, `empty`, or nothing if that is None."""
    some = denominators > 0
    values = np.full(len(numerators), np.nan if empty is None else empty)
    np.divide(numerators, denominators, out=values, where=some)
    return values


def percentile_interval(values: FloatArray) -> Interval | None:
    """The middle 95% of resampled values; None if there are none. NaN are left out."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(float(low), float(high))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """The two-sided p-value that two systems are equally often right (McNemar 1947).

    Only questions on which exactly one of them is right count. Were both equally good, each such
    question would be a coin toss; p is the chance of a split at least as uneven. Exact by the
    binomial distribution, as the counts are small.

    Args:
        only_first: Questions that the first system alone got right.
        only_second: Questions that the second system alone got right.
    """
    tosses = only_first + only_second
    tail = sum(math.comb(tosses, k) for k in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**tosses))


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Predictions of similar confidence: how many, how sure on average, how often right."""

    count: int
    confidence: float
    right: float


def confidence_bins(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> list[ConfidenceBin]:
    """Predictions grouped into `bins` equal ranges of confidence, empty ones left out.

    A range holds its upper end, not its lower one, except that the first holds 0.

    Raises:
        ValueError: If the two differ in length or a confidence is outside [0, 1].
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_right in zip(confidences, right, strict=True):
        if not 0 <= confidence <= 1:
            raise ValueError(f"confidence is {confidence}; it lies between 0 and 1")
        groups.setdefault(max(0, math.ceil(confidence * bins) - 1), []).append(
            (confidence, is_right)
        )
    return [
        ConfidenceBin(
            len(group),
            sum(confidence for confidence, _ in group) / len(group),
            sum(is_right for _, is_right in group) / len(group),
        )
        for _, group in sorted(groups.items())
    ]


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> float:
    """How far confidence is from the share that is right, averaged over predictions.

    0 is perfect, 1 is worst (Guo, Pleiss, Sun and Weinberger, ICML 2017). 0 without predictions.
    """
    grouped = confidence_bins(confidences, right, bins=bins)
    total = sum(b.count for b in grouped)
    return sum(b.count * abs(b.confidence - b.right) for b in grouped) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering all questions of at least `threshold` confidence.

    `coverage` is the share of questions that this answers, `risk` the share of those that are
    answered wrongly.
    """

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[RiskPoint]:
    """What each possible threshold would give, from the most silent to answering everything.

    The curve of Geifman and El-Yaniv (NeurIPS 2017). Questions of equal confidence are answered
    together, since no threshold parts them.
    """
    ordered = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    return list(_risk_points(ordered))


def _risk_points(ordered: Sequence[tuple[float, bool]]) -> Iterator[RiskPoint]:
    wrong = 0
    for number, (confidence, is_right) in enumerate(ordered, 1):
        wrong += not is_right
        if number == len(ordered) or ordered[number][0] < confidence:
            yield RiskPoint(confidence, number / len(ordered), wrong / number)


def area_under_risk_coverage(points: Sequence[RiskPoint]) -> float:
    """The mean risk over all coverages; lower is better. 0 without points."""
    area = before = 0.0
    for point in points:
        area += point.risk * (point.coverage - before)
        before = point.coverage
    return area
