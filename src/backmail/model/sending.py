"""When a step is due, as values: what decides it (terms, anchor, the reader's wishes) and what comes of it (a slot)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from backmail.clock import Span
from backmail.model.campaign import Schedule

Window = tuple[dt.time, dt.time]

QUIET: Window = (dt.time(8), dt.time(21))


class Pace(StrEnum):
    """How fast a reader wants to walk through a series."""

    HALF = "half"
    NORMAL = "normal"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader asked for: weekdays (0 = Monday) and a clock time of her own, None where she left it to us."""

    days: tuple[int, ...] | None = None
    at: dt.time | None = None
    pace: Pace = Pace.NORMAL


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides when one step is due for one reader, but for where she stands.

    `delay` is the step's `after`, `schedule` its own or the campaign's, `zone` an IANA name. `quiet` is the part of the
    day, in her zone, in which a mail without a clock time may come. `at_once`: the first mail after a sign-up, which
    waits for `quiet` and for nothing else.
    """

    delay: Span
    schedule: Schedule
    zone: str
    wishes: Wishes = field(default_factory=Wishes)
    quiet: Window = QUIET
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a delay counts from.

    After a step: the instant `at` of its first hand-over, which is also `handed`, and the local `date` of its slot.
    From an enrollment: its instant, no `date` (it is the local date of `at`), nothing `handed`.
    """

    at: dt.datetime
    date: dt.date | None = None
    handed: dt.datetime | None = None

    @classmethod
    def enrolled(cls, at: dt.datetime) -> Anchor:
        """Return the anchor of somebody who was enrolled at that instant and got nothing yet."""
        return cls(at)

    @classmethod
    def after(cls, handed: dt.datetime, date: dt.date) -> Anchor:
        """Return the anchor that a step leaves: the instant of its first hand-over and the date of its slot."""
        return cls(handed, date, handed)


@dataclass(frozen=True, slots=True)
class Slot:
    """When a delivery is due: it may first be handed over from `due` until before `closes`, both in UTC.

    `date` is the local date it belongs to: the one it was counted to, also where a window runs past midnight.
    """

    due: dt.datetime
    closes: dt.datetime
    date: dt.date
    zone: str

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether a first hand-over may happen at the instant `now`."""
        return self.due <= now < self.closes
