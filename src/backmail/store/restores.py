"""When the database was last put back from a backup: what came before that, it may not know of."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.store.instants import instant, micros
from backmail.store.tables import meta

__all__ = ["note", "noted"]

_KEY = "restored_at"  # `walks.walkers` asks for it too, in the words of `hot`


def note(tx: sa.Connection, at: dt.datetime) -> dt.datetime:
    """Write down that the database was restored at an instant (UTC), and return the latest that is known."""
    before = noted(tx)
    latest = at if before is None else max(before, at)
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    row = insert(meta).values(key=_KEY, value=str(micros(latest)))
    tx.execute(row.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": row.excluded.value}))
    return latest


def noted(tx: sa.Connection) -> dt.datetime | None:
    """Return when the database was last restored, None when it never was."""
    value = tx.scalar(sa.select(meta.c.value).where(meta.c.key == _KEY))
    return None if value is None else instant(int(value))
