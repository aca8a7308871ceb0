import pytest

from careerqa.answering.selection import select
from careerqa.datatypes import Hit
from careerqa.indexing.generation import Generation
from careerqa.retrieval.question import read_question
from careerqa.settings import Settings

PLAIN = read_question("What is there to know?", {})


@pytest.fixture
def generation(tiny_index: Settings) -> Generation:
    name = (tiny_index.index.path / "CURRENT").read_text(encoding="utf-8").strip()
    return Generation(tiny_index.index.path / name, tiny_index)


def _hits(generation: Generation, scores: list[float]) -> list[Hit]:
    return [Hit(generation.units[n], n + 1, score, "signals") for n, score in enumerate(scores)]


def test_hits_within_the_gap_are_quoted(generation: Generation) -> None:
    hits = _hits(generation, [1.0, 0.9, 0.81, 0.79, 0.2])
    chosen = select(generation, PLAIN, hits, gap=0.2, top=5, max_characters=10_000)
    assert chosen == hits[:3]


def test_no_more_than_the_most(generation: Generation) -> None:
    hits = _hits(generation, [1.0, 0.99, 0.98])
    assert select(generation, PLAIN, hits, gap=0.2, top=2, max_characters=10_000) == hits[:2]


def test_characters_are_limited_but_for_the_best(generation: Generation) -> None:
    hits = _hits(generation, [1.0, 0.99, 0.98])
    assert select(generation, PLAIN, hits, gap=0.2, top=5, max_characters=1) == hits[:1]
    room = len(hits[0].unit.text) + len(hits[1].unit.text)
    chosen = select(generation, PLAIN, hits, gap=0.2, top=5, max_characters=room)
    assert sum(len(hit.unit.text) for hit in chosen) <= room
    assert chosen[0] == hits[0]


def test_no_hits_no_quotes(generation: Generation) -> None:
    assert select(generation, PLAIN, [], gap=0.2, top=5, max_characters=100) == []
