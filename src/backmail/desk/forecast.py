"""What lies ahead, in words for who decides about it: when the mails of a series come, and how long a slot needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from backmail import clock
from backmail.config import TransportChoice
from backmail.model.campaign import Campaign
from backmail.model.sending import Slot, Wishes
from backmail.model.states import DeliveryState
from backmail.sending.steps import Course
from backmail.store.walks import Had, Walker

__all__ = ["Starter", "first_slot", "in_words", "needed", "shown", "slots"]

# A mail on an open connection takes about five answers (RFC 5321: MAIL, RCPT, DATA, the final dot, RSET), and one from
# a relay across a continent takes about 50 ms.
_EACH = dt.timedelta(milliseconds=250)
_UNITS = (("day", dt.timedelta(days=1)), ("hour", dt.timedelta(hours=1)), ("minute", dt.timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class Starter:
    """Somebody who would begin a campaign at the instant `at`: her zone, None where it is not known, and her wishes."""

    at: dt.datetime
    zone: str | None = None
    wishes: Wishes = field(default_factory=Wishes)

    def walker(self, campaign: Campaign) -> Walker:
        """Return her as the calendar asks for her."""
        return Walker(0, 0, campaign.id, self.at, False, None, False, self.zone, self.wishes)


def first_slot(course: Course, starter: Starter) -> Slot:
    """Return when the first mail of a series comes to somebody who begins it on the campaign's schedule.

    Raises:
        CampaignError: there is no slot within a year.
    """
    return course.slot(starter.walker(course.campaign), course.campaign.steps[0], [], starter.at)


def slots(course: Course, starter: Starter) -> Iterator[Slot]:
    """Yield when each mail of a series comes, if every mail goes at the beginning of its slot.

    Raises:
        CampaignError: there is no slot within a year.
    """
    history: list[Had] = []
    now = starter.at
    for number, step in enumerate(course.campaign.steps, start=1):
        slot = course.slot(starter.walker(course.campaign), step, history, now)
        yield slot
        now = slot.due
        history.append(Had(number, step.id, DeliveryState.ACCEPTED, None, 1, now, slot.date, slot.due))


def needed(mails: int, transport: TransportChoice) -> dt.timedelta:
    """Return about how long so many mails take to a relay, which answers as relays across a continent do."""
    return mails * _EACH / transport.connections


def in_words(length: dt.timedelta) -> str:
    """Return about how long a length of time is, in its largest unit: "about 3 hours", "under a minute"."""
    for name, unit in _UNITS:
        count = -(-length // unit)
        if length >= unit:
            return f"about {count} {name}" + ("" if count == 1 else "s")
    return "under a minute"


def shown(at: dt.datetime, zone: str) -> str:
    """Return an instant as clocks in a zone show it, with the zone: "Tue 2027-03-02 09:00 Europe/Copenhagen"."""
    return f"{clock.local(at, clock.zone(zone)):%a %Y-%m-%d %H:%M} {zone}"
