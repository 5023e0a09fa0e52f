"""Reading CSS with tinycss2: inline styles, style blocks, and what they say about dark mode."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import tinycss2
import tinycss2.color3


@dataclass(frozen=True, slots=True)
class Value:
    """What a declaration says, in lower case, and whether it says so with `!important`."""

    text: str
    important: bool = False


Declarations = Mapping[str, Value]

_EVERYWHERE = frozenset({"", "all", "screen"})
_DARK = "prefers-color-scheme:dark"


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector with its declarations; `dark` when it holds only under `prefers-color-scheme: dark`."""

    selector: str
    declarations: Declarations
    dark: bool


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in sRGB, each of its parts between 0 and 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, backdrop: Colour) -> Colour:
        """Return what is seen when this colour lies upon an opaque backdrop."""
        return Colour(
            *(
                above * self.alpha + below * (1 - self.alpha)
                for above, below in (
                    (self.red, backdrop.red),
                    (self.green, backdrop.green),
                    (self.blue, backdrop.blue),
                )
            )
        )

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in (self.red, self.green, self.blue))


def inverted(colour: Colour) -> Colour:
    """Return a colour with its lightness turned around and its hue kept, as mail programs make dark mails of light."""
    hue, lightness, saturation = colorsys.rgb_to_hls(colour.red, colour.green, colour.blue)
    return Colour(*colorsys.hls_to_rgb(hue, 1 - lightness, saturation), colour.alpha)


def is_light(colour: Colour) -> bool:
    """Whether it is one of the lighter half of colours."""
    return max(colour.red, colour.green, colour.blue) + min(colour.red, colour.green, colour.blue) > 1


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two opaque colours, between 1 and 21. Source: WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.red, colour.green, colour.blue)
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@lru_cache(maxsize=2048)  # a mail repeats a few dozen styles many times
def inline(style: str) -> Declarations:
    """Return the declarations of a `style` attribute; the last of two with one name counts."""
    return _declarations(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


@lru_cache(maxsize=256)
def colour(text: str) -> Colour | None:
    """Return the first colour that a value such as `#fff` or `#fff url(x) repeat` names; None when it names none."""
    for token in tinycss2.parse_component_value_list(text):
        found = tinycss2.color3.parse_color(token)
        if isinstance(found, tuple):
            return Colour(*found)
    return None


@lru_cache(maxsize=2048)
def pixels(text: str, of: float) -> float | None:
    """Return the first length in `text` in px, where `of` is what `em` and `%` are of; None when there is none."""
    for token in tinycss2.parse_component_value_list(text):
        if token.type == "percentage":
            return float(token.value) * of / 100
        if token.type == "number" and token.value == 0:
            return 0.0
        if token.type == "dimension":
            unit = {"px": 1.0, "pt": 4 / 3, "em": of, "rem": 16.0}.get(token.lower_unit)
            if unit is not None:
                return float(token.value) * unit
    return None


@lru_cache(maxsize=32)  # the mails of a campaign have their style blocks in common
def rules(sheet: str) -> tuple[Rule, ...]:
    """Return the rules of a style block that hold on every screen or in dark mode, not those of other media queries."""
    return tuple(_rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), dark=False))


@lru_cache(maxsize=32)
def at_rules(sheet: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the keyword of each top-level at-rule of a style block with the at-keywords that stand inside it.

    A rule with at-keywords inside counts as well, under an empty keyword.
    """
    found = []
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        tokens = _tokens(getattr(rule, "content", None) or ())
        inside = tuple(token.lower_value for token in tokens if token.type == "at-keyword")
        if rule.type == "at-rule":
            found.append((rule.lower_at_keyword, inside))
        elif inside:
            found.append(("", inside))
    return tuple(found)


def _tokens(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _tokens(getattr(token, "content", None) or getattr(token, "arguments", None) or ())


def _rules(nodes: Any, dark: bool) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield Rule(tinycss2.serialize(node.prelude).strip(), _declarations(content), dark)
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content is not None:
            query = "".join(tinycss2.serialize(node.prelude).split()).lower()
            if query in _EVERYWHERE or _DARK in query:
                inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                yield from _rules(inside, dark or _DARK in query)


def _declarations(nodes: Any) -> Declarations:
    return MappingProxyType(
        {
            node.lower_name: Value(" ".join(tinycss2.serialize(node.value).split()).lower(), node.important)
            for node in nodes
            if node.type == "declaration"
        }
    )
