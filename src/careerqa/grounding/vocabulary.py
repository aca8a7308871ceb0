"""Ordinary words, told from names where a capital does not tell: at the head of a sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from careerqa.grounding.words import GROUPS, LIGHT, REPORTING, WORDNET, stem
from careerqa.words import STOP_WORDS

_NAMES: Final = frozenset(w for line in WORDNET["names"] for w in line.split())
_PREFIXED: Final = re.compile(
    r"(?:re|un|non|over|up|pre|out|under|co|in|dis|multi|inter|micro|sub|self|mid|on)-?(\w{3,})"
)


@cache
def _known() -> frozenset[str]:
    """Stems of the words in use; made when a first word is looked up."""
    sections = ("light verbs", "light nouns", "things", "other words")
    listed = [w for section in sections for line in WORDNET[section] for w in line.split()]
    return frozenset({*GROUPS, *REPORTING, *map(stem, LIGHT), *map(stem, listed)})


_FUNCTION: Final = frozenset(
    {"whichever", "whoever", "whomever", "whatever", "whose", "whereas", "whereby", "wherein"}
    | {"whence", "whilst", "albeit", "lest", "notwithstanding", "thereby", "therein", "hereby"}
    | {"nobody", "somebody", "everybody", "everyone", "anyone", "nothing", "everything", "anything"}
    | {"amongst", "yourself", "yourselves", "neither", "anybody", "someone", "something"}
    | {"hey", "hi", "hello", "yes", "yep", "nope", "thanks", "okay", "ok", "welcome", "sorry"}
)
"""Words of grammar and of address, which WordNet leaves out."""


_THINGS: Final = frozenset(w for line in WORDNET["things"] for w in line.split()) - _FUNCTION


def is_thing(word: str) -> bool:
    """Whether a word names a kind of thing, and so stands with an article unless it is a name."""
    lower = word.lower()
    return lower in _THINGS and not lower.endswith("s")


def is_grammatical(word: str) -> bool:
    """Whether a word is one of grammar or of address, no name even where it does something."""
    return word.lower() in _FUNCTION


def is_ordinary(word: str) -> bool:
    """Whether a word, a part of it or what follows its prefix is in use and no name."""
    lower = word.lower()
    if lower in _NAMES:
        return False
    prefixed = _PREFIXED.fullmatch(lower)
    parts = [
        lower,
        re.sub(r"i?(?:est|er)$", "", lower),
        *re.split(r"[-/&.']", lower),
        prefixed[1] if prefixed else lower,
    ]
    return any(
        part in STOP_WORDS or part in _FUNCTION or stem(part) in _known() for part in parts if part
    )
