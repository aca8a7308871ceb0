import pytest

from careerqa.answering.composing import abstention, answer, independent_sources, opening
from careerqa.answering.disagreement import Found, Side
from careerqa.datatypes import Claim, Disagreement, Hit, Span, Unit, UnitKind
from careerqa.indexing.generation import Generation
from careerqa.settings import Settings


@pytest.fixture
def generation(tiny_index: Settings) -> Generation:
    name = (tiny_index.index.path / "CURRENT").read_text(encoding="utf-8").strip()
    return Generation(tiny_index.index.path / name, tiny_index)


def _hits(generation: Generation, numbers: list[int]) -> list[Hit]:
    return [Hit(generation.units[n], at, 1.0, "s") for at, n in enumerate(numbers, 1)]


def test_each_quote_has_its_sentence_that_ends(generation: Generation) -> None:
    made = answer("q", _hits(generation, [0, 3]), generation, confidence=0.9, warnings=["careful"])
    assert [s.citations for s in made.sentences] == [(1,), (2,)]
    assert all(s.text[-1] in ".!?…”\"')" for s in made.sentences)
    assert [q.id for q in made.quotes] == [1, 2]
    assert made.warnings == ("careful",)
    assert made.confidence == 0.9


def test_an_answer_opens_with_what_sources_differ_on(generation: Generation) -> None:
    hits = _hits(generation, [0, 3])
    found = Found("Pay", (Side(r"\$1k", {"level": "entry"}, hits[0]), Side("$2k", {}, hits[1])))
    made = answer("q", hits, generation, confidence=0.9, found=[found])
    assert made.sentences[0].text == "Sources differ: Pay: $1k [1]; $2k [2]."
    assert made.sentences[0].citations == (1, 2)
    (disagreement,) = made.disagreements
    assert [(c.value, c.quote_id) for c in disagreement.claims] == [(r"\$1k", 1), ("$2k", 2)]
    assert disagreement.claims[0].basis == {"level": "entry"}


def test_a_position_is_named_with_the_words_that_take_it() -> None:
    claims = (Claim("is a must", 1, {"position": "needed"}), Claim("helps", 2))
    text = opening(Disagreement("Whether a degree is needed", claims)).text
    assert text == (
        "Sources differ: Whether a degree is needed: needed (“is a must”) [1]; helps [2]."
    )


def test_what_is_measured_differently_is_said_so() -> None:
    claims = (Claim("$1", 1), Claim("$2", 2))
    text = opening(Disagreement("Pay", claims, "Measured differently: another year.")).text
    assert text == "Measured differently: another year: Pay: $1 [1]; $2 [2]."


def test_an_abstention_numbers_what_came_nearest(generation: Generation) -> None:
    made = abstention("q", _hits(generation, [3, 0]), generation, confidence=0.1)
    assert [q.id for q in made.nearest] == [1, 2]
    assert made.reason == "Not found: no statement in the 3 documents answers this question."


@pytest.mark.parametrize(
    ("statements", "sources"),
    [
        ([("a.txt", "Pay grows.")], 1),
        ([("a.txt", "Pay grows."), ("a.txt", "Pay grows!")], 1),  # one document repeats itself
        ([("a.txt", "Pay grows."), ("b.txt", "Pay grows.")], 2),
        (
            [("a.txt", "Glassdoor cites $120k."), ("b.txt", "Glassdoor cites $120k a year.")],
            1,  # two documents, one origin
        ),
    ],
)
def test_documents_that_cite_the_same_origin_are_one_source(
    statements: list[tuple[str, str]], sources: int
) -> None:
    units = [
        Unit(n, document, Span(0, len(text)), text, UnitKind.SENTENCE, 1, provenance="report")
        for n, (document, text) in enumerate(statements)
    ]
    assert independent_sources(units) == sources
