from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from careerqa.cli import app
from careerqa.errors import EvaluationError
from careerqa.evaluation.grounding import grounding_json, grounding_scores, show_grounding

EVIDENCE = [{"document": "001", "text": "Keepers earn £92 a year.", "header": None}]


def case(text: str, *, honest: bool, kind: str = "numeric", **more: Any) -> dict[str, Any]:
    sentence = {"text": text, "citations": [1], "honest": honest, "kind": kind, "why": ""}
    named = {"id": f"{kind}-{text[-4:]}", "question": "?", "evidence": EVIDENCE}
    return named | {"completion": f"{text} [1].", "sentences": [sentence]} | more


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of two honest sentences one is kept, of two fabricated ones one is caught."""
    cases = [
        case("Keepers earn £92 a year", honest=True, split="tune"),
        case("Keepers earn £93 a year", honest=False),
        case("Lamps glow at night", honest=True, kind="gist"),
        case("A year keepers earn £92", honest=False, kind="word_order"),
    ]
    path = tmp_path / "completions.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)) + "\n\n", encoding="utf-8")
    return path


def test_both_shares_and_what_was_judged_wrongly(file: Path) -> None:
    scores = grounding_scores(file)
    assert (scores.kept, scores.honest) == (1, 2)
    assert (scores.caught, scores.fabricated) == (1, 2)
    assert dict(scores.missed_kinds) == {"gist": 1, "word_order": 1}
    assert grounding_json(scores)["grounding"]["honest_kept_share"] == 1 / 2
    out = Console(file=io.StringIO(), width=80)
    show_grounding(scores, out)
    assert out.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "",
        "completions.jsonl: sentences of scripted completions",
        "",
        "honest, kept        0.500  (1 of 2)",
        "fabricated, caught  0.500  (1 of 2)",
        "judged wrongly: gist 1, word_order 1",
    ]


def test_only_one_split(file: Path) -> None:
    scores = grounding_scores(file, split="tune")
    assert (scores.honest, scores.fabricated) == (1, 0)
    assert scores.caught_share == 1.0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no completion"),
        (b"{}\n", "line 1 is no scripted completion (KeyError: 'evidence')"),
        (b"\n[1]\n", "line 1 is no scripted completion"),
        (b"nonsense", "line 1 is no scripted completion (JSONDecodeError"),
        (b"\xff", "cannot be read: it is not UTF-8."),
    ],
)
def test_a_file_that_holds_no_completions(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        grounding_scores(path)
    assert words in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read: No such file"):
        grounding_scores(tmp_path / "none.jsonl")


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _nothing_else_here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "config.toml").write_text("", encoding="utf-8")

    def test_it_needs_no_questions_and_no_index(self, file: Path) -> None:
        result = CliRunner().invoke(app, ["eval", "--grounding", str(file)])
        assert result.exit_code == 0
        assert "fabricated, caught  0.500  (1 of 2)" in result.stdout

    def test_json(self, file: Path) -> None:
        result = CliRunner().invoke(app, ["eval", "--json", "--grounding", str(file)])
        content = json.loads(result.stdout)["grounding"]
        assert (content["file"], content["fabricated_caught"]) == ("completions.jsonl", 1)
        assert len(content["mistakes"]) == 2

    def test_neither_questions_nor_completions(self) -> None:
        result = CliRunner().invoke(app, ["eval"])
        assert result.exit_code == 2
        assert "Name a file of questions." in result.stderr

    def test_a_plot_of_no_questions(self, file: Path) -> None:
        result = CliRunner().invoke(app, ["eval", "--grounding", str(file), "--plot", "p.png"])
        assert result.exit_code == 2
        assert "Name a file of questions for that." in result.stderr
