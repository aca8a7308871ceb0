"""Job titles in a sentence: told by a side in full, and each as one word among the others."""

from __future__ import annotations

import re
from collections.abc import Collection

from careerqa.grounding.owners import roles
from careerqa.grounding.words import is_matter, is_titular, words

_SIDE = re.compile(
    r"\b(AI/ML|AI software|AI|ML|machine[- ]learning|software|data)(?:\sengineering)?\s("
    r"side|people|folks?|track|"
    r"path|route|camp|crowd|world|hires?|candidates?|pros?|guys|ones?|counterparts?|colleagues?|"
    r"peers?|staff|practitioners?|workers?|professionals?|specialists?|work|column|ladder|roles?|jobs?|positions?|"
    r"posts?|postings?|openings?|vacanc(?:y|ies)|listings?|adverts?|ads|titles?)\b",
    re.I,
)


_PLAIN = re.compile(
    r"\b(?:plain|pure|ordinary|classic(?:al)?|conventional|traditional|regular|general)\ssoftware"
    r"(?=[.,;:]|$|\s(?:and|or|at|for|is|are|than|while|but)\b)",
    re.I,
)
_BARE = re.compile(
    r"\bAI/ML(?=[.,;:]|$|\s(?:and|or|at|is|has|gets|versus|vs|against|than|while|but|column|row)\b)"
)
_IN_AI = re.compile(
    r"(?<=\bin )AI(?=[.,;:]|$|\s(?:and|or|at|versus|against|than|while|but)\b)(?! and ML| or ML)"
)
_POSTS = re.compile(r"roles?|jobs?|positions?|post|opening|vacanc|listing|ad|title")


def in_full(text: str, held: Collection[str], evidence: str) -> str:
    """Text with "the AI side" or "software people" as the one job title that it can stand for."""

    def title(match: re.Match[str]) -> str:
        first = match[1].lower().replace("-", " ").replace("machine learning", "ml")
        fitting = [name for name in held if name in (f"{first} engineer", f"{first} scientist")]
        things = match[2].lower()
        if len(fitting) != 1 or re.search(rf"\b{first} {things}", evidence, re.I):
            return match.group()
        name = fitting[0].replace("ai", "AI").replace("ml", "ML")
        if _POSTS.match(things):
            return f"{name} {match[2]}"
        return f"{name}s" if things.endswith(("s", "people", "staff")) else name

    if "ai/ml engineer" in held:
        text = _BARE.sub("AI/ML engineer", text)
    if "ai engineer" in held:
        text = _IN_AI.sub("AI engineering", text)
    if "software engineer" in held:
        text = _PLAIN.sub("software engineering", text)
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
    found += [m.lower() for m in re.findall(r"(?<![\w'])([B-HJ-Z])(?![\w'&+-]|\.\w)", text)]
    return list(dict.fromkeys(found))
