"""Rows on their way to and from the hot statements: one JSON array for many, the queue kept in step with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.store.hot import hot, named

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a worker holds of a delivery that it claimed. The epoch grows with every claim: an old one opens nothing."""

    id: int
    epoch: int


def packed(rows: Iterable[Row]) -> str:
    """Return rows of numbers, texts and None as the one value that the statements take."""
    return json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))


def run(tx: sa.Connection, statement: str, **values: object) -> Sequence[Row]:
    """Run one of the hot statements and return the rows that it gave back."""
    result = tx.exec_driver_sql(statement, values)
    # The driver's own tuples: rows with names of their own, which nobody here uses, take as long as the statement.
    assert result.cursor is not None  # noqa: S101  # it is there until the result is closed
    found: Sequence[Row] = result.cursor.fetchall()
    result.close()
    changed = tx.get_execution_options().get("changed")  # somebody watches the transaction
    if changed is not None and found:
        changed[named(tx, statement)] += len(found)
    return found


def change(tx: sa.Connection, statement: str, rows: Iterable[Row], **values: object) -> Sequence[Row]:
    """Run a hot statement on many rows; nothing is asked of the database when there are none."""
    given = packed(rows)
    return [] if given == "[]" else run(tx, statement, rows=given, **values)


def enqueue(tx: sa.Connection, returned: Iterable[Row]) -> set[int]:
    """Put deliveries, as (id, epoch, campaign, next_try_at), into the queue, and return their ids."""
    keys = [(campaign, next_try_at, delivery) for delivery, _, campaign, next_try_at in returned]
    if keys:
        tx.exec_driver_sql(hot(tx).enqueue, {"rows": packed(keys)})
    return {key[2] for key in keys}


def dequeue(tx: sa.Connection, returned: Iterable[Row]) -> set[int]:
    """Take deliveries, as (id, epoch, campaign, next_try_at), out of the queue, and return their ids."""
    keys = [(campaign, next_try_at, delivery) for delivery, _, campaign, next_try_at in returned]
    if keys:
        tx.exec_driver_sql(hot(tx).dequeue, {"rows": packed(keys)})
    return {key[2] for key in keys}
