"""A restored database knows every no, sends nothing by itself, and gives no id again; or it is the old one still."""

import asyncio
import datetime as dt
import os
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.app.backups import backed_up
from backmail.app.restores import BECAUSE, Restored, restored
from backmail.audience import subscribers, suppressions
from backmail.audience.addresses import address_hash
from backmail.config import Project
from backmail.errors import BackmailError, SafetyStop, StoreBusy, StoreError
from backmail.model.people import Subscriber
from backmail.model.states import NoAct, SubscriberState
from backmail.sending import decisions
from backmail.sending.erasing import erase
from backmail.store import dumps, ids, queue, snapshots
from backmail.store.engine import connect, durable, reading
from backmail.store.nonce import nonce
from backmail.store.pauses import standing
from backmail.store.tables import deliveries, enrollments, meta
from tests.cli.installation import project

NOW = dt.datetime(2040, 1, 2, 3, 4, 5, tzinfo=dt.UTC)  # all that waits was due by then
LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgres"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A project with three people on each kind of database."""
    if request.param == "sqlite":
        return project(tmp_path / "my news", people=3)
    request.getfixturevalue("postgres_programs")
    return project(tmp_path / "my news", people=3, database=str(request.getfixturevalue("postgres")))


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Project:
    return project(tmp_path / "my news", people=3)


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: str, postgres_programs: None) -> Project:
    return project(tmp_path / "my news", people=3, database=postgres)


def back_up(made: Project, name: str = "one") -> Path:
    """Back the project's database up."""
    return backed_up(made, made.root.parent / name, now=NOW).file


def restore(made: Project, file: Path, now: dt.datetime = NOW) -> Restored:
    """Restore a backup."""
    return restored(made, file, now=now, by="ann")


def database(made: Project) -> Path:
    """Return where the database is, on SQLite."""
    return made.root / ".backmail" / "backmail.db"


def states(made: Project) -> list[str]:
    """Return the states of all deliveries, by id; the queue agrees with them."""
    with opened(made) as backmail, backmail.reading() as tx:
        assert queue.disagreements(tx) == []
        return list(tx.scalars(sa.select(deliveries.c.state).order_by(deliveries.c.id)))


def reader(backmail: Backmail, number: int) -> str:
    """Return the keyed hash of a reader's address."""
    return address_hash(backmail.pepper, f"reader{number}@example.org")


def put(made: Project, key: str, value: str = "x") -> None:
    """Leave a mark in the database."""
    store = connect(made.database())
    with durable(store) as tx:
        tx.execute(meta.insert().values(key=key, value=value))
    store.dispose()


def marks(made: Project) -> set[str]:
    """Return the marks in the database."""
    store = connect(made.database())
    with reading(store) as tx:
        found = set(tx.scalars(sa.select(meta.c.key).where(meta.c.key.startswith("mark"))))
    store.dispose()
    return found


class TestARestore:
    def test_everybody_who_said_no_since_stays_out_and_the_rest_is_held(self, made: Project) -> None:
        file = back_up(made)
        with opened(made) as backmail:
            with backmail.durable() as tx:
                decisions.unsubscribe(tx, 1, now=backmail.now())
            with backmail.durable() as tx:
                erase(tx, reader(backmail, 1), now=backmail.now())
        done = restore(made, file)
        # Who was erased counts as suppressed by that, too.
        assert done.said == {NoAct.SUPPRESSED: 2, NoAct.ERASED: 1}
        assert done.held == {"series": 1}
        assert states(made) == ["skipped", "uncertain"]
        with opened(made) as backmail, backmail.reading() as tx:
            assert set(subscribers.known(tx, [reader(backmail, n) for n in range(3)]).values()) == {1, 3}
            assert suppressions.standing(tx, reader(backmail, 0))
            assert suppressions.standing(tx, reader(backmail, 1))
            assert standing(tx)[None].because == BECAUSE

    def test_what_a_no_that_was_taken_back_planned_anew_is_held_too(self, made: Project) -> None:
        """She left before the backup and came back after it: her mail may have gone out since."""
        with opened(made) as backmail, backmail.durable() as tx:
            decisions.unsubscribe(tx, 1, now=backmail.now())
        file = back_up(made)
        with opened(made) as backmail, backmail.durable() as tx:
            assert decisions.undo(tx, backmail.shelf, 1, now=backmail.now(), zone="UTC")
        assert restore(made, file).said == {NoAct.UNDONE: 1}
        assert states(made) == ["uncertain"] * 3

    def test_nothing_leaves_by_itself(self, made: Project) -> None:
        restore(made, back_up(made))
        with opened(made) as backmail:
            assert not any(asyncio.run(backmail.tick()).counts.values())
        assert not made.outbox.exists() or not list(made.outbox.glob("*.eml"))

    def test_no_id_is_given_again_however_often_it_is_restored(self, made: Project) -> None:
        file = back_up(made)
        given: list[int] = []
        for hour in range(3):
            with opened(made) as backmail, backmail.durable() as tx:
                new = Subscriber("new@example.org")
                given.append(subscribers.add(tx, new, backmail.pepper, now=NOW, state=SubscriberState.ACTIVE))
                for table in ids.counted():
                    assert (tx.scalar(sa.select(sa.func.max(table.c.id))) or 0) <= max(given[-1], 1000)
            restore(made, file, NOW + dt.timedelta(hours=hour))
        assert given == sorted(set(given))

    def test_the_installation_is_known_by_the_word_that_it_had(self, made: Project) -> None:
        file = back_up(made)
        with opened(made) as backmail, backmail.durable() as tx:
            word = nonce(tx)
        restore(made, file)
        with opened(made) as backmail, backmail.durable() as tx:
            assert nonce(tx) == word

    def test_what_was_there_is_kept_and_can_be_restored_itself(self, made: Project) -> None:
        file = back_up(made)
        put(made, "mark")
        kept = restore(made, file).kept
        assert kept is not None
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert marks(made) == set()
        restore(made, kept, LATER)
        assert marks(made) == {"mark"}

    def test_twice_in_a_second_keeps_both(self, on_sqlite: Project) -> None:
        file = back_up(on_sqlite)
        first, second = restore(on_sqlite, file).kept, restore(on_sqlite, file).kept
        assert first != second
        assert len(list(on_sqlite.root.glob(".backmail/*.before-restore-*"))) == 2

    def test_a_database_that_is_not_there_is_restored_with_its_noes(self, made: Project) -> None:
        file = back_up(made)
        with opened(made) as backmail, backmail.durable() as tx:
            decisions.unsubscribe(tx, 1, now=backmail.now())
            said = made.root / ".backmail" / ("backmail.db.noes" if "sqlite" in made.database() else "noes")
        lose(made)
        done = restore(made, file)
        assert (done.kept, done.said, done.ledger) == (None, {NoAct.SUPPRESSED: 1}, said)
        assert sorted(states(made)) == ["skipped", "uncertain", "uncertain"]

    def test_without_a_ledger_it_says_so(self, made: Project) -> None:
        file = back_up(made)
        done = restore(made, file)
        assert (done.ledger, done.said, done.unreadable) == (None, {}, 0)

    def test_a_ledger_that_is_there_and_cannot_be_read_stops_it(self, on_sqlite: Project) -> None:
        file = back_up(on_sqlite)
        (on_sqlite.root / ".backmail" / "backmail.db.noes").mkdir()
        with pytest.raises(StoreError, match="the ledger of noes cannot be read: is a directory"):
            restore(on_sqlite, file)

    def test_what_is_said_by_another_command_meanwhile_holds_too(
        self, on_sqlite: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = back_up(on_sqlite)
        real = ids.jump

        def meanwhile(tx: sa.Connection, *, now: dt.datetime) -> int:
            with opened(on_sqlite) as backmail, backmail.durable() as other:
                decisions.unsubscribe(other, 1, now=backmail.now())
            return real(tx, now=now)

        monkeypatch.setattr(ids, "jump", meanwhile)
        restore(on_sqlite, file)
        with opened(on_sqlite) as backmail, backmail.reading() as tx:
            assert suppressions.standing(tx, reader(backmail, 0))
            assert tx.scalar(sa.select(enrollments.c.state).where(enrollments.c.subscriber == 1)) == "exited"


def lose(made: Project) -> None:
    """Lose the database, and leave what stands beside it."""
    if "sqlite" in made.database():
        for path in database(made).parent.glob("backmail.db*"):
            if path.suffix != ".noes":
                path.unlink()
        return
    store = connect(made.database())
    with durable(store) as tx:
        dumps.drop(tx)
    store.dispose()


class TestARefusal:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "it is no backup"),
            (b"PK\x03\x04 a letter", "it is no backup"),
            (b"PGDMP\x01\x0e\x00", "it is a backup of PostgreSQL, and the database is SQLite's"),
            (b"SQLite format 3\0" + b"x" * 9000, r"the backup (is not a SQLite database|is damaged)"),
        ],
    )
    def test_what_is_no_backup_changes_nothing(self, on_sqlite: Project, content: bytes, words: str) -> None:
        put(on_sqlite, "mark")
        file = on_sqlite.root.parent / "one"
        file.write_bytes(content)
        self.refused(on_sqlite, file, words)

    def test_one_that_lacks_its_end_changes_nothing(self, made: Project) -> None:
        put(made, "mark")
        file = back_up(made)
        file.write_bytes(file.read_bytes()[:-9000])
        self.refused(made, file, r"the backup is damaged|it cannot be read as a backup of PostgreSQL")

    def test_another_installations_changes_nothing(self, made: Project) -> None:
        put(made, "mark")
        file = back_up(made)
        env = made.root / ".env"
        before = env.read_text(encoding="utf-8")
        env.write_text(before.replace("pppp", "qqqq"), encoding="utf-8")
        with pytest.raises(StoreError, match="the backup was made with another BACKMAIL_PEPPER") as caught:
            restore(made, file)
        assert caught.value.faults[0].place is not None
        env.write_text(before, encoding="utf-8")
        assert marks(made) == {"mark"}
        assert not list(made.root.glob(".backmail/*before-restore*"))

    def test_a_newer_backmails_changes_nothing(self, made: Project) -> None:
        newer = sa.table("alembic_version", sa.column("version_num")).update().values(version_num="9999")
        store = connect(made.database())
        with durable(store) as tx:
            tx.execute(newer)
        file = back_up_blindly(made)
        with durable(store) as tx:
            tx.execute(newer.values(version_num="0001"))
        store.dispose()
        put(made, "mark")
        self.refused(made, file, "was made by a newer backmail")

    def test_somebody_elses_database_changes_nothing(self, on_sqlite: Project) -> None:
        put(on_sqlite, "mark")
        file = on_sqlite.root.parent / "shop"
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("CREATE TABLE shop (id)")
        self.refused(on_sqlite, file, "the backup holds nothing of backmail's")

    def test_a_file_that_is_not_there_is_told(self, on_sqlite: Project) -> None:
        self.refused(on_sqlite, on_sqlite.root.parent / "nowhere", "there is no such file")

    def test_a_database_that_somebody_writes_to_is_left_alone(
        self, on_sqlite: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = back_up(on_sqlite)
        put(on_sqlite, "mark")

        def locked(*_: object) -> None:
            raise StoreBusy("it is locked")

        monkeypatch.setattr("backmail.store.snapshots.put_in_place", locked)
        self.refused(on_sqlite, file, "it is locked")

    def test_one_of_the_other_kind_is_refused(self, on_postgres: Project, tmp_path: Path) -> None:
        (tmp_path / "other").write_bytes(b"SQLite format 3\0")
        self.refused(on_postgres, tmp_path / "other", "it is a backup of SQLite, and the database is PostgreSQL's")

    def test_a_worker_at_work_on_postgres_is_not_robbed(self, on_postgres: Project) -> None:
        file = back_up(on_postgres)
        with opened(on_postgres) as backmail, backmail.durable() as tx:
            far = 2**60
            tx.execute(
                deliveries.update()
                .where(deliveries.c.id == 1)
                .values(state="claimed", claimed_from="planned", owner="w", boot="b", lease_until=far, version=1)
            )
        with pytest.raises(SafetyStop, match="a worker is sending 1 mails at this moment"):
            restore(on_postgres, file)

    def refused(self, made: Project, file: Path, words: str) -> None:
        """See that a restore is refused in words, with exit code 3, and changes nothing."""
        before = marks(made)
        there = {path.name for path in made.root.glob(".backmail/*")}
        with pytest.raises(BackmailError, match=words) as caught:
            restore(made, file)
        assert caught.value.exit_code == 3
        assert marks(made) == before
        left = {path.name for path in made.root.glob(".backmail/*")} - there
        assert [name for name in left if not re.search(r"-(wal|shm)$", name)] == []


def back_up_blindly(made: Project) -> Path:
    """Copy the project's database past all questions."""
    store = connect(made.database())
    file = made.root.parent / "blind"
    if store.dialect.name == "sqlite":
        snapshots.take(store, file)
    else:
        dumps.take(store, file, os.environ)
    store.dispose()
    return file


class TestADamagedDatabase:
    @pytest.mark.parametrize("how", ["no database at all", "its first page is lost"])
    def test_it_is_put_aside_with_its_log(self, on_sqlite: Project, how: str) -> None:
        file = back_up(on_sqlite)
        path = database(on_sqlite)
        content = b"a letter " * 2000 if how == "no database at all" else path.read_bytes()
        path.write_bytes(content if how == "no database at all" else b"\0" * 4096 + content[4096:])
        Path(f"{path}-wal").write_bytes(b"a log")
        done = restore(on_sqlite, file)
        assert done.kept is not None
        assert done.kept.stat().st_size == len(content)
        assert states(on_sqlite) == ["uncertain"] * 3
        assert not list(path.parent.glob("*.restoring*"))
