"""What holds for a delivery that waits: how long a slot is kept open for it, and when a retry may go."""

from __future__ import annotations

import datetime as dt

from backmail import clock
from backmail.model.sending import QUIET, Slot, Window

NIGHT: Window = (dt.time(22), dt.time(7))


def kept_open(slot: Slot, quiet: Window = QUIET) -> Slot:
    """Return the slot as it stands for those who waited while it was open and were held back by limits or a breaker.

    It stays open until `quiet` closes on its date: nobody loses a week because the line was long. `late` bounds the
    lateness that comes from our not running, so it is no bound here.
    """
    opens, closes = quiet
    end = clock.instant(slot.date + dt.timedelta(days=closes <= opens), closes, clock.zone_then(slot.zone))
    return Slot(slot.due, max(slot.closes, end), slot.date, slot.zone)


def retry_time(when: dt.datetime, zone: str) -> dt.datetime:
    """Return when a retry meant for the instant `when` may go, in UTC: then, or at seven when it is night there.

    A retry may fall outside its slot, but never between 22:00 and 07:00 in the reader's zone.
    """
    where = clock.zone_then(zone)
    reading = clock.local(when, where)
    evening, morning = NIGHT
    if morning <= reading.time() < evening:
        return when.astimezone(dt.UTC)
    today = clock.instant(reading.date(), morning, where)
    return today if today > when else clock.instant(reading.date() + dt.timedelta(days=1), morning, where)
