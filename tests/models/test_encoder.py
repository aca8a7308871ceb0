from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from careerqa.errors import IndexMismatchError
from careerqa.models import encoder
from careerqa.models.embedding import QuestionEncoder, SentenceTransformerEmbedder
from careerqa.models.encoder import PARITY, OnnxQuestionEncoder, export

pytestmark = pytest.mark.slow

QUESTIONS = (
    "How much do AI engineers earn compared to software engineers?",
    "What does an AI engineer do all day?",
    "do i need a phd",
    "PYTHON OR R?",
    "Is $257k a usual salary for mid-level?",
    "17% growth through 2034?",
    "a",
    "?",
    "...",
    "   padded   ",
    "line\nbreak\tand tab",
    "Ünïcödé — “quoted” ‘text’ …",
    "ünïcödé decomposed e\u0301",
    "日本語の質問ですか",
    "Сколько зарабатывает инженер?",
    "كم يكسب المهندس",
    "👍🏽 👩‍💻 emoji",
    "zero\u200bwidth and bidi \u202emark",
    "RagAwsRustPythonAzure",
    "C++ vs. C#: which?",
    "e.g. www.hirewithnear.com [1](#)",
    "[CLS] [SEP] [MASK] [PAD]",
    "supercalifragilisticexpialidocious" * 5,
    "x" * 300,
    "word " * 100,
    "word " * 1000,
    "How do the two roles differ in skills, tools, pay, outlook, education and teams? " * 20,
    "What is the difference between training a model and serving one in production?",
    "Which certifications help?",
    "Who hires them?",
)


@pytest.fixture(scope="module")
def folder(
    real_embedder: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("encoder") / "encoder"
    assert export(real_embedder, folder) is None
    return folder


@pytest.fixture(scope="module", params=["sentence-transformers", "onnx"])
def question_encoder(
    request: pytest.FixtureRequest, real_embedder: SentenceTransformerEmbedder, folder: Path
) -> QuestionEncoder:
    return (
        real_embedder if request.param == "sentence-transformers" else OnnxQuestionEncoder(folder)
    )


@pytest.mark.parametrize("question", QUESTIONS[::9], ids=lambda question: question[:20])
def test_a_question_is_a_unit_vector(question_encoder: QuestionEncoder, question: str) -> None:
    vector = question_encoder.embed_question(question)
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert abs(np.linalg.norm(vector) - 1) < 1e-5


def test_both_encoders_agree(real_embedder: SentenceTransformerEmbedder, folder: Path) -> None:
    exported = OnnxQuestionEncoder(folder)
    cosines = {
        question: float(real_embedder.embed_question(question) @ exported.embed_question(question))
        for question in QUESTIONS
    }
    assert len(cosines) == 30
    assert {q: c for q, c in cosines.items() if c < 0.999} == {}


def test_both_give_the_same_word_pieces(
    real_embedder: SentenceTransformerEmbedder, folder: Path
) -> None:
    question = "Who trims the lamp's wick at dusk?"
    ours = OnnxQuestionEncoder(folder).embed_question_tokens(question)
    theirs = real_embedder.embed_question_tokens(question)
    assert ours is not None
    assert theirs is not None
    assert list(ours.ids) == list(theirs.ids)
    assert (ours.vectors * theirs.vectors).sum(axis=1).min() > PARITY


def test_the_query_prompt_goes_before_the_question(folder: Path) -> None:
    plain, prompted = OnnxQuestionEncoder(folder), OnnxQuestionEncoder(folder, query_prompt="q: ")
    np.testing.assert_array_equal(prompted.embed_question("lamp"), plain.embed_question("q: lamp"))


def test_an_export_that_differs_is_not_kept(
    real_embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "PARITY", 1.1)
    reason = export(real_embedder, tmp_path)
    assert reason is not None
    assert reason.startswith("the exported vectors differ (cosine 1.0000)")
    assert not (tmp_path / encoder.MODEL_FILE).exists()


@pytest.mark.parametrize("name", [encoder.MODEL_FILE, encoder.TOKENIZER_FILE, encoder.CONFIG_FILE])
@pytest.mark.parametrize("kept", [0, 0.5, None], ids=["empty", "half", "missing"])
def test_damage_is_named_with_what_to_run(
    folder: Path, tmp_path: Path, name: str, kept: float | None
) -> None:
    for path in folder.iterdir():
        if path.name != name:
            (tmp_path / path.name).symlink_to(path)
        elif kept is not None:
            data = path.read_bytes()
            (tmp_path / path.name).write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(IndexMismatchError) as caught:
        OnnxQuestionEncoder(tmp_path)
    assert str(caught.value).startswith(f"The question encoder in {tmp_path} cannot be loaded (")
    assert str(caught.value).endswith("). Run careerqa index --full.")


def test_a_configuration_without_its_keys_is_named(folder: Path, tmp_path: Path) -> None:
    for name in (encoder.MODEL_FILE, encoder.TOKENIZER_FILE):
        (tmp_path / name).symlink_to(folder / name)
    (tmp_path / encoder.CONFIG_FILE).write_text(json.dumps({"inputs": ["input_ids"]}))
    with pytest.raises(IndexMismatchError, match=r"cannot be loaded .* Run careerqa index --full"):
        OnnxQuestionEncoder(tmp_path)
