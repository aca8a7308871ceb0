"""careerqa on public question sets, beside published figures.

The sets are other people's and no part of this repository: FOLDER holds them, each in a folder of
its own with `corpus/` and `questions.jsonl` (see benchmarks/README.md for the format).

    python benchmarks/public.py FOLDER [--set squad2_tune] [--sample 500] [--work KEPT]
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import Any

import chroma_chunking
import squad2
from public_index import PublicIndex, read_lines

SETS = ("chroma_chunking", "squad2_tune")
SEED = 0


def measure(name: str, folder: Path, work: Path, sample: int | None) -> list[str]:
    """The tables of one set, as lines of Markdown."""
    questions: list[dict[str, Any]] = read_lines(folder / "questions.jsonl")
    if sample is not None and sample < len(questions):
        questions = random.Random(SEED).sample(questions, sample)  # noqa: S311  (no secret)
    index = PublicIndex((folder / "corpus").resolve(), (work / name / "index").resolve())
    if name == "squad2_tune":
        return squad2.run(index, questions, read_lines(folder / "paragraphs.jsonl"))
    return chroma_chunking.run(index, questions)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds the public sets")
    parser.add_argument("--set", choices=SETS, dest="name", help="this one only")
    parser.add_argument("--sample", type=int, help="so many questions of each set, drawn by seed")
    parser.add_argument("--work", type=Path, help="where to keep the indexes for another run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for name in [chosen.name] if chosen.name else SETS:
            tables = measure(
                name, chosen.folder / name, chosen.work or Path(temporary), chosen.sample
            )
            print("\n".join([f"## {name}", "", *tables, ""]), flush=True)


if __name__ == "__main__":
    main()
