"""A backup is whole, of this installation, readable by nobody else, and never in another file's place."""

import datetime as dt
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from backmail.app.backups import backed_up
from backmail.config import Project
from backmail.errors import ConfigError, InputError, StoreError
from backmail.store import dumps
from backmail.store.engine import connect, durable
from backmail.store.tables import due, meta
from tests.cli.installation import project

AT = dt.datetime(2027, 3, 2, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


@pytest.fixture(params=["sqlite", "postgres"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A project with people on each kind of database."""
    if request.param == "sqlite":
        return project(tmp_path / "my news", people=2)
    request.getfixturevalue("postgres_programs")
    return project(tmp_path / "my news", people=2, database=str(request.getfixturevalue("postgres")))


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Project:
    return project(tmp_path / "my news", people=2)


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: str) -> Project:
    return project(tmp_path / "my news", people=2, database=postgres)


def test_it_is_one_file_that_nobody_else_may_read(made: Project, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    done = backed_up(made, folder / "one", now=AT)
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert (done.file, done.size) == (folder / "one", (folder / "one").stat().st_size)
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600


def test_in_a_folder_it_is_named_by_the_instant(made: Project, tmp_path: Path) -> None:
    done = backed_up(made, tmp_path, now=AT)
    assert done.file.stem == "backmail-20270302T093000Z"
    with pytest.raises(InputError, match="is there already"):
        backed_up(made, tmp_path, now=AT)


@pytest.mark.parametrize("there", ["file", "link"])
def test_another_file_is_left_alone(on_sqlite: Project, tmp_path: Path, there: str) -> None:
    if there == "file":
        (tmp_path / "one").write_text("mine", encoding="utf-8")
    else:
        (tmp_path / "one").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is there already") as caught:
        backed_up(on_sqlite, tmp_path / "one", now=AT)
    assert (caught.value.exit_code, caught.value.next_command) == (3, f"backmail db backup {tmp_path}")
    assert not (tmp_path / "nowhere").exists()


def test_what_a_killed_one_left_is_cleared_away(on_sqlite: Project, tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-journal"):
        (tmp_path / f".one.backmail-part{suffix}").write_text("half", encoding="utf-8")
    (tmp_path / "one.part").write_text("somebody's own", encoding="utf-8")
    backed_up(on_sqlite, tmp_path / "one", now=AT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my news", "one", "one.part"]


def test_one_that_fails_leaves_nothing(made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backmail.store.soundness.damages", fails)
    monkeypatch.setattr("backmail.store.dumps.check", fails)
    with pytest.raises(KeyboardInterrupt):
        backed_up(made, tmp_path / "one", now=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["my news"]


def test_a_folder_that_is_not_there_is_told(on_sqlite: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        backed_up(on_sqlite, tmp_path / "nowhere" / "one", now=AT)


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    made = project(tmp_path)
    with pytest.raises(StoreError, match="is not there: there is nothing to back up"):
        backed_up(made, tmp_path / "one", now=AT)
    (tmp_path / ".backmail").mkdir()
    with closing(sqlite3.connect(tmp_path / ".backmail" / "backmail.db")) as raw:
        raw.execute("CREATE TABLE shop (id)")
    with pytest.raises(StoreError, match=r"holds nothing of backmail's"):
        backed_up(made, tmp_path / "one", now=AT)


def test_another_installations_is_refused(made: Project, tmp_path: Path) -> None:
    (made.root / ".env").write_text(
        (made.root / ".env").read_text(encoding="utf-8").replace("pppp", "qqqq"), encoding="utf-8"
    )
    with pytest.raises(StoreError, match="was made with another BACKMAIL_PEPPER"):
        backed_up(made, tmp_path / "one", now=AT)
    (made.root / ".env").unlink()
    with pytest.raises(ConfigError):
        backed_up(made, tmp_path / "one", now=AT)


def test_a_damaged_one_takes_no_backups_place(on_sqlite: Project, tmp_path: Path) -> None:
    """An index that does not say what its table says is found by the longer look alone."""
    index = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'ix_noes_kept'"
    steps = [
        (index, ("kept = 0", "kept = 1")),
        ("INSERT INTO noes (uid, at, what, address, scope, reason) VALUES ('u', 0, 'lifted', 'a', '', 'bounced')", ()),
        (index, ("kept = 1", "kept = 0")),
    ]
    for statement, values in steps:
        with closing(sqlite3.connect(on_sqlite.root / ".backmail" / "backmail.db")) as raw:
            raw.execute("PRAGMA writable_schema = ON")
            raw.execute(statement, values)
            raw.commit()
    with pytest.raises(StoreError, match=r"is damaged: .*ix_noes_kept"):
        backed_up(on_sqlite, tmp_path / "one", now=AT)
    assert not (tmp_path / "one").exists()


class TestOfPostgres:
    def test_without_its_programs_it_says_what_to_install(self, on_postgres: Project, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="pg_dump is not installed, or not in PATH") as caught:
            backed_up(on_postgres, tmp_path / "one", now=AT, environ={"PATH": str(tmp_path)})
        assert caught.value.next_command.startswith("sudo apt-get install postgresql-client-")
        assert [path.name for path in tmp_path.iterdir()] == ["my news"]

    def test_an_older_program_than_the_server_is_refused(self, on_postgres: Project, tmp_path: Path) -> None:
        old = tmp_path / "bin" / "pg_dump"
        old.parent.mkdir()
        old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", encoding="utf-8")
        old.chmod(0o755)
        with pytest.raises(StoreError, match=r"is of PostgreSQL 9, and the server is \d+: an older one cannot copy it"):
            backed_up(on_postgres, tmp_path / "one", now=AT, environ={"PATH": f"{old.parent}:/bin:/usr/bin"})

    @pytest.mark.usefixtures("postgres_programs")
    def test_the_password_is_on_no_command_line(
        self, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = project(tmp_path / "my news", people=1, database=postgres.replace("postgres:@", "postgres:s3cret@"))
        seen: list[tuple[list[str], str | None]] = []
        real = dumps._run

        def watched(command: list[str], environ: dict[str, str], file: Path | None = None) -> str:
            seen.append((command, environ.get("PGPASSWORD")))
            return real(command, environ, file)

        monkeypatch.setattr(dumps, "_run", watched)
        backed_up(made, tmp_path / "one", now=AT)
        dump = next(given for given in seen if "--format=custom" in given[0])
        assert dump[1] == "s3cret"
        assert "s3cret" not in " ".join(dump[0])

    @pytest.mark.usefixtures("postgres_programs")
    def test_it_holds_the_tables_of_its_schema_and_of_no_other(self, on_postgres: Project, tmp_path: Path) -> None:
        store = connect(on_postgres.database())
        with durable(store) as tx:
            tx.exec_driver_sql("CREATE TABLE shop (id int)")
        store.dispose()
        done = backed_up(on_postgres, tmp_path / "one", now=AT)
        held = dumps.tables_in(done.file, os.environ)
        assert {due.name, meta.name, "alembic_version"} <= held
        listed = dumps._run([dumps._program("pg_restore", os.environ), "--list", str(done.file)], os.environ)
        assert "shop" not in listed
        assert listed.count("TABLE DATA") == len(held)
