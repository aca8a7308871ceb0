"""Rules of the grounding check on where a job title stands in a clause: who does, and to whom."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.owners import Mention, roles
from careerqa.grounding.sources import PIECE
from careerqa.grounding.words import Bag, is_matter, is_titular, words

_JOINED = re.compile(
    r"(?:[\s,/&]|\b(?:and|or|the|an?|senior|junior|other|as well as|both)\b)*", re.I
)
_PREPOSITION = re.compile(
    r"\b(into|through|from|toward|towards|over|start(?:s|ed|ing)? as|begin(?:s|ning)? as|"
    r"beg[au]n as|like)\s(?:an?\s|the\s|those of\s|that of\s|general\s|traditional\s|"
    r"(?:AI/ML\s|more\s)?)?$",
    re.I,
)
_SAME: Final = {"towards": "toward"}


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[tuple[str, tuple[Mention, ...]], ...]:
    return tuple((clause, tuple(roles(clause))) for clause in PIECE.split(text) if clause)


def _before(text: str) -> dict[str, set[str]]:
    """Which prepositions of way and measure stand before which title."""
    found: dict[str, set[str]] = {}
    for clause, named in _clauses(text):
        for mention in named:
            match = _PREPOSITION.search(clause[: mention.start])
            if match:
                word = match[1].lower()
                word = "start as" if word.endswith(" as") else _SAME.get(word, word)
                found.setdefault(word, set()).add(mention.name)
    return found


def preposition(case: Case) -> str | None:
    """What leads into, through, from or over one title does not do so for the other one."""
    said = _before(case.text)
    if not said:
        return None
    held: dict[str, set[str]] = {}
    for source in case.cited:
        for word, names in _before(source.text).items():
            held.setdefault(word, set()).update(names)
    for word, names in said.items():
        other = held.get(word, set())
        if other and not other & names:
            return f"its evidence says “{word} {min(other)}”, not “{word} {min(names)}”"
    return None


_OBJECT = re.compile(
    r"\b(?:by|for|of|to|with|from|as|among|than|become|becomes)\s(?:an?\s|the\s)?$", re.I
)


def doer(case: Case) -> str | None:
    """Who opens a clause is not one who stands in the evidence on the far side of the verb."""
    for clause, named in _clauses(case.text):
        names = {m.name for m in named}
        if len(names) != 1 or len(clause[: named[0].start].split()) > 2:
            continue
        if _OBJECT.search(clause[: named[0].start]):
            continue
        name = next(iter(names))
        said = [w for w in words(clause) if is_matter(w) and not is_titular(w)]
        far = near = False
        for source in case.cited:
            for piece, held in _clauses(source.text):
                places = [n for n, m in enumerate(held) if m.name == name]
                if not places:
                    continue
                first = held[places[0]]
                bag = Bag([piece])
                if sum(map(bag.has, said)) * 2 < len(said):
                    continue
                between = piece[held[0].end : first.start]
                relative = re.match(r"\s(?:who|that|which)\b", piece[first.end :])
                if places[0] == 0 or relative or _JOINED.fullmatch(between):
                    near = True
                elif held[0].name not in {m.name for m in case.roles}:
                    far = True
        if far and not near:
            return f"its evidence says that of another than {name}"
    return None
