"""The two HTML pages: the question box and a document to read. Self-contained, no other host."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

from careerqa.datatypes import Document, Span

_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """HTML with the Content-Security-Policy that lets its own style and script run, no others."""

    html: str
    policy: str


@cache
def question_page() -> Page:
    """The page with the question box."""
    text = _data("page.html")
    return Page(text, _policy(text))


def document_page(document: Document, *, home: str, highlight: Span | None = None) -> Page:
    """A document as a page, the characters of `highlight` marked and scrolled to by `#quote`.

    Args:
        home: URL of the page with the question box.
        highlight: Which characters to mark, in offsets of `document.text`.
    """
    source = document.source
    facts = [
        source.kind,
        source.publisher,
        source.author,
        source.published and f"published {source.published}",
        source.revised and f"revised {source.revised}",
        f"{len(document.text):,} characters",
    ]
    text = Template(_data("document.html")).substitute(
        style=_style(),
        title=html.escape(source.title),
        home=html.escape(home),
        id=html.escape(document.id),
        facts=html.escape(" · ".join(fact for fact in facts if fact)),
        text=_marked(document.text, highlight),
    )
    return Page(text, _policy(text))


def _marked(text: str, span: Span | None) -> str:
    if span is None or not len(span):
        return html.escape(text)
    before, after = html.escape(text[: span.start]), html.escape(text[span.end :])
    return f'{before}<mark id="quote">{html.escape(span.of(text))}</mark>{after}'


@cache
def _style() -> str:
    found = re.search(r"<style>(.*?)</style>", _data("page.html"), re.DOTALL)
    return found[1] if found else ""


def _policy(text: str) -> str:
    """Only the inline style and script of `text`, by hash; requests only to its own host."""
    allowed = {"style": "'none'", "script": "'none'"}
    for kind, content in _INLINE.findall(text):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        allowed[kind] = f"'sha256-{digest}'"
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {allowed['style']}",
            f"script-src {allowed['script']}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


@cache
def _data(name: str) -> str:
    return (resources.files("careerqa") / "data" / name).read_text(encoding="utf-8")
