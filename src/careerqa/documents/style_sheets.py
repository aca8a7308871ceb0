"""What the style sheets within a document say of its elements.

Rules with one simple or compound selector (`p`, `.note`, `#a`, `p.note`) are read, which is how a
page hides an element; a rule that holds only within others, in a state or for a medium is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SHEET = re.compile(r"<style\b[^<>]*>", re.IGNORECASE)
_SHEET_END = re.compile(r"</style\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};@]*+(?:;|\{(?:[^{}]++|\{[^{}]*+\})*+\})")
_SELECTOR = re.compile(r"(?P<name>[a-zA-Z][\w-]*|\*)?(?P<marks>(?:[.#][\w-]+)*)")
_MARK = re.compile(r"([.#])([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    classes: frozenset[str]
    ids: frozenset[str]
    declarations: str
    place: int

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """Its specificity (CSS Selectors, level 4, section 17), then its place."""
        return len(self.ids), len(self.classes), int(bool(self.name)), self.place

    @property
    def key(self) -> str:
        """One mark that every element has for which it holds."""
        marks = [f"#{value}" for value in self.ids] + [f".{value}" for value in self.classes]
        return min(marks, default=self.name)


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """The rules of a document, by a mark of the elements for which they hold."""

    rules: Mapping[str, Sequence[_Rule]]

    def style_of(self, name: str, attributes: Mapping[str, str]) -> str:
        """The declarations for an element, the less specific first and its inline style last.

        Args:
            name: Of the element, in lower case.
            attributes: Of its tag, by lower-case name.
        """
        classes = set(attributes.get("class", "").split())
        ids = {attributes.get("id", "")}
        keys = ["", name, *(f".{value}" for value in classes), *(f"#{value}" for value in ids)]
        found = [
            rule
            for key in keys
            for rule in self.rules.get(key, ())
            if rule.name in ("", name) and rule.classes <= classes and rule.ids <= ids
        ]
        ordered = [rule.declarations for rule in sorted(found, key=lambda rule: rule.weight)]
        return ";".join([*ordered, attributes.get("style", "")])


def style_sheet_of(text: str) -> StyleSheet:
    """The style sheets of a document in one."""
    rules: dict[str, list[_Rule]] = {}
    for place, (selector, declarations) in enumerate(_declared(text)):
        if (found := _SELECTOR.fullmatch(selector.strip())) and found[0]:
            rule = _rule(found, declarations, place)
            rules.setdefault(rule.key, []).append(rule)
    return StyleSheet(rules)


def _declared(text: str) -> Iterator[tuple[str, str]]:
    """Each selector with its declarations."""
    for sheet in _sheets(text):
        css = _AT_RULE.sub("", _COMMENT.sub("", sheet))
        for part in css.split("}"):
            selectors, _, declarations = part.rpartition("{")
            for selector in selectors.split(","):
                yield selector, declarations


def _sheets(text: str) -> Iterator[str]:
    at = 0
    while (opening := _SHEET.search(text, at)) and (end := _SHEET_END.search(text, opening.end())):
        yield text[opening.end() : end.start()]
        at = end.end()


def _rule(selector: re.Match[str], declarations: str, place: int) -> _Rule:
    marks = _MARK.findall(selector["marks"])
    classes, ids = (frozenset(value for kind, value in marks if kind == sign) for sign in ".#")
    name = (selector["name"] or "").lower().removeprefix("*")
    return _Rule(name, classes, ids, declarations, place)
