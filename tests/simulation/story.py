"""The story of a seed, in words: what happened when, for whoever must understand why it went wrong."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class _Clock(Protocol):
    def now(self) -> dt.datetime: ...


class Story:
    """Lines, each with its time."""

    def __init__(self, clock: _Clock) -> None:
        """Begin with nothing."""
        self._clock = clock
        self._lines: list[tuple[dt.datetime, str]] = []

    def tell(self, line: str) -> None:
        """Add what has just happened."""
        self._lines.append((self._clock.now(), line))

    def __str__(self) -> str:
        return "\n".join(f"{at:%a %H:%M:%S}.{at.microsecond // 1000:03}  {line}" for at, line in self._lines)
