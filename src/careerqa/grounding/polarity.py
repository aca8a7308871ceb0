"""Rules of the grounding check on yes and no that turn on more than one word."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.negation import EXEMPT
from careerqa.grounding.words import is_content, stem

DENIES = re.compile(
    r"\b(?:not|no|none|never|nobody|cannot|without|nor|neither|\w+n't|lack\w*|absent|absence|avoid\w*|"
    r"declin\w*|refus\w*|reject\w*|rul\w+ out|abstain\w*|skip\w*|forgo\w*|opt\w* out|stay\w* away|"
    r"hold\w* out|yet to|against|distrust\w*|unused|non-?\w+|few|fewer|hardly|rarely|seldom)\b",
    re.I,
)
_NOT = re.compile(r"\b(?<!who )(?<!that )(?:not|never|cannot|\w+n't)\b", re.I)
_SEGMENT = re.compile(
    r"[,;:()]\s|\s(?:and|while|whereas|but|although|though|yet(?! to))\s|(?<=[.!?])\s"
)


_CLAUSE = re.compile(
    r"[;:()]\s|\s(?:and|while|whereas|but|although|though|yet(?! to))\s|(?<=[.!?])\s"
)


def _part(text: str, start: int, joint: re.Pattern[str]) -> tuple[str, str]:
    """What stands before a place and after it, up to the next joints."""
    begin = max((m.end() for m in joint.finditer(text) if m.end() <= start), default=0)
    end = min((m.start() for m in joint.finditer(text) if m.start() > start), default=len(text))
    return text[begin:start], text[start:end]


def denied_share(case: Case) -> str | None:
    """A share that does not do something in the evidence is not a share that does, nor reverse."""
    for quantity in case.quantities:
        facts = [f for f in case.matching(quantity) if f.text]
        if quantity.unit != "%" or not facts or len(facts) < len(case.matching(quantity)):
            continue
        said = " ".join(_part(case.text, quantity.start, _CLAUSE))
        after = [_part(f.text, f.quantity.start, _SEGMENT)[1] for f in facts]
        if all(_NOT.search(text) for text in after) and not DENIES.search(said):
            return f"{quantity} do not, in its evidence"
        if _NOT.search(_part(case.text, quantity.start, _SEGMENT)[1]) and not any(
            DENIES.search(EXEMPT.sub(" ", f.text)) for f in facts
        ):
            return f"{quantity} do, in its evidence"
    return None


_OVER: Final = re.compile(
    r"\b(?:no longer|not \w+ any ?more|has ceased to be|have ceased to be)\b", re.I
)
_CHANGED = re.compile(
    r"\b(?:longer|any ?more|gone|declin\w*|fad\w+|once|used to|obsolete|dead|replac\w*|"
    r"shift\w*|stop\w*|end\w*|mov\w+|beyond|instead|rather|previous\w*|former\w*|chang\w*|becom\w*|"
    r"transition\w*|from|\w+n't|than|now|today|over|blur\w*|disappear\w*|past|until|"
    r"former\w*|would have been|turn\w*|drop\w*|fell|fallen|lost|los\w+|without|never)\b",
    re.I,
)
_NEVER = re.compile(r"\b(?:never|nobody|no one|none|under no circumstances|not at all)\b", re.I)
_NOT_QUITE = re.compile(
    r"\b(?:not|without|\w+n't|no)\s(?:necessarily|always|usually|typically|often|generally|fully)\b",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:more than 1|more than one|several|multiple|many|two or more|various)\s(\w+)", re.I
)
_ONE = re.compile(r"\b(?:one|single|sole|1|only)\s(\w+)", re.I)


def outright(case: Case) -> str | None:
    """No longer, never and several are what the evidence says, too."""
    if _OVER.search(case.text) and not _CHANGED.search(case.evidence):
        return "its evidence does not say that it is over"
    if (
        _NEVER.search(case.text)
        and _NOT_QUITE.search(case.evidence)
        and not _NEVER.search(case.evidence)
    ):
        return "its evidence does not say never"
    one = {stem(m[1]) for m in _ONE.finditer(case.evidence)}
    some = {stem(m[1]) for m in _SEVERAL.finditer(case.evidence)}
    for match in _SEVERAL.finditer(case.text):
        if stem(match[1]) in one - some and is_content(match[1]):
            return f"its evidence has one {match[1]}, not several"
    return None


_MAJORITY = re.compile(r"\b(?:most|majority|more than half|over half|the bulk)\b", re.I)


def denied_majority(case: Case) -> str | None:
    """What more than half do not do, most do not do."""
    if not _MAJORITY.search(case.text) or DENIES.search(case.text):
        return None
    for fact in case.facts:
        if fact.quantity.unit == "%" and fact.quantity.low > 50 and fact.text:
            after = _part(fact.text, fact.quantity.start, _SEGMENT)[1]
            if _NOT.search(after):
                said = {stem(w) for w in re.findall(r"[a-z]+", case.text.lower()) if is_content(w)}
                told = {stem(w) for w in re.findall(r"[a-z]+", after.lower()) if is_content(w)}
                if len(said & told) >= 2:
                    return f"{fact.quantity} do not, in its evidence"
    return None
