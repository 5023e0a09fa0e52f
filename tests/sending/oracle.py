"""An oracle for the calendar: it knows nothing of backmail and walks through local time minute by minute.

It asks a zone one thing only, what its clocks show at an instant in UTC; whatever goes from a clock time to an instant
is found by looking along the walk. All instants are whole minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
YEAR = 366

Found = tuple[dt.datetime, dt.datetime, dt.date]


class Walk:
    """The minutes of one zone's local time, walked on demand and kept a day of UTC at a time."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._where = ZoneInfo(zone)
        self._days: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = {}
        self._firsts: dict[dt.date, dict[dt.datetime, dt.datetime]] = {}

    def shows(self, instant: dt.datetime) -> dt.datetime:
        """Return what clocks show then, without a zone."""
        return instant.astimezone(self._where).replace(tzinfo=None, fold=0)

    def seen(self, day: dt.date) -> bool:
        """Return whether clocks ever show that date."""
        return any(shown.date() == day for shown in self._first(day))

    def dates(self, day: dt.date) -> Iterator[dt.date]:
        """Yield the dates from that one on, as clocks come to show them."""
        while True:
            if self.seen(day):
                yield day
            day += DAY

    def reach(self, day: dt.date, time: dt.time) -> dt.datetime:
        """Return the first instant that shows this; never shown: as long after the jump as after the jump's start."""
        wanted = dt.datetime.combine(day, time)
        first = self._first(day)
        if wanted in first:
            return first[wanted]
        walked = self._around(day)
        for (_, before), (instant, after) in pairwise(walked):
            if before < wanted < after:
                return instant + (wanted - (before + MINUTE))
        raise AssertionError(f"{wanted} is nowhere on the walk through {self.zone}")

    def _first(self, day: dt.date) -> dict[dt.datetime, dt.datetime]:
        if day not in self._firsts:
            firsts: dict[dt.datetime, dt.datetime] = {}
            for instant, shown in self._around(day):
                if shown.date() == day:
                    firsts.setdefault(shown, instant)
            self._firsts[day] = firsts
        return self._firsts[day]

    def _around(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """Zones are less than a day away from UTC, so a local date lies within three dates of UTC."""
        return [pair for utc in (day - DAY, day, day + DAY) for pair in self._walked(utc)]

    def _walked(self, utc: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        if utc not in self._days:
            start = dt.datetime.combine(utc, dt.time(), dt.UTC)
            self._days[utc] = [(now, self.shows(now)) for now in (start + n * MINUTE for n in range(24 * 60))]
        return self._days[utc]


@dataclass(frozen=True)
class Case:
    """One question: a step's delay and schedule, where the reader stands, and what time it is."""

    count: int
    unit: str
    anchor: dt.datetime
    date: dt.date | None = None
    handed: dt.datetime | None = None
    now: dt.datetime | None = None
    days: frozenset[int] = frozenset(range(7))
    at: dt.time | None = None
    between: tuple[dt.time, dt.time] | None = None
    late: int = 120  # minutes
    weekends: bool = False
    skip: frozenset[dt.date] = field(default_factory=frozenset)
    quiet: tuple[dt.time, dt.time] = (dt.time(8), dt.time(21))
    at_once: bool = False


def expected(walk: Walk, case: Case) -> Found | None:
    """Return due, closes and date of the slot, or None when there is none within a year."""
    start, first, reading = _beginning(walk, case)
    if start is None:
        return None
    end = max(start, walk.shows(case.now or case.anchor).date()) + YEAR * DAY
    for day in walk.dates(start - DAY * (reading is None and _overnight(_window(case)))):
        if day > end:
            return None
        if not case.at_once and day.weekday() not in case.days:
            continue
        found = _on(walk, case, day, first, reading, start)
        if found and not case.at_once and _skipped(case, day):
            found = _rolled(walk, case, found, end)
        if found and found[1] > (case.now or case.anchor):
            return found
    return None


def _beginning(walk: Walk, case: Case) -> tuple[dt.date | None, dt.datetime, dt.time | None]:
    """Return the date to begin with, the earliest instant, and for delays in days the reading at the anchor."""
    if case.count == 0 or case.unit in "mh":
        first = case.anchor + case.count * (HOUR if case.unit == "h" else MINUTE)
        return walk.shows(first).date(), first, None
    shown = walk.shows(case.anchor)
    base = case.date or shown.date()
    day = base + case.count * (7 if case.unit == "w" else 1) * DAY
    if case.unit == "w":
        near = [day + n * DAY for n in range(-YEAR, YEAR + 1) if (day + n * DAY).weekday() in case.days]
        near = sorted((each for each in near if each > base), key=lambda each: (abs(each - day), day - each))
        nearest = next((each for each in near if walk.seen(each)), None)
        if nearest is None:
            return None, case.anchor, None
        day = nearest
    return day, walk.reach(day, dt.time()), shown.time()


def _window(case: Case) -> tuple[dt.time, dt.time] | None:
    if case.at_once:
        return case.quiet
    return None if case.at else case.between or case.quiet


def _overnight(window: tuple[dt.time, dt.time] | None) -> bool:
    return window is not None and window[1] <= window[0]


def _on(
    walk: Walk, case: Case, day: dt.date, first: dt.datetime, reading: dt.time | None, start: dt.date
) -> Found | None:
    """Return the slot of that date."""
    window = _window(case)
    if window is None:
        assert case.at is not None
        due = walk.reach(day, case.at)
        after = case.handed is None or due > case.handed
        return (due, due + case.late * MINUTE, day) if due >= first and after and case.late else None
    opens, closes = walk.reach(day, window[0]), walk.reach(day + DAY * _overnight(window), window[1])
    due = max(opens, first)
    free = case.between is None and not case.at_once
    if free and reading is not None:
        wish = max(due, walk.reach(day, reading))
        if wish + 2 * HOUR <= closes:
            due = wish
        elif day == start:
            return None
    too_short = free and due + 2 * HOUR > closes
    too_early = reading is not None and case.handed is not None and due <= case.handed
    return None if due >= closes or too_short or too_early else (due, closes, day)


def _skipped(case: Case, day: dt.date) -> bool:
    return day in case.skip or (case.weekends and day.weekday() in (5, 6))


def _rolled(walk: Walk, case: Case, found: Found, end: dt.date) -> Found | None:
    """Return the slot at the same clock time on the next date that is not skipped."""
    due, _, day = found
    window = _window(case)
    for later in walk.dates(day + DAY):
        if later > end:
            return None
        if _skipped(case, later):
            continue
        if window is None:
            assert case.at is not None
            at = walk.reach(later, case.at)
            return at, at + case.late * MINUTE, later
        opens, closes = walk.reach(later, window[0]), walk.reach(later + DAY * _overnight(window), window[1])
        moved = opens
        if due != walk.reach(day, window[0]):
            shown = walk.shows(due)
            moved = max(opens, walk.reach(later + (shown.date() - day), shown.time()))
        least = 2 * HOUR if case.between is None else MINUTE
        if moved + least <= closes:
            return moved, closes, later
    return None


def transitions(
    zone: str, start: dt.datetime, end: dt.datetime, stride: dt.timedelta
) -> Iterator[tuple[dt.datetime, int, int]]:
    """Yield each instant at which the zone's offset changes, with the offsets before and after in minutes.

    Offsets are compared every `stride`: a change that is taken back sooner than that is not seen.
    """
    where = ZoneInfo(zone)

    def offset(when: dt.datetime) -> int:
        shown = when.astimezone(where).utcoffset()
        assert shown is not None
        return int(shown / MINUTE)

    here, before = start, offset(start)
    while here < end:
        low, high = here, here + stride
        here, after = high, offset(high)
        if after == before:
            continue
        while high - low > MINUTE:
            middle = low + (high - low) // MINUTE // 2 * MINUTE
            low, high = (middle, high) if offset(middle) == before else (low, middle)
        yield high, before, after
        before = after
