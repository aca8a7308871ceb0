from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.datatypes import View
from careerqa.indexing.generation import Generation
from careerqa.models.embedding import FloatVector, TokenVectors
from careerqa.retrieval.first_stage import (
    POINT_SHARE,
    first_stage,
    nearest_questions,
    question_vector,
    reciprocal_rank_fusion,
)
from careerqa.retrieval.question import read_question
from careerqa.settings import Settings

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=12)


def test_fusion_sums_reciprocal_ranks() -> None:
    assert reciprocal_rank_fusion([[1, 2], [2, 3]], k=60) == [
        (2, 1 / 62 + 1 / 61),
        (1, 1 / 61),
        (3, 1 / 62),
    ]


@given(st.lists(RANKING, max_size=4))
def test_fusion_ignores_the_order_of_its_inputs(rankings: list[list[int]]) -> None:
    forward = [unit for unit, _ in reciprocal_rank_fusion(rankings)]
    backward = [unit for unit, _ in reciprocal_rank_fusion(rankings[::-1])]
    assert sorted(forward) == sorted(backward) == sorted({u for r in rankings for u in r})


def test_fusion_breaks_ties_by_id() -> None:
    assert [unit for unit, _ in reciprocal_rank_fusion([[7], [3]])] == [3, 7]


def test_fusion_refuses_a_negative_offset() -> None:
    with pytest.raises(ValueError, match="k is -1; it cannot be negative"):
        reciprocal_rank_fusion([[1]], k=-1)


class _Axes:
    """Embeds texts as axes of a space, by their first word."""

    def embed_question(self, text: str) -> FloatVector:
        vector = np.zeros(3, dtype=np.float32)
        vector[{"I": 0, "Can": 1}.get(text.split(maxsplit=1)[0], 2)] = 1
        return vector

    def embed_question_tokens(self, text: str) -> TokenVectors | None:
        return None


def test_interrogative_sentences_weigh_more() -> None:
    vector = question_vector(_Axes(), read_question("I am a nurse. Can I switch?", {}))
    length = (1 + POINT_SHARE**2) ** 0.5
    assert vector == pytest.approx([1 / length, POINT_SHARE / length, 0])


def test_one_sentence_is_taken_as_it_is() -> None:
    assert question_vector(_Axes(), read_question("Can I switch?", {})) == pytest.approx([0, 1, 0])


def test_the_pool_holds_dense_and_lexical_signals(tiny_index: Settings) -> None:
    generation = Generation(tiny_index.index.path / _current(tiny_index), tiny_index)
    unit = next(u for u in generation.units if len(u.text.split()) > 4)
    question = read_question(generation.plain[unit.id], {})
    vector = generation.encoder.embed_question(question.text)
    pool = first_stage(generation, vector, question, pool=5, rrf_k=60)
    assert 0 < len(pool.candidates) <= 5
    best = next(c for c in pool.candidates if c.unit_id == unit.id)
    assert best.cosines[View.UNIT] == pytest.approx(1.0, abs=1e-3)
    assert best.lexical == pytest.approx(1.0)
    assert pool.unanswered is None  # the tiny corpus knows of no unanswered questions


def test_without_expansion_written_questions_take_no_part(tiny_index: Settings) -> None:
    generation = Generation(tiny_index.index.path / _current(tiny_index), tiny_index)
    question = read_question("what is there", {})
    vector = generation.encoder.embed_question(question.text)
    pool = first_stage(generation, vector, question, pool=5, rrf_k=60, expansion=False)
    assert pool.answered is None
    assert all(View.QUESTION not in c.cosines for c in pool.candidates)


def test_the_nearest_written_questions_of_a_unit_are_averaged() -> None:
    vectors = np.array([[1, 0], [0, 1], *[[0.6, 0.8]] * 4], dtype=np.float32)
    texts = {0: {View.QUESTION: [0, 1, 2, 3, 4, 5]}, 1: {View.UNIT: [1]}}
    generation: Any = SimpleNamespace(vectors=vectors, texts_of_unit=texts)
    vector = np.array([1, 0], dtype=np.float32)
    assert nearest_questions(generation, vector, 0) == pytest.approx((1 + 4 * 0.6) / 5)
    assert nearest_questions(generation, vector, 1) == 0


def _current(settings: Settings) -> str:
    return (settings.index.path / "CURRENT").read_text(encoding="utf-8").strip()
