"""What confidence is worth: calibration, and the risk of answering more or fewer questions.

A question counts as right if the first quote shown covers its evidence. Where the system abstained
that is the nearest passage, since a lower threshold would have answered with it. So an
unanswerable question is never right, and answering it is a risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.evaluation.scoring import QuestionScore
from careerqa.evaluation.statistics import (
    ConfidenceBin,
    RiskPoint,
    area_under_risk_coverage,
    confidence_bins,
    expected_calibration_error,
    risk_coverage,
)


@dataclass(frozen=True, slots=True)
class ConfidenceReport:
    """Confidence against what turned out.

    `error_right` and `error_answerable` are expected calibration errors of confidence as the
    probability that the first quote is right, and that the question is answerable at all.
    `coverage` and `risk` are where the system stands: the share of questions that it answered, and
    of those the share whose first quote is wrong (None if it answered none).
    """

    error_right: float
    error_answerable: float
    bins: tuple[ConfidenceBin, ...]
    curve: tuple[RiskPoint, ...]
    area: float
    coverage: float
    risk: float | None


def confidence_report(scores: Sequence[QuestionScore]) -> ConfidenceReport:
    """The report over a set of questions."""
    confidences = [s.confidence for s in scores]
    right = [s.first_shown_right for s in scores]
    curve = risk_coverage(confidences, right)
    answered = [s for s in scores if s.answered]
    return ConfidenceReport(
        error_right=expected_calibration_error(confidences, right),
        error_answerable=expected_calibration_error(confidences, [s.answerable for s in scores]),
        bins=tuple(confidence_bins(confidences, right)),
        curve=tuple(curve),
        area=area_under_risk_coverage(curve),
        coverage=len(answered) / len(scores) if scores else 0.0,
        risk=sum(not s.first_right for s in answered) / len(answered) if answered else None,
    )
