"""A comparison to read: words of a cell, a terminal table of 80 columns, and Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from careerqa.answering.attribution import source_in_words
from careerqa.documents.cleaning import clean
from careerqa.documents.tables import cells

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from careerqa.comparison.reply import CellEntry, ComparisonCell, ComparisonReply
    from careerqa.reply import Quote

MOST_CHARACTERS = 170
"""Longest text in a cell of the terminal; the whole quote stands in its footnote."""
EMPTY = "Nothing in the documents."


def entry_text(entry: CellEntry, quote: Quote) -> str:
    """The text of an entry to read: markup removed, a table's cell with the label of its row."""
    text = clean(entry.text)
    if entry.named_by == "column":
        return f"{clean(cells(quote.text)[0])}: {text}"
    if entry.named_by == "row" and quote.table_header is not None:
        pairs = zip(cells(quote.table_header)[1:], cells(quote.text)[1:], strict=False)
        return "; ".join(f"{clean(column)} {clean(part)}".strip() for column, part in pairs)
    if "\n" in entry.text:
        label, _, value = entry.text.partition("\n")
        return f"{clean(label)}: {clean(value)}"
    return text


def written_as(entry: CellEntry, role: str) -> str | None:
    """A remark on the title where the source writes another, or names it only in a heading."""
    if not entry.same_title:
        return f"written as {entry.title_written}, another title"
    if _key(entry.title_written) != _key(role):
        return f"written as {entry.title_written}"
    if entry.named_by == "document":
        return "from its job description"
    return None


def quote_source(quote: Quote) -> str:
    """Class, origin and title of a quote's source: `report, citing ravio; AI Engineer vs. ...`."""
    kind = source_in_words(quote.source_class or quote.provenance, quote.origin)
    return f"{quote.title} ({kind})"


def differs(cell: ComparisonCell) -> list[str]:
    """A line for each disagreement: what differs, by which quotes."""
    lines = []
    for one in cell.disagreements:
        sides = "; ".join(f"{clean(claim.value)} [{claim.quote}]" for claim in one.claims)
        start = one.note.rstrip(".") if one.note else "Sources differ"
        lines.append(f"{start}: {one.topic}: {sides}")
    return lines


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """At most `most` characters, cut at a space, with an ellipsis where something is left out."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def show(comparison: ComparisonReply, corpus: Path, out: Console) -> None:
    """Print a table for each aspect, then every quote with its place."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from careerqa.terminal.output import put, shown
    from careerqa.terminal.reply import show_quotes

    quotes = {quote.id: quote for quote in comparison.quotes}
    for number, row in enumerate(comparison.aspects):
        if number:
            out.print()
        put(out, Text(row.heading, style="bold"))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
        for role in comparison.roles:
            table.add_column(shown(role), ratio=1, overflow="fold")
        table.add_row(*(_cell_text(cell, quotes) for cell in row.cells))
        out.print(table)
        for cell in row.cells:
            for line in differs(cell):
                put(out, Text(shown(line), style="yellow"))
    out.print()
    put(out, Text("Quotes", style="bold"))
    show_quotes(comparison.quotes, corpus, out)


def _cell_text(cell: ComparisonCell, quotes: dict[int, Quote]) -> Text:
    from rich.text import Text

    from careerqa.terminal.output import readable

    if cell.empty:
        return Text(EMPTY, style="dim")
    text = Text()
    for number, entry in enumerate(cell.entries):
        if number:
            text.append("\n\n")
        text.append(shortened(readable(entry_text(entry, quotes[entry.quote]))))
        text.append(f" [{entry.quote}]", style="bold")
        remark = written_as(entry, cell.role)
        if remark:
            text.append(f" ({readable(remark)})", style="dim")
    if cell.disagreements:
        text.append("\n\nSources differ, see below.", style="yellow")
    return text


def markdown(comparison: ComparisonReply) -> str:
    """The comparison as Markdown: a table of all aspects, then the quotes as a numbered list."""
    from careerqa.terminal.reply import quoted

    quotes = {quote.id: quote for quote in comparison.quotes}
    lines = [
        "| | " + " | ".join(_escaped(role) for role in comparison.roles) + " |",
        "|---" * (len(comparison.roles) + 1) + "|",
    ]
    for row in comparison.aspects:
        parts = [_markdown_cell(cell, quotes) for cell in row.cells]
        lines.append(f"| **{row.heading}** | " + " | ".join(parts) + " |")
    lines.append("")
    for quote in comparison.quotes:
        text = _escaped(quoted(quote))
        place = f"{quote.document}:{quote.line}"
        lines.append(f"{quote.id}. {text} — {_escaped(quote_source(quote))}, {_escaped(place)}")
    return "\n".join(lines) + "\n"


def _markdown_cell(cell: ComparisonCell, quotes: dict[int, Quote]) -> str:
    if cell.empty:
        return f"*{EMPTY}*"
    parts = []
    for entry in cell.entries:
        remark = written_as(entry, cell.role)
        text = f"{_escaped(entry_text(entry, quotes[entry.quote]))} [{entry.quote}]"
        parts.append(f"{text} *({_escaped(remark)})*" if remark else text)
    parts += [f"**{_escaped(line)}**" for line in differs(cell)]
    return "<br>".join(parts)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_<>|#$])", r"\\\1", text)


def _key(title: str) -> str:
    return re.sub(r"[\s-]+", " ", title).strip().casefold()
