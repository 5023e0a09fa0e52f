"""What may never be so, the database itself refuses."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backmail.store import queue
from backmail.store.engine import durable, reading
from backmail.store.instants import instant, micros
from backmail.store.tables import (
    campaigns,
    consents,
    deliveries,
    due,
    enrollments,
    events,
    metadata,
    subscribers,
    suppressions,
    tags,
)
from backmail.store.tables import engine as engine_table
from tests.store.world import NINE, SLOT, World


@pytest.fixture
def world(store: sa.Engine) -> World:
    made = World(store)
    made.campaign()
    made.planned("a", "b")
    return made


SUPPRESSED = {"address": "a", "reason": "bounced", "since": NINE}
DELIVERY = {
    "enrollment": 1, "subscriber": 1, "campaign": "c-1", "step": "s", "due_at": NINE, "closes_at": NINE,
    "slot_date": "2027-03-02", "zone": "UTC",
}  # fmt: skip
RUN = {"subscriber": 1, "campaign": "c-1", "run": 2, "started_at": NINE}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (deliveries, DELIVERY | {"step": "why-move"}),
        (deliveries, DELIVERY | {"state": "lost"}),
        (deliveries, DELIVERY | {"state": "claimed"}),
        (deliveries, DELIVERY | {"owner": "w1", "lease_until": 1}),
        (deliveries, DELIVERY | {"claimed_from": "planned"}),
        (deliveries, DELIVERY | {"hand_overs": 1}),
        (deliveries, DELIVERY | {"subscriber": 2}),
        (deliveries, DELIVERY | {"campaign": "c-9"}),
        (deliveries, DELIVERY | {"enrollment": 99}),
        (deliveries, DELIVERY | {"version": 9}),
        (enrollments, RUN),
        (enrollments, RUN | {"run": 1, "state": "finished", "ended_at": NINE}),
        (enrollments, RUN | {"state": "finished"}),
        (enrollments, RUN | {"run": 0, "state": "finished", "ended_at": NINE}),
        (enrollments, RUN | {"subscriber": 99}),
        (subscribers, {"address": "a", "email": "a@example.org", "added_at": NINE}),
        (subscribers, {"address": "c", "email": "c@example.org", "added_at": NINE, "state": "blocked"}),
        (suppressions, SUPPRESSED | {"reason": "just so"}),
        (campaigns, {"id": "c-2", "slug": "c-1"}),
        (campaigns, {"id": "c-2", "slug": "c-2", "on_uncertain": "hope"}),
        (engine_table, {"id": 2}),
    ],
    ids=lambda value: ", ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else value.name,
)
def test_the_database_refuses(world: World, table: sa.Table, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), durable(world.store) as tx:
        tx.execute(table.insert().values(values))


def test_a_second_run_opens_once_the_first_is_over(world: World) -> None:
    world.change(enrollments, 1, state="finished", ended_at=NINE)
    assert world.enrollment(1, run=2)


def test_two_mails_of_one_person_are_never_under_way(world: World) -> None:
    way = {"owner": "w1", "lease_until": 1, "version": 1, "state": "claimed", "claimed_from": "planned"}
    with durable(world.store) as tx:
        tx.execute(deliveries.insert().values(DELIVERY | way))
        tx.execute(deliveries.insert().values(DELIVERY | way | {"step": "t", "system": True}))
    with pytest.raises(IntegrityError), durable(world.store) as tx:
        tx.execute(deliveries.insert().values(DELIVERY | way | {"step": "u"}))


def test_one_no_of_a_kind_stands_and_another_may_follow_when_it_was_lifted(world: World) -> None:
    with durable(world.store) as tx:
        tx.execute(suppressions.insert(), [SUPPRESSED | {"lifted_at": NINE}, SUPPRESSED | {"lifted_at": None}])
    with pytest.raises(IntegrityError), durable(world.store) as tx:
        tx.execute(suppressions.insert().values(SUPPRESSED))


def test_what_is_told_twice_is_kept_once(world: World) -> None:
    event = {"source": "sendgrid", "external": "e1", "kind": "bounced", "at": NINE, "heard_at": NINE, "raw": "{}"}
    with durable(world.store) as tx:
        tx.execute(events.insert().values(event))
    with pytest.raises(IntegrityError), durable(world.store) as tx:
        tx.execute(events.insert().values(event))


def test_a_person_who_is_deleted_takes_all_of_hers_along_and_her_numbers_never_come_back(world: World) -> None:
    shown = {"act": "asked", "shown": "May we?", "shown_version": "1", "language": "en", "source": "form"}
    event = {"source": "smtp", "external": "1", "kind": "accepted", "at": NINE, "heard_at": NINE, "raw": ""}
    with durable(world.store) as tx:
        tx.execute(consents.insert().values({"subscriber": 2, "at": NINE} | shown))
        tx.execute(tags.insert().values(subscriber=2, tag="backpain", since=NINE))
        tx.execute(events.insert().values({"subscriber": 2, "delivery": 2} | event))
        queue.skip_open(tx, 2, reason="erased")
        tx.execute(subscribers.delete().where(subscribers.c.id == 2))
    with reading(world.store) as tx:
        count = {
            table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    assert [count[table.name] for table in (consents, tags, events)] == [0, 0, 0]
    assert [count[table.name] for table in (subscribers, enrollments, deliveries, due)] == [1, 1, 1, 1]
    assert world.person("c") == 3
    with durable(world.store) as tx:
        [planned] = queue.plan(tx, [queue.Plan(1, "next", SLOT)])
    assert planned == 3


def test_an_instant_comes_back_as_it_was(world: World) -> None:
    at = dt.datetime(2027, 3, 28, 2, 30, 0, 123457, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=45)))
    world.change(subscribers, 1, paused_until=at)
    with reading(world.store) as tx:
        back = tx.scalar(sa.select(subscribers.c.paused_until).where(subscribers.c.id == 1))
    assert back == at
    assert back.tzinfo is dt.UTC
    assert instant(micros(at)) == at


def test_an_instant_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        micros(dt.datetime(2027, 3, 28))
