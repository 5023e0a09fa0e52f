"""What an operator does with the database as a whole: bring it to the present tables, see whether it is sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backmail.config import Project
from backmail.errors import StoreError
from backmail.store import queue, soundness, upgrade
from backmail.store.engine import connect, reading
from backmail.store.faults import fault, named

__all__ = ["Checked", "checked", "file_of", "fingerprints", "place", "upgraded"]


@dataclass(frozen=True, slots=True)
class Checked:
    """`name`: how a person knows the database. `damages`: what is not whole. `astray`: how many the queue has wrong."""

    name: str
    damages: list[str]
    astray: int


def fingerprints(project: Project) -> dict[str, str]:
    """Return what tells the project's secrets from others', by their names.

    Raises:
        ConfigError: one is missing.
    """
    return {name: upgrade.fingerprint(secret) for name, secret in project.secrets().lasting().items()}


def file_of(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database, None for one in memory and for a server."""
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if in_file else None


def place(project: Project) -> sa.URL:
    """Return where the database is, with the folder made that a SQLite file and its lock stand in.

    Raises:
        ConfigError: .env cannot be read.
        StoreError: the address is none.
    """
    engine = connect(project.database())
    engine.dispose()
    if file := file_of(engine.url):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return engine.url


def upgraded(project: Project) -> str:
    """Make the database, or bring it to the present tables, and return how a person knows it.

    Raises:
        ConfigError: a secret is missing.
        StoreError: it cannot be used, is newer than this backmail, or belongs to another installation.
    """
    with _connected(project) as engine:
        upgrade.upgrade(engine)
        upgrade.check(engine, fingerprints(project))
        return named(engine.url)


def checked(project: Project) -> Checked:
    """See whether the database fits this backmail, belongs to this installation, and is sound: it reads all of it.

    Raises:
        ConfigError: a secret is missing.
        StoreError: it cannot be used, is newer or older than this backmail, or belongs to another installation.
    """
    with _connected(project) as engine:
        file = file_of(engine.url)
        if file is not None and not file.exists():
            raise StoreError(fault(engine.url, "is not there"), next_command="backmail db upgrade")
        upgrade.check(engine, fingerprints(project))
        with reading(engine) as tx:
            return Checked(named(engine.url), soundness.damages(tx), len(queue.disagreements(tx)))


@contextmanager
def _connected(project: Project) -> Iterator[sa.Engine]:
    engine = connect(project.database())
    try:
        yield engine
    finally:
        engine.dispose()
