"""Whose amount it is: the title that the words around an amount give it to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.figures.bounds import Amount
from careerqa.figures.place import BOUNDARY, COMPARED, PRONOUN, Place
from careerqa.roles import RoleMention, Vocabulary

_HELD_BEFORE = re.compile(
    r"\bif you(?:['’]re| are)(?: already| currently)?(?: an?)?\s+$|\b(?:former|coming from"
    r"|transition(?:ing)? from|move from|switch(?:ing)? from)(?: an?)?\s+$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^(?:s|['’]s|s['’])?\s*(?:,?\s*(?:and|or)|,|&|/)\s+(?:[a-z-]+\s+){0,1}$")
_OF = re.compile(
    r"^\s*\+?(?:/\w+)?\s*(?:[\w.%/’'-]+\s+){0,4}?(?:of|for|among)\s+(?:[\w.’'-]+\s+){0,4}$"
)
_DIRECTLY = re.compile(
    r"^\+?\s+(?:(?!(?:than|over|more|less|in|to|as|at|by|and|or|while|an?|the|for|of)\b)"
    r"[a-z-]+\s+){0,2}$"
)
_IN_BRACKETS = re.compile(r"^[^.;()]*\([^()]*$")
_OF_OTHERS = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?of\s+(?:[\w-]+\s+){0,3}?(?:compan|firm|leader|developer|employer|organi"
    r"|business|respondent|executive|manager|recruiter|people|worker|student|graduate)",
    re.IGNORECASE,
)
_AFTER_VERSUS = re.compile(r"\d\S*\s+(?:vs\.?|versus)\s+$")


def role_of(
    amount: Amount, place: Place, vocabulary: Vocabulary, amounts: Sequence[Amount]
) -> tuple[RoleMention | None, bool]:
    """The role, and whether it stands outside the amount's own sentence or cell."""
    mentions = vocabulary.roles_in(place.text)
    own = [m for m in mentions if not COMPARED.search(place.text[: m.span.start])]
    own = [m for m in own if not _HELD_BEFORE.search(place.text[: m.span.start])]
    paired = _paired(amount, place.text, mentions, amounts)
    if paired:
        return paired, False
    found = _named_after(amount, place.text, own)
    if not found:
        found = _named_before(amount, place.text, own)
    if not found and not place.frame:
        found = [m for m in own if _bracketed(amount, place.text, m)][:1]
    if len(found) == 1:
        other = _other_of_two(amount, place, found[0], vocabulary)
        return other or found[0], False
    if len(found) > 1 or (own and not place.frame):
        return None, False
    return _named_around(amount, place, vocabulary), True


def _paired(
    amount: Amount, text: str, mentions: Sequence[RoleMention], amounts: Sequence[Amount]
) -> RoleMention | None:
    """As in "A and B earn X and Y respectively" and "A vs B: X vs Y"."""
    if len(mentions) != len(amounts) or len(amounts) < 2 or amount not in amounts:
        return None
    if mentions[-1].span.end > amounts[0].span.start:
        return None
    versus = re.compile(r"\b(?:vs|versus)\b")
    both = versus.search(text[mentions[0].span.end : mentions[-1].span.start]) and versus.search(
        text[amounts[0].span.end : amounts[-1].span.start]
    )
    if both or "respectively" in text:
        return mentions[amounts.index(amount)]
    return None


def _together(text: str, mentions: Sequence[RoleMention], at: int) -> list[RoleMention]:
    """The mentions that share a head or are joined with mention `at`."""
    found = [mentions[at]]
    for step in (-1, 1):
        here = at
        while 0 <= here + step < len(mentions):
            left, right = sorted((mentions[here], mentions[here + step]), key=lambda m: m.span)
            joined = left.span == right.span or _JOINED.match(
                text[left.span.end : right.span.start]
            )
            if not joined:
                break
            here += step
            found.append(mentions[here])
    return found


def _named_after(amount: Amount, text: str, mentions: Sequence[RoleMention]) -> list[RoleMention]:
    """As in "7% of AI engineers", "$150k for AI engineers", "500 AI engineers"."""
    for at, mention in enumerate(mentions):
        if mention.span.start < amount.span.end:
            continue
        between = text[amount.span.end : mention.span.start]
        if BOUNDARY.search(between) or "," in between or "(" in between:
            return []
        if _OF.match(between + " " * (not between.endswith(" "))) or _DIRECTLY.match(between):
            return _together(text, mentions, at)
        return []
    return []


def _named_before(amount: Amount, text: str, mentions: Sequence[RoleMention]) -> list[RoleMention]:
    """The nearest title before the amount, with those joined to it."""
    before = [at for at, m in enumerate(mentions) if m.span.end <= amount.span.start]
    return _together(text, mentions, before[-1]) if before else []


def _bracketed(amount: Amount, text: str, mention: RoleMention) -> bool:
    """As in "17% growth (BLS, software developers)"."""
    after = mention.span.start >= amount.span.end
    return after and bool(_IN_BRACKETS.match(text[amount.span.end : mention.span.start]))


def _other_of_two(
    amount: Amount, place: Place, found: RoleMention, vocabulary: Vocabulary
) -> RoleMention | None:
    """The second of "23 vs 5" where the sentence names the first of the two titles compared."""
    if len(place.compared) != 2 or found.name not in place.compared:
        return None
    if found.span.end > amount.span.start or not _AFTER_VERSUS.search(
        place.text[: amount.span.start]
    ):
        return None
    first, second = place.compared
    return vocabulary.role(second if found.name == first else first)


def _named_around(amount: Amount, place: Place, vocabulary: Vocabulary) -> RoleMention | None:
    if place.frame:
        for part in (place.column, place.row):
            found = vocabulary.role(part)
            if found:
                return found
    if PRONOUN.match(place.text):
        return vocabulary.role(place.before)
    found = vocabulary.role(place.label)
    if found or _OF_OTHERS.match(place.text[amount.span.end :]):
        return found
    return vocabulary.role(place.heading) or vocabulary.role(place.subject)
