"""When the exercises of a mail are practised: each day at an hour of hers, until the next mail comes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backmail import clock
from backmail.model.campaign import Campaign, Step
from backmail.model.sending import Wishes
from backmail.sending.lookup import Known

__all__ = ["Days", "practice_days"]

_EVENING = dt.time(18)
_WEEK = 7
_LONGEST = 28  # days that one mail is practised, whatever comes next


@dataclass(frozen=True, slots=True)
class Days:
    """Days in a row: the `first`, a local date in `zone` (an IANA name), the clock time on each, and how many."""

    first: dt.date
    at: dt.time
    zone: str
    count: int


def practice_days(campaign: Campaign, step: Step, known: Known, wishes: Wishes) -> Days:
    """Return the days on which a mail's exercises are practised.

    They begin on the day of the mail, or on the next one when the hour is past then. The hour is the one that she asked
    her mails for, else the evening. Nothing of it depends on when this is asked.
    """
    at = wishes.at or _EVENING
    where = clock.zone_then(known.zone)
    sent = clock.local(known.sent_at, where)
    late = 1 if sent.time() > at else 0
    first = sent.date() + dt.timedelta(days=late)
    return Days(first, at, where.key, max(1, _until_next(campaign, step) - late))


def _until_next(campaign: Campaign, step: Step) -> int:
    """Return how many days lie between a step and the next one, a week after the last."""
    ids = [each.id for each in campaign.steps]
    later = campaign.steps[ids.index(step.id) + 1 :]
    return min(later[0].after.days or later[0].after.elapsed.days or 1, _LONGEST) if later else _WEEK
