"""What an engine tells of its work: a line a minute at most, in numbers, never an address."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol

_EVERY = 60.0  # seconds


class Turn(Protocol):
    """What a tick tells: how many mails ended how, and whether more is due at once."""

    @property
    def busy(self) -> bool:
        """Whether to tick again without waiting."""
        ...

    @property
    def refused(self) -> str:
        """Why nothing goes out for now, "" while something does."""
        ...

    @property
    def counts(self) -> dict[str, int]:
        """How many by state."""
        ...


class Progress:
    """Adds up, and tells at most once a minute."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Take what a line is told to."""
        self._tell = tell
        self._counts: Counter[str] = Counter()
        self._told_at = float("-inf")

    def add(self, turn: Turn) -> None:
        """Add what a tick did, and tell what has come together when the last line is a minute old."""
        self._counts.update(turn.counts)
        # The loop's clock: it goes on evenly whatever is done to the time of day.
        if asyncio.get_running_loop().time() - self._told_at >= _EVERY:
            self.tell()

    def tell(self) -> None:
        """Tell what has come together since the last line, if it is anything."""
        shown = [f"{count} {word}" for word, count in self._counts.items() if count]
        if shown:
            self._tell(", ".join(shown))
            self._told_at = asyncio.get_running_loop().time()
        self._counts.clear()
