"""A backup of a town's database as its rows, and what putting it back does to it: for tests of what is held then."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.sending.operations import held, held_by_restore, settle
from backmail.sending.operations.restoring import hold
from backmail.store import ids, queue
from backmail.store.engine import durable, reading
from backmail.store.tables import metadata
from tests.town import DAY, HOUR, MONDAY, Town

TUESDAY = MONDAY + DAY + 8 * HOUR  # the slot of the first step
WEEK = 7 * DAY
ALL = [("ida", "one"), ("ida", "two"), ("ida", "three")]


@dataclass(frozen=True)
class Backup:
    """All rows of a database, by table."""

    rows: dict[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, store: sa.Engine) -> "Backup":
        """Take one."""
        with reading(store) as tx:
            return cls({each.name: [dict(row) for row in tx.execute(each.select()).mappings()] for each in _tables()})

    def put_back(self, town: Town) -> Counter[str]:
        """Restore it, as `db restore` does, at the present instant; return what is held."""
        with durable(town.store) as tx:
            for table in reversed(_tables()):
                tx.execute(table.delete())
            for table in _tables():
                if self.rows[table.name]:
                    tx.execute(table.insert(), self.rows[table.name])
            ids.jump(tx, now=town.clock.now())
            held = hold(tx, now=town.clock.now())
        town.backmail = town.worker()
        return held


def _tables() -> list[sa.Table]:
    return list(metadata.sorted_tables)


def restored(town: Town, until: dt.datetime) -> Counter[str]:
    """Back up, let time pass, and restore; return what is held."""
    backup = Backup.of(town.store)
    town.run(until)
    return backup.put_back(town)


def decide(town: Town, *, resend: bool) -> int:
    """Settle everything that is held."""
    with town.backmail.durable() as tx:
        return settle(tx, town.backmail.shelf, resend=resend, now=town.clock.now(), zone="UTC", by="ann")


def waiting(town: Town) -> int:
    """Return how many were held by the restore; the two tables agree whenever this is asked."""
    with reading(town.store) as tx:
        assert queue.disagreements(tx) == []
        assert held_by_restore(tx) == held(tx)
        return sum(held(tx).values())
