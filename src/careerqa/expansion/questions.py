"""Questions that a unit answers (document expansion: doc2query, Nogueira et al. 2019).

They are embedded and searched like the unit itself and lead back to it; a quote is still only ever
the unit's own text. They stand in readable files beside the corpus,
`corpus/expansions/<document path>.jsonl`, one statement a line:

    {"text": "<verbatim statement>", "questions": ["...", "..."]}

The statement's text is the key: when it is edited its questions no longer apply and are dropped;
those of other statements stay.

`corpus/expansions/unanswered.jsonl` holds questions in the documents' domain that they do not
answer. Its first line names the documents that were searched, by SHA-256; with any other set of
documents nobody has looked, so the file does not apply:

    {"documents": {"<document path>": "<sha256>", ...}}
    {"question": "...", "topic": "..."}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from careerqa.datatypes import Document, Unit
from careerqa.errors import CorpusError

FOLDER = "expansions"
UNANSWERED_FILE = "unanswered.jsonl"


@dataclass(frozen=True, slots=True)
class Expansion:
    """A statement and the questions that it answers."""

    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a document's units carry questions, and how many entries no longer apply."""

    by_unit: dict[int, tuple[str, ...]] = field(default_factory=dict)
    stale: int = 0


def expansion_file(corpus: Path, document_id: str) -> Path:
    """Where a document's questions are kept."""
    return corpus / FOLDER / f"{document_id}.jsonl"


def read_expansions(path: Path) -> list[Expansion]:
    """The entries of a file; none where there is no file.

    Raises:
        CorpusError: If a line is malformed, naming file and line.
    """
    if not path.is_file():
        return []
    entries: list[Expansion] = []
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            questions = entry["questions"]
            valid = (
                isinstance(entry["text"], str)
                and isinstance(questions, list)
                and all(isinstance(question, str) for question in questions)
            )
        except (ValueError, KeyError, TypeError):
            valid = False
        if not valid:
            raise CorpusError(
                f'{path}, line {number}: not {{"text": "...", "questions": ["...", ...]}}. '
                "Mend or delete the line."
            )
        cleaned = tuple(dict.fromkeys(q.strip() for q in questions if q.strip()))
        entries.append(Expansion(entry["text"], cleaned))
    return entries


def _read_text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path} is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}. "
            "Save the file as UTF-8 and rebuild the index."
        ) from error


def unanswered_file(corpus: Path) -> Path:
    """Where the questions are kept that the documents do not answer."""
    return corpus / FOLDER / UNANSWERED_FILE


def read_unanswered(path: Path, documents: Mapping[str, str]) -> dict[str, str] | None:
    """Questions that the documents do not answer, each with a word for the point that they lack.

    None where no file applies to these documents.

    Args:
        documents: SHA-256 of each document's bytes, by document id.

    Raises:
        CorpusError: If a line is malformed, naming file and line.
    """
    if not path.is_file():
        return None
    found: dict[str, str] = {}
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        if number > 1 and not line.strip():
            continue
        try:
            entry = json.loads(line)
            if number == 1:
                if dict(entry["documents"]) != dict(documents):
                    return None
                continue
            found[str(entry["question"]).strip()] = str(entry.get("topic", ""))
        except (ValueError, KeyError, TypeError) as error:
            wanted = '{"documents": {...}}' if number == 1 else '{"question": "..."}'
            raise CorpusError(
                f"{path}, line {number}: not {wanted}. Mend or delete the line."
            ) from error
    return found


def write_expansions(path: Path, entries: Iterable[Expansion]) -> None:
    """Write a file anew, one statement a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"text": e.text, "questions": list(e.questions)}, ensure_ascii=False)
        for e in entries
    ]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def attach(document: Document, units: Sequence[Unit], entries: Iterable[Expansion]) -> Coverage:
    """Questions by unit id.

    An entry belongs to every unit whose text it is, else to the unit that its text stands in, else
    to the longest unit within its text. An entry whose text is gone is stale and leads nowhere.
    """
    by_text: dict[str, list[Unit]] = {}
    for unit in units:
        by_text.setdefault(unit.text, []).append(unit)
    found: dict[int, list[str]] = {}
    stale = 0
    for entry in entries:
        owners = by_text.get(entry.text) or _around(document.text, units, entry.text)
        stale += not owners
        for unit in owners:
            found.setdefault(unit.id, []).extend(entry.questions)
    return Coverage({key: tuple(dict.fromkeys(value)) for key, value in found.items()}, stale)


def _around(text: str, units: Sequence[Unit], part: str) -> list[Unit]:
    start = text.find(part) if part.strip() else -1
    if start < 0:
        return []
    end = start + len(part)
    around = [unit for unit in units if unit.span.start <= start and end <= unit.span.end]
    inside = [unit for unit in units if start <= unit.span.start and unit.span.end <= end]
    return around or sorted(inside, key=lambda unit: len(unit.span))[-1:]
