"""Opens the database, and the three kinds of transaction: one that only reads, one for the protocol, one that lasts."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from backmail.errors import StoreError
from backmail.store.faults import fault, translated

__all__ = ["Commit", "connect", "durable", "reading", "relaxed", "watched"]

_OLDEST_SQLITE = (3, 35)  # the first with RETURNING
_CACHE = 16 * 1024  # KiB of pages, where SQLite takes 2 MiB by itself: too few for the indexes of a large table
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


@dataclass(slots=True)
class Commit:
    """A transaction that may write, as who watches it sees it: at its beginning, just before its end, and after it.

    Attributes:
        name: what the transaction is for: "claim", "hand-over", "record"; "decision" where nothing else is said.
        changed: how many rows each of the hot statements changed, by the statement's name.
        stage: "begins", "before" (all is written, nothing is committed) or "after".
    """

    name: str
    changed: Counter[str] = field(default_factory=Counter)
    stage: str = "begins"


def watched(engine: sa.Engine, watch: Callable[[Commit], None]) -> sa.Engine:
    """Return the same database with somebody who is called three times in each transaction that may write.

    What `watch` raises before the commit undoes the transaction. So a process can be made to die there, which is how
    it is proved that it may die anywhere.
    """
    return engine.execution_options(watch=watch)


def connect(address: str, *, patience: float = 30.0, always_durable: bool = False) -> sa.Engine:
    """Return the engine of a database. SQLite's file is made, with its folder, when it is first used.

    Args:
        address: `sqlite:///path`, `sqlite://` for one in memory, or `postgresql://name:password@host/database`.
        patience: seconds that a transaction waits for another one to end, or for a server to answer at first.
        always_durable: whether `relaxed` transactions are on the disk when they end, as all others are.

    Raises:
        StoreError: for an address that is none, or when what is needed for it is not installed.
    """
    try:
        url = sa.make_url(address)
    except ArgumentError:
        raise StoreError("the address of the database is none: write sqlite:///path or postgresql://...") from None
    if url.drivername not in _DRIVERS:
        raise StoreError(f"backmail keeps nothing in {url.drivername!r}: write sqlite:///path or postgresql://...")
    url = url.set(drivername=_DRIVERS[url.drivername])
    made = _sqlite(url, patience) if url.get_backend_name() == "sqlite" else _postgresql(url, patience)
    return made.execution_options(always_durable=True) if always_durable else made


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction that sees one moment of the database, waits for nobody, and cannot write."""
    with _transaction(engine, read_only=True) as tx:
        yield tx


@contextmanager
def relaxed(engine: sa.Engine, name: str = "record") -> Iterator[sa.Connection]:
    """Open a transaction of the delivery protocol. A power cut may undo it, which repeats mail and never loses any.

    For hand-overs and what became of them, and for nothing that a person decided. `name` says what it is for.
    """
    with _transaction(engine, name, relaxed=not engine.get_execution_options().get("always_durable")) as tx:
        yield tx


@contextmanager
def durable(engine: sa.Engine, name: str = "decision") -> Iterator[sa.Connection]:
    """Open a transaction that is on the disk when it ends: what a person decided is never forgotten."""
    with _transaction(engine, name) as tx:
        yield tx


@contextmanager
def _transaction(engine: sa.Engine, name: str = "", **options: Any) -> Iterator[sa.Connection]:
    watch = engine.get_execution_options().get("watch") if name else None
    commit = Commit(name)
    if watch is not None:
        watch(commit)
        options["changed"] = commit.changed
    try:
        with engine.connect().execution_options(**options) as tx, tx.begin():
            yield tx
            if watch is not None:
                commit.stage = "before"
                watch(commit)
    except (DBAPIError, sqlite3.Error) as error:
        known = translated(error, engine.url)
        if known is None:
            raise
        raise known from error
    if watch is not None:
        commit.stage = "after"
        watch(commit)


def _sqlite(url: sa.URL, patience: float) -> sa.Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        wanted = ".".join(map(str, _OLDEST_SQLITE))
        raise StoreError(f"this Python comes with SQLite {sqlite3.sqlite_version}, backmail needs {wanted} or newer")
    in_memory = url.database in (None, "", ":memory:")
    # A database in memory lives in its connection, so there is one for all threads.
    pool = {"poolclass": sa.StaticPool} if in_memory else {}
    arguments = {"timeout": patience, "check_same_thread": False}
    made = sa.create_engine(url, connect_args=arguments, **pool)

    @event.listens_for(made, "do_connect")
    def make_place(*_: object) -> None:
        # People's addresses stand in it: it is its owner's alone, in a folder that was there before too. SQLite gives
        # its log the same rights.
        if not in_memory and "uri" not in url.query:
            file = Path(str(url.database))
            with suppress(OSError):  # SQLite, which comes next, says that it cannot be opened
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(made, "connect")
    def prepare(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = None  # the driver opens no transaction by itself; `begin` below does
        mode = raw.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode not in ("wal", "memory"):
            raise StoreError(
                fault(url, "cannot keep a write-ahead log", "is it on a network disk? Move it to a local one")
            )
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA cache_size = -{_CACHE}")

    @event.listens_for(made, "begin")
    def begin(tx: sa.Connection) -> None:
        options = tx.get_execution_options()
        read_only = options.get("read_only", False)
        # SQLite takes neither inside a transaction, and the connection keeps both: said where they were said otherwise.
        if not read_only:
            _say(tx, "synchronous", "NORMAL" if options.get("relaxed") else "FULL")
        _say(tx, "query_only", "ON" if read_only else "OFF")
        # A transaction that reads first and writes later may find that it cannot: who means to write says so at once.
        tx.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made


def _say(tx: sa.Connection, pragma: str, value: str) -> None:
    """Set something of a connection of SQLite's, unless it is set."""
    if tx.info.get(pragma) != value:
        tx.exec_driver_sql(f"PRAGMA {pragma} = {value}")
        tx.info[pragma] = value


def _postgresql(url: sa.URL, patience: float) -> sa.Engine:
    arguments: dict[str, Any] = {"connect_timeout": max(2, round(patience))}  # libpq takes whole seconds from 2 up
    try:
        made = sa.create_engine(url, connect_args=arguments, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            "psycopg, which speaks to PostgreSQL, is not installed", next_command="pip install 'backmail[fleet]'"
        ) from None

    @event.listens_for(made, "begin")
    def begin(tx: sa.Connection) -> None:
        options = tx.get_execution_options()
        if options.get("read_only"):
            tx.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        else:
            tx.exec_driver_sql(f"SET LOCAL synchronous_commit = {'off' if options.get('relaxed') else 'on'}")
            tx.exec_driver_sql(f"SET LOCAL lock_timeout = {round(patience * 1000)}")

    return made
