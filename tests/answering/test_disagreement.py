from dataclasses import replace

import pytest

from careerqa.answering.disagreement import Found, Side, differ, with_sides
from careerqa.datatypes import Hit, Span, Unit, UnitKind
from careerqa.figures.reading import Figure


def _figure(low: float, high: float, *, year: str | None = None) -> Figure:
    return Figure(
        text=f"{low}-{high}",
        span=Span(0, 1),
        document_id="a.txt",
        unit_id=0,
        line=1,
        low=low,
        high=high,
        unit="money",
        year=year,
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((188, 188), (90, 130), True),  # a value outside a range
        ((100, 100), (90, 130), False),  # a value inside a range
        ((100, 100), (101, 101), False),  # within 2%
        ((100, 100), (103, 103), True),  # more than 2% apart
        ((100, 200), (100, 200), False),
        ((100, 200), (120, 200), False),  # share 80 of 100
        ((100, 200), (190, 300), True),  # share 10 of 200
    ],
)
def test_figures_differ(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert differ(_figure(*one), _figure(*other)) is expected
    assert differ(_figure(*other), _figure(*one)) is expected


def test_equal_figures_with_another_horizon_differ() -> None:
    assert differ(_figure(17, 17, year="2023-2033"), _figure(17, 17, year="2034"))
    assert not differ(_figure(17, 17, year="2023-2033"), _figure(17, 17, year="2033"))
    assert not differ(_figure(17, 17, year="2033"), _figure(17, 17))


def test_an_open_end_counts_as_its_known_end() -> None:
    open_end = replace(_figure(250, 250), high=None)
    assert differ(open_end, _figure(100, 120))
    assert not differ(open_end, _figure(200, 300))


def test_every_side_is_quoted_once_best_first() -> None:
    hits = [
        Hit(Unit(n, "a.txt", Span(n, n + 1), "x", UnitKind.SENTENCE, 1), n + 1, 1.0 - n / 10, "s")
        for n in range(4)
    ]
    found = [Found("Pay", (Side("1", {}, hits[3]), Side("2", {}, hits[0])))]
    assert with_sides(hits[:2], found) == [hits[0], hits[1], hits[3]]
