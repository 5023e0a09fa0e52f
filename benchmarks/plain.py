"""The simplest program that sends a series: one table with an index on the time, read and written in a loop.

It is the peer of the benchmarks of sending. It promises nothing: whoever unsubscribes meanwhile, or had the mail before
the machine stopped, gets it (again); nothing is signed, no slot reckoned, nobody's own order of mails looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.crowd import NOON, WEEK, Crowd

Render = Callable[[str], object]

_TABLES = """
CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL, first_name TEXT);
CREATE TABLE mails (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, step INTEGER NOT NULL, due REAL, sent REAL);
"""
_INDEX = "CREATE INDEX due ON mails (due) WHERE sent IS NULL"
_PEOPLE = "INSERT INTO people VALUES (?, ?, ?)"
_MAILS = "INSERT INTO mails (person, step, due, sent) VALUES (?, ?, ?, ?)"
_DUE = """SELECT mails.id, person, step, email, first_name FROM mails JOIN people ON people.id = person
WHERE sent IS NULL AND due <= ? ORDER BY due LIMIT ?"""
_SENT = "UPDATE mails SET sent = ? WHERE id = ?"
_NOON, _WEEK = NOON.timestamp(), WEEK.total_seconds()
_STRIDE = 2_654_435_761


class Loop:
    """Sends what is due, so many mails a transaction."""

    def __init__(self, path: Path, render: Render) -> None:
        """Open the file, or make it; `render` is given each reader's first name."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._render = render

    def gather(self, crowd: Crowd) -> None:
        """Put the same crowd in as backmail gets."""
        people = range(1, crowd.people + 1)
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        self._db.executemany(_PEOPLE, ((n, f"reader{n}@example.org", f"Reader {n}") for n in people))
        for place in range(crowd.had):
            sent = _NOON - (crowd.had - place) * _WEEK
            self._db.executemany(_MAILS, ((n, place, sent, sent) for n in people))
        self._db.executemany(_MAILS, ((n, crowd.had, self._due(n, crowd), None) for n in people))
        self._db.execute(_INDEX)
        self._db.execute("COMMIT")

    def due(self, most: int) -> list[tuple[int, int, int, str, str]]:
        """Return what is due by noon, the longest waiting first."""
        return self._db.execute(_DUE, (_NOON, most)).fetchall()

    def send(self, most: int, *, at_once: int = 100) -> int:
        """Render and mark what is due, plan what comes next, and return how many mails that were."""
        found = self.due(most)
        for start in range(0, len(found), at_once):
            self._db.execute("BEGIN IMMEDIATE")
            for id_, person, step, _, first_name in found[start : start + at_once]:
                self._render(first_name)
                self._db.execute(_SENT, (_NOON, id_))
                self._db.execute(_MAILS, (person, step + 1, _NOON + _WEEK, None))
            self._db.execute("COMMIT")
        return len(found)

    def close(self) -> None:
        """Close the file."""
        with closing(self._db):
            pass

    @staticmethod
    def _due(n: int, crowd: Crowd) -> float:
        order = n * _STRIDE % crowd.people
        return _NOON - 3600 + order * 3600 / crowd.due if order < crowd.due else _NOON + 1 + order
