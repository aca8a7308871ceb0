"""A file of questions → questions with the evidence that an answer must quote.

The format is described in `eval/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careerqa.errors import EvaluationError

UNANSWERABLE_NEAR = "unanswerable_near"
UNANSWERABLE_FAR = "unanswerable_far"
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Verbatim text that answers, in the document whose id begins with `doc`."""

    doc: str
    text: str


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question with what a full answer quotes.

    Every group of `evidence` is needed; within a group one span is enough. An unanswerable
    question has none.
    """

    id: str
    text: str
    type: str
    answerable: bool
    evidence: tuple[tuple[Evidence, ...], ...] = ()
    must_include: tuple[str, ...] = ()
    min_sources: int = 0


def read_questions(path: Path) -> list[EvaluationQuestion]:
    """The questions of a JSONL file, in its order.

    Raises:
        EvaluationError: If the file cannot be read, holds no question, or a line is malformed;
            the message names the first such line and its field.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise EvaluationError(
            f"The question file {path} cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(
            f"{path} is not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}. "
            "Save it as UTF-8."
        ) from error
    questions: list[EvaluationQuestion] = []
    problems: list[str] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            question = _question(line)
            if question.id in line_of:
                raise _MalformedError(f"id {question.id!r} stands in line {line_of[question.id]}")
        except _MalformedError as error:
            problems.append(f"{path}, line {number}: {error}.")
            continue
        line_of[question.id] = number
        questions.append(question)
    if problems:
        more = len(problems) - 1
        lines = "line is" if more == 1 else "lines are"
        raise EvaluationError(problems[0] + (f" {more} more {lines} malformed." if more else ""))
    if not questions:
        raise EvaluationError(f"{path} holds no question. Put one JSON object on each line.")
    return questions


def check_documents(questions: Iterable[EvaluationQuestion], document_ids: Iterable[str]) -> None:
    """Compare a question set with the documents that will be asked.

    Raises:
        EvaluationError: If its evidence names a document that is not there, or a beginning that
            several documents share.
    """
    ids = sorted(document_ids)
    named: dict[str, str] = {}
    for question in questions:
        for evidence in (e for group in question.evidence for e in group):
            named.setdefault(evidence.doc, question.id)
    for doc, question_id in sorted(named.items()):
        found = [i for i in ids if i.startswith(doc)]
        if not found:
            raise EvaluationError(
                f"The evidence of question {question_id} names the document {doc!r}, but no id of "
                f"the {len(ids)} indexed documents begins so. Was the question set made for "
                "another corpus? Check [corpus] path, or rebuild the index."
            )
        if len(found) > 1:
            raise EvaluationError(
                f"The evidence of question {question_id} names the document {doc!r}, but "
                f"{len(found)} documents begin so: {', '.join(found)}. Write more of the id."
            )


def missing_evidence(
    questions: Iterable[EvaluationQuestion], documents: Mapping[str, str]
) -> list[str]:
    """Ids of questions with a span that its document does not hold, whitespace aside.

    No quote can cover such a span, so the document or the question has been edited since.
    """
    plain = {key: normalised(text) for key, text in documents.items()}
    return [
        q.id
        for q in questions
        if any(
            not any(normalised(e.text) in plain[i] for i in plain if i.startswith(e.doc))
            for group in q.evidence
            for e in group
        )
    ]


def normalised(text: str) -> str:
    """`text` with each run of whitespace as one space and the ends stripped."""
    return " ".join(text.split())


class _MalformedError(ValueError):
    """What is wrong with a line."""


def _question(line: str) -> EvaluationQuestion:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise _MalformedError(f"no JSON ({error})") from error
    if not isinstance(item, dict):
        raise _MalformedError("no JSON object")
    answerable = _field(item, "answerable", bool, "true or false")
    question = EvaluationQuestion(
        id=_text(item, "id"),
        text=_text(item, "question"),
        type=_text(item, "type"),
        answerable=answerable,
        evidence=tuple(
            _group(group, number)
            for number, group in enumerate(_field(item, "evidence", list, "a list of groups"), 1)
        ),
        must_include=_strings(item),
        min_sources=_field(item, "min_sources", int, "a whole number", int(answerable)),
    )
    _check(question)
    return question


def _check(question: EvaluationQuestion) -> None:
    groups, least = len(question.evidence), question.min_sources
    if question.answerable and question.type in (UNANSWERABLE_NEAR, UNANSWERABLE_FAR):
        raise _MalformedError(f"answerable is true, but type is {question.type}")
    if question.answerable and not groups:
        raise _MalformedError("evidence is empty, but answerable is true")
    if not question.answerable and groups:
        raise _MalformedError("evidence is given, but answerable is false")
    documents = {e.doc for group in question.evidence for e in group}
    if not 0 <= least <= len(documents):
        raise _MalformedError(
            f"min_sources is {least}, not 0 to {len(documents)}, the documents that evidence names"
        )


def _field(item: dict[str, Any], name: str, kind: type, what: str, default: Any = None) -> Any:
    if name not in item and default is not None:
        return default
    if name not in item:
        raise _MalformedError(f"{name} is missing")
    value = item[name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _MalformedError(f"{name} is {_shown(value)}, not {what}")
    return value


def _text(item: dict[str, Any], name: str) -> str:
    value: str = _field(item, name, str, "a text")
    if not value.strip():
        raise _MalformedError(f"{name} is empty")
    return value


def _strings(item: dict[str, Any]) -> tuple[str, ...]:
    values: Sequence[Any] = _field(item, "must_include", list, "a list of texts", [])
    for value in values:
        if not isinstance(value, str) or not value:
            raise _MalformedError(f"must_include holds {_shown(value)}, not a text")
    return tuple(values)


def _group(group: Any, number: int) -> tuple[Evidence, ...]:
    where = f"evidence, group {number}"
    if not isinstance(group, list) or not group:
        raise _MalformedError(f"{where} is {_shown(group)}, not a list of spans")
    spans = []
    for span in group:
        if not isinstance(span, dict):
            raise _MalformedError(f"{where} holds {_shown(span)}, not a span with doc and text")
        try:
            spans.append(Evidence(_text(span, "doc"), _text(span, "text")))
        except _MalformedError as error:
            raise _MalformedError(f"{where}: {error}") from error
    return tuple(spans)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."
