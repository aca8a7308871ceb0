"""Settings → the language model that they name: one of ours, or a plug-in's."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from careerqa.errors import SettingsError
from careerqa.llm.protocol import LLM
from careerqa.settings import LLMSettings

ENTRY_POINTS: Final = "careerqa.llms"


def load_llm(settings: LLMSettings) -> LLM | None:
    """The language model that the settings name; None without one.

    Raises:
        SettingsError: If no adapter has that name or it lacks a setting.
    """
    if not settings.provider:
        return None
    if settings.provider == "openai":
        from careerqa.llm.openai_compatible import OpenAICompatible

        return OpenAICompatible(settings)
    if settings.provider == "anthropic":
        from careerqa.llm.anthropic import Anthropic

        return Anthropic(settings)
    plugins = entry_points(group=ENTRY_POINTS)
    if settings.provider in plugins.names:
        made: LLM = plugins[settings.provider].load()(settings)
        return made
    known = ", ".join(["openai", "anthropic", *sorted(plugins.names)])
    raise SettingsError(
        f"[llm] provider is {settings.provider!r}, but there is only {known}. "
        f"A plug-in names itself in the entry-point group {ENTRY_POINTS}."
    )
