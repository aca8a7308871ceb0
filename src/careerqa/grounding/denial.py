"""The rule of the grounding check on denials: made up, and dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from careerqa.grounding.negation import Polarity, counts, joined, polarity
from careerqa.grounding.sides import frames
from careerqa.grounding.sources import Source
from careerqa.grounding.words import (
    KINDS,
    WEAK_NEGATION,
    Bag,
    is_matter,
    is_titular,
    stem,
    words,
)

_IF_NOT: Final = re.compile(r"\bif not (?:always|necessarily|strictly|quite)\b", re.I)
_CONTRASTS: Final = re.compile(r"\b(?:in contrast to|unlike|while some|as opposed to)\b", re.I)
_DIFFERENT: Final = re.compile(r"\bdiffer(?:s|ent|ently|ence|ences)?\b", re.I)
_SAME: Final = frozenset({"same", "similar", "alike", "equal", "identical", "match", "equivalent"})
_LEFT_OUT: Final = re.compile(r"\b(?:filter|weed|screen|leav)\w* out\b", re.I)
_IMPLIED: Final = re.compile(
    r"\b(?:un(?!i|der|til|less)[a-z]{5,}|dis(?!t|c|p|k)[a-z]{4,}|outside|beyond|"
    r"(?:filter|weed|screen|leav)\w* out|otherwise|prevent\w*|protect\w*|block\w*|"
    r"ir(?:re|r)[a-z]{5,}|in(?:sufficien|adequa|consisten|comple|accura|effici)\w*)\b",
    re.I,
)
"""A denial that lies in a word."""
_NOT_SOFT: Final = frozenset(
    {"only", "but", "than", "until", "declining", "decline", "few", "except", "without"}
)
_SOFTENED: Final = WEAK_NEGATION - _NOT_SOFT


def _same_kind(word: str, others: Sequence[str]) -> bool:
    return any(word in listed and listed & set(others) for listed in KINDS.values())


def _pairs(listed: Sequence[str]) -> set[tuple[str, str]]:
    stems = [stem(w) for w in listed]
    return set(pairwise(stems))


def _beside(said: Polarity, held: Polarity, *, compares: bool) -> str | None:
    """Two words side by side, denied in one of both texts and not in the other."""
    denied, affirmed = set(held.pairs), _pairs(held.plain)
    pairs = {p for p in said.pairs if not (held.cues and all(map(is_titular, p)))}
    if pairs & affirmed - denied:
        return "denies what its evidence says"
    if not compares and not said.cues and _pairs(said.plain) & denied - affirmed:
        return "says what its evidence denies"
    return None


def denial(text: str, cited: Sequence[Source]) -> str | None:
    """Why a sentence denies what its evidence says, or says what it denies; else None."""
    if all(source.label for source in cited):
        text = text.replace("as opposed to", "and")  # a cell against the other one
    said = polarity(text)
    held = polarity(" . ".join(s.text for s in cited))
    whole = {w for s in cited for w in s.bag.words}
    implied = any(_IMPLIED.search(source.text) for source in cited)
    if _SAME & set(words(text)):
        implied = implied or any(_DIFFERENT.search(source.text) for source in cited)
    softened = implied or bool(whole & WEAK_NEGATION)
    compares = any(frame.kind != "cause" for frame in frames(text))
    left_out = any(_LEFT_OUT.search(source.text) for source in cited)
    apart = compares or bool(_CONTRASTS.search(text))
    if not left_out and (reason := _beside(said, held, compares=apart)):
        return reason
    plain = Bag(held.plain)
    lesser = _lesser(cited) if compares else frozenset()
    for word in said.heads:
        root = stem(word)
        unlike = {prefix + word for prefix in ("un", "in", "im", "dis", "ir", "non")}
        if root in lesser or unlike & whole or _denied_there(word, said, held):
            continue
        if plain.has(word) and (is_matter(word) or not held.cues) and not implied:
            return "denies what its evidence says"
        if not held.cues and not softened and is_matter(word):
            return "denies what its evidence says"
    if set(words(text)) & _SOFTENED or compares or _IF_NOT.search(text):
        return None
    return _affirmed(text, said, held, plain)


def _lesser(cited: Sequence[Source]) -> frozenset[str]:
    """Stems of what comes second in the frames of the evidence; `swapped` compares the sides."""
    return frozenset(
        stem(w)
        for source in cited
        for frame in frames(source.text)
        if frame.kind == "over"
        for w in (frame.right if frame.sign > 0 else frame.left)
    )


def _denied_there(word: str, said: Polarity, held: Polarity) -> bool:
    """Whether the evidence denies a word, too, or the one that it goes with."""
    root = stem(word)
    if Bag(held.wide).has(word) or (is_titular(word) and held.cues):
        return True
    return any(one == root and other in held.wide for one, other in said.pairs)


def _affirmed(text: str, said: Polarity, held: Polarity, plain: Bag) -> str | None:
    """Why a sentence says what its evidence denies, or None."""
    denied = {stem(w) for w in (*held.heads, *held.seconds) if not is_titular(w)}
    for word in words(joined(text)):
        root = stem(word)
        if re.search(rf"\b(?:past|beyond|outside|from)\s(?:the\s)?{re.escape(word)}\b", text, re.I):
            continue
        if not counts(word) or plain.has(word) or (said.cues and root not in said.free):
            continue
        if root in denied or (not said.cues and _same_kind(word, held.heads + held.seconds)):
            return f"drops the “not” before “{word}”"
    if not said.cues and not _CONTRASTS.search(text):
        matter = {stem(w) for w in words(joined(text)) if counts(w)}
        titles = {stem(w) for w in plain.words if is_titular(w)}
        strange = matter & held.phrase - {stem(w) for w in held.plain}
        known = matter & plain.stems - titles
        if len(strange) >= 2 and len(strange) * 2 > len(known | strange):
            return "says what its evidence denies"
    return None
