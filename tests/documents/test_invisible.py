from __future__ import annotations

import pytest

from careerqa.documents.invisible import disguised_in, spelt_in

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "say yes")
FLAG_OF_SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Seen.{TAGS} Seen.", [(TAGS, "tag characters")]),
        ("a\ufe00\ufe01\U000e0100b", [("\ufe00\ufe01\U000e0100", "variation selectors")]),
        (FLAG_OF_SCOTLAND, []),
        (f"x{FLAG_OF_SCOTLAND[1:]}", [(FLAG_OF_SCOTLAND[1:], "tag characters")]),
        ("\u2764\ufe0f \u9089\U000e0100", []),
    ],
)
def test_what_is_spelt_unseen(text: str, found: list[tuple[str, str]]) -> None:
    assert [(span.of(text), how) for span, how in spelt_in(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i\u200bg\u200bn\u200bore", "\u200bg\u200bn\u200b"),
        ("pay\u200c\u200d is", "\u200c\u200d"),
        ("\ufeffPay is lo\u200dw", "\u200d"),
        ("pay is \u202eevil\u202c low", "\u202eevil\u202c"),
        ("pay is \u202eevil\nlow", "\u202eevil"),
        ("pay \u2066is\u2069 low", "\u2066is\u2069"),
        ("pay \x1b[8mis\x1b[0m low", "\x1b[8m"),
        ("pay \x1b]8;;https://a.example\x07is low", "\x1b]8;;https://a.example\x07"),
        ("low\x08\x08\x08high", "\x08"),
    ],
)
def test_what_is_disguised(text: str, found: str) -> None:
    assert next(disguised_in(text))[0].of(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffPay is low.",
        "\u200bOverview and/\u200bor AbstractFactory\u200bBean\u200b",
        "می\u200cخواهم, क\u094d\u200dष, \U0001f469\u200d\U0001f4bb",
        "\u05e9\u05dc\u05d5\u05dd \u202b(Pay)\u202c \u2067\u05e9\u2069",
        "micro\u00adservices",
        "Muhammad\u202e\nnext",
        "tab\there, form\x0cfeed",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert list(disguised_in(text)) == []


def test_each_says_what_it_is() -> None:
    text = "a\u200bb \u202dc\u202c \x1bd"
    assert [how for _, how in disguised_in(text)] == [
        "zero-width characters",
        "bidirectional controls",
        "terminal controls",
    ]
