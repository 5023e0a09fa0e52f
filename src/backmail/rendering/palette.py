"""The colours of a mail, light and dark, made from the brand's accent so that every text can be read on its ground."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass

from backmail.errors import ConfigError

# WCAG 2.1, 1.4.3: text below 24 px needs 4.5:1. A little more, for what clients do to colours.
_READABLE = 4.6
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 40
# A colour that was made lighter or darker is not to shine.
_CALM = 0.55


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme's colours as #rrggbb. Grounds: canvas, paper, tint, caution. The other ones are readable on them.

    `text`, `quiet` and `link` are readable on all grounds, `warning` on `caution`, `on_accent` on `accent`. `line`,
    `edge` and `warning_edge` are for borders.
    """

    canvas: str
    paper: str
    tint: str
    caution: str
    text: str
    quiet: str
    link: str
    accent: str
    on_accent: str
    warning: str
    warning_edge: str
    line: str
    edge: str


def light(accent: str) -> Scheme:
    """Return the light scheme for an accent colour.

    Raises:
        ConfigError: the accent is not written as #rrggbb.
    """
    canvas, paper, caution = "#f3f2ee", "#ffffff", "#fdf3e1"
    tint = mixed(_checked(accent), paper, 0.07)
    grounds = (canvas, paper, tint, caution)
    return Scheme(
        canvas=canvas,
        paper=paper,
        tint=tint,
        caution=caution,
        text="#1f2421",
        quiet=readable("#5a625e", grounds, lighter=False),
        link=readable(accent, grounds, lighter=False),
        accent=accent.lower(),
        on_accent=_upon(accent),
        warning=readable("#8a4200", (caution,), lighter=False),
        warning_edge="#d97706",
        line="#dcdad2",
        edge=mixed(accent, paper, 0.45),
    )


def dark(accent: str) -> Scheme:
    """Return the dark scheme for an accent colour.

    Raises:
        ConfigError: the accent is not written as #rrggbb.
    """
    canvas, paper, caution = "#121413", "#1c1f1d", "#2f2614"
    tint = mixed(_checked(accent), paper, 0.16)
    grounds = (canvas, paper, tint, caution)
    button = readable(accent, (paper,), lighter=True)
    return Scheme(
        canvas=canvas,
        paper=paper,
        tint=tint,
        caution=caution,
        text=readable("#e9ebe8", grounds, lighter=True),
        quiet=readable("#b4bab5", grounds, lighter=True),
        link=readable(accent, grounds, lighter=True),
        accent=button,
        on_accent=_upon(button),
        warning=readable("#f5c26b", (caution,), lighter=True),
        warning_edge="#f59e0b",
        line="#3a3f3b",
        edge=mixed(accent, paper, 0.6),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours #rrggbb, from 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid upon `ground` with that share, 0 to 1, as #rrggbb."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def readable(colour: str, grounds: Sequence[str], *, lighter: bool) -> str:
    """Return the colour of the same hue, as much lighter or darker as it must be to be read on all grounds."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    goal = 1.0 if lighter else 0.0
    for step in range(_STEPS + 1):
        at = lightness + (goal - lightness) * step / _STEPS
        channels = colorsys.hls_to_rgb(hue, at, min(saturation, _CALM) if step else saturation)
        found = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
        if all(contrast(found, ground) >= _READABLE for ground in grounds):
            return found
    return "#ffffff" if lighter else "#000000"


def _upon(ground: str) -> str:
    """Return white or black, whichever reads better on the ground; one of the two always has more than 4.5:1."""
    return max("#ffffff", "#000000", key=lambda colour: contrast(colour, ground))


def _checked(colour: str) -> str:
    if not _HEX.fullmatch(colour):
        raise ConfigError(f"the brand's accent {colour!r} is no colour: write it as #rrggbb")
    return colour


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.1, definition of relative luminance)."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
