"""The next slot of a step: the days are looked through in order, skip dates roll on, what has closed is passed by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from backmail import clock
from backmail.model.sending import Anchor, Slot, Terms
from backmail.sending.calendar.days import HORIZON, earliest, no_slot
from backmail.sending.calendar.openings import Opener, Opening, opener
from backmail.sending.calendar.skips import Skips, skips
from backmail.sending.calendar.wishes import ANY_DAY, granted

_DAY = dt.timedelta(days=1)


def next_slot(terms: Terms, anchor: Anchor, now: dt.datetime) -> Slot:
    """Return the first slot of a step, counted from the anchor, that has not closed by the instant `now`.

    So the same call plans a step, plans it anew after an edit or another wish, and catches up after a slot that closed
    unused: there is one slot for a step, however long nothing could be sent, and never a burst. A date to be set aside
    for one reader (she had a mail that day) is one more skip date.

    Raises:
        CampaignError: when there is none within 366 days, counted from the first date that it could have, or from now.
    """
    where = clock.zone(terms.zone)
    delay, schedule = granted(terms)
    first = earliest(delay, anchor, schedule.days, where)
    days, aside = (ANY_DAY, skips(())) if terms.at_once else (schedule.days, skips(schedule.skip))
    openings = opener(terms, schedule, first, anchor.handed, where)
    # Counted in hours, a step may fall into the window that yesterday opened.
    start = first.day - _DAY * (first.reading is None and openings.past_midnight)
    last = max(first.day, clock.local(now, where).date()) + HORIZON * _DAY
    for opening in _openings(openings, _Days(days, aside, start, last, where)):
        if opening.closes > now:
            return Slot(opening.due, opening.closes, opening.day, terms.zone)
    raise no_slot(last - HORIZON * _DAY)


class _Days:
    """The local dates from `start` to `last`: those with an allowed weekday, and those that no skip date takes."""

    def __init__(self, allowed: Collection[int], aside: Skips, start: dt.date, last: dt.date, where: dt.tzinfo) -> None:
        self._allowed = allowed
        self._start = start
        self._last = last
        self._where = where
        self.aside = aside

    def allowed(self) -> Iterator[dt.date]:
        """Yield the allowed dates in order, whether or not they are skipped."""
        return (day for day in self._from(self._start) if day.weekday() in self._allowed and self._exists(day))

    def after(self, day: dt.date) -> Iterator[dt.date]:
        """Yield the dates after that one that are not skipped, whatever their weekday."""
        return (later for later in self._from(day + _DAY) if later not in self.aside and self._exists(later))

    def _from(self, day: dt.date) -> Iterator[dt.date]:
        while day <= self._last:
            yield day
            day += _DAY

    def _exists(self, day: dt.date) -> bool:
        return clock.day_exists(day, self._where)


def _openings(openings: Opener, days: _Days) -> Iterator[Opening]:
    """Yield the openings in order. One on a skip date rolls on; the weekday it then has is set aside."""
    for day in days.allowed():
        opening: Opening | None = openings.on(day)
        if opening is not None and day in days.aside:
            rolled = (openings.moved(opening, later) for later in days.after(day))
            opening = next((each for each in rolled if each is not None), None)
        if opening is not None:
            yield opening
