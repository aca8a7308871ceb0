"""Titles are told apart, and levels are read only where they are levels."""

from __future__ import annotations

from pathlib import Path

import pytest

from careerqa.errors import SettingsError
from careerqa.roles import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_five_titles_are_in_play(vocabulary: Vocabulary) -> None:
    assert [title.name for title in vocabulary.in_play] == [
        "AI engineer",
        "AI/ML engineer",
        "AI software engineer",
        "ML engineer",
        "software engineer",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Every Ai Engineer knows this.", ["AI engineer"]),
        ("**Artificial Intelligence Engineers** lead.", ["AI engineer"]),
        ("an AI **software engineer** of ours", ["AI software engineer"]),
        ("AI/ML engineers and ML engineers", ["AI/ML engineer", "ML engineer"]),
        ("AI & ML engineers", ["AI/ML engineer"]),
        ("AI and ML engineers earn alike", ["AI engineer", "ML engineer"]),
        ("both software and AI engineers", ["software engineer", "AI engineer"]),
        ("software engineers or machine-learning engineers", ["software engineer", "ML engineer"]),
        ("MLE pay beats SWE pay", ["ML engineer", "software engineer"]),
        ("the swell of mle", []),
        ("software developers", ["software developer"]),
        ("general software engineering", ["software engineer"]),
        ("The engineer's dilemma", []),
        ("software engineer’s pay", ["software engineer"]),
    ],
)
def test_titles_in_text(vocabulary: Vocabulary, text: str, names: list[str]) -> None:
    assert [mention.name for mention in vocabulary.roles_in(text)] == names


def test_a_mention_says_how_the_text_writes_it(vocabulary: Vocabulary) -> None:
    text = "Hire **Artificial  Intelligence Engineers** now"
    (mention,) = vocabulary.roles_in(text)
    assert mention.written == "Artificial Intelligence Engineer"
    assert mention.span.of(text) == "Artificial  Intelligence Engineer"


def test_names_of_the_work_can_be_left_out(vocabulary: Vocabulary) -> None:
    assert vocabulary.roles_in("AI engineering")[0].field
    assert vocabulary.roles_in("AI engineering", fields=False) == []


def test_near_titles_stay_titles_of_their_own(vocabulary: Vocabulary) -> None:
    mention = vocabulary.role("software developers")
    assert mention is not None
    assert (mention.name, mention.title.near) == ("software developer", "software engineer")


def test_one_role_or_none(vocabulary: Vocabulary) -> None:
    mention = vocabulary.role("a senior SWE")
    assert mention is not None
    assert mention.name == "software engineer"
    assert vocabulary.role("AI engineer or software engineer") is None
    assert vocabulary.role("plumber") is None


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Entry-level AI engineers", [("entry", True)]),
        ("L3 (Early-Career)", [("entry", True), ("entry", True)]),
        ("Mid 71%", [("mid", False)]),
        ("a mid-sized firm", []),
        ("Staff ML engineers", [("staff", True)]),
        ("our staff", [("staff", False)]),
        ("senior leadership", []),
        ("Sr. software engineer", [("senior", True)]),
        ("mid-level and senior-level", [("mid", True), ("senior", True)]),
    ],
)
def test_levels_in_text(vocabulary: Vocabulary, text: str, levels: list[tuple[str, bool]]) -> None:
    assert [(level.name, level.sure) for level in vocabulary.levels_in(text)] == levels


def test_level_as_a_person_types_it(vocabulary: Vocabulary) -> None:
    assert vocabulary.level("mid") == "mid"
    assert vocabulary.level("Junior") == "entry"
    assert vocabulary.level("L6") == "staff"
    assert vocabulary.level("junior or senior") is None


def test_a_spelling_of_two_titles_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roles.toml"
    file.write_text('[[title]]\nname = "baker"\n[[title]]\nname = "cook"\nspellings = ["Baker"]\n')
    with pytest.raises(SettingsError, match='writes "Baker" under "baker" and under "cook"'):
        load_vocabulary(file)


def test_near_an_unknown_title_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roles.toml"
    file.write_text('[[title]]\nname = "baker"\nnear = "cook"\n')
    with pytest.raises(SettingsError, match='"baker" is near "cook", which is no title'):
        load_vocabulary(file)


@pytest.mark.parametrize("content", ["[[title]]\nnear = 'x'\n", "not toml", "title = 3"])
def test_an_unreadable_vocabulary_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "roles.toml"
    file.write_text(content)
    with pytest.raises(SettingsError, match="Give every title and level a name"):
        load_vocabulary(file)
