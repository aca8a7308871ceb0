"""What every command shares: options, errors and exit codes, settings, the opened service.

Nothing heavy is imported before a command runs, so that `careerqa --help` stays quick.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from careerqa.errors import CareerQAError, QuestionError

if TYPE_CHECKING:
    from careerqa.service import CareerQA
    from careerqa.settings import Settings

DEBUG_VARIABLE: Final = "CAREERQA_DEBUG"

ANSWERED: Final = 0
ABSTAINED: Final = 3
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141  # 128 + SIGPIPE, as shells report it

EXIT_CODES: Final[Mapping[int, str]] = {
    ANSWERED: "answered, or done",
    1: "failed otherwise",
    2: "wrong usage, or a question that cannot be asked",
    ABSTAINED: "abstained: the documents do not say",
    4: "unusable settings",
    5: "unreadable corpus",
    6: "no index yet",
    7: "the index does not fit the settings",
    8: "another process is building the index",
    9: "model unavailable",
    10: "language model failed",
    11: "the evaluation cannot run",
    INTERRUPTED: "interrupted",
    BROKEN_PIPE: "nobody reads the output any more",
}
"""Every exit code; those of errors are `CareerQAError.exit_code`."""

QuestionArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUESTION",
        help="The question; - or nothing reads it from stdin.",
        show_default=False,
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="Settings file. Without it: $CAREERQA_CONFIG, else the nearest config.toml upward.",
        show_default=False,
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LLMOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="NAME",
        help=r"Language model to word the answer with, as \[llm] describes it: openai (any "
        "compatible server), anthropic, a plug-in's name, or none.",
        show_default=False,
    ),
]
DebugOption = Annotated[
    bool, typer.Option("--debug", help=f"Show the traceback of an error (or {DEBUG_VARIABLE}=1).")
]


def exit_codes_text() -> str:
    """The exit codes for `--help`, one a line."""
    return "\n".join(["Exit codes:", *(f"{code:>5}  {what}" for code, what in EXIT_CODES.items())])


@contextlib.contextmanager
def errors_reported(debug: bool = False) -> Iterator[None]:
    """Turn what goes wrong in a command into one line on stderr and an exit code.

    A reader that has gone away (`| head`) ends the command without a word.
    """
    try:
        yield
        sys.stdout.flush()
    except CareerQAError as error:
        _fail(str(error), error.exit_code, debug)
    except BrokenPipeError:
        _settle_output()
        raise typer.Exit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        _fail("interrupted; nothing is lost.", INTERRUPTED, debug)
    except (typer.Exit, typer.TyperException):
        raise
    except OSError as error:
        _settle_output()
        where = f" ({error.filename})" if error.filename is not None else ""
        _fail(f"{error.strerror or error}{where}.", 1, debug)
    except Exception as error:  # noqa: BLE001  (the last door: a user gets a line, not a traceback)
        hint = "" if debug else " Run it again with --debug for the traceback."
        _fail(f"unexpected {type(error).__name__}: {error}.{hint}", 1, debug)


def _fail(message: str, code: int, debug: bool) -> NoReturn:
    if debug or os.environ.get(DEBUG_VARIABLE, "") not in ("", "0"):
        import traceback

        traceback.print_exc()
    from careerqa.terminal.output import complain

    complain(message)
    raise typer.Exit(code) from None


def _settle_output() -> None:
    """Write what is buffered for stdout, or send it nowhere: at exit it must not fail again."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            target = sys.stdout.fileno()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, target)
            os.close(nowhere)


def settings_from(
    config: Path | None, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """The settings that a command runs under.

    Raises:
        SettingsError: If they are unusable.
    """
    from careerqa.settings import load_settings

    return load_settings(config, overrides)


@contextlib.contextmanager
def opened_service(settings: Settings) -> Iterator[CareerQA]:
    """The service of these settings, closed afterwards."""
    from careerqa.service import CareerQA

    with contextlib.closing(CareerQA.from_settings(settings)) as service:
        yield service


@contextlib.contextmanager
def with_service(
    config: Path | None,
    *,
    quiet: bool = False,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[CareerQA]:
    """A service that can answer: settings loaded, the index built first where there is none."""
    with opened_service(settings_from(config, overrides)) as service:
        ensure_index(service, quiet=quiet)
        yield service


def ensure_index(service: CareerQA, *, quiet: bool = False) -> None:
    """Build the index where there is none, if [index] build_on_ask allows it.

    Otherwise asking raises IndexMissingError, which says what to run.
    """
    if service.has_index() or not service.settings.index.build_on_ask:
        return
    from careerqa.terminal import output
    from careerqa.terminal.overview import show_build

    output.note("There is no index yet. Building it once ...", quiet=quiet)
    with output.progress(quiet=quiet) as report:
        result = service.rebuild(report=report)
    show_build(result, seconds=None, quiet=quiet)


def question_from(words: list[str], max_characters: int) -> str:
    """The question: the words of the command line; stdin for `-` or where it is piped in.

    Raises:
        typer.BadParameter: If there is neither.
        QuestionError: If it is not text, or longer than `max_characters` on stdin.
    """
    if words and words != ["-"]:
        question = " ".join(words)
        bad = next((ord(c) for c in question if "\ud800" <= c <= "\udfff"), None)
        if bad is not None:
            # Python passes a byte that it cannot decode on as U+DC00 plus the byte (PEP 383).
            what = f"byte 0x{bad & 0xFF:02x}" if 0xDC80 <= bad <= 0xDCFF else f"U+{bad:04X} alone"
            raise QuestionError(
                f"The question is not valid text: it holds {what}. Pass it as UTF-8."
            )
        return question
    if not words and sys.stdin.isatty():
        raise typer.BadParameter(
            'Ask something, as in careerqa ask "What does an AI engineer earn?", '
            "or pipe the question in.",
            param_hint="QUESTION",
        )
    # Four bytes are the longest character; one more shows that there is too much.
    limit = 4 * max_characters + 4096
    data = sys.stdin.buffer.read(limit)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        question = decoder.decode(data, final=len(data) < limit)
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"stdin is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}. "
            "Pipe the question in as UTF-8."
        ) from error
    if len(data) == limit:
        raise QuestionError(
            f"The question on stdin is longer than {max_characters:,} characters. "
            "Shorten it, or raise [answer] max_question_characters."
        )
    return question.rstrip("\r\n")


def checked_question(words: list[str] | None, settings: Settings) -> str:
    """The question of `question_from`, checked before anything is built for it.

    Raises:
        typer.BadParameter: If there is none.
        QuestionError: If it cannot be asked.
    """
    from careerqa.retrieval.question import check_question

    limit = settings.answer.max_question_characters
    question = question_from(words or [], limit)
    check_question(question, limit)
    return question


def print_json(value: Any) -> None:
    """JSON on stdout, indented, letters beyond ASCII as they are where the output can hold them."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
