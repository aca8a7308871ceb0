"""A document as its readers see it, every offset what it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.datatypes import Document, Span

_BLANKED = re.compile(r"[^\n\r]")


def blanked(text: str, spans: Sequence[Span]) -> str:
    """`text` with spaces where `spans` are, which may overlap; line ends stay."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        if span.end > at:
            start = max(at, span.start)
            pieces += [text[at:start], _BLANKED.sub(" ", text[start : span.end])]
            at = span.end
    return "".join([*pieces, text[at:]])


def seen_text(document: Document) -> str:
    """The document's text with spaces where a reader sees nothing."""
    return blanked(document.text, [flag.span for flag in document.flags if not flag.seen])
