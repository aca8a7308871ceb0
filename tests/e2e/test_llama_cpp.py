"""A second real engine on loopback: llama.cpp's own server over tiny GGUF models made here.

It holds a model to the JSON schema that careerqa sends, which `transformers serve` does not. What
such a model says next hangs on its last token alone, so it is known, or drawn at random.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from careerqa.answering.outcome import Outcome
from careerqa.datatypes import Sentence
from careerqa.errors import LLMError
from careerqa.llm.openai_compatible import OpenAICompatible
from careerqa.llm.prompts import ANSWER_SCHEMA, QUESTIONS_SCHEMA, REWRITING_SCHEMA, Prompt
from careerqa.llm.protocol import End
from careerqa.reply import Reply, reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings

QUESTION = "A keeper trims the lamp at dusk?"
SAYS = ("At dusk", " a keeper trims", " the lamp.")
SENTENCE = "".join(SAYS)
ANSWER = json.dumps({"sentences": [{"text": SENTENCE, "citations": [1]}]}, separators=(",", ":"))
PROMPT = Prompt("Be brief.", "What is it?", "What is it?", ())
QUOTES_ALONE = "The answer is made of quotes alone."
START, STOP, UNKNOWN, SPACE = "<|says|>", "<|stop|>", "<|unknown|>", "▁"
CONTEXT_TOKENS = 32_768
ENDLESS_TOKENS = 30_000
PATIENCE_SECONDS = 60
TEMPERATURES = (0.5, 1.0, 1.5)  # of a model that draws its words at random

# After each token what the model would say next, best first. In its own words it gives no
# citations; held to the schema it cannot stop without them.
KEEPER = {
    START: ["At dusk"],
    "At dusk": [" a keeper trims"],
    " a keeper trims": [" the lamp."],
    " the lamp.": [STOP, '"'],
    '"': ["At dusk"],
    "[": ["{", "1"],
    "1": ["]"],
    "]": ["}"],
    "}": [STOP, "]"],
}
ENDLESS = KEEPER | {" the lamp.": ["At dusk"]}

SERVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.port = sys.argv[1], int(sys.argv[2]), 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = params.n_parallel = 1
params.endpoint_slots, params.ui, params.sampling.seed = True, False, 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()  # ends with the tests, however these end
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, ("gguf", "xllamacpp"))),
        reason="llama.cpp's server needs xllamacpp, and its models gguf",
    ),
]


def make_model(path: Path, leads: Mapping[str, Sequence[str]], *, chance: float = 0.0) -> None:
    """A Llama whose next token hangs on the last one alone: `leads`, and as much of `chance`.

    Its layer adds nothing, and each token has a dimension of its own, so the output layer is the
    table of what follows what. Letters are bytes. By chance it says anything, and likes to close.
    """
    import gguf

    letters = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = [*letters, SPACE, *SAYS, START, STOP, UNKNOWN]
    kinds = gguf.TokenType
    types = [kinds.BYTE] * len(letters) + [kinds.NORMAL] + [kinds.USER_DEFINED] * len(SAYS)
    types += [kinds.CONTROL, kinds.CONTROL, kinds.UNKNOWN]
    number = {token: n for n, token in enumerate(tokens)} | {chr(n): n for n in range(128)}
    size, inner = -(-len(tokens) // 32) * 32, 32

    likes = np.random.default_rng(0).normal(0.0, chance, (len(tokens), len(tokens)))
    if chance:
        likes[[number[closing] for closing in '"]}']] = 2.5 * chance
    spaces = [number[space] for space in (*" \t\r\n", SPACE)]
    likes[spaces] = -100.0  # JSON takes some between its marks
    likes[0xF5:0x100] = -100.0  # no bytes of UTF-8: the server gives up a reply that holds one
    for token, following in leads.items():
        for rank, successor in enumerate(reversed(following), start=1):
            likes[number[successor], number[token]] = 20.0 * rank
    output = np.zeros((len(tokens), size), np.float32)
    output[:, : len(tokens)] = likes / size**0.5  # which the last norm multiplies with

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(size)
    writer.add_feed_forward_length(inner)
    writer.add_block_count(1)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_eos_token_id(number[STOP])
    writer.add_unk_token_id(number[UNKNOWN])
    writer.add_chat_template(
        "{% for message in messages %}{{ message['content'] }}\n{% endfor %}" + START
    )
    writer.add_tensor("token_embd.weight", np.eye(len(tokens), size, dtype=np.float32))
    writer.add_tensor("output.weight", output)
    for name in ("output", "blk.0.attn", "blk.0.ffn"):
        writer.add_tensor(f"{name}_norm.weight", np.ones(size, np.float32))
    shapes = {f"attn_{name}": (size, size) for name in ("q", "k", "v", "output")}
    shapes |= {"ffn_gate": (inner, size), "ffn_up": (inner, size), "ffn_down": (size, inner)}
    for name, shape in shapes.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@dataclass(frozen=True)
class Engine:
    """A running server."""

    url: str

    def settings(self, **values: Any) -> LLMSettings:
        return LLMSettings(
            provider="openai",
            base_url=f"{self.url}/v1",
            model="tiny",
            timeout_seconds=PATIENCE_SECONDS,
            budget_seconds=2 * PATIENCE_SECONDS,
            **values,
        )

    def ask(self, prompt: Prompt = PROMPT, **values: Any) -> tuple[list[str], End]:
        """The pieces of a completion through careerqa's client, and its end."""
        *pieces, end = OpenAICompatible(self.settings(**values)).stream(prompt)
        assert isinstance(end, End)
        return [str(piece) for piece in pieces], end

    def service(self, index: Settings, **values: Any) -> CareerQA:
        answer = index.answer.model_copy(update={"min_confidence": 0.0})
        update = {"llm": self.settings(**values), "answer": answer}
        return CareerQA(index.model_copy(update=update))

    def own_words(self) -> str:
        """What the model says where it is held to no schema."""
        body = {"messages": [{"role": "user", "content": "What is it?"}], "max_tokens": 300}
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/v1/chat/completions",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            said = json.load(answer)["choices"][0]["message"]["content"]
        assert isinstance(said, str)
        return said

    def works(self) -> bool:
        with urllib.request.urlopen(f"{self.url}/slots") as answer:  # noqa: S310
            (slot,) = json.load(answer)
        return bool(slot["is_processing"])

    def wait(self, *, works: bool) -> None:
        """Wait until it works, or is idle, far less than all tokens of an endless reply take."""
        end = time.monotonic() + 10
        while self.works() is not works:
            assert time.monotonic() < end, f"the engine works: {not works}"
            time.sleep(0.05)


@contextlib.contextmanager
def serving(
    folder: Path, leads: Mapping[str, Sequence[str]], *, chance: float = 0.0
) -> Iterator[Engine]:
    """A server over a model, which starts here and stops here."""
    model, log = folder / "model.gguf", folder / "log"
    make_model(model, leads, chance=chance)
    command = [sys.executable, "-c", SERVE, str(model), str(CONTEXT_TOKENS)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        try:
            url = process.stdout.readline().strip()  # at its end if the server did not start
            if not url:
                pytest.fail(f"llama.cpp did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            yield Engine(url)
        finally:
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serving(tmp_path_factory.mktemp("keeper"), KEEPER) as engine:
        yield engine


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serving(tmp_path_factory.mktemp("endless"), ENDLESS) as engine:
        yield engine


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serving(tmp_path_factory.mktemp("babbler"), {"[": ["{"]}, chance=2.0) as engine:
        yield engine


def test_it_streams_stops_and_counts(keeper: Engine) -> None:
    pieces, end = keeper.ask()
    assert "".join(pieces) == ANSWER
    assert len(pieces) > len(SAYS)
    assert not end.truncated
    assert end.usage is not None
    assert end.usage.prompt_tokens == len("Be brief.\nWhat is it?\n") + 1  # a letter is a token
    tokens = len(ANSWER) - len(SENTENCE) + len(SAYS)
    assert end.usage.answer_tokens in (tokens, tokens + 1)  # with the stop token or without


def test_the_limit_of_tokens_is_kept(endless: Engine) -> None:
    pieces, end = endless.ask(max_answer_tokens=50)
    assert "".join(pieces).startswith('{"sentences":[{"text":"' + SENTENCE)
    assert end.truncated
    assert end.usage is not None
    assert end.usage.answer_tokens == 50


@pytest.mark.parametrize(
    "schema",
    [ANSWER_SCHEMA, REWRITING_SCHEMA, QUESTIONS_SCHEMA],
    ids=lambda schema: str(schema["name"]),
)
def test_a_random_model_is_held_to_the_schema(babbler: Engine, schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Extra data|Invalid"):
        json.loads(babbler.own_words())
    prompt = Prompt(PROMPT.system, PROMPT.user, PROMPT.question, (), schema)
    for temperature in TEMPERATURES:
        pieces, end = babbler.ask(prompt, temperature=temperature, max_answer_tokens=5000)
        assert not end.truncated
        jsonschema.validate(json.loads("".join(pieces)), schema["schema"])


def test_random_sentences_leave_the_extractive_answer(
    babbler: Engine, tiny_index: Settings
) -> None:
    for temperature in TEMPERATURES:
        service = babbler.service(tiny_index, temperature=temperature, max_answer_tokens=5000)
        reply, extractive = answers(service)
        assert reply.usage is not None
        assert (reply.mode, reply.answer) == ("extractive", extractive.answer)
        assert reply.warnings[-1].startswith(
            ("None of the language model's sentences is", "The language model sent an empty reply.")
        )
        assert reply.warnings[-1].endswith(QUOTES_ALONE)


def test_the_schema_gives_the_citations_that_its_own_words_lack(
    keeper: Engine, tiny_index: Settings
) -> None:
    assert keeper.own_words() == SENTENCE
    service = keeper.service(tiny_index)
    first, *sentences = service.stream(QUESTION)
    reply, _ = answers(service)
    assert isinstance(first, Outcome)
    assert sentences == [Sentence(SENTENCE, (1,))]
    assert (reply.mode, reply.answer) == ("llm", f"{SENTENCE} [1]")


def test_json_that_was_cut_off_leaves_the_extractive_answer(
    endless: Engine, tiny_index: Settings
) -> None:
    reply, extractive = answers(endless.service(tiny_index, max_answer_tokens=50))
    assert (reply.mode, reply.answer) == ("extractive", extractive.answer)
    assert reply.warnings[-2:] == [
        "The language model's reply was cut off at [llm] max_answer_tokens.",
        f"The language model sent an empty reply. {QUOTES_ALONE}",
    ]


def answers(service: CareerQA) -> tuple[Reply, Reply]:
    """The replies with the language model and without it."""
    both = reply_of(service.ask(QUESTION)), reply_of(service.ask(QUESTION, llm="none"))
    service.close()
    return both


def test_a_prompt_beyond_its_context_is_called_too_long(keeper: Engine) -> None:
    with pytest.raises(LLMError) as caught:
        keeper.ask(Prompt("Be brief.", "x" * CONTEXT_TOKENS, "x", ()))
    assert str(caught.value) == (
        "The prompt is too long for tiny. Lower [llm] max_prompt_tokens (now 4000)."
    )


def test_closing_ends_the_work_of_the_engine(endless: Engine) -> None:
    settings = endless.settings(max_answer_tokens=ENDLESS_TOKENS)
    stream = OpenAICompatible(settings).stream(PROMPT)
    assert next(stream) == "{"
    endless.wait(works=True)
    stream.close()  # type: ignore[attr-defined]
    endless.wait(works=False)


def test_cancelling_a_question_ends_the_work_of_the_engine(
    endless: Engine, tiny_index: Settings
) -> None:
    service = endless.service(tiny_index, max_answer_tokens=ENDLESS_TOKENS)
    cancel = threading.Event()

    def cancel_at_work() -> None:
        try:
            endless.wait(works=True)
        finally:
            cancel.set()

    thread = threading.Thread(target=cancel_at_work)
    thread.start()
    outcome = service.ask(QUESTION, cancel=cancel)
    thread.join()
    endless.wait(works=False)
    service.close()
    reply = reply_of(outcome)
    assert reply.mode == "extractive"
    assert reply.warnings[-1] == (
        "The language model was stopped; the answer is made of quotes alone."
    )
