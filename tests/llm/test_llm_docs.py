"""The pages on language models: their settings make an adapter, their example answers."""

from __future__ import annotations

import re
import sys
import tomllib
import types
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from careerqa.llm import loading
from careerqa.llm.loading import load_llm
from careerqa.reply import reply_of
from careerqa.service import CareerQA
from careerqa.settings import LLMSettings, Settings

PAGES = sorted((Path(__file__).resolve().parent.parent.parent / "docs" / "llm").glob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


def tables() -> list[Any]:
    found = []
    for page in PAGES:
        for text in blocks(page, "toml"):
            content = tomllib.loads(text)
            if "llm" in content:
                found.append(pytest.param(content["llm"], id=page.stem))
    return found


@pytest.mark.parametrize("table", tables())
def test_the_settings_shown_make_an_adapter(
    table: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LLMSettings(**table)
    if settings.api_key_env:
        monkeypatch.setenv(settings.api_key_env, "sk-test")
    if settings.provider not in ("openai", "anthropic"):
        return
    model = load_llm(settings)
    assert model is not None
    assert model.name == settings.model


def test_a_page_for_each_family() -> None:
    assert [page.stem for page in PAGES] == ["anthropic", "local", "openai-compatible", "your-own"]
    shown = " ".join(page.read_text("utf-8") for page in PAGES)
    for name in ("OpenAI", "Azure", "Anthropic", "Gemini", "Mistral", "OpenRouter", "Ollama",
                 "llama.cpp", "vLLM", "LM Studio"):  # fmt: skip
        assert name in shown


def test_the_adapter_of_ones_own_answers(
    tiny_index: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page,) = (page for page in PAGES if page.stem == "your-own")
    (code,) = blocks(page, "python")
    plug_in = next(t for t in map(tomllib.loads, blocks(page, "toml")) if "project" in t)
    ((name, target),) = plug_in["project"]["entry-points"][loading.ENTRY_POINTS].items()
    (table,) = (t["llm"] for t in map(tomllib.loads, blocks(page, "toml")) if "llm" in t)
    assert len(code.splitlines()) <= 22

    module = types.ModuleType(target.split(":")[0])
    exec(compile(code, str(page), "exec"), module.__dict__)  # noqa: S102  (our own page)
    module.my_engine = lambda system, user: ["At dusk a keeper", " trims the lamp [1]."]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = EntryPoints([EntryPoint(name, target, loading.ENTRY_POINTS)])
    monkeypatch.setattr(loading, "entry_points", lambda group: found.select(group=group))

    answer = tiny_index.answer.model_copy(update={"min_confidence": 0.0})
    update = {"llm": LLMSettings(**table), "answer": answer}
    service = CareerQA(tiny_index.model_copy(update=update))
    reply = reply_of(service.ask("A keeper trims the lamp at dusk?"))
    assert (reply.mode, reply.answer) == ("llm", "At dusk a keeper trims the lamp. [1]")

    def broken(system: str, user: str) -> list[str]:
        raise OSError("no such engine")

    module.my_engine = broken  # type: ignore[attr-defined]
    reply = reply_of(service.ask("A keeper trims the lamp at dusk?"))
    service.close()
    assert reply.mode == "extractive"
    assert "my engine failed: no such engine. The answer is made of quotes alone." in reply.warnings
