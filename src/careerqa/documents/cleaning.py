"""Text as it is embedded and searched: markup and citation noise removed.

Never used for a quote. Cleaned text only leads to a unit; what is quoted is the stored document.
"""

from __future__ import annotations

import html
import re

_DOMAIN = r"(?:[a-z0-9-]+\.)+(?:com|org|net|co|io|ai|work|team|blog|fyi|edu|gov|eu|uk|de|dev|app)"
_DOMAIN_WORD = re.compile(rf"^(?:www\.)?{_DOMAIN}(?:/\S*)?$", re.IGNORECASE)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_AUTOLINK = re.compile(r"<?https?://[^\s<>)]+>?")
_MARK_GROUP = re.compile(r"\^\{\(?\[?\(?\[?\d{1,3}\]?(?:\(#?[^)]*\))?\)?\}?\)?\}?")
_SUPERSCRIPT = re.compile(r"[⁽₍]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+[⁾₎]?")
_NUMBER_MARK = re.compile(r"\^?\[\d{1,3}\](?!\()|\[\^[^\]]{1,20}\]")
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\s]{0,300}\)(\)?)")
_BARE_DOMAIN = re.compile(rf"(?<![@\w./-])(?:www\.)?{_DOMAIN}(?![\w/-])")
_BRACKETED_NOTHING = re.compile(r"\(\s*[,;.\\]*\s*\)|\[\s*\]|\{\s*\}")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`{1,3}|~~)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$%&|~])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?)])(?!\w)")
_UNPAIRED = re.compile(r"(?<![(\w])\)+(?=[\s.,;]|$)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•·◦▪‣]|\d{1,3}[.)])\s+")
_HEADING_MARK = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$")
_JOINT = re.compile(r"(?<=[a-z)])(?=[A-Z])")
_SPACES = re.compile(r"\s+")


def _link_text(match: re.Match[str]) -> str:
    words = match.group(1).strip()
    before = match.string[: match.start()]
    closing = match.group(2) if before.count("(") > before.count(")") else ""
    noise = not words or words.isdigit() or _DOMAIN_WORD.match(words)
    return closing if noise else words + closing


def joints(text: str) -> int:
    """How many words are run together, counted as lower-case letters before a capital."""
    return len(_JOINT.findall(text))


def run_together(text: str) -> bool:
    """Whether a text is a list without separators: three joints or more, and one in two words.

    Names such as `LinkedIn` and `JavaScript` are joints too, but stand in longer sentences.
    """
    return joints(text) >= max(3, len(text.split()) / 2)


def split_joints(text: str) -> list[str]:
    """The parts of a run-together list: `RagAwsPrompting` is Rag, Aws, Prompting."""
    return [part.strip() for part in _JOINT.split(text) if part.strip()]


def clean(text: str) -> str:
    """Text without markup, citation marks and link targets, each run of whitespace one space.

    Takes out HTML tags, Markdown emphasis and escapes, list and heading marks, footnote marks in
    the forms `[1]`, `^[1]`, `^{([1](#))}` and `⁽¹⁾`, link targets, links whose words are only a
    host name, control and bidirectional characters. Separates the words of a list that is run
    together (see `run_together`). What one removal lays bare is removed too, so cleaning cleaned
    text changes nothing.
    """
    while (cleaned := _cleaned_once(text)) != text:
        text = cleaned
    return cleaned


def _cleaned_once(text: str) -> str:
    text = _CONTROL.sub("", html.unescape(text))
    text = _LIST_MARK.sub("", _HEADING_MARK.sub("", text))
    text = _TAG.sub(" ", text)
    text = _AUTOLINK.sub(" ", text)
    text = _MARK_GROUP.sub(" ", text)
    text = _SUPERSCRIPT.sub(" ", text)
    text = _NUMBER_MARK.sub(" ", text)
    text = _LINK.sub(_link_text, text)
    text = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))
    text = _BARE_DOMAIN.sub(" ", text)
    for _ in range(2):
        text = _BRACKETED_NOTHING.sub(" ", text)
    text = re.sub(r"(?:(?<=\s)|^)\^(?=\s|$)", " ", text)
    if run_together(text):
        text = ", ".join(split_joints(text))
    text = _UNPAIRED.sub("", _SPACE_BEFORE.sub(r"\1", text))
    return _SPACES.sub(" ", text).strip()
