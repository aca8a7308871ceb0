from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from careerqa.api.rebuilding import Rebuild, Rebuilder
from careerqa.errors import BuildInProgressError, CorpusError

Work = Callable[[Any], None]


def rebuilder(work: Work) -> Any:
    """One over a service whose rebuild calls `work` with the function to report with."""

    def rebuild(*, full: bool, report: Any) -> Any:
        work(report)
        return SimpleNamespace(
            built=full,
            embedded=2,
            reused=3,
            left_out=("bad.txt",),
            flagged=("a.txt:3: hidden text",),
        )

    service: Any = SimpleNamespace(rebuild=rebuild)
    return Rebuilder(service)


def ended(made: Rebuilder) -> Rebuild:
    """The rebuild, once its thread has ended."""
    assert made._thread is not None
    made._thread.join(10)
    last = made.last()
    assert last is not None
    assert last.finished_at is not None
    assert last.finished_at >= last.started_at
    return last


def test_none_has_run() -> None:
    made = rebuilder(lambda report: None)
    assert made.last() is None
    made.stop()
    assert made.last() is None


@pytest.mark.parametrize("full", [True, False])
def test_what_it_did_is_kept(full: bool) -> None:
    made = rebuilder(lambda report: report("Reading", 1, 7))
    made.start(full=full)
    last = ended(made)
    assert (last.state, last.stage, last.done, last.total) == ("succeeded", "Done", 1, 1)
    assert (last.full, last.built, last.embedded, last.reused) == (full, full, 2, 3)
    assert (last.left_out, last.error) == (("bad.txt",), None)
    assert last.flagged == ("a.txt:3: hidden text",)


def test_only_one_runs_and_the_next_follows() -> None:
    go = threading.Event()

    def work(report: Any) -> None:
        report("Embedding", 3, 9)
        go.wait(10)

    made = rebuilder(work)
    started = made.start()
    assert (started.state, started.stage, started.done, started.total) == (
        "running",
        "Embedding",
        3,
        9,
    )
    with pytest.raises(BuildInProgressError, match=r"A rebuild is running already\. GET /index"):
        made.start()
    go.set()
    assert ended(made).state == "succeeded"
    assert made.start(full=True).full
    assert ended(made).state == "succeeded"


def test_a_refused_one_leaves_the_last_in_place() -> None:
    refuse = False

    def work(report: Any) -> None:
        if refuse:
            raise BuildInProgressError("Another process builds.")

    made = rebuilder(work)
    made.start()
    before = ended(made)
    refuse = True
    with pytest.raises(BuildInProgressError, match=r"Another process builds\."):
        made.start()
    assert made.last() is before


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (CorpusError("bad.txt is not UTF-8."), "bad.txt is not UTF-8."),
        (ZeroDivisionError("secret"), "The rebuild failed; the server's log has the details."),
    ],
)
def test_failures_are_told_and_logged(
    failure: Exception, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    def work(report: Any) -> None:
        report("Embedding", 3, 9)
        raise failure

    made = rebuilder(work)
    with caplog.at_level(logging.WARNING):
        made.start()
        last = ended(made)
    assert (last.state, last.error, last.built) == ("failed", error, None)
    assert (last.stage, last.done) == ("Embedding", 3)
    assert str(failure) in caplog.text
    made.start()  # a failure does not bar the next
    assert ended(made).state == "failed"


def test_stopping_ends_it_at_its_next_report() -> None:
    reported: list[int] = []

    def work(report: Any) -> None:
        report("Embedding", 0, 9)
        made._cancel.wait(10)
        report("Embedding", 1, 9)
        reported.append(1)

    made = rebuilder(work)
    made.start()
    made.stop()
    last = ended(made)
    assert last.state == "cancelled"
    assert last.error == "The server was stopped before the rebuild ended."
    assert (last.done, reported) == (0, [])


def test_after_a_stop_it_can_start_again() -> None:
    made = rebuilder(lambda report: report("Embedding", 0, 9))
    made.stop()
    made.start()
    assert ended(made).state == "succeeded"
