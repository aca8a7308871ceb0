"""Hypothesis strategies: documents of any layout, tidy and broken."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    "the",
    "lamp",
    "A",
    "keeper",
    "Pay",
    "e.g.",
    "£92",
    "3.5",
    "Dr.",
    "AWS",
    "naïve",
    "日本",
    "👍",
)
words = st.sampled_from(WORDS)
phrases = st.lists(words, min_size=1, max_size=12).map(" ".join)
sentences = st.builds(
    lambda body, end: body + end, phrases, st.sampled_from([".", "?", "!", "", ":"])
)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
cells = st.lists(st.one_of(phrases, st.just(""), st.just("x \\| y")), min_size=1, max_size=4)


def _row(parts: list[str], opening: str, closing: str) -> str:
    return opening + " | ".join(parts) + closing


lines = st.one_of(
    paragraphs,
    phrases,
    sentences.map(lambda text: f"# {text}"),
    st.builds(
        lambda indent, mark, text: f"{indent}{mark} {text}",
        st.sampled_from(["", "  ", "\t"]),
        st.sampled_from(["-", "*", "•", "1.", "12)", "◦"]),
        paragraphs,
    ),
    st.builds(_row, cells, st.sampled_from(["| ", "|", ""]), st.sampled_from([" |", "|", ""])),
    st.builds(
        lambda count, ends: ends + "|".join(["---"] * count) + ends,
        st.integers(1, 4),
        st.sampled_from(["|", ""]),
    ),
    st.builds(
        lambda lead, head, row: f"{lead}| {head} | {head} | |---|---| | {row} | {row} | tail",
        phrases,
        phrases,
        phrases,
    ),
    st.lists(phrases, min_size=1, max_size=4).map("\t".join),
    st.lists(st.sampled_from(["Rag", "Aws", "Rust", "Prompt Engineering"]), max_size=6).map(
        "".join
    ),
    st.sampled_from(
        [
            "",
            "",
            "",
            "   ",
            "---",
            "===",
            "***",
            "|",
            "||",
            "| |",
            "- ",
            "<b>x</b>",
            "https://a.org/b",
        ]
    ),
    st.text(max_size=30),
)
newlines = st.sampled_from(["\n", "\n\n", "\r\n", "\n \n"])
laid_out = st.builds(
    lambda mark, parts, end: mark + "".join(line + newline for line, newline in parts) + end,
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.tuples(lines, newlines), max_size=14),
    st.sampled_from(["", "the end", "The end."]),
)
texts = st.one_of(laid_out, st.text(max_size=200))
"""Any document text: laid out, half laid out, or nothing but characters."""
