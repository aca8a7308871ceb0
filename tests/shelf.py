"""Two short documents on two titles, and a service that finds all their statements in order."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

from careerqa.datatypes import Document, Hit, ProvenanceMark, Source, Span, Unit
from careerqa.documents.passages import units_of
from careerqa.indexing.generations import Manifest
from careerqa.indexing.views import plain_text
from careerqa.retrieval.question import read_question
from careerqa.retrieval.searching import Search

REPORT = """AI Engineers and Software Engineers

| Aspect | Software Engineer | AI Engineer |
|---|---|---|
| Education | A bachelor's degree | A master's degree |

Glassdoor reports that entry level AI engineers earn $90,000 to $100,000.

Software engineers earn $80,000, less than AI engineers.

AI/ML engineers are in demand.

Software Engineer Career Path

Typical progression: AI engineer, director.
"""
GUIDE = """A guide

Entry level AI engineers earn $150,000.

AI engineers become software engineers, then directors.
"""


class Shelf:
    """A generation as far as comparisons read it.

    What stands from "Sample letter" on is one.
    """

    def __init__(self, texts: dict[str, str], kinds: dict[str, str] | None = None) -> None:
        self.documents: dict[str, Document] = {}
        self.units: list[Unit] = []
        for name, text in texts.items():
            kind = (kinds or {}).get(name)
            digest = hashlib.sha256(text.encode()).hexdigest()
            letter = text.find("Sample letter")
            marks = (ProvenanceMark(Span(letter, len(text)), "sample_text"),) if letter > 0 else ()
            document = Document(name, text, digest, Source(text.split("\n")[0], kind=kind), marks)
            self.documents[name] = document
            self.units += units_of(document, first_id=len(self.units))
        self.plain = [plain_text(unit) for unit in self.units]
        self.manifest = Manifest(
            generation="20260101T000000Z-abcdef",
            built_at="2026-01-01T00:00:00+00:00",
            format=1,
            settings={"embedding.model": "words"},
            model_sha256=None,
            dimension=1,
            question_encoder="onnx",
            chunker_version="1",
            chroma_version="1",
            documents={},
            counts={"documents": len(texts), "passages": 1},
        )

    def unit(self, beginning: str) -> Any:
        """The unit that begins so."""
        return next(u for u in self.units if u.text.startswith(beginning))


class Librarian:
    """A service: every statement is a hit, in order, each 0.01 below the one before."""

    def __init__(self, shelf: Any = None, *, confidence: float = 0.9) -> None:
        self.shelf: Any = shelf or Shelf({"report.txt": REPORT, "guide.txt": GUIDE})
        self.settings = SimpleNamespace(
            answer=SimpleNamespace(min_confidence=0.5),
            llm=SimpleNamespace(provider="", base_url=""),
        )
        self.confidence = confidence
        self.asked: list[str] = []

    def generation(self) -> Any:
        return self.shelf

    def search(self, question: str, generation: Any = None) -> Search:
        self.asked.append(question)
        hits = [
            Hit(unit, rank, 1.0 - rank / 100, "test")
            for rank, unit in enumerate(self.shelf.units, 1)
        ]
        read = read_question(question, {})
        return Search(self.shelf, read, hits, self.confidence, 0.1, ("A warning.",))


def librarian(shelf: Shelf | None = None, *, confidence: float = 0.9) -> Any:
    """A `Librarian` in the place of a `CareerQA`."""
    return Librarian(shelf, confidence=confidence)
