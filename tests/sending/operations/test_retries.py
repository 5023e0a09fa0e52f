"""What waited for a fault to be mended goes on; what waits for something else is left alone."""

import datetime as dt
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from backmail.model.campaign import Schedule
from backmail.sending.operations import Retriable, retriable, retry
from backmail.sending.reasons import Reason, word
from backmail.store import claims
from backmail.store.engine import durable, reading
from backmail.store.tables import campaigns, deliveries, events
from tests.sending.situations import DAY, Situation, campaign
from tests.store.world import HOUR, NINE, SLOT, lease


@pytest.fixture
def it(store: sa.Engine) -> Situation:
    return Situation.of(store)


def again(it: Situation, campaign: str | None = None) -> Retriable:
    """Put back."""
    with durable(it.world.store) as tx:
        return retry(tx, it.shelf, campaign, now=it.now, zone="UTC", by="ann")


RENDER = word(Reason.RENDER, "02.md:7: 'nme' is undefined")
MESSAGE = word(Reason.MESSAGE, "552 5.3.4 too big")


@pytest.mark.parametrize("reason", [RENDER, MESSAGE, str(Reason.RENDER)])
def test_what_failed_is_sent_in_the_slot_that_is_open_with_the_version_of_now(it: Situation, reason: str) -> None:
    it.handed("failed", reason, variant="with-safety", deferrals=2, deferred_since=NINE)
    it.world.change(campaigns, "c-1", version=2)
    assert len(again(it)) == 1
    row = it.world.delivery(it.mail)
    assert (row["state"], row["reason"], row["next_try_at"], row["due_at"]) == ("planned", "retry", NINE, NINE)
    assert (row["hand_overs"], row["first_handed_at"], row["deferrals"], row["variant"]) == (0, None, 0, None)
    [claimed] = it.world.claim(it.world.queued())
    assert (claimed.ticket.id, claimed.version) == (it.mail, 2)


def test_what_failed_gets_the_next_slot_when_its_own_has_closed(it: Situation) -> None:
    it.stands("failed", RENDER)
    it.now = SLOT.closes
    again(it)
    row = it.world.delivery(it.mail)
    assert (row["due_at"], row["next_try_at"]) == (NINE + 7 * DAY, NINE + 7 * DAY)
    assert it.world.queued() == [it.mail]


def test_a_step_that_is_gone_makes_room_for_the_next(it: Situation) -> None:
    it.stands("failed", RENDER)
    it.shelf.campaigns["c-1"] = campaign(steps=campaign().steps[1:])
    again(it)
    with reading(it.world.store) as tx:
        assert list(tx.scalars(sa.select(deliveries.c.step))) == ["pelvic-tilts"]


@pytest.mark.parametrize("reason", [Reason.ACCOUNT, Reason.POLICY])
@pytest.mark.parametrize("waits", [None, NINE + DAY])
def test_what_our_account_was_refused_for_goes_at_once(
    it: Situation, reason: Reason, waits: dt.datetime | None
) -> None:
    it.stands("deferred", word(reason, "535 no"), next_try_at=waits, policy_deferrals=3, policy_since=NINE)
    it.now = NINE + HOUR
    assert again(it).ids == {reason: [it.mail]}
    row = it.world.delivery(it.mail)
    assert (row["state"], row["reason"], row["policy_deferrals"], row["policy_since"]) == ("deferred", "retry", 0, None)
    assert it.world.queued() == [it.mail]
    assert len(it.world.claim([it.mail], now=it.now)) == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("failed", Reason.ADDRESS),
        ("failed", Reason.MAILBOX_OVER),
        ("failed", Reason.POLICY_OVER),
        ("deferred", Reason.MAILBOX),
        ("deferred", Reason.NOT_SENT),
        ("skipped", Reason.UNSUBSCRIBED),
        ("uncertain", Reason.LINE),
    ],
)
def test_everything_else_stays_as_it_is(it: Situation, state: str, reason: Reason) -> None:
    it.handed(state, word(reason, "said"))
    before = it.world.delivery(it.mail)
    assert len(again(it)) == 0
    assert it.world.delivery(it.mail) == before
    with reading(it.world.store) as tx:
        assert tx.execute(events.select()).all() == []


def test_who_left_the_campaign_gets_nothing_more_of_it(it: Situation) -> None:
    it.stands("failed", RENDER)
    it.ended("exited", "unsubscribed")
    assert len(again(it)) == 0


def test_one_campaign_can_be_named(it: Situation) -> None:
    it.stands("failed", RENDER)
    assert len(again(it, "c-2")) == 0
    with reading(it.world.store) as tx:
        assert retriable(tx, "c-1") == Retriable({Reason.RENDER: [it.mail]})
    assert len(again(it, "c-1")) == 1


def test_who_and_how_many_is_written_down(it: Situation) -> None:
    it.stands("failed", RENDER)
    again(it)
    with reading(it.world.store) as tx:
        [row] = tx.execute(events.select())
    assert (row.source, row.kind, row.at) == ("operator", "retried", NINE)
    assert json.loads(row.raw) == {"campaign": None, "by": "ann", "counts": {"render": 1}}


def test_a_campaign_that_wants_mornings_keeps_them(it: Situation) -> None:
    it.handed("failed", MESSAGE)
    schedule = replace(campaign().schedule, days=(3,))
    it.shelf.campaigns["c-1"] = campaign(schedule=Schedule(schedule.days, schedule.at))
    again(it)
    assert it.world.delivery(it.mail)["due_at"] == NINE + 2 * DAY
    with durable(it.world.store) as tx:
        assert claims.claim(tx, [it.mail], lease(), now=NINE, live_needed=True) == []
