from __future__ import annotations

from careerqa.documents.tables import cell_texts, cells, columns_of, row_text

HEADER = "| Post | Yearly pay | Oil |"


def test_cells_of_pipes_and_tabs() -> None:
    assert cells("| a |  b | |") == ["a", "b", ""]
    assert cells("a | b") == ["a", "b"]
    assert cells("a\t b\t") == ["a", "b", ""]


def test_an_escaped_pipe_stays_in_its_cell() -> None:
    assert cells(r"| a \| b | c \|") == [r"a \| b", r"c \|"]


def test_a_row_reads_with_its_column_headers() -> None:
    row = "| Head keeper | £92 | 14 gallons |"
    assert row_text(row, HEADER) == "Head keeper: Yearly pay £92; Oil 14 gallons"
    assert cell_texts(row, HEADER) == [
        "Head keeper: Yearly pay: £92",
        "Head keeper: Oil: 14 gallons",
    ]


def test_empty_cells_are_left_out() -> None:
    assert row_text("| Head keeper | | 14 |", HEADER) == "Head keeper: Oil 14"
    assert cell_texts("| | £92 | |", HEADER) == ["Yearly pay: £92"]
    assert row_text("| | £92 | |", HEADER) == "Yearly pay £92"


def test_more_cells_than_headers_lose_nothing() -> None:
    assert row_text("| Boy | £9 | 1 | boots |", HEADER) == "Boy: Yearly pay £9; Oil 1; boots"


def test_a_header_of_more_cells_names_the_last_ones() -> None:
    assert columns_of("| Oven | 3 |", "Hot| Thing | Count |") == ["Thing", "Count"]
    assert columns_of("| Oven | 3 | 4 |", "| Thing | Count |") == ["Thing", "Count", ""]


def test_without_a_header_the_cells_follow_each_other() -> None:
    assert row_text("| a | b |", None) == "a; b"
    assert cell_texts("| a | b |", None) == ["a; b"]
    assert cell_texts("| a |", HEADER) == ["a"]


def test_markup_in_cells_is_removed() -> None:
    assert row_text("Green\t<i>75 &deg;C</i>", "Tea\t**Water**") == "Green: Water 75 °C"
