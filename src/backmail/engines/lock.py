"""The lock beside the database that lets one engine run on it; it dies with its process, however that ends."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

import sqlalchemy as sa

from backmail.clock import Clock
from backmail.errors import Fault, Place, SafetyStop, StoreError

SUFFIX = ".lock"

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 30  # Windows lets nobody read what is locked, so what is locked lies behind what is written

    def _locked(file: RawIOBase) -> bool:
        os.lseek(file.fileno(), _BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(file.fileno(), 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _locked(file: RawIOBase) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Held:
    """The lock of this process, and which files it and the database were when it was taken.

    Attributes:
        database: where the database is.
        file: which file it was, by device and number.
        lock: which file the lock was.
        sole: whether the lock proves that no other engine is at work. A file that an engine signed and that is free
            proves that this engine is gone. A new one proves nothing: somebody may have deleted that of an engine
            which still runs, so whoever holds it waits for leases to end.
    """

    database: Path
    file: tuple[int, int]
    lock: tuple[int, int]
    sole: bool

    def check(self) -> None:
        """See that the database and the lock are still the files that they were.

        A deleted file goes on to exist for who has it open: what is written then would be lost without a word, and a
        lock that nobody finds keeps nobody away.

        Raises:
            StoreError: the database was deleted, or another one was put in its place.
            SafetyStop: the lock was.
        """
        if _identity(self.database) != self.file:
            raise StoreError(
                Fault(
                    "the database is no longer there: it was deleted or replaced while the engine was running",
                    Place(str(self.database)),
                    "put the file back, or restore the last backup, and start again",
                )
            )
        beside = _beside(self.database)
        if _identity(beside) != self.lock:
            raise SafetyStop(
                Fault(
                    "the lock beside the database was deleted or replaced while the engine was running",
                    Place(str(beside)),
                    "another engine may run by now, so this one ends; nobody is lost. Leave that file where it is",
                ),
                next_command="backmail status",
            )


@contextmanager
def alone(database: sa.URL, *, clock: Clock) -> Iterator[Held | None]:
    """Be the one engine on a SQLite file for as long as the context lasts.

    Args:
        database: where it is. On PostgreSQL, where many workers share the work, and in memory nothing is locked.
        clock: tells since when, for people to read.

    Returns:
        What was taken; None where there is nothing to lock.

    Raises:
        SafetyStop: another engine runs on this database.
        StoreError: the file's disk knows no locks, or the lock's file cannot be written.
    """
    if database.get_backend_name() != "sqlite" or database.database in (None, "", ":memory:"):
        yield None
        return
    # By another name, or through a link, it is the same database.
    path = Path(str(database.database)).resolve()
    beside = _beside(path)
    try:
        # Never deleted: who opened the old file and who made a new one would both be alone.
        file = beside.open("ab+", buffering=0)
    except OSError as error:
        raise _unusable(beside, error) from error
    with file:
        _take(file, beside)
        lock = _which(os.fstat(file.fileno()))
        sole = _signed(file, lock)
        _sign(file, lock, since=clock.now())
        try:
            yield Held(path, _identity(path) or (0, 0), lock, sole)
        finally:
            _sign(file, lock, since=None)


def _take(file: RawIOBase, path: Path) -> None:
    try:
        taken = _locked(file)
    except OSError as error:
        raise _unusable(path, error) from error
    if not taken:
        file.seek(0)
        raise SafetyStop(
            Fault(
                f"an engine runs on this database already{_holder(file.read() or b'')}",
                Place(str(path)),
                "it sends what is due; to run another one in its place, stop it first (SIGTERM)",
            ),
            next_command="backmail status",
        )


def _signed(file: RawIOBase, lock: tuple[int, int]) -> bool:
    """Return whether an engine held this very file before us; one that was copied here names another."""
    file.seek(0)
    try:
        return bool(json.loads(file.read() or b"")["file"] == list(lock))
    except (ValueError, TypeError, KeyError):  # it is new, or somebody else wrote in it
        return False


def _sign(file: RawIOBase, lock: tuple[int, int], *, since: dt.datetime | None) -> None:
    """Write down which file it is, and who holds it, for whoever finds it held; `since` None: nobody any more.

    It holds without that, too, as on a full disk.
    """
    signed: dict[str, object] = {"file": lock}
    if since is not None:
        signed |= {"pid": os.getpid(), "host": platform.node(), "since": f"{since:%Y-%m-%d %H:%M:%S} UTC"}
    with suppress(OSError):
        file.truncate(0)
        file.write(json.dumps(signed).encode("utf-8"))


def _holder(signed: bytes) -> str:
    try:
        held = json.loads(signed)
        return f": process {held['pid']} on {held['host']}, since {held['since']}"
    except (ValueError, TypeError, KeyError):  # it has only just been taken, or somebody wrote in the file
        return ""


def _beside(database: Path) -> Path:
    return database.with_name(database.name + SUFFIX)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        return _which(path.stat())
    except OSError:
        return None


def _which(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        Fault(
            f"the lock that keeps a second engine away cannot be used: {(error.strerror or str(error)).lower()}",
            Place(str(path)),
            "the database and its lock belong on a local disk that this user may write to",
        )
    )
