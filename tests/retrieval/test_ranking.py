from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from careerqa.datatypes import Span, Unit, UnitKind, View
from careerqa.indexing.generation import Generation
from careerqa.retrieval.first_stage import Candidate
from careerqa.retrieval.question import read_question
from careerqa.retrieval.ranking import SIGNALS, Facts, rank, signals
from careerqa.settings import Settings

NOTHING = Facts(frozenset(), frozenset(), amount=False, percentage=False, number=False, length=0.0)


def _unit(kind: UnitKind = UnitKind.SENTENCE, provenance: str = "report") -> Unit:
    return Unit(0, "a.txt", Span(0, 1), "x", kind, 1, provenance=provenance)


def _named(
    question: str, unit: Unit, facts: Facts, cosines: Mapping[View, float] | None = None
) -> dict[str, float]:
    values = signals(read_question(question, {}), Candidate(0, cosines or {}, 0.25), unit, facts)
    return dict(zip(SIGNALS, map(float, values), strict=True))


def test_cosines_by_view() -> None:
    found = _named(
        "What is it?",
        _unit(),
        NOTHING,
        {View.UNIT: 0.3, View.CELL: 0.4, View.QUESTION: 0.6, View.CONTEXT: 0.2},
    )
    assert found["best"] == 0.6
    assert found["statement"] == 0.4
    assert found["cell"] == 0.4
    assert found["context"] == 0.2
    assert found["passage"] == 0.0
    assert found["lexical"] == 0.25


def test_a_unit_without_written_questions_counts_by_its_statement() -> None:
    given = Candidate(0, {View.UNIT: 0.3, View.QUESTION: 0.6}, 0, questions=0.5)
    read = read_question("What is it?", {})
    values = dict(zip(SIGNALS, signals(read, given, _unit(), NOTHING), strict=True))
    assert values["questions"] == 0.5
    assert _named("What is it?", _unit(), NOTHING, {View.UNIT: 0.3})["questions"] == 0.3


@pytest.mark.parametrize(
    ("kind", "signal"), [(UnitKind.HEADING, "heading"), (UnitKind.QUESTION, "bare_question")]
)
def test_layout_that_seldom_answers_is_told(kind: UnitKind, signal: str) -> None:
    assert _named("What is it?", _unit(kind), NOTHING)[signal] == 1
    assert _named("What is it?", _unit(), NOTHING)[signal] == 0


def test_an_amount_counts_only_where_pay_is_asked_for() -> None:
    amount = Facts(frozenset(), frozenset(), amount=True, percentage=False, number=True, length=0)
    assert _named("What do they earn?", _unit(), amount)["amount"] == 1
    assert _named("What do they do?", _unit(), amount)["amount"] == 0


def test_another_title_or_level_is_told() -> None:
    other = Facts(
        frozenset({"software engineer"}),
        frozenset({"senior"}),
        amount=False,
        percentage=False,
        number=False,
        length=0,
    )
    found = _named("What do entry-level AI engineers do?", _unit(), other)
    assert (found["other_role"], found["other_level"], found["same_level"]) == (1, 1, 0)
    found = _named("What do senior software engineers do?", _unit(), other)
    assert (found["other_role"], found["other_level"], found["same_level"]) == (0, 0, 1)
    found = _named("What is it?", _unit(), other)
    assert (found["other_role"], found["other_level"]) == (0, 0)


def test_an_aside_counts_against_a_unit_unless_asked_for() -> None:
    letter = _unit(provenance="sample_text")
    assert _named("What do they earn?", letter, NOTHING)["aside"] == 1
    assert _named("What does the cover letter say?", letter, NOTHING)["aside"] == 0


def _opened(settings: Settings) -> Generation:
    current = (settings.index.path / "CURRENT").read_text(encoding="utf-8").strip()
    return Generation(Path(settings.index.path / current), settings)


def test_hits_come_by_score_then_id_without_near_duplicates(tiny_index: Settings) -> None:
    generation = _opened(tiny_index)
    ids = [u.id for u in generation.units if View.UNIT in generation.texts_of_unit[u.id]][:4]
    question = read_question("anything", {})
    candidates = [
        Candidate(unit_id, {}, lexical)
        for unit_id, lexical in zip(ids, [0.1, 0.9, 0.9, 0.5], strict=True)
    ]
    weights = [float(name == "lexical") for name in SIGNALS]
    hits = rank(generation, question, candidates, weights=weights, near_duplicate=1.01)
    assert [h.unit.id for h in hits] == [ids[1], ids[2], ids[3], ids[0]]
    assert [h.rank for h in hits] == [1, 2, 3, 4]
    assert [h.score for h in hits] == pytest.approx([0.9, 0.9, 0.5, 0.1])
    only = rank(generation, question, candidates, weights=weights, near_duplicate=-1.0)
    assert [h.unit.id for h in only] == [ids[1]]  # everything counts as the same
    assert [u.id for u in only[0].repeats] == [ids[2], ids[3], ids[0]]


def test_no_candidates_no_hits(tiny_index: Settings) -> None:
    weights = list(np.ones(len(SIGNALS)))
    found = rank(
        _opened(tiny_index), read_question("x y", {}), [], weights=weights, near_duplicate=0.9
    )
    assert found == []
