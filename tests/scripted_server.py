"""A server on loopback that plays a script: one step a request, faults included."""

from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """A whole completion, streamed in pieces."""

    pieces: Sequence[str] | str
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (100, 20)
    refusal: str | None = None
    broken: bool = False  # the connection ends before the stream does


@dataclass(frozen=True)
class Fail:
    """An HTTP status with a body."""

    status: int
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None


@dataclass(frozen=True)
class Raw:
    """Bytes as they are, called an event stream."""

    body: bytes
    content_type: str = "text/event-stream"


@dataclass(frozen=True)
class Hang:
    """The first pieces, then silence until the client goes."""

    pieces: Sequence[str] = ()


@dataclass(frozen=True)
class Compute:
    """A step made from the request, for a victim that obeys what it reads."""

    make: Callable[[dict[str, Any]], Say]


Step = Say | Fail | Raw | Hang | Compute


class ScriptedServer:
    """Plays `script`, the last step again and again; `requests` holds what was asked."""

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        self.left = threading.Event()  # a client went before its reply was complete
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                number = len(outer.requests)
                outer.requests.append(json.loads(body))
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                outer.paths.append(self.path)
                step = outer.script[min(number, len(outer.script) - 1)]
                if isinstance(step, Compute):
                    step = step.make(outer.requests[-1])
                outer.play(self, step)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.left.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, handler: BaseHTTPRequestHandler, step: Step) -> None:
        if isinstance(step, Fail):
            error = {"error": {"message": step.message, "code": step.code, "type": "error"}}
            _send(
                handler, step.status, json.dumps(error).encode(), "application/json", step.headers
            )
        elif isinstance(step, Raw):
            _send(handler, 200, step.body, step.content_type, {})
        elif isinstance(step, Hang):
            _open(handler)
            for piece in step.pieces:
                _event(handler, {"choices": [_choice(piece, None)]})
            self._wait(handler)
        elif isinstance(step, Say):
            self._say(handler, step)

    def _say(self, handler: BaseHTTPRequestHandler, step: Say) -> None:
        _open(handler)
        pieces = [step.pieces] if isinstance(step.pieces, str) else step.pieces
        for piece in pieces:
            _event(handler, {"choices": [_choice(piece, None)]})
        if step.refusal:
            _event(handler, {"choices": [_choice(None, None, step.refusal)]})
        if step.broken:
            return
        _event(handler, {"choices": [_choice(None, step.finish)]})
        if step.usage:
            sent, received = step.usage
            _event(
                handler,
                {
                    "choices": [],
                    "usage": {
                        "prompt_tokens": sent,
                        "completion_tokens": received,
                        "total_tokens": sent + received,
                    },
                },
            )
        handler.wfile.write(b"data: [DONE]\n\n")

    def _wait(self, handler: BaseHTTPRequestHandler) -> None:
        """Until the client closes its side, or the test ends."""
        end = time.monotonic() + 20
        while not self.left.is_set() and time.monotonic() < end:
            readable, _, _ = select.select([handler.connection], [], [], 0.02)
            if readable and not handler.connection.recv(1):
                self.left.set()


def _choice(content: str | None, finish: str | None, refusal: str | None = None) -> dict[str, Any]:
    delta: dict[str, Any] = {"role": "assistant", "content": content}
    if refusal:
        delta["refusal"] = refusal
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _open(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()


def _event(handler: BaseHTTPRequestHandler, fields: dict[str, Any]) -> None:
    chunk = {
        "id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **fields
    }  # fmt: skip
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
) -> None:
    handler.send_response(status)
    handler.send_header("content-type", content_type)
    handler.send_header("content-length", str(len(body)))
    handler.send_header("connection", "close")
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
