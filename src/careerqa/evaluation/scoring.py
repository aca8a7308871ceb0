"""Ask every question of a set and score the replies one by one.

What is scored is described in `eval/README.md`. Anything that answers questions with quotes can be
scored: wrap it as a `Responder`. Scores over a set are in `measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from careerqa.datatypes import Answer
from careerqa.errors import EvaluationError, QuestionError
from careerqa.evaluation.questions import EvaluationQuestion, Evidence, normalised

if TYPE_CHECKING:
    from careerqa.answering.outcome import Outcome


@dataclass(frozen=True, slots=True)
class ResponseQuote:
    """A quote as it is scored: characters `[start, end)` of a document.

    `doc` is a document's id, or a beginning of it that no other document shares.
    """

    doc: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """What a system gave for one question.

    `quotes` are best first: those of the answer, or, where `answered` is false, the nearest
    passages. `confidence` in [0, 1] is the probability that the quotes answer. `disagreements`
    counts the matters on which the answer says that its sources differ.
    """

    answered: bool
    quotes: tuple[ResponseQuote, ...]
    confidence: float = 1.0
    disagreements: int = 0
    timings_ms: Mapping[str, float] = field(default_factory=dict)


Responder = Callable[[str], Response]
"""Answers a question as the user typed it."""


class Asks(Protocol):
    """The part of `CareerQA` that evaluation calls."""

    def ask(self, question: str) -> Outcome:
        """The outcome for a question."""


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """The scores of one question: numbers only, no text but its id and type.

    The counts from `covered` to `characters` are of the answer, so 0 where it abstained.
    """

    id: str
    type: str
    answerable: bool
    answered: bool
    confidence: float
    groups: int
    covered: int  # groups with a span that some quote covers
    full: bool  # every group is covered
    strict: bool  # and every must_include is quoted, from enough documents
    first_right: bool  # the first quote covers some span
    quotes: int
    right_quotes: int  # that cover some span
    characters: int  # quoted
    disagreements: int
    first_shown_right: bool  # like first_right, but of the nearest passages where it abstained
    shown: int  # quotes or nearest passages
    faithful: int  # of those, verbatim
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def responder_of(service: Asks) -> Responder:
    """The service as something to score."""

    def respond(question: str) -> Response:
        outcome = service.ask(question)
        result = outcome.result
        answered = isinstance(result, Answer)
        return Response(
            answered=answered,
            quotes=tuple(
                ResponseQuote(q.document_id, q.span.start, q.span.end, q.text)
                for q in (result.quotes if isinstance(result, Answer) else result.nearest)
            ),
            confidence=result.confidence,
            disagreements=len(result.disagreements) if isinstance(result, Answer) else 0,
            timings_ms=outcome.timings_ms,
        )

    return respond


def evaluate(
    questions: Sequence[EvaluationQuestion], respond: Responder, documents: Mapping[str, str]
) -> Iterator[QuestionScore]:
    """The score of each question, in order, as soon as it is answered.

    Args:
        documents: The texts of the documents by id, to check quotes against.

    Raises:
        EvaluationError: If a question cannot be asked.
    """
    for question in questions:
        try:
            response = respond(question.text)
        except QuestionError as error:
            raise EvaluationError(f"Question {question.id} cannot be asked. {error}") from error
        yield score(question, response, documents)


def score(
    question: EvaluationQuestion, response: Response, documents: Mapping[str, str]
) -> QuestionScore:
    """How good a response is. Each quote is judged alone; parts are not added up."""
    shown = [_judge(question, quote) for quote in response.quotes]
    judged = shown if response.answered else []
    covered = set().union(*(groups for _, groups in judged))
    full = question.answerable and len(covered) == len(question.evidence)
    right = [quote for quote, groups in judged if groups]
    return QuestionScore(
        id=question.id,
        type=question.type,
        answerable=question.answerable,
        answered=response.answered,
        confidence=response.confidence,
        groups=len(question.evidence),
        covered=len(covered),
        full=full,
        strict=full and _is_strict(question, right),
        first_right=bool(judged and judged[0][1]),
        quotes=len(judged),
        right_quotes=len(right),
        characters=sum(len(quote.text) for quote, _ in judged),
        disagreements=response.disagreements if response.answered else 0,
        first_shown_right=bool(shown and shown[0][1]),
        shown=len(shown),
        faithful=sum(is_verbatim(quote, documents) for quote in response.quotes),
        timings_ms=dict(response.timings_ms),
    )


def _judge(
    question: EvaluationQuestion, quote: ResponseQuote
) -> tuple[ResponseQuote, frozenset[int]]:
    """The quote and the numbers of the groups that it covers."""
    return quote, frozenset(
        number
        for number, group in enumerate(question.evidence)
        if any(covers(quote, evidence) for evidence in group)
    )


def _is_strict(question: EvaluationQuestion, right: Sequence[ResponseQuote]) -> bool:
    texts = [normalised(quote.text) for quote in right]
    return (
        all(any(wanted in text for text in texts) for wanted in question.must_include)
        and len({quote.doc for quote in right}) >= question.min_sources
    )


def covers(quote: ResponseQuote, evidence: Evidence) -> bool:
    """Whether a quote holds at least 0.8 of a span of evidence in one piece.

    Both must be of the same document. Whitespace is normalised, case counts.
    """
    return quote.doc.startswith(evidence.doc) and shares_most(
        normalised(quote.text), normalised(evidence.text)
    )


def shares_most(text: str, span: str) -> bool:
    """Whether the longest common substring of both has at least 0.8 * len(span) characters.

    A common substring of that many characters or more exists exactly if one of just that many
    does, and `span` has few such pieces: a fifth of its length, each containing its middle. So a
    handful of substring searches decides, where a longest match would take quadratic time.
    """
    length = len(span)
    needed = -(-length * 4 // 5)  # 0.8 * length, rounded up, without floats
    if span in text:
        return True
    if len(text) < needed or span[length - needed : needed] not in text:
        return False
    return any(span[at : at + needed] in text for at in range(length - needed + 1))


def is_verbatim(quote: ResponseQuote, documents: Mapping[str, str]) -> bool:
    """Whether the quote's text is what its document holds at its offsets."""
    text = documents.get(quote.doc)
    if text is None:
        found = [t for document_id, t in documents.items() if document_id.startswith(quote.doc)]
        if not quote.doc or len(found) != 1:
            return False
        text = found[0]
    return 0 <= quote.start <= quote.end and text[quote.start : quote.end] == quote.text
