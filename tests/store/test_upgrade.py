"""A database is brought to the present tables from nothing, once, and refused when it is not ours."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from backmail.errors import StoreError
from backmail.store import upgrade as module
from backmail.store.engine import connect, durable, reading
from backmail.store.tables import metadata
from backmail.store.upgrade import check, fingerprint, steps, upgrade

KEYS = {"BACKMAIL_PEPPER": fingerprint(b"p" * 16), "BACKMAIL_SECRET_KEY": fingerprint(b"k" * 16)}


def described(address: str) -> dict[str, object]:
    """Return everything that the database says of its tables, as its own words or its catalogue's."""
    store = connect(address)
    with reading(store) as tx:
        if tx.dialect.name == "sqlite":
            rows = tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'").all()
        else:
            rows = [
                *tx.exec_driver_sql(
                    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                    "WHERE connamespace = current_schema()::regnamespace AND conname NOT LIKE 'alembic%%'"
                ),
                *tx.exec_driver_sql(
                    "SELECT indexname, regexp_replace(indexdef, '\\w+\\.', '') FROM pg_indexes "
                    "WHERE schemaname = current_schema() AND indexname NOT LIKE 'alembic%%'"
                ),
                *tx.exec_driver_sql(
                    "SELECT table_name || '.' || column_name, "
                    "data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') FROM "
                    "information_schema.columns WHERE table_schema = current_schema() "
                    "AND table_name NOT LIKE 'alembic%%'"
                ),
            ]
    store.dispose()
    # SQLite keeps the statement as it was written: the order of constraints in it means nothing.
    return {str(name): sorted(re.split(r",\s*\n|[()\n]", str(sql))) for name, sql in rows}


def test_the_migrations_make_what_the_tables_say(empty: str, tmp_path: Path) -> None:
    store = connect(empty)
    upgrade(store)
    store.dispose()
    migrated = described(empty)
    other = f"sqlite:///{tmp_path / 'other.db'}" if empty.startswith("sqlite") else empty
    store = connect(other)
    with durable(store) as tx:
        if other == empty:
            metadata.drop_all(tx)
        metadata.create_all(tx)
    store.dispose()
    assert len(migrated) > 30
    assert described(other) == migrated


def test_to_upgrade_twice_changes_nothing(empty: str) -> None:
    store = connect(empty)
    upgrade(store)
    before = described(empty)
    upgrade(store)
    assert described(empty) == before
    with reading(store) as tx:
        assert tx.scalar(sa.text("SELECT count(*) FROM engine")) == 1
    store.dispose()


def test_two_programs_may_upgrade_at_once(empty: str) -> None:
    stores = [connect(empty) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, stores))
    for store in stores:
        check(store, KEYS)
        store.dispose()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = connect(empty)

    def breaks(*_: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(module, "_after", breaks)
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(store)
    with reading(store) as tx:
        assert sa.inspect(tx).get_table_names() == []
    monkeypatch.undo()
    upgrade(store)
    check(store, KEYS)
    store.dispose()


def test_a_database_of_a_newer_backmail_is_refused(store: sa.Engine) -> None:
    with durable(store) as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (upgrade, lambda store: check(store, KEYS)):
        with pytest.raises(StoreError, match=r"made by a newer backmail\n.*step 9999\nnext: pip install") as caught:
            use(store)
        assert caught.value.exit_code == 3
    with durable(store) as tx:  # the emptied PostgreSQL goes on to the next test
        tx.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": steps()[-1]})


def test_a_database_without_tables_says_how_to_make_them(empty: str) -> None:
    store = connect(empty)
    with durable(store):
        pass
    with pytest.raises(StoreError, match="has no tables yet\nnext: backmail db upgrade"):
        check(store, KEYS)
    store.dispose()


def test_the_secrets_of_the_first_check_are_those_of_every_other(store: sa.Engine) -> None:
    check(store, {"BACKMAIL_PEPPER": KEYS["BACKMAIL_PEPPER"]})
    check(store, KEYS)
    check(store, KEYS)
    wrong = {name: fingerprint(b"x" * 16) for name in KEYS}
    with pytest.raises(StoreError, match="made with another BACKMAIL_PEPPER") as caught:
        check(store, wrong)
    assert (len(caught.value.faults), caught.value.exit_code) == (2, 3)
    check(store, KEYS)


def test_a_fingerprint_tells_secrets_apart_and_does_not_hold_them() -> None:
    assert fingerprint(b"k" * 16) == KEYS["BACKMAIL_SECRET_KEY"] != KEYS["BACKMAIL_PEPPER"]
    assert len(fingerprint(b"k" * 1000)) == 16


def test_the_steps_are_alembic_s() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(str(module.__file__)).parent / "migrations"))
    assert steps() == sorted(step.revision for step in ScriptDirectory.from_config(config).walk_revisions())
