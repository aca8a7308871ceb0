"""What of a document is not for its readers: hidden text, disguised words, words to a model.

Found in the text alone, so that an unchanged document has the same flags in every rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careerqa.datatypes import Document, Flag, Span
from careerqa.documents.addressing import addressed_in, speaks
from careerqa.documents.blanking import blanked
from careerqa.documents.hidden import code_in, hidden_in
from careerqa.documents.invisible import disguised_in, spelt_in
from careerqa.documents.provenance import HIDDEN, INSTRUCTION
from careerqa.documents.structure import parse

_TO_A_MODEL = "words to a language model"


def flags_of(text: str) -> tuple[Flag, ...]:
    """The flags of a document's text, in order."""
    unseen = [*hidden_in(text), *spelt_in(text)]
    seen = blanked(text, [span for span, _ in unseen])
    found = [
        _flag(text, span, HIDDEN, _hidden_reason(span.of(text), how), seen=False)
        for span, how in unseen
    ]
    for span, how in disguised_in(seen):
        found.append(_flag(text, span, HIDDEN, f"disguised text ({how})"))
    blocks = [block.span for block in parse(seen)]
    for sign, span in addressed_in(seen, blocks, code_in(seen)):
        line = _line(text, sign.start)
        found.append(Flag(span, line, INSTRUCTION, _TO_A_MODEL, seen=True))
    return tuple(sorted(found, key=lambda flag: (flag.span, flag.reason)))


def places_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """Where something is flagged and why, once a line and reason: `a.md:12: hidden text (...)`."""
    return tuple(
        dict.fromkeys(
            f"{document.id}:{flag.line}: {flag.reason}"
            for document in documents
            for flag in sorted(document.flags, key=lambda flag: flag.line)
        )
    )


def _hidden_reason(text: str, how: str) -> str:
    """The reason, with what makes it worse: words to a language model."""
    plain = "".join(_spelt(text))
    return f"hidden text ({how})" + (f", {_TO_A_MODEL}" if speaks(plain) else "")


def _spelt(text: str) -> Iterator[str]:
    """Tag characters as the letters that they spell."""
    for character in text:
        tag = 0xE0020 <= ord(character) <= 0xE007E
        yield chr(ord(character) - 0xE0000) if tag else character


def _flag(text: str, span: Span, provenance: str, reason: str, *, seen: bool = True) -> Flag:
    return Flag(span, _line(text, span.start), provenance, reason, seen)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
