"""An evaluation as tables for an 80 column terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from careerqa.evaluation.baseline import Verdict, record
from careerqa.evaluation.confidence import ConfidenceReport, confidence_report
from careerqa.evaluation.measures import (
    MEASURES,
    Difference,
    Estimate,
    Measure,
    by_type,
    estimate,
    latencies,
)
from careerqa.evaluation.scoring import QuestionScore
from careerqa.evaluation.statistics import Interval

NONE = "-"
_TYPE_COLUMNS = (
    ("recall", "recall"),
    ("full", "full"),
    ("strict", "strict"),
    ("first_right", "first\nright"),
    ("precision", "prec."),
    ("characters", "chars"),
    ("wrongly_abstained", "wrong\nsilent"),
    ("abstention_recall", "right\nsilent"),
)


def show_evaluation(scores: Sequence[QuestionScore], out: Console, *, question_set: str) -> None:
    """Everything about one system: scores, by type, what to look at, confidence, latency."""
    answerable = sum(s.answerable for s in scores)
    out.print(
        Text(f"{question_set}: {len(scores)} questions, {answerable} answerable", style="bold")
    )
    out.print()
    out.print(_scores_table(estimate(scores)))
    out.print()
    out.print(_types_table(scores))
    _show_what_to_look_at(scores, out)
    _show_confidence(confidence_report(scores), out)
    stages = latencies(scores)
    if stages:
        table = _table("milliseconds", "p50", "p95")
        for stage in stages:
            table.add_row(stage.stage, f"{stage.p50:.1f}", f"{stage.p95:.1f}")
        out.print()
        out.print(table)


def show_comparison(
    differences: Iterable[Difference], out: Console, *, first: str, second: str
) -> None:
    """Two systems on the same questions."""
    table = _table("the same questions", first, second, "difference", "95% interval", "p")
    for d in differences:
        if d.first is not None or d.second is not None:
            table.add_row(
                d.measure.label,
                _number(d.measure, d.first),
                _number(d.measure, d.second),
                Text(_number(d.measure, d.difference, sign=True), style=_style(d)),
                _interval(d.measure, d.interval, sign=True),
                _p_value(d.p_value),
            )
    out.print()
    out.print(table)
    out.print(
        Text("95% interval: paired bootstrap. p: McNemar's exact test, one measure at a time."),
        style="dim",
    )


def show_verdict(verdict: Verdict, out: Console) -> None:
    """A run beside its baseline."""
    show_comparison(verdict.differences, out, first="baseline", second="now")
    if verdict.regressions:
        out.print(Text(f"Worse than the baseline: {'; '.join(verdict.regressions)}.", style="red"))
    else:
        out.print(Text("No worse than the baseline beyond noise.", style="green"))


def evaluation_json(scores: Sequence[QuestionScore]) -> dict[str, Any]:
    """What `show_evaluation` shows, and the scores of each question."""
    return {
        "count": len(scores),
        "answerable": sum(s.answerable for s in scores),
        "scores": _estimates_json(estimate(scores)),
        "by_type": {
            kind: {"count": len(group), "scores": _estimates_json(estimate(group))}
            for kind, group in by_type(scores).items()
        },
        "confidence": asdict(confidence_report(scores)),
        "latency_ms": {s.stage: {"p50": s.p50, "p95": s.p95} for s in latencies(scores)},
        "questions": [record(s) for s in scores],
    }


def differences_json(differences: Iterable[Difference]) -> dict[str, Any]:
    """Two systems on the same questions, by measure."""
    return {
        d.measure.key: {
            "first": d.first,
            "second": d.second,
            "difference": d.difference,
            "interval": None if d.interval is None else [d.interval.low, d.interval.high],
            "mcnemar_p": d.p_value,
        }
        for d in differences
    }


def _estimates_json(estimates: Iterable[Estimate]) -> dict[str, Any]:
    return {
        e.measure.key: {
            "value": e.value,
            "interval": None if e.interval is None else [e.interval.low, e.interval.high],
        }
        for e in estimates
    }


def _scores_table(estimates: Iterable[Estimate]) -> Table:
    table = _table("all questions", "score", "95% interval")
    for e in estimates:
        if e.value is not None:
            table.add_row(
                e.measure.label, _number(e.measure, e.value), _interval(e.measure, e.interval)
            )
    return table


def _types_table(scores: Sequence[QuestionScore]) -> Table:
    measures = [next(m for m in MEASURES if m.key == key) for key, _ in _TYPE_COLUMNS]
    table = _table("by type", "n", *(title for _, title in _TYPE_COLUMNS), gap=1)
    for kind, group in by_type(scores).items():
        values = [e.value for e in estimate(group, measures)]
        if all(s.answerable for s in group):
            values[-1] = None  # no unanswerable question to be rightly silent on
        cells = [_number(m, v, digits=2) for m, v in zip(measures, values, strict=True)]
        table.add_row(kind, str(len(group)), *cells)
    return table


def _show_what_to_look_at(scores: Iterable[QuestionScore], out: Console) -> None:
    """Ids of the questions that went wrong, by how."""
    groups: dict[str, list[str]] = {}
    for s in scores:
        if s.faithful < s.shown:
            groups.setdefault("quote not verbatim", []).append(s.id)
        if s.answerable and not s.answered:
            groups.setdefault("abstained, but answerable", []).append(s.id)
        elif s.answered and not s.answerable:
            groups.setdefault("answered, but unanswerable", []).append(s.id)
        elif s.answerable and not s.full:
            groups.setdefault("evidence missed", []).append(s.id)
    if groups:
        out.print()
    for what, ids in groups.items():
        out.print(Text.assemble((f"{what} ({len(ids)}): ", "bold"), " ".join(ids)))


def _show_confidence(report: ConfidenceReport, out: Console) -> None:
    table = _table("confidence (lower is better)", "")
    table.add_row("calibration error, first quote right", f"{report.error_right:.3f}")
    table.add_row("calibration error, answerable", f"{report.error_answerable:.3f}")
    table.add_row("area under risk/coverage curve", f"{report.area:.3f}")
    if report.risk is not None:
        share = f"risk of the {report.coverage:.0%} answered: first quote wrong"
        table.add_row(share, f"{report.risk:.3f}")
    out.print()
    out.print(table)


def _table(first: str, *titles: str, gap: int = 2) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    table.add_column(first, overflow="fold")
    for title in titles:
        table.add_column(title, justify="right")
    return table


def _number(measure: Measure, value: float | None, *, digits: int = 3, sign: bool = False) -> str:
    if value is None:
        return NONE
    if not measure.is_share:
        return f"{value:{'+' if sign else ''},.0f}"
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    # A share just below 1 must not read as 1: one altered quote in thousands is a defect.
    return f"{1 - 10**-digits:.{digits}f}" if value < 1 and float(text) == 1 else text


def _p_value(value: float | None) -> str:
    if value is None:
        return NONE
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _interval(measure: Measure, interval: Interval | None, *, sign: bool = False) -> str:
    if interval is None:
        return NONE
    return (
        f"{_number(measure, interval.low, sign=sign)} to "
        f"{_number(measure, interval.high, sign=sign)}"
    )


def _style(difference: Difference) -> str:
    """Green or red where the difference is beyond noise."""
    interval = difference.interval
    if interval is None or interval.low <= 0 <= interval.high:
        return ""
    return "green" if (interval.low > 0) == difference.measure.higher_is_better else "red"
