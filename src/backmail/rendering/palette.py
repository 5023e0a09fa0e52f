"""The colours of a mail, light and dark, made from the brand's so that every text can be read on its ground.

A colour of the brand that cannot be read where it is wanted is answered with the nearest of its hue that can, also
where a mail program turns all colours around (Gmail on iOS, email-bugs 68). `adjusted` tells which ones were.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backmail.errors import ConfigError
from backmail.model.campaign import Brand

# WCAG 2.1, 1.4.3: text below 24 px needs 4.5:1. A little more, for what clients do to colours.
_READABLE = 4.6
# What a ground carries at least with black or white, so that quiet words and links find a colour upon it.
_ROOMY = 8.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 100
# A colour that was made lighter for a dark ground is not to shine.
_CALM = 0.55
_WHITE, _BLACK = "#ffffff", "#000000"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme's colours as #rrggbb. Grounds: canvas, paper, tint, caution. The other ones are readable on them.

    `text`, `quiet` and `link` are readable on paper, tint and caution, `canvas_text`, `canvas_quiet` and `canvas_link`
    on canvas, `warning` on caution, `on_accent` on accent. `line`, `edge` and `warning_edge` are for borders.
    """

    canvas: str
    paper: str
    tint: str
    caution: str
    text: str
    quiet: str
    link: str
    canvas_text: str
    canvas_quiet: str
    canvas_link: str
    accent: str
    on_accent: str
    warning: str
    warning_edge: str
    line: str
    edge: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A colour of the brand that mails do not show as it is: its setting, what for, as it was wanted and as it is."""

    setting: str
    use: str
    wanted: str
    shown: str


@lru_cache(maxsize=64)
def light(brand: Brand) -> Scheme:
    """Return the light scheme of a brand.

    Raises:
        ConfigError: a colour is not written as #rrggbb.
    """
    paper = _carrying(_checked("paper", brand.paper or _WHITE), _ROOMY)[0]
    canvas = _carrying(_checked("canvas", brand.canvas), _ROOMY)[0] if brand.canvas else _around(paper)
    accent, on_accent = _carrying(_checked("accent", brand.accent), _READABLE)
    tint = mixed(brand.accent, paper, 0.07)
    caution = "#fdf3e1" if paper == _WHITE else mixed("#d97706", paper, 0.12)
    text, quiet = _inks(paper)
    if brand.text:
        text = _checked("text", brand.text)
        quiet = mixed(text, paper, 0.7)
    # The brand's text is for its paper; a canvas of the other kind, dark around light paper, has inks of its own.
    canvas_text, canvas_quiet = (text, quiet) if _is_light(canvas) == _is_light(paper) else _inks(canvas)
    grounds = (paper, tint, caution)
    return Scheme(
        canvas=canvas,
        paper=paper,
        tint=tint,
        caution=caution,
        text=readable(text, grounds),
        quiet=readable(quiet, grounds),
        link=readable(brand.accent, grounds),
        canvas_text=readable(canvas_text, (canvas,)),
        canvas_quiet=readable(canvas_quiet, (canvas,)),
        canvas_link=readable(brand.accent, (canvas,)),
        accent=accent,
        on_accent=on_accent,
        warning=readable("#8a4200", (caution,)),
        warning_edge="#d97706",
        line="#dcdad2" if _is_light(paper) else mixed(_WHITE, paper, 0.2),
        edge=mixed(brand.accent, paper, 0.45),
    )


@lru_cache(maxsize=64)
def dark(brand: Brand) -> Scheme:
    """Return the dark scheme of a brand: grounds of our own, its accent made light enough; nothing inverts these.

    Raises:
        ConfigError: a colour is not written as #rrggbb.
    """
    accent = _checked("accent", brand.accent)
    canvas, paper, caution = "#121413", "#1c1f1d", "#2f2614"
    tint = mixed(accent, paper, 0.16)
    grounds = (canvas, paper, tint, caution)
    text = readable("#e9ebe8", grounds, inverts=False)
    quiet = readable("#b4bab5", grounds, inverts=False)
    link = readable(accent, grounds, inverts=False)
    button = readable(accent, (paper,), inverts=False)
    return Scheme(
        canvas=canvas,
        paper=paper,
        tint=tint,
        caution=caution,
        text=text,
        quiet=quiet,
        link=link,
        canvas_text=text,
        canvas_quiet=quiet,
        canvas_link=link,
        accent=button,
        on_accent=_upon(button),
        warning=readable("#f5c26b", (caution,), inverts=False),
        warning_edge="#f59e0b",
        line="#3a3f3b",
        edge=mixed(accent, paper, 0.6),
    )


def adjusted(brand: Brand) -> tuple[Adjusted, ...]:
    """Return the colours of a brand that cannot be read where they are wanted, with the nearest ones that can.

    What is made of them for the dark scheme and the canvas is not told: a colour is hardly ever one for both.

    Raises:
        ConfigError: a colour is not written as #rrggbb.
    """
    scheme = light(brand)
    wanted = (
        ("accent", "links", brand.accent, scheme.link),
        ("accent", "buttons", brand.accent, scheme.accent),
        ("paper", "the ground of the text", brand.paper, scheme.paper),
        ("canvas", "what is around the paper", brand.canvas, scheme.canvas),
        ("text", "the text", brand.text, scheme.text),
    )
    return tuple(
        Adjusted(setting, use, colour.lower(), shown)
        for setting, use, colour, shown in wanted
        if colour and colour.lower() != shown
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours #rrggbb, from 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid upon `ground` with that share, 0 to 1, as #rrggbb."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def inverted(colour: str) -> str:
    """Return a colour with its lightness turned around and its hue kept, as mail programs make dark mails of light."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    return _hex(colorsys.hls_to_rgb(hue, 1 - lightness, saturation))


def readable(colour: str, grounds: Sequence[str], *, inverts: bool = True) -> str:
    """Return the nearest colour of the same hue that can be read on all grounds, which are all light or all dark.

    It can be read inverted, too, unless nothing `inverts`.
    """
    lighter = not _is_light(grounds[0])

    def good(each: str) -> bool:
        return all(_reads(each, ground, inverts=inverts) for ground in grounds)

    return _moved(colour, good, lighter, calm=not inverts)[0]


def _carrying(ground: str, least: float) -> tuple[str, str]:
    """Return the nearest ground on which black or white has a contrast of `least`, also inverted, and which it is."""
    found = []
    for ink, lighter in ((_WHITE, False), (_BLACK, True)):
        moved, steps = _moved(ground, lambda each, ink=ink: _reads(ink, each, least), lighter)  # type: ignore[misc]
        found.append((steps, -contrast(ink, moved), moved, ink))
    *_, moved, ink = min(found)
    return moved, ink


def _moved(colour: str, good: Callable[[str], bool], lighter: bool, *, calm: bool = False) -> tuple[str, int]:
    """Return the first good colour on the way to white or black, the hue kept, and how many steps away it is."""
    for steps, found in enumerate(_way(colour, lighter, calm)):
        if good(found):
            return found, steps
    return (_WHITE if lighter else _BLACK), _STEPS


def _way(colour: str, lighter: bool, calm: bool) -> Iterator[str]:
    """Give colours of the same hue, lighter and lighter or darker and darker, in steps of one hundredth."""
    yield colour.lower()
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    saturation = min(saturation, _CALM) if calm else saturation
    for step in range(1, _STEPS + 1):
        at = lightness + step / _STEPS * (1 if lighter else -1)
        if 0 <= at <= 1:
            yield _hex(colorsys.hls_to_rgb(hue, at, saturation))


def _reads(ink: str, ground: str, least: float = _READABLE, *, inverts: bool = True) -> bool:
    if contrast(ink, ground) < least:
        return False
    return not inverts or contrast(inverted(ink), inverted(ground)) >= least


def _around(paper: str) -> str:
    """Return the canvas for a paper whose brand names none: a little darker."""
    if paper == _WHITE:
        return "#f3f2ee"
    return mixed(_BLACK, paper, 0.05 if _is_light(paper) else 0.3)


def _inks(ground: str) -> tuple[str, str]:
    """Return our own colours for text and quiet text upon a ground."""
    return ("#1f2421", "#5a625e") if _is_light(ground) else ("#f0f1ef", "#b4bab5")


def _is_light(ground: str) -> bool:
    return _upon(ground) == _BLACK


def _upon(ground: str) -> str:
    """Return white or black, whichever reads better on the ground; one of the two always has more than 4.5:1."""
    return max(_WHITE, _BLACK, key=lambda colour: contrast(colour, ground))


def _checked(setting: str, colour: str) -> str:
    if not _HEX.fullmatch(colour):
        raise ConfigError(f"the brand's {setting} {colour!r} is no colour: write it as #rrggbb")
    return colour.lower()


def _hex(channels: Iterable[float]) -> str:
    """Return channels between 0 and 1 as #rrggbb."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.1, definition of relative luminance)."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
