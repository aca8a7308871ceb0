"""Where a statement comes from, in words: its class, and whom its text cites."""

from __future__ import annotations

import re

from careerqa.datatypes import Span
from careerqa.documents.provenance import NOT_ABOUT_THE_WORLD
from careerqa.figures import origin
from careerqa.figures.reading import Figure, masked

_WORDS = {
    "report": "report",
    "comparison": "comparison",
    "salary_page": "salary page",
    "guide": "guide’s advice",
    "job_description": "job description",
    "sample_text": "sample letter",
    "testimonial": "testimonial",
    "advertising": "advertising",
    "promotion": "promotion",
    "disclaimer": "disclaimer",
    "navigation": "placeholder",
    "hidden_text": "hidden text",
    "model_instruction": "words to a language model",
    "document": "document",
}
_STATISTIC = re.compile(r"\bBLS\b|\bBureau of Labor Statistics\b")
_DIGIT = re.compile(r"\d")
_SURVEY = re.compile(r"\bsurvey(?:s|ed)?\b", re.IGNORECASE)
_JOB_BOARD = re.compile(
    r"\b(?:positions we track|listings|open positions|currently listed|postings include"
    r"|avg salary range|median salar(?:y|ies)|75th percentile)\b",
    re.IGNORECASE,
)


def class_in_words(provenance: str, text: str) -> str:
    """What kind of statement it is: `survey cited by a report`, `job-board data`, `sample letter`.

    Args:
        provenance: The class of the statement.
        text: Its words, which tell a survey or an official statistic from the report's own.
    """
    words = _WORDS.get(provenance, provenance.replace("_", " "))
    if provenance in ("report", "guide", "job_description"):
        by = "guide" if provenance == "guide" else words
        if _STATISTIC.search(text):
            return f"statistic cited by a {by}"
        if _SURVEY.search(text):
            return f"survey cited by a {by}"
    if provenance == "comparison" and _JOB_BOARD.search(text):
        return "job-board data"
    return words


def origin_of(source: Figure | str) -> str | None:
    """Whom a figure, or the text of a statement, says that it comes from; None where it does not.

    Named in words beside an amount ("Glassdoor cites"), else the site that stands as a citation.
    """
    if isinstance(source, Figure):
        return source.origin
    whole, words = Span(0, len(source)), masked(source)
    cited = origin.origin_of(source, " " * len(source), whole)
    if not _DIGIT.search(words):
        return cited  # who reports an amount is told apart well, who says a thing is not
    named = origin.origin_of(source, words, whole)
    return cited if named is None or "AI" in named.split() else named


def attributed(provenance: str, text: str) -> str:
    """The class of a statement and whom it cites: `report, citing ravio`."""
    return source_in_words(class_in_words(provenance, text), cited_by(provenance, text))


def cited_by(provenance: str, text: str) -> str | None:
    """Whom a statement about the world cites; an advertisement cites nobody."""
    return None if provenance in NOT_ABOUT_THE_WORLD else origin_of(text)


def source_in_words(named: str, origin: str | None) -> str:
    """The source with whom it cites: `IntuitionLabs, citing ravio`."""
    return f"{named}, citing {origin}" if origin else named
