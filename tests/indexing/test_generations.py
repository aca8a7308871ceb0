from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from careerqa.errors import (
    BuildInProgressError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
)
from careerqa.indexing import generations
from careerqa.indexing.generations import FORMAT, Manifest

MANIFEST = Manifest(
    generation="g",
    built_at="2026-11-01T10:00:00+00:00",
    format=FORMAT,
    settings={"chunking.max_tokens": 200},
    model_sha256=None,
    dimension=3,
    question_encoder="onnx",
    chunker_version="1",
    chroma_version="1.5.9",
    documents={"naïve.txt": "0" * 64},
    counts={"documents": 1},
)


def generation(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    generations.write_manifest(path, replace(MANIFEST, generation=name))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_later_names_sort_later() -> None:
    moment = datetime.datetime(2026, 11, 1, 10, tzinfo=datetime.UTC)
    steps = [moment + datetime.timedelta(microseconds=n) for n in (0, 1, 999, 10**6, 10**9)]
    made = [generations.new_name(step) for step in steps]
    assert made == sorted(made)
    assert generations.new_name(moment) != generations.new_name(moment)


def _hold(folder: Path) -> None:
    with generations.only_builder(folder):
        pass


class TestPointer:
    def test_it_names_the_generation_to_open(self, tmp_path: Path) -> None:
        made = generation(tmp_path, "a")
        generations.switch(tmp_path, "a")
        assert generations.current(tmp_path) == made

    def test_without_one_there_is_no_index(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissingError) as caught:
            generations.current(tmp_path / "index")
        assert str(caught.value) == (
            f"There is no index in {tmp_path / 'index'} yet. Run careerqa index."
        )

    @pytest.mark.parametrize("below", ["", "deep/index"])
    def test_a_file_in_place_of_the_folder_is_told(self, tmp_path: Path, below: str) -> None:
        file = tmp_path / "index"
        file.write_text("something else")
        why = f", so there can be no index in {file / below}" if below else ""
        for use in (generations.current, _hold):
            with pytest.raises(SettingsError) as caught:
                use(file / below)
            assert str(caught.value) == (
                f"{file} is a file, not a folder{why}. Move it away, or set [index] path in "
                "config.toml to a folder."
            )

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "index").symlink_to(tmp_path / "gone")
        with pytest.raises(
            SettingsError, match=r"cannot be made: File exists\. Set \[index\] path"
        ):
            _hold(tmp_path / "index")

    @pytest.mark.parametrize(
        "content", [b"", b"gone\n", b"../a", b"a/b", b"\xff\xfe\x00", b"..", b"."]
    )
    def test_a_name_that_leads_nowhere_is_told(self, tmp_path: Path, content: bytes) -> None:
        index = tmp_path / "index"
        generation(tmp_path, "a")
        generation(index, "b")
        (index / "CURRENT").write_bytes(content)
        with pytest.raises(
            IndexMissingError, match=r"names the generation .*not there\. Run careerqa index"
        ):
            generations.current(index)

    def test_switching_keeps_one_earlier_generation(self, tmp_path: Path) -> None:
        for name in ("a", "b", "c"):
            generation(tmp_path, name)
            generations.switch(tmp_path, name)
        assert names(tmp_path) == ["CURRENT", "b", "c"]

    def test_switching_leaves_no_half_pointer(self, tmp_path: Path) -> None:
        (tmp_path / "CURRENT.abc123").write_text("half")
        generation(tmp_path, "a")
        generations.switch(tmp_path, "a")
        assert names(tmp_path) == ["CURRENT", "a"]


def test_pruning_takes_crashed_builds_and_nothing_foreign(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generation(tmp_path, name)
    (tmp_path / "c.building" / "chroma").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "build.lock").write_text("")
    generations.prune(tmp_path, keep={"b"})
    assert names(tmp_path) == [".gitignore", "b", "build.lock", "notes"]


class TestManifest:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        assert generations.read_manifest(generation(tmp_path, "g")) == MANIFEST

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", "3", "null", json.dumps({"format": FORMAT}), "\x00"]
    )
    def test_damage_is_named_with_what_to_run(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(IndexMismatchError) as caught:
            generations.read_manifest(tmp_path)
        assert str(caught.value).startswith(f"{tmp_path / 'manifest.json'} is damaged (")
        assert str(caught.value).endswith("). Run careerqa index --full.")

    def test_another_format_is_named(self, tmp_path: Path) -> None:
        path = generation(tmp_path, "g")
        generations.write_manifest(path, replace(MANIFEST, format=99))
        with pytest.raises(IndexMismatchError) as caught:
            generations.read_manifest(path)
        assert str(caught.value) == (
            f"{path} has format 99, but this careerqa reads {FORMAT}. Run careerqa index --full."
        )


HOLD = """
import sys, time
from pathlib import Path
from careerqa.indexing.generations import only_builder
with only_builder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


class TestLock:
    def test_two_builders_exclude_each_other(self, tmp_path: Path) -> None:
        with (
            generations.only_builder(tmp_path),
            pytest.raises(BuildInProgressError) as caught,
            generations.only_builder(tmp_path),
        ):
            pass
        assert str(caught.value) == (
            f"Another process is building the index in {tmp_path}. Wait for it and try again."
        )
        with generations.only_builder(tmp_path):
            pass

    def test_an_error_frees_it(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError), generations.only_builder(tmp_path):
            raise RuntimeError
        with generations.only_builder(tmp_path):
            pass

    @pytest.mark.skipif(os.name != "posix", reason="kills a process")
    def test_a_killed_builder_frees_it(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", HOLD, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            try:
                assert holder.stdout.readline() == "held\n"
                with pytest.raises(BuildInProgressError), generations.only_builder(tmp_path):
                    pass
            finally:
                holder.send_signal(signal.SIGKILL)
                holder.wait()
        with generations.only_builder(tmp_path):
            pass
