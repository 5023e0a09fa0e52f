"""A whole installation in one process: workers that die, a provider that lies, people who change their minds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.audience import subscribers
from backmail.links import INVALID_URL, Links
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.sending.enrollment import enroll
from backmail.sending.operations import held, resume_campaign, retriable, retry, settle
from backmail.store.engine import Commit, durable
from backmail.store.pauses import standing
from backmail.store.tables import campaigns
from tests.simulation.acts import plan
from tests.simulation.ground import NEWS, PROJECT, SERIES, Library, raw, store
from tests.simulation.rules import Rules
from tests.simulation.scene import HOUR, Scene
from tests.simulation.story import Story
from tests.simulation.turns import SECOND, Turns
from tests.simulation.workers import Worker
from tests.town import KEY, PEPPER

_MICROSECOND = dt.timedelta(microseconds=1)
_CALM = 6 * 24 * HOUR  # after the trouble: time enough for every retry to come to an end
_ROUNDS = 48  # of the operator's looks meanwhile


class Clock:
    """The clock of the only machine: set by hand at times, while its ticks go on."""

    def __init__(self, start: dt.datetime, turns: Turns) -> None:
        """Show `start` in the first turn."""
        self._start = start
        self._turns = turns
        self.set_by = dt.timedelta()
        self.boots = 1

    @property
    def boot(self) -> str:
        """The name of the time since the machine was started last."""
        return f"boot {self.boots}"

    def now(self) -> dt.datetime:
        """Return what it shows."""
        return self._start + self._turns.now * _MICROSECOND + self.set_by

    def ticks(self) -> int:
        """Return microseconds that passed since some moment."""
        return SECOND + self._turns.now


@dataclass
class Taken:
    """A mail that the provider took, whatever it said."""

    at: int
    worker: str
    delivery: int
    person: str
    step: str
    message: Message


@dataclass
class World:
    """What a seed makes of all that, with everybody who is in it."""

    scene: Scene
    turns: Turns = field(default_factory=Turns)
    taken: list[Taken] = field(default_factory=list)
    calm: bool = False
    lives: int = 0
    kills: int = 0
    reordered: bool = False
    moved: set[int] = field(default_factory=set)  # who changed her zone
    left_once: set[tuple[int, str]] = field(default_factory=set)  # who left a campaign, whatever she did later

    def __post_init__(self) -> None:
        """Fill the database, and let everybody wait for their first turn."""
        scene = self.scene
        self.clock = Clock(scene.start, self.turns)
        self.story = Story(self.clock)
        self.store = store()
        self.shelf = Library()
        self.links = Links(KEY, INVALID_URL)
        self.people: dict[str, int] = {}
        with durable(self.store) as tx:
            tx.execute(campaigns.update().values(on_uncertain=scene.on_uncertain.value))
        self.rules = Rules(self)
        self.workers: list[Worker] = []
        self.join(list(scene.people))
        for number in range(scene.workers):
            self.start_worker(f"worker {number + 1}", self.scene.random.randrange(SECOND))

    @property
    def zone(self) -> str:
        """That of the settings."""
        return PROJECT.config.zone

    def join(self, names: list[str]) -> None:
        """Add people who are not there yet, and let all of these begin both campaigns."""
        now = self.clock.now()
        with durable(self.store) as tx:
            for name in names:
                if name not in self.people:
                    who = Subscriber(f"{name}@example.org", first_name=name.title(), timezone=self.scene.people[name])
                    self.people[name] = subscribers.add(tx, who, PEPPER, now=now, state=SubscriberState.ACTIVE)
            ids = [self.people[name] for name in names]
            for campaign, some in ((SERIES, ids), (NEWS, ids[::2])):
                number = self.published(tx, campaign.id)
                done = enroll(tx, self.shelf.get(tx, campaign.id, number), some, now=now, zone=self.zone)
                self.rules.enrolled(campaign.id, done.enrollments)
        self.look()

    def published(self, tx: sa.Connection, campaign: str) -> int:
        """Return the number of the version of a campaign that is published."""
        return int(tx.execute(sa.select(campaigns.c.version).where(campaigns.c.id == campaign)).scalar_one() or 0)

    def start_worker(self, name: str, after: int) -> None:
        """Start a worker, in the place of a dead one too."""
        worker = Worker(self, name, self.lives)
        self.lives += 1
        self.workers.append(worker)
        self.turns.start(worker.live, self.turns.now + after)

    def died(self, worker: Worker) -> None:
        """Let another one take the place of a worker that is no more."""
        self.workers.remove(worker)
        self.start_worker(worker.name, self.scene.random.randrange(SECOND // 2, 30 * SECOND))

    def look(self, worker: Worker | None = None, commit: Commit | None = None) -> None:
        """See what a commit changed, whoever made it, and whether it may."""
        with self.store.connect() as tx:
            self.rules.look(raw(tx), worker, commit)

    def written(self, worker: Worker, message: Message, *, arrives: bool) -> None:
        """Take a mail that a worker writes to the wire."""
        self.rules.written(worker, message, arrives=arrives)
        if arrives:
            person, _, _ = message.mailbox.email.partition("@")
            self.taken.append(
                Taken(self.turns.now, worker.owner, int(message.delivery_id), person, message.composed.step, message)
            )

    def run(self) -> Story:
        """Tell the story to its end: the trouble, then the calm in which everything must come right."""
        plan(self)
        try:
            self.turns.run(self.scene.trouble)
            self._calm_down()
            for round_ in range(_ROUNDS):
                if self.rules.nothing_open():
                    break
                self.turns.run(self.scene.trouble + (round_ + 1) * _CALM // _ROUNDS)
                self.rules.nobody_left_behind()
                self._operate()
            self.rules.finally_()
        finally:
            self.turns.end()
        return self.story

    def _calm_down(self) -> None:
        self.calm = True
        self.story.tell("the trouble is over; the operator puts right what waits for a decision")
        self._operate()

    def _operate(self) -> None:
        """Do what `status` asks the operator for."""
        now = self.clock.now()
        with durable(self.store) as tx:
            for campaign in standing(tx):
                resume_campaign(tx, campaign, now=now, by="olga")
            if len(retriable(tx)):
                retry(tx, self.shelf, now=now, zone=self.zone, by="olga")
            if held(tx):
                settle(tx, self.shelf, resend=self.scene.random.random() < 0.5, now=now, zone=self.zone, by="olga")
        self.rules.paused.clear()
        self.look()

    def next_stir(self) -> int:
        """Return how long a worker may sleep, for all that others do (microseconds)."""
        event = self.turns.next_event()
        ends = [self.rules.lease_ends() - self.clock.ticks(), *([] if event is None else [event - self.turns.now])]
        return max(SECOND, min(6 * HOUR, *ends) + SECOND)
