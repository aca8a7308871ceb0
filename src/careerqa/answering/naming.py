"""Which title a statement is about, by what it names; nothing is guessed.

A heading or lead-in that names one title governs the statements below it ("AI/ML Engineer Career
Path": "Typical progression: Staff ML Engineer" is about the AI/ML engineer alone). Otherwise the
statement itself has to name the title, and of a table row it is the cell in the title's column that
speaks. The document as a whole speaks for a title only where it is a job description of that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from careerqa.datatypes import Document, Span, Unit, UnitKind
from careerqa.documents.cleaning import clean
from careerqa.documents.tables import cell_spans, cells
from careerqa.roles import RoleMention, Title, Vocabulary

_LEAD_IN = re.compile(r"[^.:;|\n]{1,70}:(?=\s)")
_ASIDE = re.compile(
    r"\b(?:unlike|than|versus|vs\.?|as opposed to|compared (?:to|with)|over|beyond|rather than"
    r"|relative to|from|against|while|whereas)\s+(?:\w+[\s-]+){0,2}$",
    re.IGNORECASE,
)
"""Words after which a title stands for comparison, as in "more than software engineers"."""


_STUDY = re.compile(r"\b(?:degrees?|bachelor\w*|master.?s)\b", re.IGNORECASE)
"""Words beside which "software engineering" is a subject of study, not the work of a title."""
_DESTINATION = re.compile(
    r"\b(?:to|into|towards?|as|become|becoming|like|move to|from)\s+"
    r"(?:(?!(?:while|whereas|but|and)\b)[\w/-]+,?\s+){0,8}$",
    re.IGNORECASE,
)
"""Words after which a title is where those of another one come from or go to."""
_OPENING = re.compile(
    r"(?:(?:an?|the|most|many|some|junior|senior|principal|staff|lead|entry[ -]level|experienced)"
    r"[ /]+)*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:\b(?:and|or|vs\.?|versus)|[&/])\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Naming:
    """How a statement names a title.

    `written` is how the source writes it. `by` is "statement", "column" or "row" of a table,
    "heading" or "document". `part` is what speaks of the title, in offsets of the document: the
    whole statement, or a row's cell. `in_passing` where the title is named only for comparison.
    """

    title: Title
    written: str
    by: str
    part: Span
    in_passing: bool = False


def naming_of(unit: Unit, document: Document, role: str, vocabulary: Vocabulary) -> Naming | None:
    """How a statement names the title `role`; None where it is not about it."""
    if unit.kind is UnitKind.ROW and unit.header_text is not None:
        columns = [vocabulary.roles_in(clean(cell)) for cell in cells(unit.header_text)]
        if any(columns):
            return _by_column(unit, columns, role)
        label = vocabulary.roles_in(clean(cells(unit.text)[0]))
        if names_one(label):
            return _naming(unit, label[0], "row") if label[0].name == role else None
    text = clean(unit.text)
    governing = _governing(text, unit, vocabulary)
    if governing is not None:
        return _naming(unit, governing, "heading") if governing.name == role else None
    studied = bool(_STUDY.search(text))
    opened_by = _opening(text, vocabulary)
    elsewhere = opened_by is not None and opened_by.name != role
    mentions = [
        mention
        for mention in vocabulary.roles_in(text)
        if mention.name == role
        and not (mention.field and studied)
        and not (elsewhere and _DESTINATION.search(text, 0, mention.span.start))
    ]
    if mentions:
        aside = all(_ASIDE.search(text, 0, mention.span.start) for mention in mentions)
        return _naming(unit, mentions[0], "statement", in_passing=aside)
    if vocabulary.roles_in(text, fields=False) or document.source.kind != "job description":
        return None
    titled = vocabulary.roles_in(document.source.title)
    if names_one(titled) and titled[0].name == role:
        return _naming(unit, titled[0], "document")
    return None


def names_one(mentions: list[RoleMention]) -> bool:
    """Whether all mentions are of one title."""
    return len({mention.name for mention in mentions}) == 1


def related(role: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Titles near `role`, never the same: by the vocabulary, or one part of "AI/ML engineer"."""
    near = [title.name for title in vocabulary.titles if title.near == role]
    near += [title.near for title in vocabulary.titles if title.name == role and title.near]
    near += [title.name for title in vocabulary.titles if role in _parts(title.name)]
    near += [name for name in _parts(role) if vocabulary.role(name)]
    return tuple(dict.fromkeys(near))


def _parts(name: str) -> tuple[str, ...]:
    """`AI/ML engineer` → `AI engineer`, `ML engineer`; nothing for a title without a slash."""
    first, _, head = name.partition(" ")
    return tuple(f"{part} {head}" for part in first.split("/")) if "/" in first else ()


def _by_column(unit: Unit, columns: list[list[RoleMention]], role: str) -> Naming | None:
    spans = cell_spans(unit.text)
    for mentions, span in zip(columns, spans, strict=False):
        if names_one(mentions) and mentions[0].name == role and span.of(unit.text).strip():
            text = span.of(unit.text)
            start = unit.span.start + span.start + len(text) - len(text.lstrip())
            part = Span(start, start + len(text.strip()))
            return Naming(mentions[0].title, mentions[0].written, "column", part)
    return None


def _governing(text: str, unit: Unit, vocabulary: Vocabulary) -> RoleMention | None:
    """The one title of the lead-in, else of the innermost heading that names any.

    Headings do not govern a statement that opens with a title of its own.
    """
    lead_in = _LEAD_IN.match(text)
    above = [unit.label or "", *reversed(unit.trail)]
    if _opening(text, vocabulary):
        above = []
    for part in ([lead_in.group()] if lead_in else []) + above:
        mentions = vocabulary.roles_in(part)
        if mentions:
            # "AI and ML engineering" names two, though only the second stands there in full.
            joined = any(_JOINED.search(part, 0, mention.span.start) for mention in mentions)
            return mentions[0] if names_one(mentions) and not joined else None
    return None


def _opening(text: str, vocabulary: Vocabulary) -> RoleMention | None:
    """The title that a statement opens with."""
    mentions = vocabulary.roles_in(text)
    return next((m for m in mentions if _OPENING.fullmatch(text, 0, m.span.start)), None)


def _naming(unit: Unit, mention: RoleMention, by: str, *, in_passing: bool = False) -> Naming:
    return Naming(mention.title, mention.written, by, unit.span, in_passing)
