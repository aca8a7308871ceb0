"""Fragments ("And for seniors?", "a master's?") put in the place of their like in a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.conversation.words import (
    as_question,
    content,
    level_spans,
    level_word,
    names,
    person_span,
    plural,
    roles_in,
    singular,
)
from careerqa.datatypes import Span
from careerqa.roles import RoleMention

_FILLERS = re.compile(
    r"\b(?:an?|the|one|ones|for|to|of|with|at|as|into|in|about|level|levels|positions?|roles?|jobs?"
    r"|people|folks|and|or|only|just|both|s)\b|[^\w]",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(r"\b(?:less|more|fewer|higher|lower|better|worse|faster|slower)\b", re.I)
_ANYBODY = re.compile(
    r"\b(?:women|men|people|graduates|minorities|beginners|parents|students|immigrants)\b", re.I
)
_PREPOSITION = re.compile(
    r"(?:in|at|with|without|on|by|during|after|before|outside|inside|within|from|through|since"
    r"|until|per|for|under|over|if)\b",
    re.IGNORECASE,
)
_DEGREE = (
    r"ph\.?d|doctorate|master['’]?s?|bachelor['’]?s?|degree|boot ?camp|certificat(?:e|ion)"
    r"|diploma|mba|apprenticeship"
)
SLOTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:median|average|mean|minimum|maximum|typical|highest|lowest"
        r"|\d+(?:st|nd|rd|th) percentile)\b",
        r"\b(?:remote(?:ly)?|hybrid|on-?site|in-?person|full-?time|part-?time|freelance)\b",
        rf"\b(?:an? |the |no )?(?:{_DEGREE})(?: degree)?(?!\w)",
        r"\b(?:19|20)\d\d\b|\b(?:last|next|this) year\b",
        r"\b(?:most|least|fewest|highest|lowest|best|worst|fastest|slowest|biggest|smallest)\b",
        r"\b(?:hourly|daily|weekly|monthly|annual|yearly|per (?:hour|day|week|month|year))\b",
    )
)
"""Kinds of words of which one takes the place of another."""
_PLACE = re.compile(
    r"\b(in|at|for) ((?:the )?(?!AI\b|ML\b|LLMs?\b)[A-Z][\w.&’'-]*(?: [A-Z][\w.]*)*)"
)


def fill(fragment: str, before: str) -> str | None:
    """`before` with `fragment` in the place of its like; None for a fragment of no known kind."""
    roles = roles_in(fragment)
    levels = level_spans(fragment)
    rest = _without(fragment, [m.span for m in roles] + list(levels))
    compared = _COMPARATIVE.search(fragment)
    if compared and roles and not content(_COMPARATIVE.sub(" ", _FILLERS.sub(" ", rest))):
        old = [m.name for m in roles_in(before)]
        than = f" than {_listed([plural(n) for n in dict.fromkeys(old)])}" if old else ""
        filled = with_roles(before, roles, ())
        return as_question(f"{filled.rstrip('?')}, {compared.group().lower()}{than}")
    if roles or levels:
        words = [level_word(span.of(fragment)) for span in levels]
        filled = with_roles(before, roles, words)
        if not _FILLERS.sub("", rest).strip():
            return as_question(filled)
        further = None if content(rest) == [] else _other(rest.strip(" ,"), filled)
        return further if not roles else further or None
    return _other(fragment, before)


def _other(fragment: str, before: str) -> str | None:
    """A fragment without titles and levels put in its place."""
    # a kind that the question before has a word of goes first: "highest" for its "average"
    for slot in sorted(SLOTS, key=lambda slot: not slot.search(before)):
        found = slot.search(fragment)
        if found and not content(_FILLERS.sub(" ", _without(fragment, [_span(found)]))):
            there = slot.search(before)
            if there:
                return as_question(_put(before, _span(there), found.group()))
            return as_question(f"{before.rstrip('?')}, {fragment.removeprefix('the ')}")
    place = _PLACE.search(before)
    named = re.fullmatch(r"(?:(?:in|at|for) )?((?:the )?[A-Z][\w.&’' -]*)", fragment)
    if place and (named or re.match(r"in\b", fragment, re.IGNORECASE)):
        name = named.group(1) if named else fragment.split(" ", 1)[1]
        return as_question(_put(before, Span(place.start(2), place.end(2)), name))
    owner = _proper(before)
    if named and owner and not fragment.lower().startswith("in "):
        return as_question(_put(before, owner, named.group(1)))
    person = person_span(fragment)
    introduced = re.match(r"(?:for|with) ", fragment, re.IGNORECASE)
    if introduced and _ANYBODY.search(fragment):
        return as_question(f"{before.rstrip('?')} {fragment}")
    if person and not content(_without(fragment, [person])):
        return as_question(with_people(before, person.of(fragment)))
    if introduced or _PREPOSITION.match(fragment):
        return as_question(f"{before.rstrip('?')} {fragment}")
    return None


def with_roles(text: str, roles: Sequence[RoleMention], levels: Sequence[str]) -> str:
    """`text` about other titles and levels; what is not given stays as it is."""
    level = " or ".join(levels)
    held = level_spans(text)
    target = next(iter(roles_in(text)), None)
    if target is None and roles:
        person = person_span(text)
        named = _listed([plural(m.written) for m in roles])
        new = f"{level} {named}".strip()
        return _put(text, person, new) if person else f"{text.rstrip('?')} for {new}"
    if target is None:
        return _put(text, held[0], level) if held else f"{text.rstrip('?')} for {plural(level)}"
    start, end = target.span.start, target.span.end
    several = text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalpha()
    end += several
    written = text[start:end]
    if roles:
        written = _listed(list(dict.fromkeys(_written(m, target, several) for m in roles)))
    if not level:
        return text[:start] + written + text[end:]
    if held:
        first = held[0]
        if first.end <= start:
            return text[: first.start] + level + text[first.end : start] + written + text[end:]
        changed = _put(text, first, level)
        return changed[:start] + written + changed[end:]
    return f"{text[:start]}{level} {written}{text[end:]}"


def _written(mention: RoleMention, target: RoleMention, several: bool) -> str:
    title = mention.title
    if target.field:
        return title.fields[0] if title.fields else plural(title.name)
    name = title.name if mention.field or mention.written.islower() else mention.written
    return plural(name) if several else name


def with_people(text: str, people: str) -> str:
    """`text` about other people than the title, or the people, that it names."""
    target = next(iter(roles_in(text)), None)
    if target is None:
        held = person_span(text)
        if held is None:
            return f"{text.rstrip('?')} for {people}"
        return _put(text, held, people)
    end = target.span.end
    several = text[end : end + 1] == "s"
    before = text[: target.span.start]
    for span in level_spans(text):
        if not before[span.end :].strip():
            before = before[: span.start]
    return before + (people if several else singular(people)) + text[end + several :]


def _proper(text: str) -> Span | None:
    """The first name in a text that is no title, as of a firm."""
    found = next((n for n in names(text) if n not in ("AI", "ML", "LLM", "US", "EU")), None)
    if found is None:
        return None
    start = text.index(found, 1)
    return Span(start, start + len(found))


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _put(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]


def _span(match: re.Match[str]) -> Span:
    return Span(match.start(), match.end())


def _without(text: str, spans: Sequence[Span]) -> str:
    kept = list(text)
    for span in spans:
        for at in range(span.start, min(span.end, len(kept))):
            kept[at] = " "
    plain = "".join(kept)
    return re.sub(r"(?<=  )s\b|(?<= )['’]s\b", " ", plain)
