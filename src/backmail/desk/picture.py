"""The calendar picture of a series that was delivered: one row for each mail, one column for each hour of UTC."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backmail import clock
from backmail.desk.delivered import Delivered, Group

__all__ = ["Cell", "Mark", "Picture", "Row", "ZoneRow", "picture"]

_LEVELS = 5
_HOUR = dt.timedelta(hours=1)
_APART = 5  # columns between two names of places, at least
_HOURS = 6  # between two marks of the axis
_COLUMNS = 72  # a picture of more hours than three days shows nothing


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a row: how many mails went, and how dark that is, from 0 (none) to 5 (the most)."""

    count: int
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """A mail: its number, the local date that most people got it on, its cells."""

    number: int
    date: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a column, counted from 1."""

    column: int
    words: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone in the table behind the picture; for each mail (local time, UTC, whether clocks changed before it)."""

    zone: str
    people: int
    mails: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the picture shows, and the table behind it.

    Attributes:
        rows: the mails.
        hours: the axis of UTC.
        places: names of places, where it was their turn with the first mail.
        table: the zones, from east to west.
        local: the local times at which mails went, told in words when they are few.
        changes: how many zones changed their clocks on the way.
        most: the most mails of an hour.
    """

    rows: tuple[Row, ...]
    hours: tuple[Mark, ...]
    places: tuple[Mark, ...]
    table: tuple[ZoneRow, ...]
    local: str
    changes: int
    most: int

    @property
    def columns(self) -> int:
        """How many hours there are."""
        return len(self.rows[0].cells) if self.rows else 0


def picture(done: Delivered) -> Picture:
    """Return the picture of what was delivered."""
    hours = {group: _hour(group) for group in done.groups}
    start, end = min(hours.values(), default=0), max(hours.values(), default=0)
    end = min(end, start + _COLUMNS - 1)
    counts: Counter[tuple[str, int]] = Counter()
    for group, hour in hours.items():
        counts[group.step, min(hour, end)] += group.count
    most = max(counts.values(), default=1)
    rows = tuple(
        Row(number, _date(done, step), tuple(_cell(counts[step, hour], most) for hour in range(start, end + 1)))
        for number, step in enumerate(done.steps, start=1)
    )
    table = tuple(_table(done))
    times = sorted({f"{group.local:%H:%M}" for group in done.groups})
    return Picture(
        rows,
        tuple(_axis(done, start, end)),
        tuple(_places(done, hours, start)),
        table,
        times[0] if len(times) == 1 else "",
        sum(any(changed for *_, changed in row.mails) for row in table),
        most,
    )


def _hour(group: Group) -> int:
    """Return the hour of the hand-over, counted from 00:00 UTC of the local date that it was for."""
    midnight = dt.datetime.combine(group.date, dt.time(), dt.UTC)
    return (group.at - midnight) // _HOUR


def _cell(count: int, most: int) -> Cell:
    """Return a cell; its level goes by the root, else one hour that has most of all leaves the others alike."""
    return Cell(count, math.ceil(_LEVELS * math.sqrt(count / most)))


def _date(done: Delivered, step: str) -> str:
    dates: Counter[dt.date] = Counter()
    for group in done.groups:
        if group.step == step:
            dates[group.date] += group.count
    if not dates:
        return ""
    day = max(dates, key=lambda date: (dates[date], date))
    return f"{day.day} {day:%b}"


def _axis(done: Delivered, start: int, end: int) -> list[Mark]:
    """Return a mark for every sixth hour; the weekday stands at the first and at each midnight."""
    weekdays = {group.date.weekday() for group in done.groups}
    marks = []
    for hour in range(start, end + 1):
        if hour % _HOURS == 0:
            day = f"{_weekday(weekdays, hour)} " if hour % 24 == 0 and len(weekdays) == 1 else ""
            marks.append(Mark(hour - start + 1, f"{day}{hour % 24:02}:00"))
    return marks


def _weekday(weekdays: set[int], hour: int) -> str:
    monday = dt.date(2024, 1, 1)
    return f"{monday + dt.timedelta(days=min(weekdays) + hour // 24):%a}"


def _places(done: Delivered, hours: dict[Group, int], start: int) -> list[Mark]:
    """Return names of places where it was their turn with the first mail: those with most readers, well apart."""
    firsts = [group for group in done.groups if done.steps and group.step == done.steps[0]]
    busy: Counter[int] = Counter()
    for group in firsts:
        busy[hours[group]] += group.count
    marks: list[Mark] = []
    for group in sorted(firsts, key=lambda each: (-busy[hours[each]], -each.count, each.zone)):
        column = hours[group] - start + 1
        if all(abs(column - mark.column) >= _APART for mark in marks):
            marks.append(Mark(column, _place(group.zone)))
    return sorted(marks, key=lambda mark: mark.column)


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _table(done: Delivered) -> list[ZoneRow]:
    by_zone: dict[str, dict[str, list[Group]]] = {}
    for group in done.groups:
        by_zone.setdefault(group.zone, {}).setdefault(group.step, []).append(group)
    rows = []
    for zone, steps in by_zone.items():
        firsts = [min(steps[step], key=lambda group: group.at) if step in steps else None for step in done.steps]
        people = max(sum(group.count for group in groups) for groups in steps.values())
        rows.append((min(group.at for group in firsts if group), ZoneRow(zone, people, tuple(_times(firsts)))))
    return [row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1].zone))]


def _times(firsts: Sequence[Group | None]) -> list[tuple[str, str, bool]]:
    times = []
    before: dt.timedelta | None = None
    for group in firsts:
        if group is None:
            times.append(("", "", False))
            continue
        offset = group.at.astimezone(clock.zone(group.zone)).utcoffset()
        local, changed = group.local, before is not None and offset != before
        times.append((f"{local:%a} {local.day} {local:%b %H:%M}", f"{group.at:%a %H:%M}", changed))
        before = offset
    return times
