"""The terminal: consoles, messages, progress, and text that cannot steer it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from careerqa.indexing.models import Report

WIDEST = 100
"""Longer lines are hard to read, however wide the terminal is."""
PIPED_WIDTH = 80

_CONTROL = re.compile(
    # C0 and C1; marks, embeddings, overrides and isolates of the bidirectional algorithm; BOM.
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$%&|<>~])")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


class _Console(Console):
    """A console that leaves a broken pipe to `doors.errors_reported`."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """Stdout or stderr: colours only on a terminal, none at all where NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR"))
    made = _Console(
        stderr=stderr,
        color_system=None if plain else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    if made.is_terminal:
        made.width = min(made.width, WIDEST)
    elif "COLUMNS" not in os.environ:
        made.width = PIPED_WIDTH
    return made


def shown(text: str) -> str:
    """Text as it may go to a terminal: nothing in it can steer the terminal or reorder letters.

    Each run of whitespace becomes one space.
    """
    return _SPACES.sub(" ", _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))).strip()


def readable(text: str) -> str:
    """`shown` with Markdown's backslash escapes and bold marks undone, for reading only."""
    return _ESCAPE.sub(r"\1", _BOLD.sub(r"\1", shown(text)))


def complain(message: str) -> None:
    """The one line of an error, on stderr."""
    _line("careerqa: ", message, "bold red")


def warn(message: str) -> None:
    """A warning, on stderr."""
    _line("careerqa: warning: ", message, "yellow")


def note(message: str, *, quiet: bool = False) -> None:
    """A remark, on stderr."""
    if not quiet:
        _line("", message, "dim")


def _line(before: str, message: str, style: str) -> None:
    console(stderr=True).print(Text(before + shown(message), style=style), soft_wrap=True)


@contextlib.contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report | None]:
    """A function that shows how far a build is: a bar on a terminal, else a line for each stage."""
    out = console(stderr=True)
    if quiet:
        yield None
        return
    if not out.is_terminal or out.is_dumb_terminal:
        stages: set[str] = set()

        def line(what: str, done: int, total: int) -> None:
            if what not in stages:
                stages.add(what)
                count = f" {total:,} texts" if total > 1 else ""
                note(f"{what}{count} ...")

        yield line
        return
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        console=out,
        transient=True,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def bar(what: str, done: int, total: int) -> None:
            counted = total > 1
            if what not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, visible=False)
                tasks[what] = bars.add_task(what, total=total if counted else None, count="")
            if counted:
                bars.update(tasks[what], completed=done, total=total, count=f"{done:,}/{total:,}")

        yield bar


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 quote`, `2 quotes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def place(path: Path) -> str:
    """A path to show: relative to the working directory where it lies below it, else absolute."""
    absolute = Path(os.path.abspath(path))
    with contextlib.suppress(ValueError):
        absolute = absolute.relative_to(Path.cwd())
    return shown(str(absolute))


def put(out: Console, text: Text, *, indent: str = "", first: str | None = None) -> None:
    """Print a paragraph, wrapped at spaces with a hanging indent.

    A word that is longer than a line is broken.

    Args:
        out: Where to.
        text: The paragraph.
        indent: What stands before each line.
        first: What stands before the first line instead.
    """
    width = max(20, out.width - len(indent))
    for number, line in enumerate(text.wrap(out, width)):
        before = first if first is not None and number == 0 else indent
        line.rstrip()
        out.print(Text.assemble((before, text.style), line), soft_wrap=True)
