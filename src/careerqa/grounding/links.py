"""Rules of the grounding check on links: causes that none names, words that changed places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.facts import quantities
from careerqa.grounding.sources import Source
from careerqa.grounding.words import is_content, words

_LINK = re.compile(
    r"\b(?:because(?: of)?|since|due to|owing to|thanks to|as a result(?: of)?|result(?:s|ed)? "
    r"(?:of|from|in)|explained by|explains?|caused? by|causes?|the reason(?: why)?|product of|"
    r"consequence of|stems? from|comes? from|driven by|leads? to|led to|which is why|"
    r"that is why|that's why|is what|so that|therefore|"
    r"hence|thus|consequently|attributed to|owes?|thereby|by way of)\b",
    re.I,
)
_ADVICE: Final = re.compile(
    r"^\W*(?:say|start|ask|build|create|use|avoid|learn|look|apply|choose|document|network|deploy|"
    r"implement|focus|try|don't|never|always|get|make|take|find|consider|pick)\b",
    re.I,
)
CONTINUES: Final = re.compile(
    r"^\W*(?:(?:however|but|and|also|moreover|furthermore|in addition|additionally|still|yet),?\s)?"
    r"(?:this|that|these|those|it|they|such|its|their|as a result|so|therefore|hence|because|"
    r"the (?:gap|effect|result|reason|difference))\b",
    re.I,
)


def continued(cited: Sequence[Source]) -> bool:
    """Whether one of several statements goes on from another one, or leads to it with a colon."""
    return any(CONTINUES.match(s.text) or s.text.rstrip().endswith(":") for s in cited)


def cause(case: Case) -> str | None:
    """A sentence doesn't make one statement the reason of another where none does."""
    if len(case.cited) < 2:
        return None
    match = _LINK.search(case.text)
    if match is None or (match.start() == 0 and match.group().lower() == "so"):
        return None
    if _INFERS.match(match.group()) and all(s.label for s in case.cited):
        return None  # what follows from figures of rows
    before, after = case.text[: match.start()], case.text[match.end() :]
    if len(before.split()) < 2:  # "Since A, B"
        halves = after.split(", ", 1)
        if len(halves) < 2:
            return None
        before, after = halves[1], halves[0]
    before, after = _CONTRAST.split(before)[-1], _CONTRAST.split(after)[0]
    if quantities(after) and match.group().lower() in ("because", "since"):
        return None  # figures bear out what they stand behind
    one, other = _holder(before, case.cited), _holder(after, case.cited)
    if one is None or other is None or one is other:
        return None
    for source in (one, other):
        if any(p.search(source.text) for p in (CONTINUES, _ADVICE)):
            return None
    return "makes a reason of what its evidence only sets side by side"


_INFERS = re.compile(r"(?:therefore|hence|thus|consequently)\b", re.I)
_CONTRAST = re.compile(r"[;:]\s|,?\s(?:whereas|while|but|in contrast)\s", re.I)
_OUTCOME = re.compile(
    r"^\W*(?:as a result(?: of [^,]+)?|consequently|therefore|hence|for (?:this|that) reason),?\s",
    re.I,
)
_LEADS = re.compile(
    r"\b(?:so|given|mean(?:s|ing)|mak(?:es?|ing)|creat(?:es?|ed|ing)|enabl\w*|push\w*|allow\w*|"
    r"bring\w*|requir\w*|reflect\w*|justif\w*|driv\w*|lead\w*|causing|reasons?)\b",
    re.I,
)


def outcome(case: Case) -> str | None:
    """What a sentence calls a result follows from something in its evidence."""
    match = _OUTCOME.search(case.text)
    if match is None:
        return None
    if any(p.search(s.text) for s in case.cited for p in (_LINK, _LEADS, CONTINUES)):
        return None
    return f"“{match.group().strip(' ,')}” goes further than its evidence"


def _holder(text: str, cited: Sequence[Source]) -> Source | None:
    """The one source that holds more of a text than any other."""
    said = [w for w in dict.fromkeys(words(text)) if is_content(w) and w not in ("pay", "more")]
    scored = sorted(((sum(s.bag.has(w) for w in said), -n) for n, s in enumerate(cited)))
    if not scored[-1][0] or (len(scored) > 1 and scored[-1][0] == scored[-2][0]):
        return None
    return cited[-scored[-1][1]]
