"""Build, status and sources as they read on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from careerqa.terminal.output import count, note, place, put, shown, warn

if TYPE_CHECKING:
    from careerqa.indexing.building import BuildResult
    from careerqa.indexing.overview import Changes, Sources, Status

_MOST_LISTED = 20


def show_build(
    result: BuildResult, *, seconds: float | None, out: Console | None = None, quiet: bool = False
) -> None:
    """Say what a build did, on `out` or else as a remark on stderr; warn of what is not used.

    Args:
        result: Of the build.
        seconds: How long it took, where that is to be said.
        out: Where to; None for a dim line on stderr.
        quiet: Leave out the remark.
    """
    took = "" if seconds is None else f" in {seconds:.1f} s"
    counts = result.manifest.counts
    if result.built:
        text = (
            f"Built generation {result.manifest.generation}: "
            f"{count(counts['documents'], 'document')}, {count(counts['units'], 'statement')}, "
            f"{count(counts['passages'], 'passage')}, {count(counts['texts'], 'text')} "
            f"({result.embedded:,} embedded, {result.reused:,} reused){took}."
        )
    else:
        text = (
            f"Nothing changed: generation {result.manifest.generation} is up to date with "
            f"{count(counts['documents'], 'document')}{took}."
        )
    if out is None:
        note(text, quiet=quiet)
    else:
        put(out, Text(text))
    warn_of(result.left_out, result.flagged)


def warn_of(left_out: Iterable[str], flagged: Sequence[str] = ()) -> None:
    """A warning for each file that was left out and each place that was flagged."""
    for reason in left_out:
        warn(f"left out: {reason}")
    for where in flagged[:_MOST_LISTED]:
        warn(f"flagged, so nothing there is quoted: {where}")
    if len(flagged) > _MOST_LISTED:
        warn(f"flagged: {len(flagged) - _MOST_LISTED:,} more places; careerqa sources counts them.")


def show_status(status: Status, out: Console) -> None:
    """Print the state of the index and what a rebuild would do."""
    manifest = status.manifest
    rows = {
        "Index": place(status.folder),
        "Generation": manifest.generation,
        "Built": manifest.built_at,
        "Model": f"{manifest.settings.get('embedding.model')} ({manifest.dimension} dimensions)",
        "Questions by": manifest.question_encoder,
        "Chunker": f"version {manifest.chunker_version}",
        "Chroma": manifest.chroma_version,
        "Holds": ", ".join(
            count(manifest.counts[key], noun)
            for key, noun in (
                ("documents", "document"),
                ("units", "statement"),
                ("passages", "passage"),
                ("texts", "text"),
            )
        ),
    }
    if status.llm:
        rows["Words by"] = status.llm
    for name, value in rows.items():
        put(out, Text(shown(value)), indent=" " * 14, first=f"{name:<14}")
    out.print()
    if status.mismatch:
        put(out, Text(shown(status.mismatch), style="yellow"))
    if status.corpus_error:
        put(out, Text(shown(status.corpus_error), style="yellow"))
    elif status.changes:
        _show_changes(status.changes, out)
    elif not status.mismatch:
        put(out, Text("Up to date with the corpus.", style="green"))
    warn_of(status.left_out, status.flagged)
    for warning in status.llm_warnings:
        warn(warning)


def _show_changes(changes: Changes, out: Console) -> None:
    put(out, Text("Changed since it was built (careerqa index takes it in):", style="yellow"))
    for what, names in (
        ("new", changes.new),
        ("changed", changes.changed),
        ("deleted", changes.deleted),
    ):
        for name in names[:_MOST_LISTED]:
            put(out, Text(f"{what:<8} {shown(name)}"), indent="  ")
        if len(names) > _MOST_LISTED:
            put(out, Text(f"{what:<8} and {len(names) - _MOST_LISTED:,} more"), indent="  ")
    if changes.descriptions:
        put(out, Text("changed  source descriptions or written questions"), indent="  ")


def show_sources(sources: Sources, out: Console) -> None:
    """Print the documents of the corpus as a table."""
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), leading=1
    )
    table.add_column("Document", overflow="fold", ratio=3)
    table.add_column("Kind, publisher", overflow="fold", ratio=2)
    table.add_column("Published", overflow="fold", min_width=10)
    table.add_column("State-\nments", justify="right")
    table.add_column("With\nquestions", justify="right")
    for document in sources.documents:
        source = document.source
        published = shown(source.published or "–")
        if source.revised:
            published += f"\nrevised\n{shown(source.revised)}"
        covered = f"{document.with_questions:,}"
        if document.statements:
            covered += f" ({document.with_questions * 100 // document.statements} %)"
        if document.stale:
            covered += f"\n{document.stale:,} stale"
        statements = f"{document.statements:,}"
        if document.flagged:
            statements += f"\n{document.flagged:,} flagged"
        table.add_row(
            Text.assemble((shown(source.title), "bold"), "\n", (shown(document.id), "dim")),
            Text("\n".join(shown(part) for part in (source.kind, source.publisher) if part) or "–"),
            Text(published),
            Text(statements),
            Text(covered),
        )
    out.print(table)
    out.print()
    put(out, Text(count(len(sources.documents), "document")))
    warn_of(sources.left_out)
