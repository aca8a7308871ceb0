"""What holds for every HTTP request: security headers, HEAD, limits on a body, no tracebacks.

`Guard` is plain ASGI, so that responses can stream through it.
"""

from __future__ import annotations

import logging
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careerqa.api.problems import HTTPProblem, problem_response, unexpected

_LOGGER = logging.getLogger(__name__)

SECURITY_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Set where an endpoint has not set its own."""


class Guard:
    """Wraps the application.

    Starlette's own body limit answers in plain text where the client declared the length, and an
    error that reaches its outermost layer misses our headers; hence this one. FastAPI's routes do
    not take HEAD of themselves: it is answered as GET is, without the body (RFC 9110, 9.3.2).
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        only_head = scope["method"] == "HEAD"
        started = False
        received = 0

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            elif only_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._max_body_bytes:
                    raise self._too_large()
            return message

        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_body_bytes:
            error = self._too_large()
            response = problem_response(
                request, 413, error.detail, name=error.name, title=error.title
            )
            await response(scope, receive, send_guarded)
            return
        try:
            inner = {**scope, "method": "GET"} if only_head else scope
            await self._app(inner, receive_counted, send_guarded)
        except Exception:
            if started:
                raise
            _LOGGER.exception("%s %s failed", request.method, request.url.path)
            await unexpected(request)(scope, receive, send_guarded)

    def _too_large(self) -> HTTPProblem:
        return HTTPProblem(
            413,
            f"The body has more than {self._max_body_bytes:,} bytes, the most that is read.",
            name="body-too-large",
            title="The body is too large",
        )


def json_only(request: Request) -> None:
    """Refuse a body that is not declared as JSON: a form of another site cannot send that."""
    declared = request.headers.get("content-type", "")
    kind = declared.split(";")[0].strip().lower()
    empty = not declared and request.headers.get("content-length", "0") == "0"
    chunked = "transfer-encoding" in request.headers
    if kind != "application/json" and (chunked or not empty):
        raise HTTPProblem(
            415,
            f"The body is declared as {kind or 'nothing'}. "
            "Send JSON with the header Content-Type: application/json.",
            name="not-json",
            title="The body is not declared as JSON",
            headers={"Accept": "application/json"},
        )
