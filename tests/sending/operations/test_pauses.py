"""A pause holds at once, ends when it should, and moves slots where that was asked for."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from backmail.model.sending import Slot
from backmail.sending.operations import Resumed, pause_campaign, resume_campaign, resume_due, shifting
from backmail.store import queue, records
from backmail.store.engine import durable, reading
from backmail.store.pauses import Pause, standing
from backmail.store.tables import events
from tests.store.world import HOUR, NINE, SLOT, World

DAY = 24 * HOUR


@pytest.fixture
def world(store: sa.Engine) -> World:
    made = World(store)
    made.campaign("c-1")
    return made


def pause(world: World, campaign: str | None = "c-1", *, now: dt.datetime = NINE, **more: object) -> int:
    """Pause."""
    with durable(world.store) as tx:
        return pause_campaign(tx, campaign, now=now, by="ann", **more)  # type: ignore[arg-type]


def resume(world: World, campaign: str | None = "c-1", *, now: dt.datetime, hold: bool = False) -> Resumed | None:
    """Go on."""
    with durable(world.store) as tx:
        return resume_campaign(tx, campaign, now=now, by="bob", hold=hold)


def slot(world: World, id_: int) -> Slot:
    """Return the slot of a delivery."""
    row = world.delivery(id_)
    return Slot(row["due_at"], row["closes_at"], dt.date.fromisoformat(row["slot_date"]), row["zone"])


@pytest.mark.parametrize("campaign", ["c-1", None])
def test_a_pause_lets_nothing_be_claimed_or_handed_over(world: World, campaign: str | None) -> None:
    claimed, waiting = world.planned("a", "b")
    ticket = world.claimed(claimed)
    assert pause(world, campaign) == 1
    assert not world.hand_over(ticket)
    assert [world.state(id_) for id_ in (claimed, waiting)] == ["planned", "planned"]
    assert world.queued() == [claimed, waiting]
    assert world.claim([claimed, waiting]) == []
    assert resume(world, campaign, now=NINE + HOUR) == Resumed(campaign)
    assert len(world.claim([claimed, waiting])) == 2


def test_what_was_deferred_goes_back_to_where_it_was(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.handed(id_)
    with durable(world.store) as tx:
        records.deferred(tx, [(ticket, NINE + HOUR, "mailbox: full")], now=NINE)
    world.claimed(id_, now=NINE + HOUR)
    pause(world, now=NINE + HOUR)
    assert world.state(id_) == "deferred"


def test_what_was_handed_over_is_left_to_its_worker(world: World) -> None:
    [id_] = world.planned("a")
    world.handed(id_)
    assert pause(world) == 0
    assert world.state(id_) == "handed"


def test_a_pause_of_one_campaign_leaves_the_others_alone(world: World) -> None:
    world.campaign("c-2")
    [other] = world.planned("b", campaign="c-2")
    ticket = world.claimed(other)
    assert pause(world) == 0
    assert world.hand_over(ticket)


def test_going_on_without_hold_moves_no_slot(world: World) -> None:
    [id_] = world.planned("a")
    pause(world)
    resume(world, now=NINE + 10 * DAY)
    assert slot(world, id_) == SLOT


@pytest.mark.parametrize(("time", "days"), [(HOUR, 1), (DAY, 1), (DAY + HOUR, 2), (40 * DAY, 40)])
def test_hold_moves_slots_by_the_time_of_the_pause_in_days_counted_up(
    world: World, time: dt.timedelta, days: int
) -> None:
    [id_] = world.planned("a")
    pause(world, hold=True)
    assert resume(world, now=NINE + time) == Resumed("c-1", days, 1)
    by = dt.timedelta(days=days)
    summer = HOUR if days == 40 else 0 * HOUR  # clocks go forward on 28 March 2027
    assert slot(world, id_) == Slot(NINE + by - summer, SLOT.closes + by - summer, SLOT.date + by, SLOT.zone)
    assert world.delivery(id_)["next_try_at"] == NINE + by - summer
    assert world.queued() == [id_]


def test_hold_can_be_said_at_the_end(world: World) -> None:
    [id_] = world.planned("a")
    pause(world)
    assert resume(world, now=NINE + DAY, hold=True) == Resumed("c-1", 1, 1)
    assert slot(world, id_).due == NINE + DAY


def test_hold_leaves_what_was_tried_before(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.handed(id_)
    with durable(world.store) as tx:
        records.deferred(tx, [(ticket, NINE + HOUR, "mailbox: full")], now=NINE)
    pause(world, hold=True)
    assert resume(world, now=NINE + DAY) == Resumed("c-1", 1, 0)
    assert (slot(world, id_), world.delivery(id_)["next_try_at"]) == (SLOT, NINE + HOUR)


def test_hold_leaves_slots_that_had_closed_before(world: World) -> None:
    [id_] = world.planned("a")
    pause(world, now=SLOT.closes, hold=True)
    assert resume(world, now=SLOT.closes + DAY) == Resumed("c-1", 1, 0)
    assert slot(world, id_) == SLOT


def test_hold_keeps_out_of_the_queue_what_somebody_took_out(world: World) -> None:
    [id_] = world.planned("a")
    with durable(world.store) as tx:
        queue.move(tx, [(id_, None, None)])
    pause(world, hold=True)
    resume(world, now=NINE + DAY)
    assert slot(world, id_).due == NINE + DAY
    assert world.queued() == []


def test_the_time_of_two_pauses_at_once_counts_once(world: World) -> None:
    [id_] = world.planned("a")
    pause(world, now=NINE - DAY, hold=True)
    pause(world, None, now=NINE, hold=True)
    assert resume(world, now=NINE + 2 * DAY) == Resumed("c-1", 1, 1)
    assert resume(world, None, now=NINE + 3 * DAY) == Resumed(None, 3, 1)
    assert slot(world, id_).due == NINE + 4 * DAY


def test_the_time_of_two_pauses_counts_once_when_all_goes_on_first(world: World) -> None:
    [id_] = world.planned("a")
    pause(world, None, now=NINE - DAY, hold=True)
    pause(world, now=NINE, hold=True)
    assert resume(world, None, now=NINE + 2 * DAY) == Resumed(None, 1, 1)
    assert resume(world, now=NINE + 3 * DAY) == Resumed("c-1", 3, 1)
    assert slot(world, id_).due == NINE + 4 * DAY


def test_many_slots_are_moved_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifting, "_AT_ONCE", 2)
    ids = world.planned(*"abcde")
    pause(world, hold=True)
    assert resume(world, now=NINE + DAY) == Resumed("c-1", 1, 5)
    assert {slot(world, id_).due for id_ in ids} == {NINE + DAY}


def test_a_second_pause_keeps_the_beginning(world: World) -> None:
    pause(world, hold=True, until=NINE + DAY, because="holidays")
    pause(world, now=NINE + HOUR, because="longer")
    with reading(world.store) as tx:
        assert standing(tx) == {"c-1": Pause("c-1", NINE, None, False, "longer")}


@pytest.mark.parametrize("campaign", ["c-1", None])
def test_a_pause_with_an_end_ends_by_itself(world: World, campaign: str | None) -> None:
    [id_] = world.planned("a")
    pause(world, campaign, until=NINE + DAY, hold=True)
    with durable(world.store) as tx:
        assert resume_due(tx, NINE + DAY - HOUR / 60) == []
        assert resume_due(tx, NINE + DAY) == [Resumed(campaign, 1, 1)]
        assert resume_due(tx, NINE + DAY) == []
    assert len(world.claim([id_], now=NINE + DAY)) == 1


def test_what_is_not_paused_does_not_go_on(world: World) -> None:
    assert resume(world, now=NINE) is None
    pause(world)
    assert resume(world, None, now=NINE) is None


def test_who_and_when_is_written_down(world: World) -> None:
    pause(world, until=NINE + DAY)
    pause(world, until=NINE + DAY)
    resume(world, now=NINE + HOUR)
    with reading(world.store) as tx:
        told = [(row.source, row.kind, row.at, json.loads(row.raw)) for row in tx.execute(events.select())]
    assert told == [
        (
            "operator",
            "paused",
            NINE,
            {"campaign": "c-1", "by": "ann", "until": "2027-03-03T08:00:00+00:00", "hold": False},
        ),
        ("operator", "resumed", NINE + HOUR, {"campaign": "c-1", "by": "bob", "days": 0, "moved": 0}),
    ]


def test_a_window_past_midnight_keeps_its_clock_times(world: World) -> None:
    [id_] = world.planned("a", slot=Slot(NINE, NINE + 18 * HOUR, SLOT.date, SLOT.zone))
    pause(world, hold=True)
    resume(world, now=NINE + 25 * DAY)
    # It closes at three, and in the night to 28 March there is no hour from two to three.
    assert slot(world, id_) == Slot(NINE + 25 * DAY, NINE + 25 * DAY + 17 * HOUR, dt.date(2027, 3, 27), SLOT.zone)
