"""Rules of the grounding check on what does well and what is advised."""

from __future__ import annotations

import re

from careerqa.grounding.case import Case
from careerqa.grounding.turned import NOT, SEGMENT
from careerqa.grounding.words import Bag, is_content, words

_FARES_WELL = re.compile(
    r"\b(?:h[oe]lds? up|(?:do|does|did|perform\w*|work(?:s|ed)?|runs?|fares?|fared) (?:\w+ly )?"
    r"(?:well|fine|better|best|smoothly)|thrives?|thrived|survives?|survived)\b",
    re.I,
)
_FARES_BADLY = re.compile(
    r"\b(?:fails?|failed|fell apart|falls? apart|breaks? down|broke down|degrad\w*|struggl\w*|"
    r"unacceptable|collaps\w*|suffers?|suffered)\b",
    re.I,
)
_PART = re.compile(r"(?<=[.!?;])\s|,\s|\s(?=(?:but|while|whereas|although)\s)", re.I)


def fares(case: Case) -> str | None:
    """What fails somewhere in the evidence isn't said to do well there."""
    match = _FARES_WELL.search(case.text)
    if match is None or NOT.search(case.text):
        return None
    after = case.text[match.end() :]
    if _FARES_BADLY.search(after):
        return None
    where = [w for w in words(SEGMENT.split(after)[0]) if is_content(w)]
    parts = [part for source in case.cited for part in _PART.split(source.text)]
    scores = [sum(map(Bag([part]).has, where)) for part in parts]
    best = max(scores, default=0)
    near = " . ".join(p for p, score in zip(parts, scores, strict=True) if score == best > 0)
    if _FARES_BADLY.search(near) and not _FARES_WELL.search(near):
        return f"its evidence does not let it “{match.group()}”"
    return None


_ENDORSED = re.compile(
    r"\b(?:(?:no|not an?|isn't an?|never an?|hardly an?) "
    r"(?:mistake|error|problem|trap|bad idea|loss)|"
    r"does no harm|(?:is|are) (?:encouraged|recommended|advisable|advised|worth (?:it|while)|fine)|"
    r"(?:the|a) (?:right|recommended|best|good|proven) (?:way|choice|idea|thing)|pays? off|"
    r"time well spent|well worth|a good idea)\b",
    re.I,
)
_WARNED = re.compile(
    r"\b(?:avoid\w*|mistakes?|traps?|pitfalls?|rather than|instead of|don't|never|beware|risky|"
    r"wrong|steer clear|skip|not)\b",
    re.I,
)


def endorsed(case: Case) -> str | None:
    """What the evidence warns of isn't recommended."""
    match = _ENDORSED.search(case.text)
    if match is None:
        return None
    said = [w for w in words(case.text[: match.start()]) if is_content(w)]
    for source in case.cited:
        for warning in _WARNED.finditer(source.text):
            after = Bag([source.text[warning.end() :]])
            before = Bag([source.text[: warning.start()]])
            held = [w for w in said if after.has(w)]
            if len(held) >= 2 and len(held) * 2 > len(said) and sum(map(before.has, said)) < 2:
                return f"its evidence warns of what it calls “{match.group()}”"
    return None
