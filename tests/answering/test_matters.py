from pathlib import Path

import pytest

from careerqa.answering.matters import load_matters
from careerqa.errors import SettingsError

BY_NAME = {matter.name: matter for matter in load_matters()}


@pytest.mark.parametrize(
    ("name", "statement", "side"),
    [
        ("whether a degree is needed", "Employers require an advanced degree.", "needed"),
        ("whether a degree is needed", "Plenty are hired without a degree.", "skills matter more"),
        ("whether a degree is needed", "Python is popular.", None),
        ("whether certificates help", "Certifications are often pursued.", "they help"),
        (
            "whether certificates help",
            "Build things rather than collecting certificates.",
            "projects count more",
        ),
        (
            "whether the titles mean the same job",
            "The titles are used interchangeably.",
            "used interchangeably",
        ),
        ("whether the titles mean the same job", "They are different jobs.", "different jobs"),
        ("where the jobs are", "Demand is no longer concentrated in the Bay Area.", "spread out"),
    ],
)
def test_statements_take_sides(name: str, statement: str, side: str | None) -> None:
    stand = BY_NAME[name].side_of(statement)
    assert (stand.label if stand else None) == side
    assert stand is None or stand.words in statement


def test_a_statement_that_takes_two_sides_takes_none() -> None:
    matter = BY_NAME["whether the titles mean the same job"]
    assert matter.side_of("The titles are used interchangeably but are different jobs.") is None


def test_every_matter_has_two_sides() -> None:
    assert all(len(matter.sides) == 2 for matter in BY_NAME.values())


@pytest.mark.parametrize(
    "content",
    ["not toml [", '[[matter]]\nname = "x"', '[[matter]]\nname="x"\nasked="("\nabout="b"\nside=[]'],
)
def test_a_broken_file_says_what_it_needs(tmp_path: Path, content: str) -> None:
    path = tmp_path / "matters.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="Every matter needs name, asked, about and sides"):
        load_matters(path)
