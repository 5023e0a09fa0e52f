"""A week of practice as a calendar file (RFC 5545): the same bytes whenever it is asked for."""

from __future__ import annotations

import datetime as dt

from icalendar import Alarm, Calendar, Event

from backmail.app.readers import Practice
from backmail.clock import zone

__all__ = ["MEDIA_TYPE", "calendar_file"]

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_LENGTH = dt.timedelta(minutes=15)
_YEAR = dt.timedelta(days=366)


def calendar_file(practice: Practice) -> bytes:
    """Return the file: one entry of a quarter of an hour, again each day, with a reminder when it begins."""
    days = practice.days
    start = dt.datetime.combine(days.first, days.at, zone(days.zone))
    event = Event()
    event.add("uid", practice.uid)
    event.add("dtstamp", practice.stamp)
    event.add("dtstart", start)
    event.add("dtend", start + _LENGTH)
    event.add("rrule", {"freq": "daily", "count": days.count})
    event.add("summary", practice.summary)
    if practice.description:
        event.add("description", practice.description)
    event.add("url", practice.url)
    event.add("transp", "TRANSPARENT")  # whoever wants to meet her may still have that quarter of an hour
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", practice.summary)
    reminder.add("trigger", dt.timedelta(0))
    event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//backmail//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    # Only the changes of clocks around the entries: what a zone will do in 2037 is no concern of theirs.
    calendar.add_missing_timezones(days.first - _YEAR, days.first + _YEAR)
    return bytes(calendar.to_ical())
