"""Files → documents.

A folder of `.txt` and `.md` files, described by an optional `sources.toml`. A file that cannot be
read is left out with a clear reason; the others go on.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from careerqa.datatypes import Document, Source
from careerqa.documents.blanking import blanked
from careerqa.documents.cleaning import clean
from careerqa.documents.sources import (
    FIELDS,
    SOURCES_FILE,
    Entry,
    distrusted,
    read_sources,
    resolve,
)
from careerqa.errors import CorpusError

_WORD = re.compile(r"[^\W_]")


class Reader(Protocol):
    """Turns one file into text."""

    suffixes: tuple[str, ...]

    def read(self, data: bytes, name: str) -> str:
        """The text of a file, from its bytes.

        Raises:
            CorpusError: If the bytes cannot be read as this format.
        """


class PlainTextReader:
    """UTF-8 text and Markdown, with or without a byte order mark, newlines as they are.

    A byte order mark stays in the text as U+FEFF, so that offsets count in the file as decoded.
    """

    suffixes: tuple[str, ...] = (".txt", ".md")

    def read(self, data: bytes, name: str) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            hint = (
                " It begins with a UTF-16 byte order mark."
                if data[:2] in (b"\xff\xfe", b"\xfe\xff")
                else ""
            )
            line = data.count(b"\n", 0, error.start) + 1
            raise CorpusError(
                f"{name} is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start} "
                f"(line {line}).{hint} "
                "Save the file as UTF-8 and rebuild the index."
            ) from error


READERS: tuple[Reader, ...] = (PlainTextReader(),)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents that could be read, by path, and why others could not."""

    documents: tuple[Document, ...]
    left_out: tuple[str, ...] = ()

    @property
    def flagged(self) -> tuple[str, ...]:
        """Where hidden text or words to a language model stand, with file and line."""
        from careerqa.documents.flagging import places_of

        return places_of(self.documents)


def corpus_files(folder: Path, exclude: Sequence[str] = ()) -> list[Path]:
    """The readable files below `folder`, sorted by path; hidden ones and `exclude` left out.

    Raises:
        CorpusError: If `folder` is no folder.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"There is no corpus folder {folder}. Create it, put .txt or .md files into it, "
            "or set [corpus] path in config.toml."
        )
    suffixes = {suffix for reader in READERS for suffix in reader.suffixes}
    found = []
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        left_out = any(fnmatch(name.as_posix(), pattern) for pattern in exclude)
        if path.suffix.lower() in suffixes and not hidden and not left_out and path.is_file():
            found.append(path)
    return found


def read_corpus(folder: Path, *, exclude: Sequence[str] = ()) -> Corpus:
    """Every document below `folder`.

    A description of a file that is gone is reported, so that deleting a document is enough.

    Raises:
        CorpusError: If the folder is missing, holds no document that can be read, or its
            sources.toml is malformed or marks what a document does not have.
    """
    files = corpus_files(folder, exclude)
    names = [path.relative_to(folder).as_posix() for path in files]
    entries = read_sources(folder)
    documents: list[Document] = []
    left_out: list[str] = []
    for path, name in zip(files, names, strict=True):
        try:
            data, text = _read_text(path, name)
        except CorpusError as error:
            left_out.append(str(error))
            continue
        except OSError as error:
            left_out.append(f"{name} cannot be opened: {error.strerror}.")
            continue
        if _WORD.search(text):
            documents.append(_document(name, data, text, entries.get(name, Entry())))
        else:
            left_out.append(f"{name} is empty.")
    left_out += [
        f'{SOURCES_FILE} describes "{name}", which is not in the corpus.{_closest(name, names)}'
        for name in entries
        if name not in names and not (folder / name).exists()
    ]
    if not documents:
        reasons = " ".join(left_out) or "It holds no .txt or .md file."
        raise CorpusError(f"No document can be read in {folder}. {reasons}")
    return Corpus(tuple(documents), tuple(left_out))


def _read_text(path: Path, name: str) -> tuple[bytes, str]:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise CorpusError(f"{shown} has a name that is not UTF-8. Rename the file.") from None
    data = path.read_bytes()
    reader = next(r for r in READERS if path.suffix.lower() in r.suffixes)
    return data, reader.read(data, name)


def _document(name: str, data: bytes, text: str, entry: Entry) -> Document:
    from careerqa.documents.flagging import (
        flags_of,  # its many patterns are not for those who only ask
    )

    flags = distrusted(flags_of(text), entry.trusted, name)
    seen = blanked(text, [flag.span for flag in flags if not flag.seen])
    trusted = blanked(text, [flag.span for flag in flags])
    fields = {key: entry.fields.get(key) or None for key in FIELDS}
    title = fields.pop("title") or _first_title(trusted) or Path(name).stem
    return Document(
        id=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        source=Source(title=title, **fields),
        marks=tuple(resolve(mark, seen, name) for mark in entry.marks),
        flags=flags,
    )


def _first_title(text: str) -> str | None:
    """The first Markdown heading of level 1 near the top, else the first line with words."""
    lines = [line.strip() for line in text.lstrip("\ufeff").split("\n") if line.strip()]
    marked = next((line for line in lines[:20] if re.match(r"#\s+\S", line)), None)
    for line in [marked, *lines[:5]] if marked else lines[:5]:
        words = clean(line)
        if words:
            return words if len(words) <= 120 else words[:117].rsplit(" ", 1)[0] + "..."
    return None


def _closest(name: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f' Did you mean "{close[0]}"?' if close else ""
