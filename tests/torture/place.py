"""The place of the torture: a project on one database with campaigns and people; time passes there when it is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.audience import subscribers
from backmail.clock import SystemClock
from backmail.config import find_project, start_project
from backmail.engines import LocalEngine
from backmail.errors import TransportRefused
from backmail.model.campaign import Campaign, Schedule
from backmail.model.people import Subscriber
from backmail.model.states import OnUncertain, SubscriberState
from backmail.sending.enrollment import enroll
from backmail.sending.operations import settle
from backmail.sending.published import publish
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries
from backmail.store.tables import subscribers as people
from backmail.transports import SmtpTransport
from tests.house.project import ROOT
from tests.town import campaign, prepared, step

LONG, SHORT, HELD, DROPPED = "long", "short", "held", "dropped"
WINDOW = 4
UNFIT = "unfit"  # people whose name cannot stand in a header: no mail can be made for them
_BELL = "Ann\x07"
_FINAL = ("accepted", "skipped", "failed")
_PASSES = 12
ALWAYS = Schedule(days=tuple(range(7)), at=None, between=(dt.time(0), dt.time(0)))
_CONFIG = """\
site:
  public_url: http://127.0.0.1:1
sender:
  name: Example Shop
  email: news@example.org
  address: [1 Example Street]
transport:
  kind: smtp
  host: 127.0.0.1
  port: {port}
  security: none
  connections: {connections}
engine:
  lease: {lease:g}s
  sweep: 0.5s
"""


def _series() -> list[Campaign]:
    """Return campaigns that are due now, and whose retries are: where their readers live it is noon at this moment."""
    east = 12 - SystemClock().now().hour
    always: dict[str, Any] = {"schedule": ALWAYS, "zone": f"Etc/GMT{-east:+d}"}  # POSIX counts west
    return [
        campaign(step("one", "0"), step("two", "0"), slug=LONG, **always),
        campaign(step("one", "0"), slug=SHORT, **always),
        campaign(step("one", "0"), slug=HELD, on_uncertain=OnUncertain.HOLD, **always),
        campaign(step("one", "0"), slug=DROPPED, on_uncertain=OnUncertain.DROP, **always),
    ]


@dataclass(frozen=True)
class No:
    """A no, with what stood in the tables of her mails when it was said: id -> (state, how often handed over).

    Attributes:
        person: who said it.
        at: from then on it stood, in seconds of the monotonic clock.
        had: what she had by then.
    """

    person: int
    at: float
    had: dict[int, tuple[str, int]]


class Place:
    """A project on a database. The sink's port is its relay's."""

    def __init__(self, folder: Path, database: str, port: int, *, lease: float = 2) -> None:
        """Make the project, and publish its campaigns; nobody walks through them yet.

        Args:
            folder: an empty one.
            database: the address of an empty database.
            port: where the sink listens.
            lease: seconds that a claim holds.
        """
        self.folder = folder
        self.lease = lease
        start_project(folder)
        config = _CONFIG.format(port=port, connections=WINDOW, lease=lease)
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        self.environ = {**os.environ, "BACKMAIL_DATABASE": database, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self._stack = ExitStack()
        self._count = 0
        self.noes: list[No] = []

    def __enter__(self) -> Self:
        self._project = find_project(self.folder, self.folder, environ=self.environ)
        self.backmail = self._stack.enter_context(opened(self._project))
        self.now = self.backmail.now
        with self.backmail.durable() as tx:
            self.numbers = {each.id: publish(tx, prepared(each), now=self.now(), by="test") for each in _series()}
            tx.execute(campaigns.update().values(live_at=self.now(), live_by="test"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def sqlite(self) -> bool:
        """Whether the database is a file, on which one engine runs at a time."""
        return self.backmail.store.dialect.name == "sqlite"

    @property
    def lock(self) -> Path:
        """The lock beside the file."""
        return Path(f"{self.backmail.store.url.database}.lock")

    def enroll(self, kinds: Sequence[str], *slugs: str) -> list[int]:
        """Add people, one for each word of how the sink is to serve them, enroll them, and return their ids."""
        new = []
        for kind in kinds:
            self._count += 1
            new.append(Subscriber(f"{kind}-{self._count}@example.org", first_name=_BELL if kind == UNFIT else None))
        now = self.now()
        with self.backmail.durable() as tx:
            pepper = self.backmail.pepper
            by_address = subscribers.add_many(tx, new, pepper, now=now, state=SubscriberState.ACTIVE)
            ids = sorted(by_address.values())
            for slug in slugs:
                published = self.backmail.shelf.get(tx, f"c-{slug}", self.numbers[f"c-{slug}"])
                enroll(tx, published, ids, now=now, zone="UTC")
        return ids

    def count(self, *states: str, of: Sequence[int] | None = None, where: sa.ColumnElement[bool] | None = None) -> int:
        """Return how many deliveries are in one of these states, of these people or of all."""
        query = sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.state.in_(states))
        if of is not None:
            query = query.where(deliveries.c.subscriber.in_(of))
        if where is not None:
            query = query.where(where)
        with self.backmail.reading() as tx:
            return tx.scalar(query) or 0

    def open(self) -> int:
        """Return how many deliveries are not final."""
        with self.backmail.reading() as tx:
            waiting = deliveries.c.state.not_in(_FINAL)
            return tx.scalar(sa.select(sa.func.count()).select_from(deliveries).where(waiting)) or 0

    def due(self) -> bool:
        """Whether anything is on its way, or would go now."""
        d, now = deliveries.c, self.now()
        waits = sa.and_(d.state.in_(("planned", "deferred", "uncertain")), d.next_try_at <= now)
        query = sa.select(sa.exists().where(sa.or_(waits, d.state.in_(("claimed", "handed")))))
        with self.backmail.reading() as tx:
            return bool(tx.scalar(query))

    def under_way(self, *states: str) -> list[int]:
        """Return the ids of the deliveries that somebody holds: claimed or handed, or only one of these."""
        held = deliveries.c.state.in_(states or ("claimed", "handed"))
        with self.backmail.reading() as tx:
            return list(tx.scalars(sa.select(deliveries.c.id).where(held).order_by(deliveries.c.id)))

    def name_of(self, delivery: int) -> str:
        """Return the Message-ID of a delivery."""
        return self.backmail.links.message_id(str(delivery), "news.example.org")

    def said_no(self, tx: sa.Connection, person: int, at: float | None = None) -> None:
        """Note that somebody said no, with what her mails are in this transaction."""
        d = deliveries.c
        rows = tx.execute(sa.select(d.id, d.state, d.hand_overs).where(d.subscriber == person))
        had = {row.id: (row.state, row.hand_overs) for row in rows}
        self.noes.append(No(person, time.monotonic() if at is None else at, had))

    def pass_time(self) -> None:
        """Let the time pass that mails wait for, and leases, to be called when no worker lives.

        Time would move nothing but these instants out of the future; it would only take longer.
        """
        now, d = self.now(), deliveries.c
        with self.backmail.durable() as tx:
            tx.execute(deliveries.update().where(d.state.in_(("claimed", "handed"))).values(lease_until=1))
            later = d.next_try_at > now
            tx.execute(deliveries.update().where(d.state == "uncertain", later).values(next_try_at=now))
            waiting = tx.scalars(sa.select(d.id).where(d.state.in_(("planned", "deferred")), later)).all()
            queue.move(tx, [(id_, None, now) for id_ in waiting])

    def turn(self) -> None:
        """Run an engine in this process until nothing more is due."""
        asyncio.run(self._turn())

    async def _turn(self) -> None:
        mine = self.backmail
        backmail = Backmail(self._project, mine.store, mine.links, mine.pepper, clock=mine.clock)
        assert isinstance(backmail.transport, SmtpTransport)
        async with backmail.transport:
            with suppress(TransportRefused):  # those who are cut off wait, and are asked for again
                await LocalEngine(backmail, every=dt.timedelta(seconds=1), tell=lambda _line: None).once()

    def finish(self) -> int:
        """Let everything come to its end, and return how much does not. Only when no worker lives."""
        for _ in range(_PASSES):
            self.pass_time()
            self.turn()
            self._decide()
            if not (left := self.open()):
                break
        return left

    def _decide(self) -> None:
        """Be the operator: what is held goes again."""
        with self.backmail.durable() as tx:
            settle(tx, self.backmail.shelf, None, resend=True, now=self.now(), zone="UTC", by="test")

    def email(self, person: int) -> str:
        """Return somebody's address."""
        with self.backmail.reading() as tx:
            return str(tx.scalar(sa.select(people.c.email).where(people.c.id == person)))
