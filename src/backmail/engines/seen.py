"""Whether an engine runs on a database, for who only wants to know: told by what stands in the lock's file."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backmail.engines.lock import SUFFIX

__all__ = ["Seen", "seen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """An engine as it wrote itself down: its process, the machine, and since when, in words."""

    process: int
    host: str
    since: str


def seen(database: sa.URL) -> Seen | None:
    """Return the engine that runs on a SQLite file, None when none does.

    The lock itself is not tried: for that moment it would keep an engine away that is about to start.

    Raises:
        LookupError: nobody can tell: on PostgreSQL workers may be anywhere, and one in memory has no lock.
    """
    if database.get_backend_name() != "sqlite" or database.database in (None, "", ":memory:"):
        raise LookupError("no lock stands beside this database")
    path = Path(str(database.database)).resolve()
    try:
        held = json.loads(path.with_name(path.name + SUFFIX).read_text(encoding="utf-8"))
        found = Seen(int(held["pid"]), str(held["host"]), str(held["since"]))
    except (OSError, ValueError, TypeError, KeyError):  # never held, or left in good order: nothing stands in it
        return None
    return found if _lives(found.process) else None


def _lives(process: int) -> bool:
    """Return whether a process of that number is there. The lock is for one machine, so it would be on this one."""
    if sys.platform == "win32":
        return True  # to ask there would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
