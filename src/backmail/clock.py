"""Time as a value: spans such as "3d" and "1w", zones by IANA name, and the one clock that asks the machine."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, available_timezones

from backmail.errors import did_you_mean

Unit = Literal["m", "h", "d", "w"]
_SPAN = re.compile(r"(0|[1-9][0-9]{0,3})([mhdw]?)")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as it was written: `0`, `30m`, `3h` (elapsed), `4d`, `1w` (local calendar days)."""

    count: int
    unit: Unit

    @property
    def in_days(self) -> bool:
        """Whether it counts local calendar days rather than elapsed time."""
        return self.unit in ("d", "w")

    @property
    def days(self) -> int:
        """Calendar days: 0 for spans of hours and minutes."""
        return self.count * {"d": 1, "w": 7}.get(self.unit, 0)

    @property
    def elapsed(self) -> dt.timedelta:
        """Elapsed time: zero for spans of days and weeks."""
        return self.count * {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1)}.get(self.unit, dt.timedelta())

    def __str__(self) -> str:
        return "0" if self.count == 0 else f"{self.count}{self.unit}"


def parse_span(text: str | int) -> Span:
    """Return the span that `text` writes: a whole number and m, h, d or w; 0 needs no unit and means 0 hours.

    Raises:
        ValueError: for anything else, in words for the person who wrote it.
    """
    found = _SPAN.fullmatch(str(text).strip())
    if found is None or (not found[2] and found[1] != "0"):
        raise ValueError(f"{text!r} is not a span of time: write 0, 30m, 3h, 4d or 1w")
    unit: Unit = found[2] or "h"  # type: ignore[assignment]  # the pattern allows no other
    return Span(int(found[1]), unit)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all IANA zones that this machine's data (or the tzdata package) knows."""
    return frozenset(available_timezones())


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called `name`.

    Raises:
        ValueError: when there is none of that name; its second line is a hint.
    """
    if name not in zone_names():
        hint = did_you_mean(name, sorted(zone_names())) or "write a name such as Europe/Copenhagen"
        raise ValueError(f"unknown time zone {name!r}\n{hint}")
    return ZoneInfo(name)


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock: the only place that asks it."""

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)
