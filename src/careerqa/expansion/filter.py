"""Which of the questions that a language model wrote are kept, and why others are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careerqa.errors import QuestionError
from careerqa.expansion.questions import read_expansions
from careerqa.llm.prompts import addresses_model, inert
from careerqa.words import STOP_WORDS

if TYPE_CHECKING:
    from careerqa.expansion.plan import Statement
    from careerqa.service import CareerQA

FIRST: Final = 10
"""A question must find its own statement among so many."""
_FEWEST_WORDS: Final = 3
_MOST_WORDS: Final = 30
_MOST_CHARACTERS: Final = 200
_COPIED_WORDS: Final = 6
_OTHER_LANGUAGES = """
    au aux avec bei ce cette che como con cosa cual cuando dans das de dei dem den der des di
    doivent du e ein eine einem einen einer el en es est et fait faut für gana gibt het
    hoeveel i il ist kann la las le les los mit oder para pour qu qual quale quali quando quanto
    que quel quelle quem qui quoi sich sie sind son sont su um un una und une van verdient viel voor
    wann warum was wat welche welchen wer werden wie wird wo y zu à
"""
_OTHER_WORDS: Final = frozenset(_OTHER_LANGUAGES.split()) - STOP_WORDS
"""Little words of German, French, Spanish, Italian, Portuguese and Dutch that English lacks."""
_FIGURE = re.compile(r"[$£€]\s?\d[\d.,]*\s?[km]?|\d[\d.,]*\s?(?:%|percent\b|k\b)", re.IGNORECASE)


class QuestionFilter:
    """Sifts questions; knows those of each document that were kept before."""

    def __init__(self, service: CareerQA) -> None:
        self._service = service
        self._known: dict[Path, set[tuple[str, ...]]] = {}

    def sift(
        self, statement: Statement, questions: Sequence[str], path: Path
    ) -> tuple[tuple[str, ...], list[str]]:
        """The questions to keep, and for each other one why it is dropped.

        Args:
            statement: What they are to be answered by.
            questions: As they were written.
            path: The file of the document's questions, for those that it holds.
        """
        if path not in self._known:
            entries = read_expansions(path)
            self._known[path] = {words(q) for entry in entries for q in entry.questions}
        known = self._known[path]
        kept = []
        dropped = []
        for question in questions:
            text = tidied(question)
            reason = (
                wrong_in(text)
                or (None if is_english(text) else "another language")
                or ("a repetition" if words(text) in known else None)
                or ("the answer in it" if gives_away(text, statement.plain) else None)
                or (None if self._leads_back(text, statement) else "not leading back")
            )
            if reason:
                dropped.append(reason)
            else:
                known.add(words(text))
                kept.append(text)
        return tuple(kept), dropped

    def _leads_back(self, text: str, statement: Statement) -> bool:
        try:
            hits = self._service.search(text).hits[:FIRST]
        except QuestionError:
            return False
        return any(
            hit.unit.text == statement.text and hit.unit.document_id == statement.document_id
            for hit in hits
        )


def tidied(question: str) -> str:
    """A question on one line, with a mark at its end."""
    text = inert(question).strip("\"'“” ")
    return text if not text or text.endswith("?") else f"{text.rstrip('.! ')}?"


def wrong_in(question: str) -> str | None:
    """What is wrong with the form of a question, if anything."""
    number = len(words(question))
    if not _FEWEST_WORDS <= number <= _MOST_WORDS or len(question) > _MOST_CHARACTERS:
        return "too short or too long"
    if addresses_model(question):
        return "speaking to a language model"
    if re.search(r"\b(?:this|the|given) (?:statement|passage|text|excerpt)\b", question, re.I):
        return "about the text itself"
    return None


def gives_away(question: str, statement: str) -> bool:
    """Whether a question holds its answer: a figure of the statement, or a run of its words."""
    figures = {_plain(match.group()) for match in _FIGURE.finditer(statement)}
    if figures & {_plain(match.group()) for match in _FIGURE.finditer(question)}:
        return True
    asked, said = words(question), words(statement)
    runs = {said[at : at + _COPIED_WORDS] for at in range(len(said) - _COPIED_WORDS + 1)}
    return any(
        asked[at : at + _COPIED_WORDS] in runs for at in range(len(asked) - _COPIED_WORDS + 1)
    )


def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters."""
    return tuple(re.findall(r"\w+", text.casefold()))


def is_english(text: str) -> bool:
    """Whether a question has more little words of English than of its neighbours."""
    found = words(text)
    letters = [c for c in text if c.isalpha()]
    foreign = sum(word in _OTHER_WORDS for word in found)
    english = sum(word in STOP_WORDS for word in found)
    return english > foreign and sum(not c.isascii() for c in letters) <= 0.05 * len(letters)


def _plain(figure: str) -> str:
    return re.sub(r"[\s,]|percent", "", figure.casefold()).rstrip(".%")
