"""A claim takes what may go and nothing else, and a hand-over looks at everything once more."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.store import claims, queue, records
from backmail.store.engine import durable, reading, relaxed
from backmail.store.rows import Ticket
from backmail.store.tables import campaigns, enrollments, subscribers
from backmail.store.tables import engine as engine_table
from tests.store.world import HOUR, NINE, OVER, SLOT, World, in_memory, lease


@pytest.fixture
def world(store: sa.Engine) -> World:
    made = World(store)
    made.campaign()
    return made


def test_the_longest_waiting_stands_at_the_head(world: World) -> None:
    late, early, later = world.planned("late", "early", "later")
    with relaxed(world.store) as tx:
        queue.move(tx, [(late, None, NINE + HOUR / 2), (later, None, NINE + HOUR)])
    assert world.head(NINE - HOUR / 60) == []
    assert world.head(NINE) == [early]
    assert world.head(NINE + HOUR) == [early, late, later]
    with relaxed(world.store) as tx:
        [first] = claims.head(tx, "c-1", now=NINE + HOUR, most=1)
    assert (first.id, first.state, first.slot, first.next_try_at) == (early, "planned", SLOT, NINE)
    assert (first.step, first.hand_overs, first.under_way, first.paused_until) == ("why-move", 0, False, None)


def test_a_claim_takes_it_out_of_the_queue(world: World) -> None:
    ids = world.planned("a", "b", "c")
    taken = world.claim(ids[:2])
    assert [(one.ticket.id, one.ticket.epoch, one.version) for one in taken] == [(ids[0], 1, 1), (ids[1], 1, 1)]
    assert world.queued() == [ids[2]]
    row = world.delivery(ids[0])
    assert (row["state"], row["claimed_from"], row["owner"], row["boot"]) == ("claimed", "planned", "w1", "b1")
    assert world.claim(ids) == [claims.Claimed(Ticket(ids[2], 1), 1)]
    assert world.claim(ids) == []
    assert world.claim([]) == []


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (campaigns, {"paused_at": NINE}),
        (campaigns, {"live_at": None}),
        (campaigns, {"version": None}),
        (engine_table, {"paused_at": NINE}),
        (subscribers, {"paused_until": NINE + HOUR}),
        (subscribers, {"state": "pending"}),
    ],
    ids=["campaign paused", "not live", "not published", "all paused", "person paused", "not confirmed"],
)
def test_a_claim_and_a_hand_over_refuse_who_may_not_get_it(
    world: World, table: sa.Table, columns: dict[str, object]
) -> None:
    ready, waits = world.planned("ready", "waits")
    ticket = world.claimed(ready)
    rows: dict[str, list[object]] = {"campaigns": ["c-1"], "engine": [1], "subscribers": [1, 2]}
    for id_ in rows[table.name]:
        world.change(table, id_, **columns)
    assert world.claim([waits]) == []
    assert world.queued() == [waits]
    assert not world.hand_over(ticket)
    assert world.state(ready) == "claimed"
    assert world.why(ticket) == "paused"


def test_a_pause_that_is_over_stops_nobody(world: World) -> None:
    [id_] = world.planned("a")
    world.change(subscribers, 1, paused_until=NINE)
    assert world.hand_over(world.claimed(id_))


def test_nothing_goes_before_its_time(world: World) -> None:
    [id_] = world.planned("a")
    assert world.claim([id_], now=NINE - dt.timedelta(microseconds=1)) == []
    assert len(world.claim([id_], now=NINE)) == 1


def test_the_first_hand_over_is_inside_the_slot_and_a_later_one_need_not_be(world: World) -> None:
    a, b = world.planned("a", "b")
    closes = SLOT.closes
    assert world.claim([a], now=closes) == []
    ticket = world.claimed(a)
    assert not world.hand_over(ticket, now=closes)
    assert world.why(ticket, now=closes) == "closed"
    ticket = world.handed(b)
    with relaxed(world.store) as tx:
        records.deferred(tx, [(ticket, closes + HOUR, "451")], now=NINE)
    assert world.handed(b, now=closes + HOUR) == Ticket(b, 2)


@pytest.mark.parametrize(("reason", "scope"), [("unsubscribed", ""), ("bounced", ""), ("unsubscribed", "c-1")])
def test_a_hand_over_refuses_the_suppressed(world: World, reason: str, scope: str) -> None:
    a, b = world.planned("a", "b")
    tickets = [claim.ticket for claim in world.claim([a, b])]
    world.suppress("a", reason, scope)
    assert [world.hand_over(ticket) for ticket in tickets] == [False, True]
    assert world.why(tickets[0]) == "suppressed"


def test_a_no_to_another_campaign_or_one_that_was_lifted_stops_nothing(world: World) -> None:
    a, b = world.planned("a", "b")
    world.suppress("a", scope="c-2")
    world.suppress("b")
    with durable(world.store) as tx:
        tx.execute(sa.text("UPDATE suppressions SET lifted_at = 1 WHERE address = 'b'"))
    assert [world.hand_over(world.claimed(id_)) for id_ in (a, b)] == [True, True]


def test_a_hand_over_refuses_who_has_left(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.claimed(id_)
    world.change(enrollments, 1, state="exited", ended_at=NINE)
    assert not world.hand_over(ticket)
    assert world.why(ticket) == "exited"


def test_a_hand_over_refuses_a_lease_that_is_over_and_one_that_is_another_s(world: World) -> None:
    [a] = world.planned("a")
    ticket = world.claimed(a, lease(length=OVER))
    assert not world.hand_over(ticket)
    assert world.why(ticket) == "lease"
    assert not world.hand_over(ticket, lease("w2"))
    with relaxed(world.store) as tx:
        assert claims.renew(tx, [a], lease()) == set()
    assert not world.hand_over(ticket)


def test_a_hand_over_refuses_an_epoch_that_is_over(world: World) -> None:
    [id_] = world.planned("a")
    old = world.claimed(id_, lease(length=OVER))
    with relaxed(world.store) as tx:
        assert claims.sweep(tx, lease("w2")) == claims.Swept(frozenset({id_}), ())
    new = world.claimed(id_)
    assert new == Ticket(id_, 2)
    assert not world.hand_over(old)
    assert world.why(old) is None
    assert world.hand_over(new)
    assert not world.hand_over(new)


def test_a_renewed_lease_holds(world: World) -> None:
    a, b = world.planned("a", "b")
    world.claimed(a, lease(length=dt.timedelta(minutes=1)))
    world.claimed(b, lease("w2"))
    with relaxed(world.store) as tx:
        assert claims.renew(tx, [b], lease(length=OVER)) == set()
        assert claims.renew(tx, [a, b], lease(length=OVER)) == {a}
        assert claims.renew(tx, [a], lease()) == set()
        assert claims.sweep(tx, lease("w3")).released == {a}
    assert world.queued() == [a]


def test_the_version_is_bound_by_the_claim_and_pinned_by_the_first_hand_over(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.claimed(id_)
    with relaxed(world.store) as tx:
        assert claims.release(tx, [ticket]) == {id_}
    world.change(campaigns, "c-1", version=2)
    [claimed] = world.claim([id_])
    assert claimed.version == 2
    assert world.hand_over(claimed.ticket)
    with relaxed(world.store) as tx:
        records.deferred(tx, [(claimed.ticket, NINE, "451")], now=NINE)
    world.change(campaigns, "c-1", version=1)
    assert [one.version for one in world.claim([id_])] == [2]


def test_one_mail_of_a_person_at_a_time(world: World) -> None:
    world.campaign("c-2")
    [first] = world.planned("a")
    other = world.enrollment(1, "c-2")
    with durable(world.store) as tx:
        [second] = queue.plan(tx, [queue.Plan(other, "hello", SLOT)])
    assert [one.ticket.id for one in world.claim([second, first])] == [first]
    assert world.claim([second]) == []
    with relaxed(world.store) as tx:
        [waiting] = claims.head(tx, "c-2", now=NINE, most=5)
    assert (waiting.id, waiting.under_way) == (second, True)
    ticket = Ticket(first, 1)
    assert world.hand_over(ticket)
    assert world.claim([second]) == []
    with relaxed(world.store) as tx:
        records.accepted(tx, {first: "250"}, now=NINE)
    assert [one.ticket.id for one in world.claim([second])] == [second]


def test_system_mails_know_neither_slots_nor_pauses_nor_turns(world: World) -> None:
    world.campaign("_confirm", system=True, to_pending=True, live_at=None)
    [id_] = world.planned("a")
    world.claimed(id_)
    world.change(subscribers, 1, paused_until=NINE + HOUR, state="pending")
    enrollment = world.enrollment(1, "_confirm")
    with durable(world.store) as tx:
        [confirm] = queue.plan(tx, [queue.Plan(enrollment, "confirm", SLOT)])
    world.suppress("a", "unsubscribed")
    assert world.hand_over(world.claimed(confirm, now=NINE + 9 * HOUR), now=NINE + 9 * HOUR)


def test_a_system_mail_goes_to_no_dead_address_and_not_before_anything_is_live(world: World) -> None:
    world.campaign("_confirm", system=True, to_pending=True, live_at=None)
    [id_] = world.planned("a", campaign="_confirm")
    world.change(campaigns, "c-1", live_at=None)
    assert world.claim([id_]) == []
    assert len(world.claim([id_], live_needed=False)) == 1
    world.change(campaigns, "c-1", live_at=NINE)
    world.suppress("a", "bounced")
    assert not world.hand_over(Ticket(id_, 1))


def test_campaigns_are_asked_by_priority_and_system_mails_first(world: World) -> None:
    others: dict[str, dict[str, Any]] = {
        "c-low": {"priority": 1},
        "c-high": {"priority": 9},
        "_lost": {"system": True, "priority": 0, "live_at": None},
        "c-off": {"paused_at": NINE},
        "c-new": {"live_at": None},
    }
    for name, columns in others.items():
        world.campaign(name, **columns)
    world.planned("a", campaign="c-low")
    with reading(world.store) as tx:
        found = claims.heads(tx, live_needed=True)
        assert [one.campaign for one in found] == ["_lost", "c-high", "c-1", "c-low"]
        assert [one.at for one in found] == [None, None, None, NINE]
        assert "c-new" in [one.campaign for one in claims.heads(tx, live_needed=False)]
    world.change(engine_table, 1, paused_at=NINE)
    with reading(world.store) as tx:
        assert claims.heads(tx, live_needed=False) == []


def test_the_sweep_takes_back_what_owners_left(world: World) -> None:
    claimed, handed, held = world.planned("a", "b", "c")
    gone = lease(length=OVER)
    ticket = world.claimed(handed)
    assert world.hand_over(ticket)
    world.claimed(claimed, gone)
    world.claimed(held, lease("w2"))
    with relaxed(world.store) as tx:
        assert claims.renew(tx, [claimed, handed, held], gone) == {handed}
        swept = claims.sweep(tx, lease("w2"))
    assert swept == claims.Swept(frozenset({claimed}), ((handed, "c-1"),))
    assert [world.state(id_) for id_ in (claimed, handed, held)] == ["planned", "uncertain", "claimed"]
    assert world.delivery(handed)["unknowns"] == 0
    assert world.queued() == [claimed]
    with relaxed(world.store) as tx:
        assert claims.sweep(tx, lease("w2")) == claims.Swept(frozenset(), ())
        assert records.waited(tx, now=NINE + HOUR, most=9) == []


def test_what_was_deferred_goes_back_as_deferred(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.handed(id_)
    with relaxed(world.store) as tx:
        records.deferred(tx, [(ticket, NINE, "451")], now=NINE)
    again = world.claimed(id_)
    with relaxed(world.store) as tx:
        assert claims.release(tx, [ticket]) == set()
        assert claims.release(tx, [again]) == {id_}
    assert world.state(id_) == "deferred"
    assert world.queued() == [id_]


def test_on_sqlite_a_lease_of_before_the_machine_stopped_is_over(sqlite_upgraded: Path) -> None:
    world = World(in_memory(sqlite_upgraded))
    world.campaign()
    a, b, c = world.planned("a", "b", "c")
    world.claimed(a, lease("old", boot="b0", tick=9_000_000_000_000))
    world.claimed(b, lease("other"))
    world.claimed(c, lease("w1"))
    with relaxed(world.store) as tx:
        assert claims.sweep(tx, lease("w1")).released == {a}
        assert claims.sweep(tx, lease("w1"), alone=True).released == {b}
    assert not world.hand_over(Ticket(c, 1), lease("w1", boot="b2"))
    assert world.hand_over(Ticket(c, 1))
