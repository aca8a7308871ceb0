from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from careerqa.datatypes import Hit, Span, Unit, UnitKind
from careerqa.errors import IndexMismatchError, ModelUnavailableError
from careerqa.models.embedding import FloatVector
from careerqa.models.reranking import CrossEncoderReranker, OnnxReranker, export, rerank

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "pay", "of", "engineers", "is", "high"]


def _hit(number: int, score: float) -> Hit:
    unit = Unit(number, "a.txt", Span(number, number + 1), "x", UnitKind.SENTENCE, 1)
    return Hit(unit, number + 1, score, "signals")


class _LengthReranker:
    """Longer statements answer better: a hundredth a character."""

    def scores(self, question: str, statements: Sequence[str]) -> FloatVector:
        return np.array([len(s) / 100 for s in statements], dtype=np.float32)


def test_the_probability_is_added_with_its_weight() -> None:
    hits = [_hit(0, 1.0), _hit(1, 0.9)]
    found = rerank("q", hits, ["a" * 10, "a" * 50], _LengthReranker(), weight=0.5)
    assert [(h.unit.id, h.rank) for h in found] == [(1, 1), (0, 2)]
    assert [h.score for h in found] == pytest.approx([0.9 + 0.5 * 0.5, 1.0 + 0.5 * 0.1])


def test_without_weight_nothing_changes() -> None:
    hits = [_hit(0, 1.0), _hit(1, 0.9)]
    found = rerank("q", hits, ["a", "aa"], _LengthReranker(), weight=0.0)
    assert [h.unit.id for h in found] == [0, 1]


@pytest.fixture(scope="module")
def tiny_cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights, saved as a folder."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross-encoder")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_cross_encoder_and_its_export_agree(tiny_cross_encoder: Path, tmp_path: Path) -> None:
    reranker = CrossEncoderReranker(str(tiny_cross_encoder))
    assert export(reranker, tmp_path / "onnx") is None
    statements = ["pay of engineers is high", "high", "engineers " * 100, "Ünknown 日本"]
    ours = OnnxReranker(tmp_path / "onnx").scores("pay of engineers", statements)
    assert ours == pytest.approx(reranker.scores("pay of engineers", statements), abs=1e-3)
    assert ours.shape == (4,)
    assert reranker.scores("pay", []).shape == (0,)


@pytest.mark.slow
def test_several_outputs_are_refused(tmp_path: Path, tiny_cross_encoder: Path) -> None:
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path / "three"
    config = BertConfig.from_pretrained(tiny_cross_encoder, num_labels=3)
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_cross_encoder).save_pretrained(folder)
    with pytest.raises(ModelUnavailableError, match="has 3 outputs; one is needed"):
        CrossEncoderReranker(str(folder))


def test_a_missing_folder_says_what_to_set() -> None:
    with pytest.raises(ModelUnavailableError, match=r"There is no model folder \./nowhere"):
        CrossEncoderReranker("./nowhere")


def test_a_damaged_export_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatchError, match="Run careerqa index --full"):
        OnnxReranker(tmp_path)
