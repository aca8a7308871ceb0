"""Evidence, read once: its pieces with their roles and levels, and the quantities in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from careerqa.documents.tables import cells, columns_of
from careerqa.grounding.facts import Quantity, quantities
from careerqa.grounding.normal import flat, normal
from careerqa.grounding.owners import Mention, bind, bindings, is_wider, roles
from careerqa.grounding.words import LEVELS, MEASURES, Bag

PIECE = re.compile(
    r"(?<=[.!?;])\s|:\s(?=[A-Z])|,?\s(?=(?:while|whereas|but|than|with(?= (?:an? )?(?:AI|"
    r"ML|software)\b)|versus|vs\.?|against|in contrast|by contrast)\b)|"
    r"(?<=ports|eport|shows|notes|finds|tates)\sthat\s|"
    r"(?<=[a-z]),\s(?=(?:an?\s|the\s)?(?:AI|ML|software|machine learning|"
    r"data)\s(?:\w+\s)?engineer)",
    re.I,
)
_LEVEL_WORDS = {w for ws in LEVELS.values() for w in ws} - {"entry", "staff"}
_LEVEL = re.compile(
    r"\b(early(?: in (?:the|their|a|your|one's|his|her))?[- ]career|entry[- ]level|early on|"
    r"mid[- ](?:level|career)|(?<=[\d%]\s)entry|"
    r"entry(?=\s(?:roles?|jobs?|positions?|hires?|\d)|\s?[:/-]|$)|"
    r"staff(?=\s?/|\s(?:and|or) principal|\s(?:[a-z/]+\s){0,3}?engineer|\s?[:;$]|\slevel|$)|"
    + "|".join(
        sorted(
            (w for ws in LEVELS.values() for w in ws if w not in ("entry", "staff")),
            key=len,
            reverse=True,
        )
    )
    + r")\b",
    re.I,
)
_LEVEL_OF = {word: name for name, listed in LEVELS.items() for word in listed}
_START = re.compile(
    r"\b(?:start(?:s|ing)?(?: out)?|begin(?:s|ning)?|early|earliest|outset|newly|"
    r"just starting|graduates?|freshers?|novices?|"
    r"new (?:AI|ML|software|engineers?|hires?|graduates?))\b",
    re.I,
)
EXCLUSIVE = frozenset({"median", "average", "percentile", "base"})
"""Measures of which a figure is one and not another."""
_MEASURE_OF = {word: name for name, listed in MEASURES.items() for word in listed}
_MEASURE = re.compile(r"\b(" + "|".join(_MEASURE_OF) + r")\b", re.I)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A statement that a sentence may point at by its `id`.

    `header` is the header row of a table row; `section` the headings above; `title` and
    `publisher` are the document's.
    """

    id: int
    text: str
    header: str | None = None
    section: str | None = None
    title: str = ""
    publisher: str = ""
    document: str = ""
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A quantity of the evidence with what it belongs to; None where the text does not say."""

    quantity: Quantity
    role: str | None
    level: str | None
    measure: str | None
    of_row: bool
    text: str  # of the clause that it stands in; "" for a cell
    label: str = ""  # of the row


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause or a cell, and the roles that it speaks of."""

    text: str
    roles: frozenset[str]
    bag: Bag
    levels: frozenset[str] = frozenset()


def level_mentions(text: str) -> list[Mention]:
    """Levels named in normalised text."""
    return [Mention(_level(m[1].lower()), m.start(), m.end()) for m in _LEVEL.finditer(text)]


def _level(word: str) -> str:
    return _LEVEL_OF.get(word) or ("mid" if word.startswith("mid") else "entry")


def measure_mentions(text: str) -> list[Mention]:
    """Terms of measuring in normalised text."""
    return [Mention(_MEASURE_OF[m[1].lower()], m.start(), m.end()) for m in _MEASURE.finditer(text)]


def starting(text: str) -> bool:
    """Whether a text speaks of the start of a career without naming a level."""
    return bool(_START.search(text))


def with_start(levels: list[Mention], text: str, figures: int) -> list[Mention]:
    """Levels named in a text, with what it says of the start as one, where it tells them apart."""
    named = {mention.name for mention in levels}
    if not named or (len(named) < 2 and figures < 2) or "entry" in named:
        return levels
    starts = [Mention("entry", m.start(), m.end()) for m in _START.finditer(text)]
    return sorted([*levels, *starts], key=lambda mention: mention.start)


_ASIDE = re.compile(r"\W*(?:vs\b\.?|versus\b|against\b|compared\b|than\b)", re.I)
FIELD = "ai roles"
"""What a clause is about that speaks of AI jobs at large."""
_FIELD = re.compile(r"^\W*(?:\w+\s){0,2}AI(?:/ML)? (?:roles|jobs|positions)\b", re.I)


def speaks_of_field(text: str) -> bool:
    """Whether a clause is about AI jobs at large."""
    return bool(_FIELD.search(text))


def fits(role: str, named: frozenset[str]) -> bool:
    """Whether a clause about the named roles is about `role` as well."""
    if role in named:
        return True
    if any(is_wider(role, name) for name in named):
        return True
    if role == FIELD:
        return any(name.startswith(("ai", "ml")) for name in named)
    return FIELD in named and role.startswith(("ai", "ml"))


_HOST = re.compile(r"\b([\w-]+)\.(?:com|org|net|io|ai|co|team|gov|edu)\b")


class Source:
    """One evidence, prepared for checking."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.id = evidence.id
        self.context = normal(" . ".join(filter(None, (evidence.section, evidence.title))))
        self.header = normal((evidence.header or "").replace("|", " ; ").replace("\t", " ; "))
        self.label = ""
        hosts = " ".join(_HOST.findall(f"{evidence.text} {evidence.document}"))
        self.names = f"{evidence.publisher} {hosts}"
        self.pieces: list[Piece] = []
        self.facts: list[Fact] = []
        if evidence.header and len(cells(evidence.text)) > 1:
            self._read_row()
        else:
            self._read_prose()
        self.bag = Bag([self.text, self.header])
        self.wide = Bag([self.text, self.header, self.context, self.names])

    @cached_property
    def text(self) -> str:
        """The evidence, normalised."""
        return normal(self.evidence.text.replace("|", " ; ").replace("\t", " ; "))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that the statement or its header names."""
        return frozenset(m.name for m in roles(self.text) + roles(self.header))

    @cached_property
    def levels(self) -> frozenset[str]:
        """Every level that it names."""
        named = {m.name for m in level_mentions(self.text) + level_mentions(self.header)}
        return frozenset(named | ({"entry"} if starting(self.text) else set()))

    @cached_property
    def verbatim(self) -> str:
        """Its words as a quotation is looked for: markup gone, one kind of quotation mark."""
        return flat(f"{self.evidence.text} \n {self.evidence.header or ''}")

    def _read_row(self) -> None:
        parts = [normal(cell) for cell in cells(self.evidence.text)]
        columns = list(map(normal, columns_of(self.evidence.text, self.evidence.header or "")))
        label = self.label = parts[0]
        row_role = _one(roles(label))
        row_level = _one(level_mentions(label))
        row_measure = _one(measure_mentions(label))
        self.pieces.append(Piece(label, frozenset({row_role} if row_role else ()), Bag([label])))
        for number, part in enumerate(parts[1:], 1):
            column = columns[number]
            role = row_role or _one(roles(column))
            self._add(
                part,
                frozenset({role} if role else ()),
                role,
                row_level or _one(level_mentions(column)),
                row_measure or _one(measure_mentions(column)),
                extra=f"{label} {column}",
            )

    def _read_prose(self) -> None:
        inherited: frozenset[str] = frozenset()
        levels: frozenset[str] = frozenset()
        end = 0
        for text in filter(None, PIECE.split(self.text)):
            continues = self.text[end : end + 1] == ":"
            end = self.text.find(text, end) + len(text)
            named = frozenset(m.name for m in roles(text))
            aside = not named and bool(_ASIDE.match(text))
            if not named and speaks_of_field(text):
                named = frozenset({FIELD})
            inherited = named or inherited
            owner = next(iter(inherited)) if len(inherited) == 1 else None
            own = frozenset(m.name for m in level_mentions(text))
            levels = own | levels if continues else own or levels
            self._add(text, inherited, None if owner == FIELD or aside else owner)
            self.pieces[-1] = replace(self.pieces[-1], levels=levels)

    def _add(
        self,
        text: str,
        named: frozenset[str],
        role: str | None,
        level: str | None = None,
        measure: str | None = None,
        *,
        extra: str = "",
    ) -> None:
        found = quantities(text)
        bound_roles = bindings(found, roles(text), text) if roles(text) else [role] * len(found)
        bound_levels = bindings(found, level_mentions(text), text)
        measures = [m for m in measure_mentions(text) if m.name in EXCLUSIVE]
        for quantity, its_role, its_level in zip(found, bound_roles, bound_levels, strict=True):
            its_measure = bind(quantity.start, quantity.end, measures, text)
            self.facts.append(
                Fact(
                    quantity,
                    its_role,
                    its_level or level,
                    its_measure or measure,
                    bool(extra),
                    "" if extra else text,
                    self.label,
                )
            )
        levels = {m.name for m in level_mentions(text)} | ({level} if level else set())
        self.pieces.append(Piece(text, named, Bag([text, extra]), frozenset(levels)))


def read(evidence: Evidence) -> Source:
    """Prepare one evidence."""
    return Source(evidence)


def _one(mentions: list[Mention]) -> str | None:
    names = {m.name for m in mentions}
    return names.pop() if len(names) == 1 else None
