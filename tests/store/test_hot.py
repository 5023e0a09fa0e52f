"""The hot statements find every row by an index, however large the tables have grown."""

import re
from dataclasses import fields

import pytest
import sqlalchemy as sa

from backmail.store.engine import connect, durable
from backmail.store.hot import Hot, hot

LARGE = {"deliveries", "due", "enrollments", "events", "subscribers", "suppressions"}
# Reads both tables from end to end, and says so.
WHOLE = {"disagreements"}
NAMES = [field.name for field in fields(Hot) if field.name not in WHOLE]


def read_whole(tx: sa.Connection, statement: str) -> set[str]:
    """Return the large tables that SQLite would read from end to end."""
    values: dict[str, object] = dict.fromkeys(re.findall(r":([a-z_]+)", statement), "[]")
    lines = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    tables = {alias: table for table, alias in re.findall(r"(\w+) AS ([a-z])\b", statement)}
    scanned = {line.split()[1] for line in lines if line.startswith("SCAN ")}
    return {tables.get(alias, alias) for alias in scanned} & LARGE


@pytest.mark.parametrize("name", NAMES)
def test_no_large_table_is_read_whole(shared_sqlite: str, name: str) -> None:
    store = connect(shared_sqlite)
    with durable(store) as tx:
        assert read_whole(tx, getattr(hot(tx), name)) == set()
    store.dispose()


def test_a_statement_that_reads_tables_whole_is_seen(shared_sqlite: str) -> None:
    store = connect(shared_sqlite)
    with durable(store) as tx:
        assert read_whole(tx, hot(tx).disagreements) == {"due", "deliveries"}
        assert read_whole(tx, "DELETE FROM due WHERE delivery = 1") == {"due"}
    store.dispose()
