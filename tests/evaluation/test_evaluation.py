from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from careerqa.datatypes import Abstention, Answer, Quote, Source, Span
from careerqa.errors import EvaluationError, QuestionError
from careerqa.evaluation.baseline import judge, read_baseline, write_baseline
from careerqa.evaluation.confidence import confidence_report
from careerqa.evaluation.measures import MEASURES, by_type, compare, estimate, latencies
from careerqa.evaluation.plot import draw
from careerqa.evaluation.questions import (
    EvaluationQuestion,
    Evidence,
    check_documents,
    missing_evidence,
    read_questions,
)
from careerqa.evaluation.report import (
    evaluation_json,
    show_comparison,
    show_evaluation,
    show_verdict,
)
from careerqa.evaluation.scoring import (
    QuestionScore,
    Response,
    ResponseQuote,
    covers,
    evaluate,
    is_verbatim,
    responder_of,
    score,
    shares_most,
)
from careerqa.evaluation.statistics import Interval

LAMP = "Trim the lamp at dusk. Wind the clock at four."
PAY = "Keepers earn 92 a year. Helpers earn 58 a year."
DOCUMENTS = {"001 lamp.txt": LAMP, "002 pay.txt": PAY}


def quoted(doc: str, text: str) -> ResponseQuote:
    start = DOCUMENTS[doc].index(text)
    return ResponseQuote(doc, start, start + len(text), text)


TRIM = quoted("001 lamp.txt", "Trim the lamp at dusk.")
WIND = quoted("001 lamp.txt", "Wind the clock at four.")
KEEPERS = quoted("002 pay.txt", "Keepers earn 92 a year.")
HELPERS = quoted("002 pay.txt", "Helpers earn 58 a year.")

TWO_GROUPS = EvaluationQuestion(
    "q1",
    "What do keepers earn, and what do they do?",
    "fact",
    answerable=True,
    evidence=(
        (Evidence("002", "Keepers earn 92 a year."),),
        (Evidence("001", "Trim the lamp at dusk."), Evidence("001", "Wind the clock at four.")),
    ),
    must_include=("92",),
    min_sources=2,
)
UNANSWERABLE = EvaluationQuestion("q2", "Who built it?", "unanswerable_near", answerable=False)


def scored(*quotes: ResponseQuote, answered: bool = True) -> QuestionScore:
    return score(TWO_GROUPS, Response(answered, quotes, confidence=0.5), DOCUMENTS)


def a_score(name: str = "q", **values: Any) -> QuestionScore:
    """An answerable question, fully answered by one right quote."""
    usual: dict[str, Any] = {
        "type": "fact",
        "answerable": True,
        "answered": True,
        "confidence": 1.0,
        "groups": 1,
        "covered": 1,
        "full": True,
        "strict": True,
        "first_right": True,
        "quotes": 1,
        "right_quotes": 1,
        "characters": 100,
        "disagreements": 0,
        "first_shown_right": True,
        "shown": 1,
        "faithful": 1,
    }
    return QuestionScore(name, **(usual | values))


WRONG = {
    "covered": 0,
    "full": False,
    "strict": False,
    "first_right": False,
    "right_quotes": 0,
    "first_shown_right": False,
}
SILENT = WRONG | {"answered": False, "quotes": 0, "characters": 0, "confidence": 0.0}
NEAR: dict[str, Any] = {"type": "unanswerable_near", "answerable": False, "groups": 0}


def values_of(scores: Sequence[QuestionScore]) -> dict[str, float | None]:
    return {e.measure.key: e.value for e in estimate(scores)}


def printed(show: Any, *arguments: Any, **named: Any) -> str:
    out = Console(file=io.StringIO(), width=80)
    show(*arguments, out, **named)
    return out.file.getvalue()  # type: ignore[attr-defined,no-any-return]


class TestCovering:
    @pytest.mark.parametrize(
        ("text", "covered"),
        [
            ("0123456789", True),
            ("__01234567__", True),  # eight of ten
            ("23456789", True),
            ("x12345678x", True),
            ("0123456", False),  # seven
            ("01234_56789", False),  # parts do not add up
            ("", False),
        ],
    )
    def test_eight_of_ten_characters_in_one_piece(self, text: str, covered: bool) -> None:
        assert shares_most(text, "0123456789") is covered

    @given(st.text("ab", max_size=24), st.text("ab", min_size=1, max_size=24))
    @example("abab", "ababb")
    @example("a", "a")
    def test_it_is_the_longest_common_substring(self, text: str, span: str) -> None:
        pieces = (span[i:j] for i in range(len(span)) for j in range(i + 1, len(span) + 1))
        longest = max((len(piece) for piece in pieces if piece in text), default=0)
        assert shares_most(text, span) is (5 * longest >= 4 * len(span))

    def test_whitespace_is_one_space_and_case_counts(self) -> None:
        span = Evidence("001", " Trim  the\nlamp ")
        assert covers(ResponseQuote("001 lamp.txt", 0, 0, "Trim the\t lamp"), span)
        assert not covers(ResponseQuote("001 lamp.txt", 0, 0, "TRIM THE LAMP"), span)

    def test_only_in_the_same_document(self) -> None:
        assert not covers(ResponseQuote("002 pay.txt", 0, 0, LAMP), Evidence("001", LAMP))


class TestScore:
    def test_every_group_from_enough_documents(self) -> None:
        found = scored(KEEPERS, WIND)
        assert (found.covered, found.groups, found.full, found.strict) == (2, 2, True, True)
        assert (found.quotes, found.right_quotes) == (2, 2)
        assert found.characters == len(KEEPERS.text) + len(WIND.text)

    def test_half_of_the_groups_after_a_wrong_quote(self) -> None:
        found = scored(HELPERS, TRIM, WIND)
        assert (found.covered, found.full, found.first_right) == (1, False, False)
        assert (found.quotes, found.right_quotes) == (3, 2)

    def test_strict_wants_the_words_in_a_quote_that_covers(self) -> None:
        wanted = replace(TWO_GROUPS, must_include=("58",))
        given = Response(answered=True, quotes=(KEEPERS, TRIM, HELPERS))
        found = score(wanted, given, DOCUMENTS)
        assert (found.full, found.strict) == (True, False)

    def test_strict_wants_enough_documents(self) -> None:
        one = replace(TWO_GROUPS, evidence=TWO_GROUPS.evidence[:1])
        found = score(one, Response(answered=True, quotes=(KEEPERS,)), DOCUMENTS)
        assert (found.full, found.strict) == (True, False)
        found = score(replace(one, min_sources=1), Response(True, (KEEPERS,)), DOCUMENTS)
        assert found.strict

    def test_what_an_abstention_shows_counts_only_for_fidelity_and_confidence(self) -> None:
        found = scored(KEEPERS, TRIM, answered=False)
        assert (found.covered, found.full, found.first_right) == (0, False, False)
        assert (found.quotes, found.characters) == (0, 0)
        assert (found.shown, found.faithful, found.first_shown_right) == (2, 2, True)

    def test_no_quotes(self) -> None:
        found = scored()
        assert (found.covered, found.first_right, found.shown) == (0, False, 0)

    def test_an_unanswerable_question_is_never_full(self) -> None:
        found = score(UNANSWERABLE, Response(answered=True, quotes=(TRIM,)), DOCUMENTS)
        assert (found.full, found.strict, found.first_right, found.quotes) == ((False,) * 3 + (1,))

    @pytest.mark.parametrize(
        ("quote", "verbatim"),
        [
            (TRIM, True),
            (replace(TRIM, doc="001"), True),
            (replace(TRIM, doc="00"), False),  # either of them
            (replace(TRIM, doc=""), False),
            (replace(TRIM, doc="003"), False),
            (replace(TRIM, start=1), False),
            (replace(TRIM, text=TRIM.text.lower()), False),
            (ResponseQuote("001", -5, -1, LAMP[-5:-1]), False),  # Python counts from the end
            (ResponseQuote("001", 0, 10**6, LAMP), True),
        ],
    )
    def test_verbatim(self, quote: ResponseQuote, verbatim: bool) -> None:
        assert is_verbatim(quote, DOCUMENTS) is verbatim

    def test_questions_are_scored_in_order_as_they_are_answered(self) -> None:
        asked = []

        def respond(question: str) -> Response:
            asked.append(question)
            return Response(answered=False, quotes=())

        scores = evaluate([TWO_GROUPS, UNANSWERABLE], respond, DOCUMENTS)
        assert (next(scores).id, asked) == ("q1", [TWO_GROUPS.text])
        assert [s.id for s in scores] == ["q2"]

    def test_a_question_that_cannot_be_asked_is_named(self) -> None:
        def respond(question: str) -> Response:
            raise QuestionError("It is too long.")

        with pytest.raises(EvaluationError, match=r"^Question q2 cannot be asked\. It is too long"):
            list(evaluate([UNANSWERABLE], respond, DOCUMENTS))


class TestResponder:
    DOC = "001 lamp.txt"
    QUOTE = Quote(1, TRIM.text, Span(0, 22), DOC, "0" * 64, Source("Lamps"), 1, "report", 0.9)

    def response(self, result: Answer | Abstention) -> Response:
        outcome = SimpleNamespace(result=result, timings_ms={"search": 2.0})
        service: Any = SimpleNamespace(ask=lambda question: outcome)
        return responder_of(service)("?")

    def test_an_answer(self) -> None:
        clash: Any = object()
        found = self.response(Answer("?", (), (self.QUOTE,), 0.8, (clash,)))
        assert found == Response(True, (TRIM,), 0.8, 1, {"search": 2.0})

    def test_an_abstention(self) -> None:
        found = self.response(Abstention("?", "no", (self.QUOTE,), 0.1))
        assert found == Response(False, (TRIM,), 0.1, 0, {"search": 2.0})


class TestMeasures:
    def test_evidence_by_hand(self) -> None:
        found = values_of(
            [
                a_score("a", groups=2, covered=1, full=False, strict=False, quotes=3),
                a_score("b", strict=False),
                a_score("c", **SILENT),
                a_score("d", **NEAR | WRONG, characters=900),
            ]
        )
        assert found["recall"] == pytest.approx((0.5 + 1 + 0) / 3)
        assert found["full"] == pytest.approx(1 / 3)
        assert found["strict"] == 0
        assert found["first_right"] == pytest.approx(2 / 3)
        assert found["precision"] == pytest.approx(2 / 4)  # pooled, answerable ones only
        assert found["characters"] == 100  # of answers to answerable questions
        assert found["wrongly_abstained"] == pytest.approx(1 / 3)

    def test_abstention_by_hand(self) -> None:
        """Three abstentions, two of them right; of four unanswerable questions two answered."""
        far = NEAR | {"type": "unanswerable_far"}
        found = values_of(
            [
                a_score("a", **NEAR | SILENT),
                a_score("b", **NEAR | WRONG),
                a_score("c", **NEAR | WRONG),
                a_score("d", **far | SILENT),
                a_score("e", **SILENT),
                a_score("f"),
            ]
        )
        assert found["abstention_precision"] == pytest.approx(2 / 3)
        assert found["abstention_recall"] == pytest.approx(1 / 2)
        assert found["abstention_f1"] == pytest.approx(2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))
        assert (found["near_recall"], found["far_recall"]) == (1 / 3, 1)

    def test_conflicts_by_hand(self) -> None:
        found = values_of(
            [
                a_score("a", type="conflict", disagreements=1),
                a_score("b", type="conflict", full=False),
                a_score("c", disagreements=2),
                a_score("d"),
                a_score("e", **NEAR, disagreements=1),
            ]
        )
        assert (found["conflict_sides"], found["conflict_named"]) == (0.5, 0.5)
        assert found["false_disagreement"] == 0.5

    def test_fidelity_is_pooled_over_all_that_is_shown(self) -> None:
        found = values_of([a_score("a", shown=3, faithful=2), a_score("b", **NEAR | SILENT)])
        assert found["fidelity"] == 0.75

    def test_where_there_is_nothing_to_measure(self) -> None:
        found = values_of([])
        empty = {"abstention_precision", "abstention_recall", "abstention_f1"}
        assert {key for key, value in found.items() if value is not None} == empty
        assert {found[key] for key in empty} == {0.0}

    def test_an_interval_of_what_is_always_so(self) -> None:
        full = next(e for e in estimate([a_score("a"), a_score("b")]) if e.measure.key == "full")
        assert full.interval == Interval(1.0, 1.0)

    def test_latencies(self) -> None:
        scores = [a_score(str(n), timings_ms={"find": n, "quote": 1}) for n in range(101)]
        find, quote = latencies(scores)
        assert (find.stage, find.p50, find.p95) == ("find", 50.0, 95.0)
        assert (quote.stage, quote.p50, quote.p95) == ("quote", 1.0, 1.0)

    def test_types_come_as_they_appear(self) -> None:
        scores = [a_score("a", type="table"), a_score("b"), a_score("c", type="table")]
        assert {k: [s.id for s in v] for k, v in by_type(scores).items()} == {
            "table": ["a", "c"],
            "fact": ["b"],
        }


class TestComparison:
    def test_five_questions_gained(self) -> None:
        first = [a_score(str(n), **(WRONG if n < 5 else {})) for n in range(10)]
        second = [a_score(str(n)) for n in range(10)]
        found = {d.measure.key: d for d in compare(first, second)}
        full = found["full"]
        assert (full.first, full.second, full.difference) == (0.5, 1.0, 0.5)
        assert full.p_value == 2 / 32
        assert full.interval is not None
        assert 0 < full.interval.low < 0.5 < full.interval.high < 1
        assert found["recall"].p_value is None  # not yes or no
        assert found["near_recall"].p_value is None  # no such question
        assert found["near_recall"].difference is None

    def test_what_is_hard_for_both_does_not_widen_the_interval(self) -> None:
        scores = [a_score(str(n), **(WRONG if n % 2 else {})) for n in range(10)]
        for d in compare(scores, scores):
            assert d.interval in (None, Interval(0.0, 0.0))
            assert d.p_value in (None, 1.0)

    def test_other_questions(self) -> None:
        with pytest.raises(ValueError, match="not asked the same questions in the same order"):
            compare([a_score("a")], [a_score("b")])


def test_confidence_against_the_first_passage_shown() -> None:
    """Sure and right, sure and wrong; silent, but near what is right."""
    report = confidence_report(
        [
            a_score("a", confidence=0.95),
            a_score("b", confidence=0.95, **WRONG),
            a_score("c", **SILENT | {"confidence": 0.15, "first_shown_right": True}),
            a_score("d", **NEAR | SILENT | {"confidence": 0.05}),
        ]
    )
    assert (report.coverage, report.risk) == (0.5, 0.5)
    assert report.error_right == pytest.approx((2 * 0.45 + 0.85 + 0.05) / 4)
    assert report.error_answerable == pytest.approx((2 * 0.05 + 0.85 + 0.05) / 4)
    assert [(p.coverage, p.risk) for p in report.curve] == [(0.5, 0.5), (0.75, 1 / 3), (1.0, 0.5)]


def entry(**values: Any) -> dict[str, Any]:
    span = {"doc": "001", "text": "Trim the lamp"}
    usual = {"id": "a", "question": "what?", "type": "fact", "answerable": True}
    return usual | {"evidence": [[span]]} | values


def written(path: Path, *lines: Any) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


class TestQuestionFile:
    def test_what_may_be_left_out(self, tmp_path: Path) -> None:
        far = entry(id="b", type="unanswerable_far", answerable=False, evidence=[])
        path = written(tmp_path / "q.jsonl", "\ufeff" + json.dumps(entry(note="x")), "", far)
        first, second = read_questions(path)
        assert first == EvaluationQuestion(
            "a", "what?", "fact", True, ((Evidence("001", "Trim the lamp"),),), (), 1
        )
        assert (second.evidence, second.min_sources) == ((), 0)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("{", "no JSON (Expecting property name"),
            ("[]", "no JSON object"),
            ({}, "answerable is missing"),
            (entry(answerable="yes"), 'answerable is "yes", not true or false'),
            (entry(id=7), "id is 7, not a text"),
            (entry(question=" "), "question is empty"),
            (entry(evidence="x" * 50), f'evidence is "{"x" * 36}..., not a list of groups'),
            (entry(evidence=[]), "evidence is empty, but answerable is true"),
            (entry(answerable=False), "evidence is given, but answerable is false"),
            (
                entry(type="unanswerable_near"),
                "answerable is true, but type is unanswerable_near",
            ),
            (entry(evidence=[[]]), "evidence, group 1 is [], not a list of spans"),
            (
                entry(evidence=[[{"doc": "0", "text": "x"}], ["x"]]),
                'evidence, group 2 holds "x", not a span with doc and text',
            ),
            (entry(evidence=[[{"doc": "001"}]]), "evidence, group 1: text is missing"),
            (entry(must_include=[5]), "must_include holds 5, not a text"),
            (entry(min_sources=True), "min_sources is true, not a whole number"),
            (
                entry(min_sources=2),
                "min_sources is 2, not 0 to 1, the documents that evidence names",
            ),
        ],
    )
    def test_a_malformed_line(self, tmp_path: Path, line: Any, words: str) -> None:
        path = written(tmp_path / "q.jsonl", entry(id="fine"), line)
        with pytest.raises(EvaluationError) as caught:
            read_questions(path)
        assert str(caught.value).startswith(f"{path}, line 2: {words}")

    def test_the_first_of_several_malformed_lines(self, tmp_path: Path) -> None:
        path = written(tmp_path / "q.jsonl", entry(), entry(), "x", "y")
        with pytest.raises(EvaluationError) as caught:
            read_questions(path)
        assert str(caught.value) == (
            f"{path}, line 2: id 'a' stands in line 1. 2 more lines are malformed."
        )

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\n \n", "holds no question. Put one JSON object on each line."),
            (b"caf\xe9", "is not UTF-8: byte 0xe9 at offset 3. Save it as UTF-8."),
        ],
    )
    def test_no_question_file(self, tmp_path: Path, content: bytes, words: str) -> None:
        path = tmp_path / "q.jsonl"
        path.write_bytes(content)
        with pytest.raises(EvaluationError) as caught:
            read_questions(path)
        assert str(caught.value) == f"{path} {words}"

    def test_it_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read: No such file"):
            read_questions(tmp_path / "none.jsonl")

    def test_another_corpus(self) -> None:
        with pytest.raises(EvaluationError) as caught:
            check_documents([TWO_GROUPS], ["002 pay.txt", "x.txt"])
        assert "question q1 names the document '001', but no id of the 2 indexed" in str(
            caught.value
        )
        with pytest.raises(EvaluationError, match=r"2 documents begin so: 001a, 001b\. Write more"):
            check_documents([TWO_GROUPS], ["001a", "001b", "002"])
        check_documents([TWO_GROUPS, UNANSWERABLE], DOCUMENTS)

    def test_evidence_that_was_edited_away(self) -> None:
        edited = DOCUMENTS | {"002 pay.txt": "Keepers  earn\n92 a year."}
        assert missing_evidence([TWO_GROUPS], edited) == []
        edited["001 lamp.txt"] = LAMP.replace("four", "five")
        assert missing_evidence([TWO_GROUPS, UNANSWERABLE], edited) == ["q1"]


class TestBaseline:
    SCORES = tuple(a_score(f"q{n}", **(WRONG if n >= 30 else {})) for n in range(40))

    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "baseline.json"
        timed = [replace(s, timings_ms={"search": 1.5}) for s in self.SCORES]
        write_baseline(path, timed, question_set="set.jsonl")
        assert read_baseline(path) == list(self.SCORES)  # no timings: no two runs share them
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["questions"] == "set.jsonl"
        assert content["measures"]["recall"] == 0.75
        assert content["measures"]["near_recall"] is None

    def test_the_same_run_is_no_regression(self) -> None:
        verdict = judge(self.SCORES, self.SCORES)
        assert verdict.regressions == ()
        assert "No worse than the baseline beyond noise." in printed(show_verdict, verdict)

    def test_ten_of_forty_lost(self) -> None:
        now = [a_score(s.id, **WRONG) if n < 10 else s for n, s in enumerate(self.SCORES)]
        verdict = judge(self.SCORES, now)
        assert verdict.regressions == (
            "recall (evidence groups) fell from 0.750 to 0.500",
            "first quote right fell from 0.750 to 0.500",
            "quote precision fell from 0.750 to 0.500",
        )
        assert "Worse than the baseline: recall" in printed(show_verdict, verdict)

    def test_one_of_forty_lost_is_noise(self) -> None:
        assert judge(self.SCORES, [a_score("q0", **WRONG), *self.SCORES[1:]]).regressions == ()

    def test_ten_of_forty_gained(self) -> None:
        assert judge(self.SCORES, [a_score(s.id) for s in self.SCORES]).regressions == ()

    def test_abstaining_on_nothing_any_more(self) -> None:
        silent = [a_score(f"q{n}", **NEAR | SILENT) for n in range(10)]
        answering = [a_score(f"q{n}", **NEAR | WRONG) for n in range(10)]
        assert judge(silent, answering).regressions == ("abstention F1 fell from 1.000 to 0.000",)

    def test_one_altered_quote_is_enough(self) -> None:
        now = [replace(self.SCORES[0], faithful=0), *self.SCORES[1:]]
        assert judge(self.SCORES, now).regressions == ("1 of 40 quotes not verbatim",)

    def test_the_order_does_not_matter(self) -> None:
        assert judge(self.SCORES[::-1], self.SCORES).regressions == ()

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            (SCORES[:-1], "q39 is missing now"),
            ((*SCORES, a_score("new")), "new is not in it"),
            ((replace(SCORES[0], groups=2), *SCORES[1:]), "q0 is edited since"),
            ((), "q0, q1, q2, q3, q4 and others are missing now"),
        ],
    )
    def test_of_other_questions(self, now: Sequence[QuestionScore], words: str) -> None:
        with pytest.raises(EvaluationError) as caught:
            judge(self.SCORES, now)
        assert str(caught.value).startswith(f"The baseline is of other questions: {words}.")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("{", "is malformed (JSONDecodeError"),
            ("[]", "is malformed (TypeError"),
            ('{"scores": []}', "is malformed (KeyError: 'format')"),
            ('{"format": 99}', "has format 99, but this careerqa reads 1. Write it anew"),
            ('{"format": 1, "scores": [{}]}', "is malformed (KeyError: 'id')"),
            ('{"format": 1, "scores": [{"id": 5}]}', "(TypeError: id is 5, not str)"),
        ],
    )
    def test_a_malformed_file(self, tmp_path: Path, content: str, words: str) -> None:
        path = written(tmp_path / "b.json", content)
        with pytest.raises(EvaluationError) as caught:
            read_baseline(path)
        assert words in str(caught.value)

    def test_a_number_where_yes_or_no_belongs(self, tmp_path: Path) -> None:
        path = tmp_path / "b.json"
        write_baseline(path, [a_score()], question_set="s")
        path.write_text(path.read_text("utf-8").replace('"covered": 1', '"covered": true'), "utf-8")
        with pytest.raises(EvaluationError, match="covered is True, not int"):
            read_baseline(path)

    def test_it_cannot_be_read_or_written(self, tmp_path: Path) -> None:
        path = tmp_path / "none" / "b.json"
        with pytest.raises(EvaluationError, match=r"cannot be read: No such .* --write-baseline"):
            read_baseline(path)
        with pytest.raises(EvaluationError, match="cannot be written: No such"):
            write_baseline(path, [], question_set="s")


SOME = (
    a_score("good", timings_ms={"search": 2.0}),
    a_score("missed", **WRONG, confidence=0.6),
    a_score("shy", **SILENT),
    a_score("bold", **NEAR | WRONG),
    a_score("altered", faithful=0),
)


class TestReport:
    def test_it_fits_80_columns_and_names_what_went_wrong(self) -> None:
        text = printed(show_evaluation, SOME, question_set="set.jsonl")
        assert text.startswith("set.jsonl: 5 questions, 4 answerable\n")
        assert max(map(len, text.splitlines())) <= 80
        for line in (
            "quote not verbatim (1): altered",
            "abstained, but answerable (1): shy",
            "answered, but unanswerable (1): bold",
            "evidence missed (1): missed",
        ):
            assert line in text.splitlines()
        rows = {line.split()[0]: line.split() for line in text.splitlines() if line}
        # One type, four questions: two of four full, and no right silence to measure.
        assert rows["fact"][1:5] == ["4", "0.50", "0.50", "0.50"]
        assert rows["fact"][-1] == "-"
        assert rows["search"] == ["search", "2.0", "2.0"]

    def test_a_share_just_below_1_does_not_read_as_1(self) -> None:
        text = printed(show_evaluation, [a_score(shown=9999, faithful=9998)], question_set="s")
        assert next(x for x in text.splitlines() if "fidelity" in x).split()[2] == "0.999"

    def test_two_systems(self) -> None:
        worse = [a_score("good", **WRONG), *SOME[1:]]
        text = printed(show_comparison, compare(SOME, worse), first="this", second="other")
        row = next(line for line in text.splitlines() if line.startswith("strict"))
        assert row.split()[1:4] == ["0.500", "0.250", "-0.250"]
        assert row.split()[-1] == "1.000"
        assert max(map(len, text.splitlines())) <= 80

    def test_json(self) -> None:
        content = json.loads(json.dumps(evaluation_json(SOME)))
        assert (content["count"], content["answerable"]) == (5, 4)
        assert content["scores"].keys() == {m.key for m in MEASURES}
        assert content["scores"]["recall"]["value"] == 0.5
        assert content["scores"]["far_recall"] == {"value": None, "interval": None}
        assert content["by_type"]["fact"]["count"] == 4
        assert content["latency_ms"] == {"search": {"p50": 2.0, "p95": 2.0}}
        assert [q["id"] for q in content["questions"]] == [s.id for s in SOME]


class TestPlot:
    REPORTS = (("this", confidence_report(SOME)), ("other", confidence_report(SOME[:2])))

    @pytest.mark.parametrize(
        ("name", "beginning"), [("p.png", b"\x89PNG\r\n"), ("p.svg", b"<?xml"), ("p.pdf", b"%PDF")]
    )
    def test_it_is_drawn(self, tmp_path: Path, name: str, beginning: bytes) -> None:
        pytest.importorskip("matplotlib")
        draw(self.REPORTS, tmp_path / name, title="set.jsonl: 5 questions")
        assert (tmp_path / name).read_bytes().startswith(beginning)

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("p.doc", "cannot be written: Format 'doc'"),
            ("none/p.png", "cannot be written: No such"),
        ],
    )
    def test_it_cannot_be_written(self, tmp_path: Path, name: str, words: str) -> None:
        pytest.importorskip("matplotlib")
        with pytest.raises(EvaluationError, match=words):
            draw(self.REPORTS, tmp_path / name, title="t")

    def test_without_matplotlib(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
        with pytest.raises(EvaluationError, match=r"pip install careerqa\[plot\]\.$"):
            draw(self.REPORTS, tmp_path / "p.png", title="t")
