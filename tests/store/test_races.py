"""Two who want the same at the same time: one has it, the other does not, and nobody waits in a circle."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.errors import StoreBusy
from backmail.store import claims, queue, records
from backmail.store.engine import connect, durable, reading, relaxed
from backmail.store.tables import enrollments, subscribers
from tests.store.claimer import work
from tests.store.world import HOUR, NINE, SLOT, World, lease

ROOT = Path(__file__).resolve().parents[2]
MANY = 200


@pytest.fixture
def world(shared: str) -> Iterator[World]:
    made = World(connect(shared))
    made.campaign()
    yield made
    made.store.dispose()


def crowd(world: World, count: int = MANY) -> list[int]:
    """Plan deliveries to many people, in one transaction."""
    names = [f"p{number}" for number in range(1, count + 1)]
    people = [{"address": one, "email": f"{one}@example.org", "state": "active", "added_at": NINE} for one in names]
    runs = [{"subscriber": number, "campaign": "c-1", "started_at": NINE} for number in range(1, count + 1)]
    with durable(world.store) as tx:
        tx.execute(subscribers.insert(), people)
        tx.execute(enrollments.insert(), runs)
        return sorted(queue.plan(tx, [queue.Plan(number, "why-move", SLOT) for number in range(1, count + 1)]))


def test_two_threads_never_get_the_same_delivery(world: World, shared: str) -> None:
    ids = crowd(world)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, [shared, shared], ["w1", "w2"])
    assert sorted(first + second) == ids
    assert world.queued() == []


def test_two_processes_never_get_the_same_delivery(world: World, shared: str) -> None:
    ids = crowd(world)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.store.claimer", shared]
    workers = [
        subprocess.Popen([*command, owner], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for owner in ("w1", "w2")
    ]
    said = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(int(word) for out in said for word in out.split()) == ids
    assert world.queued() == []


def test_a_no_and_a_hand_over_at_once_are_strictly_one_after_the_other(world: World) -> None:
    ids = crowd(world, 40)
    tickets = [one.ticket for one in world.claim(ids)]
    handed: set[int] = set()
    said: set[int] = set()
    start = threading.Barrier(2)

    def hand_over() -> None:
        start.wait()
        for ticket in tickets:
            if world.hand_over(ticket):
                handed.add(ticket.id)

    def say_no() -> None:
        start.wait()
        for person in range(len(ids), 0, -1):
            with durable(world.store) as tx:
                said.update(queue.skip_open(tx, person, reason="unsubscribed"))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(hand_over), pool.submit(say_no)]:
            done.result()
    assert handed | said == set(ids)
    assert not handed & said
    assert [world.state(id_) for id_ in ids] == ["handed" if id_ in handed else "skipped" for id_ in ids]


def test_one_person_in_two_campaigns_gets_one_mail_whoever_claims(world: World, shared: str) -> None:
    world.campaign("c-2")
    one = crowd(world, 30)
    others = [world.enrollment(person, "c-2") for person in range(1, 31)]
    with durable(world.store) as tx:
        two = sorted(queue.plan(tx, [queue.Plan(enrollment, "hello", SLOT) for enrollment in others]))
    start = threading.Barrier(2)

    def claim_all(campaign: str, owner: str) -> list[int]:
        store = connect(shared)
        taken: list[int] = []
        start.wait()
        for _ in range(15):
            with relaxed(store) as tx:
                ready = [each.id for each in claims.head(tx, campaign, now=NINE, most=60) if not each.under_way]
                got = claims.claim(tx, ready[:3], lease(owner), now=NINE, live_needed=True)
            taken += [each.ticket.id for each in got]
        store.dispose()
        return taken

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(claim_all, ["c-1", "c-2"], ["w1", "w2"])
    people = [one.index(id_) for id_ in first] + [two.index(id_) for id_ in second]
    assert people
    assert sorted(people) == sorted(set(people))
    assert len(world.queued()) == 60 - len(people)


def test_on_postgres_a_claim_looks_past_what_others_hold(shared_postgres: str) -> None:
    world = World(connect(shared_postgres))
    world.campaign()
    ids = crowd(world, 4)
    other = connect(shared_postgres, patience=0.05)
    with relaxed(world.store) as tx:
        assert [one.id for one in claims.head(tx, "c-1", now=NINE, most=2)] == ids[:2]
        with relaxed(other) as second:
            assert [one.id for one in claims.head(second, "c-1", now=NINE, most=2)] == ids[2:]
        # A person's no waits for the claim; only so is one of them first.
        with pytest.raises(StoreBusy), durable(other) as no:
            queue.skip_open(no, 1, reason="unsubscribed")
    with durable(world.store) as tx:
        queue.skip_open(tx, 1, reason="unsubscribed")
        with relaxed(other) as second:
            assert [one.id for one in claims.head(second, "c-1", now=NINE, most=2)] == ids[1:3]
    world.store.dispose()
    other.dispose()


def until_somebody_waits(store: sa.Engine) -> None:
    """Return once a transaction waits for another one's lock."""
    for _ in range(5_000):
        with reading(store) as tx:
            if tx.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
    raise AssertionError("nobody waits")


def test_on_postgres_a_plan_and_an_exit_at_once_are_one_after_the_other(shared_postgres: str) -> None:
    world = World(connect(shared_postgres))
    world.campaign()
    enrollment = world.enrollment(world.person("a"))

    def plan_next() -> set[int]:
        with durable(world.store) as tx:
            return queue.plan(tx, [queue.Plan(enrollment, "next", SLOT)])

    with ThreadPoolExecutor(1) as pool:
        with durable(world.store) as tx:
            tx.execute(enrollments.update().values(state="exited", ended_at=NINE))
            planned = pool.submit(plan_next)
            until_somebody_waits(world.store)
        assert planned.result() == set()
    assert world.queued() == []
    world.store.dispose()


def test_on_postgres_a_no_finds_what_was_moved_a_moment_before(shared_postgres: str) -> None:
    world = World(connect(shared_postgres))
    world.campaign()
    [id_] = world.planned("a")

    def say_no() -> set[int]:
        with durable(world.store) as tx:
            return queue.skip_open(tx, 1, reason="unsubscribed")

    with ThreadPoolExecutor(1) as pool:
        with relaxed(world.store) as tx:
            queue.move(tx, [(id_, None, NINE + HOUR)])
            said = pool.submit(say_no)
            until_somebody_waits(world.store)
        assert said.result() == {id_}
    assert world.queued() == []
    world.store.dispose()


def test_an_answer_that_comes_twice_at_once_is_written_once(world: World) -> None:
    [id_] = crowd(world, 1)
    ticket = world.handed(id_)

    def accept(_: int) -> set[int]:
        with relaxed(world.store) as tx:
            return records.accepted(tx, {ticket.id: "250"}, now=NINE)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(len, pool.map(accept, range(2)))) == [0, 1]
