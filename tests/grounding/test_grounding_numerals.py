"""Numbers in words become digits, and figures that follow from the evidence's stand."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check
from careerqa.grounding.facts import quantities
from careerqa.grounding.normal import normal


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("more than nine in ten kilns", "more than 90 percent kilns"),
        ("three in every hundred jugs", "about 3 percent jugs"),
        ("two potters in three would glaze", "about 66.7 percent of potters would glaze"),
        ("two shops in three towns", "2 shops in 3 towns"),
        ("by about a sixth through May", "by about 16.7 percent through May"),
        ("nearly an eighth", "nearly 12.5 percent"),
        ("a third potter", "a third potter"),
        ("every third potter", "about 33.3 percent of potter"),
        ("it grew fivefold", "it grew 5 times"),
        ("a million and a half", "1.5 million"),
        ("two and a half times", "2.5 times"),
        ("three quarters of a million", "750,000"),
        ("half a dozen jugs", "6 jugs"),
        ("a hundred percent", "100 percent"),
        ("one hundred and forty-eight thousand dollars", "148 thousand dollars"),
        ("two thousand five hundred jugs", "2,500 jugs"),
        ("fifty-one thousand jugs", "51 thousand jugs"),
        ("one in a hundred jugs", "about 1 percent jugs"),
    ],
)
def test_numbers_in_words(text: str, digits: str) -> None:
    assert normal(text) == digits


def test_a_number_shares_the_thousands_of_the_one_after_it() -> None:
    assert [q.low for q in quantities("350 against 285 thousand dollars")] == [350e3, 285e3]
    assert [q.low for q in quantities("4 to 6 hundred thousand dollars")] == [400e3]
    assert [q.low for q in quantities("on 3 days and $285,000")] == [3, 285e3]


def dropped(text: str, *evidence: str) -> bool:
    quotes = [Evidence(n, e) for n, e in enumerate(evidence, 1)]
    marks = "".join(f"[{quote.id}]" for quote in quotes)
    (only,) = check(f"{text} {marks}.", quotes).sentences
    return only.reason.endswith("stands in none of its evidence")


RANGE = "Jugs cost $120 to $150, and bowls cost $100."
YEARS = "The share of jugs increased from 10% to 50% between 2023 and 2025."


@pytest.mark.parametrize(
    ("text", "evidence", "wrong"),
    [
        ("The range of jugs is $30 wide", RANGE, False),
        ("The range of jugs is $40 wide", RANGE, True),
        ("Jugs cost half more than bowls at the top", RANGE, False),
        ("Jugs cost a third more than bowls at the top", RANGE, True),
        ("In two years the share of jugs grew", YEARS, False),
        ("In five years the share of jugs grew", YEARS, True),
        ("The share of jugs grew fivefold", YEARS, False),
        ("The share of jugs grew ninefold", YEARS, True),
        ("The share of jugs grew by 40 percentage points", YEARS, False),
        ("The share of jugs grew by 40 percent", YEARS, True),
        ("Fewer than one jug in ten, 8%, is blue", "8% of jugs are blue.", False),
        ("Fewer than one jug in five is blue", "8% of jugs are blue.", True),
        ("About one jug in six is blue", "17% of jugs are blue.", False),
        ("About one jug in five is blue", "17% of jugs are blue.", True),
        ("The kiln has been lit up to 2025", YEARS, False),
        ("Jugs exceed bowls by fifty thousand", "Jugs: $150k, bowls: $100k.", False),
        ("Jugs exceed bowls by sixty thousand", "Jugs: $150k, bowls: $100k.", True),
        ("The gap of fifty thousand stands", "Jugs: $150k, bowls: $100k.", False),
        ("The gap of sixty thousand stands", "Jugs: $150k, bowls: $100k.", True),
        ("It cools in a sixth of what it took", "It cools in 2 hours, once 12 hours.", False),
        ("It cools in a third of what it took", "It cools in 2 hours, once 12 hours.", True),
        ("The twenty-six thousand or so jugs are blue", "The 26,159 jugs are blue.", False),
        ("The twenty-eight thousand or so jugs are blue", "The 26,159 jugs are blue.", True),
        ("Just over half of the jugs are blue", "55% of jugs are blue.", False),
        ("Just over half of the jugs are blue", "60% of jugs are blue.", True),
    ],
)
def test_a_figure_that_follows_from_others_stands(text: str, evidence: str, wrong: bool) -> None:
    assert dropped(text, evidence) is wrong


@pytest.mark.parametrize(
    ("text", "evidence", "stands"),
    [
        ("Hiring of potters nearly doubled, up 88%", "Hiring of potters grew 88%.", True),
        ("Jugs cost twice as much as bowls", "Jugs cost $41 and bowls $20.", True),
        ("Jugs cost twice as much as bowls", "Jugs cost $33 and bowls $20.", False),
        ("The wheel doubled the output of potters", "The wheel speeds up output.", False),
        ("Double-check the kiln", "Check the kiln again.", True),
        ("The kiln makes tens of millions of jugs", "The kiln makes 13 million jugs.", True),
        ("The kiln makes tens of millions of jugs", "The kiln makes 1.3 million jugs.", False),
    ],
)
def test_multiples_follow_from_figures(text: str, evidence: str, stands: bool) -> None:
    (only,) = check(f"{text} [1].", [Evidence(1, evidence)]).sentences
    assert ("follows from no figure" not in only.reason) is stands
