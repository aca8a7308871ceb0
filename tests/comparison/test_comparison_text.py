from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from careerqa.comparison.comparing import compare
from careerqa.comparison.page import page
from careerqa.comparison.reply import ComparisonReply, comparison_reply
from careerqa.comparison.text import entry_text, markdown, quote_source, shortened, show, written_as
from shelf import Shelf, librarian


def reply(
    *roles: str, aspects: tuple[str, ...] = (), shelf: Shelf | None = None
) -> ComparisonReply:
    return comparison_reply(compare(librarian(shelf), roles, aspects))


def rendered(found: ComparisonReply, width: int = 80) -> str:
    out = io.StringIO()
    show(found, Path("/corpus"), Console(file=out, width=width, highlight=False, emoji=False))
    return out.getvalue()


def test_the_reply_holds_what_speaks_of_each_title() -> None:
    found = reply("AI engineer", "software engineer", aspects=("education",))
    row = found.aspects[0]
    assert [entry.text for cell in row.cells for entry in cell.entries] == [
        "A master's degree",
        "A bachelor's degree",
    ]
    assert not any(cell.empty for cell in row.cells)
    entry = row.cells[0].entries[0]
    quote = found.quotes[0]
    assert quote.text[entry.start - quote.start : entry.end - quote.start] == entry.text
    assert (entry.named_by, entry.title_written, entry.same_title) == (
        "column",
        "AI Engineer",
        True,
    )
    assert quote.table_header == "| Aspect | Software Engineer | AI Engineer |"


def test_a_cell_reads_with_the_label_of_its_row() -> None:
    found = reply("AI engineer", "software engineer", aspects=("education",))
    entry = found.aspects[0].cells[0].entries[0]
    assert entry_text(entry, found.quotes[0]) == "Education: A master's degree"


def test_a_row_reads_with_its_column_headers() -> None:
    text = "Pay\n\n| Job | Entry | Senior |\n|---|---|---|\n| Ai Engineer | $188k | $350k |\n"
    found = reply("AI engineer", "SWE", aspects=("pay",), shelf=Shelf({"a.txt": text}))
    entry = found.aspects[0].cells[0].entries[0]
    assert entry_text(entry, found.quotes[0]) == "Entry $188k; Senior $350k"


def test_another_title_is_named() -> None:
    found = reply("ML engineer", "software engineer", aspects=("outlook",))
    entry = found.aspects[0].cells[0].entries[0]
    assert entry.same_title is False
    assert written_as(entry, "ML engineer") == "written as AI/ML engineer, another title"
    assert "AI/ML engineers are in demand. [1] (written as" in rendered(found, 200)
    assert "*(written as AI/ML engineer, another title)*" in markdown(found)
    assert "(written as AI/ML engineer, another title)" in page(found)


def test_the_terminal_table_keeps_to_80_columns() -> None:
    text = rendered(reply("AI engineer", "software engineer", "ML engineer"))
    assert max(map(len, text.splitlines())) <= 80
    assert "Sources differ: Pay of entry AI engineers: $90,000 to $100,000 [1]; $150,000" in text
    assert "Nothing in the documents." in text
    assert "/corpus/report.txt:7 (document, citing Glassdoor)" in text


def test_long_texts_are_shortened_in_a_cell_and_whole_below() -> None:
    long = "AI engineers build " + " ".join(f"thing{n}," for n in range(40)) + " and more."
    found = reply("AI engineer", "SWE", aspects=("work",), shelf=Shelf({"a.txt": f"T\n\n{long}\n"}))
    cells, _, quotes = rendered(found).partition("Quotes")
    assert " … [1]" in " ".join(cells.split())
    assert "thing39" not in cells
    assert "and more.”" in " ".join(quotes.split())


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two …"),
        ("one, two", 7, "one …"),
    ],
)
def test_shortened(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


def test_markdown_keeps_its_table_and_cites_every_quote() -> None:
    found = reply("AI engineer", "software engineer")
    table, _, quotes = markdown(found).partition("\n\n")
    rows = table.splitlines()
    assert rows[0] == "| | AI engineer | software engineer |"
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    assert [int(line.split(".")[0]) for line in quotes.splitlines()] == [
        quote.id for quote in found.quotes
    ]
    assert all(f"[{quote.id}]" in table for quote in found.quotes)


def test_markdown_quotes_a_row_with_its_header() -> None:
    found = reply("AI engineer", "software engineer", aspects=("education",))
    quotes = markdown(found).partition("\n\n")[2]
    assert quotes.startswith(
        "1. Aspect: Education; Software Engineer: A bachelor's degree; "
        "AI Engineer: A master's degree — AI Engineers"
    )


class Tags(HTMLParser):
    """Collects tags and links; void elements are left out of the balance."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag not in ("meta", "link"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name == "href" and value:
                self.links.add(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_leads_from_cells_to_quotes() -> None:
    found = reply("AI engineer", "software engineer")
    tags = Tags(page(found))
    assert tags.open == []
    assert {link.removeprefix("#") for link in tags.links} == tags.ids
    assert tags.ids == {f"quote-{quote.id}" for quote in found.quotes}
    assert "script" not in tags.names


def test_the_page_links_the_sides_of_a_disagreement() -> None:
    text = page(reply("AI engineer", "software engineer", aspects=("pay",)))
    differ = text.partition('<p class="differ">')[2].partition("</p>")[0]
    assert '$90,000 to $100,000 <a href="#quote-1">[1]</a>' in differ
    assert differ.count("<a ") == 2


def test_text_of_documents_is_no_markup() -> None:
    hostile = "T<script>\n\nAI engineers build <img src=x onerror=alert(1)> | things.\n"
    shelf = Shelf({"<b>.txt": hostile})
    found = reply("AI engineer", "SWE", aspects=("work",), shelf=shelf)
    tags = Tags(page(found))
    assert not {"img", "script", "b"} & tags.names
    assert "<img" not in markdown(found).replace("\\<img", "")


def test_the_source_is_named_with_its_class_and_origin() -> None:
    found = reply("AI engineer", "software engineer", aspects=("pay",))
    assert quote_source(found.quotes[0]) == (
        "AI Engineers and Software Engineers (document, citing Glassdoor)"
    )
