"""The database that every seed begins with: two campaigns that are published, in memory, made once and copied."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from backmail.config import Config, Project
from backmail.model.campaign import Campaign, Schedule
from backmail.sending.published import Published, Shelf, publish
from backmail.store.engine import connect, durable
from backmail.store.upgrade import upgrade
from tests.town import campaign, prepared, step

PROJECT = Project(Path("simulated"), Config(zone="UTC"), found=True)
_DAYS = tuple(range(7))
_OPEN = Schedule(days=_DAYS, at=None, between=(dt.time(8), dt.time(20)))
_LONG_AGO = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)

SERIES = campaign(
    step("one", "0"),
    step("two", "1h"),
    step("three", "2h"),
    slug="series",
    schedule=_OPEN,
    zone="Europe/Copenhagen",
    exits=("bought",),
)
NEWS = campaign(step("news", "0"), slug="news", schedule=_OPEN, zone="Europe/Copenhagen", priority=7)
_ONE, _TWO, _THREE = SERIES.steps
REORDERS = "two comes last"
# The steps that no edit takes out. Who had the one that comes last now has none of those that were put before it.
ALWAYS = {False: {"one", "three"}, True: {"one"}}
EDITS: dict[str, Campaign] = {
    "as it was": SERIES,
    "without two": replace(SERIES, steps=(_ONE, _THREE)),
    "with a step more": replace(SERIES, steps=(_ONE, step("more", "30m"), _TWO, _THREE)),
    "two comes later": replace(SERIES, steps=(_ONE, step("two", "3h"), _THREE)),
    REORDERS: replace(SERIES, steps=(_ONE, _THREE, _TWO)),
    "in the afternoon": replace(SERIES, schedule=replace(_OPEN, between=(dt.time(13), dt.time(18)))),
}


class Library(Shelf):
    """Versions by what is in them, so that a number may mean another version to another seed."""

    _known: dict[tuple[str, int, str], Published] = {}  # noqa: RUF012  # of all seeds

    def __init__(self) -> None:
        """Begin with what was published at first."""
        super().__init__()
        self.edits = {(SERIES.id, 1): "as it was", (NEWS.id, 1): ""}

    def get(self, tx: sa.Connection, campaign: str, number: int) -> Published:
        """Return a version of a campaign."""
        key = (campaign, number, self.edits[campaign, number])
        if key not in self._known:
            self._known[key] = super().get(tx, campaign, number)
        return self._known[key]


@cache
def _published() -> sa.Engine:
    made = connect("sqlite://")
    upgrade(made)
    with durable(made) as tx:
        for each in (SERIES, NEWS):
            publish(tx, prepared(each), now=_LONG_AGO, by="olga")
    return made


@cache
def _store() -> sa.Engine:
    return connect("sqlite://")


def store() -> sa.Engine:
    """Return the database as it is at first: the same one each time, so only one may be in use."""
    made = _store()
    with _published().connect() as source, made.connect() as target:
        raw(source).backup(raw(target))
    return made


def raw(tx: sa.Connection) -> sqlite3.Connection:
    """Return the driver's own connection: to look without a transaction takes a tenth of the time."""
    connection = tx.connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
