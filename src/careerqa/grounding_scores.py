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

from careerqa.grounding import Evidence, Verdict, check


@dataclass(slots=True)
class Scores:
    """Counts of sentences; `mistakes` holds each that was judged wrongly."""

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
    """
    titles = _sources(sources)
    scores = Scores()
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if split is None or case.get("split") == split:
            _count(case, titles, scores)
    return scores


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
        verdicts = [c.verdict for c in checked if key in _key(c.text) or _key(c.text) in key]
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
