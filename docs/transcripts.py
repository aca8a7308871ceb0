"""Runs the commands that README.md shows and writes down what they print.

A transcript is a `console` block of one command; a test fails while one is stale.

    python docs/transcripts.py
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)

Runner = Callable[[Sequence[str]], str]
"""Runs careerqa with these words in the repository's folder; what it prints on stdout."""


def refreshed(text: str, run: Runner) -> str:
    """A page with the output of every transcript as the commands give it now."""

    def renewed(match: re.Match[str]) -> str:
        command = match["command"]
        program, *words = shlex.split(command)
        if program != "careerqa":
            raise ValueError(f"a transcript runs careerqa, not {program}")
        return f"```console\n$ {command}\n{run(words).strip()}\n```"

    return BLOCK.sub(renewed, text)


def run(words: Sequence[str]) -> str:
    """Run careerqa as a program, 80 columns wide."""
    done = subprocess.run(
        [sys.executable, "-m", "careerqa", *words],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"careerqa {shlex.join(words)} ended with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8"), run), encoding="utf-8")
