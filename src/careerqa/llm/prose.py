"""Quotes → prompt → completion → sentences that the quotes carry, one by one as they end."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import cast

from careerqa.datatypes import Disagreement, Quote, Sentence
from careerqa.errors import LLMError
from careerqa.grounding import Checked, CheckedSentence, Checker, Verdict
from careerqa.grounding.sentences import SentenceReader, Written
from careerqa.grounding.sources import Evidence
from careerqa.llm.budget import Counter, pack
from careerqa.llm.prompts import Prompt, addresses_model, inert, label, recites
from careerqa.llm.protocol import LLM, End, Usage
from careerqa.settings import LLMSettings

_LOGGER = logging.getLogger(__name__)
_ESCAPE = re.compile(r"\\([$%&~#+\-.!()<>|*_\[\]])")
"""Markdown's backslashes, which models copy from documents."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What came of asking the language model.

    Without `sentences` the extractive answer stands, and `warnings` say why. `checked` holds every
    sentence with its verdict, for debugging. `prompt` is what was sent.
    """

    sentences: tuple[Sentence, ...]
    warnings: tuple[str, ...] = ()
    usage: Usage | None = None
    checked: Checked = field(default_factory=lambda: Checked(()))
    prompt: str = ""


def write(
    question: str,
    quotes: Sequence[Quote],
    llm: LLM,
    settings: LLMSettings,
    *,
    disagreements: Sequence[Disagreement] = (),
    cancel: threading.Event | None = None,
) -> Prose:
    """An answer in prose; never raises for what the language model does."""
    run = stream(question, quotes, llm, settings, disagreements=disagreements, cancel=cancel)
    while True:
        try:
            next(run)
        except StopIteration as stop:
            return cast(Prose, stop.value)


def stream(
    question: str,
    quotes: Sequence[Quote],
    llm: LLM,
    settings: LLMSettings,
    *,
    disagreements: Sequence[Disagreement] = (),
    cancel: threading.Event | None = None,
) -> Generator[Sentence, None, Prose]:
    """Each sentence once it is checked; the same `Prose` as from `write` is the return value.

    If the call fails half-way, what was given out until then is withdrawn: the returned prose has
    no sentences.
    """
    try:
        prepared, warnings = prepare(
            question, quotes, settings, Counter(settings.encoding), disagreements=disagreements
        )
    except LLMError as error:
        return Prose((), (_fallback(str(error)),))
    if prepared is None:
        return Prose((), tuple(warnings))
    prompt, packed = prepared
    checker = Checker([evidence_of(q) for q in packed])
    reader = SentenceReader()
    kept: list[Sentence] = []
    seen: list[CheckedSentence] = []
    end = End()

    def judge(written: Sequence[Written]) -> list[Sentence]:
        fresh = []
        for item in written:
            verdict = checker.check(item)
            if verdict.verdict is Verdict.SUPPORTED and recites(item.text, prompt):
                reason = "repeats the instructions"
                verdict = replace(verdict, verdict=Verdict.FABRICATED, reason=reason)
            seen.append(verdict)
            sentence = _sentence(verdict)
            if sentence is not None and sentence not in kept:
                kept.append(sentence)
                fresh.append(sentence)
        return fresh

    try:
        with ExitStack() as stack:
            pieces = llm.stream(prompt, cancel=cancel)
            stack.callback(getattr(pieces, "close", lambda: None))
            for piece in pieces:
                if isinstance(piece, End):
                    end = piece
                else:
                    yield from judge(reader.feed(piece))
    except LLMError as error:
        warnings.append(_fallback(str(error)))
        return Prose((), tuple(warnings), end.usage, Checked(tuple(seen)), str(prompt))
    except Exception as error:  # a plug-in may raise anything; its words may hold a key
        _LOGGER.debug("language model %s failed", llm.name, exc_info=True)
        warnings.append(_fallback(f"The language model failed ({type(error).__name__})."))
        return Prose((), tuple(warnings), end.usage, Checked(tuple(seen)), str(prompt))
    if cancel is not None and cancel.is_set():
        warnings.append("The language model was stopped; the answer is made of quotes alone.")
        return Prose((), tuple(warnings), end.usage, Checked(tuple(seen)), str(prompt))
    rest = reader.close()
    if end.truncated:
        rest = rest[:-1]  # the last one has no end
        warnings.append("The language model's reply was cut off at [llm] max_answer_tokens.")
    yield from judge(rest)
    checked = Checked(tuple(seen))
    warnings.extend(_summary(checked, kept))
    return Prose(tuple(kept), tuple(warnings), end.usage, checked, str(prompt))


def prepare(
    question: str,
    quotes: Sequence[Quote],
    settings: LLMSettings,
    counter: Counter,
    *,
    disagreements: Sequence[Disagreement] = (),
) -> tuple[tuple[Prompt, tuple[Quote, ...]] | None, list[str]]:
    """The prompt with the quotes that it holds, and warnings; None if there is nothing to show.

    Raises:
        LLMError: If not even one quote fits into the prompt.
    """
    safe = [q for q in quotes if not addresses_model(q.text)]
    warnings = _passed_over(len(quotes) - len(safe))
    if not safe:
        return None, [*warnings, "There was no statement to show to the language model."]
    limit = settings.max_prompt_tokens
    return pack(question, safe, counter, limit, disagreements=disagreements), warnings


def evidence_of(quote: Quote) -> Evidence:
    """A quote as the grounding check reads it: what the model saw, no more."""
    source = quote.source
    return Evidence(
        id=quote.id,
        text=inert(quote.text) if not quote.table_header else quote.text,
        header=quote.table_header,
        section=" > ".join(filter(None, map(label, quote.trail))) or None,
        title=label(quote.source.title),
        publisher=" ".join(label(name) for name in (source.publisher, source.author) if name),
        document=quote.document_id,
        provenance=quote.provenance,
    )


def _sentence(checked: CheckedSentence) -> Sentence | None:
    if checked.verdict is not Verdict.SUPPORTED:
        return None
    plain = _ESCAPE.sub(r"\1", checked.text)
    plain = plain.replace("**", "").replace("__", "").replace("`", "").strip()
    if plain and plain[-1].isalnum():
        plain += "."
    return Sentence(inert(plain), checked.citations)


def _passed_over(number: int) -> list[str]:
    if not number:
        return []
    what = "One statement speaks" if number == 1 else f"{number} statements speak"
    return [f"{what} to a language model rather than to a reader and was not shown to it."]


def _fallback(reason: str) -> str:
    end = "" if reason.endswith((".", "!", "?")) else "."
    return f"{reason}{end} The answer is made of quotes alone."


def _summary(checked: Checked, kept: Sequence[Sentence]) -> list[str]:
    dropped = len(checked.dropped)
    if not checked.sentences:
        return [_fallback("The language model sent an empty reply.")]
    if not kept:
        return [
            _fallback(
                "None of the language model's sentences is carried by the statement it points at "
                f"({_counted(checked)})."
            )
        ]
    if not dropped:
        return []
    what = "One sentence" if dropped == 1 else f"{dropped} sentences"
    return [f"{what} of the language model left out: {_counted(checked)}."]


def _counted(checked: Checked) -> str:
    counts = checked.counts()
    return ", ".join(f"{n} {name}" for name, n in counts.items() if n and name != "supported")
