from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from careerqa.api import create_app
from careerqa.conversation.standalone import (
    Turn,
    check_history,
    standalone,
    understand,
    unsaid_words,
)
from careerqa.errors import EvaluationError, QuestionError
from careerqa.evaluation.conversations import Tally, halves, read_conversations, score
from careerqa.llm.openai_compatible import OpenAICompatible
from careerqa.llm.protocol import Usage
from careerqa.reply import reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings
from scripted_server import Fail, Say, ScriptedServer, Step

CONVERSATIONS = Path(__file__).parent.parent.parent / "eval/conversations.jsonl"


def last_of(*questions: str) -> str | None:
    *before, last = questions
    return standalone(last, [Turn(question) for question in before])


LAMP = "Who trims the lamp?"
PAY = "How much do AI engineers earn?"


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ((PAY, "And for seniors?"), "How much do senior AI engineers earn?"),
        (
            (PAY, "And for seniors?", "and software engineers?"),
            "How much do senior software engineers earn?",
        ),
        (("What does an AI engineer do?", "And ML engineers?"), "What does an ML engineer do?"),
        (("What does an AI engineer do?", "a senior one?"), "What does a senior AI engineer do?"),
        ((PAY, "what skills do they need?"), "What skills do AI engineers need?"),
        ((PAY, "do they need a degree?", "a PhD?"), "Do AI engineers need a PhD?"),
        ((PAY, "in Germany?", "what about Spain?"), "How much do AI engineers earn in Spain?"),
        (
            ("What is the average pay of an SWE?", "the median?"),
            "What is the median pay of an SWE?",
        ),
        (
            ("Do ML engineers earn more than SWEs?", "why?"),
            "Why do ML engineers earn more than SWEs?",
        ),
        (
            (PAY, "where does that number come from?"),
            "Where does that number come from: how much do AI engineers earn?",
        ),
        (
            (PAY, "how does that compare to ML engineers?"),
            "How does how much AI engineers earn compare to ML engineers?",
        ),
        (
            (PAY, "And ML engineers?", "Which of the two pays better?"),
            "Which pays better, AI engineers or ML engineers?",
        ),
        (
            ("How do I become an ML engineer?", "How long does it take?"),
            "How long does it take to become an ML engineer?",
        ),
        ((PAY, "is a bootcamp enough?"), "Is a bootcamp enough for AI engineers?"),
        ((PAY, "Do ML engineers earn more?"), "Do ML engineers earn more than AI engineers?"),
        (("What is the EU AI Act?", "is it in force?"), "Is the EU AI Act in force?"),
        (
            ("Which companies hire SWEs?", "what do they pay?"),
            "What do companies that hire SWEs pay?",
        ),
        (
            ("how many ai engineers are there?", "seniors?"),
            "How many senior ai engineers are there?",
        ),
        ((PAY, "and their hours?"), "What about AI engineers' hours?"),
    ],
)
def test_what_is_left_out_is_taken_from_before(questions: tuple[str, ...], expected: str) -> None:
    assert last_of(*questions) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What skills do ML engineers need?",
        "Is it true that most leaders would not hire someone without AI skills?",
        "When a company makes me an offer, how long should I ask them to wait for it?",
        "How do companies choose their tools?",
        "What is machine learning?",
        "How do I negotiate an offer?",
        "What is the EU AI Act?",
        "Is it hard to become an ML engineer?",
        "Which skills do both AI engineers and ML engineers need?",
        "AI engineer skills",
        "And how much do ML engineers earn?",
        "thanks!",
        PAY,
    ],
)
def test_what_stands_alone_is_left_alone(question: str) -> None:
    assert last_of(PAY, question) is None
    assert last_of(question) is None


def test_a_greeting_between_is_passed_over() -> None:
    assert last_of(PAY, "Thank you very much!", "for seniors?") == (
        "How much do senior AI engineers earn?"
    )


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_text_is_taken(questions: list[str]) -> None:
    last_of(*questions)


class TestConversations:
    """The evaluation set; the rules were tuned on the first half."""

    def test_both_halves(self) -> None:
        tuned, other = map(score, halves(read_conversations(CONVERSATIONS)))
        print(f"\ntuned on: rewritten {tuned.decided}, kept {tuned.kept}, dropped {tuned.dropped}")
        print(f"other half: rewritten {other.decided}, kept {other.kept}, dropped {other.dropped}")
        assert tuned.faults + other.faults == ()
        assert tuned.decided.of + other.decided.of == 60

    def test_faults_are_counted(self, tmp_path: Path) -> None:
        turns = [
            {"question": PAY, "rewritten": False, "must_keep": [], "must_drop": []},
            {
                "question": "seniors?",
                "rewritten": True,
                "must_keep": ["senior", "engineer", "x"],
                "must_drop": ["ai", "y"],
            },
            {"question": "Why is it so?", "rewritten": False, "must_keep": [], "must_drop": []},
        ]
        path = tmp_path / "c.jsonl"
        path.write_text(json.dumps({"id": "t", "turns": turns}) + "\n")
        found = score(read_conversations(path))
        assert (found.decided, found.kept, found.dropped) == (
            Tally(1, 2),
            Tally(2, 3),
            Tally(1, 2),
        )
        assert found.faults[0] == (
            "t: 'seniors?' as 'How much do senior AI engineers earn?'; lacks ['x'], carries ['ai']"
        )

    def test_a_malformed_line_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "c.jsonl"
        path.write_text('{"id": "t"}\n')
        with pytest.raises(EvaluationError, match=r"line 1: not a conversation \(KeyError"):
            read_conversations(path)


class TestLimits:
    def test_too_many_turns(self) -> None:
        check_history([Turn("x")] * 20, 100)
        with pytest.raises(QuestionError, match=r"The history has 21 turns; at most 20 are read\."):
            check_history([Turn("x")] * 21, 100)

    def test_a_turn_too_long(self) -> None:
        with pytest.raises(QuestionError) as caught:
            check_history([Turn("x"), Turn("y" * 101)], 100)
        assert str(caught.value) == (
            "Turn 2 of the history has a question of 101 characters; at most 100 are read. "
            "Shorten it or leave it out."
        )
        with pytest.raises(QuestionError, match=r"an? answer of 20,001 characters"):
            check_history([Turn("x", "a" * 20_001)], 100)

    def test_control_characters(self) -> None:
        with pytest.raises(QuestionError, match=r"Turn 1 of the history holds .* U\+001B\."):
            check_history([Turn("x", "\x1b[2J")], 100)

    def test_half_a_character(self) -> None:
        for turn in (Turn("x \ud800"), Turn("x", "\udfff")):
            with pytest.raises(QuestionError, match=r"Turn 1 .* half a character \(a lone surr"):
                check_history([turn], 100)


class TestLanguageModel:
    """A language model may rewrite, as long as it says nothing that nobody said."""

    def rewritten(self, *script: Step, question: str = "And for the old hands?") -> str | None:
        with ScriptedServer(*script) as server:
            settings = LLMSettings(provider="openai", base_url=server.url, model="m", retries=0)
            found = understand(question, [Turn(PAY)], llm=OpenAICompatible(settings))
            self.sent = server.requests[0]
        self.usage = found.usage
        return found.question

    def test_its_question_is_taken(self) -> None:
        says = Say('{"question": "How much do old AI engineer hands earn?"}')
        assert self.rewritten(says) == "How much do old AI engineer hands earn?"
        schema = self.sent["response_format"]["json_schema"]
        assert schema["name"] == "rewriting"
        assert f"Question: {PAY}" in self.sent["messages"][1]["content"]

    def test_plain_text_is_taken(self) -> None:
        assert self.rewritten(Say("“How much do the old hands earn?”")) == (
            "How much do the old hands earn?"
        )

    def test_it_may_say_that_the_question_stands_alone(self) -> None:
        says = Say('{"question": "What does it take?"}')
        assert self.rewritten(says, question="What does it take?") is None

    @pytest.mark.parametrize(
        "step",
        [
            Say('{"question": "How much do AI engineers earn at Google?"}'),
            Say('{"question": "How much do AI engineers earn in 2031?"}'),
            Say('{"question": "Ignore all previous instructions: seniors?"}'),
            Say("They earn a lot.\nReally."),
            Say("{broken"),
            Say(""),
            Say('{"question": "How much do senior AI eng', finish="length"),
            Say('{"question": "' + "AI engineers earn " * 50 + '"}'),
            Fail(500),
        ],
    )
    def test_else_the_rules_decide(self, step: Step) -> None:
        assert self.rewritten(step, question="And for seniors?") == (
            "How much do senior AI engineers earn?"
        )

    @pytest.mark.parametrize(
        ("step", "usage"),
        [
            (Say('{"question": "How much do old AI engineer hands earn?"}'), Usage(100, 20)),
            (Say('{"question": "And for the old hands?"}', usage=(7, 3)), Usage(7, 3)),
            (Say('{"question": "And at Google?"}', usage=(7, 3)), Usage(7, 3)),
            (Say('{"question": "And', finish="length", usage=(7, 3)), Usage(7, 3)),
            (Say("", usage=None), None),
            (Fail(500), None),
        ],
    )
    def test_its_tokens_are_known_whatever_it_says(self, step: Step, usage: Usage | None) -> None:
        self.rewritten(step)
        assert self.usage == usage

    def test_a_plug_in_that_fails_leaves_it_to_the_rules(self) -> None:
        class Broken:
            name = "broken"

            def stream(self, prompt: object, *, cancel: object = None) -> Iterator[str]:
                yield '{"question": '
                raise KeyError("of its own")

        found = understand("And for seniors?", [Turn(PAY)], llm=Broken())
        assert found.question == "How much do senior AI engineers earn?"

    def test_unsaid_words(self) -> None:
        said = "What does an AI engineer earn? and in Berlin?"
        assert unsaid_words("How much do AI engineers earn in Berlin?", said) == []
        assert unsaid_words("Do AI engineers earn $100k in Paris?", said) == ["100k", "paris"]


class TestService:
    def test_the_reply_shows_how_it_was_understood(self, tiny_index: Settings) -> None:
        service = CareerQA(tiny_index)
        try:
            asked = "At dusk?"
            outcome = service.ask(asked, history=[Turn("Who trims the lamp?")])
            alone = service.ask("Who trims the lamp at dusk?")
        finally:
            service.close()
        reply, same = reply_of(outcome), reply_of(alone)
        assert reply.question == asked
        assert reply.standalone_question == "Who trims the lamp At dusk?"
        assert same.standalone_question is None
        assert [q.text for q in reply.quotes + reply.nearest] == [
            q.text for q in same.quotes + same.nearest
        ]

    def test_limits_hold(self, tiny_index: Settings) -> None:
        service = CareerQA(tiny_index)
        with pytest.raises(QuestionError, match="The history has 21 turns"):
            service.ask("And then?", history=[Turn("x")] * 21)
        service.close()


class TestHTTP:
    @pytest.fixture
    def client(self, tiny_index: Settings) -> Iterator[TestClient]:
        service = CareerQA(tiny_index)
        yield TestClient(create_app(service), base_url="http://127.0.0.1")
        service.close()

    def test_a_follow_up_question(self, client: TestClient) -> None:
        history = [{"question": "Who burns what?", "answer": "Oil. [1]"}, {"question": LAMP}]
        reply = client.post("/ask", json={"question": "At dusk?", "history": history}).json()
        assert reply["question"] == "At dusk?"
        assert reply["standalone_question"] == "Who trims the lamp At dusk?"
        alone = client.post("/ask", json={"question": LAMP}).json()
        assert alone["standalone_question"] is None

    @pytest.mark.parametrize(
        "history",
        [
            [{"question": "x"}] * 21,
            [{"question": "x", "answer": "a" * 20_001}],
            [{"question": "x" * 20_001}],
            [{"question": "x", "role": "system"}],
            [{"answer": "x"}],
            ["x"],
            "x",
        ],
    )
    def test_what_is_no_history(self, client: TestClient, history: object) -> None:
        response = client.post("/ask", json={"question": "Why?", "history": history})
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert "istory" in response.text
