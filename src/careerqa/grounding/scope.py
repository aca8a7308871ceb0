"""The rule of the grounding check on all, most, only, required and best."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding import negation
from careerqa.grounding.case import Case
from careerqa.grounding.polarity import DENIES
from careerqa.grounding.words import IMPLIED, SCOPE, stem, words

_MAJORITY = re.compile(
    r"(?:^|(?<!the )(?<!hired )(?<!paid ))\bmost\b|\b(?:majority|mostly)\b", re.I
)


_AMONG = re.compile(
    r"\b(?:one|some) of the (?:most\b|\w+est\b)|\bamong the (?:most\b|\w+est\b)", re.I
)


_THE_ONE = re.compile(
    r"(?<!of )(?<!among )\bthe (?:most\b|(?!b?est\b|interest|request|test\b)\w+est\b)", re.I
)


def _one_of(case: Case) -> bool:
    """Whether the sentence makes one of several highest the highest."""
    if not _AMONG.search(case.evidence) or _AMONG.search(case.text):
        return False
    rest = _AMONG.sub(" ", case.evidence)
    return bool(_THE_ONE.search(case.text)) and not _THE_ONE.search(rest)


def _minority(case: Case) -> bool:
    """Whether the shares of the level that the sentence names are all below half."""
    named = {m.name for m in case.levels}
    owners = {m.name for m in case.roles}
    shares = [
        f for f in case.facts
        if f.quantity.unit == "%" and f.level in named and (not owners or f.role in owners)
    ]  # fmt: skip
    return bool(shares) and all(f.quantity.high < 50 for f in shares)


def scope(case: Case) -> str | None:
    """All, most, only, required, best: no wider and no firmer than the evidence."""
    if _THE_ONE.search(case.text) and _one_of(case):
        return "its evidence says “one of the”"
    said = set(words(case.text))
    if said & SCOPE["most"] and _MAJORITY.search(case.text) and _minority(case):
        return "its evidence gives a smaller share than most"
    for name in SCOPE:
        used = _used(case, name, said)
        if used and not _borne_out(case, name, used):
            return f"“{min(used)}” goes further than its evidence"
    return None


_WHAT_IS_ASKED = re.compile(
    r"\b(?:the|of|and) (?!is\b|are\b|be\b)\w+ required\b|\brequired (?:skill|knowledge|exper)", re.I
)


_A_MUST = re.compile(r"\ba must\b", re.I)


def _used(case: Case, name: str, said: set[str]) -> set[str]:
    """The words of a class that a sentence uses in earnest."""
    used = said & SCOPE[name]
    if DENIES.search(case.text):
        used -= {"any", "anyone", "anywhere"}
    majority = bool(_MAJORITY.search(case.text))
    if name == "cause" and len(case.cited) == 1:
        return set()  # what follows from what within one statement, it says itself
    if name == "required":
        if negation.is_negative(case.text) or _WHAT_IS_ASKED.search(case.text):
            return set()
        of_rows = all(s.label for s in case.cited) and not _A_MUST.search(case.text)
        return used - {"must"} if of_rows else used  # a cell has no verb
    if name == "most":
        return used if majority else set()  # "the most common" is a superlative
    if name == "only" and (len(case.cited) > 1 or all(s.label for s in case.cited)):
        return set()  # what one statement or column has, the others have not
    if name == "superlative" and majority:
        return used - {"most"}
    if name == "certain" and negation.is_negative(case.text):
        used -= {"guarantee", "guarantees", "guaranteed", "sure", "bound"}
    if name in _HARMLESS and _HARMLESS[name].search(case.text):
        return set()
    return used


_HARMLESS: Final = {
    "least": re.compile(
        r"\b(?:at|not|in the|to say the) (?:very )?(?:least|worst)\b|\$|\d%|\bdollars\b", re.I
    ),
    "only": re.compile(
        r"\b(?:no|not)\b[^.;]{2,60},? (?:but )?only\b|\bbut only\b|,\sonly\s(?:the|for|with)\b|"
        r"\bonly \w+ly\b|\b(?:only|just) (?:about |around |some )?[$€£]?\d|"
        r"\bonly (?:an? )?(?:small|tiny|slim|slight|minor|handful|fraction|few|sliver|modest)\b",
        re.I,
    ),
    "certain": re.compile(
        r"\bproven\s(?!to\b|by\b|that\b)\w+|\b(?:not|\w+n't) (?:\w+ )?(?:always|sure)\b|"
        r"\b(?:to|make|be|for) (?:be )?sure\b",
        re.I,
    ),
    "universal": re.compile(
        r"\b(?:anywhere (?:from|between)|fully remote|if any|"
        r"(?:before|ahead of|prior to) any|any (?:more|longer|of|way|case|rate)|"
        r"not (?:entirely|completely|always|universally|invariably|necessarily))\b",
        re.I,
    ),
}


_SOFTER = re.compile(
    r"\b(?:optional\w*|voluntary|helpful|useful|valu\w+|prefer\w*|recommend\w*|benefi\w+|nice|plus|"
    r"many|some|may|might|can|could|sometimes|often|not|no|without|rather|unless|\w+n't|advantage\w*|bonus)\b",
    re.I,
)
"""What is said more softly than as a must."""
_NOT_ALWAYS = re.compile(
    r"\bnot (?:\w+ )?(?:always|necessarily|entirely|fully|all|every|everyone)\b", re.I
)
_COMPARED = re.compile(
    r"\b(?:more|less|fewer|\w{3,}er) (?:\w+ ){0,3}than\b|\bwhile\b|\bwhereas\b", re.I
)


def _borne_out(case: Case, name: str, used: set[str]) -> bool:
    """Whether the evidence, by its words or figures, goes as far."""
    evidence = case.bag.words
    if name == "required":
        evidence -= negation.negated(case.evidence, 2)
    phrases = case.evidence.lower()
    if used == {"must"} and not _SOFTER.search(phrases):
        return True  # told as a duty, or as what there is to do
    if used == {"anyone"} and re.search(r"\byour?\b", phrases):
        return True
    if used == {"anywhere"} and " in the world" in case.text:
        return True
    if name == "certain" and re.match(r"\W*(?:yes|absolutely|of course)\b", phrases):
        return True
    if name in ("certain", "universal"):
        evidence = frozenset(words(_NOT_ALWAYS.sub(" ", case.evidence)))
    if (
        used & evidence
        or {stem(w) for w in used} & case.bag.stems
        or any(
            SCOPE.get(word, frozenset()) & evidence
            or word in evidence
            or (" " in word and word in phrases)
            for word in IMPLIED[name]
        )
    ):
        return True
    if name == "most" and any(f.quantity.unit == "%" and f.quantity.low > 50 for f in case.facts):
        return True
    if name == "rare" and any(f.quantity.unit == "%" and f.quantity.low < 25 for f in case.facts):
        return True
    if name == "equal" and not _COMPARED.search(case.evidence):
        return True
    if name in ("superlative", "most") and len(case.facts) >= 2:
        return True  # `way` compares the figures
    if name == "universal":
        return len({f.level for f in case.facts}) >= 3
    size = {"biggest", "largest"}
    return name == "superlative" and all(
        case.wide.has_form(w) or (w in size and case.wide.has(w)) for w in used
    )
