"""The word by which an installation knows itself when it asks its own address who answers there. It is no secret."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.store.tables import meta

__all__ = ["keep", "known", "nonce"]

_KEY = "nonce"


def nonce(tx: sa.Connection) -> str:
    """Return the installation's nonce; the first call, in a transaction that writes, makes it.

    It is in the database and not made from the secret key: a copy of a project with the same key is not the same
    installation, and what readers of the one press must not end up in the other's database.
    """
    held = known(tx)
    while held is None:  # on PostgreSQL another worker's may come first
        insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
        tx.execute(insert(meta).values(key=_KEY, value=secrets.token_urlsafe(12)).on_conflict_do_nothing())
        held = known(tx)
    return held


def known(tx: sa.Connection) -> str | None:
    """Return the installation's nonce, None when none was made yet."""
    return tx.scalar(sa.select(meta.c.value).where(meta.c.key == _KEY))


def keep(tx: sa.Connection, word: str) -> None:
    """Let the installation go on to be known by the word that it had, in a database that may hold another one."""
    tx.execute(meta.delete().where(meta.c.key == _KEY))
    tx.execute(meta.insert().values(key=_KEY, value=word))
