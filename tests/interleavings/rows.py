"""The tables as the laws see them, and as they were before: read and put back by a line of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from backmail.store.engine import reading
from backmail.store.hot import hot
from backmail.store.tables import metadata

# What decides how it goes on; who had the leases, and until when, is told by the laws.
_DECIDING = {
    "campaigns": "*",
    "deliveries": "id, enrollment, step, state, reason, due_at, closes_at, slot_date, zone, next_try_at, claimed_from,"
    " version, variant, hand_overs, first_handed_at, deferrals, deferred_since, unknowns, accepted_at",
    "due": "*",
    "engine": "*",
    "enrollments": "*",
    "meta": "*",
    "subscribers": "*",
    "suppressions": "*",
    "tags": "*",
}


class Row(NamedTuple):
    """A delivery."""

    id: int
    enrollment: int
    subscriber: int
    campaign: str
    step: str
    state: str
    reason: str | None
    epoch: int
    owner: str | None
    hand_overs: int

    @property
    def under_way(self) -> bool:
        """Whether a worker has it."""
        return self.state in ("claimed", "handed")


class Walk(NamedTuple):
    """An enrollment."""

    id: int
    subscriber: int
    campaign: str
    run: int
    state: str
    reason: str | None


class _Line(Protocol):
    def execute(self, text: str) -> Any: ...


class Tables:
    """Looks at the rows without a transaction, and puts all of them back to what they were at the beginning."""

    def __init__(self, line: _Line, disagreements: str) -> None:
        self._line = line
        self._disagreements = disagreements
        self._names = [table.name for table in metadata.sorted_tables]

    def rows(self) -> dict[int, Row]:
        """Return all deliveries by id."""
        found = self._line.execute(f"SELECT {', '.join(Row._fields)} FROM deliveries ORDER BY id").fetchall()  # noqa: S608
        return {row[0]: Row(*row) for row in found}

    def walks(self) -> list[Walk]:
        """Return all enrollments in their order."""
        found = self._line.execute(f"SELECT {', '.join(Walk._fields)} FROM enrollments ORDER BY id").fetchall()  # noqa: S608
        return [Walk(*row) for row in found]

    def astray(self) -> list[object]:
        """Return where the two tables of what waits disagree."""
        return list(self._line.execute(self._disagreements).fetchall())

    def end_leases(self, owner: str) -> None:
        """Let time pass for the leases of one worker."""
        self._line.execute(f"UPDATE deliveries SET lease_until = 0 WHERE owner = '{owner}'")  # noqa: S608

    def state(self) -> tuple[object, ...]:
        """Return all that decides how it goes on."""
        return tuple(
            str(sorted(map(str, self._line.execute(f"SELECT {what} FROM {table}").fetchall())))  # noqa: S608
            for table, what in _DECIDING.items()
        )

    def put_back(self) -> None:
        """Put all rows back to what they were when this was made."""
        raise NotImplementedError


class _InMemory(Tables):
    def __init__(self, line: sqlite3.Connection, disagreements: str) -> None:
        super().__init__(line, disagreements)
        self._here = line
        self._kept = sqlite3.connect(":memory:")
        line.backup(self._kept)

    def put_back(self) -> None:
        self._kept.backup(self._here)

    def close(self) -> None:
        self._kept.close()


class _OnServer(Tables):
    """Keeps the rows in temporary tables, which end with the line."""

    def __init__(self, line: Any, disagreements: str) -> None:
        super().__init__(line, disagreements)
        line.execute(";".join(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name}" for name in self._names))  # noqa: S608
        counters = {
            table.name: line.execute(f"SELECT pg_get_serial_sequence('{table.name}', 'id')").fetchone()[0]
            for table in metadata.sorted_tables
            if "id" in table.c
        }
        again = [
            f"SELECT setval('{counter}', (SELECT coalesce(max(id), 0) + 1 FROM kept_{name}), false)"  # noqa: S608
            for name, counter in counters.items()
            if counter
        ]
        gone = [f"DELETE FROM {name}" for name in reversed(self._names)]  # noqa: S608
        back = [f"INSERT INTO {name} SELECT * FROM kept_{name}" for name in self._names]  # noqa: S608
        # No trigger looks after what one row says of another: all of them come back together.
        self._put_back = ";".join(
            ["BEGIN", "SET LOCAL session_replication_role = replica", *gone, *back, *again, "COMMIT"]
        )

    def put_back(self) -> None:
        self._line.execute(self._put_back)


@contextmanager
def tables(store: sa.Engine) -> Iterator[Tables]:
    """Keep the rows as they are now, for as long as it is needed."""
    with reading(store) as tx:
        disagreements = hot(tx).disagreements
    raw = store.raw_connection()
    line: Any = raw.driver_connection
    if isinstance(line, sqlite3.Connection):
        kept = _InMemory(line, disagreements)
        yield kept
        kept.close()
    else:
        line.autocommit = True
        line.execute("SET synchronous_commit = off")
        yield _OnServer(line, disagreements)
        raw.detach()
        line.close()
