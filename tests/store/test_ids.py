"""The ids of a restored database go on behind all that were ever given."""

import datetime as dt

import sqlalchemy as sa

from backmail.store import ids
from backmail.store.engine import durable
from backmail.store.instants import micros
from backmail.store.tables import deliveries, enrollments, metadata, subscribers
from tests.store.world import HOUR, NINE, World


def test_they_go_on_from_the_present_instant(store: sa.Engine) -> None:
    world = World(store)
    world.campaign()
    world.planned("ida")
    with durable(store) as tx:
        first = ids.jump(tx, now=NINE)
        assert first == micros(NINE) < 2**53
    [delivery] = world.planned("bo")
    row = world.delivery(delivery)
    assert (delivery, row["enrollment"], row["subscriber"]) == (first, first, first)


def test_the_same_backup_restored_twice_gives_none_twice(store: sa.Engine) -> None:
    world = World(store)
    world.campaign()
    with durable(store) as tx:
        ids.jump(tx, now=NINE)
    given = world.planned("ida", "bo")
    with durable(store) as tx:
        for table in (deliveries, enrollments, subscribers):  # the backup did not know them
            tx.execute(table.delete())
        ids.jump(tx, now=NINE + HOUR)
    assert min(world.planned("cy", "di")) > max(given)


def test_a_clock_that_was_wrong_leads_behind_what_the_backup_holds(store: sa.Engine) -> None:
    world = World(store)
    world.campaign()
    with durable(store) as tx:
        ids.jump(tx, now=NINE)
    [given] = world.planned("ida")
    with durable(store) as tx:
        assert ids.jump(tx, now=dt.datetime(1971, 1, 1, tzinfo=dt.UTC)) == given + 10**9
    assert world.planned("bo") == [given + 10**9]


def test_every_table_that_is_counted_has_what_a_jump_needs() -> None:
    counted = {table.name for table in ids.counted()}
    assert {"subscribers", "enrollments", "deliveries", "events", "consents", "suppressions", "noes"} == counted
    for table in ids.counted():
        assert table.dialect_options["sqlite"]["autoincrement"], table.name
    by_itself = {t.name for t in metadata.sorted_tables if "id" in t.c and isinstance(t.c.id.type, sa.BigInteger)}
    assert by_itself == counted
