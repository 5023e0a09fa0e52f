"""What became of a delivery is written by who holds it, and undone where nothing left."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmail.store import claims, queue, records
from backmail.store.engine import durable, relaxed
from backmail.store.rows import Ticket
from backmail.store.tables import enrollments
from tests.store.world import HOUR, NINE, SLOT, World, in_memory, lease

LATER = NINE + HOUR / 12


@pytest.fixture
def world(store: sa.Engine) -> World:
    made = World(store)
    made.campaign()
    return made


def test_accepted_is_final(world: World) -> None:
    [id_] = world.planned("a")
    world.handed(id_, now=NINE)
    with relaxed(world.store) as tx:
        assert records.accepted(tx, {id_: "250 queued as 7"}, now=LATER) == {id_}
        assert records.accepted(tx, {id_: "again"}, now=LATER) == set()
    row = world.delivery(id_)
    assert (row["state"], row["provider_id"], row["accepted_at"]) == ("accepted", "250 queued as 7", LATER)
    assert (row["owner"], row["lease_until"], row["first_handed_at"], row["hand_overs"]) == (None, None, NINE, 1)
    assert world.queued() == []


def test_an_answer_of_later_is_counted_and_waits_in_the_queue(world: World) -> None:
    [id_] = world.planned("a")
    for count, now in enumerate((NINE, LATER), 1):
        ticket = world.handed(id_, now=now)
        with relaxed(world.store) as tx:
            assert records.deferred(tx, [(ticket, LATER, "451 4.7.1 wait")], now=now) == {id_}
            assert records.deferred(tx, [(ticket, LATER, "again")], now=now) == set()
        row = world.delivery(id_)
        assert (row["state"], row["deferrals"], row["deferred_since"]) == ("deferred", count, NINE)
        assert (row["next_try_at"], row["reason"], row["hand_overs"]) == (LATER, "451 4.7.1 wait", count)
        assert world.queued() == [id_]
    assert world.delivery(id_)["due_at"] == NINE


def test_what_was_certainly_not_sent_is_as_before_the_claim(world: World) -> None:
    [id_] = world.planned("a")
    before = world.delivery(id_)
    ticket = world.handed(id_)
    with relaxed(world.store) as tx:
        assert records.not_sent(tx, [(ticket, LATER, "no connection")], now=NINE) == {id_}
    after = world.delivery(id_)
    changed = {"state": "deferred", "next_try_at": LATER, "reason": "no connection"}
    counted = {"epoch": 1, "version": 1, "variant": ""}
    assert after == before | changed | counted
    assert world.queued() == [id_]
    assert world.claim([id_], now=SLOT.closes) == []


def test_not_sent_leaves_the_hand_overs_before_it(world: World) -> None:
    [id_] = world.planned("a")
    first = world.handed(id_)
    with relaxed(world.store) as tx:
        records.deferred(tx, [(first, LATER, "451")], now=NINE)
    second = world.handed(id_, now=LATER)
    with relaxed(world.store) as tx:
        records.not_sent(tx, [(second, LATER, "421")], now=LATER, policy=True)
    row = world.delivery(id_)
    assert (row["hand_overs"], row["first_handed_at"], row["deferrals"]) == (1, NINE, 1)
    assert (row["policy_deferrals"], row["policy_since"]) == (1, LATER)


def test_not_sent_without_a_time_waits_for_the_operator(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.handed(id_)
    with relaxed(world.store) as tx:
        assert records.not_sent(tx, [(ticket, None, "535")], now=NINE) == {id_}
    assert world.queued() == []
    with durable(world.store) as tx:
        assert queue.move(tx, [(id_, None, LATER)]) == {id_}
    assert world.queued() == [id_]


@pytest.mark.parametrize("verb", ["deferred", "not_sent", "failed", "uncertain"])
def test_a_ticket_whose_epoch_is_over_writes_nothing(world: World, verb: str) -> None:
    [id_] = world.planned("a")
    old = world.handed(id_)
    with relaxed(world.store) as tx:
        records.not_sent(tx, [(old, NINE, "no connection")], now=NINE)
    new = world.handed(id_)
    before = world.delivery(id_)
    assert write(world, verb, old) == set()
    assert world.delivery(id_) == before
    assert write(world, verb, new) == {id_}


def _swept(tx: sa.Connection) -> set[int]:
    swept = claims.sweep(tx, lease("w9"), alone=True)
    return set(swept.released) | {id_ for id_, _ in swept.uncertain}


def _claimed(tx: sa.Connection, id_: int) -> set[int]:
    return {one.ticket.id for one in claims.claim(tx, [id_], lease(), now=NINE, live_needed=True)}


# Everything that is ever done to a delivery, each once with a ticket for it.
VERBS: dict[str, Callable[[sa.Connection, Ticket], set[int]]] = {
    "claim": lambda tx, one: _claimed(tx, one.id),
    "hand_over": lambda tx, one: claims.hand_over(tx, [(one, "")], lease(), now=NINE, live_needed=True),
    "release": lambda tx, one: claims.release(tx, [one]),
    "sweep": lambda tx, one: _swept(tx),
    "accept": lambda tx, one: records.accepted(tx, {one.id: "250"}, now=NINE),
    "deferred": lambda tx, one: records.deferred(tx, [(one, LATER, "451")], now=NINE),
    "not_sent": lambda tx, one: records.not_sent(tx, [(one, NINE, "421")], now=NINE),
    "failed": lambda tx, one: records.failed(tx, [(one, "address_bad")]),
    "skipped": lambda tx, one: records.skipped(tx, [(one, "suppressed")]),
    "uncertain": lambda tx, one: records.uncertain(tx, [(one, LATER, "line lost")]),
    "resend": lambda tx, one: records.resend(tx, [(one.id, NINE)]),
    "drop": lambda tx, one: records.settle(tx, [(one.id, "skipped", "dropped")]),
    "no": lambda tx, one: queue.skip_open(tx, 1, reason="unsubscribed"),
    "pause": lambda tx, one: queue.withhold(tx, 1),
    "move": lambda tx, one: queue.move(tx, [(one.id, SLOT, NINE)]),
    "plan": lambda tx, one: queue.plan(tx, [queue.Plan(1, "why-move", SLOT)]),
}


def write(world: World, verb: str, ticket: Ticket) -> set[int]:
    """Do one thing to a delivery, and return the ids on which it took effect."""
    with relaxed(world.store) as tx:
        return VERBS[verb](tx, ticket)


@pytest.mark.parametrize(
    "before",
    [[], ["claim"], ["claim", "hand_over"], ["claim", "hand_over", "uncertain"], ["claim", "hand_over", "deferred"]],
)
def test_a_positive_answer_wins_from_any_open_state(world: World, before: list[str]) -> None:
    [id_] = world.planned("a")
    for verb in before:
        assert write(world, verb, Ticket(id_, 1)) == {id_}
    assert write(world, "accept", Ticket(id_, 99)) == {id_}
    assert world.state(id_) == "accepted"
    assert world.queued() == []


@pytest.mark.parametrize("verb", ["failed", "skipped"])
def test_a_no_of_the_provider_does_not_undo_a_yes(world: World, verb: str) -> None:
    [id_] = world.planned("a")
    ticket = world.handed(id_)
    assert write(world, "accept", ticket) == {id_}
    assert write(world, verb, ticket) == set()
    assert world.state(id_) == "accepted"


def test_what_cannot_be_rendered_fails_before_it_is_handed_over(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.claimed(id_)
    with relaxed(world.store) as tx:
        assert records.failed(tx, [(ticket, "render: 02-why.md:7")]) == {id_}
    assert (world.state(id_), world.delivery(id_)["reason"]) == ("failed", "render: 02-why.md:7")


def test_only_what_is_claimed_is_skipped(world: World) -> None:
    a, b = world.planned("a", "b")
    assert write(world, "skipped", world.claimed(a)) == {a}
    assert write(world, "skipped", world.handed(b)) == set()


def test_an_uncertain_one_is_looked_at_when_its_time_has_come_and_a_held_one_never(world: World) -> None:
    a, b = world.planned("a", "b")
    tickets = [world.handed(id_) for id_ in (a, b)]
    with relaxed(world.store) as tx:
        records.uncertain(tx, [(tickets[0], LATER, "line lost"), (tickets[1], None, "line lost")])
    with relaxed(world.store) as tx:
        assert records.waited(tx, now=NINE, most=9) == []
        assert records.waited(tx, now=LATER + HOUR, most=9) == [(a, "c-1")]
        assert records.resend(tx, [(a, LATER)]) == {a}
        assert records.resend(tx, [(a, LATER)]) == set()
        assert records.settle(tx, [(b, "skipped", "dropped"), (a, "failed", "bounced")]) == {b}
    assert [world.state(id_) for id_ in (a, b)] == ["deferred", "skipped"]
    assert world.delivery(a)["unknowns"] == 1
    assert world.queued() == [a]


def test_nothing_is_planned_for_who_has_left_and_nothing_twice(world: World) -> None:
    [first] = world.planned("a")
    gone = world.enrollment(world.person("b"))
    world.change(enrollments, gone, state="exited", ended_at=NINE)
    with durable(world.store) as tx:
        plans = [queue.Plan(gone, "x", SLOT), queue.Plan(1, "why-move", SLOT), queue.Plan(1, "next", SLOT)]
        [second] = queue.plan(tx, plans)
    assert (world.delivery(second)["enrollment"], world.delivery(second)["step"]) == (1, "next")
    assert world.queued() == [first, second]


def test_a_no_skips_what_is_not_handed_over_and_nothing_else(world: World) -> None:
    world.campaign("c-2")
    [claimed] = world.planned("a")
    world.claimed(claimed)
    other = world.enrollment(1, "c-2")
    with durable(world.store) as tx:
        [waiting] = queue.plan(tx, [queue.Plan(other, "hello", SLOT)])
    [handed] = world.planned("b")
    ticket = world.handed(handed)
    with durable(world.store) as tx:
        assert queue.skip_open(tx, 1, reason="unsubscribed", campaign="c-2") == {waiting}
        assert queue.skip_open(tx, 1, reason="unsubscribed") == {claimed}
        assert queue.skip_open(tx, 2, reason="unsubscribed") == set()
    assert [world.state(id_) for id_ in (claimed, waiting, handed)] == ["skipped", "skipped", "handed"]
    assert world.delivery(claimed)["reason"] == "unsubscribed"
    assert not world.hand_over(Ticket(claimed, 1))
    assert world.queued() == []
    assert write(world, "accept", ticket) == {handed}


def test_a_person_who_pauses_gets_nothing_until_she_is_put_back(world: World) -> None:
    [id_] = world.planned("a")
    ticket = world.claimed(id_)
    with durable(world.store) as tx:
        assert queue.withhold(tx, 1) == {id_}
    assert not world.hand_over(ticket)
    assert (world.state(id_), world.queued(), world.head()) == ("planned", [], [])
    with durable(world.store) as tx:
        assert queue.move(tx, [(id_, SLOT, NINE)]) == {id_}
    assert world.claimed(id_) == Ticket(id_, 2)


def test_a_move_takes_slot_and_place_in_the_queue_along(world: World) -> None:
    a, b = world.planned("a", "b")
    world.claimed(b)
    day = dt.timedelta(days=1)
    slot = type(SLOT)(SLOT.due + day, SLOT.closes + day, SLOT.date + day, "Asia/Tokyo")
    with relaxed(world.store) as tx:
        assert queue.move(tx, [(a, slot, slot.due), (b, slot, slot.due)]) == {a}
    assert world.head() == []
    with relaxed(world.store) as tx:
        [found] = claims.head(tx, "c-1", now=slot.due, most=9)
    assert (found.slot, found.next_try_at) == (slot, slot.due)
    assert world.queued() == [a]


def test_a_disagreement_is_found_and_mended(world: World) -> None:
    a, b, c = world.planned("a", "b", "c")
    with durable(world.store) as tx:
        tx.execute(sa.text(f"DELETE FROM due WHERE delivery = {a}"))  # noqa: S608
        tx.execute(sa.text(f"UPDATE deliveries SET state = 'skipped' WHERE id = {b}"))  # noqa: S608
        tx.execute(sa.text(f"UPDATE due SET next_try_at = next_try_at + 1 WHERE delivery = {c}"))  # noqa: S608
    with durable(world.store) as tx:
        found = [(one.delivery, one.stray) for one in queue.mend(tx)]
    assert found == [(a, False), (b, True), (c, False), (c, True)]
    assert world.queued() == [a, c]


def test_a_transaction_that_fails_leaves_nothing(world: World) -> None:
    [id_] = world.planned("a")
    before = world.delivery(id_)
    with pytest.raises(KeyboardInterrupt), relaxed(world.store) as tx:  # noqa: PT012
        [one] = claims.claim(tx, [id_], lease(), now=NINE, live_needed=True)
        claims.hand_over(tx, [(one.ticket, "")], lease(), now=NINE, live_needed=True)
        raise KeyboardInterrupt
    assert world.delivery(id_) == before
    assert world.queued() == [id_]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(story=st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(1, 3)), max_size=30))
def test_whatever_happens_in_whatever_order_the_tables_agree(
    sqlite_upgraded: Path, story: list[tuple[str, int]]
) -> None:
    world = World(in_memory(sqlite_upgraded))
    world.campaign()
    [id_] = world.planned("a")
    final = False
    for verb, epoch in story:
        before = world.delivery(id_)
        changed = write(world, verb, Ticket(id_, epoch))
        after = world.delivery(id_)
        world.queued()
        if not changed:
            assert after == before, verb
        assert not final or after == before, verb
        final = after["state"] in ("accepted", "failed", "skipped")
    world.store.dispose()
