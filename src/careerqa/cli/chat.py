"""`careerqa chat`: questions one after the other, follow-up questions included."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from careerqa.cli.doors import (
    INTERRUPTED,
    ConfigOption,
    DebugOption,
    LLMOption,
    QuietOption,
    errors_reported,
    exit_codes_text,
    with_service,
)

BELOW = 1
"""Exit code of --check where a follow-up question is understood otherwise than expected."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="chat", epilog=exit_codes_text())(chat)


def chat(
    *,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, max=50, help="Most statements to quote.", show_default=False),
    ] = None,
    llm: LLMOption = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="PATH",
            help="Score the rules for follow-up questions on conversations (JSON lines) instead.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Hold a conversation; "And for seniors?" takes the rest from the questions before."""
    with errors_reported(debug):
        if check is not None:
            _check(check)
            return
        from careerqa.terminal.chat import Chat, piped_lines, terminal_lines
        from careerqa.terminal.output import console, note

        typed = sys.stdin.isatty()
        with with_service(config, quiet=quiet) as service:
            service.llm(llm)  # a setting that is wrong shows before the first question
            if typed:
                note("Ask, or /help. Ctrl-D leaves.", quiet=quiet)
            talk = Chat(service, console(), top=top, llm=llm, echo=not typed)
            left = talk.run(terminal_lines() if typed else piped_lines())
        if not left:
            raise typer.Exit(INTERRUPTED)


def _check(path: Path) -> None:
    from rich.table import Table
    from rich.text import Text

    from careerqa.evaluation.conversations import halves, read_conversations, score
    from careerqa.terminal.output import console, put, shown

    out = console()
    table = Table(box=None, pad_edge=False)
    table.add_column("conversations")
    for name in ("rewritten or not", "words kept", "words dropped"):
        table.add_column(name, justify="right")
    faults: list[str] = []
    for name, half in zip(("tuned on", "others"), halves(read_conversations(path)), strict=True):
        found = score(half)
        table.add_row(
            f"{len(half)} {name}", *(str(t) for t in (found.decided, found.kept, found.dropped))
        )
        faults += found.faults
    out.print(table)
    for fault in faults:
        put(out, Text(shown(fault)), indent="    ", first="  ")
    if faults:
        raise typer.Exit(BELOW)
