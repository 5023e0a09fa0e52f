"""An instant as people read it: by the reader's own clock, and in UTC."""

from __future__ import annotations

import datetime as dt

from backmail import clock

__all__ = ["told"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # whatever language the machine speaks


def told(at: dt.datetime, zone: str) -> str:
    """Return an instant as clocks in a zone show it, with UTC behind it: "Tue 2027-03-09 09:00 (08:00 UTC)"."""
    here, utc = at.astimezone(clock.zone_then(zone)), at.astimezone(dt.UTC)
    reading = f"{_DAYS[here.weekday()]} {here:%Y-%m-%d %H:%M}"
    if here.utcoffset() == dt.timedelta():
        return f"{reading} UTC"
    return f"{reading} ({utc:{'%H:%M' if utc.date() == here.date() else '%Y-%m-%d %H:%M'}} UTC)"
