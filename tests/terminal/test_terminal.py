from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from careerqa.datatypes import Source
from careerqa.indexing.building import BuildResult
from careerqa.indexing.generations import Manifest
from careerqa.indexing.overview import Changes, Sources, SourceSummary, Status
from careerqa.reply import Claim, Disagreement, Index, Quote, Reply
from careerqa.terminal import output
from careerqa.terminal.output import place, progress, readable, shown
from careerqa.terminal.overview import show_build, show_sources, show_status
from careerqa.terminal.reply import quoted, show_reply

CORPUS = Path("/library/corpus")


def quote(number: int = 1, text: str = "The ferry crosses twice a day.", **changes: Any) -> Quote:
    fields: dict[str, Any] = {
        "id": number,
        "text": text,
        "document": "ferry.txt",
        "document_sha256": "0" * 64,
        "title": "Island Ferry Handbook",
        "section": "Crossings > Timetable",
        "table_header": None,
        "start": 0,
        "end": len(text),
        "line": 3,
        "url": None,
        "published": None,
        "provenance": "salary_page",
        "score": 1.0,
    }
    return Quote(**(fields | changes))


def reply(*quotes: Quote, **changes: Any) -> Reply:
    fields: dict[str, Any] = {
        "question": "How often does it cross?",
        "status": "answered",
        "answer": "The ferry crosses twice a day. [1]",
        "sentences": [],
        "quotes": list(quotes),
        "disagreements": [],
        "nearest": [],
        "confidence": 0.9,
        "index": Index(
            generation="g", built_at="now", documents=3, passages=9, embedding_model="words"
        ),
        "timings_ms": {},
        "warnings": [],
    }
    return Reply(**(fields | changes))


def rendered(value: Reply, *, width: int = 80, **options: Any) -> str:
    out = io.StringIO()
    show_reply(value, CORPUS, Console(file=out, width=width, **options))
    return out.getvalue()


def manifest(**changes: Any) -> Manifest:
    fields: dict[str, Any] = {
        "generation": "20261121T080000Z-abcdef",
        "built_at": "2026-11-21T08:00:00+00:00",
        "format": 2,
        "settings": {"embedding.model": "words"},
        "model_sha256": None,
        "dimension": 7,
        "question_encoder": "onnx",
        "chunker_version": "1",
        "chroma_version": "1.5.9",
        "documents": {},
        "counts": {"documents": 1, "units": 1234, "passages": 2, "texts": 5678},
    }
    return Manifest(**(fields | changes))


class TestReply:
    def test_a_quote_stands_once_with_its_place_and_kind(self) -> None:
        assert rendered(reply(quote())) == (
            "1 quote from 1 document\n"
            "\n"
            "[1] “The ferry crosses twice a day.”\n"
            "    Island Ferry Handbook › Crossings › Timetable\n"
            "    /library/corpus/ferry.txt:3 (salary page)\n"
        )

    def test_title_and_place_share_a_line_where_they_fit(self) -> None:
        text = rendered(reply(quote(section=None)))
        assert text.splitlines()[3] == (
            "    Island Ferry Handbook — /library/corpus/ferry.txt:3 (salary page)"
        )

    def test_documents_are_counted_once(self) -> None:
        text = rendered(reply(quote(1), quote(2), quote(3, document="tea.txt")))
        assert text.startswith("3 quotes from 2 documents\n")

    def test_long_quotes_are_wrapped_and_paths_are_not(self) -> None:
        name = "a-very-long-name-" * 6 + ".txt"
        text = rendered(reply(quote(12, "word " * 60 + "end.", document=name)))
        location = next(line for line in text.splitlines() if name in line)
        assert location == f"     /library/corpus/{name}:3 (salary page)"
        others = [line for line in text.splitlines() if line != location]
        assert max(map(len, others)) <= 80
        assert all(line.startswith("     word") for line in others[3:5])

    def test_a_piped_reply_is_plain(self) -> None:
        assert "\x1b" not in rendered(reply(quote()))

    def test_a_terminal_gets_a_link_to_the_file(self) -> None:
        text = rendered(reply(quote()), force_terminal=True, color_system="standard")
        assert "file:///library/corpus/ferry.txt" in text

    def test_documents_cannot_steer_the_terminal(self) -> None:
        hostile = quote(
            text="pay \x1b]0;owned\x07\x9b31m is \u202e09$\u202c",
            title="\x1b[2JTitle",
            section="Se\u2066ction",
            document="a\x1bb.txt",
        )
        text = rendered(reply(hostile))
        assert "“pay ]0;owned31m is 09$”" in text
        assert "[2JTitle › Section" in text
        assert "/library/corpus/ab.txt:3" in text
        assert not any(character in text for character in "\x1b\x07\x9b\u202e\u202c\u2066")

    def test_brackets_are_not_taken_for_markup(self) -> None:
        assert "“[bold]pay[/bold] :smile:”" in rendered(
            reply(quote(text="[bold]pay[/bold] :smile:"))
        )

    def test_disagreements_come_before_the_quotes(self) -> None:
        differ = Disagreement(
            topic="pay of a keeper",
            claims=[
                Claim(value="\\$58", basis={"role": "keeper", "level": "entry"}, quote=1),
                Claim(value="$92", basis={}, quote=2),
            ],
            note="One counts the oil.",
        )
        text = rendered(reply(quote(1), quote(2, title="Tea"), disagreements=[differ]))
        lines = [line.rstrip() for line in text.splitlines()]
        assert lines[2] == "Sources differ: pay of a keeper"
        assert lines[3].split() == ["Value", "Basis", "Source"]
        assert re.split(r"\s{2,}", lines[5]) == [
            "$58",
            "role keeper, level entry",
            "[1] Island Ferry Handbook",
        ]
        assert lines[6].split() == ["$92", "–", "[2]", "Tea"]
        assert lines[7] == "One counts the oil."
        assert lines[9].startswith("[1] “")

    def test_prose_of_a_language_model_comes_first(self) -> None:
        text = rendered(reply(quote(), mode="llm", answer="Twice a day [1].\n\nNot in fog [1]."))
        assert text.startswith("Twice a day [1].\n\nNot in fog [1].\n\n1 quote from 1 document\n")

    def test_an_abstention_never_calls_the_nearest_an_answer(self) -> None:
        text = rendered(
            reply(status="abstained", answer="Not found: no statement.", nearest=[quote()])
        )
        assert text.startswith("Not found: no statement.\n\nNearest, not an answer:\n\n[1] “The")
        assert "quote from" not in text

    def test_an_abstention_without_anything_near_is_one_line(self) -> None:
        assert rendered(reply(status="abstained", answer="Not found.")) == "Not found.\n"


class TestQuoted:
    def test_markdown_escapes_are_undone_for_reading(self) -> None:
        assert quoted(quote(text=r"It pays \$120k\–\$220k\* \n")) == r"“It pays $120k\–$220k* \n”"

    def test_a_row_reads_as_pairs(self) -> None:
        row = quote(text="| Adult | £3 | £2 |", table_header="| Passenger | Summer | Winter |")
        assert quoted(row) == "Passenger: Adult; Summer: £3; Winter: £2"

    def test_a_tab_separated_row_reads_as_pairs_without_tags(self) -> None:
        row = quote(text="Green\t2 minutes\t<i>75 degrees</i>", table_header="Tea\tTime\tWater")
        assert quoted(row) == "Tea: Green; Time: 2 minutes; Water: 75 degrees"

    def test_empty_cells_and_nameless_columns(self) -> None:
        row = quote(text="| Adult |  | £2 |", table_header="| | Summer | Winter |")
        assert quoted(row) == "Adult; Winter: £2"

    def test_a_row_that_does_not_fit_its_header_stays_verbatim(self) -> None:
        row = quote(text="| a | b | c |", table_header="| A | B |")
        assert quoted(row) == "“| a | b | c |”"

    def test_a_cell_that_is_all_markup_stays(self) -> None:
        row = quote(text="| Site | tea.com |", table_header="| What | Where |")
        assert quoted(row) == "What: Site; Where: tea.com"

    def test_the_header_within_a_quote_is_not_repeated(self) -> None:
        row = quote(text="| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", table_header="| A | B |")
        assert quoted(row) == "A: 1; B: 2 / A: 3; B: 4"


class TestText:
    @given(st.text())
    def test_what_is_shown_holds_nothing_but_printable_letters(self, text: str) -> None:
        result = shown(text)
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in result)
        assert not any(c in result for c in "\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028")
        assert shown(result) == result
        result.encode("utf-8")

    def test_half_characters_are_replaced(self) -> None:
        assert shown("a\ud800b\udcff") == "a\ufffdb\ufffd"

    def test_only_escapes_of_markup_are_undone(self) -> None:
        assert readable("**AI Engineer:** earns *more* than 2 ** 3") == (
            "AI Engineer: earns *more* than 2 ** 3"
        )
        assert readable(r"C:\new \$5 \[1\] \\") == r"C:\new $5 [1] " + "\\"

    def test_paths_below_the_working_directory_are_relative(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert place(tmp_path / "x" / ".." / "corpus" / "a.txt") == str(Path("corpus/a.txt"))
        assert place(tmp_path.parent / "a.txt") == str(tmp_path.parent / "a.txt")


class TestConsole:
    def test_no_color_turns_every_style_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        assert output.console().color_system is not None
        monkeypatch.setenv("NO_COLOR", "1")
        assert output.console().color_system is None

    def test_a_pipe_is_80_columns_wide(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("COLUMNS", raising=False)
        assert output.console().width == 80

    def test_messages_are_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.complain("first\nsecond \x1b[31m" + "long " * 40)
        output.warn("careful")
        output.note("by the way")
        output.note("unheard", quiet=True)
        assert capsys.readouterr().err == (
            "careerqa: first second [31m" + ("long " * 40).strip() + "\n"
            "careerqa: warning: careful\n"
            "by the way\n"
        )


class TestProgress:
    def test_a_pipe_gets_a_line_for_each_stage(self, capsys: pytest.CaptureFixture[str]) -> None:
        with progress() as report:
            assert report is not None
            report("Reading documents", 0, 1)
            for done in range(3):
                report("Embedding", done, 2000)
        assert capsys.readouterr().err == "Reading documents ...\nEmbedding 2,000 texts ...\n"

    def test_quiet_says_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        with progress(quiet=True) as report:
            assert report is None
        assert capsys.readouterr().err == ""

    def test_a_terminal_gets_a_bar_with_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        out = io.StringIO()
        drawn = Console(file=out, force_terminal=True, width=100)
        monkeypatch.setattr(output, "console", lambda *, stderr: drawn)
        with progress() as report:
            assert report is not None
            report("Loading the model", 0, 1)
            report("Embedding", 1500, 2000)
        assert "Loading the model" in out.getvalue()
        assert "1,500/2,000" in out.getvalue()


class TestOverview:
    def test_a_build_is_summed_up_in_one_sentence(self, capsys: pytest.CaptureFixture[str]) -> None:
        result = BuildResult(manifest(), True, 5000, 678, ("x.txt is empty.",))
        out = io.StringIO()
        show_build(result, seconds=12.34, out=Console(file=out, width=300))
        assert out.getvalue() == (
            "Built generation 20261121T080000Z-abcdef: 1 document, 1,234 statements, 2 passages, "
            "5,678 texts (5,000 embedded, 678 reused) in 12.3 s.\n"
        )
        assert capsys.readouterr().err == "careerqa: warning: left out: x.txt is empty.\n"

    def test_long_lists_of_what_is_flagged_are_shortened(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        places = tuple(f"a.md:{line}: hidden text (HTML comment)" for line in range(1, 1031))
        result = BuildResult(manifest(), False, 0, 0, (), places)
        show_build(result, seconds=None, out=Console(file=io.StringIO()))
        told = capsys.readouterr().err.splitlines()
        assert len(told) == 21
        assert told[19] == (
            "careerqa: warning: flagged, so nothing there is quoted: a.md:20: hidden text "
            "(HTML comment)"
        )
        assert told[20] == (
            "careerqa: warning: flagged: 1,010 more places; careerqa sources counts them."
        )

    def test_an_unchanged_index_says_so(self) -> None:
        out = io.StringIO()
        result = BuildResult(manifest(), False, 0, 0, ())
        show_build(result, seconds=0.12, out=Console(file=out, width=300))
        assert out.getvalue() == (
            "Nothing changed: generation 20261121T080000Z-abcdef is up to date with 1 document "
            "in 0.1 s.\n"
        )

    def status(self, changes: Changes, **more: Any) -> str:
        out = io.StringIO()
        show_status(
            Status(Path("/index"), manifest(), changes, **more), Console(file=out, width=80)
        )
        return out.getvalue()

    def test_status_lists_what_changed(self) -> None:
        text = self.status(Changes(("n.txt",), ("c.txt",), ("d.txt",)))
        assert text.endswith(
            "Changed since it was built (careerqa index takes it in):\n"
            "  new      n.txt\n"
            "  changed  c.txt\n"
            "  deleted  d.txt\n"
        )

    def test_status_says_when_only_descriptions_changed(self) -> None:
        text = self.status(Changes(descriptions=True))
        assert text.endswith("  changed  source descriptions or written questions\n")

    def test_status_shortens_long_lists(self) -> None:
        text = self.status(Changes(tuple(f"{n}.txt" for n in range(25))))
        assert text.endswith("  new      19.txt\n  new      and 5 more\n")

    def test_status_says_that_all_is_well(self) -> None:
        text = self.status(Changes())
        assert "Holds         1 document, 1,234 statements, 2 passages, 5,678 texts\n" in text
        assert text.endswith("Up to date with the corpus.\n")

    def test_status_shows_a_mismatch_and_an_unreadable_corpus(self) -> None:
        text = self.status(Changes(), mismatch="Other model.", corpus_error="No folder.")
        assert text.endswith("\nOther model.\nNo folder.\n")

    def test_sources_show_coverage_and_stale_entries(self) -> None:
        source = Source("Tea", kind="guide", publisher="Leaf Press", published="2020")
        summary = SourceSummary("tea.txt", source, "0", 100, 8, 7, 20, 2)
        out = io.StringIO()
        show_sources(Sources((summary,)), Console(file=out, width=80))
        text = out.getvalue()
        assert all(
            part in text
            for part in ("Tea", "tea.txt", "guide", "Leaf Press", "2020", "7 (87 %)", "2 stale")
        )
        assert text.endswith("1 document\n")
