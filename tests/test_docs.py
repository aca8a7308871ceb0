"""What the documentation shows is there and works."""

import re
import runpy
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from careerqa.cli import app
from careerqa.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "eval/*.md", "corpus/*.md")
    for path in ROOT.glob(pattern)
)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\[[^\]]+\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(*languages: str) -> list[Any]:
    """The code blocks of every page, each named after its page."""
    return [
        pytest.param(text, id=f"{named(page)}-{number}")
        for page in PAGES
        for number, (language, text) in enumerate(BLOCK.findall(page.read_text("utf-8")), 1)
        if language in languages
    ]


def test_the_page_of_settings_is_current() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "generate_settings.py"))
    stale = "docs/settings.md is stale. Run python docs/generate_settings.py."
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == script["page"](), stale


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    text = BLOCK.sub("", page.read_text("utf-8"))
    targets = [target.split("#")[0] for target in LINK.findall(text)]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("text", blocks("sh"))
def test_commands_exist_with_their_options(text: str) -> None:
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words and not line.startswith(" "):
            check_command(words)


def check_command(words: list[str]) -> None:
    if Path(words[0]).name == "careerqa":
        check_careerqa(words[1:])
    elif words[0] == "make":
        targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        assert [word for word in words[1:] if "=" not in word and word not in targets] == []
    elif Path(words[0]).name == "python" and len(words) > 1 and words[1].endswith(".py"):
        assert (ROOT / words[1]).is_file()


def check_careerqa(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    if words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"there is no command careerqa {words[0]}"
        command = command.commands[words[0]]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    used = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert used - known == set()


@pytest.mark.parametrize("text", blocks("toml"))
def test_settings_that_are_shown_are_valid(text: str, tmp_path: Path) -> None:
    content = tomllib.loads(text)
    if "project" in content:  # of a pyproject.toml
        return
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    load_settings(path)


@pytest.mark.slow
def test_transcripts_are_what_careerqa_prints(
    real_index: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(real_index.corpus.path.parent)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("CAREERQA_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.setenv("CAREERQA_CORPUS__PATH", str(real_index.corpus.path))
    monkeypatch.setenv("CAREERQA_INDEX__PATH", str(real_index.index.path))
    script = runpy.run_path(str(ROOT / "docs" / "transcripts.py"))
    shown = script["README"].read_text("utf-8")
    printed = script["refreshed"](shown, lambda words: CliRunner().invoke(app, words).stdout)
    assert shown.count("```console") >= 2
    assert printed == shown, "README.md is stale. Run python docs/transcripts.py."
