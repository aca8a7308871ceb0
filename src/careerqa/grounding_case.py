"""A sentence with the evidence that it cites: what every rule of the grounding check reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from careerqa.grounding_facts import Quantity, carries, quantities
from careerqa.grounding_normal import normal
from careerqa.grounding_owners import roles
from careerqa.grounding_sources import Fact, Source, level_mentions
from careerqa.grounding_words import Bag

_SIDE = re.compile(
    r"\b(AI/ML|AI|ML|machine[- ]learning|software|data)(?:\sengineering)?\s("
    r"side|people|folks?|track|"
    r"path|route|camp|crowd|world|hires?|candidates?|pros?|guys|ones?|counterparts?|colleagues?|"
    r"peers?|staff|practitioners?|workers?|professionals?|specialists?)\b",
    re.I,
)


def _titled(text: str, cited: Sequence[Source]) -> str:
    """The text with "the AI side" or "software people" as the one job title that it stands for."""
    held = {name for source in cited for name in source.roles}

    def title(match: re.Match[str]) -> str:
        first = match[1].lower().replace("-", " ").replace("machine learning", "ml")
        fitting = [name for name in held if name in (f"{first} engineer", f"{first} scientist")]
        if len(fitting) != 1 or f" {match[2].lower()}" in everything:
            return match.group()
        name = fitting[0].replace("ai", "AI").replace("ml", "ML")
        return f"{name}s" if match[2].endswith(("s", "people", "staff")) else name

    everything = " ".join(source.text for source in cited).lower()
    return _SIDE.sub(title, text)


class Case:
    """A sentence and the evidence that it cites."""

    def __init__(self, text: str, cited: Sequence[Source], about: str | None = None) -> None:
        self.raw = text
        self.text = _titled(normal(text), cited)
        self.cited = cited
        self.about = about  # the role of the sentence before, for "they" and "their"
        self.bag = Bag([t for s in cited for t in (s.text, s.header)])
        self.wide = Bag([t for s in cited for t in (s.text, s.header, s.context, s.names)])
        self.quantities = quantities(self.text)
        self.roles = roles(self.text)
        self.levels = level_mentions(self.text)

    @cached_property
    def facts(self) -> list[Fact]:
        """Every quantity of the evidence."""
        return [fact for source in self.cited for fact in source.facts]

    @cached_property
    def header_quantities(self) -> list[Quantity]:
        """Quantities of headings, titles and header rows, which a sentence may repeat."""
        return [q for s in self.cited for q in quantities(f"{s.header} ; {s.context} ; {s.label}")]

    @cached_property
    def evidence(self) -> str:
        """The evidence in one, normalised."""
        return " . ".join(f"{s.text} ; {s.header}" for s in self.cited)

    def matching(self, quantity: Quantity) -> list[Fact]:
        """The facts whose quantity is this one."""
        return [f for f in self.facts if carries(f.quantity, quantity)]
