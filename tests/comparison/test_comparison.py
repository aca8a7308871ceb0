from pathlib import Path

import pytest

from careerqa.comparison.aspects import chosen_aspects, load_aspects
from careerqa.comparison.comparing import Cell, Comparison, compare
from careerqa.comparison.naming_hits import plain_hits
from careerqa.errors import QuestionError, SettingsError
from shelf import Shelf, librarian


def cell(comparison: Comparison, aspect: str, role: str) -> Cell:
    row = next(row for row in comparison.rows if row.aspect == aspect)
    return next(cell for cell in row.cells if cell.role == role)


def texts(comparison: Comparison, found: Cell) -> list[str]:
    return [comparison.quotes[entry.quote_id - 1].text for entry in found.entries]


def test_each_cell_is_of_its_title() -> None:
    found = compare(librarian(), ["AI engineer", "SWE"], ["pay", "education", "path"])
    assert found.roles == ("AI engineer", "software engineer")
    assert [row.aspect for row in found.rows] == ["pay", "education", "path"]
    assert texts(found, cell(found, "pay", "software engineer")) == [
        "Software engineers earn $80,000, less than AI engineers."
    ]
    assert texts(found, cell(found, "path", "software engineer")) == [
        "Typical progression: AI engineer, director."
    ]
    assert texts(found, cell(found, "path", "AI engineer")) == [
        "AI engineers become software engineers, then directors."
    ]


def test_every_quote_and_part_is_verbatim() -> None:
    service = librarian()
    found = compare(service, ["AI engineer", "software engineer"])
    for quote in found.quotes:
        text = service.shelf.documents[quote.document_id].text
        assert quote.text == quote.span.of(text)
    for row in found.rows:
        for one in row.cells:
            for entry in one.entries:
                quote = found.quotes[entry.quote_id - 1]
                assert quote.span.start <= entry.part.start < entry.part.end <= quote.span.end
    assert [quote.id for quote in found.quotes] == list(range(1, len(found.quotes) + 1))


def test_a_table_row_is_quoted_once_for_both_titles() -> None:
    service = librarian()
    found = compare(service, ["AI engineer", "software engineer"], ["education"])
    first, second = (cell(found, "education", role).entries[0] for role in found.roles)
    assert first.quote_id == second.quote_id == 1
    text = service.shelf.documents["report.txt"].text
    assert first.part.of(text) == "A master's degree"
    assert second.part.of(text) == "A bachelor's degree"


def test_sources_that_differ_are_marked_and_both_quoted() -> None:
    found = compare(librarian(), ["AI engineer", "software engineer"], ["pay"])
    pay = cell(found, "pay", "AI engineer")
    assert [one.topic for one in pay.disagreements] == ["Pay of entry AI engineers"]
    sides = {claim.value: found.quotes[claim.quote_id - 1] for claim in pay.disagreements[0].claims}
    assert sides.keys() == {"$90,000 to $100,000", "$150,000"}
    assert {quote.document_id for quote in sides.values()} == {"report.txt", "guide.txt"}
    assert cell(found, "pay", "software engineer").disagreements == ()


def test_a_near_title_fills_a_cell_only_under_its_own_name() -> None:
    found = compare(librarian(), ["ML engineer", "software engineer"], ["outlook"])
    entry = cell(found, "outlook", "ML engineer").entries[0]
    assert (entry.title, entry.written) == ("AI/ML engineer", "AI/ML engineer")
    assert cell(found, "outlook", "software engineer") == Cell("software engineer")


def test_a_near_title_that_has_its_own_column_fills_no_other() -> None:
    found = compare(librarian(), ["ML engineer", "AI/ML engineer"], ["outlook"])
    assert cell(found, "outlook", "ML engineer").entries == ()
    assert cell(found, "outlook", "AI/ML engineer").entries != ()


def test_what_is_too_uncertain_leaves_a_cell_empty() -> None:
    found = compare(librarian(confidence=0.4), ["AI engineer", "software engineer"])
    assert found.quotes == ()
    assert not any(one.entries for row in found.rows for one in row.cells)


@pytest.mark.parametrize(
    "text",
    [
        "These are the duties of AI engineers at work:",  # announces the next lines
        "Sample letter\n\nAI engineers like me build models.",
        "What do AI engineers build?",
    ],
)
def test_what_states_nothing_about_the_world_fills_no_cell(text: str) -> None:
    shelf = Shelf({"a.txt": f"Title\n\n{text}\n"})
    found = compare(librarian(shelf), ["AI engineer", "software engineer"], ["work"])
    assert found.quotes == ()


def test_warnings_of_searches_are_passed_on_once() -> None:
    assert compare(librarian(), ["AI engineer", "SWE"]).warnings == ("A warning.",)


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (
            ["AI engineer", "plumber"],
            "'plumber' is no title known here. Known are AI engineer, AI/M",
        ),
        (["AI engineer"], "Two to 5 titles can be compared, not 1."),
        (["SWE", "software engineer"], "'software engineer' is software engineer, which is comp"),
    ],
)
def test_titles_that_cannot_be_compared(roles: list[str], message: str) -> None:
    with pytest.raises(QuestionError) as caught:
        compare(librarian(), roles)
    assert str(caught.value).startswith(message)


def test_aspects_are_chosen_by_name_and_keep_their_order() -> None:
    assert [a.name for a in chosen_aspects([" Skills", "pay", ""])] == ["pay", "skills"]
    assert [a.name for a in chosen_aspects([])] == [a.name for a in load_aspects()]
    with pytest.raises(QuestionError, match=r"'luck' is no aspect known here. Choose from pay, sk"):
        chosen_aspects(["luck"])


def test_a_broken_aspects_file_says_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "aspects.toml"
    path.write_text('[[aspect]]\nname = "pay"\n')
    with pytest.raises(SettingsError, match=r"Every aspect needs name, heading, questions and ab"):
        load_aspects(path)


def test_a_plain_comparison_gets_a_statement_of_each_title() -> None:
    texts = {"a.txt": "T\n\nWelcome.\n\nAI engineers build models.\n\nML engineers train them.\n"}
    service = librarian(Shelf(texts))
    search = service.search("AI engineer vs ML engineer?")
    hits = plain_hits(search, search=service.search, top=5)
    assert [hit.unit.text for hit in hits] == [
        "AI engineers build models.",
        "ML engineers train them.",
    ]
    assert [hit.rank for hit in hits] == [1, 2]
    assert len(plain_hits(search, search=service.search, top=1)) == 1
