"""Figures as a picture: pay, or percentages of a matter, by role and level, coloured by source.

Drawn by matplotlib, which comes with the extra `plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from careerqa.errors import CareerQAError
from careerqa.figures.report import FigureRow
from careerqa.roles import load_vocabulary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Okabe and Ito's colours, which colour-blind readers tell apart."""
INK = "#333333"
GRID = "#e3e3e3"
NAME_CHARACTERS = 48
NOTE_GAP_PIXELS = 24


class PlotError(CareerQAError):
    """A plot cannot be drawn or written."""

    exit_code = 1
    http_status = 500
    title = "The plot cannot be drawn"


def drawable(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """The rows that stand on one scale: pay, else the percentages of the commonest matter."""
    pay = payable(rows)
    percent = [row for row in rows if row.unit == "percent" and row.about]
    matters = [row.about for row in percent]
    common = max(dict.fromkeys(matters), key=matters.count, default=None)
    return pay or [row for row in percent if row.about == common]


def payable(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """The rows that a pay plot shows: yearly or unstated pay in the commonest currency.

    Premiums are differences and have no place on a scale of pay.
    """
    pay = [
        row
        for row in rows
        if row.about == "pay"
        and row.unit == "money"
        and row.measure not in ("premium", "change", "growth")
        and row.period in (None, "year")
    ]
    currencies = [row.currency for row in pay]
    common = max(dict.fromkeys(currencies), key=currencies.count, default=None)
    return [row for row in pay if row.currency == common]


def draw(rows: Sequence[FigureRow], path: Path) -> list[FigureRow]:
    """Draw what is `drawable` into a file; its ending names the format (.png, .svg, .pdf).

    What a source says twice is drawn once.

    Returns:
        The figures that are drawn, all on one matter.

    Raises:
        PlotError: If there is nothing to draw, matplotlib is missing or the file cannot be written.
    """
    drawn = drawable(rows)
    if not drawn:
        raise PlotError("None of these figures is pay in a year or a percentage to draw.")
    once = {(_source(row), row.role, row.level, _note(row)): row for row in drawn}
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotError(
            "Plots are drawn by matplotlib, which is not installed. Run pip install careerqa[plot]."
        ) from error
    groups = _grouped(list(once.values()))
    lanes = sum(len(group) for _, group in groups) + 0.8 * len(groups)
    sources = list(dict.fromkeys(_source(row) for row in drawn))
    with rc_context(
        {
            "font.size": 9,
            "text.color": INK,
            "axes.labelcolor": INK,
            "text.parse_math": False,  # "$120k–$220k" is no formula
        }
    ):
        # A figure of its own, without pyplot: nothing global, no window, no display needed.
        height = 1.5 + 0.27 * lanes + 0.22 * len(sources)
        figure = Figure(figsize=(10, height), dpi=150, layout="constrained")
        axes = figure.subplots()
        _lines(axes, groups, sources)
        _finish(axes, drawn[0])
        figure.suptitle(
            f"{_matter(drawn[0])} by role and level, as each source states it",
            x=0.01, ha="left", fontsize=12, fontweight="bold",
        )  # fmt: skip
        figure.legend(
            handles=_legend(sources), loc="outside lower left", frameon=False, ncols=1, fontsize=8
        )
        figure.draw_without_rendering()  # now the notes have their sizes
        _make_room(axes)
        try:
            figure.savefig(path, facecolor="white")
        except OSError as error:
            raise PlotError(f"The plot {path} cannot be written: {error.strerror}.") from error
        except ValueError as error:
            raise PlotError(f"The plot {path} cannot be written: {error}.") from error
    return drawn


def _grouped(rows: Sequence[FigureRow]) -> list[tuple[str, list[FigureRow]]]:
    vocabulary = load_vocabulary()
    titles = [title.name for title in vocabulary.titles]
    levels = [None, *(level.name for level in vocabulary.levels)]
    groups: dict[tuple[int, int], list[FigureRow]] = {}
    for row in rows:
        title = titles.index(row.role) if row.role in titles else len(titles)
        groups.setdefault((title, levels.index(row.level)), []).append(row)
    return [
        (f"{group[0].role or 'no role named'}, {group[0].level or 'level not stated'}", group)
        for _, group in sorted(groups.items(), key=lambda item: item[0])
    ]


def _source(row: FigureRow) -> str:
    name = row.publisher or row.title
    if len(name) > NAME_CHARACTERS:
        name = name[: NAME_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
    return f"{name} ({row.document})"


def _lines(
    axes: Axes, groups: Sequence[tuple[str, list[FigureRow]]], sources: Sequence[str]
) -> None:
    lane, middles = 0.0, []
    # An open end is drawn as an arrow of a twentieth of the scale.
    ends = [end for _, group in groups for row in group for end in (row.low, row.high) if end]
    arrow = (max(ends) - min(ends) or max(ends)) / 20
    for _, group in groups:
        middles.append(lane + (len(group) - 1) / 2)
        for row in group:
            colour = COLOURS[sources.index(_source(row)) % len(COLOURS)]
            low = row.low if row.low is not None else (row.high or 0)
            high = row.high if row.high is not None else low
            if low != high:
                axes.plot([low, high], [lane, lane], color=colour, lw=5, solid_capstyle="butt")
            else:
                axes.plot([low], [lane], color=colour, marker="D", ms=5.5, ls="none")
            open_above = row.high is None or "+" in (row.qualifier or "")
            open_above = open_above or "more" in (row.qualifier or "")
            if open_above or row.low is None:
                tip = high + arrow if open_above else low - arrow
                axes.annotate(
                    "", xy=(tip, lane), xytext=(high if open_above else low, lane),
                    arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.6},
                )  # fmt: skip
            note = axes.annotate(
                _note(row), (high + (arrow if open_above else 0), lane), xytext=(6, 0),
                textcoords="offset points", va="center", fontsize=8, color=INK,
            )  # fmt: skip
            note.set_in_layout(False)  # `_make_room` gives it room
            lane += 1
        lane += 0.8
    axes.set_yticks(middles, [name for name, _ in groups])
    axes.set_ylim(lane - 0.8, -0.8)


def _matter(row: FigureRow) -> str:
    name = (row.about or "other").capitalize()
    return f"{name} in percent" if row.unit == "percent" else name


def _note(row: FigureRow) -> str:
    parts = (row.value, row.measured or "measure not stated", row.region, row.year, row.origin)
    return ", ".join(part for part in parts if part)


def _finish(axes: Axes, first: FigureRow) -> None:
    from matplotlib.ticker import FuncFormatter

    if first.unit == "percent":
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
        axes.set_xlabel("percent; what it is a percentage of is as each source states it")
    else:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1000:,.0f}k"))
        currency = first.currency or "currency not stated"
        axes.set_xlabel(f"{currency}; a year where the source states a period")
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _make_room(axes: Axes) -> None:
    """Widen the scale until every note beside a figure ends within the picture."""
    from matplotlib.text import Annotation

    low, high = axes.dataLim.x0, axes.dataLim.x1
    low = max(0.0, low - 0.08 * ((high - low) or high))
    whole, needed = axes.bbox.width, high
    for note in axes.texts:
        if isinstance(note, Annotation) and note.get_text():
            left = whole - note.get_window_extent().width - NOTE_GAP_PIXELS
            needed = max(needed, low + (note.xy[0] - low) * whole / max(left, whole / 5))
    axes.set_xlim(low, needed)


def _legend(sources: Sequence[str]) -> list[object]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=COLOURS[number % len(COLOURS)], lw=5, label=name)
        for number, name in enumerate(sources)
    ]
