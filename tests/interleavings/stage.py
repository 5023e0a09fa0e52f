"""Where it is played: two campaigns of two steps, three people, two workers; put back before each order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from backmail.clock import parse_span
from backmail.config import Config
from backmail.model.campaign import Schedule, Sender
from backmail.sending.published import Shelf
from backmail.store.engine import durable
from backmail.transports import MemoryTransport
from tests.interleavings.laws import Broken, Laws
from tests.interleavings.rows import Row, Tables, Walk, tables
from tests.interleavings.session import Session
from tests.interleavings.workers import Cut, Worker
from tests.town import DAY, HOUR, MONDAY, Clock, Town, at, campaign, step

NOW = MONDAY + DAY + 8 * HOUR  # Tuesday at nine in Copenhagen: the first step of both is due
STEPS = (step("one", "0"), step("two"))
# Whose mails are looked for first, so that each of two workers has one.
OURS = campaign(*STEPS, slug="town", priority=6, exits=("done",), reenter=parse_span("0h"))
OTHER = campaign(*STEPS, slug="other", priority=5)
DAILY = Schedule(days=tuple(range(7)))
SLOWER = at(OURS, steps=(replace(STEPS[0], after=parse_span("2d"), schedule=DAILY), STEPS[1]))
SHORTER = at(OURS, steps=STEPS[1:])
IDA, BO, CY = 1, 2, 3
NEW = 4  # the next person
NAMES = {IDA: "ida", BO: "bo", CY: "cy"}
_LEASE = dt.timedelta(seconds=21)
_RENEWED = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class Ended:
    """How it all ended: the walks and deliveries as they are, and how often each delivery was written to the wire."""

    walks: Sequence[Walk]
    rows: Sequence[Row]
    wire: Counter[int]


class Stage:
    """The town with its two workers."""

    def __init__(self, town: Town, kept: Tables, sessions: Sequence[Session]) -> None:
        self.town = town
        self._kept = kept
        self._sessions = sessions
        self._ends: dict[tuple[object, ...], Ended] = {}
        self.story: list[str] = []

    @property
    def clock(self) -> Clock:
        """The clock of all of them."""
        return self.town.clock

    @property
    def shelf(self) -> Shelf:
        """The published versions."""
        return self.town.backmail.shelf

    def begin(self, cut: Cut, answers: Callable[[MemoryTransport], None]) -> None:
        """Put everything back to the morning of the first step.

        Args:
            cut: where workers stand still between hand-over and record.
            answers: tells a worker's relay what to say.
        """
        self._kept.put_back()
        self.clock.at, self.clock.ticked = NOW, 1_000_000_000
        self.story = []
        self.workers: dict[str, Worker] = {}
        self._owners: dict[str, str] = {}
        self.laws = Laws(self._kept, self._owners)
        for name in "AB":
            self._start(name, cut, answers)

    def _start(self, name: str, cut: Cut, answers: Callable[[MemoryTransport], None]) -> None:
        """Start a worker: another one where one of that name was at work."""
        session = self._sessions["AB".index(name)]
        worker = Worker(name, self.town, session, cut, self.laws, self.story)
        answers(worker.wire.carrier)
        self.workers[name] = worker
        self._owners[name] = worker.backmail.leases.owner

    def die(self) -> None:
        """Let both workers die where they stand, and others begin in their places."""
        self.lease_over("A", "B")
        for name, worker in list(self.workers.items()):
            self._start(name, worker.cut, lambda _: None)

    @contextmanager
    def decision(self) -> Iterator[sa.Connection]:
        """Open a transaction of the third hand."""
        with durable(self.town.store) as tx:
            yield tx

    def lease_over(self, *names: str) -> None:
        """Let time pass until what these workers have is not theirs any more; the others prolong what they have."""
        self.clock.turn(self.clock.at + _RENEWED)
        for name, worker in self.workers.items():
            if name not in names:
                worker.renew()
        self.clock.turn(self.clock.at + _LEASE - _RENEWED)
        for name in names:
            self.laws.lease_over(name)
            if self.town.store.dialect.name == "postgresql":  # whose clock nobody turns
                self._kept.end_leases(self.workers[name].backmail.leases.owner)

    def agree(self) -> None:
        """See that the two tables of what waits agree.

        Raises:
            Broken: they do not.
        """
        if astray := self._kept.astray():
            raise Broken(f"the queue is not what the deliveries say: {astray}")

    def finish(self) -> Ended:
        """Let everything run to its end by a worker that begins anew, and return how it ended."""
        key = (self.clock.at, *self._kept.state())
        if key not in self._ends:
            self._ends[key] = self._to_the_end()
        end = self._ends[key]
        return Ended(end.walks, end.rows, self.laws.wire + end.wire)

    def forget(self) -> None:
        """Forget the ends that are known: what is played from now on is another protocol."""
        self._ends = {}

    def _to_the_end(self) -> Ended:
        """Where the rows are the same, the same comes of it: so it is played once."""
        town = self.town
        fresh = town.worker()
        fresh.shelf = self.shelf
        town.backmail, before = fresh, len(town.transport.carried)
        town.run()
        wire = Counter(int(each.message.delivery_id) for each in town.transport.carried[before:])
        rows = self._kept.rows()
        return Ended(self._kept.walks(), list(rows.values()), wire)


@contextmanager
def staged(store: sa.Engine, folder: Path) -> Iterator[Stage]:
    """Set the stage on an empty database."""
    config = Config(zone="UTC", sender=Sender("Anna", "anna@news.example.org"))
    town = Town(store, folder, config=config, alone=False)
    town.publish(OTHER)
    people = town.add(*NAMES.values())
    assert people == list(NAMES)
    town.enroll([IDA, BO])
    town.publish(OURS)
    town.enroll([IDA, CY])
    with ExitStack() as stack:
        kept = stack.enter_context(tables(store))
        sessions = [Session(), Session()]
        for session in sessions:
            stack.callback(session.close)
        yield Stage(town, kept, sessions)
