"""Rules of the grounding check on more than before, and on more than what is alike."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.words import MOTION, SIGNED, Bag, is_content, stem, words

_BEFORE = re.compile(
    r"\b(?P<word>more|higher|greater|larger|bigger|faster|fewer|less|lower|smaller|slower)\b[^.;:]*?\bthan\s"
    r"(?:\w+\s){0,5}?(?:before|earlier|previously|ago|in the past|"
    r"(?:last|prior|previous) \w+|used to)\b",
    re.I,
)
_MORE: Final = frozenset({"more", "higher", "greater", "larger", "bigger", "faster"})
_UP, _DOWN = (frozenset(map(stem, MOTION[way])) for way in ("up", "down"))


def than_before(case: Case) -> str | None:
    """What has risen in the evidence isn't less than before, nor what has fallen more."""
    match = _BEFORE.search(case.text)
    if match is None:
        return None
    said = [w for w in words(case.text) if is_content(w) and w not in SIGNED]
    pieces = [
        Bag([part])
        for source in case.cited
        for part in re.split(r"(?<=[.!?])\s|[;:]\s|,\s", source.text)
    ]
    best = max(sum(map(piece.has, said)) for piece in pieces)
    near = [p for p in pieces if sum(map(p.has, said)) == best] if best else []
    up = any(_UP & piece.stems for piece in near)
    down = any(_DOWN & piece.stems for piece in near)
    more = match["word"].lower() in _MORE
    if up != down and more == down:
        return f"its evidence moves the other way than “{match['word']}”"
    return None


_THAN = re.compile(r"\b(?:more|less|fewer|\w{3,}er)\b[^.;:,]*?\bthan\b", re.I)
_AS_AS = re.compile(
    r"\bas (?!well\b|long\b|soon\b|far\b|much\b|many\b|a\b|the\b)\w+ (?:\w+ ){0,4}?(?:as|for)\b|"
    r"\bequally\b",
    re.I,
)


def alike(case: Case) -> str | None:
    """What is as much as another in the evidence isn't more or less."""
    if re.search(r"\bno (?:better|worse|less|more|fewer) (?:\w+ )?than\b", case.text):
        return None  # as good as
    if not _THAN.search(case.text) or not _AS_AS.search(case.evidence) or case.facts:
        return None
    if re.search(r"\bthan\b", case.evidence) or SIGNED & set(words(case.evidence)):
        return None
    return "compares what its evidence puts alike"
