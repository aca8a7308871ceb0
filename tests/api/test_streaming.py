"""Asking over HTTP with a language model: streamed, whole, and clients that go away.

Over real sockets: uvicorn in a thread, the scripted server behind it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any

import pytest
import uvicorn

from careerqa.answering.outcome import Outcome
from careerqa.api import create_app, streaming
from careerqa.datatypes import Sentence
from careerqa.errors import LLMError
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings
from scripted_server import Fail, Hang, Say, ScriptedServer, Step

QUESTION = "A keeper trims the lamp at dusk?"
GOOD = "At dusk a keeper trims the lamp [1]."
WRONG = "A keeper trims 40 lamps [1]."


def settings_for(settings: Settings, url: str, **values: Any) -> Settings:
    given = {"provider": "openai", "base_url": url, "model": "m", "retries": 0}
    table = LLMSettings(**(given | {"timeout_seconds": 20, "budget_seconds": 30} | values))
    answer = settings.answer.model_copy(update={"min_confidence": 0.0})
    return settings.model_copy(update={"llm": table, "answer": answer})


@contextlib.contextmanager
def serving(service: CareerQA) -> Iterator[Client]:
    """careerqa over HTTP in a thread, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(service), log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with contextlib.closing(Client(listener.getsockname()[1])) as made:
                yield made
        finally:
            server.should_exit = True
            thread.join()
            service.close()


class Client:
    """Talks to careerqa; one connection a request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def send(self, **body: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.connections.append(connection)
        content = json.dumps({"question": QUESTION} | body)
        connection.request("POST", "/ask", content, {"content-type": "application/json"})
        return connection

    def ask(self, **body: Any) -> tuple[int, Any]:
        response = self.send(**body).getresponse()
        return response.status, json.loads(response.read())

    def events(self, **body: Any) -> list[tuple[str, Any]]:
        response = self.send(stream=True, **body).getresponse()
        assert response.status == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        return list(events(response))


def events(response: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in iter(response.readline, b""):
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


@pytest.fixture
def client(tiny_index: Settings) -> Iterator[Any]:
    """Starts both servers: `client(step, ..., setting=value)` gives the client and the script."""
    with contextlib.ExitStack() as stack:

        def start(*script: Step, **values: Any) -> tuple[Client, ScriptedServer]:
            upstream = stack.enter_context(ScriptedServer(*script))
            service = CareerQA(settings_for(tiny_index, upstream.url, **values))
            return stack.enter_context(serving(service)), upstream

        yield start


def untimed(reply: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reply.items() if key != "timings_ms"}


@pytest.mark.parametrize(
    ("step", "mode"),
    [
        (Say([GOOD, " ", WRONG, " ", GOOD]), "llm"),
        (Say(WRONG), "extractive"),
        (Say([GOOD, " And"], broken=True), "extractive"),
        (Fail(500), "extractive"),
    ],
)
def test_streamed_and_unstreamed_end_equal(client: Any, step: Step, mode: str) -> None:
    asker, upstream = client(step)
    streamed = asker.events()
    status, whole = asker.ask()
    assert len(upstream.requests) == 2
    assert status == 200
    assert streamed[0][0] == "quotes"
    assert streamed[-1][0] == "reply"
    assert {name for name, _ in streamed[1:-1]} <= {"sentence"}
    assert untimed(streamed[-1][1]) == untimed(whole)
    assert whole["mode"] == mode
    if mode == "llm":
        assert [data for name, data in streamed if name == "sentence"] == whole["sentences"]


def test_that_tokens_are_estimated_stands_in_the_log_and_in_no_reply(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    asker, _ = client(Say(GOOD), encoding="no-such-encoding")
    for _, whole in (asker.ask(), asker.ask()):
        assert not any("no-such-encoding" in warning for warning in whole["warnings"])
    logged = [r.getMessage() for r in caplog.records if "no-such-encoding" in r.getMessage()]
    assert len(logged) == 1
    assert logged[0].startswith("tiktoken's vocabulary no-such-encoding is not on this machine")


def test_quotes_come_first_and_sentences_as_they_are_checked(client: Any) -> None:
    asker, upstream = client(Hang([GOOD, " And"]))
    response = asker.send(stream=True).getresponse()
    arriving = events(response)
    name, data = next(arriving)
    assert name == "quotes"
    assert data["status"] == "answered"
    assert [quote["text"] for quote in data["quotes"]] == ["A keeper trims the lamp at dusk."]
    assert (data["disagreements"], data["nearest"]) == ([], [])
    sentence = {"text": "At dusk a keeper trims the lamp.", "citations": [1]}
    assert next(arriving) == ("sentence", sentence)
    assert not upstream.left.is_set()


def test_without_a_model_the_events_are_the_same(client: Any) -> None:
    asker, upstream = client(Say(GOOD))
    streamed = asker.events(llm="none")
    _, whole = asker.ask(llm="none")
    assert [name for name, _ in streamed] == ["quotes", "sentence", "reply"]
    assert untimed(streamed[-1][1]) == untimed(whole)
    assert streamed[1][1] == whole["sentences"][0]
    assert (whole["mode"], whole["usage"]) == ("extractive", None)
    assert upstream.requests == []


def test_an_abstention_is_quotes_without_any_and_the_reply(tiny_index: Settings) -> None:
    settings = settings_for(tiny_index, "http://127.0.0.1:9/v1")
    sure = settings.answer.model_copy(update={"min_confidence": 1.0})
    with serving(CareerQA(settings.model_copy(update={"answer": sure}))) as asker:
        (_, first), (name, reply) = asker.events()
    assert (first["status"], first["quotes"]) == ("abstained", [])
    assert (name, reply["status"]) == ("reply", "abstained")
    assert first["nearest"] == reply["nearest"] != []


def test_the_headers_let_nothing_hold_the_events_back(client: Any) -> None:
    asker, _ = client(Say(GOOD))
    headers = asker.send(stream=True).getresponse().headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_ends_the_call_upstream_within_a_second(
    client: Any, stream: bool
) -> None:
    asker, upstream = client(Hang([GOOD, " And"]))
    connection = asker.send(stream=stream)
    if stream:
        arriving = events(connection.getresponse())
        assert [next(arriving)[0], next(arriving)[0]] == ["quotes", "sentence"]
    else:
        waited(lambda: bool(upstream.requests))
    assert not upstream.left.is_set()
    hang_up(connection)
    assert upstream.left.wait(1.0)


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_while_the_model_keeps_silent(client: Any, stream: bool) -> None:
    asker, upstream = client(Hang())
    connection = asker.send(stream=stream)
    waited(lambda: bool(upstream.requests))
    hang_up(connection)
    assert upstream.left.wait(1.0)


def test_a_client_that_goes_before_its_turn_is_forgotten(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LLM_THREADS", 1)
    asker, upstream = client(Hang([GOOD]))
    first, second = asker.send(), None
    waited(lambda: len(upstream.requests) == 1)
    second = asker.send()
    time.sleep(0.2)  # it waits for the one thread
    hang_up(second)
    hang_up(first)
    assert upstream.left.wait(1.0)
    assert asker.ask(llm="none")[0] == 200
    assert len(upstream.requests) == 1


def test_questions_in_quotes_do_not_wait_for_a_slow_model(client: Any) -> None:
    asker, upstream = client(Hang())
    slow = [asker.send() for _ in range(streaming.ASK_THREADS + 2)]
    waited(lambda: len(upstream.requests) == len(slow))
    assert asker.ask(llm="none")[1]["mode"] == "extractive"


def test_too_many_questions_at_once(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LLM_THREADS", 1)
    monkeypatch.setattr(streaming, "QUEUE", 0)
    asker, upstream = client(Hang())
    asker.send()
    waited(lambda: bool(upstream.requests))
    status, problem = asker.ask()
    assert (status, problem["type"]) == (503, "urn:careerqa:problem:overloaded")
    (_, error) = asker.events()[-1]
    assert error["status"] == 503
    assert asker.events()[-1][0] == "error"


@pytest.mark.parametrize("stream", [True, False])
def test_errors_before_the_first_event_have_their_status(client: Any, stream: bool) -> None:
    asker, _ = client(Say(GOOD))
    status, problem = asker.ask(question="?!", stream=stream)
    assert status == 422
    assert problem["detail"] == "The question holds no letter or digit. Ask it in words."


class Failing(CareerQA):
    """Quotes, then fails."""

    failure: Exception

    def stream(self, *args: Any, **options: Any) -> Generator[Outcome | Sentence, None, Outcome]:
        run = super().stream(*args, **options)
        yield next(run)
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "status", "detail"),
    [
        (LLMError("It failed."), 502, "It failed."),
        (ZeroDivisionError("secret"), 500, "Something unforeseen went wrong;"),
    ],
)
def test_errors_after_the_first_event_are_an_event(
    tiny_index: Settings,
    failure: Exception,
    status: int,
    detail: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = Failing(settings_for(tiny_index, "", provider=""))
    service.failure = failure
    with serving(service) as asker, caplog.at_level(logging.WARNING):
        (first, _), (name, problem) = asker.events()
    assert (first, name) == ("quotes", "error")
    assert problem["status"] == status
    assert problem["detail"].startswith(detail)
    assert problem["instance"] == "/ask"
    assert str(failure) in caplog.text


@pytest.mark.parametrize("stream", [True, False])
def test_a_model_that_the_server_does_not_offer(client: Any, stream: bool) -> None:
    asker, upstream = client(Say(GOOD))
    status, problem = asker.ask(llm="anthropic", stream=stream)
    assert (status, problem["errors"][0]["pointer"]) == (422, "#/llm")
    assert "[llm] describes 'openai'" in problem["detail"]
    assert upstream.requests == []


def test_a_server_without_an_address_lends_its_key_to_nobody(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_KEY", "sk-secret")
    asker, _ = client(Say(GOOD), provider="", base_url="", api_key_env="TEST_KEY")
    status, problem = asker.ask(llm="anthropic")
    assert status == 422
    assert problem["detail"] == "llm: This server offers no language model of that name."
    assert asker.ask(llm="none")[0] == 200


def test_a_request_can_ask_for_the_model_that_an_address_is_given_for(client: Any) -> None:
    asker, _ = client(Say(GOOD), provider="")
    assert asker.ask()[1]["mode"] == "extractive"
    assert asker.ask(llm="openai")[1]["mode"] == "llm"
    status, problem = asker.ask(llm="nope")
    assert status == 422
    assert "there is only openai, anthropic" in problem["detail"]


def waited(condition: Any) -> None:
    """Until `condition` holds."""
    end = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def hang_up(connection: http.client.HTTPConnection) -> None:
    """Close a connection with whatever still reads from it."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()
