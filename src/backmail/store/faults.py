"""What a database says when it cannot, in words for the person who runs it."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from backmail.errors import Fault, StoreBusy, StoreError

# The name of the error, or the beginning of it (SQLite has SQLITE_READONLY_DBMOVED and the like), to kind and words.
_SQLITE: tuple[tuple[str, type[StoreError], str, str], ...] = (
    ("SQLITE_BUSY", StoreBusy, "is locked by another program", "another backmail, a backup or a database browser"),
    ("SQLITE_LOCKED", StoreBusy, "is locked by another program", "another backmail, a backup or a database browser"),
    ("SQLITE_FULL", StoreBusy, "has no room left on its disk", "make room; sending goes on by itself"),
    ("SQLITE_IOERR_SHMSIZE", StoreBusy, "has no room left on its disk", "make room; sending goes on by itself"),
    ("SQLITE_READONLY", StoreError, "can only be read", "let this user write to the file and to its folder"),
    ("SQLITE_PERM", StoreError, "may not be opened by this user", "let this user write to the file and to its folder"),
    ("SQLITE_CANTOPEN", StoreError, "cannot be opened", "is the folder there, and may this user write to it?"),
    ("SQLITE_NOTADB", StoreError, "is not a SQLite database", "is the address of the database right?"),
    ("SQLITE_CORRUPT", StoreError, "is damaged", "restore the last backup"),
    ("SQLITE_IOERR", StoreError, "cannot be read or written: the disk reports an error", "look at the disk first"),
)
# SQLSTATE, or the beginning of it: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: tuple[tuple[str, type[StoreError], str, str], ...] = (
    ("40", StoreBusy, "was wanted by two at once", "the same again will do"),
    ("55P03", StoreBusy, "is locked by another program", "the same again will do"),
    ("57014", StoreBusy, "took too long to answer", "is somebody holding a lock?"),
    ("57P", StoreBusy, "is going down or coming up", "the same again will do"),
    ("08", StoreBusy, "does not answer", "is the server running?"),
    ("53", StoreBusy, "has no room, memory or connections left", "make room; sending goes on by itself"),
    ("58", StoreError, "cannot be read or written: the disk reports an error", "look at the server's log"),
    ("25006", StoreError, "can only be read", "is this a standby?"),
    ("42501", StoreError, "does not let this user do that", "backmail's user must own its tables"),
)


def named(url: sa.URL) -> str:
    """Return how a person knows the database: SQLite's file, else its address without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.render_as_string(hide_password=True)


def fault(url: sa.URL, what: str, hint: str = "") -> Fault:
    """Return a fault of the database: `what` goes on after its name ("is not there")."""
    return Fault(f"the database {named(url)} {what}", hint=hint)


def translated(error: DBAPIError | sqlite3.Error, url: sa.URL) -> StoreError | None:
    """Return the error in words for a person, or None when it is none of the database's state but a mistake of ours."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(origin, "sqlite_errorname", None)
    state = getattr(origin, "sqlstate", None)
    known = _SQLITE if name else _POSTGRESQL
    for start, kind, what, hint in known:
        if (name or state or "").startswith(start):
            return kind(fault(url, what, hint))
    # psycopg knows no SQLSTATE when it cannot connect, or loses the line; the server's own words say why.
    if isinstance(error, OperationalError) and not name and not state:
        first, *_ = str(origin).splitlines() or ["nothing"]
        return StoreBusy(fault(url, "cannot be reached", f"is its address right, and does it run? It says: {first}"))
    return None
