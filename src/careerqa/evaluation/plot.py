"""An evaluation as a picture: the risk/coverage curve and how well confidence is calibrated.

Drawn by matplotlib, which comes with the extra `plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerqa.errors import EvaluationError
from careerqa.evaluation.confidence import ConfidenceReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#1f5fa8", "#d9722b")
"""A blue and an orange that colour-blind readers tell apart."""
INK = "#333333"
GRID = "#e3e3e3"


def require_matplotlib() -> None:
    """Say early what is missing.

    Raises:
        EvaluationError: If matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise EvaluationError(
            "Plots are drawn by matplotlib, which is not installed. Run pip install careerqa[plot]."
        ) from error


def draw(reports: Sequence[tuple[str, ConfidenceReport]], path: Path, *, title: str) -> None:
    """Draw one or two systems into a file; its ending names the format (.png, .svg, .pdf).

    Raises:
        EvaluationError: If matplotlib is missing or the file cannot be written.
    """
    require_matplotlib()
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.size": 10, "text.color": INK, "axes.labelcolor": INK}):
        # A figure of its own, without pyplot: nothing global, no window, no display needed.
        figure = Figure(figsize=(10, 4.9), dpi=150, layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        left, right = figure.subplots(1, 2)
        for (name, report), colour in zip(reports, COLOURS, strict=False):
            _risk(left, name, report, colour)
            _calibration(right, name, report, colour)
        _finish_risk(left)
        _finish_calibration(right)
        try:
            figure.savefig(path, facecolor="white")
        except OSError as error:
            raise EvaluationError(
                f"The plot {path} cannot be written: {error.strerror}."
            ) from error
        except ValueError as error:
            raise EvaluationError(f"The plot {path} cannot be written: {error}.") from error


def _risk(axes: Axes, name: str, report: ConfidenceReport, colour: str) -> None:
    coverage = [0.0, *(p.coverage for p in report.curve)]
    # A step holds back to the point before: answering between two thresholds is not possible.
    risk = [report.curve[0].risk if report.curve else 0.0, *(p.risk for p in report.curve)]
    axes.step(
        coverage,
        risk,
        where="pre",
        color=colour,
        linewidth=1.8,
        label=f"{name} (area {report.area:.3f})",
    )
    if report.risk is not None:
        axes.plot(report.coverage, report.risk, "o", color=colour, markersize=8, zorder=3)
        high = report.coverage > 0.6
        axes.annotate(
            f"answers {report.coverage:.0%},\nwrong {report.risk:.0%}",
            (report.coverage, report.risk),
            xytext=(-10 if high else 10, 10),
            textcoords="offset points",
            ha="right" if high else "left",
            color=colour,
        )


def _finish_risk(axes: Axes) -> None:
    _style(
        axes,
        title="Risk and coverage",
        xlabel="coverage: share of questions answered, most confident first",
        ylabel="risk: share of those whose first quote is wrong",
    )
    axes.set_ylim(0, max(0.3, axes.get_ylim()[1] * 1.08))
    axes.legend(loc="upper left", frameon=False)


def _calibration(axes: Axes, name: str, report: ConfidenceReport, colour: str) -> None:
    axes.plot(
        [b.confidence for b in report.bins],
        [b.right for b in report.bins],
        color=colour,
        linewidth=1,
        alpha=0.5,
        zorder=2,
    )
    axes.scatter(
        [b.confidence for b in report.bins],
        [b.right for b in report.bins],
        # The area grows with the number of questions, so that a lone one looks like one.
        s=[24 + 9 * b.count for b in report.bins],
        color=colour,
        edgecolor="white",
        linewidth=0.8,
        label=f"{name} (error {report.error_right:.3f})",
        zorder=3,
        clip_on=False,
    )
    for b in report.bins:
        axes.annotate(
            str(b.count),
            (b.confidence, b.right),
            ha="center",
            va="center",
            fontsize=7,
            color="white" if b.count >= 8 else INK,
            xytext=(0, 0 if b.count >= 8 else 9),
            textcoords="offset points",
            zorder=4,
        )


def _finish_calibration(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    _style(
        axes,
        title="Calibration (numbers: questions in each range)",
        xlabel="confidence",
        ylabel="share whose first quote is right",
    )
    axes.set_ylim(0, 1.02)
    legend: Any = axes.legend(loc="upper left", frameon=False)
    for handle in legend.legend_handles:
        handle.set_sizes([40])


def _style(axes: Axes, *, title: str, xlabel: str, ylabel: str) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.set_xlim(0, 1.02)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color("#bbbbbb")
