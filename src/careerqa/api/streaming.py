"""A question over HTTP: answered in threads, whole or as server-sent events.

A client that goes away ends its question, and with it the call of a language model.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import suppress
from typing import TypeVar, cast

import anyio
from anyio import CapacityLimiter, to_thread
from fastapi.responses import StreamingResponse
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from careerqa.answering.outcome import Outcome
from careerqa.api.models import QuotesEvent
from careerqa.api.problems import HTTPProblem, response_to
from careerqa.conversation.standalone import Turn
from careerqa.datatypes import Sentence
from careerqa.reply import Reply, reply_of, sentence_of
from careerqa.service import CareerQA

ASK_THREADS = 4
"""Questions answered at once; ONNX and numpy use further threads of their own."""
LLM_THREADS = 32
"""Answers that wait for a language model at once; they hardly need the processor."""
QUEUE = 100
"""Questions that may wait for a thread; further ones are refused at once."""

_T = TypeVar("_T")


class Threads:
    """Runs blocking work for questions in a few threads, the event loop staying free."""

    def __init__(self, number: int) -> None:
        self._most = number + QUEUE
        self._threads = CapacityLimiter(number)
        self._inside = 0

    async def run(self, work: Callable[[], _T]) -> _T:
        """What `work` gives.

        Raises:
            HTTPProblem: If too many wait already.
        """
        if self._inside >= self._most:
            raise HTTPProblem(
                503,
                f"{QUEUE} questions are waiting already. Ask again in a moment.",
                name="overloaded",
                title="Too many questions at once",
                headers={"Retry-After": "1"},
            )
        self._inside += 1
        try:
            return await to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._inside -= 1


class Asking:
    """Answers questions for the HTTP door."""

    def __init__(self, service: CareerQA) -> None:
        self._service = service
        self._askers = Threads(ASK_THREADS)
        self._worders = Threads(LLM_THREADS)

    def begin(
        self,
        question: str,
        *,
        top: int | None,
        llm: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Run:
        """A question to be answered step by step; `whole` and `streamed` do that."""
        cancel = threading.Event()
        steps = self._service.stream(question, top=top, llm=llm, cancel=cancel, history=history)
        return Run(steps, cancel, self._askers, self._worders)

    async def whole(self, request: Request, run: Run) -> Reply | None:
        """The reply; None if the client has gone."""

        async def work() -> Reply:
            await run.quoted()
            return reply_of(await run.rest())

        try:
            return await while_connected(request.receive, run.cancel, work)
        finally:
            await run.close()

    async def streamed(self, request: Request, run: Run) -> EventStream | None:
        """The reply as events; None if the client has gone.

        Errors before the first event are raised, so that they have their HTTP status.
        """
        try:
            quoted = await while_connected(request.receive, run.cancel, run.quoted)
        except BaseException:
            await run.close()
            raise
        if quoted is None:
            await run.close()
            return None
        return EventStream(request, run, quoted)


class Run:
    """One question that is being answered, each step of it in a thread."""

    def __init__(
        self,
        steps: Generator[Outcome | Sentence, None, Outcome],
        cancel: threading.Event,
        askers: Threads,
        worders: Threads,
    ) -> None:
        self._steps = steps
        self.cancel = cancel
        self._askers = askers
        self._worders = worders

    async def quoted(self) -> Outcome:
        """The answer in quotes, or the abstention."""
        return cast(Outcome, await self._askers.run(lambda: next(self._steps)))

    async def next(self) -> Outcome | Sentence:
        """The next sentence, or, last, the outcome that stands in the end."""
        return await self._worders.run(self._next)

    async def rest(self) -> Outcome:
        """The outcome that stands in the end."""
        return await self._worders.run(self._rest)

    async def close(self) -> None:
        """End the question, if it has not ended, and wait until it has."""
        self.cancel.set()
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(self._close)

    def _close(self) -> None:
        with suppress(ValueError):  # a step still runs, as at a forced shutdown: `cancel` ends it
            self._steps.close()

    def _next(self) -> Outcome | Sentence:
        try:
            return next(self._steps)
        except StopIteration as stop:
            return cast(Outcome, stop.value)

    def _rest(self) -> Outcome:
        while not isinstance(step := self._next(), Outcome):
            pass
        return step


class EventStream(StreamingResponse):
    """A reply as server-sent events: `quotes`, a `sentence` each, `reply`; or an `error`."""

    media_type = "text/event-stream"

    def __init__(self, request: Request, run: Run, quoted: Outcome) -> None:
        super().__init__(_events(request, run, quoted), headers={"X-Accel-Buffering": "no"})
        self._run = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await while_connected(receive, self._run.cancel, lambda: self.stream_response(send))
        finally:
            await self._run.close()


async def _events(request: Request, run: Run, quoted: Outcome) -> AsyncIterator[bytes]:
    reply = reply_of(quoted)
    first = QuotesEvent(
        status=reply.status,
        quotes=reply.quotes,
        disagreements=reply.disagreements,
        nearest=reply.nearest,
    )
    yield _event("quotes", first.model_dump_json())
    try:
        while isinstance(step := await run.next(), Sentence):
            yield _event("sentence", sentence_of(step).model_dump_json())
    except Exception as error:  # noqa: BLE001  (the response has begun: its status cannot tell)
        yield _event("error", bytes(response_to(request, error).body).decode())
    else:
        yield _event("reply", reply_of(step).model_dump_json())


def _event(name: str, data: str) -> bytes:
    """An event; JSON holds no line break that would end it."""
    return f"event: {name}\ndata: {data}\n\n".encode()


async def while_connected(
    receive: Receive, cancel: threading.Event, work: Callable[[], Awaitable[_T]]
) -> _T | None:
    """What `work` gives; if the client goes before, `cancel` is set, and it is None."""
    result: _T | None = None
    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            cancel.set()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            result = await work()
        except Exception as error:  # noqa: BLE001  (raised below: the group would wrap it)
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return result
