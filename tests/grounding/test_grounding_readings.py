"""Figures and scope retold in other words stand, and near misses of them do not."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check


def reason(text: str, *evidence: str, header: str | None = None) -> str:
    """Why the sentence is dropped whose evidence is all of these statements; "" where it stands."""
    quotes = [Evidence(n, e, header) for n, e in enumerate(evidence, 1)]
    marks = "".join(f"[{quote.id}]" for quote in quotes)
    (only,) = check(f"{text} {marks}.", quotes).sentences
    return only.reason


HEADER = "Much alike| Trade | Junior | Senior |"
ROWS = ("| AI engineer | $20k | $40k |", "| Data engineer | $10k | $30k |")


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The kiln cools for two days", "The kiln cools for 48 hours."),
        ("Nearly half of potters, 46%, glaze by hand", "46% of potters glaze by hand."),
        ("About half of potters, 51%, use glaze every day", "51% of potters use glaze daily."),
        ("Jugs at $40 earn more than the $30 of bowls", "Jugs earn $40 to $50, bowls $20 to $30."),
        ("There are about 40 jugs for each bowl", "The shop holds 23,752 jugs and 598 bowls."),
    ],
)
def test_a_figure_in_other_terms_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The kiln cools for three days", "The kiln cools for 48 hours."),
        ("Nearly half of potters glaze by hand", "36% of potters glaze by hand."),
        ("Jugs earn more than $50", "Jugs earn $40 to $50, bowls $20 to $30."),
        ("There are about 30 jugs for each bowl", "The shop holds 23,752 jugs and 598 bowls."),
    ],
)
def test_another_figure_in_other_terms_is_dropped(text: str, evidence: str) -> None:
    assert "stands in none" in reason(text, evidence)


def test_columns_count_from_the_end_of_a_longer_header() -> None:
    assert reason("A junior AI engineer earns $20k", ROWS[0], header=HEADER) == ""
    assert "level" in reason("A senior AI engineer earns $20k", ROWS[0], header=HEADER)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Only a small share of kilns, 7%, is hot", "7% of kilns are hot."),
        ("Because of this overlap, potters keep both kilns", "That overlap lets potters keep both kilns."),  # noqa: E501
        ("A majority, 52%, have no kiln", "52% have no kiln, and 38% none at all."),
        ("Hot kilns are rarer than you'd think", "Hot kilns are less common than you'd think."),
        ("Diplomas count for less than steady wrists", "Steady wrists count more than diplomas."),
        ("The best potters are not always the oldest", "The best potters aren't necessarily the oldest."),  # noqa: E501
        ("The premium comes from rare skills", "Glaziers earn more because of rare skills."),
        ("Out of the 900 open jobs, AI engineers make up 2%", "Across the 900 open jobs, data engineers make up 91% while AI engineers make up 2%."),  # noqa: E501
        ("Kilns are hot, but not used for the same reasons", "Kilns are hot, but for different reasons."),  # noqa: E501
        ("Potters move to towns, above all to ports", "Few potters move to towns, particularly to ports."),  # noqa: E501
        ("He has two decades of glazing behind him", "He has 20 years of glazing behind him."),
        ("Deep specialists and broad generalists are valued", "Guilds value specialists who go deep and generalists who stay broad."),  # noqa: E501
        ("Neither of the two is better", "Neither is better, they suit different people."),
        ("Expect 90 to 130 thousand dollars", "Potters earn $90,000 to $130,000."),
        ("You have to master glazing", "Learn glazing first."),
        ("Potters devote more hours to clay", "Potters spend more time on clay."),
        ("Nothing glazes bowls faster", "The fastest way of glazing bowls is dipping."),
        ("Interest in kilns is high all the same", "There is high interest in kilns."),
        ("Guilds ruled out hiring anyone without kilns", "Guilds would not hire someone without kilns."),  # noqa: E501
        ("Whichever you choose, kilns stay hot", "Kilns stay hot for both."),
        ("Data engineers come for clean estimates", "AI engineers work with data engineers who need clean estimates."),  # noqa: E501
        ("Data engineers build kilns, in contrast to AI roles that follow hype", "Unlike AI roles that follow hype, data engineers build kilns."),  # noqa: E501
    ],
)  # fmt: skip
def test_a_statement_in_other_words_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Only kilns are hot", "7% of kilns are hot."),
        ("Most kilns are hot", "Few kilns, 7%, are hot."),
        ("Hot kilns are rarer than you'd think", "Hot kilns are more common than you'd think."),
        ("Steady wrists count for less than diplomas", "Steady wrists count more than diplomas."),
        ("The best potters are always the oldest", "The best potters are often the oldest."),
        ("Once you are experienced, $20 is usual", "Entry-level potters start at $20, others earn $90."),  # noqa: E501
        ("AI engineers hold a master's degree", "AI engineers learn glazing first."),
        ("Potters spend hours on clay", "Potters spend more effort on clay."),
        ("Kilns account for the majority of losses", "Kilns cause losses."),
        ("AI engineers make up 91%", "Across the 900 open jobs, data engineers make up 91% while AI engineers make up 2%."),  # noqa: E501
    ],
)  # fmt: skip
def test_another_statement_in_like_words_is_dropped(text: str, evidence: str) -> None:
    assert reason(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence", "stands"),
    [
        ("Many jugs, the knowledge required, are blue", "Knowing the many blue jugs counts.", True),
        ("A glaze is mandatory for jugs", "A glaze helps jugs.", False),
        ("Glaze above all the blue jugs", "Glaze the blue jugs first.", True),
        ("All jugs are blue", "Many jugs are blue.", False),
        ("Those who never fired a jug often sell it", "Jugs often sell without firing.", True),
        ("Jugs never crack", "Jugs often crack.", False),
        ("Steer clear of diplomas in place of jugs", "Avoid collecting diplomas instead of jugs.", True),  # noqa: E501
        ("Collect diplomas in place of jugs", "Avoid collecting diplomas instead of jugs.", False),
        ("The glaze was mixed, after which the jug was fired", "We mixed the glaze, then fired the jug.", True),  # noqa: E501
        ("The jug was fired, after which the glaze was mixed", "We mixed the glaze, then fired the jug.", False),  # noqa: E501
        ("Jugs can't be sold without a mark", "Potters can sell jugs without a mark.", False),
        ("Jugs can be sold without a mark", "Potters can sell jugs without a mark.", True),
        ("Don't wait to sell until you feel ready", "Sell even before you feel ready.", True),
        ("Jugs should not be sold until you feel ready", "Sell jugs even before you feel ready.", False),  # noqa: E501
        ("Guilds are tracked by the crown and are not placed in towns", "The crown does not track guilds, they might be in towns.", False),  # noqa: E501
        ("Guilds are not tracked by the crown", "The crown does not track guilds.", True),
        ("Jugs have not ceased to be blue", "Jugs are no longer blue.", False),
        ("A total of 40 jugs is blue", "40 jugs are blue.", True),
        ("Nobody is obliged to mark jugs", "Marks on jugs are voluntary.", True),
        ("Steady wrists are not particularly valued", "Steady wrists are valued.", False),
        ("The $40 jug is ten dollars above the lowest of bowls", "Jugs cost $40, bowls $30.", True),
        ("Bowls are not blue for the same reasons", "Bowls are blue for different reasons.", True),
        ("The cost is put down to jugs", "The cost of jugs has increased.", True),
        ("More than half of the potters use kilns", "55% of potters use kilns.", True),
    ],
)  # fmt: skip
def test_words_of_scope_and_of_denial(text: str, evidence: str, stands: bool) -> None:
    assert (reason(text, evidence) == "") is stands


def test_figures_are_compared_level_by_level() -> None:
    lower = "A junior data engineer earns less than a senior AI engineer"
    assert reason(lower, *ROWS, header=HEADER) == ""
    assert "round" in reason(lower.replace("less", "more"), *ROWS, header=HEADER)


def test_figures_after_a_colon_belong_to_the_roles_before_it_in_order() -> None:
    said = "Pay of AI engineers beats that of data engineers: just under $40,000 against $30,000"
    rows = ("| AI engineer | $39,000 |", "| Data engineer | $30,000 |")
    assert reason(said, *rows, header="| Trade | Pay |") == ""
    turned = said.replace("AI", "Data", 1).replace("data", "AI", 1)
    assert reason(turned, *rows, header="| Trade | Pay |")


def test_more_common_among_a_role_is_a_comparison_of_its_figure() -> None:
    evidence = "Night work differs: 8% of AI engineers against 7% of data engineers."
    assert reason("Night work is more common among AI engineers", evidence) == ""
    assert "round" in reason("Night work is more common among data engineers", evidence)


def test_a_figure_measures_what_its_statement_measures() -> None:
    evidence = "Hiring of potters grew 88%."
    assert "measure pay" in reason("Pay of potters grew 88%", evidence)
    assert reason("Among potters, hires grew 88%", evidence) == ""


FREE = "Clay splits readily: dry jugs cool, and wet bowls snap."
OTHER = "Damp bowls go to pieces when the weather turns frosty."


def test_free_words_stand_unless_other_evidence_carries_them() -> None:
    text = "Clay and frosty weather hate each other"
    (alone,) = check(f"{text} [1].", [Evidence(1, FREE)]).sentences
    (beside,) = check(f"{text} [1].", [Evidence(1, FREE), Evidence(2, OTHER)]).sentences
    assert alone.reason == ""
    assert "does not say" in beside.reason
    assert "does not say" in reason("Frosty weather ruins gardens and lawns", FREE)
