"""A town for tests: people, a campaign, a clock that is turned by hand, a transport that keeps what it gets."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backmail import rendering
from backmail.app import Backmail
from backmail.audience import subscribers
from backmail.clock import Span, parse_span
from backmail.config import Config, Project
from backmail.links import INVALID_URL, Links
from backmail.model.campaign import (
    Action,
    Brand,
    Campaign,
    CampaignKind,
    Company,
    Greeting,
    Schedule,
    Sender,
    Step,
)
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.sending.enrollment import Enrolled, enroll
from backmail.sending.published import Prepared, Published, prepare, publish
from backmail.store.tables import campaigns, deliveries, due, enrollments
from backmail.transports import MemoryTransport, Transport

KEY = b"a key of tests, sixteen bytes or more"
PEPPER = b"a pepper of tests, long enough too"
MONDAY = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
COPENHAGEN = "Europe/Copenhagen"

SAFETY = "::: safety id=b01\n## When to stop\n\nStop if it hurts, and ask a doctor.\n:::\n"
EXERCISE = "::: exercise id=b02\n## Slow rolls\n\n1. Sit down.\n2. Roll your shoulders 8 times.\n:::\n"


class Clock:
    """A clock that stands still until it is turned."""

    boot = "boot-1"

    def __init__(self, at: dt.datetime = MONDAY) -> None:
        self.at = at
        self.ticked = 1_000_000_000

    def now(self) -> dt.datetime:
        return self.at

    def ticks(self) -> int:
        return self.ticked

    def turn(self, at: dt.datetime) -> None:
        """Let time pass until then."""
        self.ticked += (at - self.at) // dt.timedelta(microseconds=1)
        self.at = at


def step(id_: str, after: str = "1w", body: str = "Hello.\n", **more: Any) -> Step:
    """Return a step of a campaign."""
    given = {"subject": f"About {id_}", "preheader": f"What there is to say about {id_}.", "teaser": f"More on {id_}."}
    return Step(
        id=id_,
        file=f"campaigns/town/{id_}.md",
        after=Span(0, "h") if after == "0" else parse_span(after),
        action=Action("That is all.", "none"),
        body=body,
        body_line=9,
        **{**given, **more},
    )


def campaign(*steps: Step, slug: str = "town", **more: Any) -> Campaign:
    """Return a campaign: weekly on Tuesdays at nine, in Copenhagen."""
    given: dict[str, Any] = {"schedule": Schedule(), "zone": COPENHAGEN}
    return Campaign(
        id=f"c-{slug}",
        slug=slug,
        name=f"The {slug}",
        kind=CampaignKind.DRIP,
        language="en",
        sender=Sender("Anna", "anna@news.example.org"),
        steps=steps,
        folder=Path("campaigns") / slug,
        greeting=Greeting("Hello {{ subscriber.first_name }},", "Hello,"),
        **{**given, **more},
    )


SERIES = campaign(step("one", "0"), step("two"), step("three"))


@cache
def _theme() -> rendering.Theme:
    return rendering.load_theme("weekly")


_PREPARED: dict[str, Prepared] = {}


def prepared(what: Campaign) -> Prepared:
    """Return a campaign composed; what one test composed, others take over."""
    key = repr(what)
    if key not in _PREPARED:
        company = Company("Example Shop", ("1 Example Street", "1234 Exampletown"))
        _PREPARED[key] = prepare(rendering.Setting(what, _theme(), Brand("Example Shop"), company))
    return _PREPARED[key]


@dataclass
class Town:
    """Backmail with everything around it."""

    store: sa.Engine
    root: Path
    transport: Any = field(default_factory=MemoryTransport)
    clock: Clock = field(default_factory=Clock)
    config: Config = field(default_factory=lambda: Config(zone="UTC"))
    live_needed: bool = False
    alone: bool = True

    def __post_init__(self) -> None:
        self.backmail = self.worker()
        self.published: Published | None = None

    def worker(self, transport: Transport | None = None) -> Backmail:
        """Return another one of us over the same database: what a restart makes."""
        made = Backmail(
            Project(self.root, self.config, found=True),
            self.store,
            Links(KEY, INVALID_URL),
            PEPPER,
            clock=self.clock,
            transport=transport or self.transport,
            live_needed=self.live_needed,
        )
        made.alone = self.alone
        return made

    def publish(self, what: Campaign = SERIES) -> Published:
        """Publish a campaign, as `apply` would for one that nobody walks through."""
        with self.backmail.durable() as tx:
            number = publish(tx, prepared(what), now=self.clock.now(), by="test")
            self.published = self.backmail.shelf.get(tx, what.id, number)
        return self.published

    def add(
        self, *names: str, zone: str | None = None, state: SubscriberState = SubscriberState.ACTIVE, **more: Any
    ) -> list[int]:
        """Add people by their first names."""
        with self.backmail.durable() as tx:
            return [
                subscribers.add(
                    tx,
                    Subscriber(f"{name}@example.org", first_name=name.title(), timezone=zone, **more),
                    PEPPER,
                    now=self.clock.now(),
                    state=state,
                )
                for name in names
            ]

    def enroll(self, people: Sequence[int], **more: Any) -> Enrolled:
        """Enroll people in what was published last."""
        assert self.published is not None
        with self.backmail.durable() as tx:
            return enroll(tx, self.published, people, now=self.clock.now(), zone=self.backmail.zone, **more)

    def walk(self, *names: str, what: Campaign = SERIES, zone: str | None = None) -> list[int]:
        """Publish a campaign, add people and enroll them."""
        self.publish(what)
        people = self.add(*names, zone=zone)
        assert len(self.enroll(people).enrollments) == len(names)
        return people

    def tick(self) -> Counter[str]:
        """Tick until nothing more is due now."""
        return asyncio.run(self._tick())

    async def _tick(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        busy = True
        while busy:
            ticked = await self.backmail.tick()
            busy = ticked.busy
            counts += Counter(ticked.counts)
        return counts

    def run(self, until: dt.datetime | None = None) -> Counter[str]:
        """Let time pass, from one instant at which something is due to the next, until there is none (before then)."""
        counts = self.tick()
        while (at := self.backmail.next_look(self.clock.now())) is not None and (until is None or at <= until):
            self.clock.turn(max(at, self.clock.now() + dt.timedelta(seconds=1)))
            counts += self.tick()
        if until is not None and until > self.clock.now():
            self.clock.turn(until)
            counts += self.tick()
        return counts

    def deliveries(self, **wanted: Any) -> list[sa.Row[Any]]:
        """Return the rows of deliveries, in the order of planning."""
        query = sa.select(deliveries).order_by(deliveries.c.id)
        for name, value in wanted.items():
            query = query.where(deliveries.c[name] == value)
        with self.backmail.reading() as tx:
            return list(tx.execute(query))

    def states(self) -> list[tuple[str, str]]:
        """Return (step, state) of all deliveries."""
        return [(row.step, row.state) for row in self.deliveries()]

    def enrollments(self) -> list[sa.Row[Any]]:
        """Return the rows of enrollments."""
        with self.backmail.reading() as tx:
            return list(tx.execute(sa.select(enrollments).order_by(enrollments.c.id)))

    def waiting(self) -> int:
        """Return how many rows stand in the queue."""
        with self.backmail.reading() as tx:
            return tx.scalar(sa.select(sa.func.count()).select_from(due)) or 0

    def set_campaign(self, **values: Any) -> None:
        """Change the row of the campaign."""
        assert self.published is not None
        with self.backmail.durable() as tx:
            tx.execute(campaigns.update().where(campaigns.c.id == self.published.campaign.id).values(**values))

    @property
    def mails(self) -> list[tuple[str, str]]:
        """What arrived, as (first name in small letters, step)."""
        return [
            (each.message.mailbox.email.partition("@")[0], each.message.composed.step)
            for each in self.transport.carried
        ]


def at(what: Campaign, **more: Any) -> Campaign:
    """Return a campaign with something else in it."""
    return replace(what, **more)
