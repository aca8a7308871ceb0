from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from careerqa import service
from careerqa.cli import app
from careerqa.comparison.reply import ComparisonReply
from careerqa.settings import Settings
from shelf import Librarian


class Branch(Librarian):
    """A librarian as the command opens it."""

    confidence = 0.9

    def __init__(self, settings: Settings) -> None:
        super().__init__(confidence=Branch.confidence)
        self.closed = False

    @classmethod
    def from_settings(cls, settings: Settings) -> Branch:
        return cls(settings)

    def has_index(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(service, "CareerQA", Branch)
    monkeypatch.setattr(Branch, "confidence", 0.9)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["compare", *words])

    return invoke


def test_a_table_with_places(run: Any) -> None:
    result = run("AI engineer", "SWE")
    assert result.exit_code == 0
    assert "software engineer" in result.stdout
    assert f"{Path('corpus/report.txt')}:7 (document, citing Glassdoor)" in result.stdout
    assert "careerqa: warning: A warning." in result.stderr


def test_json_is_the_reply(run: Any) -> None:
    found = ComparisonReply.model_validate(
        json.loads(run("AI engineer", "SWE", "--aspect", "pay,skills", "--json").stdout)
    )
    assert [row.aspect for row in found.aspects] == ["pay", "skills"]


def test_markdown_and_html(run: Any) -> None:
    assert run("AI engineer", "SWE", "--markdown").stdout.startswith("| | AI engineer | soft")
    assert run("AI engineer", "SWE", "--html").stdout.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("AI engineer", "plumber"), "'plumber' is no title known here. Known are AI engineer"),
        (("AI engineer",), "Two to 5 titles can be compared, not 1."),
        (("AI engineer", "SWE", "--aspect", "luck"), "'luck' is no aspect known here."),
        (("AI engineer", "SWE", "--html", "--json"), "Choose one of --json, --markdown and"),
    ],
)
def test_wrong_usage(run: Any, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_nothing_found_is_exit_code_3(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Branch, "confidence", 0.1)
    result = run("AI engineer", "SWE")
    assert result.exit_code == 3
    assert "Nothing in the documents." in result.stdout


def test_figures_of_the_shelf_have_their_class(run: Any) -> None:
    result = CliRunner().invoke(app, ["figures", "--role", "SWE", "--json"])
    assert result.exit_code == 0
    assert [row["text"] for row in json.loads(result.stdout)] == ["$80,000"]
