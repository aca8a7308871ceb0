"""Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma, 2024).

472 questions with verbatim excerpts, five corpora in one pool. What is retrieved is compared with
the excerpts character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from public_index import PublicIndex

SIZES = (1, 3, 5, 10, 20)
PUBLISHED = (
    ("all-MiniLM-L6-v2, TokenText 250/125: best recall", "5", 82.4, None, 3.5),
    ("all-MiniLM-L6-v2, Cluster 200: best IoU", "5", 75.2, None, 7.2),
    ("all-MiniLM-L6-v2, Recursive 200/0", "5", 75.7, None, 6.5),
    ("text-embedding-3-large, LLM chunker: best recall", "5", 91.9, None, 3.9),
    ("text-embedding-3-large, Cluster 200: best IoU", "5", 87.3, None, 8.0),
    ("BM25 over 850 characters", "5", 85.1, None, 5.2),
)

Range = tuple[str, int, int]
"""Characters `[start, end)` of a document."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of characters for one question, in [0, 1]."""

    recall: float
    precision: float
    iou: float


def overlap(retrieved: Iterable[Range], wanted: Iterable[Range]) -> Overlap:
    """How far retrieved ranges agree with the wanted ones.

    Recall is wanted characters covered / wanted; precision covered / retrieved; IoU covered /
    (retrieved + wanted that were missed).
    """
    found = {(document, at) for document, start, end in retrieved for at in range(start, end)}
    gold = {(document, at) for document, start, end in wanted for at in range(start, end)}
    both = len(found & gold)
    return Overlap(both / len(gold), both / len(found) if found else 0.0, both / len(found | gold))


def run(index: PublicIndex, questions: Sequence[dict[str, Any]]) -> list[str]:
    """The table, as lines of Markdown."""
    scores: dict[str, list[Overlap]] = {str(size): [] for size in SIZES}
    scores["as an answer quotes"] = []
    around = index.passages()
    passages: dict[str, list[Overlap]] = {"3": [], "5": []}
    excerpts: dict[str, list[Overlap]] = {"3": [], "5": []}
    quoted = 0
    for question in questions:
        wanted = [(e["doc"], e["start"], e["end"]) for e in question["evidence"]]
        ranked = index.ask(question["question"])
        ranges = [(h.unit.document_id, h.unit.span.start, h.unit.span.end) for h in ranked.hits]
        for size in SIZES:
            scores[str(size)].append(overlap(ranges[:size], wanted))
        wider = list(dict.fromkeys(around[h.unit.id] for h in ranked.hits if h.unit.id in around))
        for count, found in passages.items():
            found.append(overlap(wider[: int(count)], wanted))
        places = [(e.document_id, e.span.start, e.span.end) for e in ranked.excerpts]
        for count, found in excerpts.items():
            found.append(overlap(places[: int(count)], wanted))
        answer = [(h.unit.document_id, h.unit.span.start, h.unit.span.end) for h in ranked.quoted]
        quoted += len(answer)
        scores["as an answer quotes"].append(overlap(answer, wanted))
    mean_quoted = quoted / len(questions)
    lines = [f"{len(questions)} questions.", "", "| system | pieces | recall | precision | IoU |",
             "|---|---|---|---|---|"]  # fmt: skip
    for name, found in scores.items():
        pieces = name if name.isdigit() else f"{mean_quoted:.1f}, {name}"
        lines.append(f"| careerqa, statements | {pieces} | {_means(found)} |")
    for name, found in excerpts.items():
        lines.append(f"| careerqa, excerpts | {name} at most | {_means(found)} |")
    for name, found in passages.items():
        lines.append(f"| careerqa, passages around them | {name} | {_means(found)} |")
    lines += [f"| {name} | {n} | {_cells(values)} |" for name, n, *values in PUBLISHED]
    return lines


def _means(scores: Sequence[Overlap]) -> str:
    """Mean percentages as cells of a row."""
    return _cells(
        100 * sum(getattr(score, measure) for score in scores) / len(scores)
        for measure in ("recall", "precision", "iou")
    )


def _cells(values: Iterable[float | None]) -> str:
    return " | ".join("" if value is None else f"{value:.1f}" for value in values)
