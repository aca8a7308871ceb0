import math

import pytest

from careerqa.retrieval.confidence import VARIANTS, Logistic, variant
from careerqa.retrieval.first_stage import Pool

ONE = Logistic(signals=("a",), mean=(1.0,), scale=(2.0,), weights=(3.0,), bias=0.5)


def test_probability_is_the_logistic_of_standardised_signals() -> None:
    expected = 1 / (1 + math.exp(-(0.5 + 3.0 * (4.0 - 1.0) / 2.0)))
    assert ONE.probability({"a": 4.0, "unused": 9.0}) == pytest.approx(expected)


def test_extreme_signals_stay_probabilities() -> None:
    assert ONE.probability({"a": 1e9}) <= 1
    assert ONE.probability({"a": -1e9}) >= 0


@pytest.mark.parametrize(
    ("answered", "unanswered", "expected"),
    [(None, None, "bare"), (0.5, None, "expanded"), (0.5, 0.4, "full")],
)
def test_the_variant_follows_from_what_the_index_holds(
    answered: float | None, unanswered: float | None, expected: str
) -> None:
    leaning = None if unanswered is None else 0.1
    assert variant(Pool((), answered, unanswered, leaning)) == expected


def test_each_variant_knows_more() -> None:
    assert set(VARIANTS["bare"]) < set(VARIANTS["expanded"]) < set(VARIANTS["full"])
