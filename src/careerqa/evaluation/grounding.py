"""How well the grounding check tells honest sentences from fabricated ones, on scripted replies."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from careerqa.errors import EvaluationError
from careerqa.grounding import Evidence, Verdict, check
from careerqa.terminal.output import put


@dataclass(slots=True)
class Scores:
    """Counts of sentences; `mistakes` holds each that was judged wrongly."""

    file: str = ""
    honest: int = 0
    kept: int = 0
    fabricated: int = 0
    caught: int = 0
    missed_kinds: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    @property
    def kept_share(self) -> float:
        """Honest sentences that are kept."""
        return self.kept / self.honest if self.honest else 1.0

    @property
    def caught_share(self) -> float:
        """Fabricated sentences that are dropped."""
        return self.caught / self.fabricated if self.fabricated else 1.0


def grounding_scores(
    path: Path, *, sources: Path | None = None, split: str | None = None
) -> Scores:
    """Scores on a file of scripted completions, one JSON object a line.

    Args:
        path: The file: `question`, `evidence`, `completion` and its `sentences` with `honest`.
        sources: The corpus's sources.toml, for the titles of the documents.
        split: Count only cases of this split.

    Raises:
        EvaluationError: If the file cannot be read, or a line is no such completion.
    """
    titles = _sources(sources)
    scores = Scores(path.name)
    for number, line in enumerate(_lines(path), 1):
        try:
            case = json.loads(line)
            if split is None or case.get("split") == split:
                _count(case, titles, scores)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(
                f"{path}, line {number} is no scripted completion ({type(error).__name__}: "
                f"{error}). It has question, evidence, completion and sentences."
            ) from error
    if not scores.honest and not scores.fabricated:
        raise EvaluationError(f"{path} holds no completion. Put one JSON object on each line.")
    return scores


def grounding_json(scores: Scores | None) -> dict[str, Any]:
    """The key `grounding` of what `careerqa eval --json` gives; nothing without scores."""
    if scores is None:
        return {}
    content = {
        "file": scores.file,
        "honest": scores.honest,
        "honest_kept": scores.kept,
        "honest_kept_share": round(scores.kept_share, 4),
        "fabricated": scores.fabricated,
        "fabricated_caught": scores.caught,
        "fabricated_caught_share": round(scores.caught_share, 4),
        "mistakes": list(scores.mistakes),
    }
    return {"grounding": content}


def show_grounding(scores: Scores | None, out: Console) -> None:
    """Both shares, and which kinds of sentences were judged wrongly; nothing without scores."""
    if scores is None:
        return
    out.print()
    out.print(Text(f"{scores.file}: sentences of scripted completions", style="bold"))
    out.print()
    rows = (
        ("honest, kept", scores.kept, scores.honest, scores.kept_share),
        ("fabricated, caught", scores.caught, scores.fabricated, scores.caught_share),
    )
    for what, right, of, share in rows:
        out.print(Text(f"{what:<19} {share:.3f}  ({right} of {of})"))
    if scores.missed_kinds:
        kinds = ", ".join(f"{kind} {n}" for kind, n in scores.missed_kinds.most_common())
        put(out, Text(f"judged wrongly: {kinds}"))


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise EvaluationError(f"{path} cannot be read: {reason}.") from error
    return [line for line in lines if line.strip()]


def _sources(path: Path | None) -> dict[str, Mapping[str, str]]:
    if path is None or not path.is_file():
        return {}
    documents = tomllib.loads(path.read_text(encoding="utf-8"))["documents"]
    return {name[:3]: fields for name, fields in documents.items()}


def _count(
    case: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], scores: Scores
) -> None:
    evidence = []
    for number, item in enumerate(case["evidence"], 1):
        source = titles.get(item["document"], {})
        title, publisher = source.get("title", ""), source.get("publisher", "")
        evidence.append(
            Evidence(number, item["text"], item["header"], None, title, publisher, item["document"])
        )
    checked = check(case["completion"], evidence).sentences
    for sentence in case["sentences"]:
        key = _key(sentence["text"])
        verdicts = [c.verdict for c in checked if key in _key(c.text)]
        verdicts = verdicts or [c.verdict for c in checked if _key(c.text) in key]  # in parts
        kept = bool(verdicts) and all(v is Verdict.SUPPORTED for v in verdicts)
        if sentence["honest"]:
            scores.honest += 1
            scores.kept += kept
        else:
            scores.fabricated += 1
            scores.caught += not kept
        if kept != sentence["honest"]:
            scores.missed_kinds[sentence["kind"]] += 1
            scores.mistakes.append(f"{case['id']} {sentence['kind']}: {sentence['text']}")


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
