"""`careerqa expand`: a language model writes questions for statements that have none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from careerqa.cli.doors import (
    ConfigOption,
    DebugOption,
    QuietOption,
    errors_reported,
    exit_codes_text,
    opened_service,
    settings_from,
)

if TYPE_CHECKING:
    from careerqa.expansion.plan import Plan
    from careerqa.expansion.writing import Written

_LINE_EVERY = 20
"""Statements between two lines of progress where there is no terminal."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="expand", epilog=exit_codes_text())(expand)


def expand(
    *,
    llm: Annotated[
        str | None,
        typer.Option(
            "--llm",
            metavar="NAME",
            help=r"Language model that writes, as \[llm] describes it: openai (any compatible "
            "server), anthropic or a plug-in's name.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Most statements.", show_default=False)
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(
            "--document",
            metavar="ID",
            help="Only this document, by its path in the corpus.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take; send nothing.")
    ] = False,
    parallel: Annotated[
        int, typer.Option("--parallel", min=1, max=64, help="Most calls at once.")
    ] = 4,
    per_minute: Annotated[
        int, typer.Option("--per-minute", min=1, max=100_000, help="Most calls begun in a minute.")
    ] = 60,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Have a language model write the questions that statements answer, for those without any.

    They are kept in corpus/expansions; after careerqa index they serve every search, without one.

    It can be interrupted and goes on where it stopped.
    """
    with errors_reported(debug), opened_service(settings_from(config)) as service:
        from careerqa.errors import SettingsError
        from careerqa.expansion import writing
        from careerqa.expansion.plan import plan
        from careerqa.terminal import output

        planned = plan(service.settings, document=document, limit=limit)
        _show_plan(planned, service.settings.llm.encoding, quiet=quiet and not dry_run)
        if dry_run or not planned.statements:
            return
        model, _ = service.llm(llm)
        if model is None:
            raise SettingsError(
                "There is no language model to write questions. Describe one in [llm] of "
                "config.toml, or name it with --llm."
            )
        with output.progress(quiet=quiet) as report:
            service.rebuild(report=report)  # questions are led back through the current index
        with _progress(len(planned.statements), quiet=quiet) as told:
            written = writing.write(
                planned.statements,
                model,
                service,
                parallel=parallel,
                per_minute=per_minute,
                report=told,
            )
        _show_written(written)


def _show_plan(planned: Plan, encoding: str, *, quiet: bool) -> None:
    from careerqa.llm.budget import Counter
    from careerqa.terminal.output import count, note

    documents = len({statement.document_id for statement in planned.statements})
    if not planned.statements:
        note("Every statement has its written questions.", quiet=quiet)
    else:
        counter = Counter(encoding)
        sent, received = planned.tokens(counter)
        about = "estimated" if counter.warning else "counted"
        note(
            f"{count(len(planned.statements), 'statement')} of {count(documents, 'document')} "
            f"without written questions: about {sent:,} tokens to send ({about}) and "
            f"{received:,} to receive.",
            quiet=quiet,
        )
    if planned.inert:
        what = "statement speaks" if planned.inert == 1 else "statements speak"
        note(
            f"{planned.inert} {what} to a language model rather than to a reader: passed over.",
            quiet=quiet,
        )


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[Written], None] | None]:
    """A function that shows how far the writing is, with the tokens that it took."""
    from careerqa.terminal import output

    out = output.console(stderr=True)
    if quiet:
        yield None
    elif not out.is_terminal or out.is_dumb_terminal:

        def line(written: Written) -> None:
            if written.statements % _LINE_EVERY == 0 or written.statements == total:
                output.note(f"{written.statements:,}/{total:,} statements, {_so_far(written)}")

        yield line
    else:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        with Progress(
            TextColumn("Writing questions"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=out,
            transient=True,
        ) as bars:
            task = bars.add_task("", total=total)
            yield lambda written: bars.update(
                task, completed=written.statements, description=_so_far(written)
            )


def _so_far(written: Written) -> str:
    return f"{written.questions:,} questions kept, {written.tokens:,} tokens"


def _show_written(written: Written) -> None:
    from rich.text import Text

    from careerqa.terminal.output import console, count, put, shown, warn

    dropped = sum(written.dropped.values())
    out = console()
    put(
        out,
        Text(
            f"{count(written.questions, 'question')} for {count(written.statements, 'statement')} "
            f"kept, {dropped:,} dropped; {written.prompt_tokens:,} tokens sent and "
            f"{written.answer_tokens:,} received."
        ),
    )
    for reason, number in sorted(written.dropped.items(), key=lambda item: -item[1]):
        put(out, Text(f"{number:>6,} {reason}"), indent="  ")
    if written.failed:
        warn(
            f"{count(written.failed, 'call')} failed, the last one so: {shown(written.failure)} "
            "Run careerqa expand again for those statements."
        )
    if written.questions:
        put(out, Text("Run careerqa index to use them."))
