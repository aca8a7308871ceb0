"""Questions that a language model writes at index time, for statements that have none.

They go into the files that `questions` reads, one line a statement, as soon as they are written:
those files are the cache, so a run that was interrupted goes on where it stopped. A statement that
nothing was kept for gets an empty line and is not asked for again.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from careerqa.errors import BuildInProgressError, LLMError
from careerqa.expansion.filter import QuestionFilter
from careerqa.expansion.plan import Statement
from careerqa.expansion.questions import Expansion, expansion_file

if TYPE_CHECKING:
    from careerqa.llm.protocol import LLM
    from careerqa.service import CareerQA

_FAILURES_IN_A_ROW: Final = 3  # then the server is taken to be gone


@dataclass(slots=True)
class Written:
    """What came of it so far; `dropped` counts questions by why they were."""

    statements: int = 0
    questions: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    failure: str = ""

    @property
    def tokens(self) -> int:
        """Tokens in all, as the server counts them."""
        return self.prompt_tokens + self.answer_tokens


def write(
    statements: Sequence[Statement],
    llm: LLM,
    service: CareerQA,
    *,
    parallel: int = 4,
    per_minute: int = 60,
    report: Callable[[Written], None] | None = None,
) -> Written:
    """Have the questions written, keep those that hold, and append them to their files.

    Ctrl-C ends the calls under way; what has come by then is kept.

    Args:
        statements: All of the current index, through which each question is led back.
        llm: Writes.
        service: Searches.
        parallel: Most calls at once.
        per_minute: Most calls begun in a minute.
        report: Called after each statement.

    Raises:
        BuildInProgressError: If another process is writing questions.
        LLMError: If one call after the other fails.
    """
    written = Written()
    sieve = QuestionFilter(service)
    failures = 0
    cancel = threading.Event()
    pace = Pace(per_minute)
    handled: set[Future[_Reply | None]] = set()

    def take(future: Future[_Reply | None]) -> None:
        nonlocal failures
        handled.add(future)
        try:
            reply = future.result()
        except LLMError as error:
            written.failed += 1
            written.failure = str(error)
            failures += 1
            if failures >= _FAILURES_IN_A_ROW:
                raise
            return
        if reply is None:
            return
        failures = 0
        _keep(reply, sieve, written, service.settings.corpus.path)
        if report:
            report(written)

    with _only_writer(service.settings.index.path), ThreadPoolExecutor(parallel) as pool:
        calls = [pool.submit(_ask, one, llm, pace, cancel) for one in statements]
        try:
            for call in as_completed(calls):
                take(call)
        except BaseException:
            cancel.set()
            pool.shutdown(cancel_futures=True)
            for call in calls:
                if call.done() and not call.cancelled() and call not in handled:
                    with contextlib.suppress(LLMError):
                        take(call)
            raise
    return written


@dataclass(frozen=True, slots=True)
class _Reply:
    statement: Statement
    questions: tuple[str, ...]
    prompt_tokens: int
    answer_tokens: int


class Pace:
    """Lets calls begin at even intervals, from any thread."""

    def __init__(self, per_minute: int) -> None:
        self._seconds = 60.0 / per_minute
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self, cancel: threading.Event) -> bool:
        """Wait for one's turn; False if cancelled meanwhile."""
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._seconds
        return not cancel.wait(max(0.0, turn - now))


def _ask(statement: Statement, llm: LLM, pace: Pace, cancel: threading.Event) -> _Reply | None:
    """The questions of one statement; None if cancelled."""
    from careerqa.llm.protocol import End

    if not pace.wait(cancel):
        return None
    text, end = "", End()
    call = cast("Generator[str | End]", llm.stream(statement.prompt(), cancel=cancel))
    with closing(call) as pieces:
        for piece in pieces:
            if isinstance(piece, End):
                end = piece
            elif len(text) < 100_000:
                text += piece
    if cancel.is_set():
        return None
    questions = questions_in(text)
    if questions is None:
        raise LLMError("The language model sent no list of questions.")
    usage = end.usage
    return _Reply(
        statement,
        questions,
        usage.prompt_tokens if usage else 0,
        usage.answer_tokens if usage else 0,
    )


def questions_in(text: str) -> tuple[str, ...] | None:
    """The questions of a completion: a list in JSON, else its lines; None where there is none."""
    plain = re.sub(r"\A\s*```\w*\n|```\s*\Z", "", text).strip()
    try:
        found = json.loads(plain)
        listed = found["questions"] if isinstance(found, dict) else found
        return tuple(q for q in listed if isinstance(q, str)) if isinstance(listed, list) else None
    except (ValueError, KeyError):
        lines = [re.sub(r"^\W*\d*[.)\W]*(?=\w)", "", line).strip() for line in plain.splitlines()]
        asked = tuple(line for line in lines if line.endswith("?"))
        return asked or None


def _keep(reply: _Reply, sieve: QuestionFilter, written: Written, corpus: Path) -> None:
    statement = reply.statement
    path = expansion_file(corpus, statement.document_id)
    kept, dropped = sieve.sift(statement, reply.questions, path)
    append_expansion(path, Expansion(statement.text, kept))
    written.statements += 1
    written.questions += len(kept)
    written.prompt_tokens += reply.prompt_tokens
    written.answer_tokens += reply.answer_tokens
    for reason in dropped:
        written.dropped[reason] = written.dropped.get(reason, 0) + 1


def append_expansion(path: Path, entry: Expansion) -> None:
    """Append a statement to a file of written questions, in one write that is then on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"text": entry.text, "questions": list(entry.questions)}, ensure_ascii=False)
    with path.open("a+b", buffering=0) as file:
        file.seek(0, os.SEEK_END)
        before = b""
        if file.tell():
            file.seek(-1, os.SEEK_END)
            before = b"" if file.read(1) == b"\n" else b"\n"
        file.write(before + line.encode("utf-8", "replace") + b"\n")
        os.fsync(file.fileno())


@contextlib.contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "expand.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BuildInProgressError(
            f"Another process is writing questions (lock {folder / 'expand.lock'}). "
            "Wait until it has ended."
        ) from error
    try:
        yield
    finally:
        lock.release()
