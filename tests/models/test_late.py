import math
from pathlib import Path

import numpy as np
import pytest

from careerqa.models.embedding import TokenVectors
from careerqa.models.late import SCALE, LateIndex, known_tokens, late_index, load, save
from fakes import WordEmbedder

EMBEDDER = WordEmbedder(["lamp", "keeper", "dusk", "bell"])
TEXTS = ["The keeper trims the lamp.", None, "A lamp at dusk.", "Nothing known."]


def index() -> LateIndex:
    made = late_index(EMBEDDER, TEXTS, {})
    assert made is not None
    return made[0]


def tokens(text: str) -> TokenVectors:
    found = EMBEDDER.embed_question_tokens(text)
    assert found is not None
    return found


def test_rare_words_weigh_more() -> None:
    """`keeper` stands in one of four units, `lamp` in two: log(5/1.5) and log(5/2.5)."""
    rare, common = math.log(5 / 1.5), math.log(5 / 2.5)
    kept = 127 / SCALE  # a whole axis is cut off there
    scores = index().scores(tokens("keeper of the lamp"), [2, 0, 1, 3])
    assert scores == pytest.approx([kept * common / (rare + common), kept, 0, 0], abs=1e-6)


def test_the_nearest_word_piece_counts() -> None:
    vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
    half = np.array([[0.12, 0.05], [0.2, 0.0], [0.0, 0.1]]) * SCALE
    made = LateIndex(np.rint(half).astype(np.int8), np.array([0, 3]), np.array([1, 1]))
    (score,) = made.scores(TokenVectors([0, 1], vectors), [0])
    assert score == pytest.approx((0.2 + 0.1) / 2, abs=0.002)


@pytest.mark.parametrize("text", ["", "nothing that it knows"])
def test_a_question_without_word_pieces_scores_nothing(text: str) -> None:
    assert index().scores(tokens(text), [0, 2]) == [0, 0]


def test_no_units_have_no_scores() -> None:
    assert index().scores(tokens("lamp"), []) == []
    assert index().scores(tokens("lamp"), [1, 3]) == [0, 0]


def test_an_unknown_word_piece_is_as_rare_as_can_be() -> None:
    far = TokenVectors([0, 99], np.eye(5, dtype=np.float32)[[0, 4]])
    assert 0 < index().scores(far, [0])[0] < 127 / SCALE / 2


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    made = late_index(EMBEDDER, TEXTS, {})
    assert made is not None
    save(*made, tmp_path)
    loaded = load(tmp_path)
    assert loaded is not None
    question = tokens("keeper lamp")
    assert loaded.scores(question, [0, 1, 2]) == index().scores(question, [0, 1, 2])
    assert load(tmp_path / "none") is None


def test_known_texts_are_not_embedded_again(tmp_path: Path) -> None:
    made = late_index(EMBEDDER, TEXTS, {})
    assert made is not None
    save(*made, tmp_path)
    known = known_tokens(tmp_path, [text or "" for text in TEXTS])
    assert known.keys() == {TEXTS[0], TEXTS[2]}
    asked: list[str] = []

    class Watched(WordEmbedder):
        def embed_tokens(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
            asked.extend(texts)
            return super().embed_tokens(texts, progress=progress)

    again = late_index(Watched(["lamp", "keeper", "dusk", "bell"]), [*TEXTS, "A bell."], known)
    assert asked == ["Nothing known.", "A bell."]
    assert again is not None
    assert np.array_equal(again[0].tokens[:4], made[0].tokens)


def test_another_number_of_units_is_not_taken_over(tmp_path: Path) -> None:
    made = late_index(EMBEDDER, TEXTS, {})
    assert made is not None
    save(*made, tmp_path)
    assert known_tokens(tmp_path, ["one"]) == {}
    assert known_tokens(tmp_path / "none", ["one"]) == {}


def test_a_model_of_whole_texts_has_no_index() -> None:
    class Whole(WordEmbedder):
        def embed_tokens(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
            return None

    assert late_index(Whole(["lamp"]), ["A lamp."], {}) is None
