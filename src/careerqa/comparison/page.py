"""A comparison as an HTML page of its own: no script, no other host."""

from __future__ import annotations

import html
import re
from string import Template
from typing import TYPE_CHECKING

from careerqa.comparison.text import EMPTY, differs, entry_text, quote_source, written_as

if TYPE_CHECKING:
    from careerqa.comparison.reply import ComparisonCell, ComparisonReply
    from careerqa.reply import Quote

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
:root { --page: #f6f5f1; --card: #fff; --text: #1d2126; --soft: #5a626c; --line: #dcd9d0;
  --accent: #0b5a6e; --warn: #7a4b00; --warn-page: #fff6e3; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171a; --card: #1d2226; --text: #e6e8ea; --soft: #a3acb5; --line: #343b42;
    --accent: #6cc5da; --warn: #f0c36c; --warn-page: #2b2415; }
}
body { margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--card); font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .7rem .85rem;
  border: 1px solid var(--line); min-width: 12rem; overflow-wrap: anywhere; }
th:first-child { min-width: 6rem; width: 1%; }
td p { margin: 0 0 .6rem; }
td p:last-child { margin: 0; }
a { color: var(--accent); }
.soft, .empty { color: var(--soft); }
.differ { background: var(--warn-page); color: var(--warn); padding: .4rem .6rem;
  border-left: 3px solid var(--warn); }
ol { padding-left: 1.6rem; }
li { margin: 0 0 1rem; }
li:target { outline: 2px solid var(--accent); outline-offset: .3rem; }
blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-size: .875em; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Comparison">
<table>
<thead><tr><th scope="col">Aspect</th>$columns</tr></thead>
<tbody>
$rows
</tbody>
</table>
</div>
<h2>Quotes</h2>
<ol>
$quotes
</ol>
</main>
</body>
</html>
""")


def page(comparison: ComparisonReply) -> str:
    """The comparison as HTML: a table whose cells lead to the quotes below it."""
    quotes = {quote.id: quote for quote in comparison.quotes}
    names = [_capital(comparison.roles[0]), *comparison.roles[1:]]
    rows = [
        f'<tr><th scope="row">{html.escape(row.heading)}</th>'
        + "".join(f"<td>{_cell(cell, quotes)}</td>" for cell in row.cells)
        + "</tr>"
        for row in comparison.aspects
    ]
    return _PAGE.substitute(
        title=html.escape(f"{', '.join(names[:-1])} and {names[-1]}"),
        columns="".join(f'<th scope="col">{html.escape(_capital(n))}</th>' for n in names),
        rows="\n".join(rows),
        quotes="\n".join(_quote(quote) for quote in comparison.quotes),
    )


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _cell(cell: ComparisonCell, quotes: dict[int, Quote]) -> str:
    if cell.empty:
        return f'<p class="empty">{EMPTY}</p>'
    parts = []
    for entry in cell.entries:
        text = html.escape(entry_text(entry, quotes[entry.quote]))
        remark = written_as(entry, cell.role)
        note = f' <span class="soft">({html.escape(remark)})</span>' if remark else ""
        parts.append(f'<p>{text} <a href="#quote-{entry.quote}">[{entry.quote}]</a>{note}</p>')
    parts += [f'<p class="differ">{_linked(html.escape(line))}</p>' for line in differs(cell)]
    return "".join(parts)


def _linked(line: str) -> str:
    return re.sub(r"\[(\d+)\]", r'<a href="#quote-\1">[\1]</a>', line)


def _quote(quote: Quote) -> str:
    place = f"{quote.document}:{quote.line}"
    header = ""
    if quote.table_header is not None:
        header = f'<div class="soft" dir="auto">{html.escape(quote.table_header)}</div>'
    return (
        f'<li id="quote-{quote.id}" value="{quote.id}">'
        f'{header}<blockquote dir="auto">{html.escape(quote.text)}</blockquote>'
        f'<span class="soft">{html.escape(quote_source(quote))} · '
        f"<code>{html.escape(place)}</code></span></li>"
    )
