"""Fitted numbers: the weights of ranking and the calibrated confidence, with their origin.

careerqa ships those of its default model. `careerqa calibrate` fits them for another model or for
other documents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from careerqa.errors import SettingsError
from careerqa.retrieval.confidence import VARIANTS, Logistic
from careerqa.retrieval.ranking import SIGNALS

FORMAT = 3


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, for which model and on what.

    `gap` is how far below the best hit's score a hit may lie and still be quoted, with and
    without written questions. `data` names the
    question sets with their sizes and SHA-256; `measured` holds cross-validated figures.
    """

    model: str
    model_sha256: str | None
    fitted: str
    ranking: dict[str, dict[str, float]]
    gap: dict[str, float]
    confidence: dict[str, Logistic]
    data: dict[str, Any]
    measured: dict[str, Any]
    format: int = FORMAT

    def weights(self, *, expansion: bool) -> tuple[float, ...]:
        """One weight for each of `ranking.SIGNALS`, with or without written questions."""
        chosen = self.ranking["expanded" if expansion else "bare"]
        return tuple(chosen.get(name, 0.0) for name in SIGNALS)

    def gap_in(self, *, expansion: bool) -> float:
        """The gap with or without written questions."""
        return self.gap["expanded" if expansion else "bare"]

    def confidence_in(self, variant: str) -> Logistic:
        """The fit for a variant of `confidence.VARIANTS`, else the next that knows less.

        A calibration made without unanswered or written questions lacks the larger fits.
        """
        names = [*reversed(VARIANTS)]
        known = [name for name in names[names.index(variant) :] if name in self.confidence]
        return self.confidence[known[0]]

    def fits(self, model_sha256: str | None, model: str) -> bool:
        """Whether it was fitted for a model."""
        if self.model_sha256 is not None:
            return self.model_sha256 == model_sha256
        return model_sha256 is None and self.model == model


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """The calibration that comes with careerqa, for its default model."""
    text = (resources.files("careerqa") / "data" / "calibration.json").read_text(encoding="utf-8")
    return _parse(json.loads(text))


def read(path: Path) -> Calibration:
    """Read a calibration file.

    Raises:
        SettingsError: If it is missing or malformed, or of another format.
    """
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path} is no calibration file ({error}). Run careerqa calibrate, or delete it."
        ) from error


def write(path: Path, calibration: Calibration) -> None:
    """Write a calibration file, readable and the same for the same numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(calibration), indent=2) + "\n", encoding="utf-8")


def _parse(content: Mapping[str, Any]) -> Calibration:
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']}, not {FORMAT}")
    fits = {
        name: Logistic(
            signals=tuple(fit["signals"]),
            mean=tuple(fit["mean"]),
            scale=tuple(fit["scale"]),
            weights=tuple(fit["weights"]),
            bias=fit["bias"],
        )
        for name, fit in content["confidence"].items()
    }
    return Calibration(**{**content, "confidence": fits})
