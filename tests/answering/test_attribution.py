import pytest

from careerqa.answering.attribution import attributed, class_in_words, origin_of
from careerqa.datatypes import Span
from careerqa.figures.reading import Figure


@pytest.mark.parametrize(
    ("provenance", "text", "words"),
    [
        ("report", "AI engineers build models.", "report"),
        ("report", "A survey found that 66% agree.", "survey cited by a report"),
        ("job_description", "The BLS projects 17% growth.", "statistic cited by a job description"),
        ("comparison", "| Open Positions | 23,752 | 598 |", "job-board data"),
        ("comparison", "They're different jobs.", "comparison"),
        ("guide", "Build projects.", "guide’s advice"),
        ("sample_text", "I saw the survey.", "sample letter"),
        ("testimonial", "Got a 12% bump.", "testimonial"),
        ("navigation", "Top Hiring Companies", "placeholder"),
        ("press_release", "New.", "press release"),
    ],
)
def test_classes_in_words(provenance: str, text: str, words: str) -> None:
    assert class_in_words(provenance, text) == words


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("Hiring grew 88% ^{([7](#))} [ravio.com](#)).", "ravio"),
        ("Glassdoor cites a range of $118k–$148k for them.", "Glassdoor"),
        ("They “turn data into decisions” (^[13] [www.hirewithnear.com](#)).", "hirewithnear"),
        ("Cloud services (AWS SageMaker) are often required.", None),
        ("Effective AI teams combine research and data science.", None),
    ],
)
def test_origin_of_a_statement(text: str, origin: str | None) -> None:
    assert origin_of(text) == origin


def test_origin_of_a_figure_is_its_own() -> None:
    figure = Figure("1", Span(0, 1), "a.txt", 0, 1, 1, 1, "count", origin="BLS")
    assert origin_of(figure) == "BLS"


def test_class_and_origin_together() -> None:
    assert attributed("report", "Hiring grew 88% [ravio.com](#).") == "report, citing ravio"
    assert attributed("advertising", "Visit intuitionlabs.ai.") == "advertising"
