"""Where an amount stands: its text, its frame, and the clause around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from careerqa.datatypes import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where an amount stands. All but `raw` are without markup; `raw` is as long as `text`."""

    text: str
    raw: str
    before: str = ""  # the sentence before it in its paragraph
    label: str = ""  # the lead-in of its paragraph or label line
    heading: str = ""
    row: str = ""  # the first cell of its row
    column: str = ""  # the header above its cell
    subject: str = ""  # the one title that its document is about
    compared: tuple[str, ...] = ()  # the titles that its document's title names

    @property
    def frame(self) -> str:
        """What the table says of its cell."""
        return f"{self.row} | {self.column}".strip(" |")


BOUNDARY: Final = re.compile(
    r"[;—|]|(?<!\b[A-Z])[.!?][\"”’)]*\s|,?\s(?:while|whereas|but|although|though)\s|\s(?:vs\.?|versus)\s"
    r"|,\s+(?=(?:and|with|compared|up|down|or|followed)\b)"
)
COMPARED: Final = re.compile(
    r"\b(?:than|over|compared (?:to|with)|relative to|unlike|versus|against)\s+"
    r"(?:[A-Za-z-]+\s+){0,3}$",
    re.IGNORECASE,
)
"""Words after which a title is what others are compared with."""
PRONOUN: Final = re.compile(
    r"\s*(?:It|They|Their|Its|These|This|The (?:role|job|position|title))\b"
)
"""Words that point to the sentence before."""


def clause_of(text: str, span: Span) -> Span:
    """The clause around `span`: up to a semicolon, dash, sentence end, "while", "vs" and so on."""
    start, end = 0, len(text)
    for match in BOUNDARY.finditer(text):
        if match.end() <= span.start:
            start = match.end()
        elif match.start() >= span.end:
            end = match.start()
            break
    return Span(start, end)
