"""SQuAD 2.0 (Rajpurkar, Jia and Liang, 2018), development set: sentences, and when to stay silent.

Half of the questions are not answered by their paragraph, and were written to look as if. Two
settings: handed the right paragraph, and searching all articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.metrics import roc_auc_score

from careerqa.datatypes import Hit
from careerqa.evaluation.questions import Evidence
from careerqa.evaluation.scoring import ResponseQuote, covers
from careerqa.evaluation.statistics import area_under_risk_coverage, risk_coverage
from public_index import PublicIndex, Ranked

WRONG_ABSTENTION = (0.05, 0.12, 0.17, 0.25)
"""Shares of the answerable questions that may be abstained on; published systems give 12-17%."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: handed its paragraph (`within`), and asked of all articles (`whole`)."""

    answerable: bool
    within: Ranked
    whole: Ranked
    right: tuple[bool, ...]  # of `within.hits`: is it the gold sentence
    right_whole: tuple[bool, ...]
    in_paragraph: tuple[bool, ...]  # of `whole.hits`
    quoted: bool  # the gold sentence is among `within.quoted`
    sentences: int  # in the paragraph


def run(
    index: PublicIndex, questions: Sequence[dict[str, Any]], paragraphs: Sequence[dict[str, Any]]
) -> list[str]:
    """The tables, as lines of Markdown."""
    places = {(p["doc"], p["para"]): (p["start"], p["end"]) for p in paragraphs}
    scored = [_score(index, question, places) for question in questions]
    answerable = [s for s in scored if s.answerable]
    quotes = sum(len(s.within.quoted) for s in answerable) / len(answerable)
    sentences = sum(s.sentences for s in answerable) / len(answerable)
    return [
        f"{len(scored)} questions, {len(answerable)} answerable.",
        "",
        f"Handed the right paragraph ({sentences:.1f} statements on average):",
        "",
        "| careerqa | share of the answerable |",
        "|---|---|",
        f"| the first statement is the gold sentence | {_top(answerable, 'right', 1)} |",
        f"| it is among the first two | {_top(answerable, 'right', 2)} |",
        f"| it is among the first three | {_top(answerable, 'right', 3)} |",
        f"| it is quoted ({quotes:.1f} quotes on average, silence apart) "
        f"| {sum(s.quoted for s in answerable) / len(answerable):.3f} |",
        "",
        *_abstention(scored, index.settings.answer.min_confidence),
        "",
        "Searching all articles:",
        "",
        "| | the first | among five |",
        "|---|---|---|",
        f"| careerqa: statement of the gold paragraph | {_top(answerable, 'in_paragraph', 1)} "
        f"| {_top(answerable, 'in_paragraph', 5)} |",
        f"| careerqa: gold sentence | {_top(answerable, 'right_whole', 1)} "
        f"| {_top(answerable, 'right_whole', 5)} |",
        "| BM25 over paragraphs: gold paragraph | 0.822 | 0.950 |",
    ]


def _score(
    index: PublicIndex, question: dict[str, Any], places: dict[tuple[str, int], tuple[int, int]]
) -> Scored:
    document, paragraph = question["source"]["doc"], question["source"]["para"]
    start, end = places[document, paragraph]

    def inside(hit: Hit) -> bool:
        span = hit.unit.span
        return hit.unit.document_id == document and start <= span.start and span.end <= end

    units = [
        u.id
        for u in index.generation.units
        if u.document_id == document and start <= u.span.start and u.span.end <= end
    ]
    gold = [Evidence(e["doc"], e["text"]) for e in question["evidence"]]
    within = index.ask_within(question["question"], units)
    whole = index.ask(question["question"])
    return Scored(
        answerable=question["answerable"],
        within=within,
        whole=whole,
        right=tuple(_is_gold(hit, gold) for hit in within.hits),
        right_whole=tuple(_is_gold(hit, gold) for hit in whole.hits[:5]),
        in_paragraph=tuple(inside(hit) for hit in whole.hits[:5]),
        quoted=any(_is_gold(hit, gold) for hit in within.quoted),
        sentences=len(units),
    )


def _is_gold(hit: Hit, gold: Iterable[Evidence]) -> bool:
    unit = hit.unit
    quote = ResponseQuote(unit.document_id, unit.span.start, unit.span.end, unit.text)
    return any(covers(quote, evidence) for evidence in gold)


def _abstention(scored: Sequence[Scored], threshold: float) -> list[str]:
    """What confidence is worth, handed the paragraph."""
    confidences = [s.within.confidence for s in scored]
    answerable = [s.answerable for s in scored]
    known = sorted(c for c, yes in zip(confidences, answerable, strict=True) if yes)
    unknown = [c for c, yes in zip(confidences, answerable, strict=True) if not yes]
    rows = [(f"as set, {threshold:g}", threshold)]
    rows += [(f"{s:.0%} wrong", known[int(s * len(known))]) for s in WRONG_ABSTENTION]
    curve = risk_coverage(confidences, [s.right[:1] == (True,) for s in scored])
    return [
        "| threshold of confidence | silent on the answerable | silent on the unanswerable |",
        "|---|---|---|",
        *(
            f"| {name} | {sum(c < at for c in known) / len(known):.3f} "
            f"| {sum(c < at for c in unknown) / len(unknown):.3f} |"
            for name, at in rows
        ),
        "| published, handed the paragraph | 0.12 to 0.17 | 0.74 to 0.82 |",
        "",
        f"Answerable against unanswerable: AUROC {roc_auc_score(answerable, confidences):.3f}. "
        f"Risk over coverage: {area_under_risk_coverage(curve):.3f}.",
    ]


def _top(scored: Sequence[Scored], name: str, k: int) -> str:
    """The share of questions with one of the first `k` marks of a field set."""
    return f"{sum(any(getattr(s, name)[:k]) for s in scored) / len(scored):.3f}"
