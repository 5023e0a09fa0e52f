"""What SQLite finds damaged is told, and a sound database is not accused."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.errors import StoreError
from backmail.store.engine import connect, reading
from backmail.store.soundness import damages


def test_a_sound_database_has_none(store: sa.Engine) -> None:
    with reading(store) as tx:
        assert damages(tx) == []


def broken(address: str, *statements: str) -> sa.Engine:
    """Change a database as no program should, and open it."""
    engine = connect(address)
    with engine.connect() as raw:
        raw.exec_driver_sql("COMMIT")
        for statement in statements:
            raw.exec_driver_sql(statement)
    engine.dispose()
    return engine


def test_a_row_without_the_row_that_it_belongs_to_is_found(shared_sqlite: str) -> None:
    engine = broken(
        shared_sqlite, "PRAGMA foreign_keys = OFF", "INSERT INTO tags (subscriber, tag, since) VALUES (7, 'x', 0)"
    )
    with reading(engine) as tx:
        assert damages(tx) == ["row None of tags belongs to a row of subscribers that is not there"]
    engine.dispose()


def test_a_row_that_cannot_be_is_found(shared_sqlite: str) -> None:
    engine = broken(shared_sqlite, "PRAGMA ignore_check_constraints = ON", "INSERT INTO engine (id) VALUES (2)")
    with reading(engine) as tx:
        assert damages(tx) == ["CHECK constraint failed in engine"]
    engine.dispose()


def test_a_page_that_was_overwritten_is_found(shared_sqlite: str, tmp_path: Path) -> None:
    file = tmp_path / "backmail.db"
    data = bytearray(file.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    data[5 * size : 6 * size] = b"\xff" * size
    file.write_bytes(data)
    engine = connect(shared_sqlite)
    with pytest.raises(StoreError, match="is damaged"), reading(engine) as tx:
        damages(tx)
    engine.dispose()
