"""The three kinds of transaction, and what is said when the database cannot."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.errors import StoreBusy, StoreError
from backmail.store.engine import connect, durable, reading, relaxed
from backmail.store.tables import meta
from backmail.store.upgrade import upgrade


def keys(store: sa.Engine) -> list[str]:
    """Return the keys in the table of facts."""
    with reading(store) as tx:
        return [row.key for row in tx.execute(meta.select().order_by(meta.c.key))]


def put(store: sa.Engine, key: str) -> None:
    """Write one fact."""
    with durable(store) as tx:
        tx.execute(meta.insert().values(key=key, value=""))


def test_a_transaction_is_kept_when_it_ends_and_undone_when_it_fails(store: sa.Engine) -> None:
    put(store, "kept")
    for kind in (durable, relaxed):
        with pytest.raises(ZeroDivisionError), kind(store) as tx:  # noqa: PT012
            tx.execute(meta.insert().values(key="lost", value=""))
            raise ZeroDivisionError
    assert keys(store) == ["kept"]


def test_who_reads_cannot_write(store: sa.Engine) -> None:
    with pytest.raises(StoreError, match="can only be read"), reading(store) as tx:
        tx.execute(meta.insert().values(key="a", value=""))
    put(store, "b")
    assert keys(store) == ["b"]


def test_who_reads_waits_for_nobody_and_sees_one_moment(shared: str) -> None:
    store = connect(shared, patience=2)
    with reading(store) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(meta)) == 0
        with durable(store) as other:
            other.execute(meta.insert().values(key="a", value=""))
            assert tx.scalar(sa.select(sa.func.count()).select_from(meta)) == 0
        assert tx.scalar(sa.select(sa.func.count()).select_from(meta)) == 0
    assert keys(store) == ["a"]
    store.dispose()


def test_a_decision_is_on_the_disk_when_it_is_answered_and_a_hand_over_need_not_be(shared: str) -> None:
    store = connect(shared)
    ask = "PRAGMA synchronous" if shared.startswith("sqlite") else "SHOW synchronous_commit"
    off, on = (1, 2) if shared.startswith("sqlite") else ("off", "on")
    said = []
    for kind in (relaxed, durable, relaxed, durable):
        with kind(store) as tx:
            said.append(tx.exec_driver_sql(ask).scalar_one())
    assert said == [off, on, off, on]
    store.dispose()


def test_whoever_wants_that_has_hand_overs_on_the_disk_too(shared: str) -> None:
    store = connect(shared, always_durable=True)
    ask = "PRAGMA synchronous" if shared.startswith("sqlite") else "SHOW synchronous_commit"
    with relaxed(store) as tx:
        assert tx.exec_driver_sql(ask).scalar_one() in (2, "on")
    store.dispose()


def test_sqlite_keeps_a_log_and_its_foreign_keys(shared_sqlite: str) -> None:
    store = connect(shared_sqlite)
    with reading(store) as tx:
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert tx.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.dispose()


def test_the_folder_of_the_database_is_made_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path / '.backmail' / 'backmail.db'}")
    upgrade(store)
    assert (tmp_path / ".backmail").stat().st_mode & 0o077 == 0
    store.dispose()


def test_the_database_is_its_owner_s_alone_in_a_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / ".backmail" / "schema").mkdir(parents=True)  # as a fresh clone of a project has it
    store = connect(f"sqlite:///{tmp_path / '.backmail' / 'backmail.db'}")
    upgrade(store)
    with relaxed(store):
        files = sorted(path.name for path in (tmp_path / ".backmail").glob("backmail.db*"))
        assert "backmail.db-wal" in files
        assert all((tmp_path / ".backmail" / name).stat().st_mode & 0o077 == 0 for name in files)
    store.dispose()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("backmail.db", "write sqlite:///path or postgresql://"),
        ("mysql://ann@localhost/mail", "keeps nothing in 'mysql'"),
        ("", "write sqlite:///path"),
    ],
)
def test_an_address_that_is_none_is_named(address: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        connect(address)
    assert caught.value.exit_code == 3


def test_a_lock_of_somebody_else_is_named(shared: str) -> None:
    store, other = connect(shared, patience=0.05), connect(shared)
    with other.begin() as lock:
        if lock.dialect.name == "postgresql":
            lock.execute(sa.text("LOCK TABLE meta"))
        with pytest.raises(StoreBusy, match="is locked by another program"):
            put(store, "a")
    put(store, "b")
    assert keys(store) == ["b"]
    store.dispose()
    other.dispose()


def test_a_full_disk_is_named_and_nothing_is_half_written(shared_sqlite: str) -> None:
    store = connect(shared_sqlite)

    @sa.event.listens_for(store, "begin", insert=True)
    def few_pages(tx: sa.Connection) -> None:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreBusy, match=r"has no room left on its disk\n.*goes on by itself"), durable(store) as tx:  # noqa: PT012
        tx.execute(meta.insert().values(key="a", value=""))
        tx.execute(meta.insert().values(key="b", value="x" * 100_000))
    assert keys(store) == []
    put(store, "c")
    assert keys(store) == ["c"]
    store.dispose()


def test_a_file_that_can_only_be_read_is_named(shared_sqlite: str) -> None:
    path = shared_sqlite.removeprefix("sqlite:///")
    store = connect(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError, match=r"backmail\.db.* can only be read\n.*let this user write"):
        put(store, "a")
    store.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 1000)
    store = connect(f"sqlite:///{path}")
    with pytest.raises(StoreError, match=r"notes\.txt is not a SQLite database"):
        put(store, "a")
    assert path.read_text().startswith("Dear diary")


def test_a_damaged_file_is_named(shared_sqlite: str) -> None:
    path = Path(shared_sqlite.removeprefix("sqlite:///"))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)
    store = connect(shared_sqlite)
    with pytest.raises(StoreError, match="is damaged"):
        keys(store)
    store.dispose()


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    for place in ("taken/backmail.db", "taken/deeper/backmail.db"):
        store = connect(f"sqlite:///{tmp_path / place}")
        with pytest.raises(StoreError, match="cannot be opened"):
            put(store, "a")


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    store = connect("postgresql://ann:very-secret@127.0.0.1:1/mail", patience=2)
    with pytest.raises(StoreBusy, match=r"ann:\*\*\*@127\.0\.0\.1:1/mail cannot be reached") as caught:
        put(store, "a")
    assert "very-secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(postgres_server: str) -> None:
    url = sa.make_url(postgres_server).set(database="no_such_database")
    store = connect(url.render_as_string(hide_password=False))
    with pytest.raises(StoreError, match=r'cannot be reached\n.*database "no_such_database" does not exist'):
        put(store, "a")


def test_a_connection_that_the_server_ends_is_named_and_the_next_one_works(shared_postgres: str) -> None:
    store, admin = connect(shared_postgres), connect(shared_postgres)
    with pytest.raises(StoreBusy, match="is going down"), durable(store) as tx:  # noqa: PT012
        pid = tx.scalar(sa.text("SELECT pg_backend_pid()"))
        with durable(admin) as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        tx.execute(meta.insert().values(key="a", value=""))
    put(store, "b")
    assert keys(store) == ["b"]
    store.dispose()
    admin.dispose()


def test_a_mistake_of_ours_stays_a_mistake(store: sa.Engine) -> None:
    with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)), reading(store) as tx:
        tx.execute(sa.text("SELECT nothing_of_that_name FROM meta"))


def test_an_old_sqlite_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 9))
    with pytest.raises(StoreError, match=r"needs 3\.35 or newer"):
        connect("sqlite://")
