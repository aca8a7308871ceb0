from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from careerqa.cli import app
from careerqa.conversation.standalone import Turn
from careerqa.retrieval import searching
from careerqa.service import CareerQA
from careerqa.settings import Settings
from careerqa.terminal import chat
from careerqa.terminal.chat import Chat, ReadLine, read_message

LAMP = "Who trims the lamp?"
BRACKETED = re.compile(r"\x1b\[\?2004[hl]")  # readline marks what is pasted
IN_TERMINAL = """
import fcntl, signal, sys, termios
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job is started without it
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C on the pseudo-terminal reaches this process
sys.argv = ["careerqa", "chat"]
from careerqa.cli import main
main()
"""


def lines(*given: str | type[BaseException]) -> ReadLine:
    """Gives these lines and raises these exceptions, then ends."""
    rest = iter(given)

    def read(prompt: str) -> str:
        step = next(rest, EOFError)
        if isinstance(step, str):
            return step
        raise step

    return read


@pytest.fixture
def talk(tiny_index: Settings) -> Iterator[Callable[..., tuple[str, bool]]]:
    """Holds a conversation; gives what was printed and whether it ended by itself."""
    answer = tiny_index.answer.model_copy(update={"min_confidence": 0.0})
    careerqa = CareerQA(tiny_index.model_copy(update={"answer": answer}))

    def hold(*given: str | type[BaseException], echo: bool = False) -> tuple[str, bool]:
        out = io.StringIO()
        console = Console(file=out, width=80, highlight=False)
        ended = Chat(careerqa, console, echo=echo).run(lines(*given))
        return out.getvalue(), ended

    yield hold
    careerqa.close()


class TestMessages:
    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (["a"], "a"),
            (["  a  "], "a"),
            (["a\\", "b"], "a\nb"),
            (["a \\", "b\\", "c"], "a \nb\nc"),
            (["a\\"], "a"),
            (['"""', "a\\", "", "b", '"""'], "a\\\n\nb"),
            (['"""a', 'b"""'], "a\nb"),
            (['"""a"""'], "a"),
            (['"""', "a"], "a"),
            (["", "a"], ""),
        ],
    )
    def test_lines_that_belong_together(self, given: list[str], message: str) -> None:
        assert read_message(lines(*given)) == message

    def test_the_end(self) -> None:
        with pytest.raises(EOFError):
            read_message(lines())


Talk = Callable[..., tuple[str, bool]]


class TestChat:
    def test_a_follow_up_question_is_shown_as_it_was_understood(self, talk: Talk) -> None:
        out, ended = talk(LAMP, "At dusk?")
        assert ended
        assert out.count("A keeper trims the lamp at dusk.") == 2
        assert "Understood as: Who trims the lamp At dusk?" in out

    def test_clear_forgets(self, talk: Talk) -> None:
        out, _ = talk(LAMP, "/clear", "At dusk?")
        assert "Understood" not in out

    def test_commands(self, talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
        out, ended = talk("/help", "", "/nonsense", "/QUIT", LAMP)
        assert ended
        assert out.strip() == chat.HELP
        assert capsys.readouterr().err == "There is no /nonsense. /help lists what there is.\n"

    def test_sources_of_the_last_answer_or_all(self, talk: Talk, tmp_path: Path) -> None:
        out, _ = talk("/sources")
        assert "3 documents" in out
        out, _ = talk(LAMP, "/sources")
        assert re.search(r"^\[1\] .+:\d+ \(\w+\)$", out, re.MULTILINE | re.DOTALL)

    def test_an_error_ends_the_question_only(
        self, talk: Talk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out, ended = talk("?!", LAMP)
        assert ended
        assert "A keeper trims the lamp at dusk." in out
        assert capsys.readouterr().err.startswith(
            "careerqa: The question holds no letter or digit. Ask it in words.\n"
        )

    def test_questions_from_a_pipe_are_shown(self, talk: Talk) -> None:
        out, _ = talk(LAMP, echo=True)
        assert out.startswith(f"> {LAMP}\n")

    def test_interrupts(self, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
        assert talk(KeyboardInterrupt, KeyboardInterrupt, LAMP)[1] is False
        assert talk(KeyboardInterrupt, "", KeyboardInterrupt, EOFError)[1] is True

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(searching, "read_question", interrupted)
        out, ended = talk(LAMP)
        assert (out, ended) == ("\n", True)

    def test_what_was_cancelled_is_no_history(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[Turn, ...]] = []
        ask = CareerQA.ask

        def watched(self: CareerQA, question: str, *, history: tuple[Turn, ...], **more: object):  # type: ignore[no-untyped-def]
            seen.append(history)
            if len(seen) == 1:
                raise KeyboardInterrupt
            return ask(self, question, history=history)

        monkeypatch.setattr(CareerQA, "ask", watched)
        talk("What burns?", LAMP, "At dusk?", "Why?")
        assert [[turn.question for turn in history] for history in seen] == [
            [],
            [],
            [LAMP],
            [LAMP, "Who trims the lamp At dusk?"],
        ]
        assert seen[-1][0].answer.endswith("]")


class TestCommand:
    def test_lines_from_a_pipe(
        self, tiny_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config = tmp_path / "config.toml"
        config.write_text(
            '[embedding]\nmodel = "words"\nquestion_encoder = "sentence-transformers"\n'
            "[answer]\nmin_confidence = 0.0\n"
        )
        monkeypatch.chdir(tmp_path)
        given = f"{LAMP}\n\xff\nAt dusk?".encode("latin-1")
        result = CliRunner().invoke(app, ["chat", "--quiet"], input=given)
        assert result.exit_code == 0, result.output
        assert "> At dusk?" in result.stdout
        assert "Understood as: Who trims the lamp At dusk?" in result.stdout
        assert "careerqa: stdin, line 2: not UTF-8, byte 0xff. Pipe the" in result.stderr

    def test_check_prints_scores_and_faults(self, tmp_path: Path) -> None:
        turn = '{"question": "%s", "rewritten": %s, "must_keep": ["pay"], "must_drop": []}'
        first, second = turn % ("What do SWEs pay?", "false"), turn % ("Why is that?", "false")
        path = tmp_path / "c.jsonl"
        path.write_text(f'{{"id": "t", "turns": [{first}, {second}]}}\n')
        result = CliRunner().invoke(app, ["chat", "--check", str(path)])
        assert result.exit_code == 1
        assert re.search(r"1 others +0/1 +1/1 +0/0", result.stdout)
        assert "t: 'Why is that?' as" in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_a_terminal(real_index: Settings) -> None:
    """Ctrl-C clears the line, twice leaves; Ctrl-D leaves; a follow-up question is understood."""
    folder = real_index.corpus.path.parent
    environment = os.environ | {
        "CAREERQA_INDEX__PATH": str(real_index.index.path),
        "CAREERQA_CORPUS__PATH": str(real_index.corpus.path),
        "TERM": "dumb",
    }
    for typed, leave, code in ((b"", b"\x04", 0), (b"abc\x03", b"\x03", 130)):
        master, slave = pty.openpty()
        command = [sys.executable, "-c", IN_TERMINAL]
        process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        seen = _until(master, "> ")
        os.write(master, b"How much do AI engineers earn?\n")
        seen = _until(master, "> ", after="quotes from")
        os.write(master, b"And for seniors?\n")
        seen = _until(master, "> ", after="quotes from")
        assert "Understood as: How much do senior AI engineers earn?" in seen
        for key in typed:
            os.write(master, bytes([key]))
            time.sleep(0.2)
        if typed:
            _until(master, "> ")  # the line is cleared
        assert _pressed(master, leave, process) == code
        os.close(master)


def _pressed(master: int, key: bytes, process: subprocess.Popen[bytes]) -> int:
    """The exit code after a key, pressed again where a busy machine missed it."""
    for _ in range(12):
        os.write(master, key)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=5)
    process.kill()
    raise AssertionError(f"{key!r} does not leave")


def _until(master: int, prompt: str, after: str = "") -> str:
    """What a terminal shows until its prompt, once `after` stands there."""
    text = ""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        readable, _, _ = select.select([master], [], [], 0.2)
        if readable:
            text += os.read(master, 65536).decode(errors="replace")
        if after in text and BRACKETED.sub("", text).endswith(prompt):
            return text
    raise AssertionError(f"no prompt after {after!r}: {text}")
