"""Is or is not: whether a sentence denies what its evidence says, or drops a denial."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from careerqa.grounding.words import (
    STRONG_NEGATION,
    is_content,
    stem,
    words,
)

EXEMPT = re.compile(
    r"\bnot (?:only|just|merely|simply|least|alone|quite|yet|so much|to mention)\b|"
    r"\b(?:isn't|aren't|wasn't|doesn't|don't) (?:just|only|merely|simply|alone)\b|"
    r"\bno (?:doubt|less|matter|wonder)\b|\bwhether or not\b|\bor not\b|"
    r"\bnot be (?:read|taken|seen|confused|mistaken)\b|"
    r"\b(?:(?:practically|almost|virtually|hardly) )?(?:no|any) (?:\w+ )?difference\b|"
    r"\bno (?:\w+ ){1,4}(?:is|are|has|have|pays?|gets?) (?:\w+ ){0,2}"
    r"(?:more|greater|higher|\w{3,}er)\b|"
    r"\bno (?:more|fewer|higher|lower|earlier) than\b|\bas opposed to (?:\w+ ){0,2}(?=[$€£]?\d)|"
    r"^\W*not (?:entirely|quite|really|exactly|directly|necessarily|always|only|all|every)\b|"
    r"\bif not\b|\bnot (?:yet )?(?:ceased|stopped|failed) to\b|"
    r"\bnot (?:as|so) \w+ as\b|\bwhy not\b|\bnot (?:for |in |at |of |by )?the same\b|"
    r"\b(?:rather than|instead of) (?:just|only|merely|simply)\b|"
    r"\bnothing (?:but|beats)\b|\bmore often than not\b|"
    r"\b(?:don't|do not|never|no need to) (?:hold (?:off|back)|delay|postpone|put off)\b|"
    r"\bcan't (?:go wrong|beat)\b|\bdon't (?:forget|hesitate|wait|worry)\b|\bnever mind\b|"
    r"\b(?:not|\w+n't) \w+ until\b|^\W*no for\b|"
    r"\bnone other\b|\bno later\b|\bonly a few\b|\ba (?:few|little)\b",
    re.I,
)
_ROUNDABOUT: Final = (
    (
        re.compile(
            r"\bleav(?:e|es|ing)\s([^.;,]{3,50}?)\s(?:aside|out of it|out(?=[.,;]|$))", re.I
        ),
        r"avoid \1",
    ),
    (re.compile(r"\bkeep(?:s|ing)?\s([^.;,]{3,60}?)\sto yourself\b", re.I), r"avoid \1"),
    (
        re.compile(r"\bunlike\s((?:(?!engineer|developer|scientist)[^,.;]){3,60}),\s", re.I),
        r"not \1. ",
    ),
    (
        re.compile(
            r"\b(?:be|stay|remain) (?:careful|wary|cautious|suspicious) (?:with|of|about)\b", re.I
        ),
        "avoid",
    ),
)
"""Denials in other forms."""
_WITHOUT_NOT = re.compile(
    r"\bwithout\s([^.;]*?)\b(?:not|cannot|never|isn't|aren't|won't|can't)\s", re.I
)
"""Two denials that cancel each other out: those without something are not something."""
_CUE = re.compile(
    r"\b(?:"
    + "|".join(re.escape(w) for w in sorted(STRONG_NEGATION, key=len, reverse=True))
    + r"|rather than|instead of|in place of|as opposed to|in the absence of|free of|unless"
    r"|rul(?:e[sd]?|ing) out|refus(?:e[sd]?|ing)(?: to)?|declin(?:e[sd]?|ing) to|turn(?:ed|s)? away"
    r"|yet to|lack(?:s|ed|ing)?(?: of)?|avoid(?:s|ed|ing)?|fail(?:s|ed|ing)? to|few|little|rarely|"
    r"falls? short of|hold(?:s|ing)? (?:off|back)(?: on)?|put(?:s|ting)? off|"
    r"postpon\w+|leav(?:e|es|ing) out|skip(?:s|ped|ping)?|omit(?:s|ted|ting)?|"
    r"do(?:es|ing)? without|dispens\w+ with|shun\w*|eschew\w*|beware(?: of)?|steer\w* clear of|"
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


_HELPING: Final = frozenset(
    {"try", "tries", "trying", "attempt", "attempts", "seem", "seems", "appear", "appears", "tend"}
    | {"tends", "mean", "means", "manage", "manages", "bother", "bothers"}
)
"""Verbs before the one that is denied."""


def is_negative(text: str) -> bool:
    """Whether a text holds a plain negation."""
    return bool(set(words(EXEMPT.sub(" ", text))) & STRONG_NEGATION)


@lru_cache(maxsize=512)
def polarity(text: str) -> Polarity:
    """What a normalised text denies and what it does not."""
    for pattern, short in _ROUNDABOUT:
        text = pattern.sub(short, text)
    plainly = joined(EXEMPT.sub(" ", text))
    heads: list[str] = []
    seconds: list[str] = []
    pairs: list[tuple[str, str]] = []
    wide: set[str] = set()
    phrase: set[str] = set()
    plain: list[str] = []
    free: set[str] = set()
    cues = 0
    for both in _WITHOUT_NOT.finditer(plainly):
        plain += [w for w in words(both[1]) if counts(w)]
    for clause in _HARD.split(plainly):
        found = list(_CUE.finditer(clause))
        cues += len(found)
        before = [w for w in words(clause[: found[0].start()] if found else clause) if counts(w)]
        plain += before
        if found:
            free |= {stem(w) for w in _conjunct_before(clause[: found[0].start()])}
        if all(_PREPOSITION.match(cue.group()) for cue in found):
            free |= {stem(w) for w in before}
        for number, cue in enumerate(found):
            end = found[number + 1].start() if number + 1 < len(found) else len(clause)
            scope = clause[cue.end() : end]
            inside = [w for w in words(_SOFT.split(scope)[0]) if counts(w) and w not in _HELPING]
            if cue.group().lower() != "unless":
                heads += inside[:1]
                pairs += [(stem(one), stem(other)) for one, other in pairwise(inside[:2])]
            seconds += inside[1:2] if cue.group().lower() == "no" else []
            wide |= {stem(w) for w in words(scope) if counts(w)}
            phrase |= {stem(w) for w in words(scope.split(",")[0]) if counts(w)}
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
    return [w for w in words(match["own"]) if counts(w)] if match else []


_PREPOSITION = re.compile(r"(?:without|rather|instead|in place|as opposed|in the absence)\b", re.I)


def joined(text: str) -> str:
    """A compound as one word: what is pre-trained isn't said to be trained."""
    return re.sub(r"(?<=[a-z])-(?=[a-z])", "", text)


def counts(word: str) -> bool:
    """Whether a denial can be about a word."""
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
            found.update([w for w in words(clause[cue.end() :]) if counts(w)][:reach])
    return found
