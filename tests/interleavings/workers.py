"""A worker: the real pump over a database that it shares, stopped where its transactions end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from enum import StrEnum
from pathlib import Path

from backmail.app import Backmail
from backmail.config import Config, Project
from backmail.links import INVALID_URL, Links
from backmail.model.delivery import Receipt, Unknown
from backmail.model.message import Message
from backmail.store import claims
from backmail.store.engine import Commit, relaxed, watched
from backmail.transports import MemoryTransport
from tests.interleavings.laws import Laws
from tests.interleavings.session import Session
from tests.town import KEY, PEPPER, Town


class Cut(StrEnum):
    """Where a worker stands still between its hand-over and its record; and whether its mails go all at once."""

    BEFORE_THE_WIRE = "before the wire"
    AFTER_THE_WIRE = "after the wire"
    ONE_BY_ONE = "before the wire, one by one"


class Wire:
    """A transport that has each mail looked at as it is written."""

    takes = MemoryTransport().takes

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        window = 1 if worker.cut is Cut.ONE_BY_ONE else 100
        self.carrier = MemoryTransport(window=window, may_write=self._may_write)
        self.window = self.carrier.window

    def _may_write(self, message: Message) -> bool:
        return self._worker.backmail.leases.may_write(message)

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out."""
        async with aclosing(self.carrier.send(group)) as sending:
            async for delivery_id, receipt in sending:
                if self.carrier.carried:
                    self.carrier.carried.clear()
                    self._worker.written(int(delivery_id), known=not isinstance(receipt, Unknown))
                yield delivery_id, receipt


class Worker:
    """One of those who send, in a session of its own: its steps are claim, hand over, record."""

    def __init__(self, name: str, town: Town, session: Session, cut: Cut, laws: Laws, story: list[str]) -> None:
        """Take a name, where it works and how, who looks at each commit, and where all that happens is told."""
        self.name = name
        self.session = session
        self.cut = cut
        self._laws = laws
        self._story = story
        self.wire = Wire(self)
        project = Project(Path(), Config(zone="UTC"), found=True)
        self.backmail = Backmail(
            project,
            watched(town.store, self._watch),
            Links(KEY, INVALID_URL),
            PEPPER,
            clock=town.clock,
            transport=self.wire,
            live_needed=False,
        )
        self.backmail.shelf = town.backmail.shelf  # a version never changes: what one loaded is the same for all
        self._stops = False
        session.begin(self._turn)

    def step(self) -> None:
        """Take the next step: to where the next transaction ends, or to the end of the turn."""
        self._stops = True
        self.session.step()

    def finish(self) -> None:
        """Take all that is left of the turn."""
        self._stops = False
        self.session.step()

    def renew(self) -> None:
        """Prolong the leases, as a worker that is alive does all the time."""
        lease = self.backmail.leases.now()
        with relaxed(self.backmail.store, "renew") as tx:
            held = claims.renew(tx, self.backmail.leases.held, lease)
        self.backmail.leases.renew(held, lease)

    def written(self, delivery: int, *, known: bool) -> None:
        """Have a mail looked at that was written to the wire a moment ago; `known`: whether there was an answer."""
        self._story.append(f"{self.name} writes {delivery}")
        self._laws.written(self.name, delivery, known=known)

    async def _turn(self) -> None:
        """Tick, until something was claimed and sent or nothing is due."""
        busy = True
        while busy:
            ticked = await self.backmail.tick()
            busy = ticked.busy and not ticked.counts.get("accepted")

    def _watch(self, commit: Commit) -> None:
        handed = commit.name == "hand-over"
        if commit.stage == "after":
            self._story.append(f"{self.name}: {commit.name} {dict(commit.changed) or ''}")
            self._laws.look(self.name, commit.name)
            waits = handed and self.cut is Cut.AFTER_THE_WIRE and commit.changed["hand_over"]
            stops = commit.changed["claim"] if commit.name == "claim" else commit.name in ("hand-over", "record")
            if stops and not waits:
                self._stop()
        elif commit.stage == "begins" and commit.name == "record" and self.cut is Cut.AFTER_THE_WIRE:
            self._stop()

    def _stop(self) -> None:
        if self._stops:
            self.session.stop()
