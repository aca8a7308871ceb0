from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import jsonschema
import pytest
from fastapi.testclient import TestClient

from careerqa.answering.outcome import Outcome
from careerqa.api import streaming
from careerqa.api.app import MAX_BODY_BYTES, create_app
from careerqa.api.documents import prefers_html
from careerqa.api.problems import MEDIA_TYPE, name_of
from careerqa.conversation.standalone import check_history
from careerqa.datatypes import Abstention, Answer, Document, Quote, Sentence, Source, Span
from careerqa.errors import (
    BuildInProgressError,
    CareerQAError,
    CorpusError,
    IndexMismatchError,
    IndexMissingError,
    LLMError,
    ModelUnavailableError,
)
from careerqa.indexing.generations import Manifest
from careerqa.reply import reply_of
from careerqa.retrieval.question import check_question
from careerqa.service import CareerQA
from careerqa.settings import ADMIN_TOKEN_VARIABLE, LLMSettings, Settings

TEXT = "Tea 🍵 notes\n\nGreen tea steeps for two minutes.\n<b>Black & strong</b>: four.\n"
FACT = "Green tea steeps for two minutes."
AT = TEXT.index(FACT)
TOKEN = "a long random text"
JSON = {"content-type": "application/json"}
AS_ADMIN = {"authorization": f"Bearer {TOKEN}"}


def document(name: str, text: str, **source: Any) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, text, digest, Source(text.split("\n", maxsplit=1)[0], **source))


TEA = document("drinks/tea.txt", TEXT, kind="guide", publisher="Leaf", url="https://tea.example/")
SHOUT = document("über & co.md", "Title\n\nText.\n")


def manifest(generation: str = "20260101T000000Z-aaaaaa") -> Manifest:
    return Manifest(
        generation=generation,
        built_at="2026-01-01T00:00:00+00:00",
        format=1,
        settings={"embedding.model": "words"},
        model_sha256=None,
        dimension=1,
        question_encoder="onnx",
        chunker_version="1",
        chroma_version="1",
        documents={},
        counts={"documents": 2, "passages": 3, "units": 4, "texts": 5},
        left_out=["bad.txt: no UTF-8"],
        flagged=["tea.txt:3: hidden text (HTML comment)"],
    )


class Fake:
    """A service: it knows how long tea steeps, and abstains from all other questions."""

    def __init__(self) -> None:
        self.settings = SimpleNamespace(llm=LLMSettings())
        self.held = SimpleNamespace(
            documents={d.id: d for d in (TEA, SHOUT)}, manifest=manifest(), encoder="loaded"
        )
        self.failure: Exception | None = None
        self.asked: list[tuple[str, int | None]] = []
        self.go = threading.Event()
        self.go.set()
        self.building = threading.Event()
        self.build = threading.Event()
        self.build.set()

    def generation(self) -> Any:
        if self.failure:
            raise self.failure
        return self.held

    def documents(self) -> list[Document]:
        return list(self.generation().documents.values())

    def stream(
        self, question: str, *, top: int | None = None, history: Any = (), **_: Any
    ) -> Generator[Outcome | Sentence, None, Outcome]:
        self.asked.append((question, top))
        self.go.wait(10)
        check_question(question, 200_000)
        check_history(history, 200_000)
        generation = self.generation()
        fact = Quote(1, FACT, Span(AT, AT + len(FACT)), TEA.id, TEA.sha256, TEA.source, 3, "x", 0.5)
        result: Answer | Abstention
        if "tea" in question:
            result = Answer(question, (Sentence(FACT, (1,)),), (fact,), 0.9)
        else:
            result = Abstention(question, "The documents do not say.", (fact,), 0.1)
        outcome = Outcome(result, generation.manifest, {"total": 1.0})
        yield outcome
        return outcome

    def ask(self, question: str) -> Outcome:
        return next(o for o in self.stream(question) if isinstance(o, Outcome))

    def rebuild(self, *, full: bool, report: Any) -> Any:
        if isinstance(self.failure, BuildInProgressError):
            raise self.failure
        report("Embedding", 1, 4)
        self.building.set()
        self.build.wait(10)
        report("Embedding", 4, 4)
        self.held.manifest = manifest("20260202T000000Z-bbbbbb")
        return SimpleNamespace(built=True, embedded=4, reused=0, left_out=(), flagged=())


@pytest.fixture
def service() -> Any:
    return Fake()


@pytest.fixture
def client(service: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, TOKEN)
    with TestClient(create_app(service)) as made:
        yield made


def problem(got: Any, status: int) -> dict[str, Any]:
    """The problem detail of a response, which is one."""
    assert got.status_code == status
    assert got.headers["content-type"] == MEDIA_TYPE
    assert got.headers["x-content-type-options"] == "nosniff"
    found: dict[str, Any] = got.json()
    assert found["status"] == status
    assert found.keys() >= {"type", "title", "status", "detail", "instance"}
    return found


def untimed(reply: dict[str, Any]) -> dict[str, Any]:
    return reply | {"timings_ms": {}}


class TestAsking:
    @pytest.mark.parametrize(
        ("question", "status"), [("How long does tea steep?", "answered"), ("Why?", "abstained")]
    )
    def test_both_ways_give_the_reply_of_the_service(
        self, client: Any, service: Any, question: str, status: str
    ) -> None:
        posted = client.post("/ask", json={"question": question})
        got = client.get("/ask", params={"q": question})
        assert (posted.status_code, got.status_code) == (200, 200)
        expected = reply_of(service.ask(question)).model_dump(mode="json")
        assert posted.json() == got.json() == expected
        assert expected["status"] == status
        assert posted.headers["content-type"] == "application/json"

    def test_a_quote_is_a_part_of_its_document(self, client: Any) -> None:
        (quote,) = client.post("/ask", json={"question": "tea"}).json()["quotes"]
        part = {"start": quote["start"], "end": quote["end"]}
        got = client.get(f"/documents/{quote['document']}", params=part).json()
        assert got["text"] == quote["text"] == FACT
        whole = client.get(f"/documents/{quote['document']}").json()
        assert whole["text"][quote["start"] : quote["end"]] == FACT
        assert whole["sha256"] == quote["document_sha256"]

    def test_top_reaches_the_service(self, client: Any, service: Any) -> None:
        client.post("/ask", json={"question": "tea", "top": 3})
        client.get("/ask", params={"q": "tea", "top": "50"})
        client.post("/ask", json={"question": "tea", "top": None})
        assert [top for _, top in service.asked] == [3, 50, None]

    @pytest.mark.parametrize(
        ("body", "pointer", "detail"),
        [
            ({}, "#/question", "question: This is required."),
            ({"question": 5}, "#/question", "question: This must be a string."),
            ({"question": None}, "#/question", "question: This must be a string."),
            ({"question": "tea", "colour": 1}, "#/colour", "colour: This key is not known here."),
            ({"question": "tea", "a/b~": 1}, "#/a~1b~0", "a~1b~0: This key is not known here."),
            ({"question": "tea", "top": 0}, "#/top", "top: Input should be greater than or"),
            ({"question": "tea", "top": 51}, "#/top", "top: Input should be less than or"),
            ({"question": "tea", "top": "3"}, "#/top", "top: Input should be a valid integer."),
            ({"question": "tea", "top": True}, "#/top", "top: Input should be a valid integer."),
            (
                {"question": "tea", "history": [{"answer": "x"}]},
                "#/history/0/question",
                "history/0/question: This is required.",
            ),
            (["tea"], "#", "The body must be a JSON object."),
        ],
    )
    def test_values_that_cannot_be_used(
        self, client: Any, service: Any, body: Any, pointer: str, detail: str
    ) -> None:
        found = problem(client.post("/ask", json=body), 422)
        assert found["detail"].startswith(detail)
        assert found["errors"][0]["pointer"] == pointer
        assert found["type"] == "urn:careerqa:problem:invalid-request"
        assert service.asked == []

    @pytest.mark.parametrize(
        ("query", "parameter", "detail"),
        [
            ("", "q", "q: This is required."),
            ("q=tea&top=x", "top", "top: Input should be a valid integer"),
            ("q=tea&colour=1", "colour", "colour: This key is not known here."),
        ],
    )
    def test_parameters_that_cannot_be_used(
        self, client: Any, query: str, parameter: str, detail: str
    ) -> None:
        found = problem(client.get(f"/ask?{query}"), 422)
        assert found["detail"].startswith(detail)
        assert found["errors"][0]["parameter"] == parameter

    @pytest.mark.parametrize(
        ("question", "detail"),
        [
            ("", "The question is empty."),
            (" \n\t ", "The question is empty."),
            ("?!", "The question holds no letter or digit."),
            ("te\x00a", "The question holds the control character U+0000."),
            ("te\x1ba", "The question holds the control character U+001B."),
            ("tea " * 60_000, "The question has 239,999 characters; at most 200,000 are read."),
        ],
    )
    def test_questions_that_cannot_be_asked(self, client: Any, question: str, detail: str) -> None:
        found = problem(client.post("/ask", json={"question": question}), 422)
        assert found["detail"].startswith(detail)
        assert found["type"] == "urn:careerqa:problem:question"
        assert found["title"] == "The question cannot be asked"

    def test_half_a_character(self, client: Any) -> None:
        for key in ("question", "llm"):
            content = rf'{{"question": "tea", "{key}": "tea \ud800"}}'
            found = problem(client.post("/ask", content=content, headers=JSON), 422)
            assert found["detail"].startswith(
                "The question holds half a character" if key == "question" else "llm: This server"
            )

    @pytest.mark.parametrize("key", ["question", "answer"])
    def test_half_a_character_in_the_history(self, client: Any, key: str) -> None:
        turn = rf'{{"question": "tea", "{key}": "tea \ud800"}}'
        content = f'{{"question": "tea", "history": [{turn}]}}'
        found = problem(client.post("/ask", content=content, headers=JSON), 422)
        assert "half" in found["detail"]

    def test_half_a_surrogate_pair_as_a_key(self, client: Any) -> None:
        content = r'{"question": "tea", "\ud800": 1}'
        problem(client.post("/ask", content=content, headers=JSON), 422)

    @pytest.mark.parametrize(
        ("content", "detail"),
        [
            (b'{"question": "tea"', "The body is not JSON: Expecting ',' delimiter at character"),
            (b"question=tea", "The body is not JSON: Expecting value at character 0."),
            (b'{"question": "\xff"}', "The body cannot be read as JSON in UTF-8"),
            (b"[" * 100_000, "The body cannot be read as JSON in UTF-8"),
            (b'{"top": ' + b"1" * 5000 + b"}", "The body cannot be read as JSON in UTF-8"),
        ],
    )
    def test_what_is_not_json(self, client: Any, content: bytes, detail: str) -> None:
        found = problem(client.post("/ask", content=content, headers=JSON), 400)
        assert found["detail"].startswith(detail)

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
    def test_no_numbers(self, client: Any, number: str) -> None:
        content = f'{{"question": "tea", "top": {number}}}'
        found = problem(client.post("/ask", content=content, headers=JSON), 422)
        assert found["detail"] == "top: Input should be a valid integer."

    def test_no_body(self, client: Any) -> None:
        for headers in ({}, JSON):
            found = problem(client.post("/ask", headers=headers), 422)
            assert found["detail"].startswith("A body is required: a JSON object such as")

    @pytest.mark.parametrize(
        ("kind", "named"),
        [
            ("text/plain", "text/plain"),
            ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
            ("multipart/form-data; boundary=x", "multipart/form-data"),
            (None, "nothing"),
        ],
    )
    def test_bodies_not_declared_as_json(self, client: Any, kind: str | None, named: str) -> None:
        headers = {"content-type": kind} if kind else {}
        got = client.post("/ask", content='{"question": "tea"}', headers=headers)
        assert problem(got, 415)["detail"].startswith(f"The body is declared as {named}.")
        assert got.headers["accept"] == "application/json"

    def test_a_declared_character_set_is_no_obstacle(self, client: Any) -> None:
        headers = {"content-type": "Application/JSON; charset=utf-8"}
        assert client.post("/ask", content='{"question": "tea"}', headers=headers).is_success

    @pytest.mark.parametrize("chunked", [False, True])
    def test_bodies_over_the_limit(self, client: Any, service: Any, chunked: bool) -> None:
        body = b'{"question": "' + b"a" * 5_000_000 + b'"}'
        pieces = (body[i : i + 65_536] for i in range(0, len(body), 65_536))
        got = client.post("/ask", content=pieces if chunked else body, headers=JSON)
        found = problem(got, 413)
        assert found["detail"] == "The body has more than 1,000,000 bytes, the most that is read."
        assert service.asked == []

    def test_a_body_of_just_the_limit_is_read(self, client: Any) -> None:
        body = b'{"question": "tea"}'
        body += b" " * (MAX_BODY_BYTES - len(body))
        assert client.post("/ask", content=body, headers=JSON).is_success
        assert client.post("/ask", content=body + b" ", headers=JSON).status_code == 413

    def test_slow_questions_leave_the_rest_free(self, service: Any) -> None:
        service.go.clear()

        async def journey() -> list[int]:
            statuses = []
            transport = httpx.ASGITransport(create_app(service))
            async with httpx.AsyncClient(transport=transport, base_url="http://t") as asker:

                async def ask() -> None:
                    statuses.append((await asker.get("/ask", params={"q": "tea"})).status_code)

                with anyio.fail_after(20):
                    async with anyio.create_task_group() as tasks:
                        for _ in range(streaming.ASK_THREADS + 3):
                            tasks.start_soon(ask)
                        while len(service.asked) < streaming.ASK_THREADS:
                            await anyio.sleep(0.01)
                        for path in ("/healthz", "/readyz", "/documents"):
                            assert (await asker.get(path)).status_code == 200
                        assert len(service.asked) == streaming.ASK_THREADS
                        assert statuses == []
                        service.go.set()
            return statuses

        assert anyio.run(journey) == [200] * (streaming.ASK_THREADS + 3)


class TestDocuments:
    def test_they_are_listed(self, client: Any) -> None:
        tea, shout = client.get("/documents").json()["documents"]
        assert tea == {
            "id": "drinks/tea.txt",
            "title": "Tea 🍵 notes",
            "kind": "guide",
            "publisher": "Leaf",
            "author": None,
            "published": None,
            "revised": None,
            "url": "https://tea.example/",
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
            "characters": len(TEXT),
        }
        assert client.get("/documents/" + shout["id"]).json()["text"] == SHOUT.text

    def test_one_is_its_summary_and_its_text(self, client: Any) -> None:
        got = client.get("/documents/drinks/tea.txt")
        summary = client.get("/documents").json()["documents"][0]
        assert got.json() == summary | {"start": 0, "end": len(TEXT), "text": TEXT}
        assert got.headers["etag"] == f'"{TEA.sha256}"'

    @pytest.mark.parametrize(
        ("query", "text"),
        [("start=4&end=5", "🍵"), ("start=4", TEXT[4:]), ("end=3", "Tea"), ("start=5&end=5", "")],
    )
    def test_parts_count_code_points(self, client: Any, query: str, text: str) -> None:
        assert client.get(f"/documents/drinks/tea.txt?{query}").json()["text"] == text

    @pytest.mark.parametrize(
        ("query", "detail"),
        [
            ("start=9&end=5", "start: 9 is after the end, 5."),
            (f"end={len(TEXT) + 1}", f"end: {len(TEXT) + 1} is beyond the end, {len(TEXT)}."),
            ("start=999", f"start: 999 is after the end, {len(TEXT)}."),
            ("start=-1", "start: Input should be greater than or equal to 0."),
            ("end=x", "end: Input should be a valid integer"),
            ("view=1", "view: This key is not known here."),
        ],
    )
    def test_parts_that_are_none(self, client: Any, query: str, detail: str) -> None:
        found = problem(client.get(f"/documents/drinks/tea.txt?{query}"), 422)
        assert found["detail"].startswith(detail)
        assert found["errors"][0]["parameter"] == query.split("=", maxsplit=1)[0]

    @pytest.mark.parametrize("name", ["nix.txt", "../config.toml", "", "drinks", "%2e%2e/a", "%00"])
    def test_unknown_ones(self, client: Any, name: str) -> None:
        found = problem(client.get(f"/documents/{name}"), 404)
        assert found["type"] in ("urn:careerqa:problem:document-unknown", "about:blank")

    def test_an_unknown_name_is_said(self, client: Any) -> None:
        found = problem(client.get("/documents/caf%C3%A9 x"), 404)
        assert found["detail"] == (
            "The index holds no document 'café x'. GET /documents lists them."
        )
        assert found["instance"] == "/documents/caf%C3%A9%20x"

    @pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"old", "{}"', "*"])
    def test_what_is_unchanged_is_not_sent_again(self, client: Any, tag: str) -> None:
        headers = {"if-none-match": tag.format(TEA.sha256)}
        got = client.get("/documents/drinks/tea.txt", headers=headers)
        assert (got.status_code, got.content) == (304, b"")
        assert got.headers["etag"] == f'"{TEA.sha256}"'

    def test_what_has_changed_is_sent(self, client: Any) -> None:
        headers = {"if-none-match": '"old"'}
        assert client.get("/documents/drinks/tea.txt", headers=headers).json()["text"] == TEXT

    def test_a_browser_gets_a_page_with_the_part_marked(self, client: Any) -> None:
        part = {"start": AT, "end": AT + len(FACT)}
        browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        got = client.get("/documents/drinks/tea.txt", params=part, headers=browser)
        assert got.headers["content-type"] == "text/html; charset=utf-8"
        assert f'<mark id="quote">{FACT}</mark>' in got.text
        assert "&lt;b&gt;Black &amp; strong&lt;/b&gt;" in got.text
        assert "<b>" not in got.text
        assert got.headers["etag"] == f'"{TEA.sha256}-page"'
        assert got.headers["vary"] == "Accept"
        assert "default-src 'none'" in got.headers["content-security-policy"]
        whole = client.get("/documents/drinks/tea.txt", headers=browser)
        assert "<mark" not in whole.text

    @pytest.mark.parametrize(
        ("accept", "page"),
        [
            ("", False),
            ("*/*", False),
            ("application/json", False),
            ("text/html", True),
            ("text/html;q=0.5, application/json", False),
            ("text/html, application/json;q=0.5", True),
            ("text/html;q=x", False),
            ("text/html;q=0.8, application/*;q=0.9", False),
        ],
    )
    def test_who_gets_a_page(self, accept: str, page: bool) -> None:
        assert prefers_html(accept) is page


class TestRebuilding:
    def test_the_index_is_described(self, client: Any) -> None:
        got = client.get("/index").json()
        assert got["problem"] is got["rebuild"] is None
        assert got["index"]["generation"] == "20260101T000000Z-aaaaaa"
        assert (got["index"]["statements"], got["index"]["texts"]) == (4, 5)
        assert got["index"]["left_out"] == ["bad.txt: no UTF-8"]
        assert got["index"]["flagged"] == ["tea.txt:3: hidden text (HTML comment)"]

    def test_no_index_is_described_too(self, client: Any, service: Any) -> None:
        service.failure = IndexMissingError("Nothing is built.")
        got = client.get("/index")
        assert got.status_code == 200
        assert got.json() == {"index": None, "problem": "Nothing is built.", "rebuild": None}

    def test_it_runs_in_the_background_and_is_answered_from(
        self, client: Any, service: Any
    ) -> None:
        service.build.clear()
        got = client.post("/index?full=true", headers=AS_ADMIN)
        assert (got.status_code, got.headers["location"]) == (202, "/index")
        assert got.json()["rebuild"]["state"] == "running"
        service.building.wait(10)
        running = client.get("/index").json()["rebuild"]
        assert (running["stage"], running["done"], running["total"]) == ("Embedding", 1, 4)
        assert (running["full"], running["finished_at"]) == (True, None)
        old = client.get("/ask", params={"q": "tea"}).json()["index"]["generation"]
        assert old == "20260101T000000Z-aaaaaa"
        found = problem(client.post("/index", headers=AS_ADMIN), 409)
        assert found["detail"] == "A rebuild is running already. GET /index shows how far it is."
        service.build.set()
        ended = finished(client)
        assert ended["state"] == "succeeded"
        assert (ended["built"], ended["embedded"], ended["error"]) == (True, 4, None)
        new = client.get("/ask", params={"q": "tea"}).json()["index"]["generation"]
        assert new == "20260202T000000Z-bbbbbb"

    def test_another_process_builds(self, client: Any, service: Any) -> None:
        service.failure = BuildInProgressError("Another process builds.")
        found = problem(client.post("/index", headers=AS_ADMIN), 409)
        assert found["detail"] == "Another process builds."
        assert client.get("/index").json()["rebuild"] is None

    def test_it_ends_with_the_server(self, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, TOKEN)
        reported: list[int] = []

        def rebuild(*, full: bool, report: Any) -> Any:
            for done in range(1000):
                report("Embedding", done, 1000)
                reported.append(done)
                time.sleep(0.01)

        service.rebuild = rebuild
        with TestClient(create_app(service)) as client:
            assert client.post("/index", headers=AS_ADMIN).status_code == 202
        ended_at = len(reported)
        assert 0 < ended_at < 1000
        time.sleep(0.05)
        assert len(reported) == ended_at

    @pytest.mark.parametrize(
        "given", [None, "", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer wrong", "Bearer tök\xff"]
    )
    def test_without_the_token(self, client: Any, service: Any, given: str | None) -> None:
        headers = {} if given is None else {"authorization": given.encode("latin-1")}
        got = client.post("/index", headers=headers)
        found = problem(got, 401)
        assert ADMIN_TOKEN_VARIABLE in found["detail"]
        assert TOKEN not in got.text
        assert got.headers["www-authenticate"] == 'Bearer realm="careerqa"'
        assert not service.building.is_set()

    def test_a_token_beyond_ascii(self, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, "schlüssel")
        with TestClient(create_app(service)) as client:
            headers = [(b"authorization", "bearer schlüssel".encode())]
            assert client.post("/index", headers=headers).status_code == 202

    @pytest.mark.parametrize("token", [None, ""])
    def test_a_server_without_a_token(
        self, service: Any, monkeypatch: pytest.MonkeyPatch, token: str | None
    ) -> None:
        if token is None:
            monkeypatch.delenv(ADMIN_TOKEN_VARIABLE, raising=False)
        else:
            monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, token)
        with TestClient(create_app(service)) as client:
            for headers in ({}, {"authorization": "Bearer "}):
                found = problem(client.post("/index", headers=headers), 403)
                assert f"Set the environment variable {ADMIN_TOKEN_VARIABLE}" in found["detail"]

    def test_full_is_yes_or_no(self, client: Any) -> None:
        found = problem(client.post("/index?full=perhaps", headers=AS_ADMIN), 422)
        assert found["errors"][0]["parameter"] == "full"

    def test_over_a_real_index_new_documents_are_found(
        self, tiny_index: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, TOKEN)
        service = CareerQA(tiny_index)
        with TestClient(create_app(service)) as client:
            before = client.get("/ask", params={"q": "lamp?"}).json()["index"]
            (tiny_index.corpus.path / "new.txt").write_text("News\n\nThe lamp is lit.\n")
            assert client.post("/index", headers=AS_ADMIN).status_code == 202
            ended = finished(client)
            assert (ended["state"], ended["built"], ended["error"]) == ("succeeded", True, None)
            after = client.get("/ask", params={"q": "lamp?"}).json()["index"]
            assert after["documents"] == before["documents"] + 1
            assert client.get("/documents/new.txt").json()["text"] == "News\n\nThe lamp is lit.\n"
        service.close()


def finished(client: Any) -> dict[str, Any]:
    """The last rebuild, once it has ended."""
    end = time.monotonic() + 60
    while (found := client.get("/index").json()["rebuild"])["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    assert found["finished_at"] >= found["started_at"]
    return dict(found)


class TestErrors:
    @pytest.mark.parametrize(
        "failure",
        [
            IndexMissingError("Nothing."),
            IndexMismatchError("Nothing."),
            ModelUnavailableError("Nothing."),
            CorpusError("Nothing."),
            LLMError("Nothing."),
        ],
        ids=lambda failure: type(failure).__name__,
    )
    def test_each_of_ours_has_its_status_and_title(
        self, client: Any, service: Any, failure: CareerQAError
    ) -> None:
        service.failure = failure
        for got in (client.get("/ask?q=tea"), client.get("/documents")):
            found = problem(got, failure.http_status)
            assert (found["title"], found["detail"]) == (failure.title, "Nothing.")
            assert found["type"] == f"urn:careerqa:problem:{name_of(type(failure))}"

    def test_unforeseen_ones_are_logged_and_tell_nothing(
        self, client: Any, service: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        service.failure = ZeroDivisionError("a secret of /home/someone")
        with caplog.at_level(logging.ERROR):
            got = client.get("/ask", params={"q": "tea"})
        found = problem(got, 500)
        assert found["detail"].startswith("Something unforeseen went wrong;")
        assert "secret" not in got.text
        assert "Traceback" not in got.text
        assert "a secret of /home/someone" in caplog.text
        assert "GET /ask failed" in caplog.text

    def test_unknown_paths(self, client: Any) -> None:
        for path in ("/nix", "/docs", "/redoc"):
            found = problem(client.get(path), 404)
            assert found["detail"].startswith(f"There is nothing at {path}. GET /openapi.json")

    @pytest.mark.parametrize(
        ("path", "allowed"),
        [
            ("/ask", "GET, HEAD, POST"),
            ("/index", "GET, HEAD, POST"),
            ("/compare", "POST"),
            ("/healthz", "GET, HEAD"),
        ],
    )
    def test_methods_that_a_path_does_not_take(self, client: Any, path: str, allowed: str) -> None:
        got = client.delete(path)
        detail = f"{path} does not take DELETE; it takes {allowed}."
        assert problem(got, 405)["detail"] == detail
        assert got.headers["allow"] == allowed

    @pytest.mark.parametrize(
        "path",
        ["/", "/healthz", "/readyz", "/index", "/documents", f"/documents/{TEA.id}", "/ask?q=tea"],
    )
    def test_head_is_get_without_the_body(self, client: Any, path: str) -> None:
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
        assert int(head.headers["content-length"]) == len(whole.content) > 0

    def test_head_where_get_fails(self, client: Any, service: Any) -> None:
        refused = client.head("/compare")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert client.head("/nix").status_code == 404
        service.failure = IndexMissingError("Nothing is built.")
        missing = client.head("/readyz")
        assert (missing.status_code, missing.content) == (503, b"")
        assert missing.headers["x-content-type-options"] == "nosniff"


class TestOperation:
    def test_alive_and_ready(self, client: Any) -> None:
        assert client.get("/healthz").json() == {"status": "alive"}
        got = client.get("/readyz").json()
        assert got == {"status": "ready", "generation": "20260101T000000Z-aaaaaa"}

    def test_alive_without_an_index(self, client: Any, service: Any) -> None:
        service.failure = IndexMissingError("Nothing is built.")
        assert client.get("/healthz").status_code == 200
        assert problem(client.get("/readyz"), 503)["detail"] == "Nothing is built."

    def test_an_index_that_cannot_be_loaded_is_not_ready(self, client: Any, service: Any) -> None:
        service.failure = OSError("broken file")
        found = problem(client.get("/readyz"), 503)
        assert found["type"] == "urn:careerqa:problem:model-unavailable"
        assert "(broken file). Run careerqa index --full." in found["detail"]

    def test_the_server_starts_without_an_index(
        self, tiny_settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        with TestClient(create_app(CareerQA(tiny_settings))) as client:
            assert client.get("/healthz").status_code == 200
            found = problem(client.get("/ask?q=tea"), 503)
        assert found["type"] == "urn:careerqa:problem:index-missing"
        assert "Not ready yet" in caplog.text

    @pytest.mark.parametrize("path", ["/", "/ask?q=tea", "/documents", "/nix", "/openapi.json"])
    def test_security_headers(self, client: Any, path: str) -> None:
        headers = client.get(path, headers={"origin": "https://other.example"}).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert not [name for name in headers if name.startswith("access-control-")]

    def test_no_other_site_may_read(self, client: Any) -> None:
        headers = {"origin": "https://other.example", "access-control-request-method": "POST"}
        assert client.options("/ask", headers=headers).status_code == 405

    def test_the_page_needs_no_other_host(self, client: Any) -> None:
        got = client.get("/")
        assert got.headers["content-type"] == "text/html; charset=utf-8"
        policy = got.headers["content-security-policy"]
        assert "script-src 'sha256-" in policy
        assert "unsafe" not in policy
        assert " src=" not in got.text
        assert set(re.findall('href="([^"]*)"', got.text)) <= {"data:,"}
        assert "innerHTML" not in got.text
        assert "<label" in got.text


class TestDescription:
    def test_every_path_and_its_problems(self, client: Any) -> None:
        schema = client.get("/openapi.json").json()
        assert schema["paths"].keys() >= {
            "/ask",
            "/documents",
            "/documents/{identifier}",
            "/index",
            "/healthz",
            "/readyz",
        }
        posted = schema["paths"]["/ask"]["post"]["responses"]
        assert posted.keys() >= {"200", "400", "413", "415", "422", "503"}
        assert posted["422"]["content"].keys() == {MEDIA_TYPE}
        assert posted["422"]["content"][MEDIA_TYPE]["schema"]["$ref"].endswith("/Problem")
        rebuild = schema["paths"]["/index"]["post"]["responses"]
        assert rebuild.keys() >= {"202", "401", "403", "409"}
        for operations in schema["paths"].values():
            assert all(operation["summary"] for operation in operations.values())

    def test_every_reference_leads_somewhere(self, client: Any) -> None:
        text = client.get("/openapi.json").text
        known = json.loads(text)["components"]["schemas"]
        named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
        assert named <= known.keys()

    def test_problems_and_replies_fit_it(self, client: Any) -> None:
        schema = client.get("/openapi.json").json()
        found = {"components": schema["components"]}
        for name, got in (
            ("Problem", client.post("/ask", json={})),
            ("Reply", client.get("/ask?q=tea")),
            ("Reply", client.get("/ask?q=why")),
            ("DocumentList", client.get("/documents")),
            ("IndexStatus", client.get("/index")),
        ):
            wanted = found | {"$ref": f"#/components/schemas/{name}"}
            jsonschema.validate(got.json(), wanted)

    def test_the_examples_are_replies(self, client: Any) -> None:
        schema = client.get("/openapi.json").json()
        content = schema["paths"]["/ask"]["post"]["responses"]["200"]["content"]
        examples = [e["value"] for e in content["application/json"]["examples"].values()]
        assert {example["status"] for example in examples} == {"answered", "abstained"}
        wanted = {"components": schema["components"], "$ref": "#/components/schemas/Reply"}
        for example in examples:
            jsonschema.validate(example, wanted)


@pytest.mark.slow
def test_a_journey_over_the_real_index(
    real_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ready, ask, check every quote, abstain, rebuild, ask about what is new."""
    monkeypatch.setenv(ADMIN_TOKEN_VARIABLE, TOKEN)
    shutil.copytree(real_index.corpus.path, tmp_path / "corpus")
    shutil.copytree(real_index.index.path, tmp_path / "index")
    settings = real_index.model_copy(
        update={
            "corpus": real_index.corpus.model_copy(update={"path": tmp_path / "corpus"}),
            "index": real_index.index.model_copy(update={"path": tmp_path / "index"}),
        }
    )
    service = CareerQA(settings)
    with TestClient(create_app(service)) as client:
        assert client.get("/readyz").json()["status"] == "ready"
        question = "What does an AI engineer do?"
        reply = client.post("/ask", json={"question": question}).json()
        assert reply["status"] == "answered"
        expected = reply_of(service.ask(question)).model_dump(mode="json")
        assert untimed(reply) == untimed(expected)
        for quote in reply["quotes"]:
            part = {"start": quote["start"], "end": quote["end"]}
            got = client.get(f"/documents/{quote['document']}", params=part).json()
            assert (got["text"], got["sha256"]) == (quote["text"], quote["document_sha256"])
        unknown = client.post("/ask", json={"question": "How do I bake rye bread?"}).json()
        assert (unknown["status"], unknown["quotes"]) == ("abstained", [])
        for content in (r'{"question": "AI engineer \ud800"}', '{"question": "\u200b"}'):
            problem(client.post("/ask", content=content, headers=JSON), 422)

        fact = "A lamplighter of Brindlemouth earns exactly 41 florins a week."
        (tmp_path / "corpus" / "new.txt").write_text(f"Lamplighters\n\n{fact}\n")
        assert client.post("/index", headers=AS_ADMIN).status_code == 202
        ended = finished(client)
        assert (ended["state"], ended["built"]) == ("succeeded", True)
        assert 0 < ended["embedded"] < ended["reused"]
        asked = {"question": "What does a lamplighter of Brindlemouth earn?"}
        fresh = client.post("/ask", json=asked).json()
        assert fresh["index"]["generation"] != reply["index"]["generation"]
        assert fact in [quote["text"] for quote in fresh["quotes"] + fresh["nearest"]]
    service.close()
