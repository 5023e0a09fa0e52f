"""Sizes of text: themes name them as for normal text, and large text makes all of them larger alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

# Body text is 17 px in all themes, and 20 px where it is large.
_LARGER = {"normal": (1, 1), "large": (20, 17)}


def scaled(text_size: Literal["normal", "large"]) -> Callable[[int], str]:
    """Return what themes know as `px`: a size of text or line in pixels -> how it is written, "17px" or "20px"."""
    times, by = _LARGER[text_size]
    return lambda pixels: f"{(pixels * times + by // 2) // by}px"
