"""What the ledger holds happens again to a database that does not know it, and to none that does."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.audience import subscribers, suppressions
from backmail.audience.addresses import address_hash
from backmail.audience.suppressions import Suppression
from backmail.model.states import NoAct, SuppressionReason
from backmail.sending import decisions
from backmail.sending.erasing import erase
from backmail.sending.replaying import replay
from backmail.store import queue
from backmail.store.engine import durable, reading
from backmail.store.noes import No, unkept
from backmail.store.tables import enrollments
from tests.backups import Backup
from tests.town import DAY, PEPPER, SERIES, Town

IDA, BO = (address_hash(PEPPER, f"{name}@example.org") for name in ("ida", "bo"))
UNSUBSCRIBED, BOUNCED = SuppressionReason.UNSUBSCRIBED, SuppressionReason.BOUNCED


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def ledger(town: Town) -> list[No]:
    """Return all that was said."""
    with reading(town.store) as tx:
        return [no for _, no in unkept(tx, everything=True)]


def again(town: Town, said: list[No]) -> Counter[NoAct]:
    """Let it happen again."""
    with durable(town.store) as tx:
        done = replay(tx, town.backmail.shelf, said, zone="UTC")
        assert queue.disagreements(tx) == []
    return done


def stands(town: Town, address: str) -> list[Suppression]:
    """Return what ever stood against an address."""
    with reading(town.store) as tx:
        return suppressions.of(tx, address)


def runs(town: Town, person: int) -> list[str]:
    """Return the states of a person's enrollments."""
    with reading(town.store) as tx:
        return list(tx.scalars(sa.select(enrollments.c.state).where(enrollments.c.subscriber == person)))


def days(town: Town, count: int) -> dt.datetime:
    """Let days pass, and return the instant."""
    town.clock.turn(town.clock.now() + count * DAY)
    return town.clock.now()


class TestANo:
    def test_she_stays_out_and_nothing_waits_for_her(self, town: Town) -> None:
        ida, bo = town.walk("ida", "bo")
        backup = Backup.of(town.store)
        with durable(town.store) as tx:
            decisions.unsubscribe(tx, ida, now=days(town, 1))
        before, said = stands(town, IDA), ledger(town)
        backup.put_back(town)
        assert runs(town, ida) == ["active"]
        assert again(town, said) == {NoAct.SUPPRESSED: 1}
        assert stands(town, IDA) == before
        assert (runs(town, ida), runs(town, bo)) == (["exited"], ["active"])
        assert ledger(town) == said

    def test_what_the_database_knows_does_not_happen_twice(self, town: Town) -> None:
        """She unsubscribed and took it back before the backup: said again it would end what goes on."""
        [ida] = town.walk("ida")
        with durable(town.store) as tx:
            decisions.unsubscribe(tx, ida, now=days(town, 1))
        with durable(town.store) as tx:
            decisions.undo(tx, town.backmail.shelf, ida, now=days(town, 1), zone="UTC")
        before = stands(town, IDA)
        assert again(town, ledger(town)) == {}
        assert (runs(town, ida), stands(town, IDA)) == (["active"], before)

    def test_of_one_campaign_ends_that_one_alone(self, town: Town) -> None:
        [ida] = town.walk("ida")
        no = No(NoAct.SUPPRESSED, IDA, UNSUBSCRIBED, days(town, 1), "c-other", "u-1")
        assert again(town, [no]) == {NoAct.SUPPRESSED: 1}
        assert runs(town, ida) == ["active"]
        again(town, [no, No(NoAct.SUPPRESSED, IDA, UNSUBSCRIBED, days(town, 1), SERIES.id, "u-2")])
        assert runs(town, ida) == ["exited"]
        assert [each.scope for each in stands(town, IDA)] == ["c-other", SERIES.id]

    def test_of_somebody_who_signed_up_after_the_backup_holds_for_her_address(self, town: Town) -> None:
        again(town, [No(NoAct.SUPPRESSED, IDA, BOUNCED, days(town, 1), uid="u-1")])
        [no] = stands(town, IDA)
        assert (no.reason, no.lifted_at) == (BOUNCED, None)


class TestTakenBack:
    def test_who_left_and_came_back_after_the_backup_goes_on(self, town: Town) -> None:
        [ida] = town.walk("ida")
        backup = Backup.of(town.store)
        with durable(town.store) as tx:
            decisions.unsubscribe(tx, ida, now=days(town, 1))
        with durable(town.store) as tx:
            decisions.undo(tx, town.backmail.shelf, ida, now=days(town, 1), zone="UTC")
        said = ledger(town)
        days(town, 60)  # long after the link could have been used
        backup.put_back(town)
        assert again(town, said) == {NoAct.SUPPRESSED: 1, NoAct.UNDONE: 1}
        assert runs(town, ida) == ["active"]
        assert all(each.lifted_because == suppressions.UNDONE for each in stands(town, IDA))

    def test_who_came_back_after_the_backup_goes_on(self, town: Town) -> None:
        [ida] = town.walk("ida")
        with durable(town.store) as tx:
            decisions.unsubscribe(tx, ida, now=days(town, 1))
        backup = Backup.of(town.store)
        with durable(town.store) as tx:
            decisions.undo(tx, town.backmail.shelf, ida, now=days(town, 1), zone="UTC")
        said = ledger(town)
        backup.put_back(town)
        assert runs(town, ida) == ["exited"]
        assert again(town, said) == {NoAct.UNDONE: 1}
        assert runs(town, ida) == ["active"]

    def test_what_the_operator_lifted_is_lifted(self, town: Town) -> None:
        town.add("ida")
        lifted = No(NoAct.LIFTED, IDA, BOUNCED, days(town, 2), uid="u-2")
        again(town, [No(NoAct.SUPPRESSED, IDA, BOUNCED, days(town, 1), uid="u-1"), lifted])
        [no] = stands(town, IDA)
        assert no.lifted_at == lifted.at
        assert no.lifted_because

    def test_a_no_after_it_stands(self, town: Town) -> None:
        [ida] = town.walk("ida")
        words = (NoAct.SUPPRESSED, NoAct.UNDONE, NoAct.SUPPRESSED)
        again(town, [No(word, IDA, UNSUBSCRIBED, days(town, 1), uid=f"u-{n}") for n, word in enumerate(words)])
        assert [each.lifted_at is None for each in stands(town, IDA)] == [False, True]
        assert runs(town, ida) == ["exited"]

    def test_of_somebody_who_is_not_here_it_is_lifted_all_the_same(self, town: Town) -> None:
        words = (NoAct.SUPPRESSED, NoAct.UNDONE)
        again(town, [No(word, IDA, UNSUBSCRIBED, days(town, 1), uid=f"u-{n}") for n, word in enumerate(words)])
        [no] = stands(town, IDA)
        assert no.lifted_because == suppressions.UNDONE


class TestErased:
    def test_she_is_erased_again(self, town: Town) -> None:
        town.walk("ida", "bo")
        backup = Backup.of(town.store)
        with durable(town.store) as tx:
            erase(tx, IDA, now=days(town, 1))
        said = ledger(town)
        backup.put_back(town)
        assert again(town, said)[NoAct.ERASED] == 1
        with reading(town.store) as tx:
            assert set(subscribers.known(tx, [IDA, BO])) == {BO}
        [no] = stands(town, IDA)
        assert (no.reason, no.lifted_at) == (SuppressionReason.ERASED, None)
        assert ledger(town) == said
