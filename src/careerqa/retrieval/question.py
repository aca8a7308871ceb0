"""What a question asks for, read from its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from careerqa.datatypes import Span
from careerqa.documents.segmentation import sentence_spans
from careerqa.errors import QuestionError
from careerqa.indexing.database import terms_of
from careerqa.roles import load_vocabulary
from careerqa.words import STOP_WORDS

_PAY = re.compile(
    r"\b(salar(?:y|ies)|pay(?:s|ing|check)?|paid|earn(?:s|ed|ing|ings)?|wages?|income|compensat\w*"
    r"|money|(?:would|do|does|can|could|will|to) \w+ make|bonus|\d+ ?k)\b|\$"
    r"|\bhow much\b(?!.*\b(?:grow\w*|maths?|mathematics|time|experience|cod\w+|statistics)\b)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(
    r"\b(how (?:many|much|long|fast|big|often|old|high|low)|percent(?:age)?|number of|share of|rate"
    r"|growth|grow(?:n|ing|s)?|grew|average|median|when|which year)\b|%",
    re.IGNORECASE,
)
_ASIDES: Mapping[str, re.Pattern[str]] = {
    "sample_text": re.compile(
        r"\b(cover letters?|sample|letter|template|placeholder|example application)\b", re.I
    ),
    "testimonial": re.compile(r"\b(testimonials?|reviews?|users?|customers?|clients?)\b", re.I),
    "advertising": re.compile(
        r"\b(advert\w*|companys?|company|services?|sells?|sold|offers?|offerings?|clients?"
        r"|products?|about (?:us|them)|contact|intuition\w*|website|page|site)\b",
        re.I,
    ),
    "promotion": re.compile(
        r"\b(courses?|communit(?:y|ies)|newsletters?|toolkits?|subscri\w*|sign up|join|promot\w*"
        r"|advert\w*|offers?|bootcamps?|sells?|website|page|site)\b",
        re.I,
    ),
    "disclaimer": re.compile(
        r"\b(disclaimers?|copyright|legal|liab\w*|warrant\w*|ai[- ]generated|generated|accura\w*"
        r"|reliab\w*|trust\w*|errors?|written by|wrote|this (?:article|report|document|page))\b",
        re.I,
    ),
    "navigation": re.compile(
        r"\b(sources?|references?|cite[sd]?|citations?|links?|tags?|contents?|topics?|sections?)\b",
        re.I,
    ),
}
"""Words by which a question asks for a passage that is no statement about the world."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what its words ask for.

    Attributes:
        text: As it is searched: as asked, misspelt words repaired.
        points: Its interrogative sentences, where it has several sentences.
        asked: The sentences that ask: its points, or its only sentence; none where several
            sentences end in no question mark.
        terms: Its distinct content words, casefolded, in order.
        roles: Titles that it names, and those near them, by the role vocabulary. Loose names
            ("AI people") count beside a title, or where there are two of them.
        levels: Seniority levels that it names.
        wants_amount: Whether it asks about pay.
        wants_number: Whether it asks for a number of any kind.
        asides: Provenance classes, not about the world, that it asks for.
    """

    text: str
    points: tuple[str, ...]
    asked: tuple[str, ...]
    terms: tuple[str, ...]
    roles: frozenset[str]
    levels: frozenset[str]
    wants_amount: bool
    wants_number: bool
    asides: frozenset[str]


def check_question(question: str, max_characters: int) -> str:
    """The question without outer whitespace.

    Raises:
        QuestionError: If it is empty, longer than `max_characters`, has no letter or digit, or
            holds control characters other than tab and newline.
    """
    text = question.strip()
    if not text:
        raise QuestionError('The question is empty. Ask something, as in careerqa ask "...".')
    if len(text) > max_characters:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_characters:,} are read. "
            "Shorten it, or raise [answer] max_question_characters."
        )
    bad = next((c for c in text if (ord(c) < 32 and c not in "\t\n\r") or ord(c) == 127), None)
    if bad is not None:
        raise QuestionError(
            f"The question holds the control character U+{ord(bad):04X}. Remove it and ask again."
        )
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise QuestionError(
            "The question holds half a character (a lone surrogate). Send it as valid UTF-8."
        )
    if not any(c.isalnum() for c in text):
        raise QuestionError("The question holds no letter or digit. Ask it in words.")
    return text


def read_question(text: str, words: Mapping[str, int]) -> Question:
    """Read a question.

    Args:
        text: As the user asks it.
        words: How often each word of the documents and their written questions stands there, for
            the repair of misspelt ones. Empty for no repair.
    """
    searched = repaired(text, words) if words else text
    sentences = [span.of(searched) for span in sentence_spans(searched, Span(0, len(searched)))]
    points = tuple(s for s in sentences if s.endswith("?")) if len(sentences) > 1 else ()
    asked = points if len(sentences) > 1 else (searched,)
    wants_amount = bool(_PAY.search(searched))
    return Question(
        text=searched,
        points=points,
        asked=asked,
        terms=tuple(dict.fromkeys(t for t in terms_of(searched) if t not in STOP_WORDS)),
        roles=_asked_roles(searched),
        levels=levels_of(searched),
        wants_amount=wants_amount,
        wants_number=wants_amount or bool(_NUMBER.search(searched)),
        asides=frozenset(name for name, asks in _ASIDES.items() if asks.search(searched)),
    )


def roles_of(text: str) -> frozenset[str]:
    """The titles that a text names, and the titles near them."""
    found: set[str] = set()
    for mention in load_vocabulary().roles_in(text):
        found.add(mention.name)
        if mention.title.near:
            found.add(mention.title.near)
    return frozenset(found)


def _asked_roles(question: str) -> frozenset[str]:
    named = roles_of(question)
    loosely = load_vocabulary().asked_in(question)
    return named | loosely if named or len(loosely) > 1 else named


def levels_of(text: str) -> frozenset[str]:
    """The seniority levels that a text names."""
    return frozenset(m.name for m in load_vocabulary().levels_in(text) if m.sure)


_WORD = re.compile(r"[a-z]{5,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def repaired(text: str, words: Mapping[str, int]) -> str:
    """`text` with each unknown lower-case word of five letters or more repaired, where it can be.

    A repair is the most frequent known word that is one edit away: a letter dropped, added,
    changed, or two swapped (Damerau 1964), the first letter kept. Capitalised words are left
    alone: they may be names.
    """

    def repair(match: re.Match[str]) -> str:
        word = match.group()
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        if word in words or word in STOP_WORDS or before.isalnum() or after.isalnum():
            return word
        near = [other for other in _one_edit_away(word) if words.get(other, 0) > 1]
        return min(near, key=lambda other: (-words[other], other)) if near else word

    return _WORD.sub(repair, text)


def _one_edit_away(word: str) -> set[str]:
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS),
        *(a + letter + b for a, b in cuts for letter in _LETTERS),
    }
