"""`backmail db`: making, upgrading, checking, backing up and restoring, and what it says of what it cannot use."""

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.cli import perform
from backmail.clock import SystemClock
from backmail.engines import alone
from backmail.store.engine import connect, durable
from backmail.store.tables import due
from tests.cli.installation import project

Heard = pytest.CaptureFixture[str]


def db(root: Path, verb: str, *more: str) -> int:
    """Run `backmail db`."""
    return perform(["--project", str(root), "db", verb, *more])


def file(root: Path) -> Path:
    """Return where the database is."""
    return root / ".backmail" / "backmail.db"


def test_upgrade_makes_it_and_changes_nothing_when_it_is_there(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path)
    for _ in range(2):
        assert db(tmp_path, "upgrade") == 0
        assert capsys.readouterr().out == f"{file(tmp_path)}: up to date\n"
    assert db(tmp_path, "check") == 0
    assert capsys.readouterr().out == f"{file(tmp_path)}: sound, up to date, and of this installation\n"


def test_check_does_not_make_it(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path)
    assert db(tmp_path, "check") == 3
    err = capsys.readouterr().err
    assert "is not there" in err
    assert "backmail db upgrade" in err
    assert not file(tmp_path).exists()


@pytest.mark.parametrize("verb", ["upgrade", "check"])
def test_one_of_a_newer_backmail_is_refused(tmp_path: Path, capsys: Heard, verb: str) -> None:
    made = project(tmp_path)
    assert db(tmp_path, "upgrade") == 0
    engine = connect(made.database())
    with durable(engine) as tx:
        tx.execute(sa.table("alembic_version", sa.column("version_num")).update().values(version_num="9999"))
    engine.dispose()
    assert db(tmp_path, verb) == 3
    assert "was made by a newer backmail" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["upgrade", "check"])
def test_one_of_another_installation_is_refused(tmp_path: Path, capsys: Heard, verb: str) -> None:
    project(tmp_path)
    assert db(tmp_path, "upgrade") == 0
    env = (tmp_path / ".env").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(env.replace("kkkk", "qqqq"), encoding="utf-8")
    assert db(tmp_path, verb) == 3
    err = capsys.readouterr().err
    assert "was made with another BACKMAIL_SECRET_KEY" in err
    assert "qqqq" not in err


@pytest.mark.parametrize("verb", ["upgrade", "check"])
def test_what_is_no_database_is_refused(tmp_path: Path, capsys: Heard, verb: str) -> None:
    project(tmp_path)
    file(tmp_path).parent.mkdir()
    file(tmp_path).write_text("a letter " * 200, encoding="utf-8")
    assert db(tmp_path, verb) == 3
    assert "is not a SQLite database" in capsys.readouterr().err


def test_a_queue_that_went_astray_is_told(tmp_path: Path, capsys: Heard) -> None:
    made = project(tmp_path, people=2)
    engine = connect(made.database())
    with durable(engine) as tx:
        tx.execute(due.delete())
    engine.dispose()
    assert db(tmp_path, "check") == 1
    out, err = capsys.readouterr()
    assert "the queue has 2 deliveries wrong" in out
    assert "backmail run mends it" in err


def test_a_damaged_file_is_told(tmp_path: Path, capsys: Heard) -> None:
    made = project(tmp_path, people=2)
    engine = connect(made.database())
    with engine.connect() as raw:
        raw.exec_driver_sql("COMMIT")
        raw.exec_driver_sql("PRAGMA foreign_keys = OFF")
        raw.exec_driver_sql("INSERT INTO tags (subscriber, tag, since) VALUES (99, 'x', 0)")
    engine.dispose()
    assert db(tmp_path, "check") == 1
    out, err = capsys.readouterr()
    assert "belongs to a row of subscribers that is not there" in out
    assert "restore the last backup" in err
    assert "backmail db restore FILE" in err


def test_a_backup_says_what_it_does_not_hold(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path, people=1)
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(rf"{tmp_path / 'one'}: {file(tmp_path)}, \d+ KB, found whole\n", out)
    last = err.splitlines()[-1]
    for word in (".env", "pepper", "config.yaml", "campaigns/", "ledger of noes"):
        assert word in last
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 3
    assert "is never written over another file" in capsys.readouterr().err


def test_a_restore_says_what_it_did_and_what_comes_next(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path, people=3)
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 0
    assert perform(["--project", str(tmp_path), "subscribers", "unsubscribe", "reader1@example.org"]) == 0
    with (tmp_path / ".backmail" / "backmail.db.noes").open("a", encoding="ascii") as ledger:
        ledger.write('{"half')
    capsys.readouterr()
    assert db(tmp_path, "restore", str(tmp_path / "one")) == 0
    out, err = capsys.readouterr()
    assert out == f"{file(tmp_path)}: restored from {tmp_path / 'one'}\n"
    told = err.splitlines()
    assert told[0].startswith(f"kept beside: {file(tmp_path)}.before-restore-")
    assert told[1] == f"said since the backup, by {file(tmp_path)}.noes: 1 said no"
    assert told[2].startswith("1 line of it cannot be read")
    assert told[3] == "held: 2 mails that may have gone out since (series 2)"
    assert told[4].endswith("backmail settle --all --drop")
    assert told[5:7][0] == "all sending is paused"
    assert told[6].endswith("backmail resume")
    assert told[-1].startswith("lost, as no backup holds it: who signed up")
    assert "reader" not in err


def test_without_a_ledger_a_restore_says_what_that_means(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path)
    assert db(tmp_path, "upgrade") == 0
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 0
    assert db(tmp_path, "restore", str(tmp_path / "one")) == 0
    err = capsys.readouterr().err
    assert "there is no ledger of noes" in err
    assert "held" not in err


def test_where_nothing_was_a_restore_makes_the_place(tmp_path: Path, capsys: Heard) -> None:
    project(tmp_path, people=1)
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 0
    shutil.rmtree(tmp_path / ".backmail")
    assert db(tmp_path, "restore", str(tmp_path / "one")) == 0
    assert "kept beside" not in capsys.readouterr().err
    assert db(tmp_path, "check") == 0


def test_nothing_is_restored_while_an_engine_runs(tmp_path: Path, capsys: Heard) -> None:
    made = project(tmp_path, people=1)
    assert db(tmp_path, "backup", str(tmp_path / "one")) == 0
    with alone(sa.make_url(made.database()), clock=SystemClock()):
        assert db(tmp_path, "restore", str(tmp_path / "one")) == 5
    assert "an engine runs on this database already" in capsys.readouterr().err
    assert not list(file(tmp_path).parent.glob("*before-restore*"))
