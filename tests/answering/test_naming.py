from typing import Any

import pytest

from careerqa.answering.naming import naming_of, related
from careerqa.roles import load_vocabulary
from shelf import REPORT, Shelf

VOCABULARY = load_vocabulary()


def named(text: str, role: str, *, kind: str = "report", heading: str = "Title") -> Any:
    shelf = Shelf({"a.txt": f"{heading}\n\n{text}\n"}, {"a.txt": kind})
    return naming_of(shelf.unit(text[:20]), shelf.documents["a.txt"], role, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("AI engineers build models.", "AI engineer"),
        ("Machine learning engineers train models.", "ML engineer"),
        ("AI and ML engineers hold degrees.", "AI engineer"),
        ("AI and ML engineers hold degrees.", "ML engineer"),
        ("Software engineering is a broad field.", "software engineer"),
    ],
)
def test_a_statement_names_its_titles(text: str, role: str) -> None:
    found = named(text, role)
    assert found.by == "statement"
    assert found.title.name == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("AI/ML engineers build models.", "AI engineer"),
        ("AI/ML engineers build models.", "ML engineer"),
        ("AI software engineers build APIs.", "software engineer"),
        ("Software developers write code.", "software engineer"),
        ("The pay is good.", "AI engineer"),
    ],
)
def test_titles_are_never_equated(text: str, role: str) -> None:
    assert named(text, role) is None


def test_a_subject_of_study_is_no_title() -> None:
    text = "A degree in software engineering is common."
    assert named(text, "software engineer") is None
    assert named("A degree helps a software engineer.", "software engineer") is not None


def test_where_careers_lead_is_not_whom_the_statement_is_about() -> None:
    text = "AI engineers advance to roles like ML engineer."
    assert named(text, "ML engineer") is None
    assert named(text, "AI engineer") is not None
    contrast = "AI engineers add models to products while ML engineers train them."
    assert named(contrast, "ML engineer") is not None


def test_a_title_named_for_comparison_is_named_in_passing() -> None:
    text = "Pay is higher than that of software engineers, say AI engineers."
    assert named("AI engineers earn more than software engineers.", "software engineer").in_passing
    assert not named("AI engineers earn more than others.", "AI engineer").in_passing
    assert not named(text, "AI engineer").in_passing


def test_a_heading_governs_what_stands_below_it() -> None:
    shelf = Shelf({"a.txt": REPORT})
    unit, document = shelf.unit("Typical progression"), shelf.documents["a.txt"]
    found = naming_of(unit, document, "software engineer", VOCABULARY)
    assert found is not None
    assert (found.by, found.written) == ("heading", "Software Engineer")
    assert naming_of(unit, document, "AI engineer", VOCABULARY) is None


def test_a_statement_that_opens_with_a_title_is_its_own() -> None:
    heading = "Software Engineer"
    text = "Senior AI Engineer - Lead the research."
    assert named(text, "AI engineer", heading=heading).by == "statement"
    assert named(text, "software engineer", heading=heading) is None


def test_a_cell_speaks_for_the_title_of_its_column() -> None:
    shelf = Shelf({"a.txt": REPORT})
    unit, document = shelf.unit("| Education"), shelf.documents["a.txt"]
    for role, cell in (
        ("AI engineer", "A master's degree"),
        ("software engineer", "A bachelor's degree"),
    ):
        found = naming_of(unit, document, role, VOCABULARY)
        assert found is not None
        assert found.by == "column"
        assert found.part.of(document.text) == cell
    assert naming_of(unit, document, "ML engineer", VOCABULARY) is None


def test_a_row_label_speaks_for_its_row() -> None:
    text = "Pay\n\n| Job | Entry |\n|---|---|\n| Ai Engineer | $188k |\n"
    shelf = Shelf({"a.txt": text})
    unit, document = shelf.unit("| Ai Engineer"), shelf.documents["a.txt"]
    found = naming_of(unit, document, "AI engineer", VOCABULARY)
    assert found is not None
    assert (found.by, found.written) == ("row", "Ai Engineer")
    assert naming_of(unit, document, "software engineer", VOCABULARY) is None


def test_a_job_description_speaks_for_its_title_alone() -> None:
    text, title = "Python proficiency is required.", "AI Software Engineer"
    shelf = Shelf({"a.txt": f"{title}\n\nQualifications\n\n{text}\n"}, {"a.txt": "job description"})
    unit, document = shelf.unit(text), shelf.documents["a.txt"]
    found = naming_of(unit, document, "AI software engineer", VOCABULARY)
    assert found is not None
    assert found.by == "document"
    assert naming_of(unit, document, "AI engineer", VOCABULARY) is None
    report = Shelf({"a.txt": f"{title}\n\nQualifications\n\n{text}\n"}, {"a.txt": "report"})
    document = report.documents["a.txt"]
    assert naming_of(report.unit(text), document, "AI software engineer", VOCABULARY) is None


def test_related_titles() -> None:
    assert related("AI engineer", VOCABULARY) == (
        "AI developer",
        "generative AI engineer",
        "AI/ML engineer",
    )
    assert related("software developer", VOCABULARY) == ("software engineer",)
    assert related("AI/ML engineer", VOCABULARY) == (
        "AI/ML developer",
        "AI engineer",
        "ML engineer",
    )
    assert related("data scientist", VOCABULARY) == ()
