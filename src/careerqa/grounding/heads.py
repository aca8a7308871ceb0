"""What is said of one of several contrasted things is in the evidence said of that one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.items import FINITE, LEAD, NEXT, Item, things
from careerqa.grounding.sources import Source, level_mentions, measure_mentions
from careerqa.grounding.titled import one_word, telling
from careerqa.grounding.words import Bag, is_content, stem, words

_CLAUSE = re.compile(
    r"[;:]\s|,?\s(?:while|whereas|but|versus|vs\.?|and(?=\s\S+\s\S+\s\S+\s\S+)|"
    r"and(?=\s\w+\s(?:the|an?)\srole0)|which(?=\srole0))\s|"
    rf",\s(?=(?:with|and)\s)|{NEXT}",
    re.I,
)
_NAME: Final = re.compile(r"(?<=[a-z,;:(/]\s)[A-Z][\w.+#-]*|(?<=\s)[A-Z]{2,}\b")


_ASIDE = re.compile(
    r"(?:^|,?\s)(?:unlike|rather than|instead of|not|as opposed to|more than|"
    r"(?:in contrast|compared) (?:to|with))\s(?:an?\s|the\s|some\s|for\s|by\s)*role0\w+"
    r"(?:,|\s(?:that|who|which)\s[^,;.]+)?",
    re.I,
)
_PRONOUN = re.compile(r"^\W*(?:they|their|it|its|he|she)\b", re.I)
_LABEL = re.compile(r"^([^:;,.]{0,20}role0\w+)\W{0,4}:(?=\s)")


def heads(case: Case) -> str | None:
    """What a clause says of a thing is in its evidence not said of another one only."""
    items = [item for source in case.cited for item in things(source)]
    for kind in {item.kind for item in items} - {"clause"}:
        group = [item for item in items if item.kind == kind]
        if len({item.head for item in group}) > 1:
            rest = [i for i in items if i.kind != kind and i.kind not in _PARTS]
            if kind in ("list", "for", "by"):
                rest = []
            text = case.text
            if case.about and not case.roles and _PRONOUN.match(text):
                text = f"{case.about} {text}"
            for clause in _clauses(_ASIDE.sub(" ", _LABEL.sub(r"\1", one_word(text)))):
                if reason := _foreign(clause, group, rest, case):
                    return reason
    return None


_NO_CLAUSE = re.compile(r"(?:with|to|for|in|on|at|by|of|about|\w+ing)\s", re.I)
_TITLE = re.compile(r"(?:the |an? |\w+ )?role0")


def _clauses(text: str) -> list[str]:
    """The clauses of a sentence; what has no verb of its own belongs to the next one."""
    found, start = [], 0
    for joint in _CLAUSE.finditer(text):
        part = text[start : joint.start()]
        if joint.group().strip(" ,") in ("", "and") and LEAD.match(part) and "role0" not in part:
            continue
        rest = text[joint.end() :]
        if joint.group().strip(" ,") == "and" and not _TITLE.match(rest):
            following = _CLAUSE.split(rest)[0]
            if not (FINITE.search(part) or "role0" in part):
                continue
            verbless = not FINITE.search(following) and "role0" not in following
            if _NO_CLAUSE.match(following) and verbless:
                continue
        found.append(part)
        start = joint.end()
    return [*found, text[start:]]


def labelled(case: Case) -> str | None:
    """What a sentence says under the label of one row stands in no other row alone."""
    rows = [s for s in case.cited if s.label and s.evidence.header]
    said = {stem(w) for w in words(case.text)}
    named = [s for s in rows if (label := _label(s)) and label <= said]
    if len({s.label for s in named}) != 1 or len({s.label for s in rows}) < 2:
        return None
    others = [s for s in rows if s.label != named[0].label]
    own = Bag([f"{s.text} {s.header}" for s in case.cited if s not in others])
    there = {root for s in others for root in s.bag.stems - _label(s)}
    for word in telling(case.text):
        if stem(word) in there - own.stems and not measure_mentions(word):
            return f"its evidence says “{word}” in another row"
    return None


def _label(source: Source) -> set[str]:
    return {stem(w) for w in words(source.label) if is_content(w)}


_TIMES: Final = frozenset({"usa", "year", "years", "month", "months"})
_PARTS: Final = ("list", "column", "row", "for", "by")


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


def _foreign(clause: str, group: Sequence[Item], rest: Sequence[Item], case: Case) -> str | None:
    said = telling(clause)
    spelled = {*said, *words(clause)}
    named: list[Item] = []
    for item in group:
        others = [o for o in group if o.head != item.head]
        holds = _holds if item.kind in _PARTS else _kin
        mine = [w for w in item.head if not any(holds(o, w) or w in o.head for o in others)]
        spoken = Bag(said)
        if mine and any(
            w in spelled or (not w.startswith("role0") and spoken.has(w)) for w in mine
        ):
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
