import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from careerqa.datatypes import Abstention, Answer, Sentence
from careerqa.errors import IndexMismatchError, IndexMissingError, QuestionError
from careerqa.reply import reply_of
from careerqa.retrieval import calibration
from careerqa.retrieval.question import check_question
from careerqa.service import CareerQA
from careerqa.settings import Settings


def _with(settings: Settings, **answer: object) -> Settings:
    return settings.model_copy(update={"answer": settings.answer.model_copy(update=answer)})


def _statement(service: CareerQA) -> str:
    generation = service.generation()
    return max(generation.plain, key=len)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty"),
        (" \n\t ", "The question is empty"),
        ("?!…", "holds no letter or digit"),
        ("a\x00b", r"control character U\+0000"),
        ("a\x7fb", r"control character U\+007F"),
        ("a\ud800b", "half a character"),
        ("x" * 101, r"has 101 characters; at most 100 are read"),
    ],
)
def test_what_cannot_be_asked_is_refused(question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        check_question(question, 100)


@pytest.mark.parametrize("question", ["pay?", "  pay\nand\tgrowth ", "給料は", "9"])
def test_what_can_be_asked_is_trimmed(question: str) -> None:
    assert check_question(question, 100) == question.strip()


def test_without_an_index_it_says_so(tiny_settings: Settings) -> None:
    service = CareerQA.from_settings(tiny_settings)
    assert not service.has_index()
    with pytest.raises(IndexMissingError):
        service.ask("What is there?")


def test_every_sentence_cites_and_every_quote_is_cited(tiny_index: Settings) -> None:
    service = CareerQA(_with(tiny_index, min_confidence=0.0))
    result = service.ask(_statement(service)).result
    assert isinstance(result, Answer)
    cited = {number for sentence in result.sentences for number in sentence.citations}
    assert cited == {quote.id for quote in result.quotes}
    documents = service.generation().documents
    for quote in result.quotes:
        assert documents[quote.document_id].text[quote.span.start : quote.span.end] == quote.text


def test_silence_shows_the_nearest_and_counts_the_documents(tiny_index: Settings) -> None:
    service = CareerQA(_with(tiny_index, min_confidence=1.0, nearest=2))
    result = service.ask("What is there?").result
    assert isinstance(result, Abstention)
    assert "3 documents" in result.reason
    assert len(result.nearest) <= 2


def test_top_limits_the_quotes(tiny_index: Settings) -> None:
    service = CareerQA(_with(tiny_index, min_confidence=0.0))
    result = service.ask(_statement(service), top=1).result
    assert isinstance(result, Answer)
    assert len(result.quotes) == 1


def test_the_same_question_gives_the_same_reply(tiny_index: Settings) -> None:
    service = CareerQA(tiny_index)
    first, second = (reply_of(service.ask("What is there?")) for _ in range(2))
    assert first.model_copy(update={"timings_ms": {}}) == second.model_copy(
        update={"timings_ms": {}}
    )


def test_another_model_has_a_warning_until_it_is_calibrated(
    tiny_index: Settings, tmp_path: Path
) -> None:
    service = CareerQA(tiny_index)
    (warning,) = service.ask("What is there?").result.warnings
    assert warning.startswith("Confidence is not calibrated for words")
    path = tmp_path / "calibration.json"
    own = replace(calibration.shipped(), model="words", model_sha256="0" * 64)
    calibration.write(path, own)
    calibrated = CareerQA(_with(tiny_index, calibration=path))
    assert calibrated.ask("What is there?").result.warnings == ()


def test_a_smaller_fit_stands_in_for_a_missing_one() -> None:
    shipped = calibration.shipped()
    assert shipped.confidence_in("full") == shipped.confidence["full"]
    bare = replace(shipped, confidence={"bare": shipped.confidence["bare"]})
    assert bare.confidence_in("full") == shipped.confidence["bare"]


def test_a_rebuild_is_noticed(tiny_index: Settings) -> None:
    service = CareerQA(tiny_index)
    before = service.ask("What is there?").manifest.generation
    (tiny_index.corpus.path / "new.txt").write_text("Gardeners plant trees.\n", encoding="utf-8")
    assert service.rebuild().built
    after = service.ask("What is there?").manifest
    assert after.generation != before
    assert after.counts["documents"] == 4


def _rewrite(settings: Settings, number: int) -> None:
    path = settings.corpus.path / "new.txt"
    path.write_text(f"Gardener {number} plants trees.\n", encoding="utf-8")


def test_a_generation_is_closed_when_the_last_question_on_it_ends(tiny_index: Settings) -> None:
    service = CareerQA(tiny_index)
    reading = service.generation()  # as a question in another thread holds it
    database = reading.database
    _rewrite(tiny_index, 1)
    service.rebuild()
    assert service.ask("What is there?").manifest.generation != reading.manifest.generation
    assert service.search("What is there?", reading).hits
    del reading
    with pytest.raises(IndexMismatchError, match="closed database"):
        database.documents()


def test_an_answer_goes_on_after_a_switch_and_after_the_end(tiny_index: Settings) -> None:
    service = CareerQA(_with(tiny_index, min_confidence=0.0))
    question = _statement(service)
    whole = service.ask(question).result
    steps = service.stream(question)
    next(steps)
    _rewrite(tiny_index, 1)
    service.rebuild()
    assert service.ask("Who plants trees?").manifest.counts["documents"] == 4
    service.close()
    assert isinstance(whole, Answer)
    assert tuple(step for step in steps if isinstance(step, Sentence)) == whole.sentences


def test_threads_ask_while_rebuilds_switch(tiny_index: Settings) -> None:
    service = CareerQA(_with(tiny_index, min_confidence=0.0))
    done = threading.Event()

    def ask() -> set[str]:
        seen = {service.ask("Who plants trees?").manifest.generation}
        while not done.is_set():
            outcome = service.ask("A keeper trims the lamp at dusk?")
            assert isinstance(outcome.result, Answer)
            seen.add(outcome.manifest.generation)
        return seen | {service.ask("Who plants trees?").manifest.generation}

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask) for _ in range(4)]
        try:
            for number in range(5):
                _rewrite(tiny_index, number)
                last = service.rebuild().manifest.generation
        finally:
            done.set()
        assert all(last in seen.result() for seen in asking)
