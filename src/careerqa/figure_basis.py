"""What an amount says: of which role and level, how measured, where, when, and who found it.

The basis is read from the amount's own sentence or cell, then from its row and column, its
paragraph's lead-in, the sentence that a pronoun points to, and the heading above. What none of
them says is None. Rules and their limits: `docs/figures.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from careerqa.amounts import Amount
from careerqa.datatypes import Span
from careerqa.figure_origin import origin_of
from careerqa.roles import LevelMention, RoleMention, Vocabulary


@dataclass(frozen=True, slots=True)
class Place:
    """Where an amount stands. All but `raw` are without markup; `raw` is as long as `text`."""

    text: str
    raw: str
    before: str = ""  # the sentence before it in its paragraph
    label: str = ""  # the lead-in of its paragraph or label line
    heading: str = ""
    row: str = ""  # the first cell of its row
    column: str = ""  # the header above its cell
    subject: str = ""  # the one title that its document is about
    compared: tuple[str, ...] = ()  # the titles that its document's title names

    @property
    def frame(self) -> str:
        """What the table says of its cell."""
        return f"{self.row} | {self.column}".strip(" |")


@dataclass(frozen=True, slots=True)
class Basis:
    """What is known of an amount. None is unknown."""

    role: str | None = None
    role_written: str | None = None
    level: str | None = None
    measure: str | None = None
    period: str | None = None
    region: str | None = None
    year: str | None = None
    origin: str | None = None
    about: str | None = None


_BOUNDARY = re.compile(
    r"[;—|]|(?<!\b[A-Z])[.!?][\"”’)]*\s|,?\s(?:while|whereas|but|although|though)\s|\s(?:vs\.?|versus)\s"
    r"|,\s+(?=(?:and|with|compared|up|down|or|followed)\b)"
)
_COMPARED = re.compile(
    r"\b(?:than|over|compared (?:to|with)|relative to|unlike|versus|against)\s+"
    r"(?:[A-Za-z-]+\s+){0,3}$",
    re.IGNORECASE,
)
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
_PRONOUN = re.compile(r"\s*(?:It|They|Their|Its|These|This|The (?:role|job|position|title))\b")
_OF_OTHERS = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?of\s+(?:[\w-]+\s+){0,3}?(?:compan|firm|leader|developer|employer|organi"
    r"|business|respondent|executive|manager|recruiter|people|worker|student|graduate)",
    re.IGNORECASE,
)
_AFTER_VERSUS = re.compile(r"\d\S*\s+(?:vs\.?|versus)\s+$")

_LEVEL_AFTER = re.compile(r"^[\s+)]*(?:(?:for|are|is|at|as)\s+)?(?:the\s+|an?\s+)?$")
_LEVEL_BEFORE = re.compile(r"^[\s:(=]*(?:(?:level|roles?|engineers?|share)[\s:(]*)?$")
_LEVEL_OF = re.compile(r"^.{0,40}?\b(?:for|at|among|of)\s+(?:[\w.-]+\s+){0,2}$", re.DOTALL)

_REGIONS = [
    ("US", r"U\.S\.(?:A\.)?|USA?\b|United States|American\b"),
    ("UK", r"U\.K\.|UK\b|United Kingdom|Britain|British\b"),
    ("EU", r"EU\b(?! AI Act)|European Union"),
    ("Europe", r"Europe\b|European\b(?! Union)"),
    ("global", r"[Gg]lobal(?:ly)?\b|[Ww]orldwide|around the world"),
    ("Canada", r"Canad(?:a|ian)\b"),
    ("Germany", r"German(?:y)?\b"),
    ("India", r"Indian?\b"),
    ("San Francisco", r"San Francisco|Bay Area|Silicon Valley"),
    ("New York", r"New York|NYC\b"),
    ("Los Angeles", r"Los Angeles"),
    ("London", r"London\b"),
]
_REGION = re.compile(
    r"\b(?=[A-Zagw])(?:" + "|".join(f"(?P<r{n}>{p})" for n, (_, p) in enumerate(_REGIONS)) + ")"
)

_Y = r"((?:19|20)\d\d)"
_YEARS = re.compile(
    rf"\b(?:(?:from|between)\s+)?{_Y}\s*(?:to|and|–|-|—)\s*{_Y}\b|\b{_Y}\b(?!s)", re.IGNORECASE
)

_PERIODS = [
    ("year", r"per (?:year|annum)|/\s?(?:yr|year)\b|\ba year\b|annual(?:ly|ized)?|yearly|\bp\.a\."),
    ("month", r"per month|/\s?(?:mo|month)\b|\ba month\b|monthly"),
    ("week", r"per week|/\s?(?:wk|week)\b|\ba week\b|weekly"),
    ("day", r"per day|/\s?day\b|daily rate"),
    ("hour", r"per hour|/\s?(?:hr|h|hour)\b|\ban hour\b|hourly"),
]
_PERIOD = re.compile("|".join(f"(?P<{name}>{p})" for name, p in _PERIODS), re.IGNORECASE)
_YEAR_ON_YEAR = re.compile(
    r"year[- ](?:on|over)[- ]year|\byoy\b|(?:in|over) a single year", re.IGNORECASE
)


def basis_of(
    amount: Amount, place: Place, vocabulary: Vocabulary, amounts: Sequence[Amount] = ()
) -> Basis:
    """The basis of `amount`, one of the `amounts` of `place`."""
    from careerqa.figure_measure import about_of, measure_of

    clause = clause_of(place.text, amount.span)
    role, fallback = _role(amount, place, vocabulary, amounts)
    level = _level(amount, place, clause, vocabulary, fallback=fallback)
    measure = measure_of(amount, place, clause, level is not None)
    return Basis(
        role=role.name if role else None,
        role_written=role.written if role else None,
        level=level,
        measure=measure,
        period=_period(amount, place, clause),
        region=_region(place, clause),
        year=_year(amount, place, clause, amounts),
        origin=origin_of(place.raw, place.text, amount.span),
        about=about_of(amount, place, clause, measure, level is not None),
    )


def clause_of(text: str, span: Span) -> Span:
    """The clause around `span`: up to a semicolon, dash, sentence end, "while", "vs" and so on."""
    start, end = 0, len(text)
    for match in _BOUNDARY.finditer(text):
        if match.end() <= span.start:
            start = match.end()
        elif match.start() >= span.end:
            end = match.start()
            break
    return Span(start, end)


def _role(
    amount: Amount, place: Place, vocabulary: Vocabulary, amounts: Sequence[Amount]
) -> tuple[RoleMention | None, bool]:
    """The role, and whether it stands outside the amount's own sentence or cell."""
    mentions = vocabulary.roles_in(place.text)
    own = [m for m in mentions if not _COMPARED.search(place.text[: m.span.start])]
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
        if _BOUNDARY.search(between) or "," in between or "(" in between:
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
    if _PRONOUN.match(place.text):
        return vocabulary.role(place.before)
    found = vocabulary.role(place.label)
    if found or _OF_OTHERS.match(place.text[amount.span.end :]):
        return found
    return vocabulary.role(place.heading) or vocabulary.role(place.subject)


def _level(
    amount: Amount, place: Place, clause: Span, vocabulary: Vocabulary, *, fallback: bool
) -> str | None:
    text = place.text
    mentions = vocabulary.levels_in(text)
    for mention in mentions:
        if mention.span.end <= amount.span.start:
            if _LEVEL_BEFORE.match(text[mention.span.end : amount.span.start]):
                return mention.name
        elif mention.span.start >= amount.span.end and _LEVEL_AFTER.match(
            text[amount.span.end : mention.span.start]
        ):
            return mention.name
    sure = [m for m in mentions if m.sure and not _COMPARED.search(text[: m.span.start])]
    for choice in (_levels_before(amount, clause, sure), _levels_of(amount, clause, text, sure)):
        names = {mention.name for mention in choice}
        if names:
            return names.pop() if len(names) == 1 else None
    if place.frame:
        return _cell_level(place.column, vocabulary) or _cell_level(place.row, vocabulary)
    if fallback and _PRONOUN.match(text):
        return vocabulary.level(place.before)
    return vocabulary.level(place.label) or (vocabulary.level(place.heading) if fallback else None)


def _levels_before(
    amount: Amount, clause: Span, mentions: Sequence[LevelMention]
) -> list[LevelMention]:
    return [m for m in mentions if clause.start <= m.span.start and m.span.end <= amount.span.start]


def _levels_of(
    amount: Amount, clause: Span, text: str, mentions: Sequence[LevelMention]
) -> list[LevelMention]:
    after = [m for m in mentions if amount.span.end <= m.span.start < clause.end]
    return [m for m in after if _LEVEL_OF.match(text[amount.span.end : m.span.start])]


def _cell_level(text: str, vocabulary: Vocabulary) -> str | None:
    """The level that a header or a row's label names: a word for it counts there by itself."""
    names = {mention.name for mention in vocabulary.levels_in(text)}
    return names.pop() if len(names) == 1 else None


def _region(place: Place, clause: Span) -> str | None:
    before = place.text[: clause.end]  # what a region further on says is of another amount
    for text in (clause.of(place.text), before, place.frame, place.label, place.heading):
        found = {_REGIONS[int(str(m.lastgroup)[1:])][0] for m in _REGION.finditer(text)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _year(amount: Amount, place: Place, clause: Span, amounts: Sequence[Amount]) -> str | None:
    """The year or horizon: in the amount's clause, else before the sentence's first amount."""
    text = place.text
    after = _YEARS.search(text, amount.span.end, clause.end)
    if after:
        return _year_text(after)
    first = min((other.span.start for other in amounts), default=amount.span.start)
    before = list(_YEARS.finditer(text, clause.start, amount.span.start))
    before = before or list(_YEARS.finditer(text, 0, min(first, amount.span.start)))
    if before:
        return _year_text(before[-1])
    in_table = _YEARS.search(place.frame)
    return _year_text(in_table) if in_table else None


def _year_text(match: re.Match[str]) -> str:
    first, last, only = match.groups()
    return only or f"{first}-{last}"


def _period(amount: Amount, place: Place, clause: Span) -> str | None:
    """Money's period may stand once for a sentence's amounts; a rate's stands in its own clause."""
    money = amount.unit == "money"
    if not money and amount.unit not in ("percent", "count"):
        return None
    texts = (clause.of(place.text), place.text, place.frame, place.label)
    for text in texts if money else texts[:1]:
        found = set()
        if money or amount.unit == "count":
            found = {str(match.lastgroup) for match in _PERIOD.finditer(text)}
        if not money and _YEAR_ON_YEAR.search(text):
            found.add("year")
        if found:
            return found.pop() if len(found) == 1 else None
    return None
