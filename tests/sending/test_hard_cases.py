"""Cases that a stranger thought of to break the protocol: nobody is lost, nothing stands still, no no is undone."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail import rendering
from backmail.audience import suppressions
from backmail.model.campaign import Campaign, Schedule
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.model.states import OnUncertain, SubscriberState, SuppressionReason
from backmail.sending import decisions
from backmail.sending.delivery import pump
from backmail.sending.operations import retry, settle
from backmail.sending.replanning import replan, walking
from backmail.store import claims, queue, records
from backmail.store.engine import durable, relaxed
from backmail.store.rows import Ticket
from backmail.store.tables import deliveries, enrollments, subscribers
from backmail.transports import MemoryTransport
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step

MINUTE = dt.timedelta(minutes=1)
TUESDAY = MONDAY + DAY + 8 * HOUR
ONE = campaign(step("only", "0"), slug="one")
FIRST, SECOND, THIRD = SERIES.steps


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def edit(town: Town, what: Campaign) -> None:
    """Publish a campaign anew, as `apply` does."""
    town.publish(what)
    with town.backmail.durable() as tx:
        replan(tx, town.backmail.shelf, walking(tx, campaign=what.id), now=town.clock.now(), zone="UTC")


def no(town: Town, person: int, campaign: str = "") -> None:
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, person, now=town.clock.now(), campaign=campaign)


def undo(town: Town, person: int, campaign: str = "") -> bool:
    with town.backmail.durable() as tx:
        return decisions.undo(tx, town.backmail.shelf, person, now=town.clock.now(), zone="UTC", campaign=campaign)


def agree(town: Town) -> None:
    """The queue says what the deliveries say."""
    with town.backmail.reading() as tx:
        assert queue.disagreements(tx) == []


# Nobody stands in the way of the others.


def test_who_may_not_have_anything_does_not_keep_others_from_the_head(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "_MOST", 2)
    town.transport.window = 2
    town.backmail = town.worker()
    town.walk("ida", "eva", "bo", what=ONE)
    with town.backmail.durable() as tx:
        some = subscribers.c.email.in_(["ida@example.org", "eva@example.org"])
        tx.execute(subscribers.update().where(some).values(state=SubscriberState.PENDING.value))
    town.run(TUESDAY)
    assert town.mails == [("bo", "only")]
    agree(town)


def test_who_becomes_active_again_is_not_forgotten(town: Town) -> None:
    town.walk("ida", what=ONE)
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(state=SubscriberState.PENDING.value))
    town.run(TUESDAY)
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().values(state=SubscriberState.ACTIVE.value))
    town.run(TUESDAY + 8 * DAY)
    assert town.mails == [("ida", "only")]


def test_a_pause_without_any_slot_after_it_does_not_turn_the_engine_in_a_circle(town: Town) -> None:
    never = Schedule(skip=tuple(f"{MONDAY.date() + n * DAY:%Y-%m-%d}" for n in range(30, 800)))
    town.walk("ida", "bo", what=at(ONE, schedule=never))
    with town.backmail.durable() as tx:
        ida = subscribers.c.email == "ida@example.org"
        tx.execute(subscribers.update().where(ida).values(paused_until=MONDAY + 60 * DAY))
    town.clock.turn(TUESDAY)
    counts = town.tick()
    assert counts["accepted"] == 1
    assert town.mails == [("bo", "only")]
    agree(town)


class Broken(Exception):  # noqa: N818  # it says what happened
    """What nobody thought of."""


def test_a_fault_that_nobody_thought_of_in_one_mail_does_not_stop_the_engine(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.walk("ida", "bo", what=ONE)
    made, hers = rendering.address, str(town.deliveries()[0].id)

    def address(composed: Any, reader: Any, delivery: str, links: Any) -> Message:
        if delivery == hers:
            raise KeyError("nobody")
        return made(composed, reader, delivery, links)

    monkeypatch.setattr(rendering, "address", address)
    town.run(TUESDAY)
    assert town.mails == [("bo", "only")]
    ida, _ = town.deliveries()
    assert (ida.state, ida.reason) == ("failed", "render: KeyError: 'nobody'")


class Stumbling(MemoryTransport):
    """A transport that breaks in a way of its own after the first mail of a group."""

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        async for answer in super().send(group):
            yield answer
            raise Broken("of course")


def test_a_transport_that_breaks_unheard_of_leaves_what_it_answered_and_a_doubt_about_the_rest(town: Town) -> None:
    town.transport = Stumbling()
    town.backmail = town.worker()
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    town.tick()
    assert [(row.state, row.reason) for row in town.deliveries()] == [
        ("accepted", None),
        ("uncertain", "line: Broken: of course"),
    ]
    assert town.deliveries()[1].next_try_at == TUESDAY + 15 * MINUTE


class Erasing(MemoryTransport):
    """A transport during whose work somebody is erased."""

    def __init__(self, town: Town, person: int) -> None:
        super().__init__()
        self.town, self.person = town, person

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        with durable(self.town.store) as tx:
            tx.execute(enrollments.delete().where(enrollments.c.subscriber == self.person))
        async for answer in super().send(group):
            yield answer


@pytest.mark.parametrize("says", ["yes", "later", "never", "policy", "lost", "kept"])
def test_who_is_erased_while_her_mail_is_on_its_way_keeps_nobody_else_from_an_answer(town: Town, says: str) -> None:
    ida, _ = town.walk("ida", "bo", what=ONE)
    town.transport = told = Erasing(town, ida)
    match says:
        case "later":
            told.defer("ida@example.org")
        case "never":
            told.refuse("ida@example.org")
        case "policy":
            told.refuse("ida@example.org", 550, "5.7.1", "no")
        case "lost":
            told.lose("ida@example.org", arrives=True)
        case "kept":
            told.keep_back("ida@example.org")
    town.backmail = town.worker()
    town.clock.turn(TUESDAY)
    town.tick()
    assert [row.state for row in town.deliveries()] == ["accepted"]
    agree(town)


def test_a_system_mail_on_its_way_keeps_no_other_back(town: Town) -> None:
    asking = campaign(step("ask", "0"), slug="_asking")
    town.publish(asking)
    ida = town.add("ida")
    town.enroll(ida)
    worker = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, asking.id, now=MONDAY, most=9)
        assert claims.claim(tx, [one.id for one in found], worker.leases.now(), now=MONDAY, live_needed=False)
    town.backmail = worker  # whose lease it is, so that no sweep takes it back
    town.publish(ONE)
    town.enroll(ida)
    with town.backmail.durable() as tx:
        tx.execute(deliveries.update().where(deliveries.c.system).values(lease_until=sa.literal(2**62)))
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.mails == [("ida", "only")]


def test_who_is_suppressed_from_elsewhere_leaves_no_walk_without_a_next_step(town: Town) -> None:
    town.walk("ida")
    with town.backmail.durable() as tx:
        address = str(tx.scalar(sa.select(subscribers.c.address)))
        suppressions.suppress(tx, address, SuppressionReason.OPERATOR, now=MONDAY)
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.states() == [("one", "skipped"), ("two", "planned")]


def test_what_a_pause_met_before_its_hand_over_waits_in_the_queue_at_once(town: Town) -> None:
    class Pausing(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            town.set_campaign(paused_at=TUESDAY)
            async for answer in super().send(group):
                yield answer

    town.transport = Pausing(window=1)
    town.backmail = town.worker()
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    town.tick()
    assert town.states() == [("only", "accepted"), ("only", "planned")]
    assert town.waiting() == 1
    agree(town)


# Edits that meet what is on its way.


def claim(town: Town) -> list[claims.Claimed]:
    """Claim what is due, as another worker."""
    other = town.worker()
    with relaxed(town.store) as tx:
        now = town.clock.now()
        found = claims.head(tx, SERIES.id, now=now, most=9)
        return claims.claim(tx, [one.id for one in found], other.leases.now(), now=now, live_needed=False)


def test_a_step_that_is_taken_out_while_its_mail_is_claimed_is_not_waited_for(town: Town) -> None:
    town.walk("ida")
    town.run(TUESDAY)
    town.clock.turn(TUESDAY + 7 * DAY)
    claimed = claim(town)
    edit(town, at(SERIES, steps=(FIRST, THIRD)))
    with relaxed(town.store) as tx:
        claims.release(tx, [one.ticket for one in claimed])
    counts = town.run()
    assert town.mails == [("ida", "one"), ("ida", "three")]
    assert counts["failed"] == 0
    assert town.enrollments()[0].state == "finished"
    agree(town)


def test_a_step_that_is_taken_out_while_its_mail_could_not_leave_is_not_waited_for(town: Town) -> None:
    town.walk("ida")

    class Editing(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            edit(town, at(SERIES, steps=(SECOND, THIRD)))
            async for answer in super().send(group):
                yield answer

    town.transport = Editing()
    town.transport.keep_back("ida@example.org")
    town.backmail = town.worker()
    town.clock.turn(TUESDAY)
    town.tick()
    town.transport = MemoryTransport()
    town.backmail = town.worker()
    counts = town.run()
    assert town.mails == [("ida", "two"), ("ida", "three")]
    assert counts["failed"] == 0


# Answers that come too late.


def test_an_answer_of_who_lost_its_lease_takes_nothing_out_of_the_queue(store: sa.Engine, tmp_path: Path) -> None:
    town = Town(store, tmp_path, alone=False)
    town.walk("ida", what=ONE)

    class Slow(MemoryTransport):
        """Another worker takes it for lost, meanwhile."""

        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            with town.backmail.durable() as tx:
                tx.execute(deliveries.update().values(lease_until=0))
            with relaxed(town.store) as tx:
                other = town.worker()
                other.pump._sweeper.sweep(town.clock.now())
            async for answer in super().send(group):
                yield answer

    town.transport = Slow()
    town.transport.refuse("ida@example.org", 535, "5.7.8", "bad password", times=1)
    town.backmail = town.worker()
    town.clock.turn(TUESDAY)
    town.tick()
    town.transport = MemoryTransport()
    town.backmail = town.worker()
    town.run(TUESDAY + HOUR)
    assert town.mails == [("ida", "only")]
    agree(town)


def test_a_ticket_opens_nothing_but_its_own_arrow(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    lease = town.worker().leases.now()

    def claimed(tx: sa.Connection) -> Ticket:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        (mine,) = claims.claim(tx, [one.id for one in found], lease, now=TUESDAY, live_needed=False)
        return mine.ticket

    with relaxed(town.store) as tx:
        old = claimed(tx)
        assert claims.release(tx, [old]) == {old.id}
        new = claimed(tx)
        assert records.skipped(tx, [(old, "exited")]) == set()
        assert claims.release(tx, [old]) == set()
        assert records.uncertain(tx, [(new, None, "line")]) == set()
        assert claims.hand_over(tx, [(new, "")], lease, now=TUESDAY, live_needed=False) == {new.id}
        assert claims.release(tx, [new]) == set()
        assert records.skipped(tx, [(new, "exited")]) == set()
    assert town.states() == [("only", "handed")]


# A no, and a no taken back.


def test_taking_back_the_no_to_one_campaign_leaves_the_no_to_all(town: Town) -> None:
    (ida,) = town.walk("ida")
    town.run(TUESDAY)
    no(town, ida, SERIES.id)
    town.clock.turn(town.clock.now() + HOUR)
    no(town, ida)
    town.clock.turn(town.clock.now() + HOUR)
    assert undo(town, ida, SERIES.id)
    assert town.enrollments()[0].state == "exited"
    town.run(TUESDAY + 10 * DAY)
    assert town.mails == [("ida", "one")]
    assert undo(town, ida)
    town.run()
    assert [step for _, step in town.mails] == ["one", "two", "three"]


@pytest.mark.parametrize("order", [("", SERIES.id), (SERIES.id, "")])
@pytest.mark.parametrize("back", [("", SERIES.id), (SERIES.id, "")])
def test_who_takes_back_both_noes_goes_on_whatever_their_order(
    town: Town, order: tuple[str, str], back: tuple[str, str]
) -> None:
    (ida,) = town.walk("ida")
    town.run(TUESDAY)
    for scope in order:
        town.clock.turn(town.clock.now() + HOUR)
        no(town, ida, scope)
    for scope in back:
        town.clock.turn(town.clock.now() + HOUR)
        assert undo(town, ida, scope)
    assert town.enrollments()[0].state == "active"
    town.run()
    assert [step for _, step in town.mails] == ["one", "two", "three"]


def test_a_no_that_is_taken_back_does_not_lift_a_complaint(town: Town) -> None:
    (ida,) = town.walk("ida")
    no(town, ida)
    with town.backmail.durable() as tx:
        address = str(tx.scalar(sa.select(subscribers.c.address)))
        suppressions.suppress(tx, address, SuppressionReason.COMPLAINED, now=MONDAY)
    undo(town, ida)
    assert town.enrollments()[0].state == "exited"
    town.run()
    assert town.mails == []


def test_a_no_while_the_mail_is_in_doubt_ends_it(town: Town) -> None:
    (ida,) = town.walk("ida", what=ONE)
    town.transport.lose("ida@example.org", arrives=False)
    town.clock.turn(TUESDAY)
    town.tick()
    no(town, ida)
    town.run(TUESDAY + 3 * DAY)
    assert town.mails == []
    assert town.deliveries()[0].state == "skipped"


def test_a_no_while_the_mail_waits_for_its_next_try_ends_it(town: Town) -> None:
    (ida,) = town.walk("ida", what=ONE)
    town.transport.defer("ida@example.org")
    town.clock.turn(TUESDAY)
    town.tick()
    no(town, ida)
    town.run(TUESDAY + 3 * DAY)
    assert town.mails == []
    assert [(row.state, row.reason) for row in town.deliveries()] == [("skipped", "unsubscribed")]


# Pauses.


def test_a_persons_pause_does_not_hold_back_what_she_asked_for(town: Town) -> None:
    (ida,) = town.add("ida")
    town.publish(campaign(step("ask", "0"), slug="_asking"))
    town.enroll([ida])
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 90 * DAY, now=MONDAY, zone="UTC")
    town.tick()
    assert town.mails == [("ida", "ask")]
    agree(town)


def test_a_pause_during_a_retry_holds_and_ends(town: Town) -> None:
    (ida,) = town.walk("ida")
    town.transport.defer("ida@example.org")
    town.clock.turn(TUESDAY)
    town.tick()
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 10 * DAY, now=TUESDAY, zone="UTC")
    town.run(MONDAY + 9 * DAY)
    assert town.mails == []
    town.run(MONDAY + 11 * DAY)
    assert town.mails == [("ida", "one")]
    town.run()
    assert [step for _, step in town.mails] == ["one", "two", "three"]


def test_who_pauses_while_a_mail_is_in_doubt_hears_nothing_of_it_until_then(town: Town) -> None:
    (ida,) = town.walk("ida")
    town.transport.lose("ida@example.org", arrives=False)
    town.clock.turn(TUESDAY)
    town.tick()
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 10 * DAY, now=TUESDAY, zone="UTC")
    town.run(MONDAY + 9 * DAY)
    assert town.mails == []
    town.run()
    assert [step for _, step in town.mails] == ["one", "two", "three"]


# Anchors.


def test_two_dropped_in_a_row_keep_the_rhythm(town: Town) -> None:
    town.walk("ida", what=at(SERIES, on_uncertain=OnUncertain.DROP))
    town.transport.lose("ida@example.org", arrives=False, times=2)
    town.run()
    assert [row.state for row in town.deliveries()] == ["skipped", "skipped", "accepted"]
    assert town.deliveries()[2].first_handed_at == TUESDAY + 14 * DAY
    assert town.enrollments()[0].state == "finished"


@pytest.mark.parametrize("resend", [True, False])
def test_what_is_held_goes_on_when_the_operator_decided(town: Town, resend: bool) -> None:
    town.walk("ida", what=at(SERIES, on_uncertain=OnUncertain.HOLD))
    town.transport.lose("ida@example.org", arrives=False)
    town.run(TUESDAY + HOUR)
    assert [row.state for row in town.deliveries()] == ["uncertain"]
    with town.backmail.durable() as tx:
        assert settle(tx, town.backmail.shelf, resend=resend, now=town.clock.now(), zone="UTC", by="test") == 1
    town.run()
    assert town.enrollments()[0].state == "finished"
    assert [step for _, step in town.mails] == (["one", "two", "three"] if resend else ["two", "three"])


def let_leases_end(town: Town) -> None:
    """What the lock of a file proves to SQLite's next engine, PostgreSQL's learns from the clock."""
    with town.backmail.durable() as tx:
        tx.execute(deliveries.update().where(deliveries.c.lease_until.is_not(None)).values(lease_until=0))


def test_what_was_held_after_a_death_goes_when_the_campaign_wants_it_sent_again(town: Town) -> None:
    town.walk("ida", what=at(ONE, on_uncertain=OnUncertain.HOLD))
    town.clock.turn(TUESDAY)
    worker = town.worker()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        (mine,) = claims.claim(tx, [one.id for one in found], worker.leases.now(), now=TUESDAY, live_needed=False)
        claims.hand_over(tx, [(mine.ticket, "")], worker.leases.now(), now=TUESDAY, live_needed=False)
    let_leases_end(town)
    town.run(TUESDAY + MINUTE)
    assert [(row.state, row.reason) for row in town.deliveries()] == [("uncertain", "lease")]
    edit(town, at(ONE, on_uncertain=OnUncertain.RESEND))
    town.run(TUESDAY + HOUR)
    assert town.mails == [("ida", "only")]


@pytest.mark.parametrize(("wish", "state"), [(OnUncertain.HOLD, "uncertain"), (OnUncertain.DROP, "skipped")])
def test_what_was_to_be_sent_again_is_not_when_the_campaign_wants_that_no_longer(
    town: Town, wish: OnUncertain, state: str
) -> None:
    town.walk("ida", what=ONE)
    town.transport.lose("ida@example.org", arrives=True)
    town.clock.turn(TUESDAY)
    town.tick()
    edit(town, at(ONE, on_uncertain=wish))
    town.clock.turn(TUESDAY + HOUR)
    town.tick()
    assert town.mails == [("ida", "only")]
    (row,) = town.deliveries()
    assert (row.state, row.next_try_at) == (state, None)
    assert town.enrollments()[0].state == ("active" if wish is OnUncertain.HOLD else "finished")


def test_what_failed_for_its_mail_goes_on_after_a_retry(town: Town) -> None:
    town.walk("ida")
    town.transport.refuse("ida@example.org", 552, "5.3.4", "too big", times=1)
    town.run(TUESDAY + HOUR)
    with town.backmail.durable() as tx:
        assert len(retry(tx, town.backmail.shelf, now=town.clock.now(), zone="UTC", by="test")) == 1
    town.run()
    assert [step for _, step in town.mails] == ["one", "two", "three"]
    assert [row.first_handed_at for row in town.deliveries()][1:] == [TUESDAY + n * DAY for n in (7, 14)]


# The way out is shut, and the line is long.


def test_who_never_got_a_turn_because_nothing_could_leave_does_not_lose_her_slot(town: Town) -> None:
    """Rules of sending, A 5: `late` bounds what our own downtime costs; a breaker keeps the slot open until night."""
    town.transport.window = 1
    town.backmail = town.worker()
    town.walk(*(f"p{n}" for n in range(20)), what=ONE)
    for n in range(20):
        town.transport.refuse(f"p{n}@example.org", 535, "5.7.8", "bad password", times=None)
    town.clock.turn(TUESDAY)
    while town.clock.now() < TUESDAY + 2 * HOUR + 10 * MINUTE:
        town.tick()
        town.clock.turn(town.clock.now() + 5 * MINUTE)
    for n in range(20):
        town.transport._told.pop(f"p{n}@example.org", None)
    town.clock.turn(town.clock.now() + 15 * MINUTE)
    town.tick()
    rows = town.deliveries()
    assert {row.due_at for row in rows} == {TUESDAY}
    refused = [row for row in rows if str(row.reason).startswith("account")]
    assert 0 < len(refused) < 20
    assert [row.state for row in rows if row not in refused] == ["accepted"] * (20 - len(refused))
    agree(town)


def test_when_nothing_can_leave_only_one_group_is_tried(town: Town) -> None:
    town.transport.window = 1
    town.backmail = town.worker()
    town.walk("ida", "bo", what=ONE)
    town.transport.keep_back("ida@example.org")
    town.clock.turn(TUESDAY)
    town.tick()
    assert [row.state for row in town.deliveries()] == ["deferred", "planned"]
    town.clock.turn(TUESDAY + MINUTE)
    town.tick()
    assert town.mails == [("bo", "only")]


def test_a_mail_is_written_only_while_its_claim_holds(town: Town) -> None:
    """The transport asks: a worker that claimed it may write, as long as the lease goes, and nobody else."""
    may: list[bool] = []

    class Asking(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            may.append(town.backmail.leases.may_write(group[0]))
            may.append(town.worker().leases.may_write(group[0]))
            async for answer in super().send(group):
                yield answer

    town.transport = Asking()
    town.backmail = town.worker()
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    town.tick()
    assert may == [True, False]


def test_what_has_no_slot_any_more_does_not_stand_at_the_head(town: Town) -> None:
    never = Schedule(skip=tuple(f"{MONDAY.date() + n * DAY:%Y-%m-%d}" for n in range(5, 800)))
    town.walk("ida", what=at(ONE, schedule=never))
    town.clock.turn(TUESDAY + 3 * HOUR)
    town.tick()
    (row,) = town.deliveries()
    assert (row.state, row.next_try_at, town.waiting()) == ("planned", None, 0)
    assert town.backmail.next_look(town.clock.now()) is None


def test_a_lease_of_before_the_machine_stopped_hands_nothing_over(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    lease = town.worker().leases.now()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=9)
        (mine,) = claims.claim(tx, [one.id for one in found], lease, now=TUESDAY, live_needed=False)
        later = replace(lease, boot="boot-2")
        assert claims.hand_over(tx, [(mine.ticket, "")], later, now=TUESDAY, live_needed=False) == set()
        assert claims.hand_over(tx, [(mine.ticket, "")], lease, now=TUESDAY, live_needed=False) == {mine.ticket.id}


def test_who_waited_while_nobody_was_at_work_gets_the_next_slot(town: Town) -> None:
    """As before: what stays open is the slot of who stood in line, not of who was away."""
    town.transport.window = 1
    town.backmail = town.worker()
    town.walk("ida", "bo", what=ONE)
    town.transport.refuse("ida@example.org", 535, "5.7.8", "bad password", times=1)
    town.clock.turn(TUESDAY)
    town.tick()
    town.clock.turn(TUESDAY + 3 * HOUR)
    town.tick()
    assert town.mails == []
    assert town.deliveries()[1].due_at == TUESDAY + 7 * DAY


def test_a_line_that_is_paused_is_none(town: Town) -> None:
    town.transport.window = 1
    town.backmail = town.worker()
    town.walk("ida", "bo", what=ONE)
    town.transport.refuse("ida@example.org", 535, "5.7.8", "bad password", times=1)
    town.clock.turn(TUESDAY)
    town.tick()
    town.set_campaign(paused_at=TUESDAY)
    while town.clock.now() < TUESDAY + 3 * HOUR:
        town.tick()
        town.clock.turn(town.clock.now() + 10 * MINUTE)
    town.set_campaign(paused_at=None)
    town.tick()
    assert town.mails == []
    assert town.deliveries()[1].due_at == TUESDAY + 7 * DAY


def test_a_clock_that_was_far_ahead_does_not_keep_the_way_out_shut(town: Town) -> None:
    town.walk("ida", what=ONE)
    town.transport.keep_back("ida@example.org", times=1)
    town.clock.at = TUESDAY + 700 * DAY
    town.tick()
    town.clock.at = TUESDAY + 1 * DAY
    town.run(TUESDAY + 30 * DAY)
    assert town.deliveries()[0].state in ("planned", "deferred")
    town.publish(replace(ONE, id="c-two", slug="two"))
    town.enroll(town.add("bo"))
    town.run(TUESDAY + 40 * DAY)
    assert ("bo", "only") in town.mails
