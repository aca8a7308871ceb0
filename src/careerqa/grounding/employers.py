"""The rule of the grounding check on kinds of employers: what one does isn't told of another."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.words import Bag, is_matter, is_titular, words

_KINDS: Final = {
    name: re.compile(rf"\b(?:{forms})\b", re.I)
    for name, forms in {
        "large companies": (
            r"(?:large|big|bigger|larger|major|huge|giant)\s(?:\w+\s)?"
            r"(?:companies|company|firms?|corporations?|corporates?|employers?|organi[sz]ations?|tech)|"
            r"corporations?|corporates?|big tech|tech giants?|enterprises"
        ),
        "startups": (
            r"start-?ups?|(?:young|small|early-stage)\s(?:\w+\s)?(?:companies|company|firms?)|"
            r"founders?|founding"
        ),
        "research labs": (
            r"(?:research\s)?(?:labs?|laborator(?:y|ies))|research[- ](?:\w+\s)?companies"
        ),
        "product companies": r"product (?:companies|company|firms?)",
    }.items()
}
_SENTENCE = re.compile(r"(?<=[.!?;])\s|,?\s(?:while|whereas|but)\s", re.I)
SHARE: Final = 0.3  # of a sentence's words that belong to another kind of employer


def _named(text: str) -> set[str]:
    return {name for name, pattern in _KINDS.items() if pattern.search(text)}


def employer(case: Case) -> str | None:
    """What is said of a kind of employer is said of that kind in the evidence."""
    pieces = [(t, _named(t)) for s in case.cited for t in _SENTENCE.split(s.text) if t]
    for text in _SENTENCE.split(case.text):
        named = _named(text)
        if len(named) != 1:
            continue
        others = [t for t, kinds in pieces if kinds and not kinds & named]
        if not others:
            continue
        mine = [t for t, kinds in pieces if not kinds or kinds & named]
        (kind,) = named
        bare = _KINDS[kind].sub(" ", text)
        said = [w for w in dict.fromkeys(words(bare)) if is_matter(w) and not is_titular(w)]
        own, rest = Bag(mine), Bag(others)
        matched = [w for w in said if own.has(w) or rest.has(w)]
        strange = [w for w in matched if not own.has(w)]
        if strange and len(strange) >= max(1.0, SHARE * len(matched)):
            return f"its evidence says “{strange[0]}” of other employers than {kind}"
    return None
