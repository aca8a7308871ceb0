"""What can be wrong with the files that an evaluation writes, found before minutes of asking."""

from __future__ import annotations

import os
from pathlib import Path

from careerqa.errors import EvaluationError
from careerqa.evaluation.plot import require_matplotlib


def check_baseline(path: Path) -> None:
    """Say why a baseline could not be written there.

    Raises:
        EvaluationError: If so.
    """
    _check_place(path, "baseline")


def check_plot(path: Path) -> None:
    """Say why no plot could be drawn into that file.

    Raises:
        EvaluationError: If so; matplotlib that is not installed is a reason too.
    """
    require_matplotlib()
    from matplotlib.backend_bases import FigureCanvasBase

    ending = path.suffix.removeprefix(".").lower()
    if ending and ending not in FigureCanvasBase.get_supported_filetypes():
        raise EvaluationError(
            f"The plot {path} cannot be written: .{ending} is no format of pictures. "
            "Let the name end in .png, .svg or .pdf."
        )
    _check_place(path, "plot")


def _check_place(path: Path, what: str) -> None:
    """Look without touching: a run that fails for another reason leaves no empty file."""
    folder = path.parent
    if not folder.is_dir():
        reason = f"there is no folder {folder}. Make it, or name another file."
    elif path.is_dir():
        reason = "it is a folder. Name a file."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        reason = "no permission. Name another file, or change who may write it."
    else:
        return
    raise EvaluationError(f"The {what} {path} cannot be written: {reason}")
