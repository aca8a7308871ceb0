"""Rules of the grounding check on what is needed, enough or needless, and for whom."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.owners import roles
from careerqa.grounding.polarity import DENIES
from careerqa.grounding.words import Bag, is_content, is_titular, stem, words

_NEEDLESS = re.compile(
    r"\b(?:(?:not|\w+n't)\s(?:\w+\s)?(?:need(?:ed)?|have|required|necessary)(?:\sto)?|"
    r"no need to|without needing(?: to)?|need not)\s(?:be\s|have\s)?(\w+)",
    re.I,
)
_NEEDED = re.compile(
    r"\b(?:needs?|needed|have|has|must|required|requires?|necessary)(?:\sto)?\s(?:be\s|have\s)?(\w+)",
    re.I,
)


def needed(case: Case) -> str | None:
    """What need not be done in the evidence isn't said to have to be done."""
    if DENIES.search(case.text):
        return None
    free = {stem(m[1]) for m in _NEEDLESS.finditer(case.evidence)}
    rest = _NEEDLESS.sub(" ", case.evidence)
    bound = {stem(m[1]) for m in _NEEDED.finditer(rest)}
    for match in _NEEDED.finditer(case.text):
        if stem(match[1]) in free - bound and len(match[1]) > 2:
            return f"drops the “not” before “{match.group()}”"
    return None


_NOT_WITHOUT = re.compile(
    r"(?<!not )(?<!n't )(?<!never )\b(?:hold(?:ing)? (?:off|back)|wait(?:ing)?|delay|postpone|"
    r"put off)\s[^.;:]*\buntil\s|"
    r"\b(?:not|cannot|never|impossible|\w+n't)\s[^.;:]*\bwithout\s|"
    r"\b(?:not|never|\w+n't)\s(?!wait\b|delay|postpone|hold\b|have to wait\b|need to wait\b)"
    r"[^.;:,]*\buntil\s",
    re.I,
)
_EVEN_WITHOUT = re.compile(
    r"\b(?:allow|can|enabl|let|able|possib|could)\w*\s[^.;:]*\bwithout\s|\beven before\s", re.I
)


def precondition(case: Case) -> str | None:
    """What can be done without a thing, or before it, is not said to need it first."""
    if _NOT_WITHOUT.search(case.evidence) or not _NOT_WITHOUT.search(case.text):
        return None
    if _EVEN_WITHOUT.search(case.evidence):
        return "its evidence does without what it makes a condition"
    return None


_ENOUGH = re.compile(
    r"\b(?:enough|sufficient\w*|suffic\w+|adequate|good enough|"
    r"all (?:that )?(?:you|they|one|it|(?:\w+ ){1,2})(?:needs?|takes?|requires?)|does the job|"
    r"will do(?=[.,;]|$))\b",
    re.I,
)
_MORE_THAN_THAT = re.compile(
    r"\b(?:beyond|rather than|not|more than|in addition|additional\w*|both|as well as|alone|"
    r"insufficient\w*|instead of|further|unless|if accompanied|without)\b",
    re.I,
)
_BAR = re.compile(r"\b(?:enough|suffic\w*|bar|minimum|substitute|accept\w*|only|adequate)\b", re.I)


def enough(case: Case) -> str | None:
    """What the evidence asks more than is not said to be enough."""
    match = _ENOUGH.search(case.text)
    if match is None or DENIES.search(case.text) or _BAR.search(case.evidence):
        return None
    if _MORE_THAN_THAT.search(case.evidence):
        return f"its evidence asks for more than what it calls “{match.group()}”"
    return None


_ASKED: Final = (
    r"(?:called for|needed|required|necessary|asked for|wanted|expected|important|relevant|used)"
)
_NEEDLESS_SUBJECT = re.compile(
    rf"^(?P<what>(?:(?!\b(?:al)?though\b|\bwhile\b|\bbut\b)[^;:]){{3,110}}?)\s"
    rf"(?:(?:is|are)\s(?:not|never)\s(?!always|necessarily|universally|strictly)(?:\w+\s)?{_ASKED}|"
    rf"(?:isn't|aren't)\s{_ASKED}|(?:is|are)\s(?:unnecessary|superfluous|irrelevant|left out|"
    r"excluded|pointless|worthless|of (?:no|little) (?:use|help|value|worth))|"
    r"(?:(?:does|do|will) not|doesn't|don't|won't)\s(?:matter|count|help|come into it|"
    r"do (?:any|some)thing)|"
    r"(?:plays?|has|have) no (?:part|role|bearing|place|effect))\b",
    re.I,
)
_LESSENED = re.compile(
    r"\b(?:less|little|optional|no|not|never|without|rather|unnecessary|rarely|few|instead|\w+n't|"
    r"unlike|regardless|beyond|only|alone|but)\b",
    re.I,
)


def needless(case: Case) -> str | None:
    """What a sentence calls needless is told so in the evidence, too."""
    match = _NEEDLESS_SUBJECT.search(case.text)
    if match is None:
        return None
    subject = [w for w in words(match["what"]) if is_content(w) and not is_titular(w)]
    if not subject:
        return None
    for source in case.cited:
        for clause in re.split(r"[;.:]\s|,?\s(?:but|while|whereas)\s", source.text):
            if sum(map(Bag([clause]).has, subject)) * 2 > len(subject):
                if _LESSENED.search(clause):
                    return None
                break
        else:
            continue
        return f"its evidence does not call “{match['what']}” needless"
    return None


_MUST = re.compile(
    r"\b(?:must|has to|have to|needs? to|needs?|required to|requires?|has to have)\b", re.I
)
_NEED_NOT = re.compile(
    r"\b(?:may|might|does|do|will|would)\s?(?:not|n't)\s(?:\w+\s)?(?:need|have to|require)\w*|"
    r"\b(?:doesn't|don't|won't|needn't|need not)\b(?:\s(?:need|have to|require)\w*)?|"
    r"\bno need to\b|\b(?:can|may|could)\s(?:get by|do|manage)\s(?:without|with less)",
    re.I,
)
_PARTS = re.compile(r"[;:.]\s|,?\s(?:while|whereas|but|and)\s", re.I)


def duty(case: Case) -> str | None:
    """What one role must know and another need not is not told the other way round."""
    held: dict[str, set[bool]] = {}
    for source in case.cited:
        for name, must in _duties(source.text):
            held.setdefault(name, set()).add(must)
    if len(held) < 2:
        return None
    for name, must in _duties(case.text):
        if held.get(name) == {not must}:
            return f"its evidence has it the other way round for {name}"
    return None


def _duties(text: str) -> list[tuple[str, bool]]:
    """Roles of the clauses of a text, and whether each must do something or need not."""
    found = []
    for part in _PARTS.split(text):
        named = {mention.name for mention in roles(part)}
        free = bool(_NEED_NOT.search(part))
        if len(named) == 1 and (free or _MUST.search(part)):
            found.append((named.pop(), not free))
    return found
