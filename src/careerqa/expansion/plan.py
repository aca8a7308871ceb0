"""Which statements of the corpus lack written questions, and what it takes to write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from careerqa.documents.corpus import read_corpus
from careerqa.documents.passages import context_of, units_of
from careerqa.documents.provenance import FLAGGED
from careerqa.errors import CorpusError
from careerqa.expansion.questions import attach, expansion_file, read_expansions
from careerqa.indexing.overview import NO_STATEMENT
from careerqa.indexing.views import plain_text
from careerqa.llm.prompts import Prompt, addresses_model, question_writing
from careerqa.settings import Settings

if TYPE_CHECKING:
    from careerqa.llm.budget import Counter

QUESTIONS: Final = 5
"""Questions asked for, a statement."""
_FEWEST_WORDS: Final = 3  # a shorter statement answers nothing by itself
_ANSWER_TOKENS: Final = 20 * QUESTIONS + 15  # a reply, for the estimate
_MESSAGE_TOKENS: Final = 16  # what a chat format puts around two messages, generously


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without written questions. `context` is its title and headings."""

    document_id: str
    text: str
    plain: str
    context: str

    def prompt(self) -> Prompt:
        """What a language model gets."""
        return question_writing(self.plain, self.context, number=QUESTIONS)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written. `inert` counts statements that speak to language models instead."""

    statements: tuple[Statement, ...]
    inert: int

    def tokens(self, counter: Counter) -> tuple[int, int]:
        """An estimate of the tokens to send and to receive."""
        sent = sum(counter.count(str(s.prompt())) + _MESSAGE_TOKENS for s in self.statements)
        return sent, len(self.statements) * _ANSWER_TOKENS


def plan(settings: Settings, *, document: str | None = None, limit: int | None = None) -> Plan:
    """Statements of the corpus without written questions, in its order.

    Args:
        document: Id of the only document to look at.
        limit: Most statements.

    Raises:
        CorpusError: If there is no such document, none can be read, or a file of written
            questions is malformed.
    """
    corpus = read_corpus(settings.corpus.path, exclude=settings.corpus.exclude)
    known = [one.id for one in corpus.documents]
    if document is not None and document not in known:
        raise CorpusError(f"There is no document {document!r}, only {', '.join(known)}.")
    found: list[Statement] = []
    inert = 0
    for one in corpus.documents:
        if document not in (None, one.id):
            continue
        units = units_of(one)
        entries = read_expansions(expansion_file(settings.corpus.path, one.id))
        done = set(attach(one, units, entries).by_unit)
        texts = {unit.text for unit in units if unit.id in done}
        for unit in units:
            plain = plain_text(unit)
            if unit.kind in NO_STATEMENT or unit.text in texts:
                continue
            texts.add(unit.text)
            if len(re.findall(r"\w+", plain)) < _FEWEST_WORDS:
                continue
            if unit.provenance in FLAGGED or addresses_model(unit.text):
                inert += 1
                continue
            found.append(Statement(one.id, unit.text, plain, context_of(one.source.title, unit)))
    return Plan(tuple(found[:limit]), inert)
