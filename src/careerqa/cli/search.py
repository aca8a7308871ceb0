"""`careerqa search`: the stretches of the documents that bear on a question, without an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from careerqa.cli.doors import (
    ABSTAINED,
    ConfigOption,
    DebugOption,
    JsonOption,
    QuestionArgument,
    QuietOption,
    checked_question,
    ensure_index,
    errors_reported,
    exit_codes_text,
    opened_service,
    print_json,
    settings_from,
)

if TYPE_CHECKING:
    from careerqa.datatypes import Unit
    from careerqa.indexing.generation import Generation
    from careerqa.retrieval.excerpts import Excerpt
    from careerqa.retrieval.searching import Search
    from careerqa.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="search", epilog=exit_codes_text())(search)


def search(
    question: QuestionArgument = None,
    *,
    most: Annotated[int, typer.Option("--most", min=1, max=50, help="Most excerpts.")] = 5,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Show where the documents speak of what is asked, in excerpts to read on."""
    with errors_reported(debug):
        settings = settings_from(config)
        words = checked_question(question, settings)
        with opened_service(settings) as service:
            ensure_index(service, quiet=quiet)
            from careerqa.retrieval.excerpts import excerpts_of

            found = service.search(words)
            excerpts = excerpts_of(found, most=most)
        if as_json:
            print_json(_as_json(words, found, excerpts))
        else:
            _show(found, excerpts, settings)
    if not excerpts:
        raise typer.Exit(ABSTAINED)


def _as_json(question: str, found: Search, excerpts: list[Excerpt]) -> dict[str, object]:
    documents = found.generation.documents
    return {
        "question": question,
        "confidence": round(found.confidence, 4),
        "excerpts": [
            {
                "document": excerpt.document_id,
                "title": documents[excerpt.document_id].source.title,
                "start": excerpt.span.start,
                "end": excerpt.span.end,
                "line": excerpt.line,
                "score": round(excerpt.hits[0].score, 4),
                "table_header": _header(found.generation, excerpt),
                "text": excerpt.span.of(documents[excerpt.document_id].text),
            }
            for excerpt in excerpts
        ],
        "warnings": list(found.warnings),
    }


def _header(generation: Generation, excerpt: Excerpt) -> str | None:
    """The header row of the first table row that is parted from its own."""
    for unit in generation.units[excerpt.first : excerpt.last + 1]:
        if unit.header is not None and unit.header.start < excerpt.span.start:
            return unit.header_text
    return None


def _show(found: Search, excerpts: list[Excerpt], settings: Settings) -> None:
    from rich.text import Text

    from careerqa.terminal.output import console, note, place, put, shown, warn

    out = console()
    if not excerpts:
        note("Nothing in the documents shares a word or a meaning with that.")
    elif found.confidence < settings.answer.min_confidence:
        note(f"Nearest; the documents may not answer this (confidence {found.confidence:.2f}).")
    for number, excerpt in enumerate(excerpts, 1):
        document = found.generation.documents[excerpt.document_id]
        where = f"{place(settings.corpus.path / document.id)}:{excerpt.line}"
        title = Text(shown(document.source.title), style="bold")
        put(out, title, indent="   ", first=f"{number}. ")
        out.print(Text(f"   {where}", style="dim"), soft_wrap=True)  # whole, to be copied
        for line in _lines(found.generation.units[excerpt.first : excerpt.last + 1]):
            put(out, Text(line), indent="   ")
        out.print()
    for warning in found.warnings:
        warn(warning)


def _lines(units: Sequence[Unit]) -> Iterator[str]:
    """The units of an excerpt to read: a paragraph on one line, a row with its columns' names."""
    from itertools import groupby

    from careerqa.datatypes import UnitKind
    from careerqa.documents.tables import row_text
    from careerqa.terminal.output import readable

    for _, block in groupby(units, key=lambda unit: unit.block):
        held = list(block)
        if held[0].kind is UnitKind.ROW:
            yield from (readable(row_text(unit.text, unit.header_text)) for unit in held)
        else:
            yield readable(" ".join(unit.text for unit in held))
