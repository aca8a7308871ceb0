"""A language model on the terminal: its sentences one by one, its prompt, its verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from careerqa.datatypes import Sentence
from careerqa.terminal.output import note, shown, warn

if TYPE_CHECKING:
    from careerqa.answering.outcome import Outcome
    from careerqa.conversation.standalone import Turn
    from careerqa.llm.prose import Prose
    from careerqa.service import CareerQA


def stream(
    service: CareerQA,
    question: str,
    out: Console,
    *,
    top: int | None,
    llm: str | None,
    history: Sequence[Turn] = (),
) -> Outcome:
    """What `service.ask` gives; a language model's sentences are printed as each is checked."""
    if service.llm(llm)[0] is None:
        return service.ask(question, top=top, llm=llm, history=history)
    writer = Writer(out)
    run = service.stream(question, top=top, llm=llm, history=history)
    while True:
        try:
            step = next(run)
        except StopIteration as stop:
            outcome = cast("Outcome", stop.value)
            break
        except BaseException:
            writer.close()
            raise
        if isinstance(step, Sentence):
            writer.write(step)
    if writer.close() and not (outcome.prose and outcome.prose.sentences):
        warn("what stands above is withdrawn, for the language model did not end its reply.")
    return outcome


class Writer:
    """Writes sentences into one paragraph, wrapped at spaces as `output.put` wraps it."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._column = 0

    def write(self, sentence: Sentence) -> None:
        """Write a sentence with the numbers of its quotes."""
        marks = "".join(f" [{number}]" for number in sentence.citations)
        for word in shown(sentence.text + marks).split(" "):
            width = cell_len(word)
            if self._column and self._column + 1 + width > self._out.width:
                self._put("\n")
                self._column = 0
            gap = " " if self._column else ""
            self._put(gap + word)
            self._column += len(gap) + width
        self._out.file.flush()

    def close(self) -> bool:
        """End the paragraph; whether there is one."""
        if self._column:
            self._put("\n\n")
        return self._column > 0

    def _put(self, text: str) -> None:
        self._out.print(Text(text), end="", soft_wrap=True)


def print_prompt(
    service: CareerQA, question: str, out: Console, *, top: int | None, llm: str | None
) -> bool:
    """Print what a language model would get; whether it would get anything. Nothing is sent."""
    from careerqa.llm.budget import Counter
    from careerqa.llm.wording import chosen, prompt_of

    settings = chosen(service.settings.llm, llm)
    found = service.ask(question, top=top, llm="none")
    prompt, warnings = prompt_of(found, settings)
    for warning in (*service.llm_warnings(), *warnings):
        warn(warning)
    if prompt is None:
        return False
    shows = str(prompt)
    if settings.provider == "anthropic":
        from careerqa.llm.anthropic import as_documents

        shows = as_documents(prompt)
    out.print(Text(shows), soft_wrap=True)
    note(f"{Counter(settings.encoding).count(shows):,} tokens. Nothing was sent.")
    return True


def verdicts(prose: Prose) -> Sequence[str]:
    """A line on each sentence that the language model wrote and what the check says of it."""
    return [
        f"{one.verdict.value}: {one.text}"
        + "".join(f" [{number}]" for number in one.citations)
        + (f" ({one.reason})" if one.reason else "")
        for one in prose.checked.sentences
    ]
