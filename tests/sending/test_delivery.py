"""The delivery protocol: what each answer, each no, each pause and each death on the way does to a mail."""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.audience import suppressions
from backmail.errors import StoreBusy
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.model.states import OnUncertain, SubscriberState, SuppressionReason
from backmail.sending import decisions
from backmail.sending.delivery.answers import Ledger
from backmail.store import claims, queue
from backmail.store.engine import Commit, durable, relaxed, watched
from backmail.store.tables import campaigns, deliveries, due, engine, subscribers
from backmail.transports import MemoryTransport
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step

TUESDAY = MONDAY + DAY + 8 * HOUR
MINUTE = dt.timedelta(minutes=1)
ONE = campaign(step("only", "0"), slug="one")


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


class Crash(BaseException):
    """The process dies here: nothing on the way takes that for an answer."""


class Dying(MemoryTransport):
    """A transport under which the process dies: before anything left, or after."""

    def __init__(self, *, arrives: bool, after: int = 0) -> None:
        super().__init__()
        self.arrives, self.after = arrives, after

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        async for answer in super().send(group if self.arrives else group[: self.after]):
            if len(self.carried) > self.after:
                raise Crash
            yield answer
        raise Crash


def message_ids(town: Town) -> list[str]:
    return [each.message.headers["Message-ID"] for each in town.transport.carried]


def die(town: Town, transport: Dying) -> None:
    """Let a worker die on its way, and another one start after it."""
    town.backmail = town.worker(transport)
    with pytest.raises(Crash):
        town.tick()
    town.transport.carried += transport.carried
    let_leases_end(town)
    town.backmail = town.worker()


def let_leases_end(town: Town) -> None:
    """What the lock of a file proves to SQLite's next engine, PostgreSQL's learns from the clock."""
    with town.backmail.durable() as tx:
        tx.execute(deliveries.update().where(deliveries.c.lease_until.is_not(None)).values(lease_until=0))


def test_what_it_had_not_given_away_goes_once(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    die(town, Dying(arrives=False))
    assert town.deliveries()[0].state == "handed"
    town.run(TUESDAY + MINUTE)
    assert town.mails == [("ida", "only")]
    (row,) = town.deliveries()
    assert (row.state, row.unknowns, row.hand_overs) == ("accepted", 0, 2)


def test_what_it_had_given_away_goes_again_with_the_same_name(town: Town) -> None:
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    die(town, Dying(arrives=True))
    town.run(TUESDAY + MINUTE)
    assert town.mails == [("ida", "only"), ("ida", "only"), ("bo", "only")]
    assert len(set(message_ids(town))) == 2
    first, again, _ = town.transport.carried
    assert first.message == again.message


@pytest.mark.parametrize(("wish", "state"), [(OnUncertain.HOLD, "uncertain"), (OnUncertain.DROP, "skipped")])
def test_at_most_once_for_who_wants_that(town: Town, wish: OnUncertain, state: str) -> None:
    town.walk("ida", what=at(ONE, on_uncertain=wish))
    town.clock.turn(TUESDAY)
    die(town, Dying(arrives=True))
    town.run()
    (row,) = town.deliveries()
    assert (row.state, row.next_try_at) == (state, None)
    assert town.mails == [("ida", "only")]
    assert town.enrollments()[0].state == ("active" if wish is OnUncertain.HOLD else "finished")


def test_what_was_only_claimed_goes_back(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    other = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        claims.claim(tx, [each.id for each in found], other.leases.now(), now=TUESDAY, live_needed=False)
    let_leases_end(town)
    town.run(TUESDAY + MINUTE)
    assert town.mails == [("ida", "only")]
    assert town.deliveries()[0].hand_overs == 1


def test_another_engine_is_left_alone_while_its_lease_holds(store: sa.Engine, tmp_path: Path) -> None:
    town = Town(store, tmp_path, alone=False)
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    first = town.worker(Dying(arrives=True))
    town.backmail = first
    with pytest.raises(Crash):
        town.tick()
    town.backmail = town.worker()
    town.tick()
    assert town.mails == []
    assert town.deliveries()[0].state == "handed"


def test_who_stood_still_past_the_lease_writes_nothing(town: Town) -> None:
    """SIGSTOP between the hand-over and the wire: the transport asks before it writes."""
    may_write = town.backmail.leases.may_write
    asked: list[bool] = []

    def after_a_long_sleep(message: Message) -> bool:
        town.clock.ticked += 19_000_000
        asked.append(may_write(message))
        return asked[-1]

    town.backmail = town.worker(MemoryTransport(may_write=after_a_long_sleep))
    may_write = town.backmail.leases.may_write
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    town.tick()
    assert asked == [False]
    (row,) = town.deliveries()
    assert (row.state, row.hand_overs, row.first_handed_at) == ("deferred", 0, None)


def test_what_nobody_goes_on_with_is_not_prolonged(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database failed between claim and hand-over: the lease of the batch is to run out, however busy the rest."""
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)

    def locked(*_: object, **__: object) -> None:
        raise StoreBusy("locked")

    with monkeypatch.context() as patch:
        patch.setattr(claims, "hand_over", locked)
        with pytest.raises(StoreBusy):
            asyncio.run(town.backmail.tick())
    assert {state for _, state in town.states()} == {"claimed"}
    assert town.backmail.leases.held == []


def test_what_did_not_leave_while_the_clock_was_set_back_does_not_go_before_its_slot(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    town.transport.keep_back("ida@example.org")

    def set_back(commit: Commit) -> None:
        if (commit.name, commit.stage) == ("hand-over", "after"):
            town.clock.at = TUESDAY - HOUR

    town.store = watched(town.store, set_back)
    town.backmail = town.worker()
    asyncio.run(town.backmail.tick())
    (row,) = town.deliveries()
    assert (row.state, row.hand_overs, row.next_try_at) == ("deferred", 0, TUESDAY)


def test_a_hand_over_that_had_to_wait_for_the_database_past_the_lease_is_none(store: sa.Engine, tmp_path: Path) -> None:
    town = Town(store, tmp_path)
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)

    def wait(commit: Commit) -> None:
        if (commit.name, commit.stage) == ("hand-over", "begins"):
            town.clock.ticked += 21_000_000

    town.store = watched(store, wait)
    town.backmail = town.worker()
    asyncio.run(town.backmail.tick())
    if store.dialect.name == "postgresql":  # whose leases go by its own clock
        return
    assert town.mails == []
    (row,) = town.deliveries()
    assert (row.state, row.hand_overs) == ("planned", 0)


def test_a_clock_that_is_set_back_between_claim_and_hand_over_sends_nothing_early(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)

    def set_back(commit: Commit) -> None:
        if (commit.name, commit.stage, len(set_times)) == ("hand-over", "begins", 0):
            town.clock.at -= HOUR
            set_times.append(town.clock.at)

    set_times: list[dt.datetime] = []
    town.store = watched(town.store, set_back)
    town.backmail = town.worker()
    town.tick()
    assert (town.mails, town.states()) == ([], [("only", "planned")])
    town.run(TUESDAY)
    assert town.mails == [("ida", "only")]


def test_later_goes_up_the_ladder_and_ends_after_two_days(town: Town) -> None:
    town.walk("ida")
    town.transport.defer("ida@example.org", times=None)
    tries: list[dt.datetime] = []
    town.run(TUESDAY)
    while (row := town.deliveries()[0]).state == "deferred":
        tries.append(row.next_try_at)
        town.clock.turn(row.next_try_at)
        town.tick()
    waits = [(after - before) // MINUTE for before, after in zip([TUESDAY, *tries], tries, strict=False)]
    assert waits[:6] == [5, 15, 30, 60, 120, 240]
    # Never by night, which is from ten to seven where she lives.
    assert all(7 <= (each + HOUR).hour < 22 for each in tries)
    assert row.state == "failed"
    assert row.reason == "mailbox-over: 451 4.7.1 greylisted, come back later"
    assert town.clock.now() >= TUESDAY + 48 * HOUR
    assert row.first_handed_at == TUESDAY
    # The series goes on from the slot that she had, whatever it took.
    assert town.deliveries()[1].due_at == TUESDAY + 7 * DAY


def test_a_fault_of_our_set_up_is_not_counted_against_her(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.refuse("ida@example.org", 550, "5.7.1", "sent from a bad neighbourhood", times=1)
    town.run(TUESDAY)
    (row,) = town.deliveries()
    assert (row.state, row.deferrals, row.policy_deferrals, row.hand_overs) == ("deferred", 0, 1, 0)
    assert row.reason.startswith("policy: 550 5.7.1")
    town.run()
    assert town.deliveries()[0].state == "accepted"


def test_a_fault_of_our_set_up_that_lasts_ends_the_mail_and_nothing_else(town: Town) -> None:
    town.walk("ida")
    town.transport.refuse("ida@example.org", 550, "5.7.1", "no", times=None)
    while (row := town.deliveries()[0]).state != "failed":
        town.clock.turn(max(row.next_try_at or row.due_at, town.clock.now() + MINUTE))
        town.tick()
    assert row.reason == "policy-over: 550 5.7.1 no"
    assert town.enrollments()[0].state == "active"
    assert town.deliveries()[1].step == "two"


def test_a_refused_account_stops_the_way_out_and_marks_nobody(town: Town) -> None:
    people = [f"p{n}" for n in range(250)]
    town.walk(*people, what=ONE)
    town.transport.refuse("p3@example.org", 535, "5.7.8", "bad password", times=1)
    town.clock.turn(TUESDAY)
    town.tick()
    assert 0 < len(town.transport.carried) < 100
    held = [row for row in town.deliveries() if row.reason and row.reason.startswith("account")]
    assert [(row.state, row.next_try_at, row.hand_overs) for row in held] == [("deferred", None, 0)]
    assert town.backmail.next_look(town.clock.now()) == TUESDAY + 15 * MINUTE
    town.clock.turn(TUESDAY + 15 * MINUTE)
    town.tick()
    assert len(town.transport.carried) == 249


def test_no_connection_undoes_the_hand_over_and_keeps_the_slot_open(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.keep_back("ida@example.org", times=None)
    town.clock.turn(TUESDAY)
    town.tick()
    (row,) = town.deliveries()
    assert (row.state, row.hand_overs, row.first_handed_at, row.reason) == (
        "deferred", 0, None, "not-sent: no connection",
    )  # fmt: skip
    assert row.closes_at == MONDAY + DAY + 20 * HOUR  # until 21:00 of that day
    town.clock.turn(TUESDAY + 5 * HOUR)
    town.transport.keep_back("ida@example.org", times=0)
    town.transport._told.clear()
    town.tick()
    assert town.mails == [("ida", "only")]


def test_a_slot_that_closes_while_nothing_could_leave_moves_on(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.keep_back("ida@example.org", times=None)
    town.run(MONDAY + DAY + 22 * HOUR)
    assert town.deliveries()[0].due_at == TUESDAY + 7 * DAY


def test_a_mail_that_is_refused_for_itself_waits_for_the_operator(town: Town) -> None:
    town.walk("ida")
    town.transport.refuse("ida@example.org", 552, "5.3.4", "too big", times=None)
    town.run(MONDAY + 30 * DAY)
    assert [(row.step, row.state) for row in town.deliveries()] == [("one", "failed")]
    assert town.enrollments()[0].state == "active"


def test_a_full_mailbox_costs_her_this_mail_only(town: Town) -> None:
    town.walk("ida")
    town.transport.refuse("ida@example.org", 552, "5.2.2", "full", times=1)
    town.run()
    assert [row.state for row in town.deliveries()] == ["failed", "accepted", "accepted"]
    assert town.enrollments()[0].state == "finished"


@pytest.mark.parametrize("arrives", [True, False])
def test_a_line_that_is_lost_is_tried_again_after_a_quarter_of_an_hour(town: Town, arrives: bool) -> None:
    town.walk("ida", what=ONE)
    town.transport.lose("ida@example.org", arrives=arrives, times=1)
    town.clock.turn(TUESDAY)
    town.tick()
    (row,) = town.deliveries()
    assert (row.state, row.next_try_at, row.unknowns) == ("uncertain", TUESDAY + 15 * MINUTE, 1)
    town.clock.turn(TUESDAY + 15 * MINUTE)
    town.tick()
    assert town.deliveries()[0].state == "accepted"
    assert len(set(message_ids(town))) == 1


def test_the_third_lost_line_is_held(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.lose("ida@example.org", arrives=False, times=None)
    for quarter in range(6):
        town.clock.turn(TUESDAY + quarter * 16 * MINUTE)
        town.tick()
    (row,) = town.deliveries()
    assert (row.state, row.next_try_at, row.unknowns) == ("uncertain", None, 3)


def test_whose_mails_rest_hears_nothing_until_then(town: Town) -> None:
    (ida,) = town.walk("ida")
    town.run(MONDAY + 2 * DAY)
    with town.backmail.durable() as tx:
        until = MONDAY + 17 * DAY
        decisions.pause(tx, town.backmail.shelf, ida, until, now=town.clock.now(), zone="UTC")
    town.run(MONDAY + 20 * DAY)
    assert town.mails == [("ida", "one")]
    assert town.deliveries(step="two")[0].due_at == TUESDAY + 21 * DAY
    town.run()
    assert [row.first_handed_at for row in town.deliveries()] == [TUESDAY + n * DAY for n in (0, 21, 28)]


def test_who_ends_her_pause_goes_on_in_the_next_slot(town: Town) -> None:
    (ida,) = town.walk("ida")
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 90 * DAY, now=MONDAY, zone="UTC")
    town.run(MONDAY + 10 * DAY)
    assert town.mails == []
    with town.backmail.durable() as tx:
        decisions.resume(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC")
    town.run(MONDAY + 16 * DAY)
    assert town.mails == [("ida", "one")]


def test_her_own_wishes_move_what_waits(town: Town) -> None:
    (ida,) = town.walk("ida")
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(days="3", at="18:30"))
        decisions.changed(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC")
    assert town.deliveries()[0].due_at == MONDAY + 3 * DAY + 17 * HOUR + 30 * MINUTE


@pytest.mark.parametrize("scope", ["", SERIES.id])
def test_a_no_ends_it_and_taking_it_back_goes_on(town: Town, scope: str) -> None:
    ida, _ = town.walk("ida", "bo")
    town.run(MONDAY + 2 * DAY)
    with town.backmail.durable() as tx:
        assert decisions.unsubscribe(tx, ida, now=town.clock.now(), campaign=scope)
        assert not decisions.unsubscribe(tx, ida, now=town.clock.now(), campaign=scope)
    town.run(MONDAY + 9 * DAY)
    assert town.mails == [("ida", "one"), ("bo", "one"), ("bo", "two")]
    assert [(row.state, row.reason) for row in town.deliveries(subscriber=ida)] == [
        ("accepted", None), ("skipped", "unsubscribed"),
    ]  # fmt: skip
    with town.backmail.durable() as tx:
        assert decisions.undo(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC", campaign=scope)
        assert not decisions.undo(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC", campaign=scope)
    town.run()
    assert [step for who, step in town.mails if who == "ida"] == ["one", "two", "three"]
    assert [row.state for row in town.enrollments()] == ["finished", "finished"]


def test_a_no_cannot_be_taken_back_for_ever(town: Town) -> None:
    (ida,) = town.walk("ida")
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY)
    town.clock.turn(MONDAY + 31 * DAY)
    with town.backmail.durable() as tx:
        assert not decisions.undo(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC")


class Unsubscribing(MemoryTransport):
    """A transport during whose first group somebody of the next one says no."""

    def __init__(self, town: Town, person: int) -> None:
        super().__init__(window=2)
        self.town, self.person = town, person

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        if not self.carried:
            with durable(self.town.store) as tx:
                decisions.unsubscribe(tx, self.person, now=self.town.clock.now())
        async for answer in super().send(group):
            yield answer


def test_a_no_during_the_run_counts_for_what_was_only_claimed(town: Town) -> None:
    people = town.walk("ida", "bo", "eva", "kim", what=ONE)
    town.transport = Unsubscribing(town, people[3])
    town.backmail = town.worker()
    town.run(TUESDAY)
    assert town.mails == [("ida", "only"), ("bo", "only"), ("eva", "only")]
    assert [row.state for row in town.deliveries()] == ["accepted"] * 3 + ["skipped"]


@pytest.mark.parametrize("tried", [False, True])
def test_what_our_account_was_refused_for_comes_to_its_end_when_she_left_meanwhile(town: Town, tried: bool) -> None:
    (ida,) = town.walk("ida", what=ONE)
    at = TUESDAY
    if tried:
        town.transport.defer("ida@example.org")
        town.clock.turn(at)
        town.tick()
        at += 30 * MINUTE
    town.transport = told = Unsubscribing(town, ida)
    told.refuse("ida@example.org", 535, "5.7.8", "bad password", times=1)
    town.backmail = town.worker()
    town.clock.turn(at)
    town.tick()
    for _ in range(3):
        town.clock.turn(town.clock.now() + HOUR)
        town.tick()
    assert town.mails == []
    assert [(row.state, row.reason) for row in town.deliveries()] == [("skipped", "suppressed")]


def test_a_suppression_that_came_from_elsewhere_stops_the_hand_over(town: Town) -> None:
    (ida,) = town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        address = tx.scalar(sa.select(subscribers.c.address).where(subscribers.c.id == ida))
        suppressions.suppress(tx, str(address), SuppressionReason.COMPLAINED, now=MONDAY)
    town.run()
    assert town.mails == []
    assert [(row.state, row.reason) for row in town.deliveries()] == [("skipped", "suppressed")]


def test_a_fault_in_one_mail_does_not_hold_up_the_others(town: Town) -> None:
    town.publish(campaign(step("only", "0", subject="{{ subscriber.first_name }}, look"), slug="faulty"))
    ida = town.add("ida")
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(first_name="I\nda"))
    town.enroll([*ida, *town.add("bo")])
    counts = town.run()
    assert town.mails == [("bo", "only")]
    assert counts["failed"] == 1
    (row, _) = town.deliveries()
    assert (row.state, row.hand_overs) == ("failed", 0)
    assert row.reason.startswith("render: ")


def test_who_has_not_confirmed_gets_nothing(town: Town) -> None:
    town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(state=SubscriberState.PENDING.value))
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.mails == []


def test_nothing_of_a_campaign_goes_before_it_is_live(store: sa.Engine, tmp_path: Path) -> None:
    town = Town(store, tmp_path, live_needed=True)
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.mails == []
    town.set_campaign(live_at=TUESDAY, live_by="test")
    town.tick()
    assert town.mails == [("ida", "only")]


@pytest.mark.parametrize("table", [campaigns, engine], ids=["campaign", "all"])
def test_a_pause_stops_claims_and_ends_as_catching_up(town: Town, table: sa.Table) -> None:
    town.walk("ida")
    with town.backmail.durable() as tx:
        tx.execute(table.update().values(paused_at=MONDAY))
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.mails == []
    with town.backmail.durable() as tx:
        tx.execute(table.update().values(paused_at=None))
    town.clock.turn(TUESDAY + 5 * HOUR)
    town.tick()
    assert town.deliveries()[0].due_at == TUESDAY + 7 * DAY


def test_two_mails_to_one_person_go_one_after_the_other(town: Town) -> None:
    town.publish()
    ida = town.add("ida")
    town.enroll(ida)
    town.publish(at(ONE, priority=9))
    town.enroll(ida)
    town.run(TUESDAY)
    assert town.mails == [("ida", "only"), ("ida", "one")]


def test_the_sweep_finds_who_was_forgotten(town: Town) -> None:
    town.walk("ida", "bo")
    first, *_ = town.deliveries()
    with town.backmail.durable() as tx:
        queue.delete(tx, [first.id])
    town.backmail = town.worker()
    town.run()
    assert [row.state for row in town.enrollments()] == ["finished", "finished"]


def test_the_queue_is_mended_at_the_start(town: Town) -> None:
    town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        tx.execute(due.delete())
    town.backmail = town.worker()
    town.run()
    assert town.mails == [("ida", "only")]


def test_draining_puts_back_what_was_not_handed_over(town: Town) -> None:
    town.walk(*(f"p{n}" for n in range(6)), what=ONE)

    class Stopping(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            await town.backmail.drain()
            async for answer in super().send(group):
                yield answer

    town.transport = Stopping(window=2)
    town.backmail = town.worker()
    town.clock.turn(TUESDAY)
    town.tick()
    rows: list[Any] = town.deliveries()
    assert [row.state for row in rows] == ["accepted"] * 2 + ["planned"] * 4
    assert town.waiting() == 4


def test_a_clock_that_is_set_back_sends_nothing_twice(town: Town) -> None:
    town.walk("ida")
    town.run(TUESDAY)
    town.clock.at = TUESDAY - HOUR
    town.run(TUESDAY + 8 * DAY)
    assert town.mails == [("ida", "one"), ("ida", "two")]


def test_system_mails_know_no_night_and_no_pause(town: Town) -> None:
    asking = campaign(step("ask", "0"), slug="_asking")
    town.publish(asking)
    town.clock.turn(MONDAY + 2 * HOUR)  # three in the morning in Copenhagen
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(paused_until=MONDAY + 90 * DAY))
    assert town.enroll([ida]).enrollments
    town.tick()
    assert town.mails == [("ida", "ask")]
    assert town.enroll([ida]).enrollments  # again at once


def test_version_and_variant_are_pinned_by_the_first_hand_over(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.defer("ida@example.org")
    town.run(TUESDAY)
    town.publish(at(ONE, name="Another name for it"))
    town.run()
    (row,) = town.deliveries()
    assert (row.version, row.state, row.hand_overs) == (1, "accepted", 2)
    assert "Another name" not in town.transport.carried[0].message.part("text")


def test_what_was_never_handed_over_takes_the_newest_version(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.keep_back("ida@example.org")
    town.run(TUESDAY)
    town.publish(at(ONE, name="Another name for it"))
    town.run()
    assert town.deliveries()[0].version == 2
    assert "Another name" in town.transport.carried[0].message.part("text")


def test_states_add_up(town: Town) -> None:
    """Whatever happens, each delivery is accounted for, and the queue agrees with the rows."""
    names = [f"p{n}" for n in range(30)]
    town.walk(*names)
    for n, name in enumerate(names):
        match n % 6:
            case 1:
                town.transport.defer(f"{name}@example.org", times=2)
            case 2:
                town.transport.refuse(f"{name}@example.org")
            case 3:
                town.transport.lose(f"{name}@example.org", arrives=n % 4 == 1, times=2)
            case 4:
                town.transport.keep_back(f"{name}@example.org", times=1)
            case _:
                pass
    town.run()
    with town.backmail.reading() as tx:
        assert queue.disagreements(tx) == []
        left = tx.scalar(
            sa.select(sa.func.count())
            .select_from(deliveries)
            .where(deliveries.c.state.not_in(("accepted", "failed", "skipped")))
        )
    assert left == 0
    assert {row.state for row in town.enrollments()} == {"finished", "exited"}
    got = {who for who, _ in town.mails}
    assert got == {name for n, name in enumerate(names) if n % 6 != 2}


def test_answers_that_could_not_be_written_down_are_kept_until_they_can(town: Town) -> None:
    """The database is locked while mails are on the wire: they were taken, so they may not go again."""
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    pump = town.backmail.pump
    recorded = pump._record

    def busy(ledger: Ledger) -> None:
        if pump._unrecorded:
            raise StoreBusy("the database is locked")
        recorded(ledger)

    pump._record = busy  # type: ignore[method-assign]
    with pytest.raises(StoreBusy):
        town.tick()
    pump._record = recorded  # type: ignore[method-assign]
    assert {row.state for row in town.deliveries()} == {"handed"}
    let_leases_end(town)
    town.clock.turn(TUESDAY + MINUTE)
    town.tick()
    assert town.mails == [("ida", "only"), ("bo", "only")]
    assert {row.state for row in town.deliveries()} == {"accepted"}


def test_a_refused_account_is_told(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.refuse("ida@example.org", 535, "5.7.8", "bad password")
    town.clock.turn(TUESDAY)
    assert "refused our account" in asyncio.run(town.backmail.tick()).refused


def test_that_nothing_can_leave_is_told(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.keep_back("ida@example.org")
    town.clock.turn(TUESDAY)
    assert asyncio.run(town.backmail.tick()).refused == (
        "nothing could leave: no connection; it is tried again by itself"
    )
