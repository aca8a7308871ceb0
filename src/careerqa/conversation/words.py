"""How a follow-up question leans on the one before, and small changes of English text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from careerqa.datatypes import Span
from careerqa.roles import RoleMention, load_vocabulary
from careerqa.words import STOP_WORDS

_LEAD = re.compile(
    r"(?:(?:and|or|but|so|ok(?:ay)?|well|also|then|now|hm+|thanks|great|cool|sorry|actually|wait"
    r"|i mean(?:t)?|i was asking about|make that|rather|(?:what|how) about|what of"
    r"|(?:the )?same(?: question)? (?:for|with|about)|same thing for|likewise for)\b"
    r"|no(?=,| i\b| sorry\b))[\s,:;.–—-]*",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    r"[\s,]+(?:then|instead|too|as well|though|please|also|again|rather|by the way)$", re.I
)
_OPENS = re.compile(
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|am|do|does|did|can|could|will"
    r"|would|should|shall|may|might|must|have|has|had|(?:in|at|for|to|by|since|until|from) "
    r"(?:which|what|how|when|whom)|according to|tell|show|list|explain|describe|compare|give"
    r"|name|if|i|my|we|there|please)\b|what['’]s|who['’]s|how['’]s|i['’]m",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:hi|hello|hey|thanks|thank you|thx|ok(?:ay)?|great|cool|bye|goodbye|good|nice|yes|no"
    r"|perfect|wow)(?:\W+(?:so|very|much|a lot|you|there|all|then|all right))*\W*",
    re.IGNORECASE,
)
_LEVEL_WORDS = re.compile(
    r"\b(?:(?:senior|junior|beginner|intern|principal|fresher|graduate|trainee|apprentice"
    r"|veteran)s?|staff|interns(?:hips)?|entry|(?:mid|middle|lead)(?=$|[\s-]))(?!\w)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:[a-z-]+ )?(?:[a-z]+(?:[bcdfghklmnpstvwz]er|eer|[ct]or|ist|ian|yst|ect|ant|graduate"
    r"|intern)s|nurses?|women|men|people|graduates|minorities|trainees|employees|"
    r"(?:teacher|lawyer|doctor|manager|designer|architect|accountant|analyst|recruiter"
    r"|programmer|consultant|freelancer|contractor|beginner))\b",
    re.IGNORECASE,
)
_NO_PERSON_WORDS = """
    answers aspects careers computers containers defects factors hers indicators layers letters
    levers lists matters newsletters numbers offers orders others papers parameters powers projects
    prospects sectors servers subjects transformers vectors years
"""
_NO_PERSON: Final = frozenset(_NO_PERSON_WORDS.split())
_ARTICLE = re.compile(r"\b(an?) (?=([\w'’-]+))")


@dataclass(frozen=True, slots=True)
class Followup:
    """A question as it was put.

    Attributes:
        core: Without opening words such as "and", "what about", closing ones and marks.
        leans: Whether an opening word ties it to what went before.
        clause: Whether it opens like a whole question rather than a fragment of one.
    """

    core: str
    leans: bool
    clause: bool


def read_followup(question: str) -> Followup:
    """Take a question apart."""
    text = " ".join(question.split()).rstrip("?!. ")
    core, leans = text, False
    while (match := _LEAD.match(core)) and match.end() < len(core):
        core, leans = core[match.end() :], True
    core = _TRAIL.sub("", core)
    return Followup(core, leans or core != text, bool(_OPENS.match(core)))


def is_talk(question: str) -> bool:
    """Whether it is a greeting or thanks rather than a question."""
    return bool(_TALK.fullmatch(question.strip()))


def content(text: str) -> list[str]:
    """The words of a text that say what it is about, in lower case."""
    words = re.findall(r"[\w'’/+#-]+", text.lower().replace("’", "'"))
    return [word for word in words if word not in STOP_WORDS and word != "like"]


def names(text: str) -> list[str]:
    """Capitalised words after the first one, those of titles left out."""
    plain = list(text)
    for mention in roles_in(text):
        plain[mention.span.start : mention.span.end] = " " * len(mention.span)
    words = re.finditer(r"(?<![\w'’])[A-Z][\w'’+#-]*", "".join(plain))
    return [m.group() for m in words if m.start() > 0 and m.group() not in ("I", "I'm", "I’m")]


def roles_in(text: str) -> list[RoleMention]:
    """Titles in a text as people type it: an abbreviation in small letters counts as well."""
    raised = re.sub(r"\b(?:ai|ml|llm)\b", lambda m: m.group().upper(), text)
    return load_vocabulary().roles_in(raised)


@lru_cache(maxsize=256)
def level_spans(text: str) -> tuple[Span, ...]:
    """Where a text names a level of seniority, by place; more words than in documents count."""
    inside = [m.span for m in roles_in(text)]
    found = [m.span for m in load_vocabulary().levels_in(text)]
    found += [Span(m.start(), m.end()) for m in _LEVEL_WORDS.finditer(text)]
    found.sort(key=lambda span: (span.start, -len(span)))
    kept: list[Span] = []
    for span in found:
        covered = any(span.start < other.end and other.start < span.end for other in kept + inside)
        if not covered:
            kept.append(span)
    return tuple(kept)


def level_word(text: str) -> str:
    """A level as it stands before a title: "seniors" gives "senior"."""
    return text[:-1] if re.fullmatch(r"[a-z]{4,}[a-z]s", text, re.IGNORECASE) else text


def person_span(text: str) -> Span | None:
    """The first group of people that a text names by what they do, beyond the known titles."""
    for match in _PERSON.finditer(text):
        words = match.group().split()
        if words[-1].lower() in _NO_PERSON:
            continue
        start = match.start()
        if len(words) > 1 and (words[0].lower() in STOP_WORDS or words[0].lower() in _NO_PART):
            start = match.end() - len(words[-1])
        return Span(start, match.end())
    return None


_NO_PART = frozenset({"pay", "hire", "earn", "fast", "many", "much", "become"})
"""Words before a group of people that are no part of its name."""


def plural(noun: str) -> str:
    """The plural of a title."""
    return noun if noun.endswith(("s", "men", "people")) else f"{noun}s"


def singular(noun: str) -> str:
    """The singular of a plural that ends in s."""
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def with_articles(text: str) -> str:
    """`text` with "a" and "an" as the following word sounds."""

    def chosen(match: re.Match[str]) -> str:
        word = match.group(2)
        head = re.split(r"['’-]", word)[0]
        if head.isupper():
            vowel = head[0] in "AEFHILMNORSX"
        else:
            vowel = bool(re.match(r"[aeio]|u(?!ni|s[aei]|k\b)|hour|honest", word, re.IGNORECASE))
        return "an " if vowel else "a "

    return _ARTICLE.sub(chosen, text)


def lower_first(text: str) -> str:
    """`text` with a small first letter, unless its first word is a name or an abbreviation."""
    word = re.match(r"[\w'’]+", text)
    if word is None or not _OPENS.match(text) or word.group() in ("I", "I'm", "I’m"):
        return text
    return text[0].lower() + text[1:]


def as_question(text: str) -> str:
    """`text` with a capital and a question mark."""
    plain = with_articles(" ".join(text.split())).rstrip("?.!, ")
    return f"{plain[:1].upper()}{plain[1:]}?"
