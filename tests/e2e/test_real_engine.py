"""A real engine on loopback: `transformers serve` over tiny models that the tests make.

Each token of such a model leads to the next one of a chain, whatever stood before, so what it says
is known; all else is the engine's own: template, tokens, streaming, stopping, usage, cancelling.
`transformers serve` ignores `response_format`, so answers come as plain text.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from careerqa.answering.outcome import Outcome
from careerqa.datatypes import Sentence
from careerqa.llm.openai_compatible import OpenAICompatible
from careerqa.llm.prompts import Prompt
from careerqa.llm.protocol import End
from careerqa.reply import reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings

QUESTION = "A keeper trims the lamp at dusk?"
SAYS = ("At dusk", " a keeper trims", " the lamp [1].", " A keeper", " trims 40", " lamps [1].")
KEPT = Sentence("At dusk a keeper trims the lamp.", (1,))
PROMPT = Prompt("Be brief.", "What is it?", "What is it?", ())
START, STOP = "<|says|>", "<|stop|>"
ENDLESS_TOKENS = 60_000
PATIENCE_SECONDS = 90

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("accelerate") is None, reason="transformers serve needs accelerate"
    ),
]


def make_model(folder: Path, chain: Sequence[str], *, endless: bool = False) -> None:
    """A Llama that says `chain`, one token each, then stops, or begins again if it is endless.

    Its layer adds nothing, so the last token alone decides on the next: its embedding is a unit
    vector of its own, which the output layer turns into its successor.
    """
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([START, STOP])
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in chain])
    make: Any = PreTrainedTokenizerFast  # it has no types
    whole = make(tokenizer_object=tokenizer, eos_token=STOP, pad_token=STOP)
    whole.chat_template = (
        "{% for message in messages %}{{ message['content'] }}\n{% endfor %}" + START
    )
    whole.save_pretrained(folder)

    size = 16
    config = LlamaConfig(
        vocab_size=len(whole),
        hidden_size=size,
        intermediate_size=size,
        num_hidden_layers=1,
        num_attention_heads=1,
        max_position_embeddings=2 * ENDLESS_TOKENS,
        bos_token_id=None,
        eos_token_id=whole.eos_token_id,
        pad_token_id=whole.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    following = [*chain, chain[0] if endless else STOP]
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.0)
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.fill_(1.0)
        for place, (token, successor) in enumerate(zip([START, *chain], following, strict=True)):
            one, two = whole.convert_tokens_to_ids([token, successor])
            model.model.embed_tokens.weight[one, place] = 1.0
            model.lm_head.weight[two, place] = 1.0
    model.save_pretrained(folder)


@dataclass(frozen=True)
class Engine:
    """The running server, and where its models lie."""

    url: str
    process: subprocess.Popen[bytes]
    says: str
    endless: str

    def settings(self, model: str, **values: Any) -> LLMSettings:
        return LLMSettings(
            provider="openai",
            base_url=self.url,
            model=model,
            timeout_seconds=PATIENCE_SECONDS,
            budget_seconds=2 * PATIENCE_SECONDS,
            **values,
        )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Starts the server, and stops it."""
    folder = tmp_path_factory.mktemp("engine")
    make_model(folder / "says", SAYS)
    make_model(folder / "endless", SAYS, endless=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from transformers.cli.transformers import main; main()"]
    options = ["serve", "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    log = folder / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen([*command, *options], env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", process, log)
            url = f"http://127.0.0.1:{port}/v1"
            yield Engine(url, process, str(folder / "says"), str(folder / "endless"))
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url) as answer:  # noqa: S310
            assert answer.status == 200
            return
        time.sleep(0.2)
    pytest.fail(f"the engine did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def test_it_streams_stops_and_counts(engine: Engine) -> None:
    *pieces, end = OpenAICompatible(engine.settings(engine.says)).stream(PROMPT)
    assert "".join(str(piece) for piece in pieces) == "".join(SAYS)
    assert len(pieces) > 1
    assert isinstance(end, End)
    assert not end.truncated
    assert end.usage is not None
    assert end.usage.prompt_tokens == len("Be brief.\nWhat is it?\n") + 1  # a letter is a token
    assert end.usage.answer_tokens in (len(SAYS), len(SAYS) + 1)  # with the stop token or without


def test_the_limit_of_tokens_is_kept(engine: Engine) -> None:
    limit = 16
    model = OpenAICompatible(engine.settings(engine.endless, max_answer_tokens=limit))
    *pieces, end = model.stream(PROMPT)
    assert "".join(str(piece) for piece in pieces) == "".join((SAYS * 3)[:limit])
    assert isinstance(end, End)
    assert end.truncated
    assert end.usage is not None
    assert end.usage.answer_tokens == limit


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processor time in /proc")
def test_closing_ends_the_work_of_the_engine(engine: Engine) -> None:
    settings = engine.settings(engine.endless, max_answer_tokens=ENDLESS_TOKENS)
    stream = OpenAICompatible(settings).stream(PROMPT)
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    end = time.monotonic() + 20  # all the tokens would take minutes
    while _idle_share(engine.process.pid) < 0.8:
        assert time.monotonic() < end, "the engine works on, though nobody reads"


def _idle_share(pid: int) -> float:
    """The share of half a second that a process does nothing in."""
    ticks = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / ticks

    start, before = time.monotonic(), used()
    time.sleep(0.5)
    return 1 - (used() - before) / (time.monotonic() - start)


def test_an_answer_in_its_words(engine: Engine, tiny_index: Settings) -> None:
    answer = tiny_index.answer.model_copy(update={"min_confidence": 0.0})
    table = engine.settings(engine.says)
    service = CareerQA(tiny_index.model_copy(update={"llm": table, "answer": answer}))
    first, *sentences = service.stream(QUESTION)
    reply = reply_of(service.ask(QUESTION))
    service.close()
    assert isinstance(first, Outcome)
    assert sentences == [KEPT]
    assert (reply.mode, reply.answer) == ("llm", "At dusk a keeper trims the lamp. [1]")
    assert reply.usage is not None
    assert reply.usage["answer_tokens"] in (len(SAYS), len(SAYS) + 1)
    assert "One sentence of the language model left out: 1 fabricated." in reply.warnings
