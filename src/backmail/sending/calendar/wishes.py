"""The reader's wishes win: her weekdays, her hour and her pace in place of the campaign's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backmail.clock import Span
from backmail.model.campaign import Schedule
from backmail.model.sending import Pace, Terms, Wishes

ANY_DAY = tuple(range(7))
_WEEK = 7


def granted(terms: Terms) -> tuple[Span, Schedule]:
    """Return the delay and the schedule with the reader's wishes in them."""
    return paced(terms.delay, terms.wishes.pace), _scheduled(terms.schedule, terms.wishes)


def paced(delay: Span, pace: Pace) -> Span:
    """Return the delay at that pace: half takes twice the days, double half of them rounded up; hours stay.

    Half a week is no week, so its days count as days do: at least so many.
    """
    if not delay.in_days or pace is Pace.NORMAL:
        return delay
    if pace is Pace.HALF:
        return replace(delay, count=2 * delay.count)
    return Span((delay.days + 1) // 2, "d")


def paces(delays: Iterable[Span], wishes: Wishes) -> tuple[Pace, ...]:
    """Return the paces to offer a reader in a series with these delays.

    Double is left out where she chose weekdays and the series is weekly: four days on from her weekday the next such
    day is a week away again, and the wish would do nothing.
    """
    weekly = any(delay.days == _WEEK for delay in delays)
    return tuple(pace for pace in Pace if not (pace is Pace.DOUBLE and weekly and wishes.days is not None))


def _scheduled(schedule: Schedule, wishes: Wishes) -> Schedule:
    """Another pace does not fit the campaign's weekdays, so it frees them, unless she named her own."""
    if wishes.days is not None:
        schedule = replace(schedule, days=wishes.days)
    elif wishes.pace is not Pace.NORMAL:
        schedule = replace(schedule, days=ANY_DAY)
    return schedule if wishes.at is None else replace(schedule, at=wishes.at, between=None)
