"""Text → job titles, and which of them a figure belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from careerqa.grounding.facts import Quantity


@dataclass(frozen=True, slots=True)
class Mention:
    """A role or level named in a text."""

    name: str
    start: int
    end: int


_MODIFIERS = (
    r"AI\s?/\s?ML|ML\s?/\s?AI|AI\s(?:and|&)\sML|artificial[- ]intelligence|"
    r"machine[- ]learning|deep[- ]learning|"
    r"AI|ML|LLMs?|software|data(?!\s(?:AI|ML)\b)|full[- ]?stack|back-?end|front-?end|dev-?ops|"
    r"ml-?ops|cloud|platform|"
    r"applied|research|computer vision|nlp|robotics|security|product|solutions?|prompt|founding|"
    r"web|mobile|embedded|automotive|engineering|general|traditional|information|"
    r"quantitative|network|systems?"
)


_HEADS = (
    r"engineers?|engineering|developers?|programmers?|scientists?|architects?|managers?|"
    r"consultants?|"
    r"annotators?|researchers?|analysts?|specialists?|directors?|administrators?|designers?"
)


_ROLE = re.compile(rf"\b((?:(?:{_MODIFIERS})[\s-]+){{1,3}})({_HEADS})\b", re.I)


_PAIR = re.compile(
    rf"\b((?!systems\b)(?:{_MODIFIERS}))((?:,\s?(?:{_MODIFIERS}))*)\s(?:and|or|&|versus|vs\.?)\s"
    rf"(?=((?:(?:{_MODIFIERS})\s){{1,2}}(?:engineers?|engineering|developers?))\b)",
    re.I,
)


_SAME_MODIFIER: Final = {
    "artificial intelligence": "ai", "machine learning": "ml", "ml/ai": "ai/ml",
    "ai and ml": "ai/ml",
    "ai & ml": "ai/ml", "llms": "llm", "general": "", "traditional": "", "founding": "",
    "fullstack": "full stack",
}  # fmt: skip


_ENGINEERS: Final = {"engineering", "developer", "programmer", "engineer", "specialist"}


def roles(text: str) -> list[Mention]:
    """Job titles named in normalised text, spelled one way: `ai engineer`, `data scientist`."""
    found = []
    for match in _ROLE.finditer(text):
        name = _role_name(match[1], match[2])
        if name and name != "prompt engineer":  # prompt engineering is a skill
            found.append(Mention(name, match.start(), match.end()))
    for match in _PAIR.finditer(text):
        if not any(m.start <= match.start() < m.end for m in found):
            head = match[3].rsplit(" ", 1)[-1]
            name = _role_name(match[1], head)
            if name:
                found.append(Mention(name, match.start(), match.start() + len(match[1])))
    return sorted(found, key=lambda m: m.start)


def _role_name(modifiers: str, head: str) -> str:
    words = re.findall(_MODIFIERS, modifiers, re.I)
    names = [re.sub(r"\s*/\s*", "/", w.lower().replace("-", " ")) for w in words]
    names = [_SAME_MODIFIER.get(n, n) for n in names]
    names = [n for n in names if n]
    singular = head.lower()
    singular = singular if singular == "engineering" else singular.removesuffix("s")
    if singular == "engineering" and not set(names) & {"ai", "ml", "ai/ml", "software", "data"}:
        return ""
    if singular in _ENGINEERS and (singular in {"engineer", "engineering"} or names):
        singular = "engineer" if "engineering" not in names else singular
    if not names:
        return ""
    return " ".join([*names, singular])


_TRADES: Final = frozenset(
    {"automotive", "embedded", "web", "mobile", "cloud", "product", "security", "robotics"}
)
"""What narrows a title to a trade without making another of it."""


def is_wider(name: str, other: str) -> bool:
    """Whether a title other than an engineer's is another one with a word left out."""
    if other.endswith(f" {name}") and other.removesuffix(f" {name}") in _TRADES:
        return True
    head = name.rsplit(maxsplit=1)[-1]
    if head in ("engineer", "developer", "engineering") or not other.endswith(f" {head}"):
        return False
    return set(name.split()) <= set(other.split())


_BOUNDARY = re.compile(
    r",(?!\d)|[;:()]|\b(?:and|while|whereas|versus|vs|against|compared|but|than|or|though|"
    r"although|with)\b",
    re.I,
)


FARTHEST: Final = 10.0  # cost from which a mention is too far away to own a figure


AGAINST = re.compile(
    r"\b(?:against|versus|vs|than|compared|opposed|contrast|above|below|over|beyond|instead)\b",
    re.I,
)


_CONNECTED = re.compile(
    r"^\W*(?:for|of|to|in|among|as|at|by)?(?:\s(?:an?|the|their|its))?\W*$", re.I
)


_GOAL = re.compile(
    r"\b(?:way (?:to(?:wards?)?|into)|head(?:ing|ed) (?:for|towards?)|aiming (?:for|at)|"
    r"becom(?:e|ing)|to be|to being|of what|needed (?:by|for|of))"
    r"(?:\s(?:an?|the))?\s$",
    re.I,
)
"""What leads to a role that somebody is not yet in."""


_LEAD_OVER = re.compile(
    r"\b(?:premium|advantage|edge|lead|gap|margin)\s(?:\w+\s){0,3}?(?:over|above|than|against)\s"
    r"(?:\w+\s){0,2}$",
    re.I,
)
"""What leads to those whom others are ahead of."""


def bind(start: int, end: int, mentions: Sequence[Mention], text: str) -> str | None:
    """The mention that a place in a text belongs to; None where it could be several.

    The nearest wins, where words count one, the boundary of a clause four; a mention that follows
    costs a little more unless "for", "of" and their like lead to it.
    """
    best: dict[str, float] = {}
    alone = len({mention.name for mention in mentions}) == 1
    for mention in mentions:
        if _GOAL.search(text[: mention.start]) or _LEAD_OVER.search(text[: mention.start]):
            continue
        if mention.end <= start:
            gap, penalty = text[mention.end : start], 0.0
            if alone and AGAINST.search(gap):
                continue  # the other side of the comparison is not named
        elif mention.start >= end:
            gap = text[end : mention.start]
            if AGAINST.search(gap):
                continue
            penalty = -0.5 if _CONNECTED.match(gap) else 2.0
        else:
            gap, penalty = "", 0.0
        cost = 0.5 * len(gap.split()) + 4 * len(_BOUNDARY.findall(gap)) + penalty
        cost += 5 * len(re.findall(r"[.!?]\s", gap))
        best[mention.name] = min(cost, best.get(mention.name, cost))
    ranked = sorted(best.items(), key=lambda item: item[1])
    if not ranked or ranked[0][1] > FARTHEST:
        return None
    if len(ranked) > 1 and ranked[1][1] - ranked[0][1] < 1:
        return None
    return ranked[0][0]


def bindings(found: Sequence[Quantity], mentions: Sequence[Mention], text: str) -> list[str | None]:
    """For each quantity the mention it belongs to, by order where the text counts them off."""
    names = list(dict.fromkeys(m.name for m in mentions))
    counted = len(found) == len(mentions) == len(names) > 1
    apart = counted and (mentions[-1].end <= found[0].start or found[-1].end <= mentions[0].start)
    if counted and (apart or "respectively" in text):
        pairs = zip(sorted(found, key=lambda q: q.start), mentions, strict=True)
        return [m.name for _, m in pairs]
    owners = [bind(q.start, q.end, mentions, text) for q in found]
    if len(found) > 1 and len(mentions) == len(names) == 2 and mentions[1].end <= found[-2].start:
        between = text[found[-2].end : found[-1].start]
        if _VERSUS.fullmatch(between) and _COLON.search(text[: found[-2].start]):
            owners[-2:] = names  # "A earns more than B ($2 versus $1)"
    return owners


_HEDGED = r"(?:(?:just|about|around|roughly|some|nearly|almost|over|under|only)\s)*"
_COLON = re.compile(rf"(?:\(\W*|[:]\s){_HEDGED}$", re.I)
_VERSUS = re.compile(rf"\s(?:versus|vs\.?|against|compared (?:to|with)|and)\s{_HEDGED}", re.I)
