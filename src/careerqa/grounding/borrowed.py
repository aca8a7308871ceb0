"""The rule of the grounding check on lists: no part of one is borrowed from another's statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.owners import Mention, roles
from careerqa.grounding.sources import Piece, Source, fits, level_mentions
from careerqa.grounding.words import Bag, is_matter, is_titular, words

_JOINT = re.compile(r"[,;:]\s(?:(?:and|or|but)\s)?|\s(?:and|or|as well as|plus)\s", re.I)
_OTHER = re.compile(r"\b(?:while|whereas|unlike|than|both|not|instead|rather|compared)\b", re.I)
_CLAUSE = re.compile(r"\b(?:is|are|was|were|has|have|had|which|that|who|so)\b", re.I)
_HEAD = re.compile(
    r"^[a-z/ -]+\b(?:engineer|architect|manager|scientist|developer|lead|director|officer|"
    r"researcher)s?$"
)
_BECOMES = re.compile(r"\b(?:are|is|as|like|includes?|including|becom\w+|into)\s", re.I)
MOST_WORDS: Final = 4  # of a job title
LEADING: Final = 2  # words before what a sentence is about
FEWEST: Final = 2  # words of another's statement against each of one's own


def borrowed(case: Case) -> str | None:
    """In a sentence on one role or level, no part has its words from what is said of another."""
    if _OTHER.search(case.text):
        return None
    told = [unit for source in case.cited for unit in _units(source)]
    role, level = _leading(case.roles, case.text), _leading(case.levels, case.text)
    if role:
        mine = [unit for unit in told if not unit.roles or fits(role, unit.roles)]
        if any(unit.roles for unit in mine) and (reason := _strange(case, mine, told, role, roles)):
            return reason
    if level:
        mine = [unit for unit in told if not unit.levels or level in unit.levels]
        if any(unit.levels for unit in mine):
            return _strange(case, mine, told, level, level_mentions)
    return None


def _leading(mentions: Sequence[Mention], text: str) -> str | None:
    """What a sentence begins with, of the roles or levels that it names."""
    first = min(mentions, key=lambda mention: mention.start, default=None)
    return first.name if first and len(text[: first.start].split()) <= LEADING else None


def _units(source: Source) -> list[Piece]:
    """The cells of a row, or a statement as one."""
    if source.label:
        return source.pieces
    return [Piece(source.text, source.roles, source.bag, source.levels)]


def _strange(
    case: Case,
    mine: list[Piece],
    told: list[Piece],
    name: str,
    find: Callable[[str], list[Mention]],
) -> str | None:
    others = [unit for unit in told if unit not in mine]
    own, rest = Bag([unit.text for unit in mine]), Bag([unit.text for unit in others])
    shared = Bag([f"{s.label} {s.header} {s.context}" for s in case.cited])
    for part in _JOINT.split(case.text) if others else ():
        title = _title(part)
        if title:
            here, elsewhere = (any(title in u.text.lower() for u in us) for us in (mine, others))
            if elsewhere and not here:
                return f"its evidence says “{title}” of another than {name}"
            continue
        named = [mention for mention in find(part) if mention.name != name]
        if any(not _BECOMES.search(part[: mention.start]) for mention in named):
            break  # from here on it speaks of that one
        said = [w for w in dict.fromkeys(words(part)) if is_matter(w) and not is_titular(w)]
        said = [w for w in said if w.isalpha()]
        carried = [w for w in said if own.has(w) or shared.has(w)]
        there = [w for w in said if w not in carried and rest.has(w)]
        borrows = there and len(there) * 2 >= len(said) and len(there) >= FEWEST * len(carried)
        if borrows and not _CLAUSE.search(part):
            return f"its evidence says “{there[0]}” of another than {name}"
    return None


def _title(part: str) -> str:
    """A part that is no more than a job title, in lower case; else nothing."""
    bare = re.sub(r"^(?:an?|the|or|and|then)\s|[.!?]$", "", part.strip().lower())
    bare = re.sub(r"\s(?:for example|for instance|etc\.?)$", "", bare)
    bare = bare.removesuffix("s")
    return bare if 2 <= len(bare.split()) <= MOST_WORDS and _HEAD.search(bare) else ""
