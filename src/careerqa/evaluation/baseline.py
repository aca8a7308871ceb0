"""A stored run to compare later ones with: question ids and scores, no texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from careerqa import __version__
from careerqa.errors import EvaluationError
from careerqa.evaluation.measures import MEASURES, Difference, compare, estimate
from careerqa.evaluation.scoring import QuestionScore

FORMAT = 1
GUARDED = ("recall", "first_right", "precision", "abstention_f1")
"""Measures whose fall beyond noise is a regression; fidelity below 1 is always one."""
_FIELDS = tuple(f.name for f in fields(QuestionScore) if f.name != "timings_ms")
_KINDS: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guarded measures beside the baseline, and what has got worse, in words."""

    differences: tuple[Difference, ...]
    regressions: tuple[str, ...]


def write_baseline(path: Path, scores: Sequence[QuestionScore], *, question_set: str) -> None:
    """Store a run, one question a line so that a change reads well in a diff.

    Raises:
        EvaluationError: If the file cannot be written.
    """
    head = {
        "format": FORMAT,
        "careerqa": __version__,
        "questions": question_set,
        "measures": {
            e.measure.key: None if e.value is None else round(e.value, 4) for e in estimate(scores)
        },
    }
    lines = ",\n".join(f"  {json.dumps(record(s), ensure_ascii=False)}" for s in scores)
    text = json.dumps(head, indent=1, ensure_ascii=False)[:-2] + f',\n "scores": [\n{lines}\n ]\n}}'
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"The baseline {path} cannot be written: {error.strerror}."
        ) from error


def read_baseline(path: Path) -> list[QuestionScore]:
    """The scores of a stored run.

    Raises:
        EvaluationError: If the file cannot be read or is malformed.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise EvaluationError(
                f"The baseline {path} has format {content['format']!r}, but this careerqa reads "
                f"{FORMAT}. Write it anew with --write-baseline."
            )
        return [_score(item) for item in content["scores"]]
    except OSError as error:
        raise EvaluationError(
            f"The baseline {path} cannot be read: {error.strerror}. "
            "Make it with --write-baseline, or check --baseline."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"The baseline {path} is malformed ({type(error).__name__}: {error}). "
            "Write it anew with --write-baseline."
        ) from error


def judge(baseline: Sequence[QuestionScore], scores: Sequence[QuestionScore]) -> Verdict:
    """Whether a run is worse than the baseline by more than chance explains.

    A guarded measure has regressed if the 95% interval of its paired difference lies wholly below
    0: then it falls on almost any sample of such questions, not only through one or two of these.

    Raises:
        EvaluationError: If the questions are not the same.
    """
    stored = {s.id: s for s in baseline}
    asked = {s.id for s in scores}
    new = [s.id for s in scores if s.id not in stored]
    gone = [s.id for s in baseline if s.id not in asked]
    edited = [s.id for s in scores if s.id in stored and _shape(s) != _shape(stored[s.id])]
    for ids, what in ((new, "not in it"), (gone, "missing now"), (edited, "edited since")):
        if ids:
            raise EvaluationError(
                f"The baseline is of other questions: {', '.join(ids[:5])}"
                f"{' and others' if len(ids) > 5 else ''} {'is' if len(ids) == 1 else 'are'} "
                f"{what}. Check --baseline, or write it anew with --write-baseline."
            )
    measures = [m for m in MEASURES if m.key in (*GUARDED, "fidelity")]
    differences = compare([stored[s.id] for s in scores], scores, measures)
    regressions = []
    for d in differences:
        if d.measure.key == "fidelity":
            if d.second is not None and d.second < 1:
                shown, faithful = sum(s.shown for s in scores), sum(s.faithful for s in scores)
                regressions.append(f"{shown - faithful} of {shown} quotes not verbatim")
        elif d.interval is not None and d.interval.high < 0:
            regressions.append(f"{d.measure.label} fell from {d.first:.3f} to {d.second:.3f}")
    return Verdict(tuple(differences), tuple(regressions))


def record(score: QuestionScore) -> dict[str, Any]:
    """A question's scores for JSON, without timings, which no two runs share."""
    values = {name: value for name, value in asdict(score).items() if name in _FIELDS}
    return values | {"confidence": round(score.confidence, 4)}


def _shape(score: QuestionScore) -> tuple[object, ...]:
    return score.type, score.answerable, score.groups


def _score(item: dict[str, Any]) -> QuestionScore:
    for field in fields(QuestionScore):
        if field.name in _FIELDS:
            value, kinds = item[field.name], _KINDS[str(field.type)]
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                raise TypeError(f"{field.name} is {value!r}, not {field.type}")
    return QuestionScore(**{name: item[name] for name in _FIELDS})
