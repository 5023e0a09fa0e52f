"""How a fault of ours is logged: its kind and place alone, for its message may hold what stands in somebody's file."""

from __future__ import annotations

import traceback

__all__ = ["told"]


def told(error: BaseException) -> str:
    """Return the kind of an error, and where it was raised."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"
