"""Colours as clients make them for a dark screen: light grounds dark, dark words light, of the same hue."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from functools import lru_cache

import tinycss2.color4

__all__ = ["darkened", "inverted", "lightened"]

# Lightness runs from 0 to 1. White grounds become this dark, and black words as far from white.
_DARKEST = 0.08
_MIDDLE = 0.5
_SLOPE = (_MIDDLE - _DARKEST) / _MIDDLE

# What is written in quotes, addresses and comments hold no colours. No quantifier gives anything back, and what is
# never closed ends with the line or the text: time is linear.
_QUOTED = r"\"[^\"\n]*+\"|'[^'\n]*+'"
_KEPT = rf"/\*(?s:.*?)(?:\*/|\Z)|url\((?:[^()\"'\\]++|\\.|{_QUOTED})*+\)|{_QUOTED}"
_COLOUR = r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\([^()]*+\)|(?<![\w#.-])[a-z]{3,20}(?![\w(-])"
_IN_VALUE = re.compile(rf"(?:{_KEPT})|(?P<colour>{_COLOUR})", re.IGNORECASE)
_GROUND = r"background(?:-color|-image)?|border(?:-[a-z]++)*+|outline(?:-color)?|box-shadow"
_WORDS = r"color|caret-color|text-decoration(?:-color)?|-webkit-text-fill-color"
_DECLARATION = re.compile(
    rf"(?:{_KEPT})|(?<![\w$-])(?P<name>(?P<ground>{_GROUND})|{_WORDS})(?P<colon>\s*+:)(?P<value>(?:{_KEPT}|[^;{{}}\"'])*+)",
    re.IGNORECASE,
)


def inverted(css: str) -> str:
    """Return a style sheet, or the declarations of one element, with its colours made for a dark screen."""
    return _DECLARATION.sub(_declaration, css)


@lru_cache(maxsize=4096)
def darkened(colour: str) -> str:
    """Return a colour for a ground: a light one made dark. What is no colour stays."""
    return _changed(colour, lambda light: min(light, _MIDDLE - (light - _MIDDLE) * _SLOPE))


@lru_cache(maxsize=4096)
def lightened(colour: str) -> str:
    """Return a colour for words: a dark one made light. What is no colour stays."""
    return _changed(colour, lambda light: max(light, _MIDDLE + (_MIDDLE - light) * _SLOPE))


def _declaration(found: re.Match[str]) -> str:
    if not found["name"]:
        return found[0]
    change = darkened if found["ground"] else lightened

    def colour(inner: re.Match[str]) -> str:
        return change(inner["colour"]) if inner["colour"] else inner[0]

    return f"{found['name']}{found['colon']}{_IN_VALUE.sub(colour, found['value'])}"


def _changed(colour: str, change: Callable[[float], float]) -> str:
    """Return a colour with another lightness, hue and transparency kept (HSL, as clients do it)."""
    found = tinycss2.color4.parse_color(colour)
    if found is None or isinstance(found, str) or not found.alpha:
        return colour
    red, green, blue = (min(max(float(part or 0), 0), 1) for part in found.to("srgb").coordinates)
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if change(light) == light:
        return colour
    parts = (round(part * 255) for part in colorsys.hls_to_rgb(hue, change(light), saturation))
    if found.alpha < 1:
        return f"rgba({','.join(map(str, parts))},{found.alpha:g})"
    return "#" + "".join(f"{part:02x}" for part in parts)
