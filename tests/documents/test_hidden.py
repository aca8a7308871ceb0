from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerqa.datatypes import Span
from careerqa.documents.blanking import blanked
from careerqa.documents.hidden import code_in, hidden_in
from careerqa.documents.styles import colour_of

MARKUP = st.lists(
    st.sampled_from(
        ["<!--", "-->", "`", "```\n", "~~~\n", "<p hidden>", "</p>", "<b>", "</b>", "<script>",
         "</script>", '<i style="display:none">', "</i>", "[//]: # (note)", "word", " ", "\n",
         "\n\n", "<", '"', "'"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def hidden(text: str) -> list[str]:
    return [span.of(text) for span, _ in hidden_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("seen <!-- not seen --> seen", ["<!-- not seen -->"]),
        ("<!-- over\n\nparagraphs -->\nseen", ["<!-- over\n\nparagraphs -->"]),
        ("<!-- one --> seen <!-- two -->", ["<!-- one -->", "<!-- two -->"]),
        ("<!-- never closed\n\nto the end\n", ["<!-- never closed\n\nto the end"]),
        ("[//]: # (a note to oneself)\nseen", ["[//]: # (a note to oneself)"]),
        ('[note]: <> "not shown"', ['[note]: <> "not shown"']),
        ("<script>steal()</script> seen", ["<script>steal()</script>"]),
        ("<style>p {}</style>", ["<style>p {}</style>"]),
        ("<p hidden>a</p> seen", ["<p hidden>a</p>"]),
        ("<div hidden>a <div>b</div> c</div> d", ["<div hidden>a <div>b</div> c</div>"]),
        ("<div hidden>\n\na\n\nb\n", ["<div hidden>\n\na\n\nb"]),
        ("<span hidden>a\n\nseen", ["<span hidden>a"]),
        ("<B HIDDEN>a</b>", ["<B HIDDEN>a</b>"]),
        ("<p title='a > b' hidden=''>c</p>", ["<p title='a > b' hidden=''>c</p>"]),
    ],
)  # fmt: skip
def test_what_is_not_shown(text: str, found: list[str]) -> None:
    assert hidden(text) == found


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY: None !important",
        "color:red; display : none",
        "dis/* */play:none",
        "dis\\70lay:none",
        "visibility:hidden",
        "opacity:0",
        "opacity: 0.00",
        "font-size:0",
        "font-size:0.0px",
        "font-size:1px",
        "text-indent:-9999px",
        "position:absolute;left:-999em",
        "height:0;overflow:hidden",
        "clip:rect(0,0,0,0)",
        "clip-path:inset(100%)",
        "transform:scale(0)",
        "color:white",
        "color:#FFF",
        "color:#fefefe",
        "color: rgb(255, 255, 255)",
        "color:rgb(100%,100%,100%)",
        "color:transparent",
        "color:rgba(0,0,0,0)",
        "color:#00000000",
        "color:white;background:none",
        "color:#333;background-color:#303030",
    ],
)
def test_styles_that_hide(style: str) -> None:
    text = f'a <span style="{style}">b</span> c'
    assert hidden(text) == [f'<span style="{style}">b</span>']


@pytest.mark.parametrize(
    "text",
    [
        "`<!-- shown -->` and ``<p hidden>` shown``",
        "```html\n<!-- shown -->\n<p hidden>shown</p>\n```\n",
        "~~~\n<!-- shown -->\n",
        "if a <!-- b then c",
        "<!-- -->, <p hidden></p>, <!---->",
        '<span aria-hidden="true">→ shown</span>',
        '<span class="hidden">shown</span>',
        '<div style="overflow:hidden">shown</div>',
        '<div style="display:block;opacity:0.5;font-size:10px;text-indent:-10px">shown</div>',
        '<span style="color:white;background:#333">shown</span>',
        '<div style="background-color:navy"><p style="color:#fff">shown</p></div>',
        '<tr bgcolor="#222222"><td><font color="white">shown</font></td></tr>',
        '<p style="background:url(dark.png);color:white">shown</p>',
        '<span style="color:red">shown</span> <font color="gray">shown</font>',
        "Map<String, List<Integer>> x = 3 < 4; y > 2",
        "Dear <name>, you're <role>'s best",
        "[1]: https://a.example 'Title'",
        "<details><summary>More</summary>shown</details>",
    ],
)
def test_what_is_shown(text: str) -> None:
    assert hidden(text) == []


@pytest.mark.parametrize(
    ("rule", "element"),
    [
        (".off{display:none}", '<p class="note off">a</p>'),
        ("#aside { visibility: hidden }", "<div id=aside>a</div>"),
        ("b, i { opacity: 0 }", "<i>a</i>"),
        ("p.x.y{font-size:0}", "<p class='y z x'>a</p>"),
        ("* { color: white }", "<span>a</span>"),
        ("/* p{} */ .off { display:none", "<p class=off>a</p>"),
        (".off{display:block} .off{display:none}", "<p class=off>a</p>"),
        ("@import 'a.css'; @media print{p{color:red}} .off{display:none}", "<p class=off>a</p>"),
    ],
)
def test_what_a_style_sheet_hides(rule: str, element: str) -> None:
    assert element in hidden(f"<style>{rule}</style>\n{element} seen")


@pytest.mark.parametrize(
    ("rule", "element"),
    [
        (".off{display:none}", '<p class="offer">shown</p>'),
        (".off{display:none}", "<p id=off>shown</p>"),
        (".off{display:none}", '<p class="off" style="display:block">shown</p>'),
        ("#on{display:block} .off{display:none}", "<p id=on class=off>shown</p>"),
        ("@media print { p { display:none } }", "<p>shown</p>"),
        ("p:empty, div p, p > b { display:none }", "<p>shown</p>"),
    ],
)
def test_what_a_style_sheet_shows(rule: str, element: str) -> None:
    assert hidden(f"<style>{rule}</style>\n{element}") == [f"<style>{rule}</style>"]


def test_what_hides_it_is_said() -> None:
    text = '<!-- a --> <b hidden>b</b> <i style="opacity:0">c</i> <font color=white>d</font>'
    assert [how for _, how in hidden_in(text)] == [
        "HTML comment",
        "<b> that is hidden",
        "<i> with opacity:0",
        "<font> in the colour of its background",
    ]


def test_code_and_comments_do_not_begin_within_each_other() -> None:
    assert hidden("<!-- ` --> seen ` <!-- a -->") == ["<!-- a -->"]
    assert hidden("` <!-- ` a -->") == []


def test_code_is_found() -> None:
    text = "a `b` c\n\n```\nd `e`\n```\nf `g\n\nh` i"
    assert [span.of(text) for span in code_in(text)] == ["`b`", "```\nd `e`\n```"]


def test_blanking_moves_nothing() -> None:
    assert blanked("ab\ncd\r\nef", [Span(4, 8), Span(1, 5)]) == "a \n  \r\n f"


@given(MARKUP)
def test_whatever_the_text(text: str) -> None:
    end = 0
    for span, how in hidden_in(text):
        assert span.start >= end
        assert span.of(text) == span.of(text).strip() != ""
        assert how
        end = span.end
    spans = [span for span, _ in hidden_in(text)]
    seen = blanked(text, spans)
    assert len(seen) == len(text)
    assert seen.count("\n") == text.count("\n")


def test_a_long_text_takes_no_time_to_speak_of() -> None:
    for piece in ("<!-- ", "` ``", "<span hidden>", "<a '", "<td bgcolor=black>", "<div>\n\n"):
        hidden_in(piece * 20_000)  # a square of that would not end
    for piece in ("<style>", "@{", "@media{b{", "p{", ",", "/*", ".a{}"):
        hidden_in(f"<style>{piece * 20_000}</style>{'<p>' * 20_000}")


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#0A141Eff", (10, 20, 30)),
        ("rgb(10, 20 30)", (10, 20, 30)),
        ("white no-repeat", (255, 255, 255)),
        ("rgb(1)", None),
        ("var(--ink)", None),
        ("", None),
    ],
)
def test_colours(value: str, colour: tuple[int, int, int] | None) -> None:
    assert colour_of(value) == colour
