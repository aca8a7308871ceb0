"""Rows of pipe tables and tab-separated tables, read with their header."""

from __future__ import annotations

import re

from careerqa.datatypes import Span
from careerqa.documents.cleaning import clean

_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def cells(row: str) -> list[str]:
    """The cells of a row as they stand, outer whitespace removed."""
    if "\t" in row and "|" not in row:
        return [cell.strip() for cell in row.split("\t")]
    inner = row.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in _UNESCAPED_PIPE.split(inner)]


def columns_of(row: str, header: str) -> list[str]:
    """The header's cell above each cell of a row.

    A header of more cells than the row has lost some before it, such as the tail of a caption; one
    of fewer leaves the last cells without any.
    """
    width, named = len(cells(row)), cells(header)
    return [*named[max(0, len(named) - width) :], *[""] * (width - len(named))]


def cell_spans(row: str) -> list[Span]:
    """Where the cells of a row stand, as `cells` divides it, in offsets of `row`."""
    first, last = 0, len(row)
    if "\t" in row and "|" not in row:
        cuts = [match.start() for match in re.finditer("\t", row)]
    else:
        cuts = [match.start() for match in _UNESCAPED_PIPE.finditer(row)]
        first = cuts.pop(0) + 1 if cuts and not row[: cuts[0]].strip() else 0
        last = cuts.pop() if cuts and not row[cuts[-1] + 1 :].strip() else len(row)
    edges = [first, *(edge for cut in cuts for edge in (cut, cut + 1)), last]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def cell_texts(row: str, header: str | None) -> list[str]:
    """Each cell after the first as `row label: column header: cell`, cleaned.

    The first cell is taken for the row's label. A row of one cell, or one without a header, comes
    back as one text.
    """
    parts = [clean(cell) for cell in cells(row)]
    if header is None or len(parts) < 2:
        return ["; ".join(part for part in parts if part)]
    columns = [clean(cell) for cell in cells(header)]
    columns += [""] * (len(parts) - len(columns))
    return [
        ": ".join(text for text in (parts[0], columns[index], part) if text)
        for index, part in enumerate(parts)
        if index > 0 and part
    ]


def row_text(row: str, header: str | None) -> str:
    """A row as one readable line: `label: header cell; header cell`, cleaned."""
    parts = [clean(cell) for cell in cells(row)]
    if header is None or len(parts) < 2:
        return "; ".join(part for part in parts if part)
    columns = [clean(cell) for cell in cells(header)]
    columns += [""] * (len(parts) - len(columns))
    values = [
        f"{columns[index]} {part}".strip() for index, part in enumerate(parts) if index and part
    ]
    return f"{parts[0]}: {'; '.join(values)}" if parts[0] else "; ".join(values)
