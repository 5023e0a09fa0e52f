"""A small world in the tables, and short words for what a worker does in it."""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backmail.model.sending import Slot
from backmail.store import claims, queue
from backmail.store.claims import Claimed, Lease
from backmail.store.engine import connect, durable, reading, relaxed
from backmail.store.rows import Ticket
from backmail.store.tables import campaigns, deliveries, due, enrollments, subscribers, suppressions, versions

NINE = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SLOT = Slot(NINE, NINE + 2 * HOUR, dt.date(2027, 3, 2), "Europe/Copenhagen")
HOLDS = dt.timedelta(seconds=20)
OVER = -dt.timedelta(seconds=1)  # a lease of this length is over when it begins


def lease(owner: str = "w1", *, tick: int = 1_000_000_000, length: dt.timedelta = HOLDS, boot: str = "b1") -> Lease:
    """Return the lease of a worker."""
    return Lease(owner, boot, tick, length)


def in_memory(path: Path) -> sa.Engine:
    """Return a copy, in memory, of the SQLite database in a file."""
    made = connect("sqlite://")
    with closing(sqlite3.connect(path)) as source, made.connect() as tx:
        target = tx.connection.driver_connection
        assert isinstance(target, sqlite3.Connection)
        source.backup(target)
    return made


@dataclass(frozen=True)
class World:
    """A database with campaigns and people in it."""

    store: sa.Engine

    def campaign(self, id_: str = "c-1", **columns: Any) -> str:
        """Add a campaign that is published and live."""
        with durable(self.store) as tx:
            tx.execute(campaigns.insert().values({"id": id_, "slug": id_, "version": 1, "live_at": NINE} | columns))
            published = {"published_at": NINE, "published_by": "ann", "settings": {}}
            for number in (1, 2):
                tx.execute(versions.insert().values({"campaign": id_, "number": number} | published))
        return id_

    def person(self, name: str, **columns: Any) -> int:
        """Add a subscriber; her address's hash is her name."""
        row: dict[str, Any] = {
            "address": name,
            "email": f"{name}@example.org",
            "state": "active",
            "added_at": NINE,
        } | columns
        with durable(self.store) as tx:
            return int(tx.execute(subscribers.insert().values(row).returning(subscribers.c.id)).scalar_one())

    def enrollment(self, person: int, campaign: str = "c-1", run: int = 1) -> int:
        """Enroll a subscriber."""
        row = {"subscriber": person, "campaign": campaign, "run": run, "started_at": NINE}
        with durable(self.store) as tx:
            return int(tx.execute(enrollments.insert().values(row).returning(enrollments.c.id)).scalar_one())

    def planned(self, *names: str, campaign: str = "c-1", slot: Slot = SLOT) -> list[int]:
        """Add people with one planned delivery each, and return the deliveries in that order."""
        plans = [queue.Plan(self.enrollment(self.person(name), campaign), "why-move", slot) for name in names]
        with durable(self.store) as tx:
            return sorted(queue.plan(tx, plans))

    def suppress(self, address: str, reason: str = "unsubscribed", scope: str = "") -> None:
        """Suppress an address, and leave the deliveries as they are."""
        with durable(self.store) as tx:
            tx.execute(suppressions.insert().values(address=address, reason=reason, scope=scope, since=NINE))

    def change(self, table: sa.Table, id_: object, **columns: Any) -> None:
        """Change one row of a table."""
        with durable(self.store) as tx:
            assert tx.execute(table.update().where(table.c.id == id_).values(columns)).rowcount == 1

    def delivery(self, id_: int) -> dict[str, Any]:
        """Return a delivery's row."""
        with reading(self.store) as tx:
            return dict(tx.execute(deliveries.select().where(deliveries.c.id == id_)).mappings().one())

    def state(self, id_: int) -> str:
        """Return a delivery's state."""
        return str(self.delivery(id_)["state"])

    def queued(self) -> list[int]:
        """Return the deliveries in the queue; the two tables agree whenever this is asked."""
        with reading(self.store) as tx:
            assert queue.disagreements(tx) == []
            return [row.delivery for row in tx.execute(due.select().order_by(due.c.delivery))]

    def head(self, now: dt.datetime = NINE, campaign: str = "c-1") -> list[int]:
        """Return the deliveries at the head of a campaign's queue."""
        with relaxed(self.store) as tx:
            return [one.id for one in claims.head(tx, campaign, now=now, most=100)]

    def claim(
        self, ids: Sequence[int], by: Lease | None = None, *, now: dt.datetime = NINE, live_needed: bool = True
    ) -> list[Claimed]:
        """Claim deliveries."""
        with relaxed(self.store) as tx:
            return claims.claim(tx, ids, by or lease(), now=now, live_needed=live_needed)

    def claimed(self, id_: int, by: Lease | None = None, *, now: dt.datetime = NINE) -> Ticket:
        """Claim one delivery, and return its ticket."""
        [one] = self.claim([id_], by, now=now)
        return one.ticket

    def hand_over(self, ticket: Ticket, by: Lease | None = None, *, now: dt.datetime = NINE) -> bool:
        """Hand one delivery over, and return whether it may be sent."""
        with relaxed(self.store) as tx:
            return claims.hand_over(tx, [(ticket, "")], by or lease(), now=now, live_needed=True) == {ticket.id}

    def handed(self, id_: int, by: Lease | None = None, *, now: dt.datetime = NINE) -> Ticket:
        """Claim one delivery and hand it over."""
        ticket = self.claimed(id_, by, now=now)
        assert self.hand_over(ticket, by, now=now)
        return ticket

    def why(self, ticket: Ticket, by: Lease | None = None, *, now: dt.datetime = NINE) -> str | None:
        """Return why a hand-over was refused."""
        with reading(self.store) as tx:
            return claims.why_refused(tx, [ticket], by or lease(), now=now, live_needed=True).get(ticket.id)
