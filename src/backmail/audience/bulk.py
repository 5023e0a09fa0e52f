"""Many rows at a time: they travel as one value, whatever their number, which both databases unpack by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.store.instants import micros

_T = TypeVar("_T")

PORTION = 5000  # rows in one statement: few statements, and no value of many megabytes


def portions(values: Iterable[_T], size: int = PORTION) -> Iterator[list[_T]]:
    """Yield the values in portions of at most `size`."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def among(tx: sa.Connection, column: sa.Column[Any], values: Sequence[str] | Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of the values."""
    if tx.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(column.type)))
    each = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(each.c.value))


def put_new(
    tx: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]], *answer: sa.Column[Any]
) -> list[tuple[Any, ...]]:
    """Put in the rows that break no rule of uniqueness, and return the columns `answer` of those that are new.

    All rows have the same columns. There is no order among those returned.
    """
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    new: list[tuple[Any, ...]] = []
    for portion in portions(rows):
        names = list(portion[0])
        # To SQLite a SELECT without WHERE before ON CONFLICT reads like a join (sqlite.org/lang_upsert.html, 2.2).
        given = _unpacked(tx, [table.c[name] for name in names], portion).where(sa.true())
        statement = insert(table).from_select(names, given).on_conflict_do_nothing()
        if answer:
            new += [tuple(row) for row in tx.execute(statement.returning(*answer))]
        else:
            tx.execute(statement)
    return new


def _unpacked(
    tx: sa.Connection, columns: Sequence[sa.Column[Any]], rows: Sequence[Mapping[str, Any]]
) -> sa.Select[Any]:
    packed = json.dumps([dict(row) for row in rows], ensure_ascii=False, default=micros)
    if tx.dialect.name == "postgresql":
        each = sa.func.json_to_recordset(sa.cast(sa.literal(packed, sa.Text), postgresql.JSON)).table_valued(
            *(sa.column(column.name, column.type) for column in columns)
        )
        return sa.select(*each.render_derived(name="given", with_types=True).c)
    each = sa.func.json_each(packed).table_valued("value")
    return sa.select(*(sa.func.json_extract(each.c.value, f"$.{column.name}") for column in columns))
