"""What kind of statement a unit is.

A document's kind says what its statements are by default; `sources.toml` marks the passages that
are something else: a sample letter, a testimonial, an advertisement. What careerqa flags itself is
neither: hidden text, words to a language model (see `flagging`).
"""

from __future__ import annotations

from typing import Final

from careerqa.datatypes import Document, Span

BY_DOCUMENT_KIND: Final = {
    "report": "report",
    "comparison": "comparison",
    "salary page": "salary_page",
    "guide": "guide",
    "job description": "job_description",
}

MARKS: Final = frozenset(
    {"sample_text", "testimonial", "advertising", "promotion", "disclaimer", "navigation"}
)
"""Classes that `sources.toml` may mark passages with."""

HIDDEN: Final = "hidden_text"
INSTRUCTION: Final = "model_instruction"
FLAGGED: Final = frozenset({HIDDEN, INSTRUCTION})
"""Classes whose statements are not searched, so that they answer no question at all."""

NOT_ABOUT_THE_WORLD: Final = MARKS | FLAGGED
"""Classes whose statements never answer a question about the world."""

CLASSES: Final = frozenset(BY_DOCUMENT_KIND.values()) | NOT_ABOUT_THE_WORLD | {"document"}


def provenance_of(document: Document, span: Span) -> str:
    """The class of the statement at `span`.

    That of a flag that touches it, else of the innermost mark over it, else of the document.
    """
    for flag in document.flags:
        if flag.span.start < span.end and span.start < flag.span.end:
            return flag.provenance
    covering = [m for m in document.marks if m.span.start <= span.start < m.span.end]
    if covering:
        return min(covering, key=lambda mark: len(mark.span)).provenance
    return BY_DOCUMENT_KIND.get(document.source.kind or "", "document")
