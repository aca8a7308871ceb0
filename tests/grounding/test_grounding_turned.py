"""Absolute words, ends of ranges, names at the head, and sentences turned by one word."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check
from careerqa.grounding.vocabulary import is_ordinary


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
        ("Tongs are never used by smiths", "Smiths may work with tongs but don't melt them.", "never"),  # noqa: E501
        ("Every guild runs a kiln", GUILDS, "Every guild"),
        ("The top potters earn $40", "Potters earn $40 on average.", "not an end"),
        ("Entry-level pay is $50 to $90", STARTS, "experienced"),
        ("Databricks kilns are held up as a model", "Hot kilns are a model.", "Databricks"),
    ],
)  # fmt: skip
def test_a_sentence_turned_by_one_word_is_dropped(text: str, evidence: str, words: str) -> None:
    assert words in reason(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence", "words"),
    [
        ("The act took force in 2026", "The act took force in 2024 with dues paid through 2026.", "another year"),  # noqa: E501
        ("Kilns were 50% of sales in 2023", "Kilns rose from 10% to 50% of sales between 2023 and 2025.", "not of 2023"),  # noqa: E501
        ("70% of guilds use kilns", "70% of guilds use or plan to use kilns.", "one thing or another"),  # noqa: E501
        ("A glazier gets $90", "Glaziers get $40 to $90.", "one end of"),
        ("Masters pay 12% more at the guild level", "Masters pay 12% more at the town level.", "another level"),  # noqa: E501
        ("Vague offers never come from a guild that chose its tongs", "Vague offers without a price are often guilds that haven't chosen their tongs.", "never"),  # noqa: E501
        ("Six tools overlap", "These tools overlap: tongs, saws, sieves, ovens, brushes.", "6 stands"),  # noqa: E501
        ("Young potters are preferred to old smiths", "Guilds prioritize old smiths over young potters.", "round"),  # noqa: E501
        ("As a result, kiln jobs go first", "Kiln jobs are valuable and common.", "As a result"),
    ],
)  # fmt: skip
def test_a_date_or_a_result_of_its_own_is_dropped(text: str, evidence: str, words: str) -> None:
    assert words in reason(text, evidence)


def test_a_reason_taken_from_another_statement() -> None:
    one = "Prototype kilns often fail in winter due to frost."
    other = "Most guilds buy their clay from Delft."
    text = "Because prototype kilns fail in winter, most guilds buy their clay from Delft"
    assert "makes a reason" in reason(text, one, other)
    assert reason("Prototype kilns often fail in winter because of frost", one, other) == ""


def test_what_stands_under_the_label_of_one_row() -> None:
    header = "| Skill | Potters | Smiths |"
    rows = ("| Craft | glaze, clay | anvils, tongs |", "| Trade | fairs, carts | hotels, shops |")
    assert reason("In craft, smiths use anvils and tongs", *rows, header=header) == ""
    assert "another row" in reason("In craft, smiths use anvils and shops", *rows, header=header)


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
        ("The act took force in 2024", "The act took force in 2024 with dues paid through 2026."),
        ("Kilns were 50% of sales in 2025", "Kilns rose from 10% to 50% of sales between 2023 and 2025."),  # noqa: E501
        ("70% of guilds use kilns or plan to", "70% of guilds use or plan to use kilns."),
        ("A glazier gets up to $90", "Glaziers get $40 to $90."),
        ("Masters pay 12% more at the town level", "Masters pay 12% more at the town level."),
        ("Five tools overlap", "These tools overlap: tongs, saws, sieves, ovens, brushes."),
        ("Five tools overlap", "These tools overlap: tongs, saws, sieves, ovens and brushes."),
        ("Old smiths are preferred to young potters", "Guilds prioritize old smiths over young potters."),  # noqa: E501
        ("Kilns stand in one shop in three", "Kilns stand in about a third of shops."),
        ("As a result, kiln jobs are common", "This makes kiln jobs common."),
        ("Rivalry between potters is fierce", "Competition between potters is fierce."),
    ],
)  # fmt: skip
def test_a_sentence_with_such_a_word_of_its_evidence_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


def test_ordinary_words_and_names() -> None:
    assert all(map(is_ordinary, ["Rivalry", "Upskill", "Employers", "Non-profit"]))
    assert not any(map(is_ordinary, ["Databricks", "Chicago", "Anthropic"]))
