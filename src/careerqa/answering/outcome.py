"""What a question came to, with the index that it was asked of and the time that it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerqa.datatypes import Abstention, Answer
from careerqa.indexing.generations import Manifest

if TYPE_CHECKING:
    from careerqa.llm.prose import Prose
    from careerqa.llm.protocol import Usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answering gave, from which index, and how long each stage took (milliseconds)."""

    result: Answer | Abstention
    manifest: Manifest
    timings_ms: dict[str, float]
    prose: Prose | None = None
    """What came of the language model, where one was asked."""
    standalone_question: str | None = None
    """How a follow-up question was understood; None for one that stands by itself."""
    usage: Usage | None = None
    """Tokens of every call to the language model, where its server counts them."""
