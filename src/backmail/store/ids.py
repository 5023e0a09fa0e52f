"""Lets the ids of a restored database begin anew, behind all that were ever given.

Signed links, Message-IDs and the names of files are made from ids. A backup does not know which were given after it;
were one given again, a link in somebody's mail would be somebody else's.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from backmail.store.instants import micros
from backmail.store.tables import metadata

__all__ = ["counted", "jump"]

_sequence = sa.table("sqlite_sequence", sa.column("name", sa.Text), sa.column("seq", sa.BigInteger))  # SQLite's own


def counted() -> list[sa.Table]:
    """Return the tables whose rows are numbered by the database."""
    return [table for table in metadata.sorted_tables if table.autoincrement_column is not None]


def jump(tx: sa.Connection, *, now: dt.datetime) -> int:
    """Let all ids go on from the present instant in microseconds since 1970, and return the first that is given.

    That lies behind each id that any database of this installation ever gave, also where all that came after the backup
    is lost, and where the same backup is restored twice: they begin at 1, or at the instant of an earlier restore, and
    nobody adds a million rows in each second from there to here. It is less than 2**53 until the year 2255, so that
    JSON holds it. Should a clock have been wrong, they still go on behind those that the backup holds.

    Args:
        tx: an open transaction of the restored database, with the present tables.
        now: the present instant.
    """
    highest = max(filter(None, (tx.scalar(sa.select(sa.func.max(table.c.id))) for table in counted())), default=0)
    first = max(micros(now), highest + 10**9)
    for table in counted():
        if tx.dialect.name == "postgresql":
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            tx.execute(sa.select(sa.func.setval(sequence, first, sa.false())))
        else:
            tx.execute(_sequence.delete().where(_sequence.c.name == table.name))
            tx.execute(_sequence.insert().values(name=table.name, seq=first - 1))
    return first
