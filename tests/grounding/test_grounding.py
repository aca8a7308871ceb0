from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.evaluation.grounding import grounding_scores
from careerqa.grounding import Checked, Evidence, Verdict, check
from careerqa.grounding.facts import quantities
from careerqa.grounding.normal import normal
from careerqa.grounding.owners import bindings, roles
from careerqa.grounding.sentences import Written, sentences
from careerqa.grounding.words import stem

ROOT = Path(__file__).parent.parent.parent

HEADER = "| Job | Entry-level | Senior |"
EVIDENCE = [
    Evidence(1, "| Data Engineer | $90k | $160k |", HEADER),
    Evidence(2, "| Data Scientist | $95k | $150k |", HEADER),
    Evidence(3, "Most data engineers use **Kafka**, but a master's degree is not required [4]."),
    Evidence(4, "Demand for data scientists grew 12% in 2024, faster than for data engineers."),
    Evidence(5, "Remote work is offered in nearly 40% of postings, up from 25% in 2021."),
    Evidence(6, r"Pay ranges from **\$80k–\$120k** per year, with a median of roughly \$97,000."),
    Evidence(7, "Managers say that portfolios often matter more than certificates."),
]


def verdict(text: str) -> tuple[str, str]:
    (only,) = check(text, EVIDENCE).sentences
    return only.verdict.value, only.reason


HONEST = [
    "Data engineers start at $90k [1].",
    "A senior data engineer earns $160,000 [1].",
    "Data scientists start higher than data engineers ($95k against $90k) [1][2].",
    "Senior data engineers out-earn senior data scientists, $160k versus $150k [1][2].",
    "Kafka is used by most data engineers [3].",
    "Data engineers don't need a master's degree [3].",
    "In 2024 demand for data scientists increased by 12 percent [4].",
    "Demand for data scientists grew faster than demand for data engineers [4].",
    "Nearly forty percent of postings offer remote work [5].",
    "The share of postings with remote work rose from 25% in 2021 to nearly 40% [5].",
    "Salaries run from $80,000 to $120,000 a year [6].",
    "The median is about $97k [6].",
    "According to managers, a portfolio often counts for more than a certificate [7].",
    'Managers say that portfolios "often matter more than certificates" [7].',
    "- **Entry level:** data engineers earn $90k [1]",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_sentences_are_kept(text: str) -> None:
    assert verdict(text) == ("supported", "")


FABRICATED = [
    ("Data engineers start at $91k [1].", "91000usd stands in none"),
    ("Senior data engineers earn $160 million [1].", "stands in none"),
    ("Senior data engineers earn $160k a month [1].", "stands in none"),
    ("Entry-level data engineers earn $160k [1].", "level senior, not entry"),
    ("Data scientists start at $90k [1].", "figure of data engineer, not of data scientist"),
    ("Data engineers earn $160k [1].", "level senior only"),
    ("Data engineers start higher than data scientists [1][2].", "other way round"),
    ("Data scientists use Kafka [3].", "does not speak of data scientist"),
    ("All data engineers use Kafka [3].", "“All data engineers use” goes further"),
    ("Most data engineers use Kafka and Airflow [3].", "does not name Airflow"),
    ("A master's degree is required [3].", "“required”"),
    ("Demand for data scientists grew 12% in 2023 [4].", "stands in none"),
    ("Demand for data engineers grew faster than for data scientists [4].", "other way round"),
    ("Demand for data scientists fell 12% in 2024 [4].", "opposite"),
    ("More than 40% of postings offer remote work [5].", "stands in none"),
    ("The average is about $97k [6].", "the median, not the average"),
    ("Pay ranges from $25k to $120k [6].", "stands in none"),
    ("Certificates often matter more than portfolios [7].", "round"),
    ('Managers say that "certificates are a waste of time" [7].', "nobody wrote"),
    ("Managers say that dress codes and punctuality win promotions [7].", "does not say"),
    ("See https://jobs.example.com for portfolios [7].", "link or markup"),
    ("Портфолио важнее сертификатов [7].", "another script"),
]


@pytest.mark.parametrize(("text", "reason"), FABRICATED)
def test_fabrications_are_dropped(text: str, reason: str) -> None:
    found, why = verdict(text)
    assert found in ("fabricated", "stitched", "misattributed")
    assert reason in why


def test_a_right_sentence_with_the_wrong_number_is_misattributed() -> None:
    assert verdict("Senior data engineers earn $160k [4].")[0] == "misattributed"


def test_a_figure_with_another_owner_is_stitched() -> None:
    assert verdict("Senior data scientists earn $160k [1][2].")[0] == "stitched"


@pytest.mark.parametrize("text", ["Data engineers earn $90k.", "Data engineers start at $90k [9]."])
def test_without_a_valid_pointer_nothing_stands(text: str) -> None:
    assert verdict(text)[0] == "uncited"


def test_one_wrong_pointer_beside_a_right_one_is_dropped() -> None:
    assert verdict("Data engineers start at $90k [1][9].") == (
        "fabricated", "no evidence has the number 9",
    )  # fmt: skip


def test_they_means_the_role_of_the_sentence_before() -> None:
    checked = check("Data scientists start at $95k [2]. They use Kafka [3].", EVIDENCE)
    assert [s.verdict for s in checked.sentences] == [Verdict.SUPPORTED, Verdict.STITCHED]
    assert (len(checked.kept), len(checked.dropped)) == (1, 1)
    assert checked.counts()["stitched"] == 1


def test_an_empty_completion_has_no_sentences() -> None:
    assert check("", EVIDENCE) == Checked(())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"**\$120k–\$220k** per year", ["120000-220000usd"]),
        ("between 30 and 50 percent", ["30-50%"]),
        ("twenty-five percent", ["25%"]),
        ("1.3 million jobs, 23,752 openings", ["1.3e+06", "23752"]),
        ("GPT-4, C++17, p95 and L3", []),
        ("the 75th percentile, #1 and top 8", ["75ordinal", "1rank", "8rank"]),
        ("from 2023 to 2025", ["2023-2025date"]),
        ("€50,000 or 50,000 dollars", ["50000eur", "50000usd"]),
        ("3–6 years", ["3-6"]),
    ],
)
def test_quantities(text: str, found: list[str]) -> None:
    assert [str(q) for q in quantities(normal(text))] == found


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("7% of data engineers vs 8% for data scientists", ["data engineer", "data scientist"]),
        (
            "$5k for ML engineers and $6k for software engineers",
            ["ml engineer", "software engineer"],
        ),
        (
            "AI engineers beat software engineers ($7k to go, $6k now)",
            ["ai engineer", "software engineer"],
        ),
    ],
)
def test_figures_find_their_roles(text: str, owners: list[str]) -> None:
    plain = normal(text)
    assert bindings(quantities(plain), roles(plain), plain) == owners


def test_roles_have_one_spelling() -> None:
    text = "Machine-learning engineers, ML engineering, SWEs and AI and software engineers"
    assert [r.name for r in roles(normal(text))] == [
        "ml engineer", "ml engineer", "software engineer", "ai engineer", "software engineer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [("evaluate", "evaluation"), ("require", "requirements"), ("deployed", "deployment"),
     ("specialised", "specialized"), ("libraries", "library")],
)  # fmt: skip
def test_stems_join_the_forms_of_a_word(one: str, other: str) -> None:
    assert stem(one) == stem(other)


TEXT = """According to [2], pay is $90k [1]. Seniors (e.g. L5) in the U.S. earn more. [2][3]
- **Bold:** first [1, 2]
2. Second item 【4】.
No mark here! "Quoted." [1-3]"""


def test_sentences_with_their_marks() -> None:
    assert list(sentences([TEXT])) == [
        Written("According to, pay is $90k.", (2, 1)),
        Written("Seniors (e.g. L5) in the U.S. earn more.", (2, 3)),
        Written("**Bold:** first", (1, 2)),
        Written("Second item.", (4,)),
        Written("No mark here!", ()),
        Written('"Quoted."', (1, 2, 3)),
    ]


def test_a_sentence_ends_at_its_mark_whatever_follows() -> None:
    assert [w.text for w in sentences(["Kilns cool [1]. p95 heat fell [2]."])] == [
        "Kilns cool.", "p95 heat fell."
    ]  # fmt: skip


@given(st.lists(st.integers(1, 60), max_size=12))
def test_sentences_do_not_depend_on_the_pieces(cuts: list[int]) -> None:
    places = sorted({min(sum(cuts[: n + 1]), len(TEXT)) for n in range(len(cuts))})
    pieces = [TEXT[a:b] for a, b in zip([0, *places], [*places, len(TEXT)], strict=True)]
    assert list(sentences(pieces)) == list(sentences([TEXT]))


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    for sentence in check(text + " [1]", [Evidence(1, text or "x")]).sentences:
        assert sentence.verdict in Verdict


def test_scores_on_the_scripted_completions() -> None:
    scores = grounding_scores(ROOT / "eval/completions.jsonl", sources=ROOT / "corpus/sources.toml")
    assert scores.honest >= 170
    assert scores.fabricated >= 170
    # Reached after every case had been looked at; see eval/completions.md for what the part that
    # had not been looked at gave, which is the better guess for other completions.
    assert scores.kept_share >= 0.97
    assert scores.caught_share >= 0.94


def test_scores_on_terse_and_hard_sentences() -> None:
    scores = grounding_scores(
        ROOT / "eval/completions-terse.jsonl", sources=ROOT / "corpus/sources.toml"
    )
    # A floor below what is reached, which is short of the target for the fabricated ones.
    assert scores.kept_share >= 0.95
    assert scores.caught_share >= 0.91


@pytest.mark.parametrize(
    ("split", "kept", "caught"),
    [
        ("a", 0.97, 0.92),
        ("b", 0.95, 0.94),
        ("c", 0.97, 0.91),
        ("d", 0.97, 0.90),
        ("e", 0.94, 0.92),
    ],
)
def test_scores_on_five_styles(split: str, kept: float, caught: float) -> None:
    scores = grounding_scores(
        ROOT / "eval/completions-styles.jsonl", sources=ROOT / "corpus/sources.toml", split=split
    )
    assert scores.honest > 130
    assert scores.fabricated > 110
    # Read while the rules were written: floors below what is reached, no promise for others.
    assert scores.kept_share >= kept
    assert scores.caught_share >= caught


@pytest.mark.parametrize("split", list("fghijlm"))
def test_scores_on_seven_more_authors(split: str) -> None:
    scores = grounding_scores(
        ROOT / "eval/completions-authors.jsonl", sources=ROOT / "corpus/sources.toml", split=split
    )
    assert scores.honest >= 125
    assert scores.fabricated > 110
    # As above.
    assert scores.kept_share >= 0.96
    assert scores.caught_share >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize(
    ("split", "kept", "caught"),
    [
        ("n", 0.96, 0.93), ("p", 0.96, 0.93), ("q", 0.92, 0.96), ("r", 0.93, 0.95),
        ("s", 0.96, 0.94), ("t", 0.96, 0.89), ("u", 0.93, 0.81), ("v", 0.93, 0.84),
        ("w", 0.96, 0.95), ("x", 0.96, 0.94), ("y", 0.96, 0.95), ("A", 0.96, 0.92),
        ("B", 0.97, 0.95), ("C", 0.96, 0.90), ("D", 0.82, 0.65), ("E", 0.93, 0.94),
    ],
)  # fmt: skip
def test_scores_on_sixteen_more_authors(split: str, kept: float, caught: float) -> None:
    scores = grounding_scores(
        ROOT / "eval/completions-more.jsonl", sources=ROOT / "corpus/sources.toml", split=split
    )
    assert scores.honest > 110
    assert scores.fabricated > 110
    # As above; "u" and "D" were written to be missed.
    assert scores.kept_share >= kept
    assert scores.caught_share >= caught


@pytest.mark.parametrize("opening", ["Yes.", "No:", "Not really.", "It depends!"])
def test_an_opening_belongs_to_the_sentence_after_it(opening: str) -> None:
    text = f"{opening} Jugs are blue [1]. Bowls are not [1]."
    (first, _) = sentences([text])
    assert (first.text, first.citations) == (f"{opening} Jugs are blue.", (1,))
    assert list(sentences(text)) == list(sentences([text]))
    (checked,) = check(f"{opening} Jugs are blue [1].", [Evidence(1, "Jugs are blue.")]).sentences
    assert checked.verdict is Verdict.SUPPORTED
    (alone,) = sentences([opening])
    assert alone.text == opening
