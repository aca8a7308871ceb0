"""Is or is not: whether a sentence denies what its evidence says, or drops a denial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.grounding_sources import Source
from careerqa.grounding_words import (
    KINDS,
    STRONG_NEGATION,
    WEAK_NEGATION,
    Bag,
    is_content,
    stem,
    words,
)

_SPLIT_NEGATION = re.compile(
    r"[,;:.()]|\b(?:but|and|while|whereas|because|although|though|rather|plus|yet)\b", re.I
)


_EXEMPT = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bno (?:doubt|less|matter)\b|\bwhether or not\b|"
    r"\bnot (?:as|so) \w+ as\b",
    re.I,
)


_DEGREE: Final = frozenset({"longer", "always", "ones", "yet", "often", "quite", "fully"})


def is_negative(text: str) -> bool:
    """Whether a text holds a plain negation."""
    return bool(set(words(_EXEMPT.sub(" ", text))) & STRONG_NEGATION)


def negated(text: str, reach: int = 4, *, plain: bool = False) -> set[str]:
    """The words that a negation in a text is about: the first few of content after it."""
    found: set[str] = set()
    for clause in _SPLIT_NEGATION.split(_EXEMPT.sub(" ", text)):
        listed = words(clause)
        for number, word in enumerate(listed):
            if word in STRONG_NEGATION and not (plain and word == "without"):
                following = [
                    w
                    for w in listed[number + 1 :]
                    if (is_content(w) or w == "need") and w not in _DEGREE and not w.endswith("ly")
                ]
                found.update(following[: reach + (word == "no" and plain)])
    return found


def _same_kind(word: str, others: set[str]) -> bool:
    return any(word in listed and others & listed for listed in KINDS.values())


def _shunned(text: str) -> set[str]:
    return {stem(w) for m in _SHUNNED.finditer(text) for w in words(m[1]) if is_content(w)}


_SHUNNED = re.compile(r"\b(?:rather than|instead of|in place of)\s+((?:[\w-]+\s*){1,2})", re.I)


def denial(text: str, cited: Sequence[Source]) -> str | None:
    """Why a sentence denies what its evidence says, or says what it denies; else None."""
    evidence = " . ".join(s.text for s in cited)
    heads = {stem(w) for w in negated(text, 1)}
    softened = bool(set(words(text)) & WEAK_NEGATION)
    held_around = {stem(w) for w in negated(evidence)}
    held_heads = {stem(w) for w in negated(evidence, 1)}
    turned_words = negated(evidence, 1, plain=True)
    held_positive: set[str] = set()
    for clause in _SPLIT_NEGATION.split(_EXEMPT.sub(" ", evidence)):
        turned = {stem(w) for w in negated(clause)}
        held_positive |= {stem(w) for w in words(clause)} - turned
    weak = bool(set(words(evidence)) & WEAK_NEGATION)
    if heads & (held_positive - held_around) or (heads and not held_heads and not weak):
        return "denies what its evidence says"
    shunned = _shunned(evidence)
    affirmed = {stem(w) for s in cited for w in words(s.text) if stem(w) not in _shunned(s.text)}
    turned_heads = Bag([w for w in turned_words if stem(w) not in held_positive])
    turned_heads.groups = frozenset()  # the word itself or a form of it, no synonym
    dropped = [
        w
        for w in words(text)
        if (is_content(w) or w == "need")
        and (turned_heads.has(w) or _same_kind(w, turned_words) or stem(w) in shunned - affirmed)
        and stem(w) not in held_positive
    ]
    if dropped and not softened and not negated(text, plain=True):
        word = dropped[0]
        return f"drops the “not” before “{word}”"
    return None
