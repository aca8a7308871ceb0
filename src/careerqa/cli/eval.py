"""`careerqa eval`: scores a question set, compares two settings, guards a baseline."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careerqa.cli.doors import (
    ConfigOption,
    DebugOption,
    JsonOption,
    QuietOption,
    errors_reported,
    exit_codes_text,
    print_json,
    settings_from,
    with_service,
)

if TYPE_CHECKING:
    from careerqa.evaluation.grounding import Scores
    from careerqa.evaluation.questions import EvaluationQuestion
    from careerqa.evaluation.scoring import QuestionScore

REGRESSED = 1
"""Exit code where the baseline was better."""
PATIENCE_SECONDS = 1.0
"""Progress is shown only after this long."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="eval", epilog=exit_codes_text())(evaluate_file)


def evaluate_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="Questions, one JSON object a line.", show_default=False
        ),
    ] = None,
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="PATH",
            help="Another settings file to ask the same questions under, and compare with.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot",
            metavar="PATH",
            help="Draw risk/coverage and calibration into this .png, .svg or .pdf.",
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="PATH",
            help="A stored run to compare with; exit code 1 if it was better beyond noise.",
            show_default=False,
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write-baseline", help="Write this run to the --baseline file.")
    ] = False,
    grounding: Annotated[
        Path | None,
        typer.Option(
            "--grounding",
            metavar="PATH",
            help="Score the check of a language model's sentences on these scripted completions; "
            "with FILE or without.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Ask the questions of FILE and score the answers."""
    _check_usage(file, against, plot, baseline, write=write, grounding=grounding)
    if file is None:
        with errors_reported(debug):
            _score_grounding(grounding, config, as_json=as_json)
        return
    regressed = False
    with errors_reported(debug):
        # What can be wrong with the files is found before minutes of asking, not after.
        from careerqa.evaluation.baseline import judge, read_baseline, write_baseline
        from careerqa.evaluation.questions import read_questions

        questions = read_questions(file)
        stored = read_baseline(baseline) if baseline and not write else None
        _check_files(against, plot, baseline if write else None)
        checked = _grounding(grounding, config)
        scores = _ask(questions, config, quiet=quiet)
        others = _ask(questions, against, quiet=quiet) if against else None
        verdict = None if stored is None else judge(stored, scores)
        regressed = bool(verdict and verdict.regressions)
        if plot:
            _draw(scores, others, plot, question_set=file.name)
        if baseline and write:
            write_baseline(baseline, scores, question_set=file.name)

        from careerqa.evaluation import report
        from careerqa.evaluation.grounding import grounding_json, show_grounding
        from careerqa.evaluation.measures import compare
        from careerqa.terminal.output import console

        differences = None if others is None else compare(scores, others)
        if as_json:
            content: dict[str, Any] = {"file": file.name, **report.evaluation_json(scores)}
            if differences is not None and others is not None:
                content["against"] = report.evaluation_json(others) | {
                    "differences": report.differences_json(differences)
                }
            if verdict is not None:
                content["baseline"] = {
                    "differences": report.differences_json(verdict.differences),
                    "regressions": list(verdict.regressions),
                }
            print_json(content | grounding_json(checked))
        else:
            out = console()
            report.show_evaluation(scores, out, question_set=file.name)
            if differences is not None:
                report.show_comparison(differences, out, first="this", second="other")
            if verdict is not None:
                report.show_verdict(verdict, out)
            show_grounding(checked, out)
    if regressed:
        raise typer.Exit(REGRESSED)


def _check_usage(
    file: Path | None, *others: Path | None, write: bool, grounding: Path | None
) -> None:
    """Refuse options that do not go together."""
    baseline = others[-1]
    if write and baseline is None:
        raise typer.BadParameter(
            "--write-baseline needs --baseline PATH, the file to write.", param_hint="--baseline"
        )
    if file is None and grounding is None:
        raise typer.BadParameter("Name a file of questions.", param_hint="FILE")
    if file is None and any(others):
        raise typer.BadParameter("Name a file of questions for that.", param_hint="FILE")


def _check_files(against: Path | None, plot: Path | None, baseline: Path | None) -> None:
    """Find what is wrong with the other settings and with the files to write."""
    from careerqa.evaluation.files import check_baseline, check_plot

    if against:
        settings_from(against)
    if plot:
        check_plot(plot)
    if baseline:
        check_baseline(baseline)


def _grounding(path: Path | None, config: Path | None) -> Scores | None:
    """The scores of the grounding check on a file of completions, where one is named."""
    if path is None:
        return None
    from careerqa.evaluation.grounding import grounding_scores

    return grounding_scores(path, sources=settings_from(config).corpus.path / "sources.toml")


def _score_grounding(path: Path | None, config: Path | None, *, as_json: bool) -> None:
    from careerqa.evaluation.grounding import grounding_json, show_grounding
    from careerqa.terminal.output import console

    scores = _grounding(path, config)
    if as_json:
        print_json(grounding_json(scores))
    else:
        show_grounding(scores, console())


def _ask(
    questions: Sequence[EvaluationQuestion], config: Path | None, *, quiet: bool
) -> list[QuestionScore]:
    """The scores of the questions under the settings of a file."""
    from careerqa.evaluation.questions import check_documents, missing_evidence
    from careerqa.evaluation.scoring import evaluate, responder_of
    from careerqa.terminal import output

    with with_service(config, quiet=quiet) as service:
        documents = {document.id: document.text for document in service.documents()}
        check_documents(questions, documents)
        stale = missing_evidence(questions, documents)
        if stale:
            output.warn(
                "the documents do not hold the evidence of "
                f"{output.count(len(stale), 'question')}: {', '.join(stale[:10])}"
                f"{' ...' if len(stale) > 10 else ''}. Nothing can cover it."
            )
        respond = responder_of(service)
        # Models load with the first question; the latencies are of a program that is up.
        next(evaluate(questions[:1], respond, documents))
        scores = []
        with _progress(len(questions), quiet=quiet) as advance:
            for score in evaluate(questions, respond, documents):
                scores.append(score)
                advance(len(scores))
        return scores


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Any]:
    """A function to call with the number of questions done; silent while it goes quickly."""
    from careerqa.terminal import output

    started = time.perf_counter()
    with contextlib.ExitStack() as stack:
        report: Any = None

        def advance(done: int) -> None:
            nonlocal report
            if report is None and time.perf_counter() - started > PATIENCE_SECONDS and not quiet:
                if output.console(stderr=True).is_terminal:
                    report = stack.enter_context(output.progress())
                else:
                    output.note(f"Asking {output.count(total, 'question')} ...")
                    report = _nothing
            if report is not None:
                report("Asking", done, total)

        yield advance


def _nothing(what: str, done: int, total: int) -> None:
    """Where a bar would move."""


def _draw(
    scores: Sequence[QuestionScore],
    others: Sequence[QuestionScore] | None,
    path: Path,
    *,
    question_set: str,
) -> None:
    from careerqa.evaluation.confidence import confidence_report
    from careerqa.evaluation.plot import draw

    reports = [("this", confidence_report(scores))]
    if others is None:
        reports = [("careerqa", reports[0][1])]
    else:
        reports.append(("other", confidence_report(others)))
    draw(reports, path, title=f"{question_set}: {len(scores)} questions")
