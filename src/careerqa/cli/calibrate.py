"""`careerqa calibrate`: fits ranking and confidence for the model and documents in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careerqa.cli.doors import (
    ConfigOption,
    DebugOption,
    QuietOption,
    errors_reported,
    exit_codes_text,
    with_service,
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="calibrate", epilog=exit_codes_text())(calibrate)


def calibrate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Questions with their evidence, one JSON object a line."
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="PATH",
            help="File to write. Without it: answer.calibration of the settings.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Fit ranking and confidence on questions with known evidence, for this model and corpus.

    Questions that the documents do not answer come from FILE and from the corpus's
    expansions/unanswered.jsonl. The figures printed are cross-validated.
    """
    with errors_reported(debug):
        from careerqa.fitting.fit import calibrated
        from careerqa.retrieval import calibration
        from careerqa.terminal.output import progress

        with with_service(config, quiet=quiet) as service:
            with progress(quiet=quiet) as report:
                fitted = calibrated(service, files, progress=report)
            path = output or service.settings.answer.calibration
            calibration.write(path, fitted)
        for name, figures in fitted.measured.items():
            shown = ", ".join(f"{key} {value:.3f}" for key, value in figures.items())
            typer.echo(f"{name}: {shown}")
        typer.echo(f"Written to {path}.")
