"""Words and what they share: stems, groups of one meaning, classes of scope and direction."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from careerqa.words import STOP_WORDS

_TABLE: Final[dict[str, Any]] = tomllib.loads(
    files("careerqa").joinpath("data/grounding.toml").read_text(encoding="utf-8")
)
WORD: Final = re.compile(r"[A-Za-z\d.]*[A-Za-z][A-Za-z\d]*(?:'[a-z]+)?(?:[+#]+)?|\#\d+")
_SUFFIXES: Final = (
    "izations", "ization", "ations", "ation", "ments", "ment", "ities", "ity", "ions", "ion",
    "ness", "ings", "ing", "edly", "ably", "ers", "ies", "ied", "ally", "able", "ance", "ence",
    "ency", "ancy", "ive", "ic", "al", "ed", "ly", "es", "s", "e", "y",
)  # fmt: skip


IRREGULAR: Final = {
    form: word
    for word, forms in (line.split(" ", 1) for line in _TABLE["irregular"].strip().splitlines())
    for form in forms.split()
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part of a word that its forms share; made for comparing, not for reading."""
    text = word.lower().replace("'s", "").strip("'.")
    text = IRREGULAR.get(text, text)
    if text in ("engineer", "engineers"):
        return "engineers"  # neither an engine nor engineering
    text = re.sub(r"is(?=(?:e[ds]?|ing|ations?)$)", "iz", text)
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) - len(suffix) >= 3:
            text = text[: -len(suffix)]
            break
    if len(text) > 3 and text[-1] == text[-2] and text[-1] not in "ls":
        text = text[:-1]
    if len(text) > 5 and text.endswith("at"):
        text = text[:-2]  # evaluat(e) and evalu(ation)
    return text[:-1] if len(text) > 4 and text[-1] in "ei" else text


def _wordnet() -> dict[str, list[str]]:
    """The sections of the data from WordNet, as lines."""
    text = files("careerqa").joinpath("data/grounding-wordnet.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            current.append(line)
    return sections


WORDNET: Final = _wordnet()


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate([*_TABLE["synonyms"].strip().splitlines(), *WORDNET["groups"]]):
        for word in line.split():
            found[stem(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


GROUPS: Final = _groups()
REPORTING: Final = frozenset(stem(w) for w in _TABLE["reporting"].split())
LIGHT: Final = frozenset(
    w for text in (_TABLE["light"], *WORDNET["light nouns"]) for w in text.split()
)
_LIGHT_VERBS: Final = frozenset(stem(w) for line in WORDNET["light verbs"] for w in line.split())
MEASURES: Final = {name: frozenset(w.split()) for name, w in _TABLE["measures"].items()}
TOPICS: Final = {name: frozenset(w.split()) for name, w in _TABLE["topics"].items()}
KINDS: Final = {name: frozenset(w.split()) for name, w in _TABLE["kinds"].items()}
SCOPE: Final = {name: frozenset(w.split()) for name, w in _TABLE["scope"].items()}
IMPLIED: Final[dict[str, list[str]]] = _TABLE["implied"]
MOTION: Final = {name: tuple(w.split()) for name, w in _TABLE["motion"].items()}
LEVELS: Final = {name: tuple(w.split()) for name, w in _TABLE["levels"].items()}
STRONG_NEGATION: Final = frozenset(_TABLE["negation"]["strong"].split())
WEAK_NEGATION: Final = frozenset(_TABLE["negation"]["weak"].split())
OPPOSITES: Final = [
    tuple(frozenset(side.split()) for side in line.split("|"))
    for line in _TABLE["opposites"]["pairs"].strip().splitlines()
]


_MORE, _LESS = OPPOSITES[0]
SIGNS_UP: Final = (
    _MORE
    | OPPOSITES[2][0]
    | {"ahead", "exceeds", "top", "lead", "leads", "premium", "beats", "firmer", "sharper"}
    | {f"out{verb}" for verb in ("pace", "paces", "earn", "earns", "number", "numbers")}
)
SIGNS_DOWN: Final = (
    _LESS
    | OPPOSITES[2][1]
    | {"behind", "lag", "lags", "trail", "trails", "worse", "thinner", "rarer", "scarcer"}
)
SIGNED: Final = SIGNS_UP | SIGNS_DOWN
"""Words of more and less, which two figures carry as well."""


def words(text: str) -> list[str]:
    """The words of a text in lower case; a compound gives its parts."""
    found = (w.lower().strip(".") for w in WORD.findall(text.replace("’", "'")))
    return [bare for w in found if (bare := _CONTRACTED.sub("", w))]


_CONTRACTED = re.compile(r"'(?:d|ll|re|ve|m)$")


def is_content(word: str) -> bool:
    """Whether a word carries matter of its own."""
    if len(word) < 2 or word in STOP_WORDS:
        return False
    if word in ("base", "city", "cities"):
        return True  # of pay; "based" and "cited" report
    return stem(word) not in REPORTING or word.endswith(("ance", "ment", "ions", "ion"))


def is_matter(word: str) -> bool:
    """Whether a word says something that could as well be otherwise: content, and not light."""
    if not is_content(word) or word in LIGHT or word.endswith("ly"):
        return False
    return not (stem(word) in _LIGHT_VERBS and _VERBAL.search(word))


def is_light_verb(word: str) -> bool:
    """Whether a word is a form of a verb of telling, thinking, seeing, being, feeling or having."""
    return stem(word) in _LIGHT_VERBS


_VERBAL: Final = re.compile(r"(?:ed|ing|en|e?s)$")


class Bag:
    """The words of some evidence, asked whether they hold another word or its like."""

    def __init__(self, texts: Iterable[str]) -> None:
        listed = [w for text in texts for w in words(text)]
        self.words: frozenset[str] = frozenset(listed)
        bare = [
            w[:-n]
            for w in listed
            for n in (2, 3)
            if w.endswith(("er", "est")[n - 2]) and len(w) > 5
        ]
        self.stems = frozenset(stem(w) for w in (*listed, *bare))
        self.groups: frozenset[int] = frozenset(g for s in self.stems for g in GROUPS.get(s, ()))
        self._long = tuple(s for s in self.stems if len(s) >= 5 and s != "engineers")
        letters = "".join(w[0] for w in listed)
        content = "".join(w[0] for w in listed if w not in STOP_WORDS or w == "to")
        self._initials = (letters, content)

    def has(self, word: str) -> bool:
        """Whether the word, a form of it or a word of one meaning is there."""
        root = stem(word)
        if word.endswith(("est", "er")) and len(word) > 5 and root not in self.stems:
            bare = stem(word.removesuffix("est").removesuffix("er"))
            if bare in self.stems or GROUPS.get(bare, frozenset()) & self.groups:
                return True
        return (
            root in self.stems
            or bool(GROUPS.get(root, frozenset()) & self.groups)
            or (len(root) >= 5 and any(_alike(root, other) for other in self._long))
        )

    def has_form(self, word: str) -> bool:
        """Whether the word or a form of it is there, or words that it abbreviates."""
        lower = word.lower().replace(".", "")
        root = stem(lower)
        if root in self.stems or lower in self.words or lower.rstrip("s") in self.words:
            return True
        joined = {w.replace(".", "") for w in self.words}
        if lower in joined or (len(root) >= 5 and any(_alike(root, o) for o in self._long)):
            return True
        bare = word[:-1] if word.endswith("s") else word
        short = bare.lower()
        return (
            bare.isupper()
            and 2 <= len(short) <= 5
            and any(short in initials for initials in self._initials)
        )


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    shared = next(
        (n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if shared == len(shorter):
        return len(longer) - shared <= 4
    return shared >= 6 and len(longer) - shared <= 3


_TITULAR: Final = frozenset(
    [
        "engineer",
        "engineers",
        "engineering",
        "ai",
        "ml",
        "software",
        "developer",
        "developers",
        "machine",
        "learning",
        "artificial",
        "intelligence",
        "role",
        "roles",
        "job",
        "jobs",
    ]
)


def is_titular(word: str) -> bool:
    """Whether a word is part of job titles, which have rules of their own."""
    return word in _TITULAR
