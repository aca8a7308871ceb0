"""The aspects under which titles are compared, from `data/aspects.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from careerqa.errors import QuestionError, SettingsError


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that titles are compared in.

    `questions` hold `{role}`; `about` is what a statement on it contains, without regard to case.
    """

    name: str
    heading: str
    questions: tuple[str, ...]
    about: re.Pattern[str]

    def asked_of(self, role: str) -> tuple[str, ...]:
        """Its questions about a title."""
        return tuple(question.replace("{role}", role) for question in self.questions)


@lru_cache(maxsize=4)
def load_aspects(path: Path | None = None) -> tuple[Aspect, ...]:
    """The aspects of a file, by default of the one that comes with careerqa.

    Raises:
        SettingsError: If the file is missing, no TOML, lacks a key or holds a broken pattern.
    """
    try:
        source = path or resources.files("careerqa") / "data" / "aspects.toml"
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return tuple(
            Aspect(
                name=entry["name"],
                heading=entry["heading"],
                questions=tuple(entry["questions"]),
                about=re.compile(entry["about"], re.IGNORECASE),
            )
            for entry in table["aspect"]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise SettingsError(
            f"{path or 'aspects.toml'} cannot be read ({error!r}). "
            "Every aspect needs name, heading, questions and about."
        ) from error


def chosen_aspects(names: Sequence[str]) -> tuple[Aspect, ...]:
    """The aspects of these names in their own order; all of them where there is no name.

    Raises:
        QuestionError: If a name is none of an aspect.
    """
    every = load_aspects()
    wanted = [name.strip().casefold() for name in names if name.strip()]
    known = [aspect.name for aspect in every]
    for name in wanted:
        if name not in known:
            raise QuestionError(
                f"{name!r} is no aspect known here. Choose from {', '.join(known)}."
            )
    return tuple(aspect for aspect in every if not wanted or aspect.name in wanted)
