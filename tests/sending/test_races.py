"""Two at once on PostgreSQL: workers, readers and the operator meet on the same rows, and one is strictly first."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.audience import suppressions
from backmail.model.states import SuppressionReason
from backmail.sending import decisions
from backmail.sending.operations import Resumed, pause_campaign, resume_campaign
from backmail.sending.reasons import Reason
from backmail.store import claims, queue, records
from backmail.store.engine import connect, durable, reading, relaxed
from backmail.store.tables import deliveries, enrollments, subscribers
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step

TUESDAY = MONDAY + DAY + 8 * HOUR
ONE = campaign(step("only", "0"), slug="one")


@pytest.fixture
def town(shared_postgres: str, tmp_path: Path) -> Iterator[Town]:
    """A town on PostgreSQL, with a line to the database for each who asks for one."""
    store = connect(shared_postgres, patience=20)
    yield Town(store, tmp_path, alone=False)
    store.dispose()


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def until_waits(town: Town, many: int = 1) -> None:
    """Return once so many transactions wait for another one's lock."""
    for _ in range(20_000):
        with reading(town.store) as tx:
            if (tx.scalar(sa.text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")) or 0) >= many:
                return
    raise AssertionError("nobody waits")


def until_waits_or_done(town: Town, doing: Future[object]) -> None:
    """Return once somebody waits for a lock, or has come through without waiting."""
    for _ in range(20_000):
        if doing.done():
            return
        with reading(town.store) as tx:
            if tx.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
    raise AssertionError("nobody waits")


def in_tx(town: Town, what: Callable[[sa.Connection], object]) -> Callable[[], object]:
    def done() -> object:
        with durable(town.store) as tx:
            return what(tx)

    return done


def test_a_pause_that_two_end_at_once_moves_the_slots_once(town: Town, other: ThreadPoolExecutor) -> None:
    town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        pause_campaign(tx, ONE.id, now=MONDAY, by="ann", hold=True)
    now = MONDAY + 2 * DAY

    def resume(tx: sa.Connection) -> Resumed | None:
        return resume_campaign(tx, ONE.id, now=now, by="bob")

    with durable(town.store) as tx:
        assert resume(tx) == Resumed(ONE.id, 2, 1)
        second = other.submit(in_tx(town, resume))
        until_waits_or_done(town, second)
    assert second.result() is None
    assert town.deliveries()[0].due_at == TUESDAY + 2 * DAY


def test_a_pause_of_all_that_two_end_at_once_moves_the_slots_once(town: Town, other: ThreadPoolExecutor) -> None:
    town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        pause_campaign(tx, None, now=MONDAY, by="ann", hold=True)
    now = MONDAY + 2 * DAY

    def resume(tx: sa.Connection) -> Resumed | None:
        return resume_campaign(tx, None, now=now, by="bob")

    with durable(town.store) as tx:
        assert resume(tx) == Resumed(None, 2, 1)
        second = other.submit(in_tx(town, resume))
        until_waits_or_done(town, second)
    assert second.result() is None
    assert town.deliveries()[0].due_at == TUESDAY + 2 * DAY


def test_a_suppression_that_is_written_with_a_hand_over_in_progress_is_strictly_before_or_after(
    town: Town, other: ThreadPoolExecutor
) -> None:
    """Her no holds the delivery's row when the hand-over comes: the hand-over waits, and then it is too late."""
    (ida,) = town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    worker = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        (mine,) = claims.claim(tx, [one.id for one in found], worker.leases.now(), now=TUESDAY, live_needed=False)

    def hand_over(tx: sa.Connection) -> set[int]:
        lease = worker.leases.now()
        return claims.hand_over(tx, [(mine.ticket, "")], lease, now=TUESDAY, live_needed=False)

    with durable(town.store) as tx:
        decisions.unsubscribe(tx, ida, now=TUESDAY)
        handing = other.submit(in_tx(town, hand_over))
        until_waits(town)
    assert handing.result() == set()
    assert town.deliveries()[0].state == "skipped"


def test_a_claim_and_a_tag_that_ends_the_campaign_do_not_wait_in_a_circle(
    town: Town, other: ThreadPoolExecutor
) -> None:
    """The claim holds the delivery and plans anew, for which it wants the enrollment; so does the exit."""
    (ida,) = town.walk("ida")
    town.run(TUESDAY)
    town.clock.turn(TUESDAY + 7 * DAY + 3 * HOUR)
    town.publish(at(SERIES, steps=(SERIES.steps[0], SERIES.steps[2])))
    (walk,) = town.enrollments()

    def leave(tx: sa.Connection) -> bool:
        return decisions.exit_campaign(tx, ida, SERIES.id, reason=Reason.TAG, now=town.clock.now())

    with relaxed(town.store) as tx:
        (found,) = claims.head(tx, SERIES.id, now=town.clock.now(), most=9)
        leaving = other.submit(in_tx(town, leave))
        until_waits(town)
        queue.delete(tx, [found.id])
        queue.plan(tx, [queue.Plan(walk.id, "three", found.slot)])
    assert leaving.result() is True
    assert [row.state for row in town.deliveries()] == ["accepted", "skipped"]
    assert town.waiting() == 0


def test_a_hand_over_that_finds_somebody_gone_and_her_no_do_not_wait_in_a_circle(
    town: Town, other: ThreadPoolExecutor
) -> None:
    (ida,) = town.walk("ida")
    town.clock.turn(TUESDAY)
    with town.backmail.durable() as tx:
        address = str(tx.scalar(sa.select(subscribers.c.address)))
        suppressions.suppress(tx, address, SuppressionReason.OPERATOR, now=MONDAY)
    worker = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, SERIES.id, now=TUESDAY, most=9)
        (mine,) = claims.claim(tx, [one.id for one in found], worker.leases.now(), now=TUESDAY, live_needed=False)
    (walk,) = town.enrollments()

    def leave(tx: sa.Connection) -> bool:
        return decisions.unsubscribe(tx, ida, now=TUESDAY)

    with relaxed(town.store) as tx:
        records.skipped(tx, [(mine.ticket, "suppressed")])
        leaving = other.submit(in_tx(town, leave))
        until_waits(town)
        queue.plan(tx, [queue.Plan(walk.id, "two", found[0].slot)])
    assert leaving.result() is True
    assert town.enrollments()[0].state == "exited"
    assert {row.state for row in town.deliveries()} == {"skipped"}
    assert town.waiting() == 0


def test_a_pause_and_a_renewal_take_rows_in_the_same_order(town: Town, other: ThreadPoolExecutor) -> None:
    """As they lie, the first one would come last: its lease ends later."""
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    worker = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        claims.claim(tx, [one.id for one in found], worker.leases.now(), now=TUESDAY, live_needed=False)
    first, last = sorted(one.id for one in found)
    with durable(town.store) as tx:
        later = deliveries.update().values(lease_until=deliveries.c.lease_until + 1)
        tx.execute(later.where(deliveries.c.id == first))

    def renew(tx: sa.Connection) -> set[int]:
        return claims.renew(tx, [first, last], worker.leases.now())

    with durable(town.store) as tx:
        lock = sa.select(deliveries.c.id).with_for_update()
        tx.execute(lock.where(deliveries.c.id == first)).all()
        renewing = other.submit(in_tx(town, renew))
        until_waits(town)
        tx.execute(lock.where(deliveries.c.id == last)).all()
    assert renewing.result() == {first, last}


def test_an_edit_and_a_hand_over_at_once_leave_the_anchor_alone(town: Town, other: ThreadPoolExecutor) -> None:
    """The edit read that it was never handed over; when it comes to write, it was, and has to be tried again."""
    town.walk("ida")
    town.clock.turn(TUESDAY)
    town.transport.defer("ida@example.org")
    (before,) = town.deliveries()
    with durable(town.store) as tx:
        worker = other.submit(town.tick)
        worker.result()
        (handed,) = town.deliveries()
        slot = queue.slot_of(before)
        later = type(slot)(slot.due + DAY, slot.closes + DAY, slot.date + dt.timedelta(days=1), slot.zone)
        queue.move(tx, [(before.id, later, later.due)])
    (row,) = town.deliveries()
    assert (row.state, row.slot_date, row.due_at, row.next_try_at) == (
        "deferred", handed.slot_date, handed.due_at, handed.next_try_at,
    )  # fmt: skip
    with reading(town.store) as tx:
        assert queue.disagreements(tx) == []


def test_who_enrolls_twice_at_once_walks_once(town: Town, other: ThreadPoolExecutor) -> None:
    town.publish()
    ida = town.add("ida")
    done = [one.result() for one in [other.submit(town.enroll, ida), other.submit(town.enroll, ida)]]
    assert sorted(len(one.enrollments) for one in done) == [0, 1]
    assert len(town.enrollments()) == len(town.deliveries()) == 1


def test_who_says_no_while_she_is_enrolled_is_not_walking(town: Town, other: ThreadPoolExecutor) -> None:
    town.publish()
    (ida,) = town.add("ida")

    def leave(tx: sa.Connection) -> bool:
        return decisions.unsubscribe(tx, ida, now=MONDAY)

    from backmail.sending.enrollment import enroll

    assert town.published
    with durable(town.store) as tx:
        enroll(tx, town.published, [ida], now=MONDAY, zone="UTC")
        leaving = other.submit(in_tx(town, leave))
        until_waits(town)
    assert leaving.result() is True
    assert [row.state for row in town.enrollments()] == ["exited"]
    assert [row.state for row in town.deliveries()] == ["skipped"]
    assert town.waiting() == 0


def test_the_next_step_is_not_planned_for_who_left_a_moment_before(town: Town, other: ThreadPoolExecutor) -> None:
    (ida,) = town.walk("ida")

    def leave(tx: sa.Connection) -> bool:
        return decisions.unsubscribe(tx, ida, now=TUESDAY)

    town.clock.turn(TUESDAY)
    with durable(town.store) as tx:
        tx.execute(sa.select(enrollments.c.id).with_for_update())
        ticking = other.submit(town.tick)
        until_waits(town)
        leaving = other.submit(in_tx(town, leave))
        until_waits(town, 2)
    leaving.result()
    ticking.result()
    assert town.enrollments()[0].state == "exited"
    town.run()
    assert town.mails == [("ida", "one")]
    assert {row.state for row in town.deliveries()} <= {"accepted", "skipped"}
    assert town.waiting() == 0
