"""The days on which a mail's exercises are practised."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.clock import parse_span
from backmail.model.campaign import Action, Campaign, CampaignKind, Greeting, Sender, Step
from backmail.model.sending import Wishes
from backmail.sending.lookup import Known
from backmail.sending.practice import practice_days

NOON = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
KNOWN = Known(
    delivery=1,
    subscriber=1,
    campaign="c",
    slug="c",
    system=False,
    step="one",
    version=1,
    variant=None,
    enrollment=1,
    enrolled_at=NOON,
    sent_at=NOON,
    zone="Europe/Copenhagen",
)


def series(after: str) -> Campaign:
    """Return a campaign of two steps; the second comes so long after the first."""
    one = Step("one", "01.md", "One", "", parse_span(0), Action("Do it", "calendar"), "", 1)
    two = replace(one, id="two", after=parse_span(after))
    sender, greeting = Sender("Anna", "anna@example.org"), Greeting("", "")
    return Campaign("c", "c", "C", CampaignKind.DRIP, "en", sender, (one, two), Path(), greeting)


@pytest.mark.parametrize(
    ("after", "days"), [("1w", 7), ("4d", 4), ("3h", 1), ("48h", 2), ("0", 1), ("30m", 1), ("9w", 28)]
)
def test_until_the_next_mail(after: str, days: int) -> None:
    campaign = series(after)
    found = practice_days(campaign, campaign.steps[0], KNOWN, Wishes())
    assert (found.first, found.at, found.count) == (dt.date(2027, 3, 2), dt.time(18), days)


def test_a_week_after_the_last_mail() -> None:
    campaign = series("3d")
    assert practice_days(campaign, campaign.steps[1], KNOWN, Wishes()).count == 7


def test_from_the_next_day_when_the_hour_is_past_in_her_own_zone() -> None:
    campaign = series("1w")
    late = replace(KNOWN, sent_at=NOON.replace(hour=17, minute=30))
    found = practice_days(campaign, campaign.steps[0], late, Wishes())
    assert (found.first, found.count) == (dt.date(2027, 3, 3), 6)
    there = practice_days(campaign, campaign.steps[0], replace(late, zone="America/New_York"), Wishes())
    assert (there.first, there.count) == (dt.date(2027, 3, 2), 7)


def test_at_the_hour_that_she_asked_her_mails_for() -> None:
    campaign = series("1w")
    assert practice_days(campaign, campaign.steps[0], KNOWN, Wishes(at=dt.time(20, 30))).at == dt.time(20, 30)


def test_never_less_than_once() -> None:
    campaign = series("1d")
    late = replace(KNOWN, sent_at=NOON.replace(hour=20))
    assert practice_days(campaign, campaign.steps[0], late, Wishes()).count == 1
