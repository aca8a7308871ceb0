"""Text that a document holds and a reader does not see: comments and hidden elements.

Read as CommonMark and HTML show a document: in code, fenced or between backticks, all is seen.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from careerqa.datatypes import Span
from careerqa.documents.blanking import blanked
from careerqa.documents.style_sheets import style_sheet_of
from careerqa.documents.styles import look_of

_MARK = re.compile(r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})|(?P<ticks>`+)|<!--", re.MULTILINE)
_MARKDOWN_COMMENT = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*(?:#|<>)[ \t]*[\"'(].*$", re.MULTILINE)
"""A link that leads nowhere and that nobody uses: `[//]: # (like this)`."""
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>"""
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^\s"'=<>`]+)))?"""
)
_GAP = re.compile(r"\n[ \t\r]*\n")
_MARKUP = re.compile(rf"<!--|-->|{_TAG.pattern}")
_WORD = re.compile(r"\w")

_NEVER_SHOWN = frozenset({"script", "style", "template", "noscript"})
_EMPTY = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
})  # fmt: skip
_WITHIN_PARAGRAPHS = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "kbd", "label", "li", "mark", "p",
    "s", "small", "span", "strong", "sub", "sup", "td", "th", "tr", "u",
})  # fmt: skip
"""Elements that, left open, hide no more than their paragraph; others hide all the rest."""


@dataclass(frozen=True, slots=True)
class _Tag:
    span: Span
    name: str
    attributes: Mapping[str, str]
    closed: int | None
    """Where the element ends, if it is closed."""


@dataclass(slots=True)
class _Marks:
    """Where code and comments stand."""

    code: list[Span] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)


def hidden_in(text: str) -> list[tuple[Span, str]]:
    """Each stretch that is not shown and holds a word, in order, with what hides it."""
    gaps = [match.start() for match in _GAP.finditer(text)] + [len(text)]
    marks = _marks(text, gaps)
    plain = blanked(text, [*marks.code, *marks.comments])
    found = [(span, "HTML comment") for span in marks.comments]
    found += [(Span(*m.span()), "Markdown comment") for m in _MARKDOWN_COMMENT.finditer(plain)]
    found += _elements(plain, gaps)
    kept: list[tuple[Span, str]] = []
    for span, how in sorted(found):
        if kept and span.start < kept[-1][0].end:
            continue
        held = span.of(text)
        if _WORD.search(_MARKUP.sub("", held)):
            start = span.end - len(held.lstrip())
            kept.append((Span(start, start + len(held.strip())), how))
    return kept


def code_in(text: str) -> list[Span]:
    """Code blocks between fences and code between backticks, in order."""
    return _marks(text, [match.start() for match in _GAP.finditer(text)] + [len(text)]).code


def _marks(text: str, gaps: Sequence[int]) -> _Marks:
    """Code and comments from left to right: within the one, no other begins."""
    found = _Marks()
    at = 0
    closable = True
    while mark := _MARK.search(text, at):
        at = mark.end()
        if mark["fence"]:
            closing = re.compile(rf"^ {{0,3}}{mark['fence']}+[ \t]*\r?$", re.MULTILINE)
            end = closing.search(text, at)
            at = end.end() if end else len(text)
            found.code.append(Span(mark.start(), at))
        elif mark["ticks"]:
            last = gaps[bisect_left(gaps, at)]
            closing = re.compile(rf"(?<!`){mark['ticks']}(?!`)")
            if end := closing.search(text, at, last):
                at = end.end()
                found.code.append(Span(mark.start(), at))
        elif closable and (place := text.find("-->", mark.start() + 2)) >= 0:
            at = place + 3
            found.comments.append(Span(mark.start(), at))
        else:
            closable = False
            line = text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()]
            if len(line) <= 3 and not line.strip(" "):
                at = len(text)
                found.comments.append(Span(mark.start(), at))
    return found


def _elements(text: str, gaps: Sequence[int]) -> Iterator[tuple[Span, str]]:
    """Elements that their name or a style hides; what stands in them is not looked at again."""
    until = painted_until = 0
    sheet = style_sheet_of(text)
    for tag in _tags(text):
        start = tag.span.start
        if start < until:
            continue
        style = sheet.style_of(tag.name, tag.attributes)
        look = look_of(tag.attributes, style, tag.name, on_white=start >= painted_until)
        never = tag.name in _NEVER_SHOWN
        if never or look.how:
            until = _end(text, tag, gaps)
            yield Span(start, until), f"<{tag.name}> {look.how}".rstrip()
        elif look.painted:
            painted_until = max(painted_until, _end(text, tag, gaps))


def _tags(text: str) -> list[_Tag]:
    """Every opening tag, in order, with the end of its element."""
    found: list[_Tag] = []
    opened: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for match in _TAG.finditer(text):
        name = match["name"].lower()
        if not match["end"]:
            if name not in _EMPTY:
                opened.setdefault(name, []).append((len(found), match))
            found.append(_tag(match, None))
        elif opened.get(name):
            place, opening = opened[name].pop()
            found[place] = _tag(opening, match.end())
    return found


def _tag(opening: re.Match[str], closed: int | None) -> _Tag:
    attributes = {
        m["name"].lower(): html.unescape(m["a"] or m["b"] or m["c"] or "")
        for m in _ATTRIBUTE.finditer(opening["attributes"])
    }
    return _Tag(Span(*opening.span()), opening["name"].lower(), attributes, closed)


def _end(text: str, tag: _Tag, gaps: Sequence[int]) -> int:
    if tag.name in _EMPTY:
        return tag.span.end
    if tag.closed is not None:
        return tag.closed
    line = text[text.rfind("\n", 0, tag.span.start) + 1 : tag.span.start]
    in_line = tag.name in _NEVER_SHOWN and bool(line.strip())
    if in_line or tag.name in _WITHIN_PARAGRAPHS:
        return gaps[bisect_left(gaps, tag.span.end)]
    return len(text)
