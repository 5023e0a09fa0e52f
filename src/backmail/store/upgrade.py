"""Brings a database to the present tables, and refuses one that is newer, or belongs to another installation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.errors import StoreError
from backmail.store.engine import durable, reading
from backmail.store.faults import fault
from backmail.store.tables import engine as engine_table
from backmail.store.tables import meta

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["bring_up", "check", "fingerprint", "recognise", "steps", "upgrade"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x6261636B6D61696C  # any number will do that nobody else locks: "backmail"
_PREFIX = "fingerprint."
_alembic_version = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.Text))  # Alembic's own


def upgrade(engine: sa.Engine) -> None:
    """Make the tables, or change older ones, in one transaction; a database that is up to date is left as it is.

    Then it waits for nobody: who only wants to look must not wait for somebody who writes.

    Raises:
        StoreError: when the database is newer than this backmail, or cannot be written.
    """
    with reading(engine) as tx:
        if _standing(tx) == steps()[-1]:
            return
    with durable(engine) as tx:
        bring_up(tx)


def bring_up(tx: sa.Connection, to: str | None = None) -> None:
    """Make the tables, or change older ones, in an open transaction that may write.

    Args:
        tx: the transaction; of two that do this at once the second waits, and finds it done.
        to: the step to stop at, for rows of an older database; None for the present tables, with the rows that are
            always there.

    Raises:
        StoreError: when the database is newer than this backmail.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if _standing(tx) == (to or steps()[-1]):
        return
    from alembic import command  # slow to load, and seldom needed

    command.upgrade(_config(tx), to or "head")
    if to is None:
        _after(tx)


def recognise(tx: sa.Connection, fingerprints: Mapping[str, str]) -> str:
    """See that a database is of this installation, however old, and return the step that it stands at.

    Raises:
        StoreError: when it has no tables, is newer than this backmail, or was made with other secrets.
    """
    standing = _standing(tx)
    if standing is None:
        raise StoreError(fault(tx.engine.url, "holds nothing of backmail's"))
    _unknown(tx, fingerprints)
    return standing


def check(engine: sa.Engine, fingerprints: Mapping[str, str]) -> None:
    """See that the database fits this backmail and belongs to this installation.

    A fingerprint that the database does not know yet is written down, so that it is held to it from then on.

    Args:
        engine: of the database.
        fingerprints: of each secret, by the name of its setting: "BACKMAIL_SECRET_KEY".

    Raises:
        StoreError: when it is newer or older than this backmail, or was made with other secrets.
    """
    with reading(engine) as tx:
        standing = _standing(tx)
        if standing != steps()[-1]:
            what = "has no tables yet" if standing is None else "was made by an older backmail"
            raise StoreError(fault(engine.url, what), next_command="backmail db upgrade")
        unknown = _unknown(tx, fingerprints)
    if unknown:
        with durable(engine) as tx:
            rows = [{"key": _PREFIX + name, "value": value} for name, value in _unknown(tx, fingerprints).items()]
            if rows:
                tx.execute(meta.insert(), rows)


def fingerprint(secret: bytes) -> str:
    """Return what tells a secret from another and does not give it away, for secrets of 16 random bytes or more."""
    return hashlib.sha256(b"backmail: fingerprint of a secret\0" + secret).hexdigest()[:16]


def _after(tx: sa.Connection) -> None:
    """Put in the rows that are always there."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    tx.execute(insert(engine_table).values(id=1).on_conflict_do_nothing())


def _unknown(tx: sa.Connection, fingerprints: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprints that the database does not hold.

    Raises:
        StoreError: when it holds another one for a name.
    """
    query = sa.select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_PREFIX, autoescape=True))
    held = {row.key.removeprefix(_PREFIX): row.value for row in tx.execute(query)}
    wrong = sorted(name for name, value in fingerprints.items() if held.get(name, value) != value)
    if wrong:
        hint = "links in sent mails and the hashes of suppressed addresses hold with the old one only: put it back"
        raise StoreError(fault(tx.engine.url, f"was made with another {name}", hint) for name in wrong)
    return {name: value for name, value in sorted(fingerprints.items()) if name not in held}


def _standing(tx: sa.Connection) -> str | None:
    """Return the step that the database stands at, None before the first. Alembic is slow to load, and not needed here.

    Raises:
        StoreError: when it is a step that this backmail does not know.
    """
    if not sa.inspect(tx).has_table(_alembic_version.name):
        return None
    standing = tx.scalar(sa.select(_alembic_version.c.version_num))
    if standing is not None and standing not in steps():
        raise StoreError(
            fault(tx.engine.url, "was made by a newer backmail", f"it stands at step {standing}"),
            next_command="pip install --upgrade backmail",
        )
    return standing


def steps() -> list[str]:
    """Return the steps that this backmail knows, in their order: they are the numbers of the files."""
    return sorted(path.name[1:5] for path in (_MIGRATIONS / "versions").glob("v*.py"))


def _config(tx: sa.Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # "%" begins a reference there
    config.attributes["connection"] = tx
    return config
