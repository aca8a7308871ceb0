"""Questions about a place, a trade or a matter that no document names.

"What do AI engineers earn in Germany?" is near to every statement on pay, and none of them answers
it. Which names are places, trades and matters stands in `data/elsewhere.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from careerqa.errors import SettingsError
from careerqa.retrieval.question import Question

MOST_CONFIDENT = 0.1
"""The confidence that such a question is answered is no higher than this."""
LONGEST_NAME = 3
"""Most words of a name."""

_WORD = re.compile(r"(?:\w\.){2,}|\w+(?:-\w+)*")
Names = Mapping[str, tuple[str, ...]]
"""A name, in lower case unless its capitals count, and all names of the same thing."""


def elsewhere(question: Question, statements: Sequence[str]) -> str | None:
    """What a question asks about that no statement names, as it is to be shown; None for nothing.

    Of several sentences only the interrogative ones count: the others say who asks. A trade counts
    only in a question for a number that asks about no title. Of several places it is enough that
    one is named.

    Args:
        statements: Every statement of the documents, plain.
    """
    places, trades, matters = load_names()
    kinds = [places, matters]
    if question.wants_number and not question.roles:
        kinds.append(trades)
    for names in kinds:
        found = {thing for asked in question.asked for thing in _named(asked, names)}
        if found and not any(_holds(thing, statements) for thing in found):
            return min(found)[0].lstrip("=")
    return None


def _named(text: str, names: Names) -> Iterator[tuple[str, ...]]:
    words = [word.removesuffix("'s") for word in _WORD.findall(text.replace("’", "'"))]
    for size in range(1, LONGEST_NAME + 1):
        for start in range(len(words) - size + 1):
            written = " ".join(words[start : start + size])
            thing = names.get(f"={written}") or names.get(written.casefold())
            if thing:
                yield thing


def _holds(thing: tuple[str, ...], statements: Sequence[str]) -> bool:
    forms = (
        re.escape(name[1:]) if name.startswith("=") else f"(?i:{re.escape(name)})" for name in thing
    )
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
    return any(pattern.search(statement) for statement in statements)


@lru_cache(maxsize=4)
def load_names(path: Path | None = None) -> tuple[Names, Names, Names]:
    """Places, trades and matters of a file, by default of the one that comes with careerqa.

    Raises:
        SettingsError: If the file is missing, no TOML, or lacks a list.
    """
    try:
        source = path or resources.files("careerqa") / "data" / "elsewhere.toml"
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return _names(table["places"]), _names(table["trades"]), _names(table["matters"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise SettingsError(
            f"{path or 'elsewhere.toml'} cannot be read ({error!r}). "
            "It needs places, trades and matters, one a line."
        ) from error


def _names(listed: str) -> Names:
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, listed.splitlines())):
        thing = tuple(name.strip() for name in line.split(","))
        for name in thing:
            found[name if name.startswith("=") else name.casefold()] = thing
    return found
