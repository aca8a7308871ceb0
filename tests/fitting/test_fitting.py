from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from careerqa.datatypes import Hit, Span, Unit, UnitKind
from careerqa.errors import EvaluationError
from careerqa.fitting.examples import Example, labelled, search
from careerqa.fitting.fit import (
    calibrated,
    first_right,
    fit_gap,
    fit_logistic,
    fit_ranking,
)
from careerqa.indexing.generation import Generation
from careerqa.retrieval.first_stage import Candidate, Pool
from careerqa.retrieval.question import read_question
from careerqa.retrieval.ranking import SIGNALS
from careerqa.service import CareerQA
from careerqa.settings import Settings

KEEPERS = "A keeper trims the lamp at dusk."


def made_up(
    covered: Sequence[Sequence[bool]], signals: Sequence[dict[str, float]] | None = None
) -> Example:
    """An example whose candidates are the units 0, 1, 2 ..."""
    count = len(covered[0])
    given = signals or [{}] * count
    return Example(
        read_question("what is it", {}),
        Pool(tuple(Candidate(n, {}, 0.0) for n in range(count)), None, None),
        np.array([[values.get(name, 0.0) for name in SIGNALS] for values in given]),
        np.array(covered, dtype=bool),
    )


def ranked(*scores: float) -> list[Hit]:
    """Units 0, 1, 2 ... with these scores."""
    return [
        Hit(Unit(n, "a", Span(0, 1), "x", UnitKind.SENTENCE, 1), n + 1, score, "test")
        for n, score in enumerate(scores)
    ]


def weight_of(weights: Any, name: str) -> float:
    return float(weights[SIGNALS.index(name)])


class TestRanking:
    def test_the_signal_that_separates_gains_weight(self) -> None:
        """`amount` marks the right one, `aside` a wrong one, `lexical` says nothing."""
        examples = [
            made_up(
                [[n == right for n in range(3)]],
                [
                    {
                        "best": 0.5,
                        "amount": float(n == right),
                        "aside": float(n == (right + 1) % 3),
                        "lexical": 0.7,
                    }
                    for n in range(3)
                ],
            )
            for right in (0, 1, 2)
        ]
        weights = fit_ranking(examples)
        assert weight_of(weights, "amount") > 0.1
        assert weight_of(weights, "aside") < -0.01
        assert weight_of(weights, "lexical") == pytest.approx(0, abs=1e-3)
        assert weight_of(weights, "heading") == pytest.approx(0, abs=1e-3)  # 0 everywhere
        for example in examples:
            best = int(np.argmax(example.signals @ weights))
            assert example.covered[0, best]

    def test_what_misleads_loses_to_what_helps(self) -> None:
        examples = [
            made_up(
                [[True, False]], [{"statement": 0.6, "cell": 0.2}, {"statement": 0.4, "cell": 1}]
            )
        ]
        weights = fit_ranking(examples)
        assert weight_of(weights, "statement") > 0 > weight_of(weights, "cell")

    def test_a_question_whose_evidence_was_not_found_teaches_nothing(self) -> None:
        told = made_up([[True, False]], [{"amount": 1}, {}])
        lost = made_up([[False, False]], [{}, {"amount": 1}])
        assert np.array_equal(fit_ranking([told]), fit_ranking([told, lost]))


class TestGap:
    def test_the_smallest_gap_that_keeps_the_recall(self) -> None:
        """Two groups, the second .205 below the best: .20 is too little, .21 enough."""
        example = made_up([[True, False, False], [False, True, False]])
        assert fit_gap([(example, ranked(0.9, 0.695, 0.1))]) == 0.21

    def test_a_rare_straggler_is_let_go(self) -> None:
        """Of 50 questions one has its evidence .5 below: 49/50 is above .975, so .02 will do."""
        near = (made_up([[True, False]]), ranked(0.9, 0.4))
        far = (made_up([[False, True]]), ranked(0.9, 0.4))
        assert fit_gap([near] * 49 + [far]) == 0.02
        assert fit_gap([near] * 9 + [far]) == pytest.approx(0.5, abs=0.011)  # 9/10 is not

    def test_what_lies_beyond_the_quotes_is_not_missed(self) -> None:
        example = made_up([[True, False, False], [False, False, True]])
        hits = ranked(0.9, 0.5, 0.3)
        assert fit_gap([(example, hits)], top=2) == 0.02
        assert fit_gap([(example, hits)], top=3) == pytest.approx(0.6, abs=0.011)

    def test_nothing_is_near_enough(self) -> None:
        assert fit_gap([(made_up([[False, True]]), ranked(3.0, 1.0))]) == 1.0


def test_the_share_whose_best_hit_is_right() -> None:
    right = (made_up([[False, False], [True, False]]), ranked(0.9, 0.4))
    wrong = (made_up([[False, True]]), ranked(0.9, 0.4))
    assert first_right([right, wrong, wrong]) == pytest.approx(1 / 3)
    assert first_right([]) == 0


class TestLogistic:
    VALUES = np.array([[0.1, 5.0], [0.2, 5.0], [0.8, 5.0], [0.9, 5.0]])
    ANSWERABLE = np.array([False, False, True, True])

    def test_it_separates(self) -> None:
        fitted = fit_logistic(("score", "flat"), self.VALUES, self.ANSWERABLE, np.full(4, 10.0))
        low, middle, high = (
            fitted.probability({"score": score, "flat": 5.0}) for score in (0.1, 0.5, 0.9)
        )
        assert low < 0.1
        assert middle == pytest.approx(0.5, abs=0.01)
        assert high > 0.9
        assert fitted.mean == (0.5, 5.0)
        assert fitted.weights[1] == pytest.approx(0)  # it never varies

    def test_weights_say_how_probable_each_side_is(self) -> None:
        """Signals that say nothing: the probability is the weighted share."""
        cost = np.array([0.4, 0.4, 0.6, 0.6]) * 100
        fitted = fit_logistic(("x",), np.zeros((4, 1)), self.ANSWERABLE, cost)
        assert fitted.probability({"x": 0.0}) == pytest.approx(0.6, abs=0.001)


def _service(settings: Settings) -> contextlib.closing[CareerQA]:
    return contextlib.closing(CareerQA.from_settings(settings))


def _questions(path: Path, *, answerable: int, unanswerable: int) -> Path:
    """Sentences of the tiny corpus with a number each, and questions that it does not answer."""
    evidence = [[{"doc": "lighthouse", "text": KEEPERS}]]
    lines = [
        {"id": f"a{n}", "question": f"keeper trims lamp {n}", "type": "fact", "answerable": True}
        | {"evidence": evidence}
        for n in range(answerable)
    ]
    lines += [
        {"id": f"u{n}", "question": f"zebra crossing {n}", "type": "unanswerable_near"}
        | {"answerable": False, "evidence": []}
        for n in range(unanswerable)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


class TestLabelled:
    def test_their_source_is_kept(self, tiny_index: Settings, tmp_path: Path) -> None:
        path = _questions(tmp_path / "own.jsonl", answerable=20, unanswerable=20)
        with _service(tiny_index) as service:
            found = labelled(service.generation(), tiny_index, [path])
        assert len(found.questions) == 40
        assert found.known == ()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert found.data == {"own.jsonl": {"questions": 40, "sha256": digest}}

    def test_unanswered_questions_beside_the_corpus_count(
        self, tiny_index: Settings, tmp_path: Path
    ) -> None:
        path = _questions(tmp_path / "own.jsonl", answerable=20, unanswerable=18)
        with _service(tiny_index) as service:
            generation = service.generation()
            hashes = {d.id: d.sha256 for d in generation.documents.values()}
            beside = [
                {"documents": hashes},
                {"question": "Who built it?", "topic": "builder"},
                {"question": "Is it for sale?", "topic": "sale"},
            ]
            folder = tiny_index.corpus.path / "expansions"
            folder.mkdir()
            (folder / "unanswered.jsonl").write_text("\n".join(map(json.dumps, beside)), "utf-8")
            found = labelled(generation, tiny_index, [path])
        assert [(q.text, q.type, q.answerable) for q in found.questions[-2:]] == [
            ("Who built it?", "builder", False),
            ("Is it for sale?", "sale", False),
        ]
        assert found.data["unanswered.jsonl"]["questions"] == 2

    @pytest.mark.parametrize(
        ("answerable", "unanswerable", "words"),
        [
            (19, 30, "There are 19 answerable questions to fit on; at least 20 are needed."),
            (30, 3, "There are 3 unanswerable questions to fit on; at least 20 are needed."),
        ],
    )
    def test_too_few(
        self,
        tiny_index: Settings,
        tmp_path: Path,
        answerable: int,
        unanswerable: int,
        words: str,
    ) -> None:
        path = _questions(tmp_path / "own.jsonl", answerable=answerable, unanswerable=unanswerable)
        with _service(tiny_index) as service, pytest.raises(EvaluationError) as caught:
            labelled(service.generation(), tiny_index, [path])
        assert str(caught.value) == (
            f"{words} Add some to a FILE, unanswerable ones with type unanswerable_near."
        )

    def test_about_other_documents(self, tiny_index: Settings, tmp_path: Path) -> None:
        path = _questions(tmp_path / "own.jsonl", answerable=20, unanswerable=20)
        path.write_text(path.read_text("utf-8").replace('"lighthouse"', '"castle"'), "utf-8")
        with (
            _service(tiny_index) as service,
            pytest.raises(EvaluationError, match="names the document 'castle'"),
        ):
            labelled(service.generation(), tiny_index, [path])


def _covering(generation: Generation, example: Example) -> set[str]:
    units = [generation.units[c.unit_id] for c in example.pool.candidates]
    return {u.text for n, u in enumerate(units) if example.covered[:, n].any()}


def test_candidates_that_cover_evidence_are_marked(tiny_index: Settings, tmp_path: Path) -> None:
    path = _questions(tmp_path / "own.jsonl", answerable=20, unanswerable=20)
    # Whitespace does not tell a quote from its evidence.
    path.write_text(path.read_text("utf-8").replace("the lamp at", "the  lamp\\nat"), "utf-8")
    steps: list[tuple[str, int, int]] = []
    with _service(tiny_index) as service:
        generation = service.generation()
        questions = labelled(generation, tiny_index, [path]).questions
        found = search(
            generation,
            tiny_index,
            [questions[0], questions[-1]],
            progress=lambda *step: steps.append(step),
        )
        assert _covering(generation, found[0].expanded) == {KEEPERS}
        assert _covering(generation, found[0].bare) == {KEEPERS}
    assert found[1].expanded.covered.shape == (0, len(found[1].expanded.pool.candidates))
    assert [(item.answerable, item.topic) for item in found] == [
        (True, "fact"),
        (False, "unanswerable_near"),
    ]
    assert steps == [("Searching questions", 1, 2), ("Searching questions", 2, 2)]


def test_unanswerable_questions_of_a_single_type_are_enough(
    tiny_index: Settings, tmp_path: Path
) -> None:
    """They must not all be held out together: nothing would be left to tell apart."""
    path = _questions(tmp_path / "own.jsonl", answerable=20, unanswerable=20)
    with _service(tiny_index) as service:
        found = calibrated(service, [path])
    assert found.model == "words"
    assert found.measured["bare"]["first_right"] == 1.0
    assert found.measured["bare"]["auroc"] == 1.0
    assert found.confidence.keys() == {"bare"}
