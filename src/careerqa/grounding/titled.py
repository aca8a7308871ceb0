"""Job titles in a sentence: told by a side in full, and each as one word among the others."""

from __future__ import annotations

import re
from collections.abc import Collection

from careerqa.grounding.owners import roles
from careerqa.grounding.words import is_matter, is_titular, words

_SIDE = re.compile(
    r"\b(AI/ML|AI|ML|machine[- ]learning|software|data)(?:\sengineering)?\s("
    r"side|people|folks?|track|"
    r"path|route|camp|crowd|world|hires?|candidates?|pros?|guys|ones?|counterparts?|colleagues?|"
    r"peers?|staff|practitioners?|workers?|professionals?|specialists?)\b",
    re.I,
)


def in_full(text: str, held: Collection[str], evidence: str) -> str:
    """Text with "the AI side" or "software people" as the one job title that it can stand for."""

    def title(match: re.Match[str]) -> str:
        first = match[1].lower().replace("-", " ").replace("machine learning", "ml")
        fitting = [name for name in held if name in (f"{first} engineer", f"{first} scientist")]
        if len(fitting) != 1 or f" {match[2].lower()}" in evidence.lower():
            return match.group()
        name = fitting[0].replace("ai", "AI").replace("ml", "ML")
        return f"{name}s" if match[2].endswith(("s", "people", "staff")) else name

    return _SIDE.sub(title, text)


def one_word(text: str) -> str:
    """Text with each job title as one word: AI engineers → `role0aiengineer`."""
    parts, at = [], 0
    for mention in roles(text):
        if mention.start < at:
            continue
        name = re.sub(r"[^a-z]", "", mention.name)
        parts += [text[at : mention.start], f"role0{name}"]
        at = mention.end
        if text[at : at + 2] == "'s":
            at += 2
    whole = _JOBS.sub("role0airoles ", "".join([*parts, text[at:]]))
    return _FIELDS.sub("machinelearn0", whole)


_JOBS = re.compile(r"\b(?:AI(?:/ML)?|artificial intelligence) (?:roles|jobs|positions)\s", re.I)
_FIELDS = re.compile(r"\b(?:machine learning|ML)\b", re.I)


def telling(text: str) -> list[str]:
    """The words of a text that can tell things apart: matter, titles, and names of one letter."""
    found = [
        w
        for w in words(text)
        if w.startswith("role0") or (is_matter(w) and not is_titular(w) and not w[0].isdigit())
    ]
    found += [m.lower() for m in re.findall(r"(?<![\w'])([B-HJ-Z])(?![\w'&+.-])", text)]
    return list(dict.fromkeys(found))
