"""Erasing a person: nothing of hers stays but the hash under which nobody writes to her again."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.audience import consents, subscribers, suppressions
from backmail.audience.addresses import address_hash
from backmail.model.states import NoAct, SuppressionReason
from backmail.sending.erasing import erase
from backmail.store import queue
from backmail.store.engine import durable, reading
from backmail.store.noes import unkept
from backmail.store.tables import enrollments, metadata
from backmail.store.tables import subscribers as people
from tests.town import DAY, PEPPER, Town

IDA = address_hash(PEPPER, "ida@example.org")


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def rows_of(town: Town, id_: int) -> dict[str, int]:
    """Return how many rows of each table are somebody's."""
    with reading(town.store) as tx:
        counts = {
            table.name: tx.scalar(sa.select(sa.func.count()).where(table.c.subscriber == id_))
            for table in metadata.sorted_tables
            if "subscriber" in table.c
        }
        assert queue.disagreements(tx) == []
    return {name: count for name, count in counts.items() if count}


def test_all_that_is_hers_goes_and_nothing_of_anybody_else(town: Town) -> None:
    ida, bo = town.walk("ida", "bo")
    with durable(town.store) as tx:
        for id_ in (ida, bo):
            consents.record(
                tx, id_, consents.Act.ASKED, shown="x", version="1", language="en", source="y", now=town.clock.now()
            )
    town.clock.turn(town.clock.now() + 2 * DAY)
    town.tick()
    his = rows_of(town, bo)
    assert rows_of(town, ida) == his
    assert {"deliveries", "enrollments", "consents"} <= set(his)
    with durable(town.store) as tx:
        assert erase(tx, IDA, now=town.clock.now())
    assert rows_of(town, ida) == {}
    assert rows_of(town, bo) == his
    with reading(town.store) as tx:
        assert tx.scalars(sa.select(people.c.id)).all() == [bo]
        [no] = suppressions.standing(tx, IDA)
    assert no.reason is SuppressionReason.ERASED


def test_what_was_left_open_of_a_run_that_ended_goes_too(town: Town) -> None:
    [ida] = town.walk("ida")
    with durable(town.store) as tx:
        tx.execute(enrollments.update().values(state="exited", ended_at=town.clock.now()))
    with durable(town.store) as tx:
        erase(tx, IDA, now=town.clock.now())
    assert rows_of(town, ida) == {}  # and none of hers stands in the queue


def test_it_holds_for_an_address_that_is_not_here(town: Town) -> None:
    with durable(town.store) as tx:
        assert not erase(tx, IDA, now=town.clock.now())
        assert suppressions.standing(tx, IDA)


def test_the_ledger_learns_of_it_each_time(town: Town) -> None:
    """Somebody who was added again by hand, suppressed as she is, may be erased again."""
    with durable(town.store) as tx:
        erase(tx, IDA, now=town.clock.now())
    town.add("ida")
    with durable(town.store) as tx:
        erase(tx, IDA, now=town.clock.now() + DAY)
        assert [no.what for _, no in unkept(tx)].count(NoAct.ERASED) == 2
        assert subscribers.known(tx, [IDA]) == {}
