from __future__ import annotations

import json
import re
import socket
import sys
import threading
import types
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest

from careerqa.errors import LLMError, SettingsError
from careerqa.llm import call as llm_call
from careerqa.llm import loading
from careerqa.llm.loading import load_llm
from careerqa.llm.openai_compatible import OpenAICompatible
from careerqa.llm.prompts import Prompt
from careerqa.llm.protocol import End, Usage
from careerqa.settings import LLMSettings
from scripted_server import Fail, Hang, Raw, Say, ScriptedServer, Step

PROMPT = Prompt("Be brief.", "Q", "Q", ((1, "report", "AI engineers earn $188k."),))
KEY = "sk-secret-4711"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", KEY)


def settings(url: str, **values: Any) -> LLMSettings:
    given = {"provider": "openai", "base_url": url, "model": "m", "api_key_env": "TEST_KEY"}
    return LLMSettings(
        **(given | {"timeout_seconds": 5, "budget_seconds": 8, "retries": 2} | values)
    )


def ask(url: str, **values: Any) -> tuple[str, End | None]:
    pieces = list(OpenAICompatible(settings(url, **values)).stream(PROMPT))
    text = "".join(p for p in pieces if isinstance(p, str))
    return text, next((p for p in pieces if isinstance(p, End)), None)


def failure(*script: Step, **values: Any) -> str:
    with ScriptedServer(*script) as server, pytest.raises(LLMError) as caught:
        ask(server.url, **values)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_pieces_then_usage() -> None:
    with ScriptedServer(Say(["AI ", "engineers"], usage=(7, 2))) as server:
        assert ask(server.url) == ("AI engineers", End(Usage(7, 2)))
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert server.paths == ["/v1/chat/completions"]
        sent = server.requests[0]
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Q"},
    ]
    assert sent["response_format"]["type"] == "json_schema"
    assert (sent["max_tokens"], sent["temperature"], sent["model"]) == (700, 0.0, "m")
    assert "tools" not in sent


def test_a_reply_that_was_cut_off_says_so() -> None:
    with ScriptedServer(Say("half", finish="length")) as server:
        assert ask(server.url)[1] == End(Usage(100, 20), truncated=True)


@pytest.mark.parametrize("name", ["response_format", "stream_options", "temperature"])
def test_an_option_that_the_server_lacks_is_left_out(name: str) -> None:
    with ScriptedServer(Fail(400, f"Unknown parameter: {name}"), Say("ok")) as server:
        assert ask(server.url)[0] == "ok"
        assert name in server.requests[0]
        assert name not in server.requests[1]


def test_the_newer_name_of_the_token_limit_is_taken_where_asked_for() -> None:
    message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    with ScriptedServer(Fail(400, message), Say("ok")) as server:
        assert ask(server.url)[0] == "ok"
        assert server.requests[1]["max_completion_tokens"] == 700


def test_429_waits_as_long_as_the_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def sleep(seconds: float, cancel: object) -> bool:
        waits.append(seconds)
        return False

    monkeypatch.setattr(llm_call, "_sleep", sleep)
    with ScriptedServer(Fail(429, headers={"retry-after": "3"}), Fail(500), Say("ok")) as server:
        assert ask(server.url)[0] == "ok"
    assert waits[0] == 3.0
    assert 0.5 <= waits[1] <= 1.0  # 0.5 s times two, with jitter


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    message = failure(Fail(429, headers={"retry-after": "3600"}))
    assert message.endswith("limits requests (429). Try again later.")


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm_call, "_sleep", lambda seconds, cancel: False)


@pytest.mark.usefixtures("no_wait")
def test_500_is_tried_again_then_told() -> None:
    assert failure(Fail(500), Fail(503)).endswith("failed (503) after 3 tries.")


@pytest.mark.usefixtures("no_wait")
def test_429_is_tried_again_then_told() -> None:
    assert "limits requests (429) after 2 tries" in failure(Fail(429), retries=1)


def test_401_names_the_variable_not_the_key() -> None:
    message = failure(Fail(401, f"Incorrect API key provided: {KEY}"))
    assert "refuses the key (401). Check the variable TEST_KEY" in message


def test_404_names_model_and_address() -> None:
    assert "knows no such address or model (404)" in failure(Fail(404))


def test_other_refusals_are_quoted_without_the_key() -> None:
    message = failure(Fail(402, f"no credit left for {KEY}"))
    assert "does not take the request (402)" in message
    assert "no credit left for ***" in message


def test_context_overflow_names_the_setting() -> None:
    message = failure(Fail(400, "maximum context length is 10", code="context_length_exceeded"))
    assert message == "The prompt is too long for m. Lower [llm] max_prompt_tokens (now 4000)."


def test_timeout() -> None:
    message = failure(Hang(), timeout_seconds=0.3)
    assert "sent nothing for 0.3 s ([llm] timeout_seconds)" in message


def test_the_budget_holds_while_pieces_trickle() -> None:
    message = failure(Hang(["a"]), budget_seconds=0.4)
    assert "did not finish within 0.4 s ([llm] budget_seconds)" in message


@pytest.mark.usefixtures("no_wait")
def test_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(LLMError, match=r"No connection to 127\.0\.0\.1:\d+ after 3 tries"):
            ask(f"http://127.0.0.1:{port}/v1")


def test_malformed_json() -> None:
    assert "sent something that is no completion" in failure(Raw(b"data: {not json\n\n"))


def test_html_instead_of_a_stream() -> None:
    assert "was no stream of a completion" in failure(Raw(b"<html>hello</html>", "text/html"))


def test_half_a_stream() -> None:
    assert "broke off" in failure(Say(["AI engineers earn "], broken=True))


def test_an_error_in_the_stream_is_passed_on() -> None:
    piece = b'data: {"choices": [{"index": 0, "delta": {"content": "AI "}}]}\n\n'
    error = b'data: {"error": {"code": 500, "message": "KV cache is full: sk-secret-4711"}}\n\n'
    message = failure(Raw(piece + error))
    assert re.fullmatch(
        r"The reply of 127\.0\.0\.1:\d+ broke off: KV cache is full: \*\*\*", message
    )


def test_refusal() -> None:
    assert failure(Say("", refusal="No.")) == "The language model refused to answer."
    assert "content filter" in failure(Say("x", finish="content_filter"))


def test_closing_the_iterator_closes_the_connection() -> None:
    with ScriptedServer(Hang(["first"])) as server:
        stream = OpenAICompatible(settings(server.url)).stream(PROMPT)
        assert next(stream) == "first"
        assert isinstance(stream, Iterator)
        stream.close()  # type: ignore[attr-defined]
        assert server.left.wait(1.0)


def test_cancelling_from_another_thread_closes_the_connection() -> None:
    cancel = threading.Event()
    with ScriptedServer(Hang(["first"])) as server:
        stream = OpenAICompatible(settings(server.url)).stream(PROMPT, cancel=cancel)
        assert next(stream) == "first"
        timer = threading.Timer(0.05, cancel.set)
        timer.start()
        assert list(stream) == []
        assert server.left.wait(1.0)
        timer.join()


def test_nothing_but_the_base_url_is_contacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-other")
    targets: set[Any] = set()
    original = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        targets.add(address)
        original(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    with ScriptedServer(Say("ok")) as server:
        port = int(server.url.split(":")[2].split("/")[0])
        assert ask(server.url, api_key_env="")[0] == "ok"
        headers = server.headers[0]
    assert targets <= {("127.0.0.1", port)}
    assert not [v for v in headers.values() if "other" in v]


def test_a_redirect_is_not_followed() -> None:
    with ScriptedServer(Say("elsewhere")) as other:
        message = failure(Fail(307, headers={"location": f"{other.url}/chat/completions"}))
        assert "(307)" in message
        assert other.requests == []


def test_no_provider_is_no_model() -> None:
    assert load_llm(LLMSettings()) is None


def test_unknown_provider() -> None:
    with pytest.raises(
        SettingsError, match="provider is 'nope', but there is only openai, anthropic"
    ):
        load_llm(LLMSettings(provider="nope"))


def test_a_provider_without_model_or_key() -> None:
    with pytest.raises(SettingsError, match=r"\[llm\] model is empty"):
        load_llm(LLMSettings(provider="openai"))
    with pytest.raises(SettingsError, match=r"api\.openai\.com needs a key"):
        load_llm(LLMSettings(provider="openai", model="m"))
    with pytest.raises(
        SettingsError, match="names NOT_THERE, but that environment variable is not"
    ):
        load_llm(LLMSettings(provider="openai", model="m", api_key_env="NOT_THERE"))
    with pytest.raises(SettingsError, match=r"api\.anthropic\.com needs a key"):
        load_llm(LLMSettings(provider="anthropic", model="m"))


def test_a_plug_in_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("echoing")

    class Echo:
        name = "echo"

        def __init__(self, chosen: LLMSettings) -> None:
            self.model = chosen.model

        def stream(self, prompt: Prompt, *, cancel: object = None) -> Iterator[str]:
            yield f"{prompt.evidence[0][2]} [1]"

    module.Echo = Echo  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "echoing", module)
    found = EntryPoints([EntryPoint("echo", "echoing:Echo", loading.ENTRY_POINTS)])
    monkeypatch.setattr(loading, "entry_points", lambda group: found.select(group=group))
    model = load_llm(LLMSettings(provider="echo", model="m"))
    assert model is not None
    assert list(model.stream(PROMPT)) == ["AI engineers earn $188k. [1]"]


def _events(*events: dict[str, Any]) -> Raw:
    body = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)
    return Raw(body.encode())


def test_anthropic_gives_native_citations_as_marks() -> None:
    citation = {
        "type": "content_block_location", "cited_text": "x", "document_index": 0,
        "document_title": "Evidence 1", "start_block_index": 0, "end_block_index": 1,
    }  # fmt: skip
    message: dict[str, Any] = {
        "id": "m", "type": "message", "role": "assistant", "content": [], "model": "m",
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 1},
    }  # fmt: skip
    script = _events(
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0,
         "delta": {"type": "text_delta", "text": "AI engineers earn $188k."}},
        {"type": "content_block_delta", "index": 0,
         "delta": {"type": "citations_delta", "citation": citation}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
         "usage": {"output_tokens": 12}},
        {"type": "message_stop"},
    )  # fmt: skip
    with ScriptedServer(script) as server:
        chosen = settings(server.url.removesuffix("/v1"), provider="anthropic")
        model = load_llm(chosen)
        assert model is not None
        pieces = list(model.stream(PROMPT))
        sent = server.requests[0]
        assert KEY in server.headers[0]["authorization"]
    assert pieces == ["AI engineers earn $188k.", "[1]", End(Usage(9, 12))]
    document, question = sent["messages"][0]["content"]
    assert document["citations"] == {"enabled": True}
    assert document["source"]["content"][0]["text"] == "AI engineers earn $188k."
    assert question == {"type": "text", "text": "Q"}


def test_anthropic_failures_are_worded_alike() -> None:
    with ScriptedServer(Fail(401, KEY)) as server:
        model = load_llm(settings(server.url.removesuffix("/v1"), provider="anthropic"))
        assert model is not None
        with pytest.raises(LLMError, match="refuses the key"):
            list(model.stream(PROMPT))
