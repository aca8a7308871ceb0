"""Rules of the grounding check on names, roles, levels, quotations and foreign matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.documents.cleaning import clean
from careerqa.grounding.case import Case
from careerqa.grounding.normal import flat
from careerqa.grounding.owners import is_wider, roles
from careerqa.grounding.vocabulary import is_grammatical, is_ordinary, is_thing
from careerqa.grounding.words import GROUPS, KINDS, LEVELS, REPORTING, is_titular, stem, words
from careerqa.words import STOP_WORDS


def foreign(case: Case) -> str | None:
    """Links, markup or another script than the evidence's: nothing that a document says."""
    if re.search(
        r"https?://|www\.|javascript:|!\[|<[a-z/!][^>]*>|<\||\{\{|\b[\w-]+\.(?:com|org|"
        r"net|io|example)\b",
        case.raw,
        re.I,
    ):
        return "holds a link or markup"
    letters = [c for c in case.text if c.isalpha()]
    strange = [c for c in letters if ord(c) > 0x24F]
    if strange and not any(c in case.evidence for c in strange):
        return "is written in another script than its evidence"
    return None


_QUOTED = re.compile(
    r"“([^”]{2,})”|\"([^\"]{2,})\"|„([^“”]{2,})[“”]|«([^»]{2,})»|"
    r"(?:(?<=\s)|(?<=\()|^)['‘]((?:\w[^'‘’\"]*)(?:['’]\w[^'‘’\"]*)*\s[^'‘’\"]*\s[^'‘’\"]*)['’](?!\w)"
)


def quotation(case: Case) -> str | None:
    """Words between quotation marks stand in the evidence just so."""
    text = clean(case.raw.replace("\\$", "$"))
    for match in _QUOTED.finditer(text):
        quoted = flat(next(g for g in match.groups() if g)).strip(" .,;:!?")
        parts = [p.strip(" .,;:!?[]()") for p in re.split(r"\.\.\.|…|\[[^\]]*\]", quoted)]
        held = [
            s for s in case.cited
            if all(p in s.verbatim or p in flat(f"{s.context} {s.names}") for p in parts if p)
        ]  # fmt: skip
        if not held:
            return f"nobody wrote “{quoted[:60]}”"
    return None


def named_roles(case: Case) -> str | None:
    """A role that the sentence names is one that its evidence is about."""
    held = frozenset(r for s in case.cited for r in s.roles)
    around = frozenset(m.name for s in case.cited for m in roles(s.context))
    for mention in case.roles:
        if (
            mention.name in held
            or _same_title(mention.name, held)
            or any(is_wider(mention.name, name) for name in held)
        ):
            continue
        if any(_BOTH_ROLES.search(s.text) for s in case.cited) and around <= {mention.name}:
            continue
        silent = any(not s.roles for s in case.cited)
        if silent and (mention.name in around or not around) and _parts_there(case, mention.name):
            continue
        if silent and mention.name in around:
            continue
        written = case.text[mention.start : mention.end]
        if not _ENGINEER.search(written) and all(map(case.wide.has_form, words(written))):
            continue
        return f"its evidence does not speak of {mention.name}"
    return None


_ENGINEER = re.compile(r"\b(?:engineer\w*|developers?|programmers?|scientists?)$", re.I)


_BOTH_ROLES = re.compile(
    r"\b(?:both|each|either) (?:roles?|jobs?|positions?|titles?|paths?|fields?)\b", re.I
)


def _same_title(name: str, held: frozenset[str]) -> bool:
    loose = {re.sub(r"\b(?:developer|programmer)\b", "engineer", h) for h in held}
    return re.sub(r"\b(?:developer|programmer)\b", "engineer", name) in loose


def _parts_there(case: Case, name: str) -> bool:
    return all(case.wide.has_form(part) for part in re.split(r"[ /]", name)[:-1])


def named_levels(case: Case) -> str | None:
    """A level that the sentence names stands in its evidence."""
    held = frozenset(level for s in case.cited for level in s.levels)
    for mention in case.levels:
        word = case.text[mention.start : mention.end].lower()
        if mention.name not in held and not case.wide.has_form(word):
            return f"its evidence does not speak of level {mention.name}"
    return None


_NAME = re.compile(r"[A-Za-z][A-Za-z\d]*(?:[.&+#-]?[A-Za-z\d]+)*[+#]*|\.NET")


def names(case: Case) -> str | None:
    """Names of products, organisations, places and people stand in the evidence."""
    skip = [(m.start, m.end) for m in (*case.roles, *case.levels)]
    matches = list(_NAME.finditer(case.text))
    for number, match in enumerate(matches):
        token = match.group()
        if (
            any(start <= match.start() < end for start, end in skip)
            or len(token) < 2
            or token in _FRAMES
        ):
            continue
        lower = token.lower()
        opening = number == 0 or re.search(r"[.!?:;\"“*-]\s?[\"“*(]*$", case.text[: match.start()])
        shaped = bool(re.search(r"[a-z\d][A-Z]|[A-Z].*[A-Z]|[A-Za-z]\d|\d[A-Za-z]", token))
        if not (token[0].isupper() or shaped) or lower in LEVELS:
            continue
        if lower in STOP_WORDS and (opening or token in ("I", "US") or not token[0].isupper()):
            continue
        after = case.text[match.end() :]
        following = after.split()[0].lower() if after.split() else ""
        does = _AS_A_NAME.match(after) and not _PLURAL.match(after) and not is_titular(following)
        named = not shaped and is_thing(token) and does
        if opening and not shaped and not named and not _sounds_like_a_name(case, match):
            continue
        if stem(lower) in REPORTING and not shaped and (opening or len(token) > 3):
            continue
        if named and not {lower, f"{lower}s"} & case.wide.words:
            return f"its evidence does not name {token}"
        parts = [p for p in re.split(r"[-/&.]", token) if len(p) > 1] or [token]
        if lower in case.evidence.lower() and len(lower) <= 3 and "&" in token:
            continue
        if case.wide.has_form(token) or all(case.wide.has_form(p) or p.islower() for p in parts):
            continue
        if _abbreviated(case, matches, number):
            continue
        if not shaped and (len(lower) > 3 and case.wide.has(lower) and stem(lower) in GROUPS):
            continue  # an ordinary word, capitalised as in a heading
        return f"its evidence does not name {token}"
    return None


_AS_A_NAME = re.compile(r",?\s(?:is|are|was|were|has|have|had|and|or|\w{2,}(?<!s)s)\b(?!')|[.,;]")
"""What follows a name that does something or stands in a list."""
_PLURAL = re.compile(
    r"\s\w+s\s(?:is|are|was|were|have|has|had|do|can|may|will|tend|"
    r"include|come|need|want|earn|make|use|cover|differ|vary|help|matter|exist|remain)\b"
)
_FRAMES: Final = frozenset({"FAQ", "FAQs", "Q&A", "PDF", "TLDR", "TL", "DR", "OK"})


_VERB = re.compile(
    r"(?:'s\b|\s(?:is|are|was|were|has|have|had|says?|reports?|pays?|cites?|finds?|found|offers?|and|"
    r"also|ranks?|predicts?|projects?|expects?|uses?|gives?|shows?|hires?|belongs?|lists?|notes?|"
    r"puts?|estimates?|"
    r"(?:named|called|listed|ranked|reported|identified)(?=\s(?:it|the|this|that|an?|its|AI)\b))\b)"
)


def _sounds_like_a_name(case: Case, match: re.Match[str]) -> bool:
    """Whether the capital of a first word is more than the start of the sentence."""
    after = case.text[match.end() :]
    root = stem(match.group())
    if is_grammatical(match.group()):
        return False
    if root in GROUPS or root in REPORTING or match.group().endswith(("ing", "ly")):
        return False
    if is_ordinary(match.group()):
        return bool(_VERB.match(after))  # who does something is no adverb
    if re.match(r"\W*:|\W*-\s", after):
        return False  # a label
    return not re.match(r"\s(?:the|an?|your|any|all|every|each|those|it|them)\b", after)  # asks


def _abbreviated(case: Case, matches: Sequence[re.Match[str]], number: int) -> bool:
    """Whether the token is part of a name whose initials stand in the evidence."""
    tokens = [m.group() for m in matches]
    held = {w.replace(".", "") for w in case.wide.words}
    for start in range(max(0, number - 4), number + 1):
        for end in range(number + 1, min(len(tokens), start + 6) + 1):
            run = [p for t in tokens[start:end] for p in re.split(r"[-/]", t) if p]
            run = [p for p in run if p.lower() not in ("of", "and", "the", "for")]
            letters = "".join(p[0] for p in run)
            if any(p.lower() in STOP_WORDS for p in run):
                continue
            if 2 <= len(letters) <= 6 and letters.lower() in held and len(run) > 1:
                return True
    return False


_ORDINALS: Final = [
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]


def ordinals(case: Case) -> str | None:
    """Third stays third."""
    held = case.wide.words
    for number, word in enumerate(_ORDINALS, 2):
        if number == 2 or word in held or word not in words(case.text):
            continue  # a second is also a time
        if re.search(rf"\b{word} (?:source|document|page|statement|report|guide)", case.text):
            continue
        if not re.search(rf"\b{number}(?:rd|th)?\b|\blast\b", case.evidence):
            return f"its evidence has no {word}"
    return None


_TO_MASTER = re.compile(
    r"\b(?:to|you|can|must|should|will|and|who|that|they) master\b|"
    r"\bmaster (?:both|the|these|all|each|your|their|a)\b",
    re.I,
)


def kinds(case: Case) -> str | None:
    """Degrees, kinds of employer and of employment are as specific as names."""
    said = set(words(case.text))
    for name, listed in KINDS.items():
        used = said & listed
        if "master" in used and _TO_MASTER.search(case.text):
            used -= {"master"}
        if (
            used
            and not case.wide.words & listed
            and not any(case.wide.has_form(w) or case.wide.has(w) for w in used)
        ):
            return f"its evidence does not speak of {min(used)} ({name})"
    return None
