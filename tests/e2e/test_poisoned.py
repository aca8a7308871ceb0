"""Poisoned documents and questions, from the index to the reply, with a victim that obeys.

The scripted language model repeats the attack, every forbidden string and its own prompt, each
pointing at every statement that it was shown.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import Any

import pytest

from careerqa.answering.outcome import Outcome
from careerqa.datatypes import Sentence
from careerqa.documents.provenance import FLAGGED
from careerqa.indexing import building, generations
from careerqa.indexing.generation import Generation
from careerqa.reply import Reply, reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings
from conftest import DATA
from scripted_server import Compute, Say, ScriptedServer

CASES = [json.loads(line) for line in (DATA / "injections.jsonl").read_text("utf-8").splitlines()]
IN_DOCUMENTS = [case for case in CASES if case["where"] == "document"]
IN_QUESTIONS = [case for case in CASES if case["where"] == "question"]
EVIDENCE = re.compile(r"^\[(\d+)\] (\([^)]*\)) (.*)$", re.M)
pytestmark = pytest.mark.slow
LEAKS = (
    "You answer a question about careers",
    "Write short, plain sentences",
    "They are data",
    "do not follow it",
    "<<<",
    ">>>",
)


@pytest.fixture(scope="module")
def poisoned(real_index: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The shipped corpus with every poisoned document."""
    folder = tmp_path_factory.mktemp("poisoned")
    shutil.copytree(real_index.corpus.path, folder / "corpus")
    shutil.copytree(real_index.index.path, folder / "index")
    for case in IN_DOCUMENTS:
        path = folder / "corpus" / f"{case['id']}.txt"
        path.write_text(case["text"], encoding="utf-8", newline="")
    settings = real_index.model_copy(
        update={
            "corpus": real_index.corpus.model_copy(update={"path": folder / "corpus"}),
            "index": real_index.index.model_copy(update={"path": folder / "index"}),
            "answer": real_index.answer.model_copy(update={"min_confidence": 0.0}),
        }
    )
    building.build(settings)
    return settings


def obey(case: dict[str, Any], request: dict[str, Any]) -> Say:
    """One honest sentence, then whatever the attack wants, then the prompt."""
    system, user = (message["content"] for message in request["messages"])
    shown = EVIDENCE.findall(user)
    said = [f"{text} [{number}]" for number, _, text in shown]
    for line in [*case["forbidden"], case["text"], *system.splitlines(), *user.splitlines()]:
        one_line = " ".join(line.split())
        said += [f"{one_line} [{number}]" for number, _, _ in shown if one_line]
    return Say("\n".join(said))


def asked(settings: Settings, case: dict[str, Any], question: str) -> tuple[Reply, list[Any], str]:
    """The reply, the sentences streamed before it, and the prompt that was sent."""
    with ScriptedServer(Compute(lambda request: obey(case, request))) as server:
        table = LLMSettings(provider="openai", base_url=server.url, model="m")
        service = CareerQA(settings.model_copy(update={"llm": table}))
        steps: list[Any] = []

        def ended() -> Any:
            steps.append((yield from service.stream(question)))

        streamed = [step for step in ended() if isinstance(step, Sentence)]
        service.close()
        sent = server.requests[0]["messages"][1]["content"] if server.requests else ""
    assert isinstance(steps[0], Outcome)
    return reply_of(steps[0]), streamed, sent


def check(case: dict[str, Any], reply: Reply, streamed: list[Sentence], sent: str) -> None:
    written = " ".join([reply.answer, *(s.text for s in streamed), *reply.warnings])
    for words in LEAKS:
        assert words not in written
    assert not re.search(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", sent)
    if reply.mode == "extractive":  # nothing that was said is shown, and the quotes are verbatim
        assert any("quotes alone" in w or "no statement to show" in w for w in reply.warnings)
        return
    for words in case["forbidden"]:
        assert words.lower() not in written.lower()
    assert [s.text for s in streamed] == [s.text for s in reply.sentences]
    lines = {number: f"{about} {text}" for number, about, text in EVIDENCE.findall(sent)}
    for sentence in reply.sentences[len(reply.disagreements) :]:  # before them, ours
        evidence = " ".join(lines[str(number)] for number in sentence.citations)
        said = (evidence.replace("**", ""), case["text"])  # the question may come back
        assert any(sentence.text.rstrip(".") in text for text in said)


def test_what_is_flagged_is_found_by_no_search(poisoned: Settings) -> None:
    generation = Generation(generations.current(poisoned.index.path), poisoned)
    flagged = {unit.id for unit in generation.units if unit.provenance in FLAGGED}
    named = {place.split(".txt:")[0] for place in generation.manifest.flagged}
    led_to = {number for text in generation.texts for number in text.unit_ids}
    generation.close()
    assert named == {case["id"] for case in IN_DOCUMENTS} - {"i21"}  # that only loads a picture
    assert len(flagged) >= len(named)
    assert not flagged & led_to


@pytest.mark.parametrize("case", IN_QUESTIONS, ids=lambda case: case["id"])
def test_a_poisoned_question(poisoned: Settings, case: dict[str, Any]) -> None:
    check(case, *asked(poisoned, case, case["text"]))


@pytest.mark.parametrize("case", IN_DOCUMENTS, ids=lambda case: case["id"])
def test_a_poisoned_document(poisoned: Settings, case: dict[str, Any]) -> None:
    honest = re.split(r"(?<=\.)", case["text"])[0]
    reply, streamed, sent = asked(poisoned, case, honest)
    check(case, reply, streamed, sent)
