"""A few people to whom one thing is to happen, and what is done so that it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.audience import suppressions
from backmail.model.states import SuppressionReason
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries, due, enrollments, subscribers
from tests.torture.log import Log
from tests.torture.noes import note, press
from tests.torture.place import HELD, SHORT, Place
from tests.torture.sink import OPEN, SHUT
from tests.torture.workers import Worker, Workers, until

_HOUR = dt.timedelta(hours=1)
_PATIENCE = 30.0


@dataclass
class Scene:
    """A place with its workers, and the people whom it is about.

    `others` are workers that are there too; `delivery` is the one mail that it is about, where it is about one.
    """

    place: Place
    workers: Workers
    log: Log
    people: list[int]
    delivery: int | None = None
    others: list[Worker] = field(default_factory=list)

    def end(self) -> None:
        """End the others, take back what was only for the scene, and let everything come to its end."""
        self.log.gate(OPEN)
        for worker in self.others:
            worker.tell_to_end()
        for worker in self.others:
            worker.ended()
        place = self.place
        if self.delivery is not None and all(no.person not in self.people for no in place.noes):
            note(place, self.delivery)
        with place.backmail.durable() as tx:
            tx.execute(campaigns.update().values(paused_at=None, paused_because=None))
            tx.execute(subscribers.update().where(subscribers.c.paused_until.is_not(None)).values(paused_until=None))
            # Who paused stands in no queue until then.
            rows = sa.select(deliveries.c.id).where(
                deliveries.c.state.in_(("planned", "deferred")), deliveries.c.next_try_at.is_(None)
            )
            queue.move(tx, [(id_, None, place.now()) for id_ in tx.scalars(rows).all()])
        place.finish()


Standing = Callable[[Scene], int]


def standing(*states: str) -> Standing:
    """Count the deliveries of the scene in one of these states."""

    def counted(scene: Scene) -> int:
        one = None if scene.delivery is None else deliveries.c.id == scene.delivery
        return scene.place.count(*states, of=scene.people, where=one)

    return counted


def next_step(scene: Scene) -> int:
    """Count the second steps that are planned."""
    return scene.place.count("planned", of=scene.people, where=deliveries.c.step == "two")


def _walks(scene: Scene, *where: sa.ColumnElement[bool]) -> int:
    e = enrollments.c
    query = sa.select(sa.func.count()).select_from(enrollments).where(e.subscriber.in_(scene.people), *where)
    with scene.place.backmail.reading() as tx:
        return tx.scalar(query) or 0


def finished(scene: Scene) -> int:
    """Count those who came to the end of their series."""
    return _walks(scene, enrollments.c.state == "finished")


def unplanned(scene: Scene) -> int:
    """Count those who walk, and of whom nothing is planned."""
    planned = sa.exists().where(deliveries.c.enrollment == enrollments.c.id)
    return _walks(scene, enrollments.c.state == "active", ~planned)


def queued(scene: Scene) -> int:
    """Count the mails of the scene that stand in the queue."""
    query = sa.select(sa.func.count()).select_from(due).join(deliveries, deliveries.c.id == due.c.delivery)
    with scene.place.backmail.reading() as tx:
        return tx.scalar(query.where(deliveries.c.subscriber.in_(scene.people))) or 0


def unqueued(scene: Scene) -> int:
    """Count the mails of the scene that wait and stand in no queue."""
    return standing("planned")(scene) - queued(scene)


def _ids(scene: Scene) -> sa.Select[int]:
    return sa.select(deliveries.c.id).where(deliveries.c.subscriber.in_(scene.people))


# What is done before: until then nobody is at work.


def deferred_once(scene: Scene) -> None:
    """Let them be told "later", and let that time pass."""
    scene.place.turn()
    scene.place.pass_time()


uncertain_by_line = deferred_once  # nobody answers for theirs, which also waits for its time


def left_by_the_dead(scene: Scene) -> None:
    """Let a worker die with theirs claimed, and its lease pass."""
    _dead(scene, "after:claim")


def held_by_the_dead(scene: Scene) -> None:
    """Let a worker die with some of theirs handed over, and its lease pass."""
    _dead(scene, "after:hand_over")


def _dead(scene: Scene, crash: str) -> None:
    assert scene.workers.engine(crash=crash).killed_itself()
    scene.place.pass_time()


def suppressed_unseen(scene: Scene) -> None:
    """Say no for them where no delivery is looked at, and end what the second half walks through."""
    place = scene.place
    half = len(scene.people) // 2
    with place.backmail.durable() as tx:
        query = sa.select(subscribers.c.address).where(subscribers.c.id.in_(scene.people[:half]))
        for address in tx.scalars(query).all():
            suppressions.suppress(tx, address, SuppressionReason.UNSUBSCRIBED, now=place.now())
        second = enrollments.c.subscriber.in_(scene.people[half:])
        tx.execute(enrollments.update().where(second).values(state="exited", ended_at=place.now()))
        tx.execute(enrollments.update().where(second).values(reason="exited"))
        for person in scene.people:
            place.said_no(tx, person)


def put_off(scene: Scene) -> None:
    """Let theirs be due in an hour."""
    with scene.place.backmail.durable() as tx:
        queue.move(tx, [(id_, None, scene.place.now() + _HOUR) for id_ in tx.scalars(_ids(scene)).all()])


def forgotten(scene: Scene) -> None:
    """Take their deliveries away, as no transaction of ours would."""
    with scene.place.backmail.durable() as tx:
        tx.execute(due.delete().where(due.c.delivery.in_(_ids(scene))))
        tx.execute(deliveries.delete().where(deliveries.c.subscriber.in_(scene.people)))


def out_of_the_queue(scene: Scene) -> None:
    """Take theirs out of the queue, as no transaction of ours would."""
    with scene.place.backmail.durable() as tx:
        tx.execute(due.delete().where(due.c.delivery.in_(_ids(scene))))


# Who dies, and what else is done while it is at work.


def engine(scene: Scene, crash: str) -> Worker:
    """Start an engine."""
    return scene.workers.engine(crash=crash)


def kept_busy(scene: Scene, crash: str = "") -> Worker:
    """Start an engine, and wait until some of theirs are on the wire, where they stay until the gate opens."""
    scene.log.gate(SHUT)
    before = scene.log.copies
    worker = scene.workers.engine(crash=crash)
    until(lambda: scene.log.copies > before or not worker.alive, _PATIENCE)
    return worker


def drained(scene: Scene, crash: str) -> Worker:
    """Tell an engine to end while it is busy."""
    worker = kept_busy(scene, crash)
    worker.tell_to_end()
    until(lambda: "stopping" in worker.said or not worker.alive)
    scene.log.gate(OPEN)
    return worker


def paused_unseen(scene: Scene, crash: str) -> Worker:
    """Pause the campaign while an engine is busy, and leave alone what it has claimed."""
    worker = kept_busy(scene, crash)
    with scene.place.backmail.durable() as tx:
        tx.execute(campaigns.update().where(campaigns.c.slug == SHORT).values(paused_at=scene.place.now()))
    scene.log.gate(OPEN)
    return worker


def paused_by_operator(scene: Scene, crash: str) -> Worker:
    """Pause the campaign with a verb while an engine is busy."""
    scene.others.append(kept_busy(scene))
    return scene.workers.start("pause", SHORT, crash=crash)


def person_paused(scene: Scene, crash: str) -> Worker:
    """Pause the mails of the last whose mail is claimed, with a verb, while an engine is busy."""
    scene.others.append(kept_busy(scene))
    person = scene.people[-1]
    with scene.place.backmail.reading() as tx:
        scene.delivery = tx.scalar(_ids(scene).where(deliveries.c.subscriber == person))
    day = scene.place.now().date() + dt.timedelta(days=30)
    email = scene.place.email(person)
    return scene.workers.start("subscribers", "pause", email, "--until", day.isoformat(), crash=crash)


def settled(how: str) -> Callable[[Scene, str], Worker]:
    """Let the operator decide about what is held."""

    def act(scene: Scene, crash: str) -> Worker:
        scene.place.turn()  # which finds out that nobody knows
        held = scene.place.count("uncertain")
        return scene.workers.start("settle", HELD, how, "--expect", str(held), crash=crash)

    return act


def no_to_waiting(scene: Scene, crash: str) -> Worker:
    """Press the button of one whose mail waits."""
    return _pressed(scene, scene.workers.engine(crash=crash), "planned")


def no_to_claimed(scene: Scene, crash: str) -> Worker:
    """Press the button of one whose mail is claimed."""
    return _pressed(scene, kept_busy(scene, crash), "claimed")


def _pressed(scene: Scene, worker: Worker, state: str) -> Worker:
    found = _standing_ids(scene, state)
    if found:
        scene.delivery = found[-1]
        press(scene.place, worker, scene.delivery)
    return worker


def _standing_ids(scene: Scene, state: str) -> list[int]:
    with scene.place.backmail.reading() as tx:
        return list(tx.scalars(_ids(scene).where(deliveries.c.state == state).order_by(deliveries.c.id)))


def late_answer(scene: Scene, crash: str) -> Worker:
    """Stop an engine past its lease while the answers come, and let another look for what nobody owns."""
    worker = kept_busy(scene, crash)
    until(lambda: scene.place.count("handed", of=scene.people) == len(scene.people), _PATIENCE)
    if worker.stop():
        until(lambda: _taken_back(scene), scene.place.lease + _PATIENCE)
        scene.log.gate(OPEN)
        worker.go_on()
    return worker


def _taken_back(scene: Scene) -> bool:
    scene.place.turn()
    return scene.place.count("uncertain", of=scene.people) > 0
