"""A dump of PostgreSQL is read back row by row, whatever stands in the rows, into tables that the migrations make."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.errors import StoreError
from backmail.store import dumps
from backmail.store.engine import connect, durable, reading
from backmail.store.tables import metadata
from backmail.store.upgrade import bring_up, steps
from tests.store.world import World

ODD = "tab\there\nnew line\r\\N \\. 'quoted' \"é\" \N{SNOWMAN}\N{PILE OF POO} \\"


@pytest.fixture
def base(shared_postgres: str, postgres_programs: None) -> Iterator[sa.Engine]:
    made = connect(shared_postgres)
    yield made
    made.dispose()


def rows(store: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables."""
    with reading(store) as tx:
        return {
            table.name: sorted((dict(row) for row in tx.execute(table.select()).mappings()), key=str)
            for table in metadata.sorted_tables
        }


def filled(store: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Put something odd into a database, and return all of it."""
    world = World(store)
    world.campaign(slug=ODD)
    world.planned("ida", "bo")
    world.person(ODD, first_name=ODD, last_name="", attributes={ODD: ODD})
    with durable(store) as tx:
        tx.execute(metadata.tables["contents"].insert().values(hash="h", bytes=bytes(range(256)) * 500))
        tx.execute(metadata.tables["meta"].insert(), [{"key": f"k{n}", "value": "v" * n} for n in range(3000)])
    return rows(store)


def test_every_row_comes_back_as_it_was(base: sa.Engine, tmp_path: Path) -> None:
    before = filled(base)
    dumps.take(base, tmp_path / "one", os.environ)
    dumps.check(tmp_path / "one", os.environ)
    assert dumps.step(tmp_path / "one", os.environ) == steps()[-1]
    with durable(base) as tx:
        dumps.drop(tx)
        bring_up(tx, steps()[-1])
        dumps.load(tx, tmp_path / "one", os.environ)
    assert rows(base) == before


def test_what_stands_in_it_beside_rows_is_not_run(base: sa.Engine, tmp_path: Path) -> None:
    with durable(base) as tx:
        tx.exec_driver_sql(
            "CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''run''; END'"
        )
        tx.exec_driver_sql("CREATE TRIGGER evil BEFORE UPDATE ON meta FOR EACH ROW EXECUTE FUNCTION evil()")
    filled(base)
    dumps.take(base, tmp_path / "one", os.environ)
    with durable(base) as tx:
        dumps.drop(tx)
        bring_up(tx, steps()[-1])
        dumps.load(tx, tmp_path / "one", os.environ)
        tx.execute(metadata.tables["meta"].update().values(value="x"))
        tx.exec_driver_sql("DROP FUNCTION evil")


def test_a_column_that_nobody_knows_is_refused(base: sa.Engine, tmp_path: Path) -> None:
    filled(base)
    with durable(base) as tx:
        tx.exec_driver_sql("ALTER TABLE meta ADD COLUMN more text")
    dumps.take(base, tmp_path / "one", os.environ)
    with durable(base) as tx:
        dumps.drop(tx)
        bring_up(tx, steps()[-1])
        with pytest.raises(StoreError, match="the table meta has columns that backmail does not know"):
            dumps.load(tx, tmp_path / "one", os.environ)


def test_a_dump_of_something_else_is_told(base: sa.Engine, tmp_path: Path) -> None:
    with durable(base) as tx:
        tx.exec_driver_sql("ALTER TABLE deliveries RENAME TO other")
    try:
        dumps.take(base, tmp_path / "one", os.environ)
    finally:
        with durable(base) as tx:
            tx.exec_driver_sql("ALTER TABLE other RENAME TO deliveries")
    with pytest.raises(StoreError, match="does not hold all of backmail's tables"):
        dumps.check(tmp_path / "one", os.environ)


def test_what_cannot_be_read_is_told_in_its_words(base: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"PGDMP nothing more")
    for look in (dumps.check, dumps.step, dumps.tables_in):
        with pytest.raises(StoreError, match="it cannot be read as a backup of PostgreSQL: pg_restore: ") as caught:
            look(tmp_path / "one", os.environ)
        assert caught.value.exit_code == 3
