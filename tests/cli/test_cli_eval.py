from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from careerqa.cli import app
from careerqa.cli.eval import _progress
from careerqa.settings import Settings

SETTINGS = """[embedding]
model = "words"
question_encoder = "sentence-transformers"
[answer]
min_confidence = {}
"""
TRIM = "A keeper trims the lamp at dusk."
LENS = "The lens is polished every morning, e.g. with chamois leather."

Run = Callable[..., Result]


def question(name: str, text: str, *evidence: str, **more: Any) -> dict[str, Any]:
    groups = [[{"doc": "lighthouse", "text": e}] for e in evidence]
    kind = "fact" if groups else "unanswerable_far"
    entry = {"id": name, "question": text, "type": kind, "answerable": bool(groups)}
    return entry | {"evidence": groups} | more


@pytest.fixture
def run(tiny_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs careerqa in a folder whose config.toml answers everything; silent.toml nothing."""
    (tmp_path / "config.toml").write_text(SETTINGS.format("0.0"), "utf-8")
    (tmp_path / "silent.toml").write_text(SETTINGS.format("1.0"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *words: CliRunner().invoke(app, ["eval", *words])


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Eight answerable questions, answered by their very words, and two that nothing answers."""
    entries = [question(f"a{n}", f"{n} keeper trims the lamp at dusk", TRIM) for n in range(4)]
    entries += [question(f"b{n}", f"{n} lens is polished every morning", LENS) for n in range(4)]
    entries += [question(f"z{n}", f"{n} zebra") for n in range(2)]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, entries)), "utf-8")
    return "set.jsonl"


def test_tables(run: Run, file: str) -> None:
    result = run(file)
    assert result.exit_code == 0
    assert result.stdout.startswith("set.jsonl: 10 questions, 8 answerable\n")
    recall = next(x for x in result.stdout.splitlines() if x.startswith("recall (evidence"))
    assert recall.split()[-4:] == ["1.000", "1.000", "to", "1.000"]
    assert "answered, but unanswerable (2): z0 z1" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json(run: Run, file: str) -> None:
    result = run(file, "--json")
    content = json.loads(result.stdout)
    assert content["file"] == file
    assert content["scores"]["first_right"] == {"value": 1.0, "interval": [1.0, 1.0]}
    assert content["scores"]["fidelity"]["value"] == 1.0
    assert content["scores"]["abstention_recall"]["value"] == 0.0
    assert content["by_type"]["unanswerable_far"]["count"] == 2
    assert len(content["questions"]) == 10
    assert content["latency_ms"]
    assert TRIM not in result.stdout  # numbers, no texts


def test_two_settings(run: Run, file: str) -> None:
    content = json.loads(run(file, "--against", "silent.toml", "--json").stdout)["against"]
    assert content["scores"]["abstention_recall"]["value"] == 1.0
    full = content["differences"]["full"]
    assert (full["first"], full["second"], full["mcnemar_p"]) == (1.0, 0.0, 2 / 2**8)
    result = run(file, "--against", "silent.toml")
    assert "the same questions" in result.stdout
    assert "-1.000" in result.stdout


class TestBaseline:
    @pytest.fixture(autouse=True)
    def _stored(self, run: Run, file: str) -> None:
        result = run(file, "--baseline", "base.json", "--write-baseline")
        assert result.exit_code == 0
        assert Path("base.json").is_file()

    def test_the_same(self, run: Run, file: str) -> None:
        result = run(file, "--baseline", "base.json")
        assert result.exit_code == 0
        assert "No worse than the baseline beyond noise." in result.stdout

    def test_worse(self, run: Run, file: str) -> None:
        result = run(file, "--baseline", "base.json", "--config", "silent.toml")
        assert result.exit_code == 1
        assert "Worse than the baseline: recall (evidence groups) fell" in result.stdout
        result = run(file, "--baseline", "base.json", "--config", "silent.toml", "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["baseline"]["regressions"][0].endswith("1.000 to 0.000")

    def test_of_other_questions(self, run: Run, file: str) -> None:
        lines = Path(file).read_text("utf-8").splitlines()
        Path(file).write_text("\n".join(lines[1:]), "utf-8")
        result = run(file, "--baseline", "base.json")
        assert result.exit_code == 11
        assert "The baseline is of other questions: a0 is missing now." in " ".join(
            result.stderr.split()
        )


def test_a_plot(run: Run, file: str) -> None:
    pytest.importorskip("matplotlib")
    result = run(file, "--plot", "p.png", "--against", "silent.toml")
    assert result.exit_code == 0
    assert Path("p.png").read_bytes().startswith(b"\x89PNG\r\n")


class TestBeforeAsking:
    """What is wrong with the files to write is told before a question is asked."""

    @pytest.fixture(autouse=True)
    def _no_question(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise AssertionError("a question was asked")

        monkeypatch.setattr("careerqa.cli.eval._ask", fail)

    def told(self, run: Run, *words: str) -> str:
        result = run(*words)
        assert result.exit_code == 11
        assert result.stdout == ""
        return " ".join(result.stderr.split())

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("gone/p.png", "there is no folder gone. Make it, or name another file."),
            ("set.jsonl/p.png", "there is no folder set.jsonl. Make it, or name another file."),
            ("folder.png", "it is a folder. Name a file."),
        ],
    )
    def test_a_place_where_nothing_can_be_written(
        self, run: Run, file: str, name: str, reason: str
    ) -> None:
        pytest.importorskip("matplotlib")
        Path("folder.png").mkdir()
        plot = self.told(run, file, "--plot", name)
        assert plot == f"careerqa: The plot {name} cannot be written: {reason}"
        baseline = self.told(run, file, "--baseline", name, "--write-baseline")
        assert baseline == f"careerqa: The baseline {name} cannot be written: {reason}"

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
    )
    def test_a_folder_without_permission(self, run: Run, file: str) -> None:
        Path("locked").mkdir(mode=0o500)
        told = self.told(run, file, "--baseline", "locked/b.json", "--write-baseline")
        assert "cannot be written: no permission. Name another file" in told

    def test_a_file_without_permission(
        self, run: Run, file: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("b.json").write_text("{}")
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        told = self.told(run, file, "--baseline", "b.json", "--write-baseline")
        assert "cannot be written: no permission. Name another file" in told
        assert Path("b.json").read_text() == "{}"

    def test_a_plot_of_no_format(self, run: Run, file: str) -> None:
        pytest.importorskip("matplotlib")
        assert ".txt is no format of pictures." in self.told(run, file, "--plot", "p.txt")

    def test_plotting_that_is_not_installed(
        self, run: Run, file: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
        told = self.told(run, file, "--plot", "p.png")
        assert told.endswith("not installed. Run pip install careerqa[plot].")

    def test_a_baseline_that_is_not_there(self, run: Run, file: str) -> None:
        assert "The baseline b.json cannot be read" in self.told(run, file, "--baseline", "b.json")

    def test_other_settings_that_are_not_there(self, run: Run, file: str) -> None:
        result = run(file, "--against", "gone.toml")
        assert result.exit_code == 4
        assert "gone.toml" in result.stderr


def test_a_malformed_line(run: Run, file: str) -> None:
    with Path(file).open("a", encoding="utf-8") as lines:
        lines.write('\n{"id": "x"}\n')
    result = run(file)
    assert result.exit_code == 11
    assert result.stdout == ""
    assert "set.jsonl, line 11: answerable is missing." in " ".join(result.stderr.split())


def test_another_corpus(run: Run, file: str) -> None:
    Path(file).write_text(Path(file).read_text("utf-8").replace('"lighthouse"', '"castle"'))
    result = run(file)
    assert result.exit_code == 11
    assert "names the document 'castle'" in " ".join(result.stderr.split())


def test_evidence_that_no_document_holds_is_named(run: Run, file: str) -> None:
    Path(file).write_text(json.dumps(question("old", "the lamp", "A keeper lights it.")), "utf-8")
    result = run(file)
    assert result.exit_code == 0
    told = " ".join(result.stderr.split())
    assert "the documents do not hold the evidence of 1 question: old. Nothing can" in told


def test_a_baseline_to_write_needs_a_name(run: Run, file: str) -> None:
    result = run(file, "--write-baseline")
    assert result.exit_code == 2
    assert "--write-baseline needs --baseline PATH" in result.stderr


def test_progress_is_told_once_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with _progress(3, quiet=False) as advance:
        advance(1)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("careerqa.cli.eval.PATIENCE_SECONDS", -1.0)
    with _progress(3, quiet=False) as advance:
        advance(1)
        advance(2)
    assert capsys.readouterr().err == "Asking 3 questions ...\n"
    with _progress(3, quiet=True) as advance:
        advance(1)
    assert capsys.readouterr().err == ""
