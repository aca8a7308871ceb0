"""Text as facts are looked for: no markup, numbers as digits, fractions as percentages."""

from __future__ import annotations

import re
from typing import Final

from careerqa.documents.cleaning import clean
from careerqa.grounding.numerals import in_digits

_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": " - ", "−": "-", "’": "'"})
_OTHERS: Final = [
    (re.compile(r"\b(mid)-(?=\d)", re.I), r"\1 "),
    (re.compile(r"\b(top)-(?=\w)", re.I), r"\1 "),
    (re.compile(r"(?<=[A-Za-z])\s?\((?:LLMs?|ML|AI|RAG|BLS|NLP)\)"), ""),
    (re.compile(r"\b(start|stand|sign)-(ups?)\b", re.I), r"\1\2"),
    (re.compile(r"\b20th[- ]century\b", re.I), "20th century 1900s"),
    (re.compile(r"\b21st[- ]century\b", re.I), "21st century 2000s"),
    (re.compile(r"\bup (?=from |by \$?\d)", re.I), "increased "),
    (re.compile(r"\bdown (?=from |by \$?\d)", re.I), "decreased "),
    (re.compile(r"\b(out)-(?=(?:earn|pac|perform|rank|grow|number|weigh)\w*)", re.I), r"\1"),
    (re.compile(r"\b(?:the )?(?:United States|USA)\b"), "the USA"),
    (re.compile(r"\bU\.S\.(?:A\.)?|(?<=the )US\b"), "USA"),
    (re.compile(r"\blikelier\b", re.I), "more likely"),
    (re.compile(r"\b(?:cannot|can't|could not|couldn't) do without\b", re.I), "require"),
    (
        re.compile(r"\b(a|the|no) ([a-z]+) of (?:its|their|his|her|your) own\b", re.I),
        r"\1 separate \2",
    ),
    (re.compile(r"\bUX\b"), "user experience"),
    (re.compile(r"\bUI\b"), "user interface"),
    (re.compile(r"\be\.g\.,?", re.I), "such as"),
    (re.compile(r"\bi\.e\.,?", re.I), "namely"),
    (re.compile(r"\bSWEs?\b"), "software engineer"),
]


def normal(text: str) -> str:
    """Text as facts are looked for: markup gone, dashes alike, spelled numbers as digits."""
    plain = clean(text.replace("\\$", "$")).translate(_DASHES)
    for pattern, replacement in _OTHERS:
        plain = pattern.sub(replacement, plain)
    return re.sub(r"\s+", " ", in_digits(plain)).strip()


_LABEL = re.compile(r"^((?:[\w/-]+\s){0,3}[\w/-]+):\s")


def with_label(text: str) -> str:
    """Text whose short label before a colon is one clause with what it labels."""
    return _LABEL.sub(r"\1 – ", text)


_QUOTES = str.maketrans(dict.fromkeys('“”„«»"', '"') | dict.fromkeys("‘’‚", "'"))


def flat(text: str) -> str:
    """Text in lower case without markup, its quotation marks and dashes alike."""
    plain = clean(text.replace("\\$", "$")).translate(_QUOTES).lower()
    plain = re.sub(r"[‐‑‒–—−]", "-", plain).replace('"', "")
    return re.sub(r"\s+", " ", plain).strip()
