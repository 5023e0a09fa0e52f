"""Skip dates: days on which nothing goes out, whatever the schedule says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from backmail.model.campaign import Schedule

_SATURDAY = 5
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Skips:
    """The dates to leave out; `day in skips` asks."""

    weekends: bool
    dates: frozenset[dt.date]

    def __contains__(self, day: dt.date) -> bool:
        return (self.weekends and day.weekday() >= _SATURDAY) or day in self.dates


@lru_cache(maxsize=256)
def skips(written: tuple[str, ...]) -> Skips:
    """Return the skip dates that a schedule writes: `weekends` and dates such as 2027-12-24."""
    dates = frozenset(dt.date.fromisoformat(each) for each in written if each != "weekends")
    return Skips("weekends" in written, dates)


def never_free(schedule: Schedule) -> bool:
    """Return whether the schedule skips every weekday it has: a fault of the campaign, no mail goes when it says."""
    return skips(schedule.skip).weekends and _WEEKEND.issuperset(schedule.days)
