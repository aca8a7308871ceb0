import numpy as np
import pytest

from careerqa.datatypes import IndexedText, View
from careerqa.indexing.probe import fit_probe, leaning, question_vectors

EAST = np.array([[1.0, 0.0], [0.96, 0.28], [0.96, -0.28]], dtype=np.float32)
NORTH = np.array([[0.0, 1.0], [0.28, 0.96]], dtype=np.float32)


def test_questions_lie_on_the_side_that_they_are_like() -> None:
    probe = fit_probe(EAST, NORTH)
    assert probe is not None
    assert leaning(probe, np.array([0.8, -0.6], dtype=np.float32)) > 0.5
    assert leaning(probe, np.array([-0.28, 0.96], dtype=np.float32)) < -0.5


def test_many_of_one_kind_do_not_outweigh_the_other() -> None:
    few, many = fit_probe(EAST, NORTH), fit_probe(np.repeat(EAST, 50, axis=0), NORTH)
    assert few is not None
    assert many is not None
    assert many == pytest.approx(few, abs=1e-4)


@pytest.mark.parametrize(("answered", "unanswered"), [(EAST, NORTH[:0]), (EAST[:0], NORTH)])
def test_without_both_kinds_there_is_no_probe(answered: np.ndarray, unanswered: np.ndarray) -> None:
    assert fit_probe(answered, unanswered) is None


def test_a_question_of_several_units_counts_once() -> None:
    texts = [
        IndexedText(View.UNIT, "A lamp.", (0,)),
        IndexedText(View.QUESTION, "Which lamp?", (0,)),
        IndexedText(View.QUESTION, "Which lamp?", (1,)),
        IndexedText(View.UNANSWERED, "Which bell?", ()),
    ]
    vectors = np.eye(4, dtype=np.float32)
    answered, unanswered = question_vectors(texts, vectors)
    assert answered.shape == (1, 4)
    assert unanswered.tolist() == [[0, 0, 0, 1]]
