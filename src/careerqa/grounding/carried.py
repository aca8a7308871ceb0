"""Rules of the grounding check on words: carried at all, and of the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.normal import with_label
from careerqa.grounding.owners import roles
from careerqa.grounding.sources import FIELD, PIECE, Piece, fits, level_mentions, speaks_of_field
from careerqa.grounding.words import (
    OPPOSITES,
    SIGNED,
    Bag,
    is_content,
    is_matter,
    is_titular,
    words,
)

CARRIED: Final = 0.4  # share of a sentence's words that its evidence must hold


FREELY_CARRIED: Final = 0.21  # the same where no other evidence holds more of them


MUCH_BETTER: Final = 2  # words by which other evidence must not surpass that cited


ELSEWHERE: Final = 0.4  # share of its words that belong to another role or level


CLAUSE_CARRIED: Final = 0.25  # the same for each of its clauses


def _leads(text: str) -> bool:
    """Whether the role of a clause is what the clause is about."""
    mention = next(iter(roles(text)), None)
    if mention is None:
        return True
    before = text[: mention.start]
    return len(before.split()) <= 5 or bool(
        re.search(r"\b(?:for|of|to|among|as|in|by)(?: an?| the)?\s$", before)
    )


_OTHER_SIDE = re.compile(
    r"\b(?:above|below|over|from|of) (?:that|those|the one)\b|^\W*than\b", re.I
)


_PRONOUN = re.compile(r"^\W*(?:they|their|it|its|he|she|both|these|those)\b", re.I)


def subject(case: Case) -> str | None:
    """What is said of a role is said of that role in the evidence."""
    for text in filter(None, PIECE.split(with_label(case.text))):
        named = {m.name for m in roles(text)}
        if not named and speaks_of_field(text):
            named = {FIELD}
        if not named and case.about and _PRONOUN.match(text):
            named = {case.about}
        if len(named) != 1 or _OTHER_SIDE.search(text) or not _leads(text):
            continue
        role = next(iter(named))
        pieces = [p for s in case.cited for p in s.pieces]
        others = [p for p in pieces if p.roles and not fits(role, p.roles)]
        if not others:
            continue
        own = [p for p in pieces if not p.roles or fits(role, p.roles)]
        said = [w for w in dict.fromkeys(words(text)) if is_matter(w) and not is_titular(w)]
        said = [w for w in said if not level_mentions(w) and not w[0].isdigit()]
        matched = [w for w in said if any(p.bag.has(w) for p in pieces)]
        elsewhere = [w for w in matched if not any(p.bag.has(w) for p in own)]
        if any(_opposed(w, own) for w in elsewhere):
            return f"its evidence says “{elsewhere[0]}” of {min(others[0].roles)}, not of {role}"
        if elsewhere and len(elsewhere) >= max(1.0, ELSEWHERE * len(matched)):
            return f"its evidence says “{elsewhere[0]}” of {min(others[0].roles)}, not of {role}"
    return None


def _opposed(word: str, own: Sequence[Piece]) -> bool:
    """Whether pieces hold the opposite of a word."""
    held = {w for p in own for w in p.bag.words}
    return any(
        (word in one and held & other) or (word in other and held & one) for one, other in OPPOSITES
    )


def level(case: Case) -> str | None:
    """What is said of a level is said of that level in the evidence."""
    for text in filter(None, PIECE.split(with_label(case.text))):
        named = {m.name for m in level_mentions(text)}
        if len(named) != 1:
            continue
        name = next(iter(named))
        pieces = [p for s in case.cited for p in s.pieces]
        others = [p for p in pieces if p.levels and name not in p.levels]
        own = [p for p in pieces if not p.levels or name in p.levels]
        said = [w for w in dict.fromkeys(words(text)) if is_matter(w) and not is_titular(w)]
        levels = set(words(" ".join(text[m.start : m.end] for m in level_mentions(text))))
        said = [w for w in said if w not in levels]
        matched = [w for w in said if any(p.bag.has(w) for p in pieces)]
        elsewhere = [w for w in matched if not any(p.bag.has(w) for p in own)]
        if others and len(elsewhere) >= max(1.0, ELSEWHERE * len(matched)):
            return f"its evidence says “{elsewhere[0]}” of another level than {name}"
    return None


_SHARES: Final = frozenset({"share", "shares", "percentage", "proportion", "portion"})


def carried(case: Case) -> str | None:
    """Most words of the sentence, and some of each clause, stand in the evidence.

    What no other evidence carries any better is said in words of its own, and needs less.
    """
    missing_all: list[str] = []
    said_all: list[str] = []
    lacking = ""
    for clause in filter(None, _CLAUSE.split(case.text)):
        said = [w for w in dict.fromkeys(words(clause)) if is_matter(w) and not is_titular(w)]
        said = [w for w in said if not any(c.isdigit() for c in w)]
        if len(case.facts) >= 2:
            said = [w for w in said if w not in SIGNED]
        missing = [w for w in said if not _holds(case.wide, w)]
        missing = _unabbreviated(missing, case)
        if any(f.quantity.unit == "%" for f in case.facts):
            missing = [w for w in missing if w not in _SHARES]
        missing_all += missing
        said_all += said
        if len(said) >= 3 and len(said) - len(missing) < CLAUSE_CARRIED * len(said):
            lacking = lacking or " ".join(missing[:3])
    total = len(said_all)
    if not total and not case.quantities and not case.roles:
        said = [w for w in words(case.text) if is_content(w)]
        if sum(map(case.wide.has, said)) * 2 < len(said) or not said:
            return "says nothing that evidence could carry"
    if reason := _elsewhere(case):
        return reason
    held = total - len(missing_all)
    elsewhere = max((sum(_holds(o.wide, w) for w in said_all) for o in case.others), default=0)
    better = elsewhere > held
    if total == 1 and (case.quantities or (not better and _touches(case))):
        return None
    if held < (CARRIED if better else FREELY_CARRIED) * total:
        lacking = lacking or " ".join(missing_all[:3])
    elif not better:
        return None
    return f"its evidence does not say “{lacking}”" if lacking else None


_CLAUSE = re.compile(r"[;:,]\s|\s(?=(?:because|since|while|whereas|but|which|and)\s)")


def _elsewhere(case: Case) -> str | None:
    """Why other evidence must be meant, which holds clearly more of a sentence's words."""
    said = [w for w in dict.fromkeys(words(case.text)) if is_content(w) and not is_titular(w)]
    said = [w for w in said if not any(c.isdigit() for c in w)]
    missing = [w for w in said if not _holds(case.wide, w)]
    others = max((sum(_holds(o.wide, w) for w in said) for o in case.others), default=0)
    if others - (len(said) - len(missing)) < MUCH_BETTER:
        return None
    return f"its evidence does not say “{' '.join(missing[:3])}”"


def _touches(case: Case) -> bool:
    """Whether a sentence names a role, or shares any word of content with its evidence."""
    said = [w for w in words(case.text) if is_content(w)]
    return bool(case.roles) or any(_holds(case.wide, w) for w in said)


def _holds(bag: Bag, word: str) -> bool:
    return bag.has(word) or bag.has_form(word.upper())


def _unabbreviated(missing: list[str], case: Case) -> list[str]:
    """What is missing, without words whose initials the evidence writes instead."""
    letters = "".join(w[0] for w in missing)
    for size in (4, 3, 2):
        for start in range(len(missing) - size + 1):
            if letters[start : start + size] in case.wide.words:
                return missing[:start] + missing[start + size :]
    return missing
