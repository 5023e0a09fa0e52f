"""The names of variants that hold the safety text: they all begin alike, and behind that as other variants do."""

from __future__ import annotations

__all__ = ["WITH_SAFETY", "below", "is_safe"]

WITH_SAFETY = "with-safety"


def is_safe(variant: str) -> bool:
    """Return whether the variant of that name holds the safety text above everything."""
    return variant.startswith(WITH_SAFETY)


def below(variant: str) -> str:
    """Return the name without its beginning: what the reader's answers led to."""
    return variant.removeprefix(WITH_SAFETY).removeprefix(", ")
