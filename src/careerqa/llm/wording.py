"""An answer in quotes → the same answer in a language model's words, each sentence checked."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from careerqa.answering.composing import opening
from careerqa.answering.outcome import Outcome
from careerqa.datatypes import Answer, Sentence
from careerqa.errors import SettingsError
from careerqa.llm import prose
from careerqa.llm.budget import Counter
from careerqa.llm.loading import load_llm
from careerqa.llm.protocol import NO_LLM, Usage
from careerqa.settings import LLMSettings

if TYPE_CHECKING:
    import threading

    from careerqa.llm.prompts import Prompt
    from careerqa.llm.protocol import LLM


def chosen(settings: LLMSettings, name: str | None) -> LLMSettings:
    """The [llm] table with the provider that `name` asks for; the table's own without a name.

    Raises:
        SettingsError: If the table describes another provider: its address, model and key are not
            for this one.
    """
    if name is None:
        return settings
    provider = "" if name == NO_LLM else name
    if provider and settings.provider not in ("", provider):
        raise SettingsError(
            f"[llm] describes {settings.provider!r}, whose address, model and key are not for "
            f"{name!r}. Describe that in another settings file, and name it with --config."
        )
    return settings.model_copy(update={"provider": provider})


def opened(settings: LLMSettings) -> LLM | None:
    """The language model of these settings, as `loading.load_llm` gives it."""
    return load_llm(settings)


def worded(
    found: Outcome,
    llm: LLM,
    settings: LLMSettings,
    *,
    warnings: Sequence[str] = (),
    cancel: threading.Event | None = None,
) -> Generator[Sentence, None, Outcome]:
    """Each sentence once it is checked; the return value is what stands in the end.

    That is the language model's answer with the quotes that it cites. If nothing of it can be
    used, it is what was found, with a warning; sentences given out before are withdrawn then.
    Where sources differ, that is said first, in our words.

    Args:
        found: The answer in quotes.
        llm: Words it.
        settings: Of the language model.
        warnings: That the reply is to carry, whatever comes of it.
        cancel: Ends the call when it is set.
    """
    answer = found.result
    assert isinstance(answer, Answer)  # noqa: S101  (an abstention has nothing to word)
    start = time.perf_counter()
    openings = tuple(opening(difference) for difference in answer.disagreements)
    run = prose.stream(
        asked(found),
        answer.quotes,
        llm,
        settings,
        disagreements=answer.disagreements,
        cancel=cancel,
    )
    written = yield from _after(openings, run)
    result = replace(answer, warnings=(*answer.warnings, *warnings, *written.warnings))
    if written.sentences:
        sentences = (*openings, *written.sentences)
        cited = {number for sentence in sentences for number in sentence.citations}
        quotes = tuple(quote for quote in answer.quotes if quote.id in cited)
        result = replace(result, sentences=sentences, quotes=quotes)
    took = round((time.perf_counter() - start) * 1000, 3)
    total = round(found.timings_ms["total"] + took, 3)
    timings = found.timings_ms | {"llm": took, "total": total}
    usage = Usage.total(found.usage, written.usage)
    return replace(found, result=result, timings_ms=timings, prose=written, usage=usage)


def _after(
    openings: Sequence[Sentence], run: Generator[Sentence, None, prose.Prose]
) -> Generator[Sentence, None, prose.Prose]:
    """`run` with the openings before its first sentence, if it has one."""
    begun = False
    with closing(run):
        while True:
            try:
                sentence = next(run)
            except StopIteration as stop:
                return cast(prose.Prose, stop.value)
            if not begun:
                yield from openings
            begun = True
            yield sentence


def prompt_of(found: Outcome, settings: LLMSettings) -> tuple[Prompt | None, list[str]]:
    """What `worded` would send, and warnings; None where nothing would be sent.

    Raises:
        LLMError: If no quote fits into the prompt.
    """
    answer = found.result
    if not isinstance(answer, Answer):
        return None, ["Nothing would be sent: the documents do not answer the question."]
    prepared, warnings = prose.prepare(
        asked(found),
        answer.quotes,
        settings,
        Counter(settings.encoding),
        disagreements=answer.disagreements,
    )
    return (prepared[0] if prepared else None), warnings


def asked(found: Outcome) -> str:
    """The question as the language model gets it."""
    return found.standalone_question or found.result.question.strip()
