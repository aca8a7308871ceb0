import pytest

from careerqa.retrieval.question import levels_of, read_question, repaired, roles_of

WORDS = {"salary": 9, "salaries": 3, "engineer": 20, "engineers": 12, "celery": 1, "python": 4}


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("salry of an enginer", "salary of an engineer"),  # a letter dropped
        ("saalary", "salary"),  # a letter too many
        ("slaary", "salary"),  # two letters swapped
        ("sakary", "salary"),  # a letter changed
        ("xalary", "xalary"),  # the first letter is taken as right
        ("engineers", "engineers"),  # known
        ("Enginer", "Enginer"),  # capitalised: may be a name
        ("pyton3", "pyton3"),  # part of a longer name
        ("zzzzzz", "zzzzzz"),  # nothing is near
        ("pay", "pay"),  # too short to tell
    ],
)
def test_misspelt_words_are_repaired_by_one_edit(asked: str, searched: str) -> None:
    assert repaired(asked, WORDS) == searched


def test_a_word_seen_once_is_no_repair() -> None:
    assert repaired("celry", WORDS) == "celry"


def test_points_are_the_interrogative_sentences_of_several() -> None:
    question = read_question("I am a nurse of 34. Can I still learn to code? Thanks.", {})
    assert question.points == ("Can I still learn to code?",)
    assert read_question("Can I still learn to code?", {}).points == ()


def test_terms_leave_out_stop_words_and_repeats() -> None:
    question = read_question("What is the pay, and what is the PAY of engineers?", {})
    assert question.terms == ("pay", "engineers")


@pytest.mark.parametrize(
    ("text", "amount", "number"),
    [
        ("how much would I make?", True, True),
        ("What do AI engineers earn?", True, True),
        ("is 120k good", True, True),
        ("how much maths do I need", False, True),
        ("How fast is the field growing?", False, True),
        ("Which tools do they use?", False, False),
    ],
)
def test_what_is_wanted(text: str, amount: bool, number: bool) -> None:
    question = read_question(text, {})
    assert (question.wants_amount, question.wants_number) == (amount, number)


def test_roles_and_levels_are_read() -> None:
    assert "AI engineer" in roles_of("What do AI engineers do?")
    assert levels_of("pay of a senior AI engineer") == frozenset({"senior"})
    assert roles_of("What do plumbers do?") == frozenset()


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("What does the sample cover letter say?", "sample_text"),
        ("Which services does the company sell?", "advertising"),
        ("Was this report AI-generated?", "disclaimer"),
    ],
)
def test_asides_are_asked_for_by_name(text: str, aside: str) -> None:
    assert aside in read_question(text, {}).asides


def test_a_question_about_the_world_asks_for_no_aside() -> None:
    assert read_question("What do AI engineers earn?", {}).asides == frozenset()


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Do AI people out-earn software engineers?", {"AI engineer", "software engineer"}),
        ("AI folks or ML folks, who is paid more?", {"AI engineer", "ML engineer"}),
        ("Are AI people happy?", set()),  # one loose name alone may mean anybody
    ],
)
def test_loose_names_of_titles_count_in_company(text: str, roles: set[str]) -> None:
    assert read_question(text, {}).roles == roles
