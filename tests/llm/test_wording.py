"""A language model wired into asking: the service, the command line, and no model at all."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console
from rich.text import Text
from typer.testing import CliRunner, Result

from careerqa.answering.outcome import Outcome
from careerqa.cli import app
from careerqa.conversation.standalone import Turn
from careerqa.datatypes import Answer, Sentence
from careerqa.errors import SettingsError
from careerqa.llm import call, loading, wording
from careerqa.llm.prompts import Prompt
from careerqa.llm.protocol import End, Usage
from careerqa.reply import reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings
from careerqa.terminal import llm as terminal_llm
from careerqa.terminal.output import put
from conftest import DATA
from scripted_server import Fail, Hang, Say, ScriptedServer, Step

SCHEMA = json.loads((DATA / "answer.schema.json").read_text("utf-8"))
QUESTION = "A keeper trims the lamp at dusk?"
GOOD = "At dusk a keeper trims the lamp [1]."
WRONG = "A keeper trims 40 lamps [1]."
"""The first quote to the question is "A keeper trims the lamp at dusk."."""


def with_llm(settings: Settings, url: str = "", **values: Any) -> Settings:
    given = {"provider": "openai", "base_url": url, "model": "m", "retries": 0}
    table = LLMSettings(**(given | {"timeout_seconds": 5, "budget_seconds": 8} | values))
    answer = settings.answer.model_copy(update={"min_confidence": 0.0})
    return settings.model_copy(update={"llm": table, "answer": answer})


def asked(settings: Settings, *script: Step, llm: str | None = None, **values: Any) -> Outcome:
    with ScriptedServer(*script) as server:
        service = CareerQA(with_llm(settings, server.url, **values))
        try:
            return service.ask(QUESTION, llm=llm)
        finally:
            service.close()


def warnings_of(outcome: Outcome) -> list[str]:
    """Those of the language model."""
    return [w for w in outcome.result.warnings if "tiktoken" not in w and "calibrat" not in w]


class TestService:
    def test_kept_sentences_make_the_answer(self, tiny_index: Settings) -> None:
        outcome = asked(tiny_index, Say([GOOD, " ", WRONG], usage=(70, 9)))
        reply = reply_of(outcome)
        assert (reply.status, reply.mode) == ("answered", "llm")
        assert reply.answer == "At dusk a keeper trims the lamp. [1]"
        assert [q.text for q in reply.quotes] == ["A keeper trims the lamp at dusk."]
        assert reply.usage == {"prompt_tokens": 70, "answer_tokens": 9}
        assert warnings_of(outcome) == [
            "One sentence of the language model left out: 1 fabricated."
        ]
        assert reply.timings_ms["total"] >= reply.timings_ms["llm"] > 0
        jsonschema.validate(reply.model_dump(mode="json"), SCHEMA)

    def test_only_cited_quotes_are_shown_under_their_numbers(self, tiny_index: Settings) -> None:
        question = "What is the yearly pay of a keeper?"  # quotes both rows
        with ScriptedServer(Say("An assistant keeper's yearly pay is £58 [2].")) as server:
            service = CareerQA(with_llm(tiny_index, server.url))
            reply = reply_of(service.ask(question))
            quoted = reply_of(service.ask(question, llm="none"))
            service.close()
        assert [q.id for q in quoted.quotes] == [1, 2]
        assert reply.mode == "llm"
        assert reply.quotes == quoted.quotes[1:]
        assert [s.citations for s in reply.sentences] == [[2]]

    @pytest.mark.parametrize(
        ("step", "words"),
        [
            (Say(WRONG), "None of the language model's sentences is carried"),
            (Say(""), "The language model sent an empty reply."),
            (Fail(500), "failed (500)"),
            (Say(GOOD, broken=True), "broke off"),
        ],
    )
    def test_nothing_usable_leaves_the_answer_in_quotes(
        self, tiny_index: Settings, step: Step, words: str
    ) -> None:
        outcome = asked(tiny_index, step)
        reply, plain = reply_of(outcome), reply_of(asked(tiny_index, step, llm="none"))
        assert reply.mode == "extractive"
        assert (reply.answer, reply.quotes) == (plain.answer, plain.quotes)
        (warning,) = warnings_of(outcome)
        assert words in warning
        assert warning.endswith("The answer is made of quotes alone.")

    def test_an_abstention_asks_no_model(self, tiny_index: Settings) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            settings = with_llm(tiny_index, server.url)
            sure = settings.answer.model_copy(update={"min_confidence": 1.0})
            service = CareerQA(settings.model_copy(update={"answer": sure}))
            reply = reply_of(service.ask("Who won the cup?"))
            service.close()
            assert server.requests == []
        assert (reply.status, reply.mode, reply.usage) == ("abstained", "extractive", None)

    @pytest.mark.parametrize(
        ("rewriting", "wording", "usage"),
        [
            ((40, 6), (70, 9), {"prompt_tokens": 110, "answer_tokens": 15}),
            ((40, 6), None, {"prompt_tokens": 40, "answer_tokens": 6}),
            (None, (70, 9), {"prompt_tokens": 70, "answer_tokens": 9}),
            (None, None, None),
        ],
    )
    def test_a_rewritten_question_counts(
        self,
        tiny_index: Settings,
        rewriting: tuple[int, int] | None,
        wording: tuple[int, int] | None,
        usage: dict[str, int] | None,
    ) -> None:
        says = Say('{"question": "Who trims the lamp at dusk?"}', usage=rewriting)
        with ScriptedServer(says, Say(GOOD, usage=wording)) as server:
            service = CareerQA(with_llm(tiny_index, server.url))
            outcome = service.ask("And at dusk?", history=[Turn("Who trims the lamp?")])
            service.close()
            assert len(server.requests) == 2
        reply = reply_of(outcome)
        assert (reply.mode, reply.standalone_question) == ("llm", "Who trims the lamp at dusk?")
        assert reply.usage == usage
        timings = reply.timings_ms
        assert timings["rewrite"] > 0
        assert timings["total"] >= timings["rewrite"] + timings["llm"]

    def test_a_rewritten_question_counts_in_an_abstention(self, tiny_index: Settings) -> None:
        with ScriptedServer(Say('{"question": "Who trims the lamp at dusk?"}')) as server:
            settings = with_llm(tiny_index, server.url)
            sure = settings.answer.model_copy(update={"min_confidence": 1.0})
            service = CareerQA(settings.model_copy(update={"answer": sure}))
            outcome = service.ask("And at dusk?", history=[Turn("Who trims the lamp?")])
            service.close()
            assert len(server.requests) == 1
        reply = reply_of(outcome)
        assert (reply.status, reply.mode) == ("abstained", "extractive")
        assert reply.usage == {"prompt_tokens": 100, "answer_tokens": 20}
        jsonschema.validate(reply.model_dump(mode="json"), SCHEMA)

    def test_none_asks_no_model(self, tiny_index: Settings) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            service = CareerQA(with_llm(tiny_index, server.url))
            assert service.ask(QUESTION, llm="none").prose is None
            service.close()
            assert server.requests == []

    def test_a_name_switches_on_what_the_settings_describe(self, tiny_index: Settings) -> None:
        assert asked(tiny_index, Say(GOOD), provider="").prose is None
        assert reply_of(asked(tiny_index, Say(GOOD), provider="", llm="openai")).mode == "llm"

    def test_another_provider_than_the_settings_describe(self, tiny_index: Settings) -> None:
        with pytest.raises(SettingsError, match=r"\[llm\] describes 'openai', whose address"):
            asked(tiny_index, Say(GOOD), llm="anthropic")

    def test_an_unknown_name(self, tiny_index: Settings) -> None:
        with pytest.raises(SettingsError, match="provider is 'nope', but there is only openai"):
            asked(tiny_index, Say(GOOD), provider="", llm="nope")

    def test_streaming_gives_quotes_then_sentences_then_what_asking_gives(
        self, tiny_index: Settings
    ) -> None:
        with ScriptedServer(Say(list(f"{GOOD} {WRONG}"))) as server:
            service = CareerQA(with_llm(tiny_index, server.url))
            service.llm_warnings()  # they are told once
            run = service.stream(QUESTION)
            first, *rest = steps = list(ended(run))
            asked_for = service.ask(QUESTION)
            service.close()
        assert isinstance(first, Outcome)
        assert first.prose is None
        last = steps[-1]
        assert isinstance(last, Outcome)
        assert isinstance(last.result, Answer)
        assert rest[:-1] == list(last.result.sentences)
        assert last.result == asked_for.result
        assert last.prose == asked_for.prose or last.prose is not None

    def test_that_tokens_are_estimated_is_said_once(self, tiny_index: Settings) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            service = CareerQA(with_llm(tiny_index, server.url, encoding="no-such-encoding"))
            quoted, first, second = (
                service.ask(QUESTION, llm=name).result.warnings for name in ("none", None, None)
            )
            service.close()
        estimated = [w for w in first if "no-such-encoding is not on this machine" in w]
        assert len(estimated) == 1
        assert list(first) == [*quoted, *estimated]
        assert second == quoted

    def test_without_a_model_the_sentences_come_too(self, tiny_index: Settings) -> None:
        service = CareerQA(with_llm(tiny_index, provider=""))
        first, *sentences, last = ended(service.stream(QUESTION))
        service.close()
        assert first == last
        assert isinstance(last, Outcome)
        assert isinstance(last.result, Answer)
        assert sentences == list(last.result.sentences)

    def test_where_sources_differ_that_comes_first(self) -> None:
        opening = Sentence("Sources differ: pay: £1 [1]; £2 [2].", (1, 2))
        sentence = Sentence("It pays £1.", (1,))

        def says(*sentences: Sentence) -> Any:
            yield from sentences
            return "end"

        assert list(wording._after([opening], says(sentence))) == [opening, sentence]
        assert list(wording._after([opening], says())) == []

    def test_cancelling_ends_the_call_upstream(self, tiny_index: Settings) -> None:
        cancel = threading.Event()
        with ScriptedServer(Hang([GOOD, " Next"])) as server:
            service = CareerQA(with_llm(tiny_index, server.url))
            run = service.stream(QUESTION, cancel=cancel)
            next(run)
            assert isinstance(next(run), Sentence)
            cancel.set()
            *_, last = ended(run)
            service.close()
            assert server.left.wait(1.0)
        assert isinstance(last, Outcome)
        assert reply_of(last).mode == "extractive"

    def test_a_plug_in_that_fails_in_its_own_way(
        self, tiny_index: Settings, plug_in: type[Plugged]
    ) -> None:
        plug_in.failure = ZeroDivisionError("sk-secret")
        outcome = asked(tiny_index, Say(""), provider="plugged")
        assert warnings_of(outcome) == [
            "The language model failed (ZeroDivisionError). The answer is made of quotes alone."
        ]

    def test_a_plug_in_that_gives_a_list(
        self, tiny_index: Settings, plug_in: type[Plugged]
    ) -> None:
        outcome = asked(tiny_index, Say(""), provider="plugged")
        assert reply_of(outcome).answer == "At dusk a keeper trims the lamp. [1]"
        assert reply_of(outcome).usage == {"prompt_tokens": 3, "answer_tokens": 2}

    def test_a_client_that_is_not_installed(
        self, tiny_index: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(call, "find_spec", lambda name: None)
        with pytest.raises(SettingsError, match=r'openai is not installed. Run pip install "care'):
            asked(tiny_index, Say(GOOD))

    def test_no_model_imports_nothing_of_it(self, tiny_index: Settings) -> None:
        code = (
            "import sys; from careerqa.service import CareerQA;"
            "from careerqa.settings import Settings; import careerqa.reply, careerqa.terminal.llm;"
            "service = CareerQA(Settings()); assert service.llm()[0] is None;"
            "names = {'openai', 'anthropic', 'tiktoken'} | "
            "{'careerqa.' + n for n in ('grounding', *('llm.' + m for m in"
            "('loading', 'call', 'prose', 'prompts', 'wording')))};"
            "sys.exit(', '.join(names & set(sys.modules)) or None)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert done.stderr == ""


def ended(run: Any) -> Iterator[Outcome | Sentence]:
    """The steps of a stream and, last, its return value."""
    last = yield from run
    yield last


class Plugged:
    """A third party's adapter: a list instead of an iterator, errors of its own."""

    name = "plugged"
    failure: Exception | None = None

    def __init__(self, settings: LLMSettings) -> None:
        type(self).failure = self.failure

    def stream(self, prompt: Prompt, *, cancel: object = None) -> list[str | End]:
        if self.failure:
            raise self.failure
        return [GOOD, End(Usage(3, 2))]


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> type[Plugged]:
    found = EntryPoints([EntryPoint("plugged", "test_wording:Plugged", loading.ENTRY_POINTS)])
    monkeypatch.setattr(loading, "entry_points", lambda group: found.select(group=group))
    monkeypatch.setattr(Plugged, "failure", None)
    return Plugged


Run = Callable[..., Result]


class TestCommandLine:
    @pytest.fixture
    def run(self, tiny_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
        """Runs careerqa over the tiny index, with the language model at an address."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")

        def invoke(url: str, *words: str, provider: str = "openai") -> Result:
            (tmp_path / "config.toml").write_text(
                '[embedding]\nmodel = "words"\nquestion_encoder = "sentence-transformers"\n'
                "[answer]\nmin_confidence = 0.0\n"
                f'[llm]\nprovider = "{provider}"\nbase_url = "{url}"\nmodel = "m"\nretries = 0\n',
                encoding="utf-8",
            )
            return CliRunner().invoke(app, ["ask", *words, QUESTION])

        return invoke

    def test_prose_then_quotes(self, run: Run) -> None:
        with ScriptedServer(Say([GOOD, " ", WRONG])) as server:
            result = run(server.url)
        assert result.exit_code == 0
        assert result.stdout.startswith("At dusk a keeper trims the lamp. [1]\n\n1 quote from 1")
        assert "“A keeper trims the lamp at dusk.”" in result.stdout
        assert "One sentence of the language model left out: 1 fabricated." in result.stderr

    def test_json(self, run: Run) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            reply = json.loads(run(server.url, "--json").stdout)
        jsonschema.validate(reply, SCHEMA)
        assert reply["mode"] == "llm"

    def test_llm_switches_on_and_off(self, run: Run) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            off = json.loads(run(server.url, "--json", "--llm", "none").stdout)
            assert (off["mode"], server.requests) == ("extractive", [])
            on = run(server.url, "--json", "--llm", "openai", provider="")
            assert json.loads(on.stdout)["mode"] == "llm"

    def test_an_unknown_name_is_unusable_settings(self, run: Run) -> None:
        result = run("http://127.0.0.1:9/v1", "--llm", "nope", provider="")
        assert result.exit_code == 4
        assert "but there is only openai, anthropic" in result.stderr

    @pytest.mark.parametrize("provider", ["openai", "anthropic", ""])
    def test_show_prompt_sends_nothing(self, run: Run, provider: str) -> None:
        with ScriptedServer(Say(GOOD)) as server:
            result = run(server.url, "--show-prompt", provider=provider)
            assert server.requests == []
        assert result.exit_code == 0
        assert result.stdout.startswith("You answer a question about careers")
        assert "A keeper trims the lamp at dusk." in result.stdout
        assert QUESTION in result.stdout
        assert re.search(r"^\d+ tokens\. Nothing was sent\.$", result.stderr, re.M)
        assert ("Evidence 1 (" in result.stdout) == (provider == "anthropic")

    def test_show_prompt_of_a_question_without_an_answer(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CAREERQA_ANSWER__MIN_CONFIDENCE", "1")
        result = run("", "--show-prompt")
        assert (result.exit_code, result.stdout) == (3, "")
        assert "Nothing would be sent: the documents do not answer" in result.stderr

    def test_debug_shows_verdicts(self, run: Run) -> None:
        with ScriptedServer(Say(f"{GOOD} {WRONG}")) as server:
            result = run(server.url, "--debug")
        assert "supported: At dusk a keeper trims the lamp. [1]" in result.stderr
        assert "fabricated: A keeper trims 40 lamps. [1] (" in result.stderr

    def test_a_terminal_gets_each_sentence_as_it_is_checked(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TTY_COMPATIBLE", "1")
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("CAREERQA_LLM__BUDGET_SECONDS", "1")
        with ScriptedServer(Hang([GOOD, " And"])) as server:
            result = run(server.url)
        assert result.exit_code == 0
        assert result.stdout.startswith("At dusk a keeper trims the lamp. [1]\n\n")
        assert "what stands above is withdrawn" in result.stderr
        assert "did not finish within 1 s" in result.stderr

    def test_what_is_streamed_is_not_printed_again(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ScriptedServer(Say([GOOD, " ", WRONG])) as server:
            piped = run(server.url)
            monkeypatch.setenv("TTY_COMPATIBLE", "1")
            monkeypatch.setenv("NO_COLOR", "1")
            streamed = run(server.url)
        assert without_links(streamed.stdout) == piped.stdout
        assert "withdrawn" not in streamed.stderr


def without_links(text: str) -> str:
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\\\|\x1b\[[\d;]*m", "", text)


def test_the_writer_wraps_as_a_paragraph_is_wrapped() -> None:
    sentences = [
        Sentence("One two three four five six.", (1,)),
        Sentence("自由 seven-eight nine.", (2, 3)),
        Sentence("An \x1b[2Jescape.", (1,)),
    ]
    streamed, whole = (Console(file=io.StringIO(), width=20) for _ in range(2))
    writer = terminal_llm.Writer(streamed)
    for sentence in sentences:
        writer.write(sentence)
    assert writer.close()
    text = " ".join(
        s.text.replace("\x1b", "") + "".join(f" [{n}]" for n in s.citations) for s in sentences
    )
    put(whole, Text(text))
    assert streamed.file.getvalue() == whole.file.getvalue() + "\n"  # type: ignore[attr-defined]
    assert not terminal_llm.Writer(streamed).close()
