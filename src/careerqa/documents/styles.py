"""Whether an element of HTML is shown, by its attributes and style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ZERO: Final = r"(?:0+(?:\.0*)?|\.0+)(?:[a-z]{2,4}|%)?"
_NOTHING = re.compile(rf"{_ZERO}|1px|0?\.\d+(?:px|em|rem)")
_FAR_OFF = re.compile(r"-\d{4,}.*|-\d{3,}r?em")
_HIDING: Final = {
    "display": re.compile("none"),
    "visibility": re.compile("hidden|collapse"),
    "opacity": re.compile(rf"{_ZERO}|0?\.0\d*"),
    "font-size": re.compile(rf"{_ZERO}|1p[xt]|0?\.[012]\d*(?:px|pt|em|rem)"),
    "text-indent": _FAR_OFF,
    "left": _FAR_OFF,
    "top": _FAR_OFF,
    "margin-left": _FAR_OFF,
    "clip": re.compile(r"rect\((?:0|1px|0px|,|\s)+\)"),
    "clip-path": re.compile(r"inset\((?:50|100)%.*\)|circle\(0.*\)"),
    "transform": re.compile(r"scale[xy3d]*\(0(?:[,\s0.]*)\)"),
}
"""Values that show nothing of what stands in the element."""
_SIZES: Final = ("height", "max-height", "width", "max-width")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_HEX = re.compile(r"#([0-9a-f]{3,8})")
_RGB = re.compile(r"rgba?\(([^)]*)\)")
_WHITES: Final = frozenset({
    "white", "snow", "ivory", "ghostwhite", "whitesmoke", "floralwhite", "mintcream", "azure",
})  # fmt: skip
_NAMED: Final = {"black": (0, 0, 0), "transparent": None} | dict.fromkeys(_WHITES, (255, 255, 255))
_NO_COLOUR: Final = ("none", "transparent", "inherit", "initial", "unset")
_NEARLY: Final = 24
"""Difference of two colours in each channel up to which one is not seen on the other."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks: what hides it ("" if it is shown), whether it lies on a colour."""

    how: str
    painted: bool


def look_of(attributes: Mapping[str, str], style: str, name: str, *, on_white: bool) -> Look:
    """The look of an element.

    Args:
        attributes: Of its tag, by lower-case name.
        style: The declarations that hold for it, each outweighing those before it.
        name: Of the element.
        on_white: Whether what is around it lies on no colour of its own.
    """
    declared = _declarations(style)
    painted = (
        declared.get("background-color") or declared.get("background") or attributes.get("bgcolor")
    )
    painted = "" if painted in _NO_COLOUR else painted
    background = colour_of(painted) if painted else (255, 255, 255) if on_white else None
    if "hidden" in attributes:
        return Look("that is hidden", False)
    for key, hiding in _HIDING.items():
        if key in declared and hiding.fullmatch(declared[key]):
            return Look(f"with {key}:{declared[key]}", False)
    if "hidden" in declared.get("overflow", "") and any(
        key in declared and _NOTHING.fullmatch(declared[key]) for key in _SIZES
    ):
        return Look("without size", False)
    ink = declared.get("color") or (attributes.get("color") if name == "font" else None)
    if ink and _unseen(ink.lower(), background):
        return Look("in the colour of its background", False)
    white = background is not None and _near(background, (255, 255, 255))
    return Look("", bool(painted) and not white)


def colour_of(value: str) -> Colour | None:
    """Red, green and blue of a colour that a style names; None for one that is not known."""
    text = value.strip().lower()
    if found := _HEX.match(text):
        digits = found.group(1)
        wide = digits if len(digits) >= 6 else "".join(2 * digit for digit in digits)
        return int(wide[:2], 16), int(wide[2:4], 16), int(wide[4:6], 16)
    if found := _RGB.match(text):
        parts = re.findall(r"(\d+(?:\.\d+)?|\.\d+)(%?)", found.group(1))[:3]
        channels = [float(number) * (2.55 if percent else 1) for number, percent in parts]
        if len(channels) == 3:
            return int(channels[0]), int(channels[1]), int(channels[2])
    return _NAMED.get(text.split(" ", 1)[0])


def _unseen(ink: str, background: Colour | None) -> bool:
    if ink == "transparent" or re.fullmatch(r"(?:rgb|hsl)a\(.*[,/]\s*0*\.?0*%?\s*\)", ink):
        return True
    if re.fullmatch(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)", ink):
        return True
    colour = colour_of(ink)
    return colour is not None and background is not None and _near(colour, background)


def _near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEARLY for a, b in zip(one, other, strict=True))


def _declarations(style: str) -> dict[str, str]:
    """The declarations of a style: no comments or escapes, lower case, no `!important`."""
    plain = _ESCAPE.sub(lambda m: chr(min(int(m.group(1), 16), 0x10FFFF)), _COMMENT.sub("", style))
    found: dict[str, str] = {}
    for part in plain.lower().split(";"):
        key, colon, value = part.partition(":")
        if colon:
            found[key.strip()] = value.replace("!important", "").strip()
    return found
