"""Time as a value: spans such as "3d" and "1w", zones and their gaps, and the one clock that asks the machine."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, available_timezones

from backmail.errors import did_you_mean

Unit = Literal["m", "h", "d", "w"]
_SPAN = re.compile(r"(0|[1-9][0-9]{0,3})([mhdw]?)")
_WAIT = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


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


def parse_wait(text: str) -> float:
    """Return the seconds that `text` writes: how long a machine waits, where a span is how long a reader does.

    Raises:
        ValueError: for what is no number with s, m or h behind it, in words for the person who wrote it.
    """
    found = _WAIT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time to wait\nwrite 20s, 0.5s, 3m or 1h")
    return float(found[1]) * _SECONDS[found[2]]


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all IANA zones that this machine's data (or the tzdata package) knows."""
    return frozenset(available_timezones())


def packaged_zones() -> frozenset[str]:
    """Return the names of the zones that the tzdata package knows, whatever the machine's own data says."""
    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called `name`.

    Raises:
        ValueError: when there is none of that name; its second line is a hint.
    """
    if name not in zone_names():
        hint = did_you_mean(name, sorted(zone_names())) or "write a name such as Europe/Copenhagen"
        raise ValueError(f"unknown time zone {name!r}\n{hint}")
    return ZoneInfo(name)


def zone_then(name: str) -> ZoneInfo:
    """Return the zone that was noted with something planned or sent; UTC where the world has given it up since."""
    return ZoneInfo(name if name in zone_names() else "UTC")


def instant(day: dt.date, time: dt.time, where: dt.tzinfo) -> dt.datetime:
    """Return the instant, in UTC, at which clocks in the zone `where` show `time` on `day`.

    Shown twice (clocks went back): the first. Never shown (clocks went forward, or over a whole date): moved forward by
    the gap, as if the clocks had not been touched yet. Both are what fold=0 means (PEP 495).
    """
    return dt.datetime.combine(day, time.replace(tzinfo=where, fold=0)).astimezone(dt.UTC)


@lru_cache(maxsize=4096)
def day_exists(day: dt.date, where: dt.tzinfo) -> bool:
    """Return whether clocks in the zone `where` ever show `day`: in Apia they went from 2011-12-29 to 2011-12-31."""
    return instant(day, dt.time(), where).astimezone(where).date() == day


def local(when: dt.datetime, where: dt.tzinfo) -> dt.datetime:
    """Return what clocks in the zone `where` show at the instant `when`: a reading without a zone, to count with."""
    return when.astimezone(where).replace(tzinfo=None, fold=0)


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Ticking(Clock, Protocol):
    """A clock that also counts time as it passes, whatever becomes of the date: leases go by it."""

    @property
    def boot(self) -> str:
        """A name for the time in which ticks mean something: from one start of the machine to the next."""
        ...

    def ticks(self) -> int:
        """Return microseconds that have passed since some moment of this boot; never fewer than before."""
        ...


class SystemClock:
    """The machine's own clock: the only place that asks it."""

    @property
    def boot(self) -> str:
        """A name for the time since the machine started; on a system without one, for the time since we did."""
        return _boot()

    def now(self) -> dt.datetime:
        """Return the present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def ticks(self) -> int:
        """Return microseconds of the machine's monotonic clock."""
        return time.monotonic_ns() // 1000


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex
