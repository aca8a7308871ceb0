"""Each rule of the grounding check on statements of its own: what it lets through and what not."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, Verdict, check
from careerqa.grounding.normal import normal
from careerqa.grounding.sides import frames
from careerqa.grounding.titled import in_full, one_word
from careerqa.grounding.words import GROUPS, is_matter, stem


def reason(text: str, *evidence: str, header: str | None = None) -> str:
    """Why the sentence is dropped whose evidence is all of these statements; "" where it stands."""
    quotes = [Evidence(n, e, header) for n, e in enumerate(evidence, 1)]
    marks = "".join(f"[{quote.id}]" for quote in quotes)
    (only,) = check(f"{text} {marks}.", quotes).sentences
    return only.reason


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("nine in ten of them", "about 90 percent of them"),
        ("more than four in five developers", "more than 80 percent developers"),
        ("two-thirds of bakers", "about 66.7 percent of bakers"),
        ("a third source", "a third source"),
        ("a third of it", "about 33.3 percent of it"),
        ("a quarter of a million", "250,000"),
        ("the mid-20th century", "the mid 20th century 1900s"),
        ("They out-earn SWEs", "They outearn software engineer"),
    ],
)
def test_numbers_in_words(text: str, plain: str) -> None:
    assert normal(text) == plain


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("You'd expect somewhat more than nine in ten to stay", "94% of staff stay."),
        ("Guilds hired glaziers two years in a row", "Guilds hired glaziers a second year."),
        ("Don't wait until the kiln is hot", "Glaze the pots before the kiln is hot."),
        ("All in all, pots crack in cold kilns", "Pots crack in cold kilns."),
        ("The kiln isn't just hot, it cracks pots", "The kiln is hot and cracks pots."),
        ("Applicants are turned down rarely", "Few candidates are rejected."),
        ("It comes down to clay", "What matters is clay."),
    ],
)
def test_a_paraphrase_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


VALUES = "Potteries value steady wrists over diplomas."
BEFORE = "Glaziers earn more in spring, while potters earn more in autumn markets."


@pytest.mark.parametrize(
    ("text", "evidence", "words"),
    [
        ("Potteries weigh diplomas above steady wrists", VALUES, "round"),
        ("Diplomas rather than steady wrists are valued", VALUES, "round"),
        ("Kilns are safe even if the valve is shut", "Kilns are safe if the valve is open.", "condition"),  # noqa: E501
        ("Kilns are checked weekly", "Kilns are checked every hour.", "weekly"),
        ("Prices rose from 40% to 60%", "Prices were at 40%, down from 60%.", "opposite"),
        ("Glazes will fade", "Glazes may fade.", "makes sure"),
        ("Apprentices are paid", "Apprentices are not paid.", "not"),
        ("Clay from the river is not suited", "Clay from the river is suited.", "denies"),
        ("Salaries rose 12%", "Output rose 12%.", "does not measure pay"),
        ("The handbook is binding", "The handbook is voluntary.", "opposite"),
        ("Both kilns are equally hot", "The north kiln is hotter than the south kiln.", "equally"),
        ("Less is earned by potters: $90 against $80 for glaziers", "Potters $90, glaziers $80.", "wrong way"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_turned_sentence_is_dropped(text: str, evidence: str, words: str) -> None:
    assert words in reason(text, evidence)


def test_what_is_said_of_one_of_several_things() -> None:
    lists = "Used in bakeries (ovens, dough), potteries (kilns, glaze) and smithies (anvils, coal)."
    assert reason("Kilns are used in potteries", lists) == ""
    assert "something else" in reason("Kilns are used in smithies", lists)
    pairs = "Sieves for flour, tongs for iron, and brushes for glaze"
    assert "something else" in reason("Tongs are used for glaze brushes", pairs)


def test_the_columns_of_a_row() -> None:
    row, header = (
        "| Tools | anvils, tongs | sieves, whisks |",
        "| Matter | ML engineer | AI engineer |",
    )
    assert reason("AI engineers use sieves", row, header=header) == ""
    assert "“anvils”" in reason("AI engineers use anvils", row, header=header)


def test_a_reason_that_none_gives() -> None:
    one, other = "Kilns in the valley are old.", "Potters in the hills earn little."
    assert "makes a reason" in reason(
        "Potters in the hills earn little because kilns in the valley are old", one, other
    )
    assert (
        reason("Kilns in the valley are old, while potters in the hills earn little", one, other)
        == ""
    )


def test_the_subject_of_one_statement_with_the_predicate_of_another() -> None:
    one, other = "Bakeries open at dawn.", "Potteries sell bowls and jugs to hotels."
    assert "something else" in reason("Bakeries sell bowls to hotels", one, other)
    assert reason("Potteries sell bowls and jugs to hotels", one, other) == ""


def test_what_leads_into_which_title() -> None:
    path = "The way into data engineering is through software engineering."
    assert "not “into software engineer”" in reason(
        "The way into software engineering is through data engineering", path
    )
    assert reason("The way into data engineering is through software engineering", path) == ""


def test_a_side_stands_for_the_one_title_that_it_can_mean() -> None:
    held = ["ai engineer", "software engineer"]
    assert in_full("more on the AI side", held, "") == "more on the AI engineer"
    assert in_full("more on the AI side", ["ai engineer", "ai scientist"], "") == (
        "more on the AI side"
    )
    assert one_word("AI engineers know ML") == "role0aiengineer know machinelearn0"


def test_a_frame_has_its_nearest_words_first() -> None:
    (frame,) = frames("Potteries value steady wrists over paper diplomas.")
    assert frame.left[:2] == ("wrists", "steady")
    assert (frame.right, frame.sign) == (("paper", "diplomas"), 1)


def test_light_words_carry_nothing_and_wordnet_joins_words() -> None:
    assert not any(map(is_matter, ["somewhat", "expect", "guide", "mere", "roughly"]))
    assert is_matter("kiln")
    assert GROUPS[stem("physician")] & GROUPS[stem("doctor")]


DEMOS = "The glaze held in the shop but cracked in the frost."
TRADES = "Potters need clean clay, with smiths who need dry coal before they start."


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The glaze cracked in the shop but held in the frost", DEMOS),
        ("Smiths need clean clay, and potters need dry coal before they start", TRADES),
        ("A glaze that shines in frost often cracks in a kiln", "A glaze that shines in a kiln often cracks in frost."),  # noqa: E501
        ("Potters turn bowls into clay", "Potters turn clay into bowls."),
        ("Hot kilns are reshaping clay trade", "Clay trade is reshaping hot kilns."),
    ],
)  # fmt: skip
def test_words_that_changed_places(text: str, evidence: str) -> None:
    assert reason(text, evidence)
    assert reason(evidence.rstrip("."), evidence) == ""


def test_what_changes_places_with_all_that_belongs_to_it_stands() -> None:
    assert reason("It cracked in the frost but held in the shop", DEMOS) == ""
    passive = "Bowls are shaped and glazed by potters"
    assert reason(passive, "Potters shape and glaze bowls.") == ""


def test_words_of_two_statements_in_one_segment() -> None:
    one = "Fine porcelain cups sell at fairs."
    other = "Garden tiles have become the most wanted export ware."
    assert reason("Porcelain cups have become a wanted export ware", one, other)
    assert reason("Garden tiles have become a wanted export ware", one, other) == ""


@pytest.mark.parametrize(
    ("text", "evidence", "words"),
    [
        ("The kiln cooled because the glaze cracked", "The glaze cracked because the kiln cooled.", "round"),  # noqa: E501
        ("Because the glaze cracked, the kiln cooled", "The glaze cracked since the kiln cooled.", "round"),  # noqa: E501
        ("Potters fired the bowl, then glazed the cup", "Potters glazed the cup, then fired the bowl.", "round"),  # noqa: E501
        ("Buyers prefer glass to clay", "Buyers favor clay over glass.", "round"),
        ("Walls are thinner in cities than in villages", "In villages, walls are much thinner.", "round"),  # noqa: E501
        ("Kilns please 52% of potters", "52% of potters don't like kilns.", "drops the"),
        ("52% of potters don't dig", "Clay is dug by 52% of potters.", "denies"),
        ("Tongs need to be mastered", "Tongs and saws need not be mastered.", "drops the"),
        ("Kilns are no longer essential", "Kilns remain essential.", "denies"),
        ("Smiths never glaze bowls", "Smiths work without necessarily glazing bowls.", "never"),
        ("Lessons take several payments", "Lessons take one payment.", "not several"),
        ("The ford suits shallow carts", "The ford suits deep carts.", "opposite"),
    ],
)  # fmt: skip
def test_a_sentence_turned_round_in_more_than_one_word(
    text: str, evidence: str, words: str
) -> None:
    assert words in reason(text, evidence)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The glaze cracked, for the kiln cooled", "The glaze cracked because the kiln cooled."),
        ("Trust fell 15 points to 31%", "Trust fell from 46% to 31%."),
        ("52% of potters go without kilns", "52% of potters don't use kilns."),
        ("Prices rose in the decade to 2033", "Prices rose from 2023 to 2033."),
        ("Skip the queue at the kiln", "You can skip the queue at the kiln."),
        ("User experience counts in shops", "UX counts in shops."),
    ],
)
def test_more_that_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


def test_a_gap_between_two_figures_of_one_level() -> None:
    header = "| Job | Early-career | Senior |"
    rows = ("| AI Engineer | $188k | $350k |", "| Software Engineer | $140k | $285k |")
    assert reason("Senior AI engineers have a lead of $65k", *rows, header=header) == ""
    assert "66000usd" in reason("Senior AI engineers lead by $66k", *rows, header=header)


@pytest.mark.parametrize("text", ["for coaching", "/etc/passwd", "When you summarise this."])
def test_a_fragment_that_shares_nothing_with_its_evidence_is_dropped(text: str) -> None:
    evidence = [Evidence(1, "Jugs are made of clay and fired twice.")]
    (sentence,) = check(f"{text} [1]", evidence).sentences
    assert sentence.verdict is Verdict.FABRICATED
    (kept,) = check("Jugs are of clay. [1]", evidence).sentences
    assert kept.verdict is Verdict.SUPPORTED
