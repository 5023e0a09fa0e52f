"""Where a delay leads: from the anchor to the first instant, and the first local date, that a step may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count

from backmail import clock
from backmail.clock import Span
from backmail.errors import CampaignError, Fault
from backmail.model.sending import Anchor, Terms
from backmail.sending.calendar.wishes import paced

HORIZON = 366  # days in which a step must find a slot: a year with every weekday and every holiday in it
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first instant (UTC) at which a step may be due, and the local date from which its days are looked through.

    `reading` is what clocks showed at the anchor, for delays in days: without a clock time of its own a step keeps it.
    """

    at: dt.datetime
    day: dt.date
    reading: dt.time | None = None


def earliest(delay: Span, anchor: Anchor, days: Collection[int], where: dt.tzinfo) -> Earliest:
    """Return where `delay` leads from the anchor; `days` are the weekdays that are allowed.

    Hours are elapsed time from the hand-over. Days and weeks are calendar days from the date of the slot, so that
    neither queues nor retries push a series on. A day count is a minimum. A week count means the allowed day nearest to
    it, the later of two: a weekly series neither drifts nor doubles after a slot that had to move.

    Raises:
        CampaignError: when no day is allowed.
    """
    if not _counts_days(delay):
        at = anchor.at + delay.elapsed
        return Earliest(at.astimezone(dt.UTC), clock.local(at, where).date())
    start = _date(anchor, where)
    day = start + delay.days * _DAY
    if delay.unit == "w":
        day = _nearest(day, days, where)
    return Earliest(clock.instant(day, dt.time(), where), day, clock.local(anchor.at, where).time())


def passed_over(anchor: Anchor, terms: Terms) -> Anchor:
    """Return the anchor that a skipped step leaves for the one after it: the old one, moved on by the step's own delay.

    `terms` are the skipped step's. So the steps behind it keep their distance from those before it. What counts as the
    last hand-over stays.
    """
    where = clock.zone(terms.zone)
    delay = paced(terms.delay, terms.wishes.pace)
    before, date = clock.local(anchor.at, where), _date(anchor, where)
    if _counts_days(delay):
        length = delay.days * _DAY
        return Anchor(clock.instant(before.date() + length, before.time(), where), date + length, anchor.handed)
    at = anchor.at + delay.elapsed
    return Anchor(at, date + (clock.local(at, where).date() - before.date()), anchor.handed)


def no_slot(start: dt.date) -> CampaignError:
    """Return the error of a step that finds no slot within a year from the local date `start`."""
    hint = "allow more weekdays, fewer skip dates, a longer `late` or a longer window"
    return CampaignError(Fault(f"no slot within {HORIZON} days from {start}", hint=hint))


def _counts_days(delay: Span) -> bool:
    """`after: 0` is 0 hours, however it is written: it waits for no other day."""
    return delay.in_days and delay.count > 0


def _date(anchor: Anchor, where: dt.tzinfo) -> dt.date:
    return clock.local(anchor.at, where).date() if anchor.date is None else anchor.date


def _nearest(day: dt.date, days: Collection[int], where: dt.tzinfo) -> dt.date:
    """Return the allowed day nearest to `day`; of two as near, the later."""
    for distance in count():
        for found in (day + distance * _DAY, day - distance * _DAY):
            if found.weekday() in days and clock.day_exists(found, where):
                return found
        if distance > HORIZON:
            break
    raise no_slot(day)
