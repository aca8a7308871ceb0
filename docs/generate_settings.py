"""Writes docs/settings.md from the settings themselves; a test fails while the page is stale.

python docs/generate_settings.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from careerqa.indexing.shape import shaping_settings
from careerqa.settings import (
    ADMIN_TOKEN_VARIABLE,
    CONFIG_VARIABLE,
    ENV_PREFIX,
    Section,
    Settings,
)

PAGE = Path(__file__).with_name("settings.md")

INTRODUCTION = f"""\
# Settings

<!-- Written by docs/generate_settings.py; edit src/careerqa/settings.py instead. -->

Every key is optional. careerqa reads the file that `--config` names, else the one that
`{CONFIG_VARIABLE}` names, else the nearest `config.toml` in the working directory or a folder above
it. Paths are relative to that file. A flag overrides an environment variable, and that the file:

```sh
export {ENV_PREFIX}RETRIEVAL__POOL=80   # [retrieval] pool = 80
```

An unknown key is an error that names the closest valid one. What shapes the index says so below;
after changing it run `careerqa index`. Secrets never stand in the file: the token that allows
rebuilding over HTTP is in `{ADMIN_TOKEN_VARIABLE}`, the key of a language model in the variable
that `api_key_env` names.
"""


def page() -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            parts.append(_table(name, section))
    return "\n".join(parts)


def _table(name: str, section: type[Section]) -> str:
    summary = (section.__doc__ or "").strip().splitlines()[0]
    shaping = shaping_settings(Settings())
    lines = [f"## [{name}]", "", summary, "", "| Key | Default | Values | |", "|---|---|---|---|"]
    for key, field in section.model_fields.items():
        default = _toml(field.get_default(call_default_factory=True, validated_data={}))
        shapes = " Shapes the index." if f"{name}.{key}" in shaping else ""
        text = (field.description or "").rstrip(".")
        lines.append(f"| `{key}` | `{default}` | {_values(field)} | {text}.{shapes} |")
    return "\n".join([*lines, ""])


def _toml(value: Any) -> str:
    """A default as config.toml would hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _values(field: FieldInfo) -> str:
    """What a key takes: its type and range, or the values to choose from."""
    annotation = field.annotation
    if get_origin(annotation) is Literal:
        return ", ".join(f'`"{choice}"`' for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return "list of texts"
    names = {bool: "`true` or `false`", int: "whole number", float: "number", Path: "path"}
    kind = names.get(annotation, "text") if isinstance(annotation, type) else "text"
    low = _limit(field, ge="from", gt="above")
    high = _limit(field, le="to", lt="below")
    bounds = " ".join(part for part in (low, high) if part)
    return f"{kind} {bounds}" if bounds else kind


def _limit(field: FieldInfo, **words: str) -> str:
    """The bound of a key in words, by the names of annotated_types; empty where it has none."""
    for name, word in words.items():
        for item in field.metadata:
            if hasattr(item, name):
                return f"{word} {getattr(item, name):,}"
    return ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
