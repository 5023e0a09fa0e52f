"""The ledger of noes: a file beside the database, from which a restored backup learns what was said after it.

One line of JSON for each no and for each that was taken back, only ever appended to. There is no address in it, only
keyed hashes. The table of noes is written in the no's own transaction, and the file follows it: so nothing stands here
that was not said, and who died between the two is caught up by the next who looks.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backmail.model.states import NoAct, SuppressionReason
from backmail.store.disk import sync_folder
from backmail.store.engine import reading, relaxed
from backmail.store.noes import No, mark_kept, unkept

__all__ = ["Ledger", "append", "follow", "read"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What stands in the file, the first first. `unreadable`: lines that nobody can read, such as one half written."""

    noes: list[No]
    unreadable: int = 0


def follow(store: sa.Engine, file: Path) -> int:
    """Bring the file up to the table's end, and return how many lines that took.

    What stands in it is on the disk before the table says so. Of two who do this at once each may write the same: a
    line has the uid of its no, and counts once. A file that is gone is written anew from the table.

    Raises:
        OSError: the file cannot be written; the table still knows what is missing from it.
        StoreError: the database cannot be read or written now.
    """
    with reading(store) as tx:
        found = unkept(tx, everything=not _holds_anything(file))
    if found:
        append(file, [no for _, no in found])
        with relaxed(store, "ledger") as tx:
            mark_kept(tx, [id_ for id_, _ in found])
    return len(found)


def append(file: Path, noes: Iterable[No]) -> None:
    """Write noes at the end of the file, which nobody else may read, and wait until they are on the disk.

    All of it is one write to a file that was opened for appending, so that two who write at once need no lock; nobody
    has to wait for a process that was stopped while it held one.

    Raises:
        OSError: it cannot be written, or not to the end.
    """
    lines = "".join(_line(no) for no in noes).encode("ascii")
    new = not file.exists()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        if _torn(opened):
            lines = b"\n" + lines
        if os.write(opened, lines) != len(lines):
            raise OSError(f"{file}: there was room for only a part of it")
        os.fsync(opened)
    finally:
        os.close(opened)
    if new:
        sync_folder(file.parent)


def read(file: Path) -> Ledger:
    """Return what stands in the file; nothing where there is none.

    Raises:
        OSError: it is there and cannot be read.
    """
    if not file.exists():
        return Ledger([])
    lines = [line for line in file.read_bytes().split(b"\n") if line.strip()]
    noes = [no for line in lines if (no := _read(line))]
    return Ledger(noes, len(lines) - len(noes))


def _holds_anything(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _line(no: No) -> str:
    said = {
        "uid": no.uid,
        "at": no.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "what": no.what.value,
        "address": no.address,
        "scope": no.scope,
        "reason": no.reason.value,
    }
    return json.dumps(said, separators=(",", ":")) + "\n"


def _read(line: bytes) -> No | None:
    try:
        said = json.loads(line)
        what, reason = NoAct(said["what"]), SuppressionReason(said["reason"])
        at = dt.datetime.fromisoformat(said["at"]).astimezone(dt.UTC)
        return No(what, str(said["address"]), reason, at, str(said["scope"]), str(said["uid"]))
    except (ValueError, TypeError, KeyError):
        return None


def _torn(opened: int) -> bool:
    """Return whether the last line was written in part, by somebody who died over it or found the disk full."""
    if os.lseek(opened, 0, os.SEEK_END) == 0:
        return False
    os.lseek(opened, -1, os.SEEK_END)
    return os.read(opened, 1) != b"\n"
