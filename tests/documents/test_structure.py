from __future__ import annotations

import pytest
from hypothesis import given

from careerqa.documents.blocks import LEAD, BlockKind
from careerqa.documents.lines import is_title
from careerqa.documents.structure import parse
from layouts import texts


def kinds(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(text)) for block in parse(text)]


@given(texts)
def test_blocks_are_in_order_apart_and_without_outer_whitespace(text: str) -> None:
    end = 0
    for block in parse(text):
        assert block.span.start >= end
        assert block.span.of(text) == block.span.of(text).strip() != ""
        end = block.span.end


def test_markdown_headings_keep_their_level() -> None:
    text = "# One\n\ntext here.\n\n### Three\n\ntext here.\n"
    assert [(b.kind, b.level) for b in parse(text)] == [
        (BlockKind.HEADING, 1),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 3),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_a_short_line_above_text_is_a_heading() -> None:
    text = (
        "Pay of a keeper\nKeepers are paid by the quarter, and oil is counted in as a part of it.\n"
    )
    assert kinds(text)[0] == (BlockKind.HEADING, "Pay of a keeper")


def test_a_placeholder_is_no_heading() -> None:
    body = "Keepers are paid by the quarter, and oil is counted in as a part of it.\n"
    assert kinds(f"[Your Name]\n{body}")[0] == (BlockKind.LINE, "[Your Name]")
    assert kinds(f"[1] The name\n{body}")[0] == (BlockKind.HEADING, "[1] The name")


def test_a_line_that_ends_in_a_colon_leads_in() -> None:
    (lead, *bullets) = parse("What to bring:\n\n- Oil\n- Wicks\n")
    assert (lead.kind, lead.level) == (BlockKind.HEADING, LEAD)
    assert [bullet.kind for bullet in bullets] == [BlockKind.BULLET, BlockKind.BULLET]


def test_a_bullet_is_its_words_without_the_mark() -> None:
    text = "- Oil\n* Wicks\n  • Chamois\n12. Log book\n"
    assert kinds(text) == [
        (BlockKind.BULLET, words) for words in ("Oil", "Wicks", "Chamois", "Log book")
    ]


def test_an_indented_line_goes_on_with_its_bullet() -> None:
    text = "- Wind the clockwork\n  every four hours\n- Log the weather\n"
    assert kinds(text) == [
        (BlockKind.BULLET, "Wind the clockwork\n  every four hours"),
        (BlockKind.BULLET, "Log the weather"),
    ]


def test_a_sentence_goes_on_after_a_page_break() -> None:
    first = (
        "A keeper of the northern light, without a clock, wrote each evening about the state of the"
    )
    assert kinds(f"{first}\n\nlamp and the sea.\n") == [
        (BlockKind.PARAGRAPH, f"{first}\n\nlamp and the sea.")
    ]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    text = (
        "The keeper of the northern light wrote every evening about\n"
        "the state of the lamp and the sea, and sent the log to the\n"
        "Office at the end of each quarter together with the bills\n"
        "For oil and wicks, which were paid by return of post in\n"
        "Winter and with the next boat in summer.\n"
    )
    assert kinds(text) == [(BlockKind.PARAGRAPH, text.strip())]


def test_carriage_returns_belong_to_no_block() -> None:
    assert kinds("# Head\r\n\r\nFirst thing.\r\n") == [
        (BlockKind.HEADING, "# Head"),
        (BlockKind.PARAGRAPH, "First thing."),
    ]


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\r\n", "---\n***\n", "-\n|\n"])
def test_nothing_in_nothing_out(text: str) -> None:
    assert parse(text) == []


class TestTables:
    def test_rows_carry_the_header(self) -> None:
        text = "| Tea | Time |\n|:---|---:|\n| Green | 2 |\n| Black | 4 |\n"
        assert [(b.span.of(text), b.header and b.header.of(text)) for b in parse(text)] == [
            ("| Green | 2 |", "| Tea | Time |"),
            ("| Black | 4 |", "| Tea | Time |"),
        ]

    def test_a_caption_before_the_first_pipe_is_a_heading(self) -> None:
        text = "Steeping| Tea | Time |\n|---|---|\n| Green | 2 |\n"
        assert kinds(text) == [(BlockKind.HEADING, "Steeping"), (BlockKind.ROW, "| Green | 2 |")]

    def test_several_rows_on_one_line_are_told_apart(self) -> None:
        text = "| Tea | Time |\n|---|---|\n| Green | 2 | | Black | 4 |\n"
        assert kinds(text) == [(BlockKind.ROW, "| Green | 2 |"), (BlockKind.ROW, "| Black | 4 |")]

    def test_rows_of_uneven_length_stay_whole(self) -> None:
        text = "| Tea | Time |\n|---|---|\n| Green | 2 | loose | leaf | extra\n"
        assert kinds(text) == [(BlockKind.ROW, "| Green | 2 | loose | leaf | extra")]

    def test_an_escaped_pipe_does_not_cut_a_row(self) -> None:
        text = "| Tea | Time |\n|---|---|\n| Green \\| white | 2 |\n"
        assert kinds(text) == [(BlockKind.ROW, "| Green \\| white | 2 |")]

    def test_a_table_on_one_line_with_a_rest_is_not_taken_apart(self) -> None:
        text = "Tea| Tea | Time | |---|---| | Green | 2 | | Black"
        assert "".join(part for _, part in kinds(text)).endswith("| Black")

    def test_a_header_without_rows_is_kept_as_text(self) -> None:
        assert "| Tea | Time |" in [part for _, part in kinds("| Tea | Time |\n|---|---|\n")]

    def test_unmatched_pipes_are_text(self) -> None:
        assert kinds("It is either | or.\n") == [(BlockKind.PARAGRAPH, "It is either | or.")]

    def test_tabs_make_a_table_only_where_lines_agree(self) -> None:
        table = "Tea\tTime\nGreen\t2\nBlack\t4\n"
        assert kinds(table) == [(BlockKind.ROW, "Green\t2"), (BlockKind.ROW, "Black\t4")]
        assert BlockKind.ROW not in [kind for kind, _ in kinds("Tea\tTime\n\nGreen\t2\t3\n")]

    def test_a_label_does_not_swallow_the_head_of_a_table(self) -> None:
        text = "Steeping\nTea\tTime\nGreen\t2\n\nSome words follow.\n\nAnd the end.\n"
        assert kinds(text)[:2] == [(BlockKind.HEADING, "Steeping"), (BlockKind.ROW, "Green\t2")]


class TestLabels:
    SPACED = "\n\nSome words follow here.\n\nAnd more words follow here.\n"

    def test_a_label_and_the_line_below_it_are_one_block(self) -> None:
        text = f"Typical crew\nOne captain{self.SPACED}"
        first = parse(text)[0]
        assert (first.kind, first.span.of(text)) == (BlockKind.LABEL, "Typical crew\nOne captain")
        assert first.label is not None
        assert first.label.of(text) == "Typical crew"

    def test_a_heading_with_a_line_of_equals_signs_below_is_a_heading(self) -> None:
        text = f"Typical crew\n============{self.SPACED}"
        assert kinds(text)[0] == (BlockKind.HEADING, "Typical crew")

    def test_a_heading_below_is_no_value(self) -> None:
        text = f"Typical crew\n# Captain{self.SPACED}"
        assert (BlockKind.HEADING, "# Captain") in kinds(text)


def test_a_run_together_list_is_apart_from_the_heading_at_its_end() -> None:
    text = "RagAwsRustPrompt EngineeringSkills For Both Roles\nAll want these, and everywhere.\n"
    assert kinds(text)[:2] == [
        (BlockKind.LINE, "RagAwsRustPrompt Engineering"),
        (BlockKind.HEADING, "Skills For Both Roles"),
    ]


def test_a_link_list_is_references() -> None:
    text = "[1] https://a.example/x\n- <https://b.example/y>\n"
    assert [kind for kind, _ in kinds(text)] == [BlockKind.REFERENCE, BlockKind.REFERENCE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Career Path", True), ("Pay of a Keeper", True), ("all lower case words", False)],
)
def test_titles_are_told_by_their_capitals(text: str, expected: bool) -> None:
    assert is_title(text) is expected
