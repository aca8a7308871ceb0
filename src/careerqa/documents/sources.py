"""What `sources.toml` says of the documents beside it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careerqa.datatypes import Flag, ProvenanceMark, Span
from careerqa.documents.blocks import BlockKind
from careerqa.documents.cleaning import clean
from careerqa.documents.provenance import BY_DOCUMENT_KIND, MARKS
from careerqa.documents.structure import parse
from careerqa.errors import CorpusError

SOURCES_FILE = "sources.toml"
FIELDS = ("title", "kind", "publisher", "author", "published", "revised", "url")
_KEYS = (*FIELDS, "marks", "trusted_lines")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of one document.

    `trusted` are the lines on which what is flagged is meant for readers all the same.
    """

    fields: dict[str, str] = field(default_factory=dict)
    marks: tuple[dict[str, Any], ...] = ()
    trusted: tuple[int, ...] = ()


def read_sources(folder: Path) -> dict[str, Entry]:
    """The tables of the file in a corpus folder, by document; none where it is missing.

    Raises:
        CorpusError: If the file is malformed.
    """
    path = folder / SOURCES_FILE
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} is malformed: {error}. Mend it and rebuild.") from error
    unknown = set(content) - {"documents"}
    if unknown:
        raise CorpusError(
            f"{path} has an unknown table [{sorted(unknown)[0]}]; it holds only [documents]."
        )
    tables = content.get("documents", {})
    if not isinstance(tables, dict):
        raise CorpusError(f'{path}: documents is {tables!r}; write [documents."FILE"].')
    return {name: _entry(name, table, path) for name, table in tables.items()}


def _entry(name: str, table: Any, path: Path) -> Entry:
    where = f'{path}, "{name}"'
    if not isinstance(table, dict):
        raise CorpusError(f'{path}: "{name}" is {table!r}; write [documents."{name}"].')
    for key in table:
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise CorpusError(f"{where}: unknown key {key}.{hint}")
    kind = table.get("kind") or None
    if kind is not None and kind not in BY_DOCUMENT_KIND:
        raise CorpusError(f'{where}: kind is "{kind}"; it is one of {", ".join(BY_DOCUMENT_KIND)}.')
    marks = table.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise CorpusError(f'{where}: marks is {marks!r}; write [[documents."{name}".marks]].')
    trusted = table.get("trusted_lines", [])
    if not isinstance(trusted, list) or not all(type(line) is int for line in trusted):
        raise CorpusError(f"{where}: trusted_lines is {trusted!r}; write line numbers, as [12].")
    fields = {key: str(table[key]) for key in FIELDS if table.get(key)}
    return Entry(fields, tuple(marks), tuple(trusted))


def resolve(mark: dict[str, Any], text: str, name: str) -> ProvenanceMark:
    """A mark by `heading` or by `lines = [first, last]` as a span.

    A heading's mark reaches to the next heading of its level or above.

    Raises:
        CorpusError: If the document holds nothing of that kind.
    """
    where = f'{SOURCES_FILE}, "{name}"'
    provenance = mark.get("provenance")
    if provenance not in MARKS:
        raise CorpusError(
            f"{where}: provenance of a mark is {provenance!r}; it is one of "
            f"{', '.join(sorted(MARKS))}."
        )
    if isinstance(mark.get("heading"), str):
        return ProvenanceMark(_under_heading(mark["heading"], text, where), provenance)
    lines = mark.get("lines")
    if not (isinstance(lines, list) and len(lines) == 2 and all(type(n) is int for n in lines)):
        raise CorpusError(f'{where}: a mark needs heading = "..." or lines = [first, last].')
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    first, last = lines
    if not 1 <= first <= last <= len(starts):
        raise CorpusError(f"{where}: lines {lines} do not lie within 1 to {len(starts)}.")
    end = starts[last] if last < len(starts) else len(text)
    return ProvenanceMark(Span(starts[first - 1], end), provenance)


def _under_heading(heading: str, text: str, where: str) -> Span:
    start = level = None
    for block in parse(text):
        if block.kind is not BlockKind.HEADING:
            continue
        if start is None and clean(block.span.of(text)).rstrip(":") == heading.rstrip(":"):
            start, level = block.span.start, block.level
        elif start is not None and level is not None and block.level <= level:
            return Span(start, block.span.start)
    if start is None:
        raise CorpusError(f'{where}: there is no heading "{heading}" in the document.')
    return Span(start, len(text))


def distrusted(flags: Sequence[Flag], lines: Sequence[int], name: str) -> tuple[Flag, ...]:
    """The flags but for those on trusted lines.

    Raises:
        CorpusError: If nothing is flagged on one of these lines.
    """
    for line in lines:
        if all(flag.line != line for flag in flags):
            where = ", ".join(str(flag.line) for flag in flags) or "none"
            raise CorpusError(
                f'{SOURCES_FILE}, "{name}": nothing is flagged on line {line} of trusted_lines; '
                f"flagged lines: {where}."
            )
    return tuple(flag for flag in flags if flag.line not in lines)
