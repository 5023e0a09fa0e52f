"""Crowds of people in the middle of a series, put into a database in bulk, for the benchmarks of sending."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.clock import SystemClock
from backmail.config import find_project
from backmail.sending.published import Prepared, Published, prepare, publish
from backmail.store.tables import campaigns, deliveries, due, enrollments, subscribers
from backmail.transports import MemoryTransport
from benchmarks.studio import Studio

NOON = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)
SECRETS = f"BACKMAIL_SECRET_KEY={'k' * 32}\nBACKMAIL_PEPPER={'p' * 32}\n"
SENDER = "sender: {name: Anna, email: anna@example.org, address: [Main Street 1, 1000 Town]}\n"
_HOUR = 3_600_000_000  # microseconds
_STRIDE = 2_654_435_761  # prime: the order in which mails are due has nothing to do with that of their ids
_ZONES = (
    *("Europe/Copenhagen", "Europe/London", "Europe/Athens", "America/New_York", "America/Chicago"),
    *("America/Los_Angeles", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney"),
)


class Noon:
    """A clock at which it is always noon, while leases and sweeps go by the machine's."""

    boot = "benchmark"

    def now(self) -> dt.datetime:
        """Return the present instant."""
        return NOON

    def ticks(self) -> int:
        """Return microseconds that have passed."""
        return SystemClock().ticks()


@dataclass(frozen=True)
class Crowd:
    """How many people walk, how many mails each had in the weeks before, of how many the next one is due by noon."""

    people: int
    had: int = 0
    due: int = field(kw_only=True)


@cache
def prepared() -> Prepared:
    """Return the sample, composed once."""
    return prepare(Studio().setting)


@contextmanager
def installed(database: str = "", settings: str = "", clock: Any = None) -> Iterator[Backmail]:
    """Give an installation with the sample published and live, in a folder of its own; its mails are kept in memory.

    Args:
        database: its address; "" for a file in that folder.
        settings: further lines of config.yaml.
        clock: instead of one at which it is always noon.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "config.yaml").write_text(SENDER + settings, encoding="utf-8")
        (root / ".env").write_text(SECRETS + (f"BACKMAIL_DATABASE={database}\n" if database else ""), encoding="utf-8")
        (root / ".env").chmod(0o600)
        project = find_project(root, environ={})
        with opened(project, clock=clock or Noon(), transport=MemoryTransport()) as backmail:
            with backmail.durable() as tx:
                publish(tx, prepared(), now=backmail.now(), by="benchmark")
                tx.execute(campaigns.update().values(live_at=backmail.now(), live_by="benchmark"))
            yield backmail


def published(backmail: Backmail) -> Published:
    """Return the sample as it is published."""
    with backmail.reading() as tx:
        return backmail.shelf.newest(tx, prepared().setting.campaign.id)


def gather(backmail: Backmail, crowd: Crowd) -> None:
    """Put a crowd into an empty database: rows by the million, so the database makes them itself."""
    version = published(backmail)
    steps = [step.id for step in version.campaign.steps]
    # An engine of its own: it holds nobody to the foreign keys, which these rows keep anyway.
    engine = sa.create_engine(backmail.store.url)
    with engine.begin() as tx:
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _people(tx, version.campaign.id, crowd.people)
        for place in range(crowd.had):
            _past(tx, version, crowd, place, steps[place])
        _next(tx, version, crowd, steps[crowd.had])
        for table in (subscribers, enrollments, deliveries):
            _count_on(tx, table)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
            tx.exec_driver_sql("VACUUM ANALYZE")  # as the server does by itself, a while after rows like these
    engine.dispose()


def _numbers(most: int) -> Any:
    """Return 1, 2, ... as a table with one column."""
    counted = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    return counted.union_all(sa.select(counted.c.n + 1).where(counted.c.n < most))


def _put(tx: sa.Connection, table: sa.Table, n: Any, values: dict[str, Any]) -> None:
    columns = [
        value if isinstance(value, sa.ColumnElement) else sa.literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    tx.execute(table.insert().from_select(list(values), sa.select(*columns).select_from(n), include_defaults=False))


def _text(n: Any) -> Any:
    return sa.cast(n, sa.Text)


def _zone(n: Any) -> Any:
    return sa.case(dict(enumerate(_ZONES)), value=n % len(_ZONES))


def _people(tx: sa.Connection, campaign: str, most: int) -> None:
    numbers = _numbers(most)
    n = numbers.c.n
    person = {
        "id": n,
        "address": sa.literal("hash of ") + _text(n),
        "email": sa.literal("reader") + _text(n) + "@example.org",
        "state": "active",
        "first_name": sa.literal("Reader ") + _text(n),
        "zone": _zone(n),
        "attributes": {},
        "added_at": NOON - 8 * WEEK,
        "pace": "normal",
    }
    _put(tx, subscribers, numbers, person)
    walk = {"id": n, "subscriber": n, "campaign": campaign, "run": 1, "state": "active"}
    _put(tx, enrollments, numbers, {**walk, "started_at": NOON - 8 * WEEK, "at_once": False})


def _delivery(version: Published, crowd: Crowd, place: int, step: str, n: Any) -> dict[str, Any]:
    """Return what is the same in all deliveries of a step; ids are given week by week, as they are planned."""
    return {
        "id": n + place * crowd.people,
        "enrollment": n,
        "subscriber": n,
        "campaign": version.campaign.id,
        "system": False,
        "step": step,
        "zone": _zone(n),
        "epoch": 0,
        "deferrals": 0,
        "policy_deferrals": 0,
        "unknowns": 0,
    }


def _past(tx: sa.Connection, version: Published, crowd: Crowd, place: int, step: str) -> None:
    numbers = _numbers(crowd.people)
    at = NOON - (crowd.had - place) * WEEK
    answer = {"accepted_at": at, "provider_id": sa.literal("250 2.0.0 ok ") + _text(numbers.c.n)}
    past = {
        "state": "accepted",
        "due_at": at,
        "closes_at": at + dt.timedelta(hours=2),
        "slot_date": at.date().isoformat(),
        "version": version.number,
        "variant": "",
        "hand_overs": 1,
        "first_handed_at": at,
    }
    _put(tx, deliveries, numbers, {**_delivery(version, crowd, place, step, numbers.c.n), **past, **answer})


def _next(tx: sa.Connection, version: Published, crowd: Crowd, step: str) -> None:
    numbers = _numbers(crowd.people)
    # Those that are due stand in the hour before noon, the others in the hour after.
    order = (numbers.c.n * sa.literal(_STRIDE, sa.BigInteger)) % crowd.people
    last_hour = sa.literal((NOON - dt.timedelta(hours=1)).timestamp() * 1e6, sa.BigInteger)
    at = last_hour + sa.case((order < crowd.due, order * (_HOUR // crowd.due)), else_=order + _HOUR + 1)
    row = _delivery(version, crowd, crowd.had, step, numbers.c.n)
    waiting = {"state": "planned", "due_at": at, "slot_date": NOON.date().isoformat(), "next_try_at": at}
    _put(tx, deliveries, numbers, {**row, **waiting, "closes_at": NOON + dt.timedelta(hours=2), "hand_overs": 0})
    columns = (deliveries.c.campaign, deliveries.c.next_try_at, deliveries.c.id)
    queued = sa.select(*columns).where(deliveries.c.state == "planned").order_by(*columns)
    tx.execute(due.insert().from_select(["campaign", "next_try_at", "delivery"], queued))


def _count_on(tx: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL give ids from the largest on; SQLite looks."""
    if tx.dialect.name == "postgresql":
        largest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        tx.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), largest)))
