"""CareerQA: ask, rebuild, status. Both doors call this object and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from careerqa import calibration, generations
from careerqa.answering import abstention, answer
from careerqa.calibration import Calibration
from careerqa.comparison import plain_hits
from careerqa.confidence import evidence_signals, variant
from careerqa.conversation import Turn, check_history, understand
from careerqa.datatypes import Abstention, Answer, Document, Hit, Sentence
from careerqa.disagreement import disagreements_of, with_sides
from careerqa.elsewhere import MOST_CONFIDENT, elsewhere
from careerqa.errors import IndexMissingError, QuestionError
from careerqa.generation import Generation
from careerqa.generations import Manifest
from careerqa.index_models import Report
from careerqa.indexing import BuildResult, build
from careerqa.question import Question, read_question
from careerqa.ranking import rank
from careerqa.reranking import rerank
from careerqa.retrieval import first_stage, question_vector
from careerqa.selection import select
from careerqa.settings import LLMSettings, Settings
from careerqa.sides import is_plain

if TYPE_CHECKING:
    from careerqa.llm import LLM, Usage
    from careerqa.prose import Prose

NO_LLM: Final = "none"
"""The name that asks for no language model, whatever the settings say."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answering gave, from which index, and how long each stage took (milliseconds)."""

    result: Answer | Abstention
    manifest: Manifest
    timings_ms: dict[str, float]
    prose: Prose | None = None
    """What came of the language model, where one was asked."""
    standalone_question: str | None = None
    """How a follow-up question was understood; None for one that stands by itself."""
    usage: Usage | None = None
    """Tokens of every call to the language model, where its server counts them."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is found for a question: hits best first, and how probable it is that they answer.

    `gap` is how far below the best hit's score a hit may lie and still be quoted.
    """

    generation: Generation
    question: Question
    hits: list[Hit]
    confidence: float
    gap: float
    warnings: tuple[str, ...] = ()


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
        alone = understand(check_question(question, limit), history, llm=model, cancel=cancel)
        found = replace(self._quoted(question, top, alone.question), usage=alone.usage)
        yield found
        if not isinstance(found.result, Answer):
            return found
        if model is None:
            yield from found.result.sentences
            return found
        from careerqa.wording import worded

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
        from careerqa.wording import chosen, opened

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
        from careerqa.prompt_budget import Counter

        warning = Counter(self.settings.llm.encoding).warning
        return (warning,) if warning else ()

    def _quoted(self, question: str, top: int | None, alone: str | None = None) -> Outcome:
        """The answer or abstention in quotes alone."""
        clock = _Clock()
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
                chosen = plain_hits(self, searched, top=most)
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
        return self._search(generation or self.generation(), checked, _Clock())

    def _search(self, generation: Generation, text: str, clock: _Clock) -> Search:
        read = read_question(text, generation.words)
        vector = question_vector(generation.encoder, read)
        clock.lap("embed")
        retrieval = self.settings.retrieval
        pool = first_stage(
            generation,
            vector,
            read,
            pool=retrieval.pool,
            rrf_k=retrieval.rrf_k,
            expansion=retrieval.expansion,
        )
        clock.lap("retrieve")
        fitted, warnings = self._calibration(generation.manifest)
        hits = rank(
            generation,
            read,
            pool.candidates,
            weights=fitted.weights(expansion=pool.answered is not None),
            near_duplicate=retrieval.near_duplicate,
        )
        clock.lap("rank")
        if generation.reranker is not None:
            best = hits[: self.settings.reranking.top]
            hits = rerank(
                read.text,
                best,
                [generation.plain[hit.unit.id] for hit in best],
                generation.reranker,
                weight=self.settings.reranking.weight,
            )
            clock.lap("rerank")
        confidence = (
            fitted.confidence_in(variant(pool)).probability(
                evidence_signals(generation, read, pool, hits)
            )
            if hits
            else 0.0
        )
        beyond = elsewhere(read, generation.plain)
        if beyond is not None:
            confidence = min(confidence, MOST_CONFIDENT)
            warnings = (*warnings, f"No document names {beyond}.")
        gap = fitted.gap_in(expansion=pool.answered is not None)
        return Search(generation, read, hits, confidence, gap, warnings)

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
            before = (
                self._generation
            )  # this name keeps it until the lock is free: closing takes time
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


class _Clock:
    """Laps of a stopwatch, in milliseconds."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 3)
        self._last = now

    def laps(self) -> dict[str, float]:
        return self._laps | {"total": round((time.perf_counter() - self._start) * 1000, 3)}


def check_question(question: str, max_characters: int) -> str:
    """The question without outer whitespace.

    Raises:
        QuestionError: If it is empty, longer than `max_characters`, has no letter or digit, or
            holds control characters other than tab and newline.
    """
    text = question.strip()
    if not text:
        raise QuestionError('The question is empty. Ask something, as in careerqa ask "...".')
    if len(text) > max_characters:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_characters:,} are read. "
            "Shorten it, or raise [answer] max_question_characters."
        )
    bad = next((c for c in text if (ord(c) < 32 and c not in "\t\n\r") or ord(c) == 127), None)
    if bad is not None:
        raise QuestionError(
            f"The question holds the control character U+{ord(bad):04X}. Remove it and ask again."
        )
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise QuestionError(
            "The question holds half a character (a lone surrogate). Send it as valid UTF-8."
        )
    if not any(c.isalnum() for c in text):
        raise QuestionError("The question holds no letter or digit. Ask it in words.")
    return text
