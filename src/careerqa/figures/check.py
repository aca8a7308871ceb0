"""Figures against a hand-made list: precision and recall of each field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careerqa.documents.provenance import NOT_ABOUT_THE_WORLD
from careerqa.errors import EvaluationError
from careerqa.figures.reading import Figure
from careerqa.roles import load_vocabulary

FIELDS = ("role", "level", "measure", "region", "year", "period", "origin", "about", "provenance")
TARGETS: Mapping[str, float] = {"value and unit": 0.95, "role": 0.85, "level": 0.85, "measure": 0.8}
_KEYS = frozenset(FIELDS) | {"document", "line", "text", "sentence", "low", "high", "unit"}


@dataclass(frozen=True, slots=True)
class Gold:
    """A hand-made list: its figures in order, and the lines of each document that it covers.

    Documents are named by how their ids begin. A scope of None is the whole document.
    """

    figures: tuple[dict[str, Any], ...]
    scope: dict[str, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class FieldScore:
    """How many of the stated values are right (precision), and of the gold ones found (recall).

    None where there are none to count.
    """

    name: str
    right: int
    stated: int
    expected: int

    @property
    def precision(self) -> float | None:
        """Right ones among those stated."""
        return self.right / self.stated if self.stated else None

    @property
    def recall(self) -> float | None:
        """Right ones among those expected."""
        return self.right / self.expected if self.expected else None

    @property
    def target(self) -> float | None:
        """What both should reach."""
        return TARGETS.get(self.name)

    @property
    def reached(self) -> bool:
        """Whether both reach the target, if there is one."""
        wanted = self.target or 0.0
        return all(score is None or score >= wanted for score in (self.precision, self.recall))


@dataclass(frozen=True, slots=True)
class Check:
    """Scores by field, and every difference in words."""

    figures: int
    gold: int
    scores: tuple[FieldScore, ...]
    differences: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether every target is reached."""
        return all(score.reached for score in self.scores)


def read_gold(path: Path) -> Gold:
    """A list in JSON lines: first `{"scope": {...}}`, then a figure a line.

    Raises:
        EvaluationError: If the file cannot be read or a line is malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read ({error}).") from error
    figures: list[dict[str, Any]] = []
    scope: dict[str, tuple[int, int] | None] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise EvaluationError(f"{path}:{number} is no JSON ({error}).") from error
        if isinstance(entry, dict) and set(entry) == {"scope"}:
            scope = {name: tuple(part) if part else None for name, part in entry["scope"].items()}
            continue
        missing = _KEYS - set(entry) if isinstance(entry, dict) else _KEYS
        if missing:
            raise EvaluationError(
                f"{path}:{number} lacks {', '.join(sorted(missing))}. Write null for unknown."
            )
        figures.append(entry)
    names = {str(entry["document"]) for entry in figures}
    return Gold(tuple(figures), scope or dict.fromkeys(sorted(names)))


def check(figures: Iterable[Figure], gold: Gold) -> Check:
    """Compare the figures within the list's scope with the list.

    A figure and an entry are the same if they stand in the same line with the same ends and unit;
    several such are taken in order. Fields are compared for those that are the same.
    """
    found = [figure for figure in figures if _in_scope(figure, gold.scope)]
    open_entries = list(gold.figures)
    pairs: list[tuple[Figure, dict[str, Any]]] = []
    differences: list[str] = []
    for figure in found:
        entry = next((e for e in open_entries if _same(figure, e)), None)
        if entry is None:
            differences.append(f"{_place(figure)} {figure.text}: not in the list")
            continue
        open_entries.remove(entry)
        pairs.append((figure, entry))
    differences += [f"{e['document']}:{e['line']} {e['text']}: not found" for e in open_entries]
    scores = [FieldScore("value and unit", len(pairs), len(found), len(gold.figures))]
    for name in FIELDS:
        score, wrong = _field(name, pairs)
        scores.append(score)
        differences += wrong
    return Check(len(found), len(gold.figures), tuple(scores), tuple(differences))


def _in_scope(figure: Figure, scope: Mapping[str, tuple[int, int] | None]) -> bool:
    for name, lines in scope.items():
        if figure.document_id.startswith(name):
            return lines is None or lines[0] <= figure.line <= lines[1]
    return False


def _place(figure: Figure) -> str:
    return f"{figure.document_id.split('-')[0]}:{figure.line}"


def _same(figure: Figure, entry: Mapping[str, Any]) -> bool:
    return (
        figure.document_id.startswith(entry["document"])
        and figure.line == entry["line"]
        and (figure.low, figure.high) == (entry["low"], entry["high"])
        and (figure.currency or figure.unit) == entry["unit"]
    )


def _field(
    name: str, pairs: Sequence[tuple[Figure, Mapping[str, Any]]]
) -> tuple[FieldScore, list[str]]:
    plain = _PLAIN.get(name, _folded)
    right = stated = expected = 0
    wrong: list[str] = []
    for figure, entry in pairs:
        ours, theirs = plain(getattr(figure, name)), plain(entry[name])
        stated += ours is not None
        expected += theirs is not None
        right += ours is not None and ours == theirs
        if ours != theirs:
            wrong.append(f"{_place(figure)} {figure.text}: {name} {ours}, listed as {theirs}")
    return FieldScore(name, right, stated, expected), wrong


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else None


def _role(value: str | None) -> str | None:
    if value is None:
        return None
    mention = load_vocabulary().role(value)
    return mention.name if mention else value.casefold()


def _measure(value: str | None) -> str | None:
    return None if value == "other" else _folded(value)


def _provenance(value: str | None) -> str | None:
    return value if value in NOT_ABOUT_THE_WORLD else "statement"


_PLAIN: Mapping[str, Callable[[str | None], str | None]] = {
    "role": _role,
    "measure": _measure,
    "provenance": _provenance,
}
