"""Sides that statements take on matters of opinion, by the rules in `data/matters.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from careerqa.errors import SettingsError

MOST_CHARACTERS = 60
"""Most characters of a statement that are shown for the side that it takes."""


@dataclass(frozen=True, slots=True)
class Side:
    """One answer to a matter, and how a statement says it."""

    label: str
    says: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Stand:
    """The side that a statement takes, and the words of it that say so."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter on which documents take sides; patterns ignore case."""

    name: str
    asked: re.Pattern[str]
    about: re.Pattern[str]
    sides: tuple[Side, ...]

    def side_of(self, statement: str) -> Stand | None:
        """The side that a statement takes; None for none or for several."""
        if not self.about.search(statement):
            return None
        found = ((side, side.says.search(statement)) for side in self.sides)
        taken = [Stand(side.label, _ending(match.group())) for side, match in found if match]
        return taken[0] if len(taken) == 1 else None


def _ending(text: str) -> str:
    """The last words of a text, `MOST_CHARACTERS` at most."""
    words = text.split()
    while len(words) > 1 and len(" ".join(words)) > MOST_CHARACTERS:
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=4)
def load_matters(path: Path | None = None) -> tuple[Matter, ...]:
    """The matters of a file, by default of the one that comes with careerqa.

    Raises:
        SettingsError: If the file is missing, no TOML, lacks a key or holds a broken pattern.
    """
    try:
        source = path or resources.files("careerqa") / "data" / "matters.toml"
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return tuple(
            Matter(
                name=entry["name"],
                asked=re.compile(entry["asked"], re.IGNORECASE),
                about=re.compile(entry["about"], re.IGNORECASE),
                sides=tuple(
                    Side(side["label"], re.compile(side["says"], re.IGNORECASE))
                    for side in entry["side"]
                ),
            )
            for entry in table["matter"]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise SettingsError(
            f"{path or 'matters.toml'} cannot be read ({error!r}). "
            "Every matter needs name, asked, about and sides with label and says."
        ) from error
