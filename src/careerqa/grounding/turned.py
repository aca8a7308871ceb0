"""Rules of the grounding check on what rises or falls, is more or less so, and is or is not."""

from __future__ import annotations

import re
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.negation import EXEMPT
from careerqa.grounding.opposites import plain
from careerqa.grounding.words import MOTION, REPORTING, WEAK_NEGATION, Bag, is_content, stem, words

_DEGREE = re.compile(r"\b(more|less)\s(?!than\b)([a-z]{4,})\b", re.I)


def degree(case: Case) -> str | None:
    """What is more so in the sentence is not less so in the evidence, nor the reverse."""
    held = {(m[1].lower(), stem(m[2])) for m in _DEGREE.finditer(case.evidence)}
    for match in _DEGREE.finditer(case.text):
        way, what = match[1].lower(), stem(match[2])
        turned = ("less" if way == "more" else "more", what)
        if turned in held and (way, what) not in held:
            return f"“{match.group()}” is the opposite of its evidence"
    return None


_UP, _DOWN = (frozenset(map(stem, MOTION[way])) for way in ("up", "down"))
SEGMENT = re.compile(
    r"[;:,.()]\s|\s(?:and|but|while|whereas|with|than|from|as|because|if|when|that)\s", re.I
)
_STILL = re.compile(r"\W*(?:(?:while|though|although|and|but)\s)?still\s", re.I)
_GOES_ON: Final = frozenset({"keep", "keeps", "continue", "continues", "getting", "become"})


def _moves(text: str) -> dict[str, set[int]]:
    """Stems of what rises, 1, and of what falls, -1: the last word of content before the motion."""
    found: dict[str, set[int]] = {}
    before = ""
    for segment in SEGMENT.split(text):
        subject = first = ""
        for word in words(segment):
            root = stem(word)
            subject = subject or (before if _STILL.match(segment) else "")
            if root in _UP | _DOWN:
                if subject.isalpha():
                    for about in {subject, first or subject}:
                        found.setdefault(about, set()).add(1 if root in _UP else -1)
            elif is_content(word) and not word.endswith("ly") and word not in _GOES_ON:
                subject = root
                first = first or root
        before = subject
    return found


def motion(case: Case) -> str | None:
    """What rises in the sentence doesn't fall in the evidence, nor the reverse."""
    if NOT.search(case.text):
        return None
    held: dict[str, set[int]] = {}
    for source in case.cited:
        for subject, signs in _moves(plain(source.text)).items():
            held.setdefault(subject, set()).update(signs)
    for subject, signs in _moves(plain(case.text)).items():
        if subject in held and not signs & held[subject]:
            return f"its evidence moves “{subject}” the other way"
    return None


NOT = re.compile(r"\b(?:not|no|never|cannot|nobody|none|neither|nor|without|\w+n't)\b", re.I)
_NEGATIVE = re.compile(
    r"\b(?:not|no|none|never|nobody|cannot|without|nor|neither|\w+n't|lack\w*|absen\w*|avoid\w*|"
    r"declin\w*|refus\w*|reject\w*|rul\w+ out|abstain\w*|skip\w*|forgo\w*|opt\w* out|yet to|"
    r"against|outside|\w*trust|non-?\w+|few|fewer|hardly|rarely|seldom|un\w+|in(?:ability|"
    r"sufficient\w*|complete|correct\w*|dependen\w+|accura\w+)|im(?:poss|perf|prac|matur)\w+|"
    r"dis\w+|less|little|limited|only|rather|instead|beyond|fail\w*|stop\w*|optional|voluntary|"
    r"free|exclud\w*|except|fell|drop\w*|lower|scarc\w*|short\w*|hard\w*|difficult\w*|worse|"
    r"mistake\w*|myth|wrong|zero|alone|solely|unless|until|remov\w*|replac\w*|unlike|minimal|"
    r"gaps?|diverg\w*|mismatch\w*|eliminat\w*|self-\w+|regardless|\w+less|reduc\w*|shrink\w*|separate\w*|distinct\w*|"
    r"differ\w*)\b",
    re.I,
)
_KEEPS_OFF = re.compile(
    r"\b(?:filter|weed|ignor|resist|immune|prevent|protect|block|strip)\w*", re.I
)
_ANSWER = re.compile(r"^\W*(?:no|nope|not really)(?:\s?[,;:.-]+\s|\sfor\s)", re.I)
_ASIDE = re.compile(
    r"\b(?:if|when|where|unless|until)\s[^,]*,|\s(?:although|though|whereas|even if)\s.*", re.I
)


def denied(case: Case) -> str | None:
    """A sentence that denies something has evidence with a word of denying or lacking."""
    if _NEGATIVE.search(case.evidence) or case.bag.words & WEAK_NEGATION:
        return None
    said = Bag([case.text])
    if any(not said.has_form(m.group()) for m in _KEEPS_OFF.finditer(case.evidence)):
        return None
    text = _ASIDE.sub(" ", _ANSWER.sub(" ", EXEMPT.sub(" ", case.text)))
    for match in NOT.finditer(text):
        following = [w for w in words(text[match.end() :]) if not w.endswith("ly")][:2]
        if not any(stem(w) in REPORTING and not case.bag.has(w) for w in following):
            return f"its evidence does not deny “{' '.join(following)}”"
    return None
