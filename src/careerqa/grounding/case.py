"""A sentence with the evidence that it cites: what every rule of the grounding check reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from careerqa.grounding.facts import Quantity, quantities
from careerqa.grounding.matching import carries
from careerqa.grounding.normal import normal
from careerqa.grounding.owners import roles
from careerqa.grounding.sources import Fact, Source, level_mentions
from careerqa.grounding.titled import in_full
from careerqa.grounding.words import Bag


class Case:
    """A sentence and the evidence that it cites."""

    def __init__(
        self,
        text: str,
        cited: Sequence[Source],
        about: str | None = None,
        others: Sequence[Source] = (),
    ) -> None:
        self.raw = text
        self.text = in_full(
            normal(text), {r for s in cited for r in s.roles}, " ".join(s.text for s in cited)
        )
        self.cited = cited
        self.others = others  # evidence that the sentence does not cite
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
