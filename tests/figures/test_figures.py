from pathlib import Path

import pytest

from careerqa.datatypes import Document, Source
from careerqa.documents.corpus import read_corpus
from careerqa.documents.passages import units_of
from careerqa.errors import EvaluationError
from careerqa.figures.check import check, read_gold
from careerqa.figures.reading import Figure, figures_of

ROOT = Path(__file__).resolve().parent.parent.parent
GOLD = ROOT / "eval" / "figures_gold.jsonl"


def _figures(text: str) -> list[Figure]:
    document = Document("a.md", text, "0" * 64, Source("A"))
    return list(figures_of(document, units_of(document)))


def test_the_gold_list_is_reached() -> None:
    documents = read_corpus(ROOT / "corpus", exclude=("README.md",)).documents
    figures = [f for d in documents for f in figures_of(d, units_of(d))]
    result = check(figures, read_gold(GOLD))
    assert result.gold == 71
    assert {score.name: score.target for score in result.scores if score.target} == {
        "value and unit": 0.95,
        "role": 0.85,
        "level": 0.85,
        "measure": 0.80,
    }
    assert result.reached, result.differences


def test_figures_slice_back() -> None:
    for document in read_corpus(ROOT / "corpus", exclude=("README.md",)).documents:
        for figure in figures_of(document, units_of(document)):
            assert figure.span.of(document.text) == figure.text


@pytest.mark.parametrize(
    ("text", "role", "level", "measure"),
    [
        ("Senior AI engineers earn a median of $210k.", "AI engineer", "senior", "median"),
        ("Entry-level ML engineers start at $99,000.", "ML engineer", "entry", None),
        ("The average pay of software engineers is $130k.", "software engineer", None, "average"),
        ("Total compensation of staff AI engineers is $500k.", "AI engineer", "staff",
         "total compensation"),
    ],
)  # fmt: skip
def test_the_basis_of_a_sentence(
    text: str, role: str, level: str | None, measure: str | None
) -> None:
    (figure,) = _figures(text)
    assert (figure.role, figure.level, figure.measure) == (role, level, measure)
    assert (figure.unit, figure.currency, figure.about) == ("money", "USD", "pay")


def test_a_cell_takes_its_meaning_from_row_and_header() -> None:
    text = (
        "# Pay\n\n"
        "| Job | Entry-level | Senior |\n|---|---|---|\n"
        "| AI Engineer | $150k | $300k |\n| Software Engineer | $110k | $220k |\n"
    )
    found = [(f.role, f.level, f.low) for f in _figures(text)]
    assert found == [
        ("AI engineer", "entry", 150e3),
        ("AI engineer", "senior", 300e3),
        ("software engineer", "entry", 110e3),
        ("software engineer", "senior", 220e3),
    ]


def test_markdown_escapes_do_no_harm() -> None:
    (figure,) = _figures(r"AI engineers make **\$80k–\$90k** a year.")
    assert (figure.text, figure.low, figure.high) == (r"\$80k–\$90k", 80e3, 90e3)


def test_what_the_text_does_not_say_stays_unknown() -> None:
    (figure,) = _figures("Somebody made $75k.")
    assert (figure.role, figure.level, figure.measure, figure.region, figure.year) == (None,) * 5


def test_where_a_figure_comes_from() -> None:
    (figure,) = _figures("According to Glassdoor, AI engineers earn $140k a year in the U.S.")
    assert (figure.origin, figure.period, figure.region) == ("Glassdoor", "year", "US")


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "is no JSON"), ('{"document": "000"}', "lacks .* Write null for unknown")],
)
def test_a_broken_gold_list_names_the_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_gold(path)
