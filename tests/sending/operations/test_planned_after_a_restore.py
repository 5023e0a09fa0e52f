"""What is planned after a restore, for people who were enrolled before it: it may have gone out as well."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.model.campaign import Campaign, Schedule
from backmail.sending import decisions
from backmail.sending.operations import retry
from backmail.sending.replanning import replan, walking
from tests.backups import ALL, TUESDAY, WEEK, Backup, decide, restored, waiting
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

DAILY = Schedule(days=tuple(range(7)))


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def test_who_was_enrolled_since_is_in_no_doubt(town: Town) -> None:
    town.publish()
    Backup.of(town.store).put_back(town)
    town.clock.turn(MONDAY + HOUR)
    town.enroll(town.add("ida"))
    town.clock.turn(MONDAY + 30 * DAY)
    town.run()
    assert town.mails == ALL


def test_a_mail_that_was_ahead_is_in_no_doubt_however_late_it_goes(town: Town) -> None:
    town.walk("ida")
    restored(town, MONDAY + HOUR)
    town.clock.turn(MONDAY + 30 * DAY)
    town.run()
    assert town.mails == ALL


def test_an_edit_that_was_made_after_the_backup_may_have_sent_it(town: Town) -> None:
    slow, quick = (campaign(step("one", "0"), step("two", delay), schedule=DAILY) for delay in ("20d", "2d"))
    town.walk("ida", what=slow)
    town.run(TUESDAY)
    backup = Backup.of(town.store)
    edit(town, quick)
    town.run(MONDAY + 5 * DAY)
    assert town.mails == ALL[:2]
    assert backup.put_back(town) == {}  # of the edit the backup knows nothing
    edit(town, quick)
    town.run(MONDAY + 40 * DAY)
    assert town.mails == ALL[:2]
    assert waiting(town) == 1


def test_an_unsubscribe_may_have_been_taken_back_since(town: Town) -> None:
    [ida] = town.walk("ida")
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY)
    assert restored(town, TUESDAY + HOUR) == {}
    with town.backmail.durable() as tx:
        assert decisions.undo(tx, town.backmail.shelf, ida, now=town.clock.now(), zone="UTC")
    assert waiting(town) == 1


def test_what_failed_may_have_been_put_back_since(town: Town) -> None:
    town.transport.refuse("ida@example.org", 552, "5.3.4", "too big", times=1)
    town.walk("ida")
    town.run(TUESDAY)
    assert town.states() == [("one", "failed")]
    restored(town, TUESDAY + HOUR)
    with town.backmail.durable() as tx:
        retry(tx, town.backmail.shelf, now=town.clock.now(), zone="UTC", by="ann")
    assert waiting(town) == 1


def test_of_several_restores_the_latest_counts(town: Town) -> None:
    town.walk("ida")
    backup = Backup.of(town.store)
    town.run(TUESDAY + WEEK + HOUR)
    backup.put_back(town)
    later = Backup.of(town.store)
    town.clock.turn(TUESDAY)
    later.put_back(town)
    town.clock.turn(TUESDAY + WEEK + HOUR)
    decide(town, resend=False)
    assert town.states() == [("one", "skipped"), ("two", "uncertain")]


def edit(town: Town, what: Campaign) -> None:
    """Publish another version, as `apply` does."""
    town.publish(what)
    with town.backmail.durable() as tx:
        replan(tx, town.backmail.shelf, walking(tx, campaign=what.id), now=town.clock.now(), zone="UTC")
