from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from careerqa.datatypes import Document, IndexedText, Source, View
from careerqa.documents.passages import passages_of, units_of
from careerqa.indexing.views import plain_text, texts_of, windows
from fakes import count_words
from layouts import texts


def indexed(
    text: str, *, max_tokens: int = 64, questions: dict[int, tuple[str, ...]] | None = None
) -> list[IndexedText]:
    source = Document("a.txt", text, "0" * 64, Source("Lights"))
    units = units_of(source)
    passages = passages_of(source, units, count_tokens=count_words, max_tokens=max_tokens)
    return list(
        texts_of(
            source, units, passages, count_tokens=count_words, max_tokens=max_tokens,
            questions=questions,
        )
    )  # fmt: skip


def of(view: View, found: list[IndexedText]) -> list[tuple[str, tuple[int, ...]]]:
    return [(text.text, text.unit_ids) for text in found if text.view is view]


class TestWindows:
    @given(st.lists(st.text("abc", min_size=1, max_size=5), max_size=60), st.integers(1, 12))
    def test_each_is_within_the_limit_and_together_they_hold_every_word(
        self, words: list[str], limit: int
    ) -> None:
        text = " ".join(words)
        parts = windows(text, count_tokens=count_words, max_tokens=limit)
        assert all(count_words(part) <= limit for part in parts)
        assert all(part in text for part in parts)
        at = 0  # walk through the words: each window begins no later than the last one ended
        for part in parts:
            size = len(part.split())
            start = next(i for i in range(at, -1, -1) if words[i : i + size] == part.split())
            assert start <= at
            at = start + size
        assert at == len(words)

    @given(st.text(), st.integers(1, 20))
    def test_any_text_comes_within_the_limit(self, text: str, limit: int) -> None:
        assert all(len(part) <= limit for part in windows(text, count_tokens=len, max_tokens=limit))

    def test_windows_overlap_by_a_fifth(self) -> None:
        text = " ".join(map(str, range(18)))
        assert windows(text, count_tokens=count_words, max_tokens=10) == [
            " ".join(map(str, range(10))),
            " ".join(map(str, range(8, 18))),
        ]

    def test_a_text_that_fits_stays(self) -> None:
        assert windows("a b c", count_tokens=count_words, max_tokens=3) == ["a b c"]


class TestPlainText:
    def test_rows_and_labels_read_as_one_line(self) -> None:
        text = (
            "Crew\nOne **captain**\n\nWords follow here.\n\nMore words here.\n\n"
            "| Tea | Time |\n|---|---|\n| Green | 2 min |\n"
        )
        units = units_of(Document("a.txt", text, "0" * 64, Source("T")))
        assert [plain_text(unit) for unit in units] == [
            "Crew: One captain",
            "Words follow here.",
            "More words here.",
            "Green: Time 2 min",
        ]


class TestTexts:
    def test_a_sentence_is_embedded_alone_below_its_headings_and_in_its_passage(self) -> None:
        found = indexed("# Pay\n\nIt is **low**. It rises [1].\n")
        assert of(View.UNIT, found) == [
            ("Pay", (0,)), ("It is low.", (1,)), ("It rises.", (2,)),
        ]  # fmt: skip
        assert of(View.CONTEXT, found) == [
            ("Lights. Pay", (0,)),
            ("Lights > Pay. It is low.", (1,)),
            ("Lights > Pay. It rises.", (2,)),
        ]
        assert of(View.PASSAGE, found) == [("Lights > Pay. It is low. It rises.", (1, 2))]

    def test_each_cell_of_a_row_is_embedded_with_its_header(self) -> None:
        found = indexed("| Tea | Time | Water |\n|---|---|---|\n| Green | 2 min | 75 |\n")
        assert of(View.CELL, found) == [
            ("Green: Time: 2 min", (0,)),
            ("Green: Water: 75", (0,)),
        ]

    def test_written_questions_lead_to_their_unit(self) -> None:
        found = indexed("It burns oil. It turns.", questions={1: ("What turns?", "Does it turn?")})
        assert of(View.QUESTION, found) == [("What turns?", (1,)), ("Does it turn?", (1,))]

    def test_link_lists_are_left_out(self) -> None:
        assert indexed("[1] https://a.example/x\n[2] https://b.example/y\n") == []

    @given(texts, st.integers(8, 30))
    def test_whatever_the_text_no_embedded_text_is_empty_or_too_long(
        self, text: str, limit: int
    ) -> None:
        for found in indexed(text, max_tokens=limit):
            assert found.text.strip()
            assert found.unit_ids
            assert count_words(found.text) <= limit
