from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from careerqa import service
from careerqa.cli import app
from careerqa.figures.reading import figures_of
from careerqa.figures.report import FigureRow, chosen, rows_of, show
from careerqa.settings import Settings
from shelf import Librarian, Shelf

GUIDE = """A guide

Experienced AI engineers earn $150,000 to $250,000 or more.

Entry-level AI software engineers earn $90k.

| Job | 75th percentile |
|---|---|
| ML Engineer | $218K |

The number of AI engineer jobs is growing 17%.
"""


def rows(text: str = GUIDE, **filters: Any) -> list[FigureRow]:
    shelf = Shelf({"guide.txt": text})
    document = shelf.documents["guide.txt"]
    return rows_of(
        chosen(figures_of(document, shelf.units), **filters), shelf.documents, shelf.units
    )


def rendered(found: list[FigureRow], width: int) -> list[str]:
    out = io.StringIO()
    show(found, Console(file=out, width=width, highlight=False, emoji=False))
    return out.getvalue().splitlines()


def test_columns_never_touch() -> None:
    lines = rendered(rows(role="AI engineer", about="pay"), 80)
    assert lines == [
        "Pay",
        "  $150,000 to $250,000  AI engineer  range",
        "  or more",
        "    guide.txt:3 — document",
    ]
    assert "  $150,000 to $250,000 or more  AI engineer  range" in rendered(
        rows(role="AI engineer"), 140
    )


@pytest.mark.parametrize("width", [40, 80, 140])
def test_lines_keep_to_the_width(width: int) -> None:
    lines = rendered(rows(), width)
    assert max(map(len, lines)) <= width
    assert lines == [line.rstrip() for line in lines]


def test_a_percentile_is_named() -> None:
    (row,) = rows(role="ML engineer")
    assert (row.measure, row.measured) == ("percentile", "percentile")
    row = row.model_copy(update={"quote": "75th percentile ML engineer $218K"})
    assert row.measured == "75th percentile"


def test_each_matter_has_a_heading() -> None:
    lines = rendered(rows(), 80)
    assert [line for line in lines if line and not line.startswith(" ")] == ["Pay", "Growth"]


def test_nothing_prints_nothing() -> None:
    assert rendered([], 80) == []


class Branch(Librarian):
    """A librarian as the command opens it."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Branch:
        return cls(Shelf({"guide.txt": GUIDE}))

    def has_index(self) -> bool:
        return True

    def close(self) -> None:
        pass


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(service, "CareerQA", Branch)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["figures", *words])

    return invoke


def test_json_and_csv_hold_the_same_rows(run: Any) -> None:
    listed = json.loads(run("--json").stdout)
    table = list(csv.DictReader(io.StringIO(run("--csv").stdout)))
    assert [row["text"] for row in table] == [row["text"] for row in listed]
    assert all(GUIDE[row["start"] : row["end"]] == row["text"] for row in listed)
    assert list(table[0]) == list(FigureRow.model_fields)


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("--about", "growth"), ["17%"]),
        (("--role", "ML engineer"), ["$218K"]),
        (("--level", "junior"), ["$90k"]),
        (("--about", "PAY", "--role", "AI engineer"), ["$150,000 to $250,000"]),
    ],
)
def test_filters(run: Any, words: tuple[str, ...], texts: list[str]) -> None:
    result = run(*words, "--json")
    assert result.exit_code == 0
    assert [row["text"] for row in json.loads(result.stdout)] == texts


def test_an_empty_result_is_said(run: Any) -> None:
    result = run("--about", "growth", "--role", "ML engineer")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "No figure in the documents fits." in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--json", "--csv"), "Choose one of --json and --csv."),
        (("--about", "luck"), "'luck' is none of pay, growth"),
        (("--role", "plumber"), "'plumber' is no title known here, as AI engineer"),
        (("--level", "boss"), "'boss' is none of entry, mid, senior, staff."),
    ],
)
def test_wrong_usage(run: Any, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_a_plot_is_drawn(run: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run("--about", "pay", "--plot", "pay.png")
    assert result.exit_code == 0
    assert (tmp_path / "pay.png").read_bytes().startswith(b"\x89PNG")
    assert "3 figures of pay drawn into pay.png." in result.stderr


def test_percentages_are_drawn_where_there_is_no_pay(run: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run("--about", "growth", "--plot", "growth.svg")
    assert result.exit_code == 0
    assert "1 figure of growth drawn into growth.svg." in result.stderr
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_nothing_to_draw_is_an_error(run: Any, tmp_path: Path) -> None:
    result = run("--about", "hiring", "--plot", "none.png")
    assert result.exit_code == 1
    assert "None of these figures is pay in a year or a percentage to draw." in result.stderr
    assert not (tmp_path / "none.png").exists()
