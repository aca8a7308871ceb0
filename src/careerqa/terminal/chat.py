"""A conversation on the terminal or from a pipe: messages in, replies out."""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from careerqa.conversation.standalone import MAX_ANSWER_CHARACTERS, MAX_TURNS, Turn
from careerqa.errors import CareerQAError, QuestionError
from careerqa.terminal.output import complain, note, place, put, shown, warn

if TYPE_CHECKING:
    from careerqa.reply import Reply
    from careerqa.service import CareerQA

HELP: Final = """\
Ask in words; a follow-up question such as "And for seniors?" takes the rest from those before.
/sources  where the last answer's quotes come from; before one, the documents
/clear    forget the conversation
/help     this
/quit     leave, as Ctrl-D does
A line that ends in \\ goes on in the next one; text between lines of \"\"\" may have many lines.
Ctrl-C cancels the question; a second one leaves.\
"""
PROMPT: Final = "> "
MORE_PROMPT: Final = ". "
BLOCK: Final = '"""'
_LONGEST_LINE: Final = 1_000_000  # bytes of a piped line that are read at once

ReadLine = Callable[[str], str]
"""Takes a prompt and gives a line without its end; raises EOFError after the last one."""


def read_message(read_line: ReadLine) -> str:
    r"""The next message: a line, lines that end in `\`, or a block between lines of three quotes.

    A block that is not closed ends with the input.

    Raises:
        EOFError: If there is none.
    """
    line = read_line(PROMPT)
    if line.strip().startswith(BLOCK):
        return _block(line.strip().removeprefix(BLOCK), read_line)
    parts = []
    while line.endswith("\\"):
        parts.append(line[:-1])
        try:
            line = read_line(MORE_PROMPT)
        except EOFError:
            line = ""
    return "\n".join([*parts, line]).strip()


def _block(first: str, read_line: ReadLine) -> str:
    lines = []
    line = first
    while not line.rstrip().endswith(BLOCK):
        lines.append(line)
        try:
            line = read_line(MORE_PROMPT)
        except EOFError:
            return "\n".join(lines).strip()
    return "\n".join([*lines, line.rstrip().removesuffix(BLOCK)]).strip()


def terminal_lines() -> ReadLine:
    """Lines typed on a terminal, with a history of lines and editing where there is readline."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (input() uses it once it is imported)

    def read(prompt: str) -> str:
        line = input(prompt)
        bad = next((c for c in line if "\ud800" <= c <= "\udfff"), None)
        if bad is not None:
            raise QuestionError(
                f"The question is not valid text: it holds byte 0x{ord(bad) & 0xFF:02x}. "
                "Type it as UTF-8."
            )
        return line

    return read


def piped_lines() -> ReadLine:
    """Lines of stdin, which is no terminal; no prompt is shown."""
    lines = _numbered()

    def read(prompt: str) -> str:
        number, data = next(lines, (0, None))
        if data is None:
            raise EOFError
        try:
            return data.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise QuestionError(
                f"stdin, line {number}: not UTF-8, byte 0x{data[error.start]:02x}. "
                "Pipe the questions in as UTF-8."
            ) from error

    return read


def _numbered() -> Iterator[tuple[int, bytes]]:
    number = 0
    while data := sys.stdin.buffer.readline(_LONGEST_LINE):
        number += 1
        yield number, data


class Chat:
    """A conversation with the service.

    Args:
        service: What answers.
        out: Where replies go.
        top: Most statements to quote.
        llm: Name of the language model, as `CareerQA.ask` takes it.
        echo: Whether questions are shown, as where they come from a pipe.
    """

    def __init__(
        self,
        service: CareerQA,
        out: Console,
        *,
        top: int | None = None,
        llm: str | None = None,
        echo: bool = False,
    ) -> None:
        self._service = service
        self._out = out
        self._top = top
        self._llm = llm
        self._echo = echo
        self._history: deque[Turn] = deque(maxlen=MAX_TURNS)
        self._last: Reply | None = None

    def run(self, read_line: ReadLine) -> bool:
        """Answer until the input ends or somebody leaves; False after a second Ctrl-C."""
        interrupted = False
        while True:
            try:
                message = read_message(read_line)
                interrupted = False
                if not self.handle(message):
                    return True
            except EOFError:
                return True
            except KeyboardInterrupt:
                if interrupted:
                    return False
                interrupted = True
                self._out.print()
                note("Cancelled. Ctrl-C again or Ctrl-D leaves.")
            except CareerQAError as error:
                complain(str(error))

    def handle(self, message: str) -> bool:
        """Answer a message or carry out a command; False to leave.

        Raises:
            CareerQAError: If the question cannot be answered; the conversation can go on.
        """
        if not message:
            return True
        if message.startswith("/"):
            return self._command(message.split(maxsplit=1)[0].lower())
        if self._echo:
            put(self._out, Text(shown(message), style="bold"), indent="  ", first=PROMPT)
        self._answer(message)
        return True

    def _command(self, name: str) -> bool:
        if name in ("/quit", "/exit", "/q"):
            return False
        if name in ("/help", "/?"):
            self._out.print(Text(HELP), soft_wrap=True)
        elif name == "/clear":
            self._history.clear()
            self._last = None
            note("The conversation is forgotten.")
        elif name == "/sources":
            self._sources()
        else:
            note(f"There is no {name}. /help lists what there is.")
        return True

    def _answer(self, question: str) -> None:
        from careerqa.reply import reply_of
        from careerqa.terminal.llm import stream
        from careerqa.terminal.reply import show_reply

        streams = self._out.is_terminal
        history = tuple(self._history)
        if streams:
            outcome = stream(
                self._service, question, self._out, top=self._top, llm=self._llm, history=history
            )
        else:
            outcome = self._service.ask(question, top=self._top, llm=self._llm, history=history)
        reply = reply_of(outcome)
        if reply.standalone_question:
            put(self._out, Text(f"Understood as: {shown(reply.standalone_question)}", style="dim"))
        show_reply(reply, self._service.settings.corpus.path, self._out, prose=not streams)
        self._out.print()
        for warning in reply.warnings:
            warn(warning)
        # Kept as it was understood: later turns may reach back further than what is kept.
        answer = reply.answer if reply.status == "answered" else ""
        self._history.append(
            Turn(reply.standalone_question or question, answer[:MAX_ANSWER_CHARACTERS])
        )
        self._last = reply

    def _sources(self) -> None:
        if self._last is None:
            from careerqa.indexing.overview import sources_of
            from careerqa.terminal.overview import show_sources

            show_sources(sources_of(self._service.settings), self._out)
            return
        for quote in self._last.quotes or self._last.nearest:
            parts = [quote.title, quote.published or "", quote.url or ""]
            where = place(self._service.settings.corpus.path / quote.document)
            said = " — ".join(shown(part) for part in parts if part)
            kind = shown(quote.provenance.replace("_", " "))
            put(
                self._out,
                Text(f"{said} — {where}:{quote.line} ({kind})"),
                indent="    ",
                first=f"[{quote.id}] ",
            )
