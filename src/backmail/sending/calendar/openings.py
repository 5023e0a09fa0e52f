"""When a step is open on one given day: at a clock time, or within a window of hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from backmail import clock
from backmail.clock import Span
from backmail.model.campaign import Schedule
from backmail.model.sending import Terms, Window
from backmail.sending.calendar.days import Earliest

_SHORTEST = dt.timedelta(
    hours=2
)  # what is left of `quiet` for a mail without a clock time, or it waits for the next day


@dataclass(frozen=True, slots=True)
class Opening:
    """From when until before when a step may be handed over, in UTC, and the local date that this belongs to."""

    due: dt.datetime
    closes: dt.datetime
    day: dt.date


class Opener(Protocol):
    """How a schedule opens the days."""

    @property
    def past_midnight(self) -> bool:
        """Whether what opens on one day may close on the next."""
        ...

    def on(self, day: dt.date) -> Opening | None:
        """Return the opening that belongs to that local date, or None when it has none."""
        ...

    def moved(self, opening: Opening, day: dt.date) -> Opening | None:
        """Return an opening at the same clock time on another date, or None when that date has none."""
        ...


@dataclass(frozen=True, slots=True)
class AtTime:
    """`at`: a clock time, open for `late`; not before `first`, and after `handed`, the hand-over of the step before."""

    time: dt.time
    late: Span
    first: dt.datetime
    handed: dt.datetime | None
    where: dt.tzinfo
    past_midnight: bool = False

    def on(self, day: dt.date) -> Opening | None:
        """Return the opening at that time, moved out of a gap, the first of two in an overlap (`clock.instant`)."""
        due = clock.instant(day, self.time, self.where)
        if due < self.first or (self.handed is not None and due <= self.handed):
            return None
        end = due + self.late.elapsed
        if self.late.in_days:
            end = clock.instant(day + dt.timedelta(days=self.late.days), self.time, self.where)
        return Opening(due, end, day) if due < end else None

    def moved(self, opening: Opening, day: dt.date) -> Opening | None:
        """Return the opening at the same time on that date."""
        return self.on(day)


@dataclass(frozen=True, slots=True)
class InWindow:
    """A window of hours, and the first instant in it from `first` on.

    A window that closes at or before the time it opens at runs past midnight. `shortest` is the time that must be left
    in it. With a `reading` a mail comes when clocks show that, where the window has room for it. Nothing that counts in
    days comes at or before `handed`.
    """

    window: Window
    first: dt.datetime
    where: dt.tzinfo
    shortest: dt.timedelta = dt.timedelta()
    reading: dt.time | None = None
    first_day: dt.date = dt.date.min
    handed: dt.datetime | None = None

    @property
    def past_midnight(self) -> bool:
        """Whether it closes on the day after."""
        return self.window[1] <= self.window[0]

    def on(self, day: dt.date) -> Opening | None:
        """Return what is left of that day's window, from the reading or from `first` on."""
        opens, closes = self._bounds(day)
        due = max(opens, self.first)
        if self.reading is None:
            return self._opening(due, closes, day)
        wanted = max(due, clock.instant(day, self.reading, self.where))
        # The first day gets no earlier hour than was counted to; the days after it would never have one.
        return self._opening(wanted, closes, day) or (self._opening(due, closes, day) if day > self.first_day else None)

    def moved(self, opening: Opening, day: dt.date) -> Opening | None:
        """Return the opening that stands as far into that date's window by the clock."""
        due, closes = self._bounds(day)
        if opening.due != self._bounds(opening.day)[0]:
            shown = clock.local(opening.due, self.where) + (day - opening.day)
            due = max(due, clock.instant(shown.date(), shown.time(), self.where))
        return self._opening(due, closes, day)

    def _bounds(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        opens, closes = self.window
        return (
            clock.instant(day, opens, self.where),
            clock.instant(day + dt.timedelta(days=self.past_midnight), closes, self.where),
        )

    def _opening(self, due: dt.datetime, closes: dt.datetime, day: dt.date) -> Opening | None:
        if due >= closes or due + self.shortest > closes or (self.handed is not None and due <= self.handed):
            return None
        return Opening(due, closes, day)


def opener(terms: Terms, schedule: Schedule, first: Earliest, handed: dt.datetime | None, where: dt.tzinfo) -> Opener:
    """Return how the days open under these terms; `schedule` has the reader's wishes in it."""
    if terms.at_once:
        return InWindow(terms.quiet, first.at, where)
    if schedule.at is not None:
        return AtTime(schedule.at, schedule.late, first.at, handed, where)
    counted = first.reading is not None
    last = handed if counted else None
    if schedule.between is not None:
        return InWindow(schedule.between, first.at, where, handed=last)
    return InWindow(terms.quiet, first.at, where, _SHORTEST, first.reading, first.day, last)
