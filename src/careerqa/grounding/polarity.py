"""Rules of the grounding check on yes and no that turn on more than one word."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.negation import EXEMPT
from careerqa.grounding.owners import roles
from careerqa.grounding.words import Bag, is_content, is_titular, stem, words

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
