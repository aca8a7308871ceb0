"""More than before, more than what is alike, and names that look like words."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check


def reason(text: str, evidence: str) -> str:
    (only,) = check(f"{text} [1].", [Evidence(1, evidence)]).sentences
    return only.reason


UP = "46% of potters distrust the kiln (up from 31% the prior year)."
DOWN = "Big shops are seeing reduced hiring rates for new potters."
ALIKE = "A clean bench is as vital for a bowl as for any jug."
LISTED = "Kilns from Acme, Borax and Cinder are hot."
OVER = "At small shops breadth matters more than depth."


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("Fewer potters distrust the kiln than the year before", UP, "other way"),
        ("More potters distrust the kiln than they did a year earlier", UP, ""),
        ("Big shops are hiring new potters at a higher rate than before", DOWN, "opposite"),
        ("Big shops hire more new potters than before", DOWN, "opposite"),
        ("Big shops are hiring new potters at a lower rate than before", DOWN, ""),
        ("A clean bench is less vital for a bowl than for a jug", ALIKE, "alike"),
        ("A clean bench is as vital for a bowl as for a jug", ALIKE, ""),
        ("Kilns from Acme, Apple and Cinder are hot", LISTED, "does not name Apple"),
        ("Apple leads in hot kilns", LISTED, "does not name Apple"),
        ("Kilns from Acme and Cinder are hot", LISTED, ""),
        ("Quickest way: kilns from Acme", "The fastest way: kilns from Acme.", ""),
        ("Small shops go for breadth, not depth", OVER, ""),
        ("Small shops go for depth, not breadth", OVER, "round"),
        ("More than half of potters have yet to use kilns", "52% of potters don't use kilns.", ""),
        ("More than half of potters use kilns", "52% of potters don't use kilns.", "denies"),
        ("Small start-ups buy kilns", "Small startups buy kilns.", ""),
        ("Potters who master both kilns sell more", "Learning both kilns sells more.", ""),
        ("Jugs outnumber bowls by forty to one", "There are 23,752 jugs and 598 bowls.", ""),
        ("Jugs outnumber bowls by ninety to one", "There are 23,752 jugs and 598 bowls.", "none"),
        ("It takes four more than three years", "3-6 years for jugs; 7+ years for bowls", ""),
    ],
)
def test_more_than_before_and_names(text: str, evidence: str, expected: str) -> None:
    found = reason(text, evidence)
    assert expected in found if expected else found == ""


def test_those_at_the_start_do_not_earn_what_the_experienced_do() -> None:
    evidence = "Entry-level potters start at $9,000 while experienced potters earn $15,000."
    assert "experienced" in reason("New potters begin at $15,000", evidence)
    assert reason("New potters begin at $9,000", evidence) == ""
