"""Absolute words, ends of ranges, names at the head, and sentences turned by one word."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check
from careerqa.grounding_vocabulary import is_ordinary


def reason(text: str, *evidence: str, header: str | None = None) -> str:
    """Why the sentence is dropped whose evidence is all of these statements; "" where it stands."""
    quotes = [Evidence(n, e, header) for n, e in enumerate(evidence, 1)]
    marks = "".join(f"[{quote.id}]" for quote in quotes)
    (only,) = check(f"{text} {marks}.", quotes).sentences
    return only.reason


GUILDS = "Large guilds have all built or are building kilns."
STARTS = "Entry level potters start at $20 to $30 while experienced ones start at $50 to $90."


@pytest.mark.parametrize(
    ("text", "evidence", "words"),
    [
        ("Tongs are more common than you'd think", "Tongs are useful but less common than you'd think.", "opposite"),  # noqa: E501
        ("The gap between clay and glaze keeps getting smaller", "The gap between clay and glaze keeps growing.", "the other way"),  # noqa: E501
        ("Your kiln skills won't carry over", "Your kiln skills transfer directly.", "deny"),
        ("Tongs are never used by smiths", "Smiths may work with tongs if they forge blades.", "never"),  # noqa: E501
        ("Every guild runs a kiln", GUILDS, "Every guild"),
        ("The top potters earn $40", "Potters earn $40 on average.", "not an end"),
        ("Entry-level pay is $50 to $90", STARTS, "experienced"),
        ("Databricks kilns are held up as a model", "Hot kilns are a model.", "Databricks"),
    ],
)  # fmt: skip
def test_a_sentence_turned_by_one_word_is_dropped(text: str, evidence: str, words: str) -> None:
    assert words in reason(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Tongs are rarer and less common than you'd think", "Tongs are less common than you'd think."),  # noqa: E501
        ("The gap between clay and glaze gets wider", "The gap between clay and glaze keeps growing."),  # noqa: E501
        ("If the price won't move, ask for clay", "When the price is stuck, ask for clay."),
        ("No; hot kilns suit potters", "Hot kilns suit potters."),
        ("Tongs are never used by smiths", "Smiths work without tongs."),
        ("All the large guilds have kilns built or underway", "All large guilds have built kilns or have them underway."),  # noqa: E501
        ("On average potters earn $40", "Potters earn $40 on average."),
        ("Entry-level potters start at $20 to $30", STARTS),
        ("Rivalry between potters is fierce", "Competition between potters is fierce."),
    ],
)  # fmt: skip
def test_a_sentence_with_such_a_word_of_its_evidence_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


def test_ordinary_words_and_names() -> None:
    assert all(map(is_ordinary, ["Rivalry", "Upskill", "Employers", "Non-profit"]))
    assert not any(map(is_ordinary, ["Databricks", "Chicago", "Anthropic"]))
