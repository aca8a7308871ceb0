from pathlib import Path

import pytest

from careerqa.errors import SettingsError
from careerqa.retrieval.elsewhere import elsewhere, load_names
from careerqa.retrieval.question import read_question

STATEMENTS = ["In the U.S., AI engineers earn $120k.", "Librarians are paid less, on all levels."]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What do AI engineers earn in Germany?", "Germany"),
        ("what do ai engineers earn in new zealand", "New Zealand"),
        ("Is the German market good?", "Germany"),
        ("Germany’s pay for AI engineers?", "Germany"),
        ("Is Turkey a good place for AI engineers?", "Turkey"),
        ("How much is the turkey?", None),  # a common word counts in capitals only
        ("What do AI engineers earn in the USA?", None),  # the documents write U.S.
        ("Is pay higher in the US than in Germany?", None),  # one of them is named
        ("I live in Germany. Do I need a degree?", None),  # says who asks
        ("I live in Germany and wonder. Help me please.", None),
        ("What do nurses earn?", "nurses"),
        ("What do librarians earn?", None),
        ("Should nurses be kind?", None),  # no number is asked for
        ("How old are most AI engineers?", "age of people"),
        ("how many women work as ai engineers", "gender"),
        ("Do librarians get a pension?", "pensions"),
        ("How much more than a nurse does an AI engineer earn?", None),  # asks about a title
    ],
)
def test_what_no_statement_names(question: str, named: str | None) -> None:
    assert elsewhere(read_question(question, {}), STATEMENTS) == named


def test_a_name_inside_a_word_is_none() -> None:
    asked = read_question("What do AI engineers earn in Oregon?", {})
    assert elsewhere(asked, ["An oregonian word."]) == "Oregon"
    assert elsewhere(asked, ["In Oregon too."]) is None
    old = read_question("How old are potters?", {})
    assert elsewhere(old, ["The average age of potters is 40."]) is None


def test_no_name_is_listed_twice() -> None:
    for names in load_names():
        things = set(names.values())
        assert len(names) == sum(len(set(map(str.casefold, thing))) for thing in things)


def test_an_unreadable_list_is_named(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text("places = 3", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"elsewhere\.toml cannot be read"):
        load_names(path)
