"""A clock that stands still until it is told to jump."""

from __future__ import annotations

import datetime as dt

__all__ = ["VirtualClock"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class VirtualClock:
    """Shows one instant, and counts ticks as if that time had passed: leases and sweeps go by it too."""

    def __init__(self, now: dt.datetime) -> None:
        """Show the instant `now`, which is aware."""
        self._now = now.astimezone(dt.UTC)

    @property
    def boot(self) -> str:
        """The name of this time, which has one machine and never ends."""
        return "virtual"

    def now(self) -> dt.datetime:
        """Return the instant that it shows, in UTC."""
        return self._now

    def ticks(self) -> int:
        """Return the microseconds from 1970 to the instant that it shows."""
        return (self._now - _EPOCH) // _MICROSECOND

    def jump(self, to: dt.datetime) -> None:
        """Show a later instant; to one that is over nobody jumps back."""
        self._now = max(self._now, to.astimezone(dt.UTC))
