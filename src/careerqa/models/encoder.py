"""Questions → vectors without PyTorch: the model exported to ONNX when the index is built.

Importing sentence-transformers takes seconds; onnxruntime and tokenizers take a fraction of one.
The export is checked against sentence-transformers before it is kept.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from careerqa.errors import IndexMismatchError
from careerqa.models.embedding import (
    FloatVector,
    SentenceTransformerEmbedder,
    TokenVectors,
    unit_length,
)

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
CONFIG_FILE: Final = "encoder.json"
PARITY: Final = 0.999
"""Least cosine between an exported and an original vector; below it the export is not used."""

_PROBES: Final = (
    "How much do AI engineers earn compared to software engineers?",
    "a",
    "Ünïcödé — “quoted” 日本語 " + "and a rather long question with many words " * 12,
)


class OnnxQuestionEncoder:
    """Embeds questions with a model exported by `export`.

    Raises:
        IndexMismatchError: If the exported files are missing or damaged.
    """

    def __init__(self, folder: Path, *, query_prompt: str = "", threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(max_length=config["max_tokens"])
            self._inputs: list[str] = config["inputs"]
            self._lower: bool = config["lower_case"]
        except Exception as error:
            raise IndexMismatchError(
                f"The question encoder in {folder} cannot be loaded ({error}). "
                "Run careerqa index --full."
            ) from error
        self._prompt = query_prompt

    def embed_question(self, text: str) -> FloatVector:
        found = self._run("vector", self._encoding(self._prompt + text))
        return np.asarray(unit_length(found)[0], dtype=np.float32)

    def embed_question_tokens(self, text: str) -> TokenVectors | None:
        if "tokens" not in {output.name for output in self._session.get_outputs()}:
            return None
        encoding = self._encoding(text)
        kept = [n for n, special in enumerate(encoding.special_tokens_mask) if not special]
        vectors = unit_length(self._run("tokens", encoding)[0])
        return TokenVectors([encoding.ids[n] for n in kept], vectors[kept])

    def _encoding(self, text: str) -> Encoding:
        return self._tokenizer.encode(text.lower() if self._lower else text)

    def _run(self, output: str, encoding: Encoding) -> Any:
        columns: Mapping[str, list[int]] = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.asarray([columns[name]], dtype=np.int64) for name in self._inputs}
        return self._session.run([output], feed)[0]


def export(embedder: SentenceTransformerEmbedder, folder: Path) -> str | None:
    """Export the embedder's model for questions into `folder`.

    The ONNX graph holds every module of the model (transformer, pooling, dense, normalisation), in
    float32, for one question of any length up to the model's limit. It gives the vector of the
    question and, where the model has them, of its word pieces.

    Returns:
        None when the export agrees with the model (cosine at least `PARITY` on probes); else why
        it cannot be used, and `folder` is left without a usable encoder.
    """
    import copy

    import torch

    tokenizer = embedder.model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return "its tokenizer has no fast form"
    model = copy.deepcopy(embedder.model).to("cpu").to(torch.float32).eval()
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    names = [name for name in inputs if name in tokenizer.model_input_names]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER_FILE).write_text(backend.to_str(), encoding="utf-8")
    lower = bool(getattr(model[0], "do_lower_case", False))
    config = {"inputs": names, "max_tokens": embedder.max_tokens, "lower_case": lower}
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2), encoding="utf-8")
    try:
        _export_graph(model, tokenizer, names, folder / MODEL_FILE)
        encoder = OnnxQuestionEncoder(folder)
        cosines = [_parity(encoder, model, probe) for probe in _PROBES]
    except Exception as error:  # noqa: BLE001  (exporters raise anything; the reason is reported)
        (folder / MODEL_FILE).unlink(missing_ok=True)
        return f"the export failed ({type(error).__name__}: {str(error).splitlines()[0][:200]})"
    if min(cosines) < PARITY:
        (folder / MODEL_FILE).unlink(missing_ok=True)
        return f"the exported vectors differ (cosine {min(cosines):.4f})"
    return None


def _parity(encoder: OnnxQuestionEncoder, model: Any, text: str) -> float:
    original = model.encode([text], show_progress_bar=False, prompt="")
    return float(unit_length(original)[0] @ encoder.embed_question(text))


def _export_graph(model: Any, tokenizer: Any, names: list[str], path: Path) -> None:
    import torch

    class Flat(torch.nn.Module):  # type: ignore[misc,unused-ignore]
        """The model with tensors for arguments, as an export needs it."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
            features = self.model(dict(zip(names, inputs, strict=True)))
            return tuple(features[made] for made, _ in outputs if made in features)

    outputs = (("sentence_embedding", "vector"), ("token_embeddings", "tokens"))
    probe = tokenizer(["how much does an engineer earn"], return_tensors="pt")
    arguments = tuple(probe[name] for name in names)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Flat(),
            arguments,
            str(path),
            input_names=names,
            output_names=[name for _, name in outputs],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in (*names, "tokens")},
            opset_version=17,
            dynamo=False,
        )
