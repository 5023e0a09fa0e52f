"""What a restored database may send: nothing that may have gone out already, until somebody decides."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.model.campaign import Schedule, Step
from backmail.model.states import SuppressionReason
from backmail.sending import decisions
from backmail.sending.operations import pause_campaign, resume_campaign, retry
from backmail.sending.operations.restoring import hold
from backmail.store import queue, records
from backmail.store.engine import durable
from backmail.store.tables import deliveries
from tests.backups import ALL, TUESDAY, WEEK, Backup, decide, restored, waiting
from tests.store.world import NINE, World, lease
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

DAILY = Schedule(days=tuple(range(7)))


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


class TestAtTheRestore:
    def test_what_was_due_since_the_backup_is_held_and_what_lies_ahead_stays(self, town: Town) -> None:
        town.walk("ida")
        town.enroll(town.add("bo", zone="Pacific/Honolulu"))  # ten hours later than hers
        assert restored(town, TUESDAY + HOUR) == {"town": 1}
        hers, his = town.deliveries()
        assert (hers.state, hers.reason, hers.next_try_at) == ("uncertain", "restored", None)
        assert (his.state, his.next_try_at) == ("planned", TUESDAY + 11 * HOUR)
        assert (waiting(town), town.waiting()) == (1, 1)

    @pytest.mark.parametrize(("before", "count"), [(dt.timedelta(), 1), (dt.timedelta(microseconds=1), 0)])
    def test_a_slot_that_begins_at_that_very_instant_counts(self, town: Town, before: dt.timedelta, count: int) -> None:
        town.walk("ida")
        assert restored(town, TUESDAY - before).total() == count

    def test_what_was_to_be_tried_again_is_held(self, town: Town) -> None:
        town.transport.defer("ida@example.org")
        town.walk("ida")
        town.run(TUESDAY)
        assert restored(town, TUESDAY + HOUR) == {"town": 1}
        assert town.deliveries()[0].hand_overs == 1
        assert town.mails == [("ida", "one")]

    @pytest.mark.parametrize("columns", [{"next_try_at": None}, {"next_try_at": NINE + HOUR}, {"due_at": NINE + HOUR}])
    def test_either_time_is_enough(self, store: sa.Engine, columns: dict[str, dt.datetime | None]) -> None:
        world = World(store)
        world.campaign()
        [mail] = world.planned("ida")
        world.change(deliveries, mail, **columns)
        with durable(store) as tx:
            queue.mend(tx)
            assert hold(tx, now=NINE) == {"c-1": 1}
        assert world.queued() == []

    @pytest.mark.parametrize("state", ["claimed", "handed"])
    def test_what_a_worker_had_is_held_and_its_ticket_opens_nothing(self, store: sa.Engine, state: str) -> None:
        world = World(store)
        world.campaign()
        [mail] = world.planned("ida")
        ticket = world.claimed(mail) if state == "claimed" else world.handed(mail)
        with durable(store) as tx:
            assert hold(tx, now=NINE - HOUR) == {"c-1": 1}
        with durable(store) as tx:
            assert records.not_sent(tx, [(ticket, NINE, "not-sent")], now=NINE) == set()
            assert records.failed(tx, [(ticket, "message")]) == set()
        assert not world.hand_over(ticket)
        row = world.delivery(mail)
        assert (row["state"], row["reason"], row["owner"], row["lease_until"]) == ("uncertain", "restored", None, None)
        assert world.queued() == []

    @pytest.mark.parametrize(
        ("reason", "wait"), [("line: no answer", HOUR), ("line: no answer", None), ("lease", None)]
    )
    def test_what_was_uncertain_is_not_sent_again_by_itself(
        self, town: Town, reason: str, wait: dt.timedelta | None
    ) -> None:
        town.walk("ida")
        row = {"state": "uncertain", "reason": reason, "hand_overs": 1, "first_handed_at": TUESDAY, "version": 1}
        with town.backmail.durable() as tx:
            tx.execute(deliveries.update().values({**row, "next_try_at": wait and TUESDAY + wait}))
            queue.mend(tx)
        town.clock.turn(TUESDAY + 5 * HOUR)
        assert Backup.of(town.store).put_back(town) == {"town": 1}
        town.run(TUESDAY + WEEK)
        assert town.mails == []
        assert waiting(town) == 1

    def test_no_ticket_of_before_it_opens_what_was_claimed_again_since(self, store: sa.Engine) -> None:
        world = World(store)
        world.campaign()
        [mail] = world.planned("ida")
        old = world.handed(mail)  # given after the backup, in which it still waited:
        blank = {"owner": None, "boot": None, "lease_until": None, "hand_overs": 0, "first_handed_at": None}
        world.change(deliveries, mail, state="planned", epoch=0, **blank)
        with durable(store) as tx:
            queue.mend(tx)
            hold(tx, now=NINE)
            records.resend(tx, [(mail, NINE)])
        world.handed(mail, lease("w2"))
        with durable(store) as tx:
            assert records.not_sent(tx, [(old, NINE, "not-sent")], now=NINE) == set()

    def test_who_may_have_ended_her_pause_since_is_held(self, town: Town) -> None:
        ida, bo = town.walk("ida", "bo")
        with town.backmail.durable() as tx:
            for person, until in ((ida, MONDAY + 20 * DAY), (bo, MONDAY + HOUR)):  # his leaves his slot where it is
                decisions.pause(tx, town.backmail.shelf, person, until, now=MONDAY, zone="UTC")
        backup = Backup.of(town.store)
        with town.backmail.durable() as tx:
            decisions.resume(tx, town.backmail.shelf, ida, now=MONDAY + HOUR, zone="UTC")
        town.run(TUESDAY - dt.timedelta(seconds=1))
        assert backup.put_back(town) == {}  # no slot of theirs has come, with or without a pause
        town.clock.turn(TUESDAY + HOUR)
        assert backup.put_back(town) == {"town": 2}
        assert waiting(town) == 2


class TestUntilSomebodyDecides:
    @pytest.mark.parametrize("wish", ["resend", "hold", "drop"])
    def test_nothing_else_sends_it(self, town: Town, wish: str) -> None:
        [ida] = town.walk("ida")
        restored(town, TUESDAY + HOUR)
        town.set_campaign(on_uncertain=wish)
        with town.backmail.durable() as tx:
            pause_campaign(tx, now=town.clock.now(), by="ann", because="restored")
        town.tick()
        with town.backmail.durable() as tx:
            resume_campaign(tx, now=town.clock.now(), by="ann", hold=True)
            retry(tx, town.backmail.shelf, now=town.clock.now(), zone="UTC", by="ann")
            decisions.pause(tx, town.backmail.shelf, ida, town.clock.now() + DAY, now=town.clock.now(), zone="UTC")
            decisions.resume(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC")
        town.backmail = town.worker()  # a restart
        town.run(TUESDAY + 3 * WEEK)
        assert town.states() == [("one", "uncertain")]
        assert town.mails == [("ida", "one")]  # what had gone out after the backup
        assert waiting(town) == 1

    def test_what_the_provider_says_of_it_counts_all_the_same(self, town: Town) -> None:
        town.walk("ida", what=campaign(step("one", "0"), step("two", "3h"), step("three"), schedule=Schedule(at=None)))
        restored(town, TUESDAY + 5 * HOUR)
        [mail] = town.deliveries()
        with town.backmail.durable() as tx:
            assert records.accepted(tx, {mail.id: "x"}, now=town.clock.now()) == {mail.id}
        town.tick()
        first, second = town.deliveries()
        # It went out in its slot, before the restore, and not when we heard of it.
        assert (first.state, first.first_handed_at) == ("accepted", first.due_at)
        assert (second.state, second.reason) == ("uncertain", "restored")


class TestDropped:
    def test_what_would_have_come_before_the_restore_is_held_in_its_turn(self, town: Town) -> None:
        town.walk("ida")
        restored(town, TUESDAY + WEEK + HOUR)
        assert decide(town, resend=False) == 1
        assert town.states() == [("one", "skipped"), ("two", "uncertain")]
        assert town.deliveries()[1].reason == "restored"
        town.run(TUESDAY + 5 * WEEK)
        assert decide(town, resend=False) == 1
        assert waiting(town) == 0
        town.run()
        assert town.mails == ALL
        assert [row.state for row in town.enrollments()] == ["finished"]

    def test_the_next_one_is_held_from_the_instant_of_its_slot_on(self, town: Town) -> None:
        town.walk("ida")
        restored(town, TUESDAY + WEEK)
        decide(town, resend=False)
        assert town.states() == [("one", "skipped"), ("two", "uncertain")]

    def test_who_lost_her_last_mail_has_finished(self, town: Town) -> None:
        town.walk("ida")
        restored(town, MONDAY + 8 * WEEK)
        for _ in range(3):
            assert decide(town, resend=False) == 1
        # Each in the slot in which it may have gone out, which the next one counts from.
        assert [row.due_at for row in town.deliveries()] == [TUESDAY, TUESDAY + WEEK, TUESDAY + 2 * WEEK]
        assert [row.state for row in town.enrollments()] == ["finished"]
        assert town.mails == ALL

    def test_the_next_one_counts_from_where_the_dropped_one_was_if_it_went_out(self, town: Town) -> None:
        """A week after Tuesday the nearest Monday, and two days later Wednesday; counted as skipped it is Thursday."""
        walk_slowly(town, step("two", schedule=Schedule(days=(0,))), step("three", "2d", schedule=DAILY))
        assert restored(town, MONDAY + 9 * DAY + 12 * HOUR) == {"town": 1}
        assert town.mails == ALL
        decide(town, resend=False)
        assert town.states()[1:] == [("two", "skipped"), ("three", "uncertain")]

    def test_the_next_one_counts_from_the_one_before_as_well(self, town: Town) -> None:
        """So it was counted if the same backup was put back before, and the same mail was dropped then."""
        walk_slowly(town, step("two", "7d", schedule=Schedule(days=(0,))), step("three", "1d", schedule=DAILY))
        restored(town, MONDAY + 14 * DAY + 9 * HOUR)
        decide(town, resend=False)
        assert town.states()[1:] == [("two", "skipped"), ("three", "uncertain")]

    def test_who_left_meanwhile_gets_nothing_more(self, town: Town) -> None:
        [ida] = town.walk("ida")
        restored(town, TUESDAY + HOUR)
        with town.backmail.durable() as tx:
            decisions.unsubscribe(tx, ida, now=town.clock.now(), reason=SuppressionReason.UNSUBSCRIBED)
        decide(town, resend=False)
        town.run()
        assert town.states() == [("one", "skipped")]


class TestSentAgain:
    def test_it_is_the_same_mail_and_the_series_goes_on_from_it(self, town: Town) -> None:
        town.walk("ida")
        restored(town, TUESDAY + HOUR)
        assert decide(town, resend=True) == 1
        town.run()
        assert town.mails == [("ida", "one"), *ALL]
        before, again, *_ = (each.message for each in town.transport.carried)
        assert (before.delivery_id, before.headers["Message-ID"]) == (again.delivery_id, again.headers["Message-ID"])
        assert waiting(town) == 0

    def test_what_is_too_late_for_its_slot_takes_the_next(self, town: Town) -> None:
        town.walk("ida")
        restored(town, TUESDAY + 3 * HOUR)
        decide(town, resend=True)
        town.run()
        assert [row.first_handed_at for row in town.deliveries()] == [TUESDAY + n * WEEK for n in (1, 2, 3)]

    def test_who_unsubscribed_gets_none(self, town: Town) -> None:
        [ida] = town.walk("ida")
        restored(town, TUESDAY + HOUR)
        with town.backmail.durable() as tx:
            decisions.unsubscribe(tx, ida, now=town.clock.now())
        decide(town, resend=True)
        town.run()
        assert town.mails == [("ida", "one")]
        assert town.deliveries()[0].state == "skipped"


def walk_slowly(town: Town, *later: Step) -> None:
    """Let Ida walk a campaign, and get the first mail of it."""
    town.walk("ida", what=campaign(step("one", "0"), *later))
    town.run(TUESDAY)
    assert town.mails == [("ida", "one")]
