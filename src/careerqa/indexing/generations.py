"""The folder of the index: one complete generation at a time, switched atomically.

    index/CURRENT            name of the generation that readers open
    index/<generation>/      manifest.json, index.db, vectors.npy, chroma/, encoder/
    index/build.lock         held by the one builder; the operating system frees it after a crash

A generation is never changed once CURRENT names it. The one before it stays for readers that are
still on it; older ones are removed whole.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from careerqa.errors import (
    BuildInProgressError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
)

CURRENT = "CURRENT"
LOCK = "build.lock"
MANIFEST = "manifest.json"
DATABASE = "index.db"
VECTORS = "vectors.npy"
PROBE = "probe.npy"
CHROMA = "chroma"
ENCODER = "encoder"
RERANKER = "reranker"
FORMAT = 5
"""Changes whenever older generations can no longer be read."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from."""

    generation: str
    built_at: str
    format: int
    settings: dict[str, Any]  # those that shaped it, by dotted key
    model_sha256: str | None
    dimension: int
    question_encoder: str  # "onnx" or "sentence-transformers: why"
    chunker_version: str
    chroma_version: str
    documents: dict[str, str]  # SHA-256 of each file by document id
    counts: dict[str, int]
    left_out: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    """Where hidden text or words to a language model stand, and what."""
    sources_sha256: str = ""
    """Of everything else that shaped it: source descriptions, marks, written questions."""
    files: dict[str, int] = field(default_factory=dict)
    """Size in bytes of each of its files by relative path; they never change."""


def new_name(now: datetime.datetime | None = None) -> str:
    """A name for a new generation: UTC time and a random part; later ones sort later."""
    moment = now or datetime.datetime.now(datetime.UTC)
    return f"{moment:%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(3)}"


def current(folder: Path) -> Path:
    """The generation that readers open.

    Raises:
        IndexMissingError: If none has been built.
        SettingsError: If the folder is a file, or lies below one.
    """
    _refuse_file(folder)
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise IndexMissingError(f"There is no index in {folder} yet. Run careerqa index.") from None
    generation = folder / name
    if not name or "/" in name or not (generation / MANIFEST).is_file():
        raise IndexMissingError(
            f"{folder / CURRENT} names the generation {name!r}, which is not there. "
            "Run careerqa index."
        )
    return generation


def read_manifest(generation: Path) -> Manifest:
    """A generation's manifest.

    Files are checked by their size: Chroma crashes the process on some that were cut short.

    Raises:
        IndexMismatchError: If it is of another format, or it or one of the files is damaged.
    """
    manifest = _parse_manifest(generation)
    for name, size in manifest.files.items():
        path = generation / name
        found = path.stat().st_size if path.is_file() else None
        if found != size:
            now = "missing" if found is None else f"{found} bytes, {size} when it was built"
            raise IndexMismatchError(f"{path} is damaged ({now}). Run careerqa index --full.")
    return manifest


def _parse_manifest(generation: Path) -> Manifest:
    try:
        content = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        if content.get("format") != FORMAT:
            raise IndexMismatchError(
                f"{generation} has format {content.get('format')}, but this careerqa reads "
                f"{FORMAT}. Run careerqa index --full."
            )
        return Manifest(**content)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexMismatchError(
            f"{generation / MANIFEST} is damaged ({error}). Run careerqa index --full."
        ) from error


def file_sizes(generation: Path) -> dict[str, int]:
    """Size in bytes of each file below a generation, by relative path."""
    return {
        path.relative_to(generation).as_posix(): path.stat().st_size
        for path in sorted(generation.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest: the last file of a generation."""
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
    (generation / MANIFEST).write_text(text + "\n", encoding="utf-8")


def switch(folder: Path, name: str) -> None:
    """Let readers open generation `name` from now on, and remove all but it and the one before.

    The pointer is replaced in one step, so a reader finds the old name or the new one.
    """
    try:
        previous = (folder / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        previous = ""
    pending = folder / f"{CURRENT}.{secrets.token_hex(3)}"
    with pending.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pending.replace(folder / CURRENT)
    prune(folder, keep={name, previous})


def prune(folder: Path, keep: set[str]) -> None:
    """Remove the generations that are not kept, and what a crashed build left."""
    for path in folder.iterdir():
        is_generation = path.is_dir() and (path / MANIFEST).exists()
        is_leftover = path.is_dir() and path.name.endswith(".building")
        if (is_generation or is_leftover) and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f"{CURRENT}."):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def only_builder(folder: Path) -> Iterator[None]:
    """Hold the build lock of `folder`.

    Raises:
        BuildInProgressError: If another process holds it.
        SettingsError: If the folder cannot be made, as where it is a file.
    """
    _refuse_file(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The index folder {folder} cannot be made: {error.strerror}. Set [index] path in "
            "config.toml to a folder that can."
        ) from error
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BuildInProgressError(
            f"Another process is building the index in {folder}. Wait for it and try again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_file(folder: Path) -> None:
    """Say it where the index folder, or one that it lies in, is a file."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if there.is_file():
        below = "" if there == folder else f", so there can be no index in {folder}"
        raise SettingsError(
            f"{there} is a file, not a folder{below}. Move it away, or set [index] path in "
            "config.toml to a folder."
        )
