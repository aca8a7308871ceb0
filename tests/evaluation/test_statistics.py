from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.evaluation.statistics import (
    Interval,
    RiskPoint,
    area_under_risk_coverage,
    bootstrap_sums,
    confidence_bins,
    expected_calibration_error,
    mcnemar_exact,
    percentile_interval,
    ratios,
    risk_coverage,
)


class TestBootstrap:
    def test_rows_that_are_all_alike_leave_nothing_to_chance(self) -> None:
        sums = bootstrap_sums(np.array([[1.0, 2.0]] * 4), resamples=50)
        assert sums.shape == (50, 2)
        assert np.array_equal(sums, np.tile([4.0, 8.0], (50, 1)))

    def test_columns_share_the_draws(self) -> None:
        column = np.arange(7.0)
        sums = bootstrap_sums(np.column_stack([column, column, 6 - column]))
        assert np.array_equal(sums[:, 0], sums[:, 1])
        assert np.allclose(sums[:, 0] + sums[:, 2], 42)

    def test_the_same_numbers_give_the_same_draws(self) -> None:
        columns = np.arange(10.0)[:, None]
        assert np.array_equal(bootstrap_sums(columns), bootstrap_sums(columns))

    def test_two_rows_are_binomial(self) -> None:
        """Of two rows, one right: 0, 1 or 2 right ones with chances 1/4, 1/2 and 1/4."""
        sums = bootstrap_sums(np.array([[0.0], [1.0]]), resamples=20_000)[:, 0]
        shares = [float((sums == right).mean()) for right in (0, 1, 2)]
        assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.02)

    def test_of_a_coin_the_interval_is_that_of_the_normal_distribution(self) -> None:
        rows = np.array([[1.0], [0.0]] * 200)
        interval = percentile_interval(bootstrap_sums(rows)[:, 0] / 400)
        half = 1.96 * math.sqrt(0.25 / 400)
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.006)

    def test_blocks_change_nothing_but_the_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("careerqa.evaluation.statistics._BLOCK_CELLS", 30)
        sums = bootstrap_sums(np.ones((10, 1)), resamples=11)  # blocks of 3, 3, 3 and 2
        assert sums[:, 0].tolist() == [10.0] * 11

    def test_no_rows(self) -> None:
        assert bootstrap_sums(np.zeros((0, 3)), resamples=5).tolist() == [[0.0] * 3] * 5


def test_ratios_of_nothing() -> None:
    top, bottom = np.array([1.0, 0.0]), np.array([4.0, 0.0])
    assert ratios(top, bottom, 0.0).tolist() == [0.25, 0.0]
    assert np.isnan(ratios(top, bottom, None)[1])


def test_the_middle_95_percent() -> None:
    assert percentile_interval(np.arange(201.0)) == Interval(5.0, 195.0)
    assert percentile_interval(np.array([np.nan, 3.0])) == Interval(3.0, 3.0)
    assert percentile_interval(np.array([np.nan])) is None


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),  # 2 * 1/2
        (0, 5, 2 / 32),
        (1, 7, 2 * (1 + 8) / 256),
        (2, 8, 2 * (1 + 10 + 45) / 1024),
        (4, 4, 1.0),  # more than 1 before it is cut
    ],
)
def test_mcnemar_by_hand(only_first: int, only_second: int, p: float) -> None:
    assert mcnemar_exact(only_first, only_second) == pytest.approx(p)
    assert mcnemar_exact(only_second, only_first) == pytest.approx(p)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_share_of_splits_as_uneven(first: int, second: int) -> None:
    tosses, uneven = first + second, abs(first - second)
    splits = sum(math.comb(tosses, k) for k in range(tosses + 1) if abs(2 * k - tosses) >= uneven)
    assert mcnemar_exact(first, second) == pytest.approx(float(Fraction(splits, 2**tosses)))


class TestCalibration:
    def test_by_hand(self) -> None:
        """Two at .9, one of them right; four at .2, one of them right: (2 * .4 + 4 * .05) / 6."""
        confidences = [0.9, 0.9, 0.2, 0.2, 0.2, 0.2]
        right = [True, False, True, False, False, False]
        low, high = confidence_bins(confidences, right)
        assert (low.count, high.count) == (4, 2)
        assert (low.confidence, high.confidence) == pytest.approx((0.2, 0.9))
        assert (low.right, high.right) == (0.25, 0.5)
        assert expected_calibration_error(confidences, right) == pytest.approx(1 / 6)

    def test_a_range_holds_its_upper_end(self) -> None:
        counts = [b.count for b in confidence_bins([0.0, 0.5, 0.51, 1.0], [True] * 4, bins=2)]
        assert counts == [2, 2]

    def test_perfect_and_worst(self) -> None:
        assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
        assert expected_calibration_error([1.0, 0.0], [False, True]) == 1
        assert expected_calibration_error([], []) == 0

    @pytest.mark.parametrize("confidence", [-0.1, 1.1, math.nan])
    def test_no_probability(self, confidence: float) -> None:
        with pytest.raises(ValueError, match="it lies between 0 and 1"):
            confidence_bins([confidence], [True])

    def test_lengths_differ(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            confidence_bins([0.5], [])


class TestRiskAndCoverage:
    def test_by_hand(self) -> None:
        points = risk_coverage([0.5, 0.9, 0.7, 0.1], [False, True, True, False])
        assert points == [
            RiskPoint(0.9, 0.25, 0.0),
            RiskPoint(0.7, 0.5, 0.0),
            RiskPoint(0.5, 0.75, 1 / 3),
            RiskPoint(0.1, 1.0, 0.5),
        ]
        assert area_under_risk_coverage(points) == pytest.approx((1 / 3 + 1 / 2) / 4)

    def test_no_threshold_parts_equal_confidences(self) -> None:
        assert risk_coverage([0.5, 0.5, 0.2], [True, False, True]) == [
            RiskPoint(0.5, 2 / 3, 0.5),
            RiskPoint(0.2, 1.0, 1 / 3),
        ]

    def test_nothing(self) -> None:
        assert risk_coverage([], []) == []
        assert area_under_risk_coverage([]) == 0
