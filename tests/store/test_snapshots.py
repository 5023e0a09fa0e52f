"""A SQLite database is copied while others write to it, and a copy is put back all at once."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.errors import StoreBusy, StoreError
from backmail.store import snapshots
from backmail.store.engine import connect, durable, reading
from backmail.store.soundness import damages
from backmail.store.tables import meta


@pytest.fixture
def base(shared_sqlite: str) -> Iterator[sa.Engine]:
    made = connect(shared_sqlite, patience=0.1)
    yield made
    made.dispose()


def put(store: sa.Engine, key: str, value: str = "x") -> None:
    with durable(store) as tx:
        tx.execute(meta.insert().values(key=key, value=value))


def keys(store: sa.Engine) -> set[str]:
    with reading(store) as tx:
        return set(tx.scalars(sa.select(meta.c.key)))


def test_a_copy_holds_one_moment_and_nobody_waits(
    base: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes between any two steps: the copy neither begins anew nor holds what came later."""
    for n in range(20):
        put(base, f"before-{n}", "y" * 4000)
    monkeypatch.setattr(snapshots, "_PAGES", 1)
    steps: list[int] = []

    class Stepping(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, *, pages: int) -> None:  # type: ignore[override]
            def progress(_: int, remaining: int, __: int) -> None:
                steps.append(remaining)
                if len(steps) < 30:
                    put(base, f"after-{len(steps)}", "z" * 4000)

            super().backup(target, pages=pages, progress=progress)

    slow = connect(str(base.url))
    sa.event.listen(slow, "do_connect", lambda *given: given[3].update(factory=Stepping))
    snapshots.take(slow, tmp_path / "copy")
    slow.dispose()
    assert steps == sorted(steps, reverse=True)
    with snapshots.opened(base.url, tmp_path / "copy") as copy:
        assert {key for key in keys(copy) if "-" in key} == {f"before-{n}" for n in range(20)}
        with reading(copy) as tx:
            assert damages(tx, indexes=True) == []
    assert len({key for key in keys(base) if key.startswith("after")}) == 29


def test_a_copy_is_one_file_that_nobody_else_may_read(base: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    snapshots.take(base, folder / "copy")
    with snapshots.opened(base.url, folder / "copy") as copy:
        put(copy, "later")
    assert [path.name for path in folder.iterdir()] == ["copy"]
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o600
    (folder / "copy").chmod(0o400)
    with closing(sqlite3.connect(f"file:{folder / 'copy'}?immutable=1", uri=True)) as raw:
        assert raw.execute("SELECT count(*) FROM meta WHERE key = 'later'").fetchone() == (1,)


def test_a_copy_never_takes_another_files_place(base: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        snapshots.take(base, tmp_path / "copy")
    assert (tmp_path / "copy").read_text(encoding="utf-8") == "mine"


def test_putting_back_is_seen_by_who_has_the_database_open(base: sa.Engine, tmp_path: Path) -> None:
    put(base, "old")
    snapshots.take(base, tmp_path / "copy")
    put(base, "new")
    other = connect(str(base.url))
    with other.connect() as looking:
        looking.execute(sa.select(meta.c.key)).all()  # its transaction is open while the database changes
        looking.rollback()
        with reading(other) as tx:
            tx.execute(sa.select(meta.c.key)).all()
            snapshots.put_in_place(tmp_path / "copy", base)
            assert "new" in set(tx.scalars(sa.select(meta.c.key)))
    assert {"old"} == keys(other) & {"old", "new"}
    other.dispose()
    put(base, "newer")
    assert "newer" in keys(base)


def test_a_database_that_somebody_writes_to_is_left_alone(base: sa.Engine, tmp_path: Path) -> None:
    snapshots.take(base, tmp_path / "copy")
    put(base, "new")
    with durable(base) as tx:
        tx.execute(meta.insert().values(key="newer", value="x"))
        with pytest.raises(StoreBusy, match="is locked by another program"):
            snapshots.put_in_place(tmp_path / "copy", base, patience=0.1)
    assert {"new", "newer"} <= keys(base)


def test_what_is_no_database_is_told(base: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with (
        pytest.raises(StoreError, match=r"is not a SQLite database|is damaged"),
        snapshots.opened(base.url, tmp_path / "copy") as copy,
        reading(copy),
    ):
        pass


def test_a_log_that_was_copied_along_is_taken_over(base: sa.Engine, tmp_path: Path) -> None:
    put(base, "in the log")  # the connection stays open, so the log stays
    database = Path(str(base.url.database))
    assert Path(f"{database}-wal").stat().st_size
    for suffix in ("", "-wal"):
        Path(f"{tmp_path / 'raw'}{suffix}").write_bytes(Path(f"{database}{suffix}").read_bytes())
    snapshots.take_over(tmp_path / "raw", tmp_path / "copy")
    with snapshots.opened(base.url, tmp_path / "copy") as copy:
        assert "in the log" in keys(copy)


def test_one_that_is_put_aside_takes_its_log_along(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"db{suffix}").write_text(suffix, encoding="utf-8")
    snapshots.aside(tmp_path / "db", tmp_path / "kept")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "kept": "",
        "kept-wal": "-wal",
        "kept-shm": "-shm",
    }
