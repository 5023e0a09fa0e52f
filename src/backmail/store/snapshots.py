"""Copies of a SQLite database: made while others write to it, and put back in its place all at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from backmail.errors import StoreBusy, StoreError
from backmail.store.disk import sync, sync_folder
from backmail.store.engine import connect, reading
from backmail.store.faults import fault, translated

__all__ = ["aside", "opened", "put_in_place", "remove", "take", "take_over"]

_PAGES = 2048  # in one step, 8 MiB: in between, Ctrl-C is heard
_BESIDE = ("", "-wal", "-shm")  # sqlite.org/tempfiles.html: what belongs to a database, its log before its index


def take(store: sa.Engine, target: Path) -> None:
    """Copy a database as it is at one moment into a new file that nobody else may read; it is on the disk afterwards.

    Nobody waits for it, and it waits for nobody: it reads in a transaction of its own, so that no writer makes it begin
    anew (sqlite.org/backup.html).

    Raises:
        OSError: the file cannot be written.
        StoreError: the database cannot be read, or the file's disk has no room.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _in_words(store.url.set(database=str(target))), closing(sqlite3.connect(target)) as copy:
        with reading(store) as tx:
            sa.inspect(tx).get_table_names()  # the moment
            source = tx.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101  # what the engine's driver has
            with _in_words(store.url.set(database=str(target))):  # what fails is writing the copy
                source.backup(copy, pages=_PAGES)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read where nobody may write
    sync(target)


def take_over(source: Path, target: Path) -> None:
    """Copy the bytes of a file that nobody writes to, with its log where one was copied along with it.

    Raises:
        OSError: one of the two cannot be read or written.
    """
    for suffix in _BESIDE[:2]:
        part = Path(f"{source}{suffix}")
        if suffix and not part.exists():
            continue
        opened_ = os.open(f"{target}{suffix}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with part.open("rb") as given, os.fdopen(opened_, "wb") as taken:
            shutil.copyfileobj(given, taken, 2**20)


@contextmanager
def opened(beside: sa.URL, file: Path) -> Iterator[sa.Engine]:
    """Open a file as the database that it is a copy of is opened, and leave it as one file without a log.

    Raises:
        StoreError: it is no database, or is damaged.
    """
    store = connect(beside.set(database=str(file)).render_as_string(hide_password=False))
    try:
        yield store
    finally:
        store.dispose()
    with _in_words(store.url), closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    sync(file)


def put_in_place(copy: Path, store: sa.Engine, *, patience: float = 30.0) -> None:
    """Let a database hold what a copy holds, in one transaction: whoever looks sees all of the one or of the other.

    `patience`: seconds that it waits for another program's transaction to end.

    Raises:
        StoreBusy: another program keeps it locked.
        StoreError: it cannot be written.
    """

    def busy(status: int, *_: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(fault(store.url, "is locked by another program", "stop it, then do the same again"))

    database = str(store.url.database)
    with (
        _in_words(store.url),
        closing(sqlite3.connect(copy)) as source,
        closing(sqlite3.connect(database, timeout=patience)) as target,
    ):
        target.execute("PRAGMA journal_mode = WAL")  # readers go on meanwhile; a new file is made in it, too
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target, pages=-1, progress=busy)


def aside(database: Path, kept: Path) -> None:
    """Give a database that cannot be used another name, with its log: whoever opens it meanwhile finds none.

    Raises:
        OSError: the system refuses that.
    """
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{database}{suffix}").rename(f"{kept}{suffix}")
    sync_folder(database.parent)


def remove(copy: Path) -> None:
    """Delete a copy that is of no more use, with what belongs to it."""
    for suffix in (*_BESIDE, "-journal"):
        Path(f"{copy}{suffix}").unlink(missing_ok=True)


@contextmanager
def _in_words(url: sa.URL) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        known = translated(error, url)
        raise known or StoreError(fault(url, f"cannot be copied: {error}")) from error
