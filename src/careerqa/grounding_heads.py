"""What is said of one of several things that evidence contrasts is said of that one there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from careerqa.grounding_case import Case
from careerqa.grounding_sources import Source, level_mentions
from careerqa.grounding_titled import one_word, telling
from careerqa.grounding_words import Bag, stem
from careerqa.tables import cells

_SENTENCE = re.compile(r"(?<=[.!?])\s|;\s")
_NEXT: Final = r",\s(?:and\s)?(?=(?:the\s|an?\s)?role0\w+\s(?!and\b|or\b|role|roles\b|by$)\w)"
_CONTRAST = re.compile(
    r",?\s(?:while|whereas|but|by contrast,?|in contrast,?)\s|"
    rf"{_NEXT}",
    re.I,
)
_CLAUSE = re.compile(
    r"[;:]\s|,?\s(?:while|whereas|but|versus|vs\.?|and(?=\s\S+\s\S+\s\S+\s\S+)|"
    r"and(?=\s\w+\s(?:the|an?)\srole0))\s|"
    rf",\s(?=(?:with|and)\s)|{_NEXT}",
    re.I,
)
_AGAIN = re.compile(
    r"\W*(?:this|that|these|those|it|they|such|its|their|both|the same|he|she|as a result|so|"
    r"also|however|additionally|then|here|there)\b",
    re.I,
)
_LEAD = re.compile(
    r"\W*(?!(?:in (?:terms|addition|contrast|comparison|general|practice|fact|this|that|short)|"
    r"for (?:example|instance)|on (?:average|the other)|as (?:of|a|well))\b)"
    r"(at|for|in|if|with|when|on|among|as|under|from|to)\b",
    re.I,
)
_FINITE = re.compile(
    r"\s(?:is|are|was|were|has|have|had|may|might|can|will|would|should|must|do|does|don't|"
    r"typically|usually|often|tends?|focus(?:es)?|works?|uses?|builds?|needs?|requires?|"
    r"commands?|earns?|leads?|progress(?:es|ion)?|advances?|struggles?|deals?|provides?|"
    r"integrates?|similarly|generally|spends?|sees?|makes?|see|command|get|gets)\b",
    re.I,
)
_PARENTHESES = re.compile(r"((?:[A-Za-z/&-]+\s?){1,3})\(([^()]{3,120})\)")


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
    return Item(kind, frozenset(telling(head)), body, Bag([head, body, *telling(body)]))


@lru_cache(maxsize=256)
def _items(text: str, header: str, label_only: bool) -> tuple[Item, ...]:
    found: list[Item] = []
    if header:
        parts, columns = cells(text), cells(header)
        columns += [""] * (len(parts) - len(columns))
        for part, column in zip(parts[1:], columns[1:], strict=False):
            if not label_only and column:
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
    for sentence in _SENTENCE.split(text):
        clauses = _CONTRAST.split(sentence)
        if len(clauses) > 1 and _LEAD.match(clauses[0]) and not _FINITE.search(clauses[0]):
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
    if _LEAD.match(clause) and 0 < comma < 90 and "role0" not in clause[:comma]:
        return clause[:comma], clause[comma:]
    if titles and (len(titles) == 1 or clause.find(titles[0]) < 50):
        before, after = clause.split(titles[0], 1)
        return titles[0], f"{before} {after}" if _BY.search(before) else after
    colon = re.match(r"[^:]{3,60}:\s", clause)
    if colon:
        return clause[: colon.end()], clause[colon.end() :]
    finite = _FINITE.search(clause)
    if finite and finite.start() < 90:
        return clause[: finite.start()], clause[finite.start() :]
    bracket = clause.find(" (")
    if bracket > 0:
        return clause[:bracket], clause[bracket:]
    listed = clause.split()
    return " ".join(listed[:5]), " ".join(listed[5:])


def _kind(clause: str, head: str, body: str) -> str:
    if (lead := _LEAD.match(clause)) and "role0" not in head:
        return f"lead {lead[1].lower()}"
    if "role0" in head:
        return "role"
    return "clause" if _FINITE.search(body) else "bullet"


_NAME: Final = re.compile(r"(?<=[a-z,;:(/]\s)[A-Z][\w.+#-]*|(?<=\s)[A-Z]{2,}\b")


_ASIDE = re.compile(
    r"(?:^|,?\s)(?:unlike|rather than|instead of|not|as opposed to|in contrast to|more than|"
    r"compared (?:to|with))\s(?:an?\s|the\s|for\s|by\s)*role0\w+,?",
    re.I,
)
_PRONOUN = re.compile(r"^\W*(?:they|their|it|its|he|she)\b", re.I)
_LABEL = re.compile(r"^([^:;,.]{0,20}role0\w+)\W{0,4}:(?=\s)")


def heads(case: Case) -> str | None:
    """What a clause says of a thing is in its evidence not said of another one only."""
    items = [item for source in case.cited for item in _of(source, len(case.cited))]
    for kind in {item.kind for item in items} - {"clause"}:
        group = [item for item in items if item.kind == kind]
        if len({item.head for item in group}) > 1:
            rest = [i for i in items if i.kind != kind and i.kind not in _PARTS]
            if kind in ("list", "for", "by"):
                rest = []
            text = case.text
            if case.about and not case.roles and _PRONOUN.match(text):
                text = f"{case.about} {text}"
            for clause in _CLAUSE.split(_ASIDE.sub(" ", _LABEL.sub(r"\1", one_word(text)))):
                if reason := _foreign(clause, group, rest, case):
                    return reason
    return None


_TIMES: Final = frozenset({"year", "years", "month", "months"})
_PARTS: Final = ("list", "column", "row", "for", "by")


def _of(source: Source, count: int) -> Sequence[Item]:
    header = source.evidence.header or ""
    is_row = bool(header) and len(cells(source.evidence.text)) > 1
    if is_row:
        return _items(_plain(source.evidence.text), _plain(header), False)
    return _items(source.text, "", False)


_BOTH = re.compile(r"\W*\b(?:both|alike|equally|each of|either way|as well as|just like)\b", re.I)


def _of_one(said: Sequence[str], group: Sequence[Item], rest: Sequence[Item]) -> str | None:
    """What is said of both of two things is in the evidence not said of one of them alone."""
    alone: dict[frozenset[str], list[str]] = {}
    for word in said:
        if word.startswith("role0") or any(_kin(item, word) for item in rest):
            continue
        holding = {item.head for item in group if _kin(item, word)}
        if len(holding) == 1:
            alone.setdefault(holding.pop(), []).append(word)
    if len(alone) == 1 and len(found := next(iter(alone.values()))) >= 2:
        return f"its evidence says “{found[0]}” of one of them only"
    return None


def _kin(item: Item, word: str) -> bool:
    return item.whole.has(word)


def _is_item(word: str, body: str) -> bool:
    """Whether a word is all of one item of a list."""
    return bool(re.search(rf"(?:^|[,;:]\s)(?:and\s)?{re.escape(word)}(?=[,;.]|$)", body, re.I))


@lru_cache(maxsize=256)
def _before_title(text: str) -> str:
    """What stands before the first job title of a text with several: it is said of them all."""
    head, *rest = one_word(text).split("role0")
    return head if rest else ""


def _holds(item: Item, word: str) -> bool:
    return word in item.whole.words or stem(word) in item.whole.stems


def _plain(text: str) -> str:
    return text.replace("**", "").replace("\\$", "$")


def _foreign(clause: str, group: Sequence[Item], rest: Sequence[Item], case: Case) -> str | None:
    said = telling(clause)
    named: list[Item] = []
    for item in group:
        others = [o for o in group if o.head != item.head]
        holds = _holds if item.kind in _PARTS else _kin
        mine = [w for w in item.head if not any(holds(o, w) or w in o.head for o in others)]
        spoken = Bag(said)
        if mine and any(w in said or (not w.startswith("role0") and spoken.has(w)) for w in mine):
            named.append(item)
    two = len({item.head for item in named}) == 2 and _BOTH.search(clause)
    if group[0].kind == "role" and (two or _BOTH.match(clause)):
        return _of_one(said, group, rest)
    if not named or len({item.head for item in named}) != 1:
        return None
    others = [o for o in group if o.head != named[0].head]
    own = [*named, *rest]
    head = named[0].head
    candidates = [w for w in said if w not in head and w not in _TIMES and not level_mentions(w)]
    shared = [f"{s.label} {s.context} {_before_title(s.text)}" for s in case.cited]
    labels = Bag(shared)
    strange = [
        w
        for w in candidates
        if any(_holds(o, w) for o in others)
        and not any(_holds(o, w) if o.kind in _PARTS else o.whole.has(w) for o in own)
        and w not in labels.words
        and stem(w) not in labels.stems
    ]
    if not strange:
        return None
    names = {n.lower() for n in _NAME.findall(clause)}
    matched = [w for w in candidates if any(i.whole.has(w) for i in (*own, *others))]
    alone = any(_is_item(w, o.body) for w in strange for o in others)
    if any(not w.endswith(("ed", "ing", "sses", "izes")) for w in strange):
        return f"its evidence says “{strange[0]}” of something else"
    most = len(strange) * 2 >= len(matched) and not strange[0].endswith(
        ("ed", "ing", "sses", "izes")
    )
    if len(strange) >= 2 or alone or set(strange) & names or most:
        what = strange[0].removeprefix("role0")
        return f"its evidence says “{what}” of something else"
    return None
