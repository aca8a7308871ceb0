"""A rebuild of the index in the background, one at a time, with progress to read."""

from __future__ import annotations

import datetime
import logging
import threading
from dataclasses import dataclass, replace
from typing import Literal

from careerqa.errors import BuildInProgressError, CareerQAError
from careerqa.service import CareerQA

_LOGGER = logging.getLogger(__name__)
_SETTLE_SECONDS = 5.0
"""Longest wait for a build's first sign, which comes once it holds the lock of the index."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild as it stands. `built` is False where nothing had changed."""

    state: Literal["running", "succeeded", "failed", "cancelled"]
    full: bool
    started_at: str
    stage: str = "Starting"
    done: int = 0
    total: int = 1
    finished_at: str | None = None
    error: str | None = None
    built: bool | None = None
    embedded: int | None = None
    reused: int | None = None
    left_out: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()


class _CancelledError(BaseException):
    """Ends a build from inside its progress report; it then removes what it had begun."""


class Rebuilder:
    """Starts rebuilds of a service's index and keeps the state of the last."""

    def __init__(self, service: CareerQA) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._last: Rebuild | None = None
        self._refusal: BuildInProgressError | None = None
        self._thread: threading.Thread | None = None
        self._cancel = threading.Event()

    def last(self) -> Rebuild | None:
        """The running rebuild, else the last one, else None."""
        return self._last

    def start(self, *, full: bool = False) -> Rebuild:
        """Begin a rebuild and return once it holds the index's lock (or has ended).

        Raises:
            BuildInProgressError: If this or another process is building already.
        """
        with self._lock:
            if self._last is not None and self._last.state == "running":
                raise BuildInProgressError(
                    "A rebuild is running already. GET /index shows how far it is."
                )
            before = self._last
            settled = threading.Event()
            self._cancel.clear()
            self._refusal = None
            self._last = Rebuild("running", full=full, started_at=_now())
            # A daemon: a build that hangs must not keep the process from ending.
            self._thread = threading.Thread(
                target=self._run, args=(full, settled), name="careerqa-rebuild", daemon=True
            )
            self._thread.start()
            settled.wait(_SETTLE_SECONDS)
            if self._refusal is not None:
                self._last = before
                raise self._refusal
            return self._last

    def stop(self, timeout_seconds: float = 10.0) -> None:
        """Cancel a running rebuild at its next progress report and wait for its end."""
        self._cancel.set()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _run(self, full: bool, settled: threading.Event) -> None:
        def report(stage: str, done: int, total: int) -> None:
            if self._cancel.is_set():
                raise _CancelledError
            self._update(stage=stage, done=done, total=total)
            settled.set()

        try:
            result = self._service.rebuild(full=full, report=report)
        except BuildInProgressError as error:
            self._refusal = error
            self._end("failed", str(error))
        except CareerQAError as error:
            _LOGGER.warning("The rebuild failed: %s", error)
            self._end("failed", str(error))
        except _CancelledError:
            self._end("cancelled", "The server was stopped before the rebuild ended.")
        except Exception:
            _LOGGER.exception("The rebuild failed")
            self._end("failed", "The rebuild failed; the server's log has the details.")
        else:
            self._update(
                state="succeeded",
                stage="Done",
                done=1,
                total=1,
                finished_at=_now(),
                built=result.built,
                embedded=result.embedded,
                reused=result.reused,
                left_out=result.left_out,
                flagged=result.flagged,
            )
        finally:
            settled.set()

    def _end(self, state: str, error: str) -> None:
        self._update(state=state, finished_at=_now(), error=error)

    def _update(self, **changes: object) -> None:
        assert self._last is not None  # noqa: S101  (set before the thread starts)
        self._last = replace(self._last, **changes)  # type: ignore[arg-type]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
