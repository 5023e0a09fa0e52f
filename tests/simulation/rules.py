"""What must hold after every commit, at every write to the wire, and in the end: the rules of delivery, once more.

They are looked at from outside: the rows of the tables, what the provider took, and what people were told.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from backmail.model.message import Message
from backmail.store.engine import Commit
from tests.simulation.ground import ALWAYS, SERIES
from tests.simulation.turns import SECOND

if TYPE_CHECKING:
    from tests.simulation.workers import Worker
    from tests.simulation.world import World

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_YEAR = 365 * 24 * 3600 * SECOND
_OPEN = ("planned", "deferred", "claimed", "handed", "uncertain")
_MENDABLE = ("render", "message")
# The arrows of the protocol, as one commit can show them; a sweep decides about what it finds in the same commit.
_ARROWS = {
    ("planned", "claimed"),
    ("deferred", "claimed"),
    ("claimed", "planned"),
    ("claimed", "deferred"),
    ("claimed", "handed"),
    ("claimed", "skipped"),
    ("claimed", "failed"),
    ("planned", "failed"),
    ("deferred", "failed"),
    ("planned", "skipped"),
    ("deferred", "skipped"),
    ("handed", "accepted"),
    ("handed", "deferred"),
    ("handed", "failed"),
    ("handed", "uncertain"),
    ("handed", "skipped"),
    ("uncertain", "accepted"),
    ("uncertain", "deferred"),
    ("uncertain", "failed"),
    ("uncertain", "skipped"),
    # A positive answer alone wins from any open state.
    ("planned", "accepted"),
    ("deferred", "accepted"),
    ("claimed", "accepted"),
    # A no that is taken back, and `retry`.
    ("skipped", "planned"),
    ("skipped", "deferred"),
    ("failed", "planned"),
    ("failed", "deferred"),
}
_COLUMNS = """id, enrollment, subscriber, campaign, step, state, epoch, owner, lease_until, hand_overs, version,
    variant, due_at, closes_at, zone, reason, next_try_at"""


class Row(NamedTuple):
    """A delivery."""

    id: int
    enrollment: int
    subscriber: int
    campaign: str
    step: str
    state: str
    epoch: int
    owner: str | None
    lease_until: int | None
    hand_overs: int
    version: int | None
    variant: str | None
    due_at: int
    closes_at: int
    zone: str
    reason: str | None
    next_try_at: int | None


class Violation(BaseException):  # nothing that catches errors may swallow it
    """A rule did not hold."""


class Rules:
    """What the world has been told, and what its tables and its provider show of it."""

    def __init__(self, world: World) -> None:
        """Know of nothing yet."""
        self._world = world
        self.rows: dict[int, Row] = {}
        self.noes: set[tuple[int, str]] = set()  # person and campaign, "" for all
        self.left: set[tuple[int, str]] = set()  # by a tag: what somebody walks through no longer
        self.paused: set[str | None] = set()  # campaigns, None for all
        self.paused_until: dt.datetime | None = None  # that of all
        self.dead: set[str] = set()  # names of those whose address the provider called dead
        self.resting: dict[int, dt.datetime] = {}
        self.enrollments: dict[int, tuple[str, int]] = {}
        self.allowed: Counter[int] = Counter()  # copies of a delivery, beyond the one
        self._in_doubt: Counter[str] = Counter()  # by the life of a worker: what one commit took from it
        self._first: dict[int, Message] = {}
        self._ended: set[int] = set()  # enrollments

    def enrolled(self, campaign: str, made: dict[int, int]) -> None:
        """Note who walks from now on."""
        for person, enrollment in made.items():
            self.enrollments[enrollment] = (campaign, person)
            self.left.discard((person, campaign))

    def name(self, person: int) -> str:
        """Return what a person is called."""
        return next(name for name, id_ in self._world.people.items() if id_ == person)

    def called(self, row: Row) -> str:
        """Return what a delivery is called."""
        return f"{self.name(row.subscriber)}/{row.step}"

    def fail(self, what: str) -> None:
        """Say that a rule does not hold.

        Raises:
            Violation: always.
        """
        self._world.story.tell(f"VIOLATION: {what}")
        raise Violation(f"seed {self._world.scene.seed}: {what}")

    # After every commit

    def look(self, raw: sqlite3.Connection, worker: Worker | None, commit: Commit | None) -> None:
        """Compare the deliveries with how they were, and see whether each change may be."""
        if commit is not None and not commit.changed:
            return
        rows = {row[0]: Row(*row) for row in raw.execute(f"SELECT {_COLUMNS} FROM deliveries")}  # noqa: S608
        self._ended = {row[0] for row in raw.execute("SELECT id FROM enrollments WHERE state <> 'active'")}
        before, self.rows = self.rows, rows
        who = worker.name if worker else "somebody"
        self._in_doubt.clear()
        swept = commit is not None and commit.name == "sweep"
        for id_, row in rows.items():
            old = before.get(id_)
            if old == row:
                continue
            self._changed(old, row, who)
            if swept and old is not None and old.state == "handed":
                self._taken_away(old, row)
        for id_ in before.keys() - rows.keys():
            self._deleted(before[id_])
        self._queue(raw)
        self._together()

    def _changed(self, old: Row | None, row: Row, who: str) -> None:
        if old is None:
            self._tell_planned(row, who)
            if row.state != "planned":
                self.fail(f"{self.called(row)} begins as {row.state}")
            return
        if old.state == row.state and old.epoch == row.epoch:
            if (old.due_at, old.next_try_at) != (row.due_at, row.next_try_at):
                self._world.story.tell(f"{who}: {self.called(row)} waits until {self._at(row.next_try_at)}")
            return
        self._world.story.tell(f"{who}: {self.called(row)} {old.state} -> {row.state} {row.reason or ''}".rstrip())
        if (old.state, row.state) not in _ARROWS:
            self.fail(f"{self.called(row)} went from {old.state} to {row.state}")
        if old.epoch > row.epoch:
            self.fail(f"{self.called(row)} has an older epoch than before")
        if old.state == "failed" and row.state == "planned":
            self._first.pop(row.id, None)  # put back by the operator: it takes the version that is published now
        if row.state == "claimed":
            self._claimed(row)
        if row.state == "handed":
            self._handed(old, row)
        if old.state == "handed" and (row.reason or "").startswith(("line", "dropped")):
            self.allowed[row.id] += 1

    def _tell_planned(self, row: Row, who: str) -> None:
        self._world.story.tell(f"{who}: {self.called(row)} is planned for {self._at(row.due_at)}")

    def _claimed(self, row: Row) -> None:
        hour = self._now().astimezone(ZoneInfo(row.zone)).hour
        if row.hand_overs and not 7 <= hour < 22:
            self.fail(f"{self.called(row)} is tried again at night, in the hour from {hour}:00")
        self._may_go(row, "claimed")

    def _handed(self, old: Row, row: Row) -> None:
        now = self._now()
        if row.hand_overs == 1 and not self._instant(row.due_at) <= now < self._instant(row.closes_at):
            self.fail(f"{self.called(row)} is handed over for the first time outside its slot")
        if old.lease_until is not None and old.lease_until <= self._world.clock.ticks():
            self.fail(f"{self.called(row)} is handed over although its lease is over")
        if (row.subscriber, "") in self.noes or (row.subscriber, row.campaign) in self.noes:
            self.fail(f"{self.called(row)} is handed over after a no")
        if (row.subscriber, row.campaign) in self.left:
            self.fail(f"{self.called(row)} is handed over to somebody who has left the campaign")
        if old.hand_overs and (old.version, old.variant) != (row.version, row.variant):
            self.fail(f"{self.called(row)} changes its version after the first hand-over")
        for other in self.rows.values():
            if other.enrollment == row.enrollment and other.id < row.id and not _is_final(other):
                self.fail(f"{self.called(row)} is handed over before {other.step}, which is {other.state}")
        self._may_go(row, "handed over")

    def _may_go(self, row: Row, how: str) -> None:
        if self.paused_until is not None and self.paused_until <= self._now():
            self.paused.discard(None)
        if self.paused & {None, row.campaign}:
            self.fail(f"{self.called(row)} is {how} while its campaign is paused")
        if row.subscriber in self.resting and self.resting[row.subscriber] > self._now():
            self.fail(f"{self.called(row)} is {how} while she rests")

    def _taken_away(self, old: Row, row: Row) -> None:
        """Take a delivery whose worker is gone: it may have left or not, so one copy more may be."""
        self.allowed[row.id] += 1
        owner = old.owner or ""
        self._in_doubt[owner] += 1
        living = next((worker for worker in self._world.workers if worker.owner == owner), None)
        if living is not None and not living.excused and not living.dead:
            self.fail(f"{self.called(row)} is taken from {living.name}, which is alive and at work")
        if self._in_doubt[owner] > self._world.scene.window and not (living and living.excused):
            self.fail(f"{owner} left more in doubt than its window of {self._world.scene.window}")

    def _deleted(self, row: Row) -> None:
        self._world.story.tell(f"{self.called(row)} is taken back")
        mended = row.state == "failed" and not _is_final(row)  # put back by the operator, as if it were never tried
        if not mended and (row.hand_overs or row.state not in ("planned", "deferred", "claimed", "skipped")):
            self.fail(f"{self.called(row)} is deleted, and it was {row.state} after {row.hand_overs} hand-overs")

    def _queue(self, raw: sqlite3.Connection) -> None:
        queued = sorted(raw.execute("SELECT delivery, campaign, next_try_at FROM due"))
        waiting = sorted(
            (row.id, row.campaign, row.next_try_at)
            for row in self.rows.values()
            if row.state in ("planned", "deferred") and row.next_try_at is not None
        )
        if queued != waiting:
            self.fail(f"the queue says {queued} and the deliveries {waiting}")

    def _together(self) -> None:
        going = Counter(row.subscriber for row in self.rows.values() if row.state in ("claimed", "handed"))
        for person, count in going.items():
            if count > 1:
                self.fail(f"{self.name(person)} has {count} mails on their way at once")
        flying = Counter(row.owner for row in self.rows.values() if row.state == "handed")
        excused = {worker.owner for worker in self._world.workers if worker.excused}
        for owner, count in flying.items():  # whoever did not hear of a commit hands over more, and sends it never
            if count > self._world.scene.window and owner not in excused:
                self.fail(f"{owner} has handed over {count}, more than its window")
        where = {(row.enrollment, row.step) for row in self.rows.values()}
        if len(where) < len(self.rows):
            self.fail("a step stands twice in one enrollment")

    # At every write to the wire

    def written(self, worker: Worker, message: Message, *, arrives: bool) -> None:
        """See whether this worker may write this mail now, and whether a copy of one that arrived is like the first."""
        row = self.rows.get(int(message.delivery_id))
        if row is None:
            self.fail(f"{worker.name} writes a mail of which nothing is known")
            return
        ours = row.state == "handed" and row.owner == worker.owner
        # An event may have told already of an earlier copy; nobody takes it from the wire then.
        if not ours and row.state != "accepted":
            self.fail(f"{worker.name} writes {self.called(row)}, which is {row.state} and of {row.owner}")
        if ours and row.lease_until is not None and row.lease_until <= self._world.clock.ticks():
            self.fail(f"{worker.name} writes {self.called(row)} after the end of its lease")
        first = self._first.get(row.id, message)
        if arrives:
            self._first[row.id] = first
        if first != message and row.subscriber not in self._world.moved:
            self.fail(f"a copy of {self.called(row)} is not the same mail")

    def lied(self, message: Message) -> None:
        """Note that the provider took a mail and said that it did not."""
        self.allowed[int(message.delivery_id)] += 1

    def lease_ends(self) -> int:
        """Return when the first lease ends that has not been over for long (ticks), in a year when there is none."""
        now = self._world.clock.ticks()
        ends = [row.lease_until for row in self.rows.values() if row.lease_until is not None]
        return min((end for end in ends if end > now - 20 * SECOND), default=now + _YEAR)

    def nobody_left_behind(self) -> None:
        """See that what a worker held has been taken back, long after its lease ended."""
        for row in self.rows.values():
            if row.lease_until is not None and row.lease_until < self._world.clock.ticks() - 600 * SECOND:
                self.fail(f"{self.called(row)} is {row.state}, and nobody takes it back")

    def nothing_open(self) -> bool:
        """Whether every delivery came to an end."""
        return not any(map(self._is_open, self.rows.values()))

    def _is_open(self, row: Row) -> bool:
        """Whether more may become of it. What failed by a fault of ours is over for who has left meanwhile."""
        return not _is_final(row) and not (row.state == "failed" and row.enrollment in self._ended)

    # In the end

    def finally_(self) -> None:
        """See that nobody was forgotten, and nobody got more copies than deaths and lost lines explain."""
        open_ = [f"{self.called(row)} ({row.state}, {row.reason})" for row in self.rows.values() if self._is_open(row)]
        if open_:
            self.fail(f"in the end there is still {', '.join(open_)}")
        taken = Counter(each.delivery for each in self._world.taken)
        for row in self.rows.values():
            if row.state == "accepted" and not taken[row.id]:
                self.fail(f"{self.called(row)} counts as accepted, and nobody took it")
            if taken[row.id] > 1 + self.allowed[row.id]:
                self.fail(
                    f"{self.called(row)} went out {taken[row.id]} times, {1 + self.allowed[row.id]} can be explained"
                )
            if row.state == "skipped" and not self._wanted_no(row):
                self.fail(f"{self.called(row)} was skipped ({row.reason}), and nobody asked for that")
        self._all_steps()

    def _wanted_no(self, row: Row) -> bool:
        """Whether a delivery was skipped for a reason that still holds."""
        word = (row.reason or "").partition(":")[0]
        dead = word == "suppressed" and self.name(row.subscriber) in self.dead
        return dead or word in ("dropped", "bounced") or self._left(row.subscriber, row.campaign, word)

    def _all_steps(self) -> None:
        """See that whoever did not leave has every step that no edit took out."""
        with self._world.store.connect() as tx:
            found = tx.exec_driver_sql("SELECT id, state, reason FROM enrollments").all()
        for enrollment, state, reason in found:
            campaign, person = self.enrollments[enrollment]
            steps = {row.step for row in self.rows.values() if row.enrollment == enrollment}
            wanted = {"news"} if campaign != SERIES.id else ALWAYS[self._world.reordered]
            if state == "active":
                self.fail(f"{self.name(person)} still walks through {campaign}, with {sorted(steps)}")
            if state == "finished" and not wanted <= steps:
                self.fail(f"{self.name(person)} finished {campaign} with {sorted(steps)} only")
            if state == "exited" and not self._left(person, campaign, reason):
                self.fail(f"{self.name(person)} left {campaign} ({reason}), and nobody asked for that")

    def _left(self, person: int, campaign: str, reason: str | None) -> bool:
        asked = {(person, ""), (person, campaign)} & (self.noes | self.left | self._world.left_once)
        return bool(asked) or reason == "bounced" or self.name(person) in self.dead

    def _now(self) -> dt.datetime:
        return self._world.clock.now()

    def _instant(self, micros: int) -> dt.datetime:
        return _EPOCH + micros * _MICROSECOND

    def _at(self, micros: int | None) -> str:
        return "nothing" if micros is None else f"{self._instant(micros):%a %H:%M:%S}"


def _is_final(row: Row) -> bool:
    if row.state == "failed":
        return (row.reason or "").partition(":")[0] not in _MENDABLE
    return row.state not in _OPEN
