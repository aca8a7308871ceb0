"""A call to a language model upstream: key, retries, time budget, cancellation, errors in words.

Closing its iterator, or setting `cancel`, ends the call at once: the request runs on an event loop
of its own, so nobody waits for a blocked read.
"""

from __future__ import annotations

import asyncio
import os
import queue
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from careerqa.errors import LLMError, SettingsError
from careerqa.settings import LLMSettings

if TYPE_CHECKING:
    from careerqa.llm.protocol import End

_POLL_SECONDS: Final = 0.1  # how often a waiting reader looks at `cancel`


def require(package: str) -> None:
    """Say what to install where a client's package is missing.

    Raises:
        SettingsError: If it is.
    """
    if find_spec(package) is None:
        raise SettingsError(
            f'The package {package} is not installed. Run pip install "careerqa[llm]".'
        )


class Call:
    """Runs a call upstream: key, retries, time budget, cancellation, errors in plain words."""

    def __init__(self, settings: LLMSettings, url: str) -> None:
        self._settings = settings
        self.host = urlsplit(url).netloc.rsplit("@", 1)[-1] or url
        self.key = self._key()

    def _key(self) -> str:
        name = self._settings.api_key_env
        if not name:
            if self._settings.base_url:
                return ""
            raise SettingsError(
                f"{self.host} needs a key. Name the environment variable that holds it in "
                "[llm] api_key_env."
            )
        key = os.environ.get(name, "").strip()
        if not key:
            raise SettingsError(
                f"[llm] api_key_env names {name}, but that environment variable is not set."
            )
        return key

    def run(
        self,
        pieces: Callable[[], AsyncIterator[str | End]],
        cancel: threading.Event | None,
    ) -> Iterator[str | End]:
        """The pieces of one call, tried again before the first of them where that may help."""
        deadline = time.monotonic() + self._settings.budget_seconds
        for attempt in range(self._settings.retries + 1):
            pump = Pump(pieces)
            started = False
            try:
                for piece in pump.read(deadline, cancel):
                    started = True
                    yield piece
            except Exception as error:  # noqa: BLE001  (the seam: every library's errors end here)
                again = _may_help(error) and not started and attempt < self._settings.retries
                wait = _wait(error, attempt)
                if not again or time.monotonic() + wait >= deadline:
                    # not chained: a library's error may hold the request and with it the key
                    raise self._explained(error, attempt + 1) from None
            else:
                return
            finally:
                pump.close()
            if _sleep(wait, cancel):
                return

    def _explained(self, error: Exception, tries: int) -> LLMError:
        text = self._words(error, tries)
        return LLMError(text.replace(self.key, "***") if len(self.key) > 3 else text)

    def _words(self, error: Exception, tries: int) -> str:
        settings = self._settings
        status = getattr(error, "status_code", None)
        after = f" after {tries} tries" if tries > 1 else ""
        name = type(error).__name__
        if isinstance(error, LLMError):
            return str(error)
        if isinstance(error, Overtime):
            return (
                f"{self.host} did not finish within {settings.budget_seconds:g} s "
                "([llm] budget_seconds)."
            )
        if is_overflow(str(error)):
            return (
                f"The prompt is too long for {settings.model}. Lower [llm] max_prompt_tokens "
                f"(now {settings.max_prompt_tokens})."
            )
        if status in (401, 403):
            where = (
                f"the variable {settings.api_key_env}" if settings.api_key_env else "api_key_env"
            )
            return f"{self.host} refuses the key ({status}). Check {where} ([llm] api_key_env)."
        if status == 404:
            return (
                f"{self.host} knows no such address or model (404). Check [llm] base_url and "
                f"model ({settings.model})."
            )
        if status == 429:
            return f"{self.host} limits requests (429){after}. Try again later."
        if status is not None and status >= 500:
            return f"{self.host} failed ({status}){after}."
        if status is not None:
            return f"{self.host} does not take the request ({status}): {_brief(error)}"
        if "Timeout" in name:
            return (
                f"{self.host} sent nothing for {settings.timeout_seconds:g} s "
                f"([llm] timeout_seconds){after}."
            )
        if name in ("APIConnectionError", "ConnectError"):
            return (
                f"No connection to {self.host}{after}. Is the server running? Check [llm] base_url."
            )
        if name == "APIError":  # an error in place of the next piece
            return f"The reply of {self.host} broke off: {_brief(error)}"
        if isinstance(error, ValueError):
            return f"{self.host} sent something that is no completion."
        return f"The reply of {self.host} broke off ({name})."


class Overtime(Exception):  # noqa: N818  (no error of its own: `Call` words it)
    """The time budget of a call is spent."""


def _may_help(error: Exception) -> bool:
    """Whether the same request may fare better: 429, 5xx, no connection."""
    status = getattr(error, "status_code", None)
    return (
        status in (408, 409, 429)
        or (status or 0) >= 500
        or type(error).__name__ in ("APIConnectionError", "ConnectError")
    )


def _wait(error: Exception, attempt: int) -> float:
    """Seconds before the next try: what the server asks for, else exponential with jitter."""
    backoff: float = random.uniform(0.5, 1.0) * 0.5 * 2**attempt  # noqa: S311  (no secret)
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    asked = headers.get("retry-after")
    if asked is None:
        return backoff
    try:
        return max(float(asked), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0)
    except ValueError:
        return backoff


def _sleep(seconds: float, cancel: threading.Event | None) -> bool:
    """Wait; True if cancelled meanwhile."""
    if cancel is not None:
        return cancel.wait(seconds)
    time.sleep(seconds)
    return False


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else f"{text[:200]}..."


def is_overflow(text: str) -> bool:
    """Whether a server's complaint says that the prompt is too long."""
    lower = text.lower()
    return any(
        words in lower
        for words in (
            "context_length_exceeded",
            "context length",
            "context window",
            "maximum context",
            "prompt is too long",
            "context size",
            "too many tokens",
        )
    )


class Pump:
    """Pieces of an asynchronous call, read from a thread that can stop it at any time."""

    def __init__(self, pieces: Callable[[], AsyncIterator[str | End]]) -> None:
        self._pieces = pieces
        self._queue: queue.Queue[str | End | Exception | None] = queue.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="careerqa-llm", daemon=True)
        self._thread.start()

    def read(self, deadline: float, cancel: threading.Event | None) -> Iterator[str | End]:
        """What arrives until the end, `cancel` or the deadline.

        Raises:
            Overtime: At the deadline.
        """
        while True:
            if cancel is not None and cancel.is_set():
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise Overtime
            try:
                item = self._queue.get(timeout=min(left, _POLL_SECONDS if cancel else left))
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def close(self) -> None:
        """End the call, if it still runs, and wait until its connection is closed."""
        with self._lock:
            self._closed = True
            if self._loop is not None and self._task is not None and self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.current_task()
        try:
            async for piece in self._pieces():
                self._queue.put(piece)
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001  (handed to the reader, who words it)
            self._queue.put(error)
        with self._lock:
            self._loop = None  # closing now must not touch a loop that ends
        self._queue.put(None)
