"""CareerQA: ask, rebuild, status. Both doors call this object and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from careerqa.answering.composing import abstention, answer
from careerqa.answering.disagreement import disagreements_of, with_sides
from careerqa.answering.outcome import Outcome
from careerqa.answering.selection import select
from careerqa.answering.sides import is_plain
from careerqa.comparison.naming_hits import plain_hits
from careerqa.conversation.standalone import Turn, check_history, understand
from careerqa.datatypes import Abstention, Answer, Document, Sentence
from careerqa.errors import IndexMissingError
from careerqa.indexing import generations
from careerqa.indexing.building import BuildResult, build
from careerqa.indexing.generation import Generation
from careerqa.indexing.generations import Manifest
from careerqa.indexing.models import Report
from careerqa.llm.protocol import NO_LLM
from careerqa.retrieval import calibration
from careerqa.retrieval.calibration import Calibration
from careerqa.retrieval.question import check_question
from careerqa.retrieval.searching import Clock, Search, search
from careerqa.settings import LLMSettings, Settings

if TYPE_CHECKING:
    from careerqa.llm.protocol import LLM


class CareerQA:
    """Answers questions from one index, reopening it when a rebuild has switched it.

    Safe to call from several threads.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._generation: Generation | None = None
        self._read_calibration: Calibration | None = None
        self._llms: dict[str, LLM | None] = {}
        self._llm_warned = False
        self._lock = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> CareerQA:
        """A service over the index that the settings name."""
        return cls(settings)

    def ask(
        self,
        question: str,
        *,
        top: int | None = None,
        llm: str | None = None,
        cancel: threading.Event | None = None,
        history: Sequence[Turn] = (),
    ) -> Outcome:
        """Answer a question from the documents.

        Args:
            question: As the user asks it.
            top: Most statements to quote; the setting's number without it.
            llm: Language model that words the answer: "openai", "anthropic", a plug-in's name or
                "none"; the settings' own without it.
            cancel: Ends a call of the language model when it is set.
            history: Earlier turns, oldest first, that a follow-up question leans on.

        Raises:
            QuestionError: If the question is empty, too long or holds control characters, or the
                history does.
            IndexMissingError: If there is no index.
            IndexMismatchError: If the index does not fit the settings.
            SettingsError: If the language model's settings are unusable.
        """
        run = self.stream(question, top=top, llm=llm, cancel=cancel, history=history)
        while True:
            try:
                next(run)
            except StopIteration as stop:
                return cast(Outcome, stop.value)

    def stream(
        self,
        question: str,
        *,
        top: int | None = None,
        llm: str | None = None,
        cancel: threading.Event | None = None,
        history: Sequence[Turn] = (),
    ) -> Generator[Outcome | Sentence, None, Outcome]:
        """What `ask` gives is the return value; before it the answer in quotes, then its sentences.

        The sentences of a language model come as each is checked.
        """
        model, settings = self.llm(llm)
        limit = self.settings.answer.max_question_characters
        check_history(history, limit)
        clock = Clock()
        alone = understand(check_question(question, limit), history, llm=model, cancel=cancel)
        if history:
            clock.lap("rewrite")
        found = replace(self._quoted(question, top, alone.question, clock), usage=alone.usage)
        yield found
        if not isinstance(found.result, Answer):
            return found
        if model is None:
            yield from found.result.sentences
            return found
        from careerqa.llm.wording import worded

        warnings = self.llm_warnings()
        return (yield from worded(found, model, settings, warnings=warnings, cancel=cancel))

    def llm(self, name: str | None = None) -> tuple[LLM | None, LLMSettings]:
        """The language model to use and its settings; without one nothing of it is imported.

        Raises:
            SettingsError: If there is none of that name, or its settings are unusable.
        """
        settings = self.settings.llm
        if not settings.provider and name in (None, NO_LLM):
            return None, settings
        from careerqa.llm.wording import chosen, opened

        settings = chosen(settings, name)
        with self._lock:
            if settings.provider not in self._llms:
                self._llms[settings.provider] = opened(settings)
            return self._llms[settings.provider], settings

    def llm_warnings(self) -> tuple[str, ...]:
        """What is to be known of the language model's settings, once: nothing from then on.

        Only whoever runs careerqa can mend it, so it is not in every reply.
        """
        with self._lock:
            told, self._llm_warned = self._llm_warned, True
        if told:
            return ()
        from careerqa.llm.budget import Counter

        warning = Counter(self.settings.llm.encoding).warning
        return (warning,) if warning else ()

    def _quoted(self, question: str, top: int | None, alone: str | None, clock: Clock) -> Outcome:
        """The answer or abstention in quotes alone."""
        checked = alone or check_question(question, self.settings.answer.max_question_characters)
        generation = self.generation()
        clock.lap("open")
        searched = self._search(generation, checked, clock)
        read, hits, confidence = searched.question, searched.hits, searched.confidence
        warnings = searched.warnings
        settings = self.settings.answer
        result: Answer | Abstention
        if confidence < settings.min_confidence or not hits:
            nearest = hits[: settings.nearest]
            result = abstention(
                question, nearest, generation, confidence=confidence, warnings=warnings
            )
        else:
            most = settings.top if top is None else top
            if is_plain(read):
                chosen = plain_hits(searched, search=self.search, top=most)
            else:
                chosen = select(
                    generation,
                    read,
                    hits,
                    gap=searched.gap,
                    top=most,
                    max_characters=settings.max_characters,
                )
            found = disagreements_of(generation, read, hits, chosen)
            result = answer(
                question,
                with_sides(chosen, found),
                generation,
                confidence=confidence,
                found=found,
                warnings=warnings,
            )
        clock.lap("answer")
        return Outcome(result, generation.manifest, clock.laps(), standalone_question=alone)

    def search(self, question: str, generation: Generation | None = None) -> Search:
        """What is found for a question, as `ask` finds it, without an answer composed of it.

        Args:
            generation: Where to look; the current one without it.
        """
        checked = check_question(question, self.settings.answer.max_question_characters)
        return self._search(generation or self.generation(), checked, Clock())

    def _search(self, generation: Generation, text: str, clock: Clock) -> Search:
        fitted, warnings = self._calibration(generation.manifest)
        found = search(generation, text, self.settings, fitted, clock=clock)
        return replace(found, warnings=(*warnings, *found.warnings))

    def _calibration(self, manifest: Manifest) -> tuple[Calibration, tuple[str, ...]]:
        """The fitted numbers to use, with a warning where they are another model's."""
        path = self.settings.answer.calibration
        if path.is_file():
            if self._read_calibration is None:
                self._read_calibration = calibration.read(path)
            found = self._read_calibration
        else:
            found = calibration.shipped()
        model = str(manifest.settings["embedding.model"])
        if found.fits(manifest.model_sha256, model):
            return found, ()
        return found, (
            f"Confidence is not calibrated for {model}, only for {found.model}. "
            "Run careerqa calibrate.",
        )

    def generation(self) -> Generation:
        """The current generation, opened once and again after each switch.

        The one before gives back its files when the last question that reads it has ended.
        """
        with self._lock:
            path = generations.current(self.settings.index.path)
            before = self._generation  # keeps it until the lock is free: closing takes time
            if before is not None and before.path == path:
                return before
            self._generation = Generation(path, self.settings)
            return self._generation

    def rebuild(self, *, full: bool = False, report: Report | None = None) -> BuildResult:
        """Bring the index up to date with the corpus."""
        return build(self.settings, full=full, report=report)

    def has_index(self) -> bool:
        """Whether a generation can be opened."""
        try:
            generations.current(self.settings.index.path)
        except IndexMissingError:
            return False
        return True

    def documents(self) -> list[Document]:
        """The indexed documents, by id."""
        return list(self.generation().documents.values())

    def close(self) -> None:
        """Give back the opened generation, once no question reads it any more."""
        with self._lock:
            self._generation = None
