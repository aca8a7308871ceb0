"""Than: whether a sentence gives the greater part to the lesser side of its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.grounding.sides import frames
from careerqa.grounding.sources import Source
from careerqa.grounding.titled import one_word
from careerqa.grounding.words import OPPOSITES, is_content, stem, words

_MORE, _LESS = OPPOSITES[0]
_UPWARD: Final = _MORE | {
    "ahead",
    "outpace",
    "outpaces",
    "exceeds",
    "premium",
    "outearns",
    "beats",
    "outnumbers",
    "faster",
    "longer",
    "heavier",
    "deeper",
    "dearer",
    "pricier",
    "costlier",
    "overtakes",
    "overtaken",
    "surpasses",
    "tops",
}


_DOWNWARD: Final = _LESS | frozenset(
    {"behind", "lag", "lags", "trail", "trails", "slower", "shorter", "lighter", "worse"}
)


COMPARATOR = re.compile(
    r"\b(" + "|".join(sorted(_UPWARD | _DOWNWARD)) + r"|out(?:earn|pac|number|strip|perform|rank)"
    r"(?:e?s|ed|ing|e)?)\b",
    re.I,
)


def sign_of(word: str) -> int:
    """Whether a word of comparison means more, 1, or less, -1."""
    lower = word.lower()
    return 1 if lower in _UPWARD or lower.startswith("out") else -1


_THAN = re.compile(r"\bthan\s(?:in |for |at |with |by |of )?(?:the |an? |those |that )*", re.I)
_BIGGER = re.compile(r"\b(?:(?:more|less|fewer)\s(\w+)|(\w{3,})(?:i?er)|(?:better|worse))\b", re.I)


def other_side(text: str, cited: Sequence[Source]) -> str | None:
    """Whether the evidence says the comparative of what stands after "than", and of that alone."""
    for match in _THAN.finditer(text):
        bigger = list(_BIGGER.finditer(text[: match.start()]))
        if not bigger:
            continue
        word = (bigger[-1][1] or bigger[-1].group()).lower()
        before = re.sub(r"\s\w+ing\s$", " ", text[: bigger[-1].start()])
        left = _telling(text[bigger[-1].end() : match.start()])
        left = left or _telling(re.split(r"[;:]\s|,\s", before)[-1])
        right = _telling(re.split(r"[;:.]\s|,\s", text[match.end() :])[0])
        for source in cited:
            for clause in _SAID_OF.split(source.text):
                own = re.split(r"\bthan\b", clause)[0]
                if not re.search(rf"\b{re.escape(word)}\b", own, re.I):
                    continue
                held = _telling(own)
                if held & right - left and not held & left - right - _telling(word):
                    return "turns a comparison of its evidence round"
    return None


_SAID_OF = re.compile(
    r"(?<=[.!?])\s|;\s|,?\s(?:while|whereas|but)\s|,\sand\s(?=(?:\S+\s){2,4}(?:is|are|has|have)\s)"
)


def _telling(text: str) -> set[str]:
    return {stem(w) for w in words(one_word(text)) if is_content(w)}


def taken_over(text: str, cited: Sequence[Source]) -> str | None:
    """Whether the lesser side of a `than` is given the greater part, without naming the other."""
    match = COMPARATOR.search(text)
    if match is None:
        return None
    near = re.split(r"[;:]\s|\s(?:and|while|but)\s", text[: match.start()])[-1]
    about = {stem(w) for w in words(near) if is_content(w)}
    for source in cited:
        for frame in frames(source.text):
            if frame.kind != "over":
                continue
            left, right = ({stem(w) for w in side} for side in (frame.left, frame.right))
            if frame.sign != sign_of(match[1]):
                left, right = right, left
            if about & (right - left) and not about & left:
                return "turns a comparison of its evidence round"
    return None
