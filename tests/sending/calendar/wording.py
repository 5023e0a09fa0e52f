"""Short words for the tests of the calendar: instants by local time, terms, and slots as local text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backmail.clock import parse_span, zone
from backmail.model.campaign import Schedule
from backmail.model.sending import Anchor, Slot, Terms, Wishes

COPENHAGEN = "Europe/Copenhagen"
ANY = tuple(range(7))
MON, TUE, WED, THU, FRI, SAT, SUN = ANY


def local(text: str, where: str = COPENHAGEN) -> dt.datetime:
    """Return the instant at which clocks there show `text`, such as 2027-03-02 09:00."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone(where)).astimezone(dt.UTC)


def time(text: str) -> dt.time:
    """Return a time of day."""
    return dt.time.fromisoformat(text)


def window(opens: str, closes: str) -> tuple[dt.time, dt.time]:
    """Return a window of hours."""
    return time(opens), time(closes)


def handed(text: str, date: str = "", where: str = COPENHAGEN) -> Anchor:
    """Return the anchor of a step that was handed over then, for a slot of that date or of another."""
    return Anchor.after(local(text, where), dt.date.fromisoformat(date or text[:10]))


def terms(
    after: str,
    *,
    days: tuple[int, ...] = (TUE,),
    at: str = "",
    between: tuple[str, str] = ("", ""),
    late: str = "2h",
    skip: tuple[str, ...] = (),
    where: str = COPENHAGEN,
    wishes: Wishes | None = None,
    **others: Any,
) -> Terms:
    """Return terms; without `at` and `between` there is neither."""
    hours = window(*between) if between[0] else None
    schedule = Schedule(days, time(at) if at else None, hours, parse_span(late), skip)
    return Terms(parse_span(after), schedule, where, wishes or Wishes(), **others)


def shown(slot: Slot) -> str:
    """Return a slot as its own clocks show it: Tue 2027-03-09 09:00 -> 11:00."""
    due, closes = (each.astimezone(zone(slot.zone)) for each in (slot.due, slot.closes))
    ends = f"{closes:%H:%M}" if due.date() == closes.date() else f"{closes:%a %H:%M}"
    mark = "" if due.date() == slot.date else f" of {slot.date:%a}"
    return f"{due:%a %Y-%m-%d %H:%M} -> {ends}{mark}"
