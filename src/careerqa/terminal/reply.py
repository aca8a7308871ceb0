"""A reply as it reads on a terminal: 80 columns, plain text where it is piped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from careerqa.answering.attribution import attributed
from careerqa.documents.cleaning import clean
from careerqa.documents.tables import cells
from careerqa.terminal.output import count, place, put, readable, shown

if TYPE_CHECKING:
    from careerqa.reply import Disagreement, Quote, Reply

_RULE_ROW = re.compile(r"[\s|:\-]+")


def show_reply(reply: Reply, corpus: Path, out: Console, *, prose: bool = True) -> None:
    """Print what a reply says, where its sources differ, and each quote with its place.

    Args:
        reply: The reply.
        corpus: The corpus folder, for the paths of the quotes.
        out: Where to.
        prose: Whether to print what a language model wrote; no where that stands there already.
    """
    if reply.status == "abstained":
        put(out, Text(shown(reply.answer), style="bold"))
        if reply.nearest:
            out.print()
            put(out, Text("Nearest, not an answer:"))
            show_quotes(reply.nearest, corpus, out, style="dim")
        return
    if reply.mode == "llm" and prose:
        for paragraph in re.split(r"\n\s*\n", reply.answer):
            if shown(paragraph):
                put(out, Text(shown(paragraph)))
                out.print()
    documents = len({quote.document for quote in reply.quotes})
    heading = f"{count(len(reply.quotes), 'quote')} from {count(documents, 'document')}"
    put(out, Text(heading, style="bold"))
    for disagreement in reply.disagreements:
        out.print()
        _show_disagreement(disagreement, reply.quotes, out)
    show_quotes(reply.quotes, corpus, out)


def show_quotes(quotes: Sequence[Quote], corpus: Path, out: Console, style: str = "") -> None:
    """Print each quote with its number, its source and its place."""
    for quote in quotes:
        out.print()
        _show_quote(quote, corpus, out, style)


def _show_quote(quote: Quote, corpus: Path, out: Console, style: str) -> None:
    number = f"[{quote.id}] "
    indent = " " * len(number)
    put(out, Text(quoted(quote), style=style), indent=indent, first=number)
    trail = [quote.title, *(quote.section or "").split(" > ")]
    title = Text(" › ".join(filter(None, map(shown, trail))), style="dim")
    file = corpus / quote.document
    where = Text(style="dim").append(
        f"{place(file)}:{quote.line}", style=f"link {file.absolute().as_uri()}"
    )
    kind = shown(attributed(quote.provenance, quote.text))
    where.append(f" ({kind}; {quote.sources} sources)" if quote.sources > 1 else f" ({kind})")
    if len(indent) + title.cell_len + 3 + where.cell_len <= out.width:
        put(out, Text.assemble(title, (" — ", "dim"), where), indent=indent)
    else:
        put(out, title, indent=indent)
        out.print(Text.assemble(indent, where), soft_wrap=True)


def quoted(quote: Quote) -> str:
    """A quote's text to read: between quotation marks, or a table row as `column: cell` pairs."""
    if quote.table_header is None:
        return f"“{readable(quote.text)}”"
    rows = [row for row in quote.text.splitlines() if row.strip() and not _RULE_ROW.fullmatch(row)]
    return " / ".join(_pairs(row, quote.table_header) for row in rows if row != quote.table_header)


def _pairs(row: str, header: str) -> str:
    parts = [_cell(part) for part in cells(row)]
    columns = [_cell(part) for part in cells(header)]
    if len(parts) < 2 or len(parts) > len(columns):
        return f"“{readable(row)}”"
    return "; ".join(
        f"{column}: {part}" if column else part
        for column, part in zip(columns, parts, strict=False)
        if part
    )


def _cell(text: str) -> str:
    """A cell without markup, or as it stands where it is nothing but markup."""
    return shown(clean(text)) or readable(text)


def _show_disagreement(disagreement: Disagreement, quotes: Sequence[Quote], out: Console) -> None:
    titles = {quote.id: quote.title for quote in quotes}
    put(out, Text(f"Sources differ: {shown(disagreement.topic)}", style="bold yellow"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Value", overflow="fold")
    table.add_column("Basis", overflow="fold")
    table.add_column("Source", overflow="fold")
    for claim in disagreement.claims:
        basis = ", ".join(f"{key} {value}" for key, value in claim.basis.items())
        source = f"[{claim.quote}] {titles.get(claim.quote, '')}"
        table.add_row(*(Text(readable(text)) for text in (claim.value, basis or "–", source)))
    out.print(table)
    if disagreement.note:
        put(out, Text(shown(disagreement.note)))
