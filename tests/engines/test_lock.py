"""One engine on a SQLite file, and the lock dies with its process."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.clock import SystemClock
from backmail.engines.lock import alone
from backmail.errors import SafetyStop, StoreError

HOLDER = """
import sys
import sqlalchemy as sa
from backmail.clock import SystemClock
from backmail.engines.lock import alone
with alone(sa.make_url(sys.argv[1]), clock=SystemClock()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> sa.URL:
    (tmp_path / "backmail.db").touch()
    return sa.make_url(f"sqlite:///{tmp_path / 'backmail.db'}")


def holder(url: sa.URL) -> subprocess.Popen[str]:
    """Start a process that holds the lock, and return when it does."""
    command = [sys.executable, "-c", HOLDER, str(url)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_engine_is_refused_and_told_who_holds_the_lock(url: sa.URL) -> None:
    with holder(url) as first:
        with pytest.raises(SafetyStop) as refused, alone(url, clock=SystemClock()):
            pass
        assert f"process {first.pid} on {os.uname().nodename}, since 20" in str(refused.value)
        assert "next: backmail status" in str(refused.value)
        assert refused.value.exit_code == 5
        first.communicate()


def test_the_lock_dies_with_its_process(url: sa.URL) -> None:
    with holder(url) as first:
        first.kill()
        first.wait()
        with alone(url, clock=SystemClock()) as held:
            assert held is not None


def test_a_lock_that_was_let_go_is_free(url: sa.URL, tmp_path: Path) -> None:
    for _ in range(2):
        with alone(url, clock=SystemClock()):
            assert f'"pid": {os.getpid()}' in (tmp_path / "backmail.db.lock").read_text(encoding="utf-8")
        assert "pid" not in (tmp_path / "backmail.db.lock").read_text(encoding="utf-8")


def test_another_name_of_the_file_is_the_same_database(url: sa.URL, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "backmail.db")
    other = sa.make_url(f"sqlite:///{tmp_path / 'link.db'}")
    with alone(url, clock=SystemClock()), pytest.raises(SafetyStop), alone(other, clock=SystemClock()):
        pass


@pytest.mark.parametrize("text", ["", "not ours", "[]", "{}"])
def test_a_holder_that_has_not_signed_is_refused_all_the_same(url: sa.URL, tmp_path: Path, text: str) -> None:
    with alone(url, clock=SystemClock()):
        (tmp_path / "backmail.db.lock").write_text(text, encoding="utf-8")
        with pytest.raises(SafetyStop, match=r"runs on this database already\n"), alone(url, clock=SystemClock()):
            pass


@pytest.mark.parametrize("address", ["postgresql://db/backmail", "sqlite://", "sqlite:///:memory:"])
def test_what_many_may_use_or_nobody_else_can_is_not_locked(address: str) -> None:
    with alone(sa.make_url(address), clock=SystemClock()) as first, alone(sa.make_url(address), clock=SystemClock()):
        assert first is None


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    nowhere = sa.make_url(f"sqlite:///{tmp_path / 'gone' / 'backmail.db'}")
    with pytest.raises(StoreError, match="no such file or directory"), alone(nowhere, clock=SystemClock()):
        pass


def test_a_deleted_database_is_noticed(url: sa.URL, tmp_path: Path) -> None:
    with alone(url, clock=SystemClock()) as held:
        assert held is not None
        held.check()
        (tmp_path / "backmail.db").unlink()
        with pytest.raises(StoreError, match="deleted or replaced") as gone:
            held.check()
        assert gone.value.exit_code == 3


def test_a_replaced_database_is_noticed(url: sa.URL, tmp_path: Path) -> None:
    with alone(url, clock=SystemClock()) as held:
        assert held is not None
        (tmp_path / "other.db").touch()
        (tmp_path / "other.db").replace(tmp_path / "backmail.db")
        with pytest.raises(StoreError, match="deleted or replaced"):
            held.check()


def sole(url: sa.URL) -> bool:
    """Take the lock, and return what it proves."""
    with alone(url, clock=SystemClock()) as held:
        assert held is not None
        return held.sole


def test_a_new_lock_proves_nothing_and_one_that_was_held_before_does(url: sa.URL, tmp_path: Path) -> None:
    """Somebody may have deleted that of an engine which still runs."""
    assert not sole(url)
    assert sole(url)
    (tmp_path / "backmail.db.lock").unlink()
    assert not sole(url)


def test_the_lock_of_an_engine_that_was_killed_proves_that_it_is_gone(url: sa.URL) -> None:
    with holder(url) as first:
        first.kill()
    assert sole(url)


def test_a_lock_that_is_taken_beside_a_deleted_one_proves_nothing(url: sa.URL, tmp_path: Path) -> None:
    assert not sole(url)
    with holder(url) as first:
        (tmp_path / "backmail.db.lock").unlink()
        assert not sole(url)
        first.communicate()


@pytest.mark.parametrize("text", ["", "not ours", "[]", "{}", "\udcff", '{"file": [0, 0]}', '{"file": 3}', '"file"'])
def test_a_lock_that_no_engine_signed_proves_nothing(url: sa.URL, tmp_path: Path, text: str) -> None:
    (tmp_path / "backmail.db.lock").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert not sole(url)
    assert sole(url)


def test_a_copy_of_a_lock_proves_nothing(url: sa.URL, tmp_path: Path) -> None:
    """Whoever copies the folder of an engine that runs, or restores it from a backup, copies what stands in it."""
    assert not sole(url)
    shutil.copy(tmp_path / "backmail.db.lock", tmp_path / "copy")
    (tmp_path / "copy").replace(tmp_path / "backmail.db.lock")
    assert not sole(url)


@pytest.mark.parametrize("replaced", [True, False])
def test_a_lock_that_is_deleted_or_replaced_ends_its_engine(url: sa.URL, tmp_path: Path, replaced: bool) -> None:
    beside = tmp_path / "backmail.db.lock"
    with alone(url, clock=SystemClock()) as held:
        assert held is not None
        held.check()
        beside.rename(tmp_path / "away")
        if replaced:
            beside.touch()
        with pytest.raises(SafetyStop, match="the lock beside the database was deleted or replaced") as gone:
            held.check()
        assert gone.value.exit_code == 5
        assert "next: backmail status" in str(gone.value)
        (tmp_path / "away").replace(beside)
        held.check()
