from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careerqa.datatypes import Document, Source, Span, Unit, UnitKind
from careerqa.documents.cleaning import clean
from careerqa.documents.corpus import read_corpus
from careerqa.documents.passages import context_of, passages_of, units_of
from careerqa.documents.segmentation import sentence_spans
from careerqa.documents.tables import row_text
from fakes import count_words
from layouts import paragraphs, texts

ALL_KINDS = set(UnitKind)
TINY = Path(__file__).parent.parent / "data" / "tiny"


def document(text: str) -> Document:
    return Document("a.txt", text, "0" * 64, Source("Title"))


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)))]


class TestEveryText:
    """What holds whatever the text is."""

    @given(texts)
    @example("\ufeff")
    @example(" \r\n\t\r\n")
    @example("x" * 100_000)
    @example("| a | b |\n|---|---|\n| | c | d | | e |\n| f \\| g | h")
    @example("a\x00b\u2028c\x85d\x0ce")
    def test_units_slice_back_in_order_without_overlap(self, text: str) -> None:
        end = 0
        for number, unit in enumerate(units_of(document(text), first_id=7)):
            assert unit.id == 7 + number
            assert unit.text == text[unit.span.start : unit.span.end]
            assert unit.text == unit.text.strip() != ""
            assert unit.span.start >= end
            assert unit.line == text.count("\n", 0, unit.span.start) + 1
            end = unit.span.end

    @given(texts)
    @example("| a | b |\n|---|---|\n")
    @example("| a | b |\n|---|---|\nlead | c | d | tail |\n")
    @example("Lead| a | b | |---|---| | c | d | | tail")
    @example("First line\n- - nested\n12. twelve")
    def test_no_word_is_lost(self, text: str) -> None:
        held = [False] * len(text)
        for unit in units_of(document(text)):
            for span in (unit.span, unit.header):
                if span is not None:
                    held[span.start : span.end] = [True] * len(span)
        for mark in re.finditer(
            r"^[\s\ufeff]*\d{1,2}[.)]\s", text, re.MULTILINE
        ):  # numbers of list entries
            held[mark.start() : mark.end()] = [True] * (mark.end() - mark.start())
        lost = [(at, c) for at, c in enumerate(text) if c.isalnum() and not held[at]]
        assert lost == []

    @given(texts, st.integers(4, 40))
    def test_passages_slice_back_and_stay_within_the_limit(self, text: str, limit: int) -> None:
        source = document(text)
        units = units_of(source)
        by_id = {unit.id: unit for unit in units}
        passages = passages_of(source, units, count_tokens=count_words, max_tokens=limit)
        for passage in passages:
            members = [by_id[identifier] for identifier in passage.unit_ids]
            assert passage.text == text[passage.span.start : passage.span.end]
            assert passage.span == Span(members[0].span.start, members[-1].span.end)
            if len(members) > 1:
                assert count_words(embedded(members)) <= limit
        held = [identifier for passage in passages for identifier in passage.unit_ids]
        apart = (UnitKind.REFERENCE, UnitKind.HEADING, UnitKind.QUESTION)
        assert held == [unit.id for unit in units if unit.kind not in apart]

    @given(paragraphs)
    def test_sentences_are_cut_only_at_whitespace(self, text: str) -> None:
        spans = sentence_spans(text, Span(0, len(text)))
        for before, after in itertools.pairwise(spans):
            assert text[before.end : after.start].isspace()
        assert " ".join(span.of(text) for span in spans) == text.strip()


def embedded(members: list[Unit]) -> str:
    """What is embedded of a passage: its units below the heading context of the first."""
    body = [
        row_text(unit.text, unit.header_text) if unit.kind is UnitKind.ROW else clean(unit.text)
        for unit in members
    ]
    return f"{context_of('Title', members[0])}. {' '.join(body)}"


class TestSentences:
    def test_abbreviations_and_decimals_do_not_end_one(self) -> None:
        text = "Pay rose 3.5 percent, e.g. for Dr. Ames. It fell in the U.S. market later."
        assert sentences(text) == [
            "Pay rose 3.5 percent, e.g. for Dr. Ames.",
            "It fell in the U.S. market later.",
        ]

    def test_no_boundary_without_whitespace(self) -> None:
        assert sentences("A.Team hires. Others wait.") == ["A.Team hires.", "Others wait."]

    def test_a_bracket_after_the_full_stop_closes_one(self) -> None:
        assert sentences("It pays well (see the table.) The rest is history.") == [
            "It pays well (see the table.)",
            "The rest is history.",
        ]

    def test_a_mark_without_words_stays_with_its_sentence(self) -> None:
        assert sentences("It pays well. [1] The rest is history.")[0] == "It pays well. [1]"

    def test_the_number_of_an_item_belongs_to_it(self) -> None:
        assert sentences("Two steps. 1. Read the posting. 2. Apply.") == [
            "Two steps.",
            "1. Read the posting.",
            "2. Apply.",
        ]

    def test_a_mark_that_never_closes_hides_no_boundary(self) -> None:
        told = [f"the company opened store number {n} in 2016." for n in range(20)]
        assert sentences(f"(a) {' '.join(told)}") == [f"(a) {told[0]}", *told[1:]]

    def test_a_mark_that_closes_far_away_hides_no_boundary(self) -> None:
        told = [f"Store number {n} opened (late) in 2016." for n in range(20)]
        assert sentences(f'"{" ".join(told)}" "Yes," she said.') == [
            f'"{told[0]}',
            *told[1:-1],
            f'{told[-1]}"',
            '"Yes," she said.',
        ]

    def test_escaped_line_breaks_end_no_word(self) -> None:
        told = [f"Store number {n} opened in 2016" for n in range(20)]
        assert sentences("['" + r"\n\n".join(told)) == [f"['{told[0]}", *told[1:]]

    def test_unusual_characters_do_not_shift_offsets(self) -> None:
        text = "𝔘nusual 👍🏽 e\u0301 signs. Ils ne cassent rien. 日本語です。"
        assert sentences(text)[:2] == ["𝔘nusual 👍🏽 e\u0301 signs.", "Ils ne cassent rien."]

    def test_a_line_break_inside_a_sentence_does_not_end_it(self) -> None:
        text = "Many organizations\n\nincreasingly see it. The end."
        assert sentences(text) == ["Many organizations\n\nincreasingly see it.", "The end."]


class TestPassages:
    def test_a_passage_is_as_large_as_the_limit_allows(self) -> None:
        # Context "Title" is 1 word; each sentence has 3 and one for the joint: 1 + 2 * 4 = 9.
        source = document("One two three. Four five six. Seven eight nine.")
        units = units_of(source)
        passages = passages_of(source, units, count_tokens=count_words, max_tokens=9, first_id=4)
        assert [(p.id, p.text) for p in passages] == [
            (4, "One two three. Four five six."),
            (5, "Seven eight nine."),
        ]

    def test_a_larger_unit_is_a_passage_of_its_own_and_not_cut(self) -> None:
        long = " ".join(["word"] * 50) + "."
        source = document(f"Short one. {long} Short two.")
        passages = passages_of(source, units_of(source), count_tokens=count_words, max_tokens=10)
        assert [p.text for p in passages] == ["Short one.", long, "Short two."]

    def test_a_passage_stays_within_its_section(self) -> None:
        source = document("# One\n\nFirst part.\n\n# Two\n\nSecond part.\n")
        units = units_of(source)
        passages = passages_of(source, units, count_tokens=count_words, max_tokens=100)
        assert [(p.trail, p.text) for p in passages] == [
            (("One",), "First part."),
            (("Two",), "Second part."),
        ]

    def test_rows_count_with_their_column_headers(self) -> None:
        # Embedded, a row reads "a: Long header b": 4 words and one for the joint, 1 + 2 * 5 = 11.
        text = "| Key | Long header |\n|---|---|\n| a | b |\n| c | d |\n| e | f |\n"
        source = document(text)
        units = units_of(source)
        passages = passages_of(source, units, count_tokens=count_words, max_tokens=11)
        assert [p.unit_ids for p in passages] == [(0, 1), (2,)]


def tiny_units(name: str) -> list[Unit]:
    (found,) = [d for d in read_corpus(TINY).documents if d.id == name]
    return units_of(found)


def unit(units: list[Unit], start: str) -> Unit:
    """The one unit whose text begins with `start`."""
    found = [candidate for candidate in units if candidate.text.startswith(start)]
    assert len(found) == 1, [candidate.text for candidate in found]
    return found[0]


class TestTinyCorpus:
    def test_markdown(self) -> None:
        units = tiny_units("lighthouse.md")
        assert unit(units, "The lens").trail == ("Duties",)
        assert unit(units, "Wind the").kind is UnitKind.BULLET
        row = unit(units, "| Head keeper")
        assert (row.kind, row.line, row.trail) == (UnitKind.ROW, 14, ("Pay",))
        assert row.header_text == "| Post | Yearly pay | Oil allowance |"
        assert unit(units, "Is a boat").kind is UnitKind.QUESTION
        answer = unit(units, "The station")
        assert answer.text == "The station keeps one **rowing boat**."
        assert answer.trail == ("Questions", "Is a boat provided?")

    def test_plain_text(self) -> None:
        units = tiny_units("ferry.txt")
        label = unit(units, "Longest crossing")
        assert (label.kind, label.label, label.line) == (UnitKind.LABEL, "Longest crossing", 9)
        assert label.text == "Longest crossing\n47 minutes against the tide"
        row = unit(units, "| Child")
        assert (row.text, row.line) == ("| Child | £1 | free |", 12)
        assert row.header_text == "| Passenger | Summer | Winter |"
        assert row.trail == ("Fares side by side",)

    def test_tabs_and_html(self) -> None:
        units = tiny_units("tea.txt")
        row = unit(units, "Green\t")
        assert row.header_text == "Tea\tSteeping time\tWater"
        assert row.text == "Green\t2 minutes\t<i>75 degrees</i>"
        assert unit(units, "GreenBlack").kind is UnitKind.LINE
        assert "<b>graded</b>" in unit(units, "Tea is").text


CORPUS = Path(__file__).parent.parent.parent / "corpus"


@pytest.fixture(scope="module")
def units() -> dict[str, list[Unit]]:
    """Units of the shipped documents by the number that a document's name begins with."""
    return {d.id[:3]: units_of(d) for d in read_corpus(CORPUS).documents}


class TestShippedDocuments:
    """Facts of the five documents that careless reading would lose."""

    def test_a_table_run_onto_one_line_has_its_header(self, units: dict[str, list[Unit]]) -> None:
        row = unit(units["002"], "| Ai Engineer |")
        assert row.text == "| Ai Engineer | $188k | $257k | $350k |"
        assert row.header_text == "| Job | Early-career | Mid-level | Senior |"
        assert row.trail[-1] == "Nearly identical"

    def test_table_rows_have_their_header(self, units: dict[str, list[Unit]]) -> None:
        rows = [u for u in units["001"] if u.kind is UnitKind.ROW]
        assert len(rows) == 7
        assert {row.header_text for row in rows} == {
            "| Dimension | AI/ML Engineer | AI Software Engineer |"
        }
        assert unit(rows, "| Median").text == "| Median Salary | $120K | $235K |"
        assert unit(rows, "| Median").line == 10

    def test_a_run_together_list_is_one_unit_apart_from_the_heading_at_its_end(
        self, units: dict[str, list[Unit]]
    ) -> None:
        skills = unit(units["001"], "RagAws")
        assert skills.text == "RagAwsRustPythonAzureGcpPrompt EngineeringOpenai"
        assert skills.trail[-1] == "AI/ML Engineer Top Skills"
        others = unit(units["001"], "RagPython")
        assert others.text == "RagPythonRustKubernetesAwsDockerClaudeOpenai"
        assert others.trail[-1] == "AI Software Engineer Top Skills"

    def test_a_label_keeps_its_value(self, units: dict[str, list[Unit]]) -> None:
        labels = {u.label: u for u in units["004"] if u.kind is UnitKind.LABEL}
        assert list(labels) == [
            "Typical education",
            "Typical experience",
            "Key certifications",
            "Top employer types",
            "Growth outlook",
            "AI impact (through 2030)",
        ]
        assert labels["Typical experience"].text == (
            "Typical experience\n3–6 years for mid-level; 7+ years for senior roles"
        )

    def test_a_question_stands_above_its_answer(self, units: dict[str, list[Unit]]) -> None:
        answer = unit(units["004"], "Not for most roles.")
        assert answer.trail[-1] == "Do AI Software Engineers need a PhD?"

    def test_a_sentence_goes_on_after_a_page_break(self, units: dict[str, list[Unit]]) -> None:
        broken = unit(units["000"], "Organizations\n")
        assert broken.text.startswith("Organizations\n\nincreasingly recognize that building")
        quoted = unit(units["000"], "As one engineering analysis summarizes")
        assert re.search(r"\n\s*systems with explicit logic\"", quoted.text)

    def test_a_cover_letter_keeps_its_heading(self, units: dict[str, list[Unit]]) -> None:
        assert unit(units["004"], "I've spent").trail == ("Sample cover letter",)
