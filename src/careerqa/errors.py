"""The exception tree. Each class maps to one exit code and one HTTP status."""

from __future__ import annotations

from typing import ClassVar


class CareerQAError(Exception):
    """Base of every error that careerqa raises on purpose.

    A message gives the fact, the value and the next step.
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    title: ClassVar[str] = "careerqa failed"


class QuestionError(CareerQAError):
    """The question cannot be asked: empty, too long or holding control characters."""

    exit_code = 2
    http_status = 422
    title = "The question cannot be asked"


class SettingsError(CareerQAError):
    """config.toml is missing, malformed or contradictory."""

    exit_code = 4
    http_status = 500
    title = "The settings are unusable"


class CorpusError(CareerQAError):
    """A document, or the corpus folder, cannot be read."""

    exit_code = 5
    http_status = 500
    title = "The corpus cannot be read"


class IndexMissingError(CareerQAError):
    """Nothing has been built yet."""

    exit_code = 6
    http_status = 503
    title = "There is no index yet"


class IndexMismatchError(CareerQAError):
    """The index was built under other settings, or its files are damaged."""

    exit_code = 7
    http_status = 503
    title = "The index does not fit the settings"


class BuildInProgressError(CareerQAError):
    """Another process is building the index."""

    exit_code = 8
    http_status = 409
    title = "The index is being built"


class ModelUnavailableError(CareerQAError):
    """Model weights are absent, altered or unloadable."""

    exit_code = 9
    http_status = 503
    title = "The model is unavailable"


class LLMError(CareerQAError):
    """The language model timed out, refused or sent something unusable."""

    exit_code = 10
    http_status = 502
    title = "The language model failed"


class EvaluationError(CareerQAError):
    """A question set, a baseline or a plot cannot be read, used or written."""

    exit_code = 11
    http_status = 500
    title = "The evaluation cannot run"
