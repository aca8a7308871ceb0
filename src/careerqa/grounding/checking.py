"""Completion → checked sentences: what its cited evidence does not carry is told apart.

Pure functions over text; no model takes part. A sentence must point at evidence, and that evidence
must hold its figures (with their role, level and measure), names, quoted words, direction,
negation, scope and most of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from careerqa.grounding.case import Case
from careerqa.grounding.normal import normal
from careerqa.grounding.owners import roles
from careerqa.grounding.rules import RULES
from careerqa.grounding.sentences import OPENING, Written, sentences
from careerqa.grounding.sources import Evidence, Source, read

__all__ = ["Checked", "CheckedSentence", "Checker", "Evidence", "Verdict", "check"]


class Verdict(StrEnum):
    """How a sentence stands to the evidence that it cites."""

    SUPPORTED = "supported"
    MISATTRIBUTED = "misattributed"  # other evidence carries it
    STITCHED = "stitched"  # its parts are there, but do not belong together
    FABRICATED = "fabricated"
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a completion with its verdict and the reason for it."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Every sentence of a completion, in order."""

    sentences: tuple[CheckedSentence, ...]

    @property
    def kept(self) -> tuple[CheckedSentence, ...]:
        """The sentences that may be shown."""
        return tuple(s for s in self.sentences if s.verdict is Verdict.SUPPORTED)

    @property
    def dropped(self) -> tuple[CheckedSentence, ...]:
        """The sentences that may not."""
        return tuple(s for s in self.sentences if s.verdict is not Verdict.SUPPORTED)

    def counts(self) -> dict[str, int]:
        """How many sentences got each verdict."""
        return {v.value: sum(s.verdict is v for s in self.sentences) for v in Verdict}


def check(completion: str, quotes: Sequence[Evidence]) -> Checked:
    """Check every sentence of a completion against the evidence that it cites."""
    checker = Checker(quotes)
    return Checked(tuple(checker.check(written) for written in sentences([completion])))


@dataclass(slots=True)
class Checker:
    """Checks sentences one by one, in order, as a streamed completion gives them."""

    quotes: Sequence[Evidence]
    _sources: dict[int, Source] = field(init=False)
    _about: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._sources = {quote.id: read(quote) for quote in self.quotes}

    def check(self, written: Written) -> CheckedSentence:
        """The verdict on one sentence."""
        valid = tuple(n for n in written.citations if n in self._sources)
        if not valid:
            reason = (
                f"no evidence has the number {written.citations[0]}"
                if written.citations
                else ("points at no evidence")
            )
            return CheckedSentence(written.text, (), Verdict.UNCITED, reason)
        if len(valid) < len(written.citations):
            missing = next(n for n in written.citations if n not in self._sources)
            reason = f"no evidence has the number {missing}"
            return CheckedSentence(written.text, valid, Verdict.FABRICATED, reason)
        cited = [self._sources[n] for n in valid]
        about = self._about
        text = OPENING.sub("", written.text)
        named = {mention.name for mention in roles(normal(text))}
        if named:
            self._about = named.pop() if len(named) == 1 else None
        others = [source for n, source in self._sources.items() if n not in valid]
        problem = _problem(text, cited, about, others)
        if problem is None:
            return CheckedSentence(written.text, valid, Verdict.SUPPORTED)
        verdict, reason = problem
        if self._elsewhere(text, valid):
            verdict = Verdict.MISATTRIBUTED
        return CheckedSentence(written.text, valid, verdict, reason)

    def _elsewhere(self, text: str, cited: Iterable[int]) -> bool:
        others = [s for n, s in self._sources.items() if n not in cited]
        return any(_problem(text, [source]) is None for source in others)


def _problem(
    text: str, cited: Sequence[Source], about: str | None = None, others: Sequence[Source] = ()
) -> tuple[Verdict, str] | None:
    case = Case(text, cited, about, others)
    for stitched, rule in RULES:
        reason = rule(case)
        if reason:
            return (Verdict.STITCHED if stitched else Verdict.FABRICATED), reason
    return None
