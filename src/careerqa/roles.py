"""Titles and levels in text, by the vocabulary in `data/roles.toml`.

Five titles are in play. They are told apart, never taken for one another: "AI/ML engineer" and "ML
engineer" are two titles, and "software developer" is not "software engineer" but near it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from careerqa.datatypes import Span
from careerqa.errors import SettingsError

_GAP = r"[\s*_‑-]+"
_JOINED = re.compile(r"\s*(?:/|,|and|or|to|–|-)\s*")
_SPLIT = re.compile(r"[\s-]+")
_PAIR = re.compile(
    rf"\b(?P<first>\w+(?:{_GAP}\w+)?){_GAP}(?:and|or){_GAP}(?P<second>\w+(?:{_GAP}\w+)?)"
    rf"{_GAP}(?P<head>engineer|developer|scientist|architect)s\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """A job title: its name, other spellings of it, names of its work, and its nearest title.

    `asked` are loose names by which questions, not documents, mean it: "AI people".
    """

    name: str
    spellings: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    near: str | None = None
    in_play: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A seniority level and the words for it."""

    name: str
    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleMention:
    """A title found in a text. `written` is how the text writes it; `field` is true for its work.

    `span` counts in the text that was searched. Titles that share a head ("AI and ML engineers")
    share a span.
    """

    title: Title
    written: str
    span: Span
    field: bool = False

    @property
    def name(self) -> str:
        """The title as the vocabulary writes it."""
        return self.title.name


@dataclass(frozen=True, slots=True)
class LevelMention:
    """A level in a text. `sure` is false for a word that needs a title or figure beside it."""

    name: str
    written: str
    span: Span
    sure: bool = True


class Vocabulary:
    """Finds titles and levels in text.

    Raises:
        SettingsError: If a spelling stands for two titles, or `near` names none.
    """

    def __init__(self, titles: tuple[Title, ...], levels: tuple[Level, ...]) -> None:
        self.titles = titles
        self.levels = levels
        self._by_key: dict[str, tuple[Title, bool]] = {}
        for title in titles:
            for spelling in (title.name, *title.spellings):
                self._add(spelling, title, field=False)
            for spelling in title.fields:
                self._add(spelling, title, field=True)
        names = {title.name for title in titles}
        for title in titles:
            if title.near is not None and title.near not in names:
                raise SettingsError(
                    f'roles.toml says that "{title.name}" is near "{title.near}", which is no title'
                    f" of it. Write one of its names."
                )
        self._role_pattern = _any_of(
            spelling for title in titles for spelling in (title.name, *title.spellings)
        )
        self._field_pattern = _any_of(field for title in titles for field in title.fields)
        self._asked_patterns = [(t.name, _any_of(t.asked)) for t in titles if t.asked]
        self._titles_in = lru_cache(maxsize=512)(self._all_titles)
        self._levels_in = lru_cache(maxsize=512)(self._all_levels)
        self._level_patterns = [
            (level.name, sure, _level_pattern(words, level.not_before))
            for level in levels
            for sure, words in ((True, level.words), (False, level.beside))
            if words
        ]

    def _add(self, spelling: str, title: Title, *, field: bool) -> None:
        known = self._by_key.setdefault(_key(spelling), (title, field))
        if known[0] is not title:
            raise SettingsError(
                f'roles.toml writes "{spelling}" under "{known[0].name}" and under "{title.name}".'
                " Keep it under one of them."
            )

    @property
    def in_play(self) -> tuple[Title, ...]:
        """The titles that people compare."""
        return tuple(title for title in self.titles if title.in_play)

    def roles_in(self, text: str, *, fields: bool = True) -> list[RoleMention]:
        """Every title in `text` by place, the longest where several fit.

        Args:
            text: Any text; Markdown emphasis between words does no harm.
            fields: Whether names of the work ("AI engineering") count too.
        """
        return list(self._titles_in(text, fields))

    def asked_in(self, question: str) -> frozenset[str]:
        """The titles that a question means by a loose name of theirs."""
        return frozenset(name for name, names in self._asked_patterns if names.search(question))

    def _all_titles(self, text: str, fields: bool) -> tuple[RoleMention, ...]:
        found = [*self._pairs(text), *self._single(text, self._role_pattern)]
        if fields:
            found += self._single(text, self._field_pattern)
        found.sort(key=lambda mention: (mention.span.start, -len(mention.span)))
        kept: list[RoleMention] = []
        for mention in found:
            inside = kept and mention.span.start < kept[-1].span.end
            if not inside or mention.span == kept[-1].span:
                kept.append(mention)
        return tuple(kept)

    def levels_in(self, text: str) -> list[LevelMention]:
        """Every level in `text` by place, the longest where several fit.

        A word that only counts beside a title is sure where a title follows it directly.
        """
        return list(self._levels_in(text))

    def _all_levels(self, text: str) -> tuple[LevelMention, ...]:
        starts = {mention.span.start for mention in self.roles_in(text, fields=False)}
        found: list[LevelMention] = []
        for name, sure, pattern in self._level_patterns:
            for match in pattern.finditer(text):
                after = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
                span = Span(match.start(), match.end())
                found.append(LevelMention(name, match.group(), span, sure or after in starts))
        found.sort(key=lambda mention: (mention.span.start, -len(mention.span)))
        kept: list[LevelMention] = []
        for mention in found:
            if not kept or mention.span.start >= kept[-1].span.end:
                kept.append(mention)
        for at in range(len(kept) - 1):  # "mid/senior", "junior to mid"
            first, second = kept[at : at + 2]
            if first.sure != second.sure and _JOINED.fullmatch(
                text, first.span.end, second.span.start
            ):
                kept[at : at + 2] = replace(first, sure=True), replace(second, sure=True)
        return tuple(kept)

    def role(self, text: str) -> RoleMention | None:
        """The one title that `text` names, as a person types it; None for none or for several."""
        found = self.roles_in(text)
        return found[0] if len({mention.name for mention in found}) == 1 else None

    def level(self, text: str) -> str | None:
        """The one level that `text` names, as a person types it; None for none or for several."""
        names = {level.name for level in self.levels if level.name == text.strip().casefold()}
        names = names or {mention.name for mention in self.levels_in(text)}
        return names.pop() if len(names) == 1 else None

    def _single(self, text: str, pattern: re.Pattern[str]) -> Iterator[RoleMention]:
        for match in pattern.finditer(text):
            title, field = self._by_key[_key(match.group("title"))]
            written = match.group("title")
            if len(written) < 5 and written.upper()[:3] != written[:3]:
                continue  # an abbreviation counts in capitals only
            yield RoleMention(
                title, _plain(written), Span(match.start(), match.end("title")), field
            )

    def _pairs(self, text: str) -> Iterator[RoleMention]:
        """The titles of "AI and ML engineers", which share a head. Both need to be known."""
        for match in _PAIR.finditer(text):
            words = [*_SPLIT.split(_plain(match.group("first")))]
            head, second = match.group("head"), _plain(match.group("second"))
            ends = [" ".join(words[at:]) for at in range(len(words))]
            first = next((end for end in ends if _key(f"{end} {head}") in self._by_key), None)
            if first is None or _key(f"{second} {head}") not in self._by_key:
                continue
            start = match.start("first") + match.group("first").rfind(first.split()[0])
            for modifier in (first, second):
                written = f"{modifier} {head}"
                title, field = self._by_key[_key(written)]
                yield RoleMention(title, written, Span(start, match.end("head")), field)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", " ").replace("_", " ").split())


def _key(spelling: str) -> str:
    """One spelling for all ways of writing hyphens, spaces, slashes, capitals and emphasis."""
    spaced = re.sub(r"[\s*_‑-]+", " ", spelling).strip().casefold()
    return re.sub(r"\s*([/&])\s*", r"\1", spaced)


def _pattern_of(spelling: str) -> str:
    pieces = [re.escape(piece) for piece in _SPLIT.split(spelling)]
    return re.sub(r"(/|\\&)", r"\\s*\1\\s*", _GAP.join(pieces))


def _any_of(spellings: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(spellings, key=len, reverse=True)
    inner = "|".join(_pattern_of(spelling) for spelling in longest_first) or r"(?!)"
    return re.compile(rf"(?<![\w/])(?P<title>{inner})(?:s|['’]s|s['’])?(?!\w)", re.IGNORECASE)


def _level_pattern(words: tuple[str, ...], not_before: tuple[str, ...]) -> re.Pattern[str]:
    inner = "|".join(_pattern_of(word) for word in sorted(words, key=len, reverse=True))
    unless = "|".join(re.escape(word) for word in not_before)
    refused = rf"(?!{_GAP}(?:{unless})\b)" if unless else ""
    return re.compile(rf"(?<![\w-])(?:{inner})(?!\w)(?!-(?!level)\w+){refused}", re.IGNORECASE)


def _title(entry: dict[str, Any]) -> Title:
    return Title(
        name=entry["name"],
        spellings=tuple(entry.get("spellings", ())),
        fields=tuple(entry.get("fields", ())),
        asked=tuple(entry.get("asked", ())),
        near=entry.get("near"),
        in_play=entry.get("in_play", False),
    )


def _level(entry: dict[str, Any]) -> Level:
    lists = {key: tuple(entry.get(key, ())) for key in ("words", "beside", "not_before")}
    return Level(name=entry["name"], **lists)


@lru_cache(maxsize=4)
def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """The vocabulary of a file, by default the one that comes with careerqa.

    Raises:
        SettingsError: If the file is missing, no TOML, or contradicts itself.
    """
    try:
        source = path or resources.files("careerqa") / "data" / "roles.toml"
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        titles = tuple(_title(entry) for entry in table.get("title", ()))
        levels = tuple(_level(entry) for entry in table.get("level", ()))
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"{path or 'roles.toml'} cannot be read ({error!r}). Give every title and level a name."
        ) from error
    return Vocabulary(titles, levels)
