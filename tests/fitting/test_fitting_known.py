from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from careerqa.datatypes import IndexedText, View
from careerqa.fitting.examples import Example, Searched
from careerqa.fitting.known import Known
from careerqa.indexing.generation import Generation
from careerqa.retrieval.first_stage import Pool
from careerqa.retrieval.question import read_question

KNOWN = [("Which bell?", "bells"), ("What bell?", "bells"), ("Which boat?", "boats")]
VECTORS = np.array([[1, 0, 0], [0, 1, 0], [0, 0.8, 0.6], [0, 0, 1]], dtype=np.float32)


@pytest.fixture
def known() -> Known:
    texts = [
        IndexedText(View.QUESTION, "Which lamp?", (0,)),
        *(IndexedText(View.UNANSWERED, text, ()) for text, _ in KNOWN),
    ]
    return Known(cast(Generation, SimpleNamespace(texts=texts, vectors=VECTORS)), KNOWN)


def searched(number: int) -> Searched:
    text, topic = KNOWN[number]
    empty: Any = np.zeros((0, 0))
    example = Example(read_question(text, {}), Pool((), 0.5, 9.0, 9.0), empty, empty)
    return Searched(False, topic, VECTORS[number + 1], example, example)


def test_a_question_is_left_out_with_its_topic(known: Known) -> None:
    pool = known.pool_without(searched(0), topic=True)
    assert pool.unanswered == pytest.approx(0)  # the boat alone, at a right angle
    assert pool.answered == 0.5


def test_or_by_itself(known: Known) -> None:
    pool = known.pool_without(searched(0), topic=False)
    assert pool.unanswered == pytest.approx((0.8 + 0.0) / 2)


def test_the_probe_has_not_seen_what_is_left_out(known: Known) -> None:
    apart, beside = (known.pool_without(searched(0), topic=by).leaning for by in (True, False))
    assert apart is not None
    assert beside is not None
    assert beside < apart  # the other question on bells pulls it over


def test_topics(known: Known) -> None:
    assert known.holds_topic("bells")
    assert not known.holds_topic("lamps")
