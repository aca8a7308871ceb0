import json
from dataclasses import replace
from pathlib import Path

import pytest

from careerqa.errors import SettingsError
from careerqa.models.files import PUBLISHED_SHA256
from careerqa.retrieval import calibration
from careerqa.retrieval.confidence import VARIANTS
from careerqa.retrieval.ranking import SIGNALS


def test_the_shipped_one_is_of_the_shipped_model_and_complete() -> None:
    shipped = calibration.shipped()
    assert shipped.model_sha256 in PUBLISHED_SHA256.values()
    for mode in ("expanded", "bare"):
        assert set(shipped.ranking[mode]) == set(SIGNALS)
    for name, signals in VARIANTS.items():
        assert shipped.confidence[name].signals == signals
    assert all(shipped.gap_in(expansion=expansion) > 0 for expansion in (True, False))


def test_it_says_what_it_was_fitted_on_and_how_well() -> None:
    shipped = calibration.shipped()
    assert all(set(entry) == {"questions", "sha256"} for entry in shipped.data.values())
    assert 0.5 < shipped.measured["full"]["auroc"] <= 1


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "calibration.json"
    calibration.write(path, calibration.shipped())
    assert calibration.read(path) == calibration.shipped()


def test_weights_are_in_the_order_of_the_signals() -> None:
    ranking = {
        mode: dict.fromkeys(SIGNALS, 0.0) | {SIGNALS[2]: 7.0} for mode in ("expanded", "bare")
    }
    weights = replace(calibration.shipped(), ranking=ranking).weights(expansion=False)
    assert weights[2] == 7.0
    assert sum(weights) == 7.0


@pytest.mark.parametrize("content", ["", "{}", '{"format": 1}', "[]"])
def test_a_broken_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="Run careerqa calibrate, or delete it"):
        calibration.read(path)


def test_it_fits_only_its_model() -> None:
    shipped = calibration.shipped()
    assert shipped.fits(shipped.model_sha256, "whatever the name")
    assert not shipped.fits("0" * 64, shipped.model)
    unhashed = replace(shipped, model="hub/name", model_sha256=None)
    assert unhashed.fits(None, "hub/name")
    assert not unhashed.fits(None, "hub/other")


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    calibration.write(path, calibration.shipped())
    assert json.loads(path.read_text(encoding="utf-8"))["gap"] == calibration.shipped().gap
