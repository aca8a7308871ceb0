"""The command line: parses, calls one object, renders.

Answers go to stdout, progress and messages to stderr. Whatever is heavy is imported inside the
commands.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from careerqa import __version__
from careerqa.cli.doors import (
    ABSTAINED,
    ANSWERED,
    ConfigOption,
    DebugOption,
    JsonOption,
    LLMOption,
    QuestionArgument,
    QuietOption,
    checked_question,
    ensure_index,
    errors_reported,
    exit_codes_text,
    opened_service,
    print_json,
    settings_from,
)

if TYPE_CHECKING:
    import socket

MORE_COMMANDS = (
    "eval",
    "calibrate",
    "chat",
    "expand",
    "figures",
    "compare",
    "search",
)
"""Modules with a `register(app)` that adds commands; each imports nothing heavy at its top."""

app = typer.Typer(
    name="careerqa",
    help="Answers career questions from documents, in verbatim, cited quotes.",
    epilog=exit_codes_text(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"careerqa {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command(epilog=exit_codes_text())
def ask(
    question: QuestionArgument = None,
    *,
    as_json: JsonOption = False,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, max=50, help="Most statements to quote.", show_default=False),
    ] = None,
    llm: LLMOption = None,
    show_prompt: Annotated[
        bool,
        typer.Option("--show-prompt", help="Print what a language model would get; send nothing."),
    ] = False,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Answer a question with quotes from the documents, or say that they do not tell."""
    with errors_reported(debug):
        settings = settings_from(config)
        words = checked_question(question, settings)
        with opened_service(settings) as service:
            ensure_index(service, quiet=quiet)
            from careerqa.reply import reply_of
            from careerqa.terminal import output

            out = output.console()
            if show_prompt:
                from careerqa.terminal.llm import print_prompt

                sent = print_prompt(service, words, out, top=top, llm=llm)
                raise typer.Exit(ANSWERED if sent else ABSTAINED)
            streams = out.is_terminal and not as_json
            if streams:
                from careerqa.terminal.llm import stream

                outcome = stream(service, words, out, top=top, llm=llm)
            else:
                outcome = service.ask(words, top=top, llm=llm)
        reply = reply_of(outcome)
        if as_json:
            print_json(reply.model_dump(mode="json"))
        else:
            from careerqa.terminal.reply import show_reply

            show_reply(reply, settings.corpus.path, out, prose=not streams)
            for warning in reply.warnings:
                output.warn(warning)
        if debug and outcome.prose:
            from careerqa.terminal.llm import verdicts

            for verdict in verdicts(outcome.prose):
                output.note(verdict)
    raise typer.Exit(ANSWERED if reply.status == "answered" else ABSTAINED)


@app.command()
def index(
    full: Annotated[
        bool, typer.Option("--full", help="Embed everything anew, taking nothing over.")
    ] = False,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Bring the index up to date with the corpus and the settings."""
    with errors_reported(debug), opened_service(settings_from(config)) as service:
        from careerqa.terminal import output
        from careerqa.terminal.overview import show_build

        start = time.perf_counter()
        with output.progress(quiet=quiet) as report:
            result = service.rebuild(full=full, report=report)
        show_build(result, seconds=time.perf_counter() - start, out=output.console())


@app.command()
def status(
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Say what the index holds and what a rebuild would do."""
    with errors_reported(debug):
        from careerqa.errors import CareerQAError
        from careerqa.indexing.overview import status_json, status_of

        settings = settings_from(config)
        try:
            found = status_of(settings)
        except CareerQAError as error:
            if as_json:
                print_json(status_json(error, settings.index.path))
            raise
        if as_json:
            print_json(status_json(found, settings.index.path))
        else:
            from careerqa.terminal.output import console
            from careerqa.terminal.overview import show_status

            show_status(found, console())


@app.command()
def sources(
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List the documents of the corpus and how far written questions cover them."""
    with errors_reported(debug):
        from careerqa.indexing.overview import sources_of

        found = sources_of(settings_from(config))
        if as_json:
            print_json(asdict(found))
        else:
            from careerqa.terminal.output import console
            from careerqa.terminal.overview import show_sources

            show_sources(found, console())


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 for any free one."),
    ] = None,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Answer over HTTP until stopped."""
    with errors_reported(debug):
        settings = settings_from(config, {"server": {"host": host, "port": port}})
        with (
            _listening(settings.server.host, settings.server.port) as listener,
            opened_service(settings) as service,
        ):
            import uvicorn

            from careerqa.api import create_app
            from careerqa.terminal import output

            address, number = listener.getsockname()[:2]
            shown = f"[{address}]" if ":" in address else address
            output.note(f"Listening on http://{shown}:{number} (Ctrl-C stops)")
            server = uvicorn.Server(uvicorn.Config(create_app(service), log_level="warning"))
            with contextlib.suppress(KeyboardInterrupt):  # the usual way to stop it
                server.run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        SettingsError: If that is not possible.
    """
    import socket

    from careerqa.errors import SettingsError

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (while")[0]  # else it repeats the address
        raise SettingsError(
            f"Cannot listen on {host}, port {port}: {reason}. "
            "Choose others with --host and --port, or in [server] of config.toml."
        ) from error


def _register_more() -> None:
    for name in MORE_COMMANDS:
        importlib.import_module(f"careerqa.cli.{name}").register(app)


_register_more()


def main() -> None:
    """Run the program."""
    # Importing makes many objects and little garbage: collecting less often takes a tenth off a
    # cold question (1.40 s -> 1.24 s, November 2026).
    gc.set_threshold(200_000, 50, 1000)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no such letter shows a question mark instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="careerqa")
