"""Evidence → the things that it sets side by side, each with what it says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from careerqa.documents.tables import cells, columns_of
from careerqa.grounding.sources import Source
from careerqa.grounding.titled import one_word, telling
from careerqa.grounding.words import Bag, words

_SENTENCE = re.compile(r"(?<=[.!?])\s|;\s")
NEXT: Final = r",\s(?:and\s)?(?=(?:the\s|an?\s)?role0\w+\s(?!and\b|or\b|role|roles\b|by$)\w)"
_CONTRAST = re.compile(
    r",?\s(?:while|whereas|but|by contrast,?|in contrast,?)\s|"
    rf"{NEXT}",
    re.I,
)
_AGAIN = re.compile(
    r"\W*(?:this|that|these|those|it|they|such|its|their|both|the same|he|she|as a result|so|"
    r"also|however|additionally|then|here|there)\b",
    re.I,
)
LEAD: Final = re.compile(
    r"\W*(?!(?:in (?:terms|addition|contrast|comparison|general|practice|fact|this|that|short)|"
    r"for (?:example|instance)|on (?:average|the other)|as (?:of|a|well))\b)"
    r"(at|for|in|if|with|when|on|among|as|under|from|to)\b",
    re.I,
)
FINITE: Final = re.compile(
    r"\s(?:is|are|was|were|has|have|had|may|might|can|will|would|should|must|do|does|don't|"
    r"typically|usually|often|tends?|focus(?:es)?|works?|uses?|builds?|needs?|requires?|"
    r"commands?|earns?|leads?|progress(?:es|ion)?|advances?|struggles?|deals?|provides?|"
    r"integrates?|similarly|generally|spends?|sees?|makes?|see|command|get|gets)\b",
    re.I,
)
_PARENTHESES = re.compile(r"((?:[A-Za-z/&-]+\s?){1,3})\(([^()]{3,120})\)")


_WHO = re.compile(r"((?:[\w/-]+\s){1,2})who\s([^,;.]{8,80})")
_FOR = re.compile(r"((?:\S+\s){1,6})for\s((?:\S+\s?){1,6})$")


@dataclass(frozen=True, slots=True)
class Item:
    """One of several contrasted things: the words that name it and those said of it."""

    kind: str
    head: frozenset[str]
    body: str
    whole: Bag


_BY = re.compile(r"\bby\s(?:an?\s|the\s)?$", re.I)


def _item(kind: str, head: str, body: str) -> Item:
    return Item(
        kind, frozenset(telling(head) or words(head)), body, Bag([head, body, *telling(body)])
    )


@lru_cache(maxsize=256)
def _items(text: str, header: str) -> tuple[Item, ...]:
    found: list[Item] = []
    if header:
        parts, columns = cells(text), columns_of(text, header)
        for part, column in zip(parts[1:], columns[1:], strict=True):
            if column:
                found.append(_item("column", one_word(column), one_word(part)))
        return (*found, _item("row", one_word(parts[0]), one_word(" ; ".join(parts[1:]))))
    text = one_word(text)
    lists = [_item("list", m[1], m[2]) for m in _PARENTHESES.finditer(text)]
    if len(lists) >= 3:
        found += lists
    pairs = [m for part in re.split(r",\s(?:and\s)?|;\s", text) if (m := _FOR.match(part))]
    if len(pairs) >= 2 and not re.search(r"(?<![a-z])\d", text):
        found += [_item("for", m[1], m[2]) for m in pairs]
        found += [_item("by", m[2], m[1]) for m in pairs]
    people = list(_WHO.finditer(text))
    if len(people) >= 2:
        found += [_item("who", m[1], m[2]) for m in people]
    for sentence in _SENTENCE.split(text):
        clauses = _CONTRAST.split(sentence)
        if len(clauses) > 1 and LEAD.match(clauses[0]) and not FINITE.search(clauses[0]):
            clauses[:2] = [f"{clauses[0]}, {clauses[1]}"]
        for clause in clauses:
            if len(clause.split()) < 3 or _AGAIN.match(clause):
                continue
            head, body = _divided(clause)
            kind = _kind(clause, head, body)
            if kind != "bullet" or text.rstrip('"”’)')[-1:] not in (".", "!", "?"):
                found.append(_item(kind, head, body))
    return tuple(found)


def _divided(clause: str) -> tuple[str, str]:
    """What a clause is about, and what it says."""
    titles = re.findall(r"\brole0\w+", clause)
    comma = clause.find(", ")
    if LEAD.match(clause) and 0 < comma < 90 and "role0" not in clause[:comma]:
        return clause[:comma], clause[comma:]
    if titles and (len(titles) == 1 or clause.find(titles[0]) < 50):
        before, after = clause.split(titles[0], 1)
        whole = _BY.search(before) or len(after.split()) < 2
        return titles[0], f"{before} {after}" if whole else after
    colon = re.match(r"[^:]{3,60}:\s", clause)
    if colon:
        return clause[: colon.end()], clause[colon.end() :]
    finite = FINITE.search(clause)
    if finite and finite.start() < 90:
        return clause[: finite.start()], clause[finite.start() :]
    bracket = clause.find(" (")
    if bracket > 0:
        return clause[:bracket], clause[bracket:]
    listed = clause.split()
    return " ".join(listed[:5]), " ".join(listed[5:])


def _kind(clause: str, head: str, body: str) -> str:
    if (lead := LEAD.match(clause)) and "role0" not in head:
        return f"lead {lead[1].lower()}"
    if "role0" in head:
        return "role"
    return "clause" if FINITE.search(body) else "bullet"


def things(source: Source) -> tuple[Item, ...]:
    """The things that a statement sets side by side."""
    header = source.evidence.header or ""
    is_row = bool(header) and len(cells(source.evidence.text)) > 1
    if is_row:
        return _items(_plain(source.evidence.text), _plain(header))
    return _items(source.text, "")


def _plain(text: str) -> str:
    return text.replace("**", "").replace("\\$", "$")
