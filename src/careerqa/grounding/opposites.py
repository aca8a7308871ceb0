"""Whether a sentence has the opposite of a word of its evidence, where nothing else tells them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.negation import negated
from careerqa.grounding.sources import Source
from careerqa.grounding.words import (
    OPPOSITES,
    SCOPE,
    SIGNED,
    STRONG_NEGATION,
    WORDNET,
    is_content,
    stem,
    words,
)

_MORE, _LESS = OPPOSITES[0]
_IDLE = re.compile(
    r"\b(?:comes?|came|boils?|breaks?|narrows?|puts?|writes?|write|note|scale|slow|sit|set|track|drill)s?"
    r"\s(?:it\s)?(?:down|up)\b|\b(?:up to|made up|makes? up|making up|up front|sign up|open up|"
    r"opens up|end up|ends up|set up|add up|adds up|back up|pick up|picks up|build up|up and|"
    r"no (?:\w+ ){1,4}(?:is|are|has|have|pays?|gets?) (?:\w+ ){0,2}"
    r"(?:more|greater|higher|\w{3,}er)|"
    r"all the same|(?:above|after|at) all|"
    r"at (?:last|first|least|most|best|worst|the top|the bottom)|last (?:but|year|month)|"
    r"gr(?:ow|ows|ew|own|owing) (?:too|more|less|so|increasingly|ever)|"
    r"(?:career|engineer's|professional) growth|f[ae]lls? (?:on|to|into|under)|"
    r"a separate (?:source|survey|report|document|page)|"
    r"first[- ]hand|in the first place|all (?:in all|over)|over (?:time|the)|"
    r"more or less|no (?:more|less)|better off)\b",
    re.I,
)


def plain(text: str) -> str:
    """Text without the idioms whose words point nowhere."""
    return _IDLE.sub(" ", text)


_APART = re.compile(r"[,;]\s|\s(?:and|but)\s", re.I)
_NOT = re.compile(r"\b(?:not|never|\w+n't)\b", re.I)


def opposite(text: str, cited: Sequence[Source], *, figures: int) -> str | None:
    """Why a sentence says the opposite of the clause that it is nearest to, or None."""
    said = set(words(plain(text)))
    said_apart = [set(words(part)) for part in _APART.split(plain(text))]
    matter = [w for w in said if is_content(w)]
    pieces = [p for s in cited for p in s.pieces]
    scored = [(sum(p.bag.has(w) for w in matter), p) for p in pieces]
    best = max((score for score, _ in scored), default=0)
    near = " . ".join(p.text for score, p in scored if score >= max(1, best))
    whole = " . ".join(s.text for s in cited)
    everything = set(words(whole))
    after = {w for m in _NOT.finditer(text) for w in words(text[m.end() :])[:6]}
    most = any(f.quantity.unit == "%" and f.quantity.low > 50 for s in cited for f in s.facts)
    for evidence in (near, whole):
        held = set(words(plain(evidence)))
        denied, refused = negated(text), negated(evidence)
        measured = "than" in held | everything and "than" in said
        measured = measured or bool("than" in held and said & held & SIGNED)
        for sides in OPPOSITES:
            if measured and (sides[0] | sides[1]) & SIGNED:
                continue  # a comparison may be told from its other side
            for one, other in (sides, sides[::-1]):
                used = said & one
                if said & other:
                    used = _of_one_part(said_apart, one, other)
                if not used or everything & one - refused or not held & other:
                    continue
                if used & (denied | after) or held & other <= refused:
                    continue
                if refused and used <= STRONG_NEGATION:
                    continue
                if figures >= 2 and one & _MORE | other & _MORE:
                    continue
                if most and used <= SCOPE["most"]:
                    continue  # a share above half bears "most" out
                return f"“{min(used)}” is the opposite of its evidence"
    return None


def _of_one_part(parts: Sequence[set[str]], one: frozenset[str], other: frozenset[str]) -> set[str]:
    """Words of more or less that one part of a sentence has, where another part has the reverse."""
    alone = [part for part in parts if part & one and not part & other]
    return alone[0] & one if len(alone) == 1 and one & SIGNED else set()


def _contraries() -> dict[str, frozenset[str]]:
    """Stems of words with those of their opposites, by WordNet."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in WORDNET["opposites"]:
        one, other = (stem(word) for word in line.split())
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return {word: frozenset(others) for word, others in found.items()}


_CONTRARIES: Final = _contraries()
_PLACED: Final = frozenset(
    map(
        stem,
        (
            "lie",
            "middle",
            "early",
            "late",
            "below",
            "above",
            "before",
            "after",
            "under",
            "over",
            "inside",
            "outside",
            "left",
            "right",
            "part",
            "man",
            "general",
            "day",
            "work",
            "back",
            "front",
            "employer",
            "push",
            "pull",
            "up",
            "down",
            "in",
            "out",
        ),
    )
)
"""Stems of words whose opposites do not turn a sentence round."""


_HARDLY = re.compile(r"\b(?:hard|difficult|impossible|tough|too \w+) to (\w+)", re.I)


def contrary(case: Case) -> str | None:
    """Whether a sentence has WordNet's opposite of a word of the clause that it is nearest to."""
    said = set(words(plain(case.text)))
    if said & STRONG_NEGATION:
        return None
    stems = {stem(w) for w in said}
    strange = stems - _PLACED - {s for source in case.cited for s in source.bag.stems}
    if "than" in said & case.bag.words:
        strange -= {stem(w) for w in SIGNED}  # may be told from the other side
    strange -= {stem(m[1]) for m in _HARDLY.finditer(case.text)}
    strange = {s for s in strange if s in _CONTRARIES and not _CONTRARIES[s] & stems}
    if not strange:
        return None
    pieces = [p for s in case.cited for p in s.pieces]
    matter = [w for w in said if is_content(w)]
    scores = [sum(p.bag.has(w) for w in matter) for p in pieces]
    for score, piece in zip(scores, pieces, strict=True):
        if score < max(1, *scores) or piece.bag.words & STRONG_NEGATION:
            continue
        held = piece.bag.stems - _PLACED
        for word in sorted(strange):
            if _CONTRARIES[word] & held:
                return f"“{word}” is the opposite of its evidence"
    return None


def turned(text: str, cited: Sequence[Source]) -> str | None:
    """Whether what rises in the sentence falls where the evidence speaks of the same thing."""
    if " than " in text:
        return None
    text = plain(text)
    match = next((m for m in re.finditer(r"[A-Za-z]+", text) if m.group().lower() in _MOVES), None)
    if match is None:
        return None
    about = _stems(text[: match.start()])
    for source in cited:
        for segment in re.split(r"[,;:()]\s?|\s(?=(?:and|while|but)\s)", plain(source.text)):
            shared = len(about & _stems(segment))
            if about and (shared >= 3 or shared * 2 >= len(about)):
                said, held = {match.group().lower()}, set(words(segment))
                for one, other in [q for p in _MOVING for q in (p, p[::-1])]:
                    if said & one and held & other and not held & one:
                        return f"“{match.group()}” is the opposite of its evidence"
    return None


_MOVING: Final = [p for p in OPPOSITES if p[0] & {"rise", "grow"}]
_MOVES: Final = frozenset().union(*(side for pair in _MOVING for side in pair))


def _stems(text: str) -> set[str]:
    return {stem(w) for w in words(text) if is_content(w) and w not in SIGNED}


def opposed(text: str, evidence: str) -> str | None:
    """Whether a text has the one side of a pair of opposites and evidence only the other."""
    said, held = set(words(plain(text))), set(words(plain(evidence)))
    if bool(said & STRONG_NEGATION) != bool(held & STRONG_NEGATION) or "than" in said | held:
        return None
    for sides in OPPOSITES:
        for one, other in (sides, sides[::-1]):
            used = said & one
            if used and not said & other and not held & one and held & other:
                return f"“{min(used)}” is the opposite of its evidence"
    return None
