"""Reranking: a cross-encoder reads question and statement together and adds to the score.

Off by default: it needs a model of its own and time with every question. Where one is set, it is
exported to ONNX when the index is built, if it can be, so that asking needs no PyTorch.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from careerqa.datatypes import Hit
from careerqa.errors import IndexMismatchError, ModelUnavailableError
from careerqa.models.embedding import FloatVector
from careerqa.models.files import find_model

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

STAGE = "reranked"
MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
CONFIG_FILE: Final = "reranker.json"
TOLERANCE: Final = 1e-3
"""Largest difference between an exported and an original probability."""
_PROBE: Final = ("How much do AI engineers earn?", "AI engineers earn $120k to $220k a year.")


class Reranker(Protocol):
    """Judges statements for a question."""

    def scores(self, question: str, statements: Sequence[str]) -> FloatVector:
        """How well each statement answers, in (0, 1), shape (len(statements),)."""


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one output, by hub name or folder.

    Raises:
        ModelUnavailableError: If it cannot be loaded or has several outputs.
    """

    def __init__(self, name: str, *, device: str = "cpu") -> None:
        self.name = name
        self.model = _load(name, device)

    def scores(self, question: str, statements: Sequence[str]) -> FloatVector:
        import torch

        if not statements:
            return np.zeros(0, dtype=np.float32)
        found = self.model.predict(
            [(question, statement) for statement in statements],
            activation_fn=torch.nn.Sigmoid(),
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32).reshape(len(statements))


class OnnxReranker:
    """A cross-encoder exported by `export`.

    Raises:
        IndexMismatchError: If the exported files are missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = min(4, os.cpu_count() or 1)
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._tokenizer.enable_padding()
            self._tokenizer.enable_truncation(max_length=config["max_tokens"])
            self._inputs: list[str] = config["inputs"]
        except Exception as error:
            raise IndexMismatchError(
                f"The reranker in {folder} cannot be loaded ({error}). Run careerqa index --full."
            ) from error

    def scores(self, question: str, statements: Sequence[str]) -> FloatVector:
        if not statements:
            return np.zeros(0, dtype=np.float32)
        encoded = self._tokenizer.encode_batch([(question, text) for text in statements])
        columns = {
            "input_ids": [e.ids for e in encoded],
            "attention_mask": [e.attention_mask for e in encoded],
            "token_type_ids": [e.type_ids for e in encoded],
        }
        feed = {name: np.asarray(columns[name], dtype=np.int64) for name in self._inputs}
        logits = np.asarray(self._session.run(None, feed)[0], dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-logits.reshape(len(statements)))), dtype=np.float32)


def rerank(
    question: str, hits: Sequence[Hit], texts: Sequence[str], reranker: Reranker, *, weight: float
) -> list[Hit]:
    """The hits by score plus `weight` times the reranker's probability, ties by unit id.

    Args:
        texts: The readable text of each hit.
    """
    judged = reranker.scores(question, texts)
    scored = sorted(
        ((hit.score + weight * float(p), hit) for hit, p in zip(hits, judged, strict=True)),
        key=lambda item: (-item[0], item[1].unit.id),
    )
    return [
        Hit(hit.unit, rank, score, STAGE, hit.repeats)
        for rank, (score, hit) in enumerate(scored, 1)
    ]


def export(reranker: CrossEncoderReranker, folder: Path) -> str | None:
    """Export a cross-encoder into `folder`.

    Returns:
        None when the export agrees with the model within `TOLERANCE`; else why it cannot be used,
        and `folder` is left without a usable model.
    """
    tokenizer = reranker.model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return "its tokenizer has no fast form"
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    names = [name for name in inputs if name in tokenizer.model_input_names]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER_FILE).write_text(backend.to_str(), encoding="utf-8")
    limit = min(int(reranker.model.max_seq_length or 512), 512)
    config = {"inputs": names, "max_tokens": limit}
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2), encoding="utf-8")
    try:
        _export_graph(reranker.model.model, tokenizer, names, folder / MODEL_FILE)
        question, text = _PROBE
        probes = [text, f"{text} {question} " * 3]
        apart = np.abs(
            OnnxReranker(folder).scores(question, probes) - reranker.scores(question, probes)
        )
    except Exception as error:  # noqa: BLE001  (exporters raise anything; the reason is reported)
        (folder / MODEL_FILE).unlink(missing_ok=True)
        return f"the export failed ({type(error).__name__}: {str(error).splitlines()[0][:200]})"
    if float(apart.max()) > TOLERANCE:
        (folder / MODEL_FILE).unlink(missing_ok=True)
        return f"the exported scores differ by {float(apart.max()):.4f}"
    return None


def _load(name: str, device: str) -> CrossEncoder:
    from sentence_transformers import CrossEncoder

    files = find_model(name)
    try:
        model = CrossEncoder(
            files.location, device=device, local_files_only=files.sha256 is not None
        )
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()
        raise ModelUnavailableError(
            f"The reranker {name} cannot be loaded on {device} "
            f"({reason[0] if reason else type(error).__name__}). Set [reranking] model in "
            'config.toml to a CrossEncoder\'s folder or hub name, or to "" for none.'
        ) from error
    if model.num_labels != 1:
        raise ModelUnavailableError(
            f"The reranker {name} has {model.num_labels} outputs; one is needed. Set [reranking] "
            "model in config.toml to another CrossEncoder."
        )
    return model  # type: ignore[no-any-return,unused-ignore]


def _export_graph(model: Any, tokenizer: Any, names: list[str], path: Path) -> None:
    import torch

    class Flat(torch.nn.Module):  # type: ignore[misc,unused-ignore]
        """The model with tensors for arguments, as an export needs it."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.model(**dict(zip(names, inputs, strict=True))).logits
            return logits

    probe = tokenizer([_PROBE], return_tensors="pt")
    arguments = tuple(probe[name] for name in names)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Flat().eval(),
            arguments,
            str(path),
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names},
            opset_version=17,
            dynamo=False,
        )
