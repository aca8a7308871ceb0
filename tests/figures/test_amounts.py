from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.figures.amounts import amounts_in

Found = tuple[float | None, float | None, str]


def _found(text: str) -> list[Found]:
    return [(a.low, a.high, a.unit) for a in amounts_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It pays $95k a year.", [(95e3, 95e3, "money")]),
        ("Between £40,000 and £55,000.", [(40e3, 55e3, "money")]),
        ("They make $80k–$90k.", [(80e3, 90e3, "money")]),
        ("Offers reach €1.2 million.", [(1.2e6, 1.2e6, "money")]),
        ("up to $70K", [(None, 70e3, "money")]),
        ("over $300K", [(300e3, None, "money")]),
        ("Demand grew 35%.", [(35.0, 35.0, "percent")]),
        ("a raise of 5-10%", [(5.0, 10.0, "percent")]),
        ("from 20% to 45%", [(20.0, 45.0, "percent")]),
        ("12 percent of staff", [(12.0, 12.0, "percent")]),
        ("It takes 6 months.", [(6.0, 6.0, "months")]),
        ("2–4 years of experience", [(2.0, 4.0, "years")]),
        ("at least five years of experience", [(5.0, None, "years")]),
        ("10+ years", [(10.0, None, "years")]),
        ("two thirds of teams", [(2 / 3, 2 / 3, "ratio")]),
        ("1,250 open positions", [(1250.0, 1250.0, "count")]),
        ("3.5 million jobs", [(3.5e6, 3.5e6, "count")]),
    ],
)
def test_amounts_are_read(text: str, expected: list[Found]) -> None:
    found = _found(text)
    assert [unit for _, _, unit in found] == [unit for _, _, unit in expected]
    for (low, high, _), (wanted_low, wanted_high, _) in zip(found, expected, strict=True):
        assert low == (None if wanted_low is None else pytest.approx(wanted_low, rel=1e-3))
        assert high == (None if wanted_high is None else pytest.approx(wanted_high, rel=1e-3))


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 the role was new.",
        "Published on 10/20/2025.",
        "GPT-4 and Python 3.11 are used.",
        "See Part 11 for more.",
        "It is an L4 position.",
        "The range is $X–$Y.",
        "",
    ],
)
def test_what_only_names_or_dates_is_no_amount(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$9k", "USD"), ("€9k", "EUR"), ("£9k", "GBP"), ("CAD 90,000", "CAD"), ("₹900,000", "INR")],
)
def test_currencies(text: str, currency: str) -> None:
    (amount,) = amounts_in(text)
    assert amount.currency == currency


@given(st.text(max_size=200))
def test_any_text_is_read_and_spans_lie_in_it(text: str) -> None:
    ends = [(a.span.start, a.span.end) for a in amounts_in(text)]
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in ends)
    assert all(first[1] <= second[0] for first, second in pairwise(ends))
