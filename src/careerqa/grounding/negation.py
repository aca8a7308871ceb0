"""Is or is not: whether a sentence denies what its evidence says, or drops a denial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from careerqa.grounding.sides import frames
from careerqa.grounding.sources import Source
from careerqa.grounding.words import (
    KINDS,
    STRONG_NEGATION,
    WEAK_NEGATION,
    Bag,
    is_content,
    is_matter,
    is_titular,
    stem,
    words,
)

EXEMPT = re.compile(
    r"\bnot (?:only|just|merely|simply|least|alone|quite|yet|so much|to mention)\b|"
    r"\b(?:isn't|aren't|wasn't|doesn't|don't) (?:just|only|merely|simply|alone)\b|"
    r"\bno (?:doubt|less|matter|wonder)\b|\bwhether or not\b|\bor not\b|"
    r"\bnot be (?:read|taken|seen|confused|mistaken)\b|"
    r"^\W*not (?:entirely|quite|really|exactly|directly|necessarily|always|only|all|every)\b|"
    r"\bif not\b|\bnot (?:yet )?(?:ceased|stopped|failed) to\b|"
    r"\bnot (?:as|so) \w+ as\b|\bwhy not\b|\bnot (?:for |in |at |of |by )?the same\b|"
    r"\b(?:rather than|instead of) (?:just|only|merely|simply)\b|"
    r"\bnothing (?:but|beats)\b|\bmore often than not\b|"
    r"\bcan't (?:go wrong|beat)\b|\bdon't (?:forget|hesitate|wait|worry)\b|\bnever mind\b|"
    r"\bnone other\b|\bno later\b|\bonly a few\b|\ba (?:few|little)\b",
    re.I,
)
_CUE = re.compile(
    r"\b(?:"
    + "|".join(re.escape(w) for w in sorted(STRONG_NEGATION, key=len, reverse=True))
    + r"|rather than|instead of|in place of|as opposed to|in the absence of|free of|unless"
    r"|rul(?:e[sd]?|ing) out|refus(?:e[sd]?|ing)(?: to)?|declin(?:e[sd]?|ing) to|turn(?:ed|s)? away"
    r"|yet to|lack(?:s|ed|ing)?(?: of)?|avoid(?:s|ed|ing)?|fail(?:s|ed|ing)? to|few|little|rarely|"
    r"seldom)\b",
    re.I,
)
_HARD = re.compile(
    r"[;:.!?()]|\s-\s|\b(?:but|while|whereas|because|although|though|plus|yet(?! to)|so that|so)\b",
    re.I,
)
_SOFT = re.compile(r"[,]|\b(?:and|or|nor|rather|instead|unless|until|when|if)\b", re.I)
_DEGREE: Final = frozenset(
    {"longer", "always", "ones", "yet", "often", "quite", "fully", "necessarily", "any", "much"}
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The words that a text denies for sure, may deny, and does not deny."""

    heads: tuple[str, ...]  # the first word of content after each cue
    seconds: tuple[str, ...]  # the one after it, where a noun may follow an adjective
    wide: frozenset[str]  # stems of all words that a cue may be about
    phrase: frozenset[str]  # of these, stems of the words up to the next comma
    pairs: tuple[tuple[str, str], ...]  # stems of the two words of content after each cue
    plain: tuple[str, ...]  # words before any cue of their clause
    free: frozenset[str]  # of these, stems of words that no cue of the clause can be about
    cues: int


def is_negative(text: str) -> bool:
    """Whether a text holds a plain negation."""
    return bool(set(words(EXEMPT.sub(" ", text))) & STRONG_NEGATION)


@lru_cache(maxsize=512)
def polarity(text: str) -> Polarity:
    """What a normalised text denies and what it does not."""
    joined = _joined(EXEMPT.sub(" ", text))
    heads: list[str] = []
    seconds: list[str] = []
    pairs: list[tuple[str, str]] = []
    wide: set[str] = set()
    phrase: set[str] = set()
    plain: list[str] = []
    free: set[str] = set()
    cues = 0
    for clause in _HARD.split(joined):
        found = list(_CUE.finditer(clause))
        cues += len(found)
        before = [w for w in words(clause[: found[0].start()] if found else clause) if _counts(w)]
        plain += before
        if found:
            free |= {stem(w) for w in _conjunct_before(clause[: found[0].start()])}
        if all(_PREPOSITION.match(cue.group()) for cue in found):
            free |= {stem(w) for w in before}
        for number, cue in enumerate(found):
            end = found[number + 1].start() if number + 1 < len(found) else len(clause)
            scope = clause[cue.end() : end]
            inside = [w for w in words(_SOFT.split(scope)[0]) if _counts(w)]
            if cue.group().lower() != "unless":
                heads += inside[:1]
                pairs += [(stem(one), stem(other)) for one, other in pairwise(inside[:2])]
            seconds += inside[1:2] if cue.group().lower() == "no" else []
            wide |= {stem(w) for w in words(scope) if _counts(w)}
            phrase |= {stem(w) for w in words(scope.split(",")[0]) if _counts(w)}
    return Polarity(
        heads=tuple(heads),
        seconds=tuple(seconds),
        wide=frozenset(wide),
        phrase=frozenset(phrase),
        pairs=tuple(pairs),
        plain=tuple(plain),
        free=frozenset(free),
        cues=cues,
    )


_CONJUNCT = re.compile(
    r"^(?P<own>.*\b(?:is|are|was|were|has|have|had|gets?|can|must|will)\s.+?),?\sand\s"
    r"(?=.*\b(?:is|are|was|were|has|have|had|do|does|did|can|must|will|should)\s$)",
    re.I,
)


def _conjunct_before(text: str) -> list[str]:
    """The words of a main clause that stands before the one with the cue."""
    match = _CONJUNCT.match(text)
    return [w for w in words(match["own"]) if _counts(w)] if match else []


_PREPOSITION = re.compile(r"(?:without|rather|instead|in place|as opposed|in the absence)\b", re.I)


def _joined(text: str) -> str:
    """A compound as one word: what is pre-trained isn't said to be trained."""
    return re.sub(r"(?<=[a-z])-(?=[a-z])", "", text)


def _counts(word: str) -> bool:
    return (
        (is_content(word) or word in ("need", "want", "take", "use"))
        and word not in _DEGREE
        and not word.endswith("ly")
    )


def negated(text: str, reach: int = 4) -> set[str]:
    """The words that a negation in a text is about: the first few of content after it."""
    found: set[str] = set()
    for clause in _SOFT.split(EXEMPT.sub(" ", text)):
        for cue in _CUE.finditer(clause):
            found.update([w for w in words(clause[cue.end() :]) if _counts(w)][:reach])
    return found


def _same_kind(word: str, others: Sequence[str]) -> bool:
    return any(word in listed and listed & set(others) for listed in KINDS.values())


def _pairs(listed: Sequence[str]) -> set[tuple[str, str]]:
    stems = [stem(w) for w in listed]
    return set(pairwise(stems))


def _beside(said: Polarity, held: Polarity, *, compares: bool) -> str | None:
    """Two words side by side, denied in one of both texts and not in the other."""
    denied, affirmed = set(held.pairs), _pairs(held.plain)
    if set(said.pairs) & affirmed - denied:
        return "denies what its evidence says"
    if not compares and not said.cues and _pairs(said.plain) & denied - affirmed:
        return "says what its evidence denies"
    return None


def denial(text: str, cited: Sequence[Source]) -> str | None:
    """Why a sentence denies what its evidence says, or says what it denies; else None."""
    said = polarity(text)
    held = polarity(" . ".join(s.text for s in cited))
    whole = {w for s in cited for w in s.bag.words}
    implied = any(_IMPLIED.search(source.text) for source in cited)
    softened = implied or bool(whole & WEAK_NEGATION)
    compares = any(frame.kind != "cause" for frame in frames(text))
    if reason := _beside(said, held, compares=compares):
        return reason
    plain = Bag(held.plain)
    lesser = {
        stem(w)
        for source in cited
        for frame in frames(source.text)
        if frame.kind == "over"
        for w in (frame.right if frame.sign > 0 else frame.left)
    }
    for word in said.heads:
        root = stem(word)
        if compares and root in lesser:
            continue  # `swapped` compares the sides
        unlike = {prefix + word for prefix in ("un", "in", "im", "dis", "ir", "non")}
        if unlike & whole or root in held.wide:
            continue
        if root in plain.stems and (is_matter(word) or not held.cues) and not implied:
            return "denies what its evidence says"
        if not held.cues and not softened and is_matter(word):
            return "denies what its evidence says"
    if set(words(text)) & _SOFTENED or compares:
        return None
    denied = {stem(w) for w in (*held.heads, *held.seconds) if not is_titular(w)}
    for word in words(_joined(text)):
        root = stem(word)
        if not _counts(word) or plain.has(word) or (said.cues and root not in said.free):
            continue
        if root in denied or (not said.cues and _same_kind(word, held.heads + held.seconds)):
            return f"drops the “not” before “{word}”"
    if not said.cues:
        matter = {stem(w) for w in words(_joined(text)) if _counts(w)}
        strange = matter & held.phrase - {stem(w) for w in held.plain}
        if len(strange) >= 2 and len(strange) * 2 > len(matter & plain.stems | strange):
            return "says what its evidence denies"
    return None


_IMPLIED: Final = re.compile(
    r"\b(?:un(?!i|der|til|less)[a-z]{5,}|dis(?!t|c|p|k)[a-z]{4,}|different|differ\w*|outside|"
    r"(?:filter|weed|screen|leav)\w* out|prevent\w*|protect\w*|block\w*|"
    r"ir(?:re|r)[a-z]{5,}|in(?:sufficien|adequa|consisten|comple|accura|effici)\w*)\b",
    re.I,
)
"""A denial that lies in a word."""
_NOT_SOFT: Final = frozenset(
    {"only", "but", "than", "until", "declining", "decline", "few", "except", "without"}
)
_SOFTENED: Final = WEAK_NEGATION - _NOT_SOFT
