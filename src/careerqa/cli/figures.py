"""`careerqa figures`: every figure of the documents with its basis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careerqa.cli.doors import (
    ABSTAINED,
    ConfigOption,
    DebugOption,
    JsonOption,
    QuietOption,
    errors_reported,
    exit_codes_text,
    print_json,
    with_service,
)

if TYPE_CHECKING:
    from careerqa.figures.reading import Figure

BELOW_TARGET = 1
"""Exit code of --check where a target is not reached."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="figures", epilog=exit_codes_text())(list_figures)


def list_figures(
    *,
    about: Annotated[
        str | None,
        typer.Option(
            metavar="MATTER",
            help="Only figures about pay, growth, demand, hiring, experience, skills, education, "
            "adoption or other.",
            show_default=False,
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            metavar="TITLE", help='Only this title, as "ML engineer".', show_default=False
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="entry, mid, senior or staff.", show_default=False),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="Also sample letters, testimonials, advertising; they are marked."
        ),
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot",
            metavar="PATH",
            help="Draw pay, else percentages, by role and level into this .png, .svg or .pdf.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="PATH",
            help="Score the figures against a hand-made list (JSON lines); "
            "exit code 1 below target.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """List the figures in the documents: value, role, level, measure, source and place."""
    if as_json and as_csv:
        raise typer.BadParameter("Choose one of --json and --csv.", param_hint="--csv")
    with errors_reported(debug):
        name, step = _role(role), _level(level)
        matter = _about(about)
        from careerqa.figures.reading import figures_of_generation

        with with_service(config, quiet=quiet) as service:
            generation = service.generation()
            figures = figures_of_generation(generation)
            if check is not None:
                _show_check(figures, check, as_json=as_json)
                return
            from careerqa.figures.report import chosen, rows_of

            fitting = chosen(figures, about=matter, role=name, level=step, every_provenance=every)
            rows = rows_of(fitting, generation.documents, generation.units)
        from careerqa.terminal.output import console, count, note, place

        if plot is not None:
            from careerqa.figures.plot import draw

            drawn = draw(rows, plot)
            what = f"{count(len(drawn), 'figure')} of {drawn[0].about}"
            note(f"{what} drawn into {place(plot)}.", quiet=quiet)
        if as_json:
            print_json([row.model_dump() for row in rows])
        elif as_csv:
            import io

            from careerqa.figures.report import write_csv

            text = io.StringIO(newline="")
            write_csv(rows, text)
            typer.echo(text.getvalue(), nl=False)
        elif plot is None:
            from careerqa.figures.report import show

            show(rows, console())
        _note_near(figures, name, quiet=quiet)
        if not rows:
            note("No figure in the documents fits.", quiet=quiet)
            raise typer.Exit(ABSTAINED)


def _role(text: str | None) -> str | None:
    if text is None:
        return None
    from careerqa.roles import load_vocabulary

    vocabulary = load_vocabulary()
    mention = vocabulary.role(text)
    if mention is None:
        names = ", ".join(title.name for title in vocabulary.in_play)
        raise typer.BadParameter(
            f"{text!r} is no title known here, as {names}.", param_hint="--role"
        )
    return mention.name


def _level(text: str | None) -> str | None:
    if text is None:
        return None
    from careerqa.roles import load_vocabulary

    vocabulary = load_vocabulary()
    name = vocabulary.level(text)
    if name is None:
        names = ", ".join(level.name for level in vocabulary.levels)
        raise typer.BadParameter(f"{text!r} is none of {names}.", param_hint="--level")
    return name


def _about(text: str | None) -> str | None:
    from careerqa.figures.measure import ABOUT

    if text is not None and text.casefold() not in ABOUT:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(ABOUT)}.", param_hint="--about")
    return text.casefold() if text else None


def _note_near(figures: tuple[Figure, ...], role: str | None, *, quiet: bool) -> None:
    """Say which titles are listed apart, so that nobody takes one for the other."""
    from careerqa.roles import load_vocabulary
    from careerqa.terminal.output import count, note

    if role is None:
        return
    near = [title.name for title in load_vocabulary().titles if title.near == role]
    held = {name: sum(figure.role == name for figure in figures) for name in near}
    for name, number in held.items():
        if number:
            note(f'"{name}" is another title, with {count(number, "figure")}.', quiet=quiet)


def _show_check(figures: tuple[Figure, ...], path: Path, *, as_json: bool) -> None:
    from dataclasses import asdict

    from rich.table import Table
    from rich.text import Text

    from careerqa.figures.check import check, read_gold
    from careerqa.terminal.output import console, put, shown

    result = check(figures, read_gold(path))
    if as_json:
        scores = [
            asdict(s) | {"precision": s.precision, "recall": s.recall, "target": s.target}
            for s in result.scores
        ]
        print_json(asdict(result) | {"scores": scores, "reached": result.reached})
    else:
        out = console()
        table = Table(box=None, pad_edge=False)
        table.add_column("field")
        for name in ("precision", "recall", "target", "right/stated/listed"):
            table.add_column(name, justify="right")
        for score in result.scores:
            table.add_row(
                score.name,
                *(f"{v:.3f}" if v is not None else "-" for v in (score.precision, score.recall)),
                f"≥ {score.target}" if score.target else "",
                f"{score.right}/{score.stated}/{score.expected}",
            )
        out.print(table)
        for difference in result.differences:
            put(out, Text(shown(difference)), indent="    ", first="  ")
    if not result.reached:
        raise typer.Exit(BELOW_TARGET)
