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
    """The lock of this process, and which file the database was when it was taken."""

    database: Path
    file: tuple[int, int]

    def check(self) -> None:
        """See that the database is still the file that the lock was taken for.

        A deleted file goes on to exist for who has it open: what is written then would be lost without a word.

        Raises:
            StoreError: it was deleted, or another one was put in its place.
        """
        if _identity(self.database) != self.file:
            raise StoreError(
                Fault(
                    "the database is no longer there: it was deleted or replaced while the engine was running",
                    Place(str(self.database)),
                    "put the file back, or restore the last backup, and start again",
                )
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
    beside = path.with_name(path.name + SUFFIX)
    try:
        # Never deleted: who opened the old file and who made a new one would both be alone.
        file = beside.open("ab+", buffering=0)
    except OSError as error:
        raise _unusable(beside, error) from error
    with file:
        _take(file, beside)
        _sign(file, clock.now())
        try:
            yield Held(path, _identity(path) or (0, 0))
        finally:
            with suppress(OSError):
                file.truncate(0)


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


def _sign(file: RawIOBase, now: dt.datetime) -> None:
    """Write down who holds the lock, for whoever finds it held. It holds without that, too, as on a full disk."""
    held = {"pid": os.getpid(), "host": platform.node(), "since": f"{now:%Y-%m-%d %H:%M:%S} UTC"}
    with suppress(OSError):
        file.truncate(0)
        file.write(json.dumps(held).encode("utf-8"))


def _holder(signed: bytes) -> str:
    try:
        held = json.loads(signed)
        return f": process {held['pid']} on {held['host']}, since {held['since']}"
    except (ValueError, TypeError, KeyError):  # it has only just been taken, or somebody wrote in the file
        return ""


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        Fault(
            f"the lock that keeps a second engine away cannot be used: {(error.strerror or str(error)).lower()}",
            Place(str(path)),
            "the database and its lock belong on a local disk that this user may write to",
        )
    )
