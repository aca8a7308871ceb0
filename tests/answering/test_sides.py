import pytest

from careerqa.answering.sides import compared, comparison_hits, is_plain
from careerqa.retrieval.question import read_question
from careerqa.retrieval.searching import Search
from shelf import Shelf, librarian


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("AI engineer vs MLE: who earns more?", ("AI engineer", "ML engineer")),
        (
            "Do software engineers earn less than AI engineers?",
            ("software engineer", "AI engineer"),
        ),
        ("Do AI engineers work with software engineers?", ()),
        ("How do AI engineers differ?", ()),
    ],
)
def test_compared_titles(question: str, titles: tuple[str, ...]) -> None:
    assert compared(read_question(question, {})) == titles


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("AI engineer vs ML engineer: differences?", True),
        ("What is the difference between an AI engineer and a software engineer?", True),
        ("How does the pay of AI engineers compare to software engineers?", False),
        ("What is an AI engineer?", False),
    ],
)
def test_plain_comparisons(question: str, plain: bool) -> None:
    assert is_plain(read_question(question, {})) is plain


TEXT = """Title

AI and ML engineers face challenges.

ML engineers face data drift.

Nothing here.

AI engineers face odd outputs.
"""


def search() -> Search:
    found: Search = librarian(Shelf({"a.txt": TEXT})).search(
        "AI engineers or ML engineers: problems?"
    )
    return found


def test_each_compared_title_gets_a_statement_of_its_own() -> None:
    found = search()
    joint = [hit for hit in found.hits if hit.unit.text.startswith("AI and ML")]
    more = comparison_hits(found.generation, found.question, found.hits, joint, reach=1.0)
    assert [hit.unit.text for hit in more] == [
        "AI and ML engineers face challenges.",
        "AI engineers face odd outputs.",
        "ML engineers face data drift.",
    ]


def test_what_lies_too_far_below_is_not_added() -> None:
    found = search()
    joint = [hit for hit in found.hits if hit.unit.text.startswith("AI and ML")]
    more = comparison_hits(found.generation, found.question, found.hits, joint, reach=0.025)
    assert [hit.unit.text for hit in more[1:]] == ["ML engineers face data drift."]


def test_a_question_that_compares_nothing_gets_nothing_more() -> None:
    found = librarian(Shelf({"a.txt": TEXT})).search("What problems do AI engineers face?")
    assert comparison_hits(found.generation, found.question, found.hits, [], reach=1.0) == []


TABLE = """Title

| Job | Start | Senior |
|---|---|---|
| AI engineer | $1k | $2k |
| Software engineer | $3k | $4k |
| Data engineer | $5k | $6k |
"""


def test_rows_of_the_other_titles_come_along() -> None:
    found = librarian(Shelf({"a.txt": TABLE})).search("Do AI people out-earn software engineers?")
    row = [hit for hit in found.hits if "Software" in hit.unit.text]
    more = comparison_hits(found.generation, found.question, found.hits, row, reach=0)
    assert [hit.unit.text.split("|")[1].strip() for hit in more] == [
        "Software engineer",
        "AI engineer",
    ]
