"""An installation with one series, somebody who walks through it, and the site that her links lead to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from backmail.app import Backmail, opened
from backmail.audience import subscribers
from backmail.campaign import read
from backmail.config import Config, Project, sample_campaigns
from backmail.config.settings import Site
from backmail.links import Purpose
from backmail.model.campaign import Brand, Campaign, Company, Sender
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.rendering import Setting, load_theme
from backmail.sending.decisions import CONFIRM
from backmail.sending.enrollment import enroll
from backmail.sending.published import prepare, publish
from backmail.sending.published.publishing import Prepared
from backmail.shipped import shipped
from backmail.store.tables import deliveries, metadata
from backmail.transports.memory import MemoryTransport
from backmail.web.site import site

NINE = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)  # a Tuesday, 09:00 in Copenhagen
DAY = dt.timedelta(days=1)
NONCE = "n-0nce"
SERIES = "c-series"
SENDER = "Anna at Acme"
SECRETS = {"BACKMAIL_SECRET_KEY": "k" * 32, "BACKMAIL_PEPPER": "p" * 32}
PUBLIC = "https://mail.example.org"


class StillClock:
    """A clock that stands until it is moved."""

    boot = "b1"

    def __init__(self) -> None:
        self.at = NINE

    def now(self) -> dt.datetime:
        """Return where it stands."""
        return self.at

    def ticks(self) -> int:
        """Return the same as microseconds."""
        return round(self.at.timestamp() * 1_000_000)


class Client:
    """A browser without a screen. It follows no redirect in silence; a fault that leaves the site fails the test."""

    def __init__(self, app: Starlette, base_url: str = PUBLIC) -> None:
        self.app = app
        self._base_url = base_url
        self._runner = asyncio.Runner()

    def close(self) -> None:
        """Leave."""
        self._runner.close()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask for a page."""
        [answer] = self.together(1, method, path, **more)
        return answer

    def together(self, times: int, method: str, path: str, **more: Any) -> list[httpx.Response]:
        """Ask for a page so many times at once."""

        async def asked() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self._base_url) as client:
                return await asyncio.gather(*(client.request(method, path, **more) for _ in range(times)))

        return self._runner.run(asked())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look at a page."""
        return self.request("GET", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        """Do what no page asks for."""
        return self.request("PUT", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Press a button."""
        return self.request("POST", path, **more)


def config(**changes: Any) -> Config:
    """Return settings with a sender."""
    who = Sender(SENDER, "anna@example.org", "hi@example.org")
    company = Company(SENDER, ("Main Street 1", "1000 Town"), "anna@example.org")
    made = Config(site=Site(PUBLIC), brand=Brand(), company=company, sender=who, zone="Europe/Copenhagen")
    return replace(made, **changes)


@cache
def prepared() -> tuple[Prepared, Prepared]:
    """Return a series of two mails, and the mail that asks to confirm: composed once for all tests."""
    home = shipped("campaigns")
    project = Project(home.parent)
    sample = read(sample_campaigns()[0], project=project)
    series = replace(sample, id=SERIES, slug="series", steps=sample.steps[:2])
    asks = read(home / CONFIRM, project=project)
    return _prepared(series), _prepared(asks)


def _prepared(campaign: Campaign) -> Prepared:
    settings = config()
    return prepare(Setting(campaign, load_theme(campaign.theme), settings.brand, settings.company))


@dataclass
class Counter:
    """Where readers come with their links."""

    backmail: Backmail
    clock: StillClock
    transport: MemoryTransport
    client: Client

    def person(self, email: str = "anna@example.org", *, state: str = "active", **columns: Any) -> int:
        """Add a subscriber."""
        one = Subscriber(email, **({"first_name": "Anna"} | columns))
        with self.backmail.durable() as tx:
            return subscribers.add(tx, one, self.backmail.pepper, now=self.clock.at, state=SubscriberState(state))

    def enrolled(self, person: int, campaign: str = SERIES) -> int:
        """Enroll her, and return her first delivery."""
        with self.backmail.durable() as tx:
            published = self.backmail.shelf.newest(tx, campaign)
            assert published
            enroll(tx, published, [person], now=self.clock.at, zone=self.backmail.zone)
            query = sa.select(sa.func.max(deliveries.c.id)).where(deliveries.c.subscriber == person)
            return int(tx.scalar(query) or 0)

    def reader(self, email: str = "anna@example.org", **columns: Any) -> int:
        """Return the first delivery of a new reader."""
        return self.enrolled(self.person(email, **columns))

    def tick(self) -> None:
        """Send what is due."""
        asyncio.run(self.backmail.tick())

    def path(self, purpose: Purpose, delivery: int) -> str:
        """Return the path that a link of hers leads to."""
        return self.backmail.links.link(purpose, str(delivery)).removeprefix(PUBLIC)

    def delivery(self, id_: int) -> dict[str, Any]:
        """Return a delivery's row."""
        with self.backmail.reading() as tx:
            return dict(tx.execute(deliveries.select().where(deliveries.c.id == id_)).mappings().one())

    def rows(self, table: sa.Table) -> list[tuple[Any, ...]]:
        """Return all rows of a table."""
        with self.backmail.reading() as tx:
            return [tuple(row) for row in tx.execute(table.select().order_by(*table.primary_key.columns))]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all rows of all tables."""
        return {table.name: self.rows(table) for table in metadata.sorted_tables}


@contextmanager
def counter(folder: Path, database: str, settings: Config | None = None) -> Iterator[Counter]:
    """Open an installation upon a database, with both campaigns published."""
    environ = {**SECRETS, "BACKMAIL_DATABASE": database}
    clock, transport = StillClock(), MemoryTransport()
    project = Project(folder, settings or config(), found=True, environ=environ)
    with opened(project, clock=clock, transport=transport) as backmail:
        for each in prepared():
            with backmail.durable() as tx:
                publish(tx, each, now=clock.at, by="ann")
        with closing(Client(site(backmail, NONCE))) as client:
            yield Counter(backmail, clock, transport, client)
