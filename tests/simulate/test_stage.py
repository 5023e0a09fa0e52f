"""Playing: what happens comes from the tables, in order of time, and the same again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.clock import Span
from backmail.desk.delivered import delivered
from backmail.model.campaign import Schedule
from backmail.model.people import Subscriber
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending import decisions
from backmail.simulate import Counting, Event, Member, Stage, VirtualClock, staged
from backmail.transports import MemoryTransport, Transport
from tests.simulate.series import DAY, HOUR, MONDAY, STEPS, WEEK, people, project, series


@pytest.fixture
def memory() -> MemoryTransport:
    return MemoryTransport()


def _staged(tmp_path: Path, cast: list[Member], transport: Transport) -> Iterator[Stage]:
    with staged(project(tmp_path), series(), cast, start=MONDAY, transport=transport) as stage:
        yield stage


@pytest.fixture
def anna(tmp_path: Path, memory: MemoryTransport) -> Iterator[Stage]:
    """Anna in Copenhagen alone."""
    cast = [Member("anna", Subscriber("anna@example.org", first_name="Anna", timezone="Europe/Copenhagen"))]
    yield from _staged(tmp_path, cast, memory)


def told(events: list[Event]) -> list[tuple[str, str | None, str]]:
    return [(event.at, event.step, event.event) for event in events]


def test_a_reader_walks_to_the_end_by_her_own_clock(anna: Stage) -> None:
    events = [*anna.enrolled(), *anna.play()]
    assert events[0] == Event("2027-03-08T01:00:00+01:00", "2027-03-08T00:00:00Z", "anna", None, "enrolled", None)
    assert told(events[1:3]) == [
        ("2027-03-09T09:00:00+01:00", "one", "handed"),
        ("2027-03-09T09:00:00+01:00", "one", "accepted"),
    ]
    # Clocks changed on the 28th.
    assert told(events[-3:]) == [
        ("2027-03-30T09:00:00+02:00", "four", "handed"),
        ("2027-03-30T09:00:00+02:00", "four", "accepted"),
        ("2027-03-30T09:00:00+02:00", None, "finished"),
    ]
    assert [event.step for event in events if event.event == "accepted"] == list(STEPS)


def test_it_stops_before_the_end_it_was_given_and_goes_on_from_there(anna: Stage) -> None:
    end = MONDAY + WEEK
    assert [event.event for event in anna.play(end)] == ["handed", "accepted"]
    assert anna.clock.now() < end
    assert list(anna.play(end)) == []
    assert [event.step for event in anna.play(end + WEEK)] == ["two", "two"]


def test_later_never_and_no_are_told_with_their_reasons(anna: Stage, memory: MemoryTransport) -> None:
    memory.defer("anna@example.org", times=1)
    first = list(anna.play(MONDAY + WEEK))
    assert [event.event for event in first] == ["handed", "deferred", "handed", "accepted"]
    assert first[1].why == "mailbox: 451 4.7.1 greylisted, come back later"
    assert first[2].at == "2027-03-09T09:05:00+01:00"
    memory.refuse("anna@example.org")
    second = list(anna.play())
    assert [(event.event, event.step) for event in second] == [("handed", "two"), ("failed", "two"), ("exited", None)]
    assert second[1].why == "address: 550 5.1.1 no such user"
    assert second[2].why == "bounced"


def test_a_slot_that_closed_unused_is_told_as_moved(anna: Stage) -> None:
    anna.clock.jump(MONDAY + 3 * DAY)
    events = list(anna.play(MONDAY + 2 * WEEK))
    assert [(event.event, event.why) for event in events] == [
        ("moved", "slot-missed"),
        ("handed", None),
        ("accepted", None),
    ]
    assert events[0].utc == "2027-03-11T00:00:00Z"
    assert events[1].at == "2027-03-16T09:00:00+01:00"


def test_what_is_lost_on_the_line_is_uncertain_and_sent_again(anna: Stage, memory: MemoryTransport) -> None:
    memory.lose("anna@example.org", arrives=True)
    events = list(anna.play(MONDAY + WEEK))
    assert [event.event for event in events] == ["handed", "uncertain", "handed", "accepted"]
    assert events[2].at == "2027-03-09T09:15:00+01:00"


def test_events_come_in_order_of_time_and_of_steps(tmp_path: Path) -> None:
    with staged(project(tmp_path), series(), people(60), start=MONDAY, transport=Counting()) as stage:
        events = [*stage.enrolled(), *stage.play()]
    assert [event.utc for event in events] == sorted(event.utc for event in events)
    for who in {event.who for event in events}:
        hers = [event for event in events if event.who == who]
        assert [event.event for event in hers] == ["enrolled", *["handed", "accepted"] * 4, "finished"]
        assert [event.step for event in hers if event.event == "handed"] == list(STEPS)
        for event in hers:
            assert dt.datetime.fromisoformat(event.at) == dt.datetime.fromisoformat(event.utc)
        assert all("T09:00:00" in event.at for event in hers if event.event == "handed")
    with staged(project(tmp_path), series(), people(60), start=MONDAY, transport=Counting()) as stage:
        assert [*stage.enrolled(), *stage.play()] == events


def test_the_count_comes_from_the_tables(tmp_path: Path, memory: MemoryTransport) -> None:
    memory.refuse("s2@example.org")
    with staged(project(tmp_path), series(), people(10), start=MONDAY, transport=memory) as stage:
        for _ in stage.play(MONDAY + WEEK):
            pass
        with stage.backmail.durable() as tx:
            decisions.unsubscribe(tx, 3, now=stage.clock.now())
        for _ in stage.play():
            pass
        with stage.backmail.reading() as tx:
            done = delivered(tx, stage.published.campaign, MONDAY)
    assert done.people == 10
    assert done.walks == {EnrollmentState.FINISHED: 8, EnrollmentState.EXITED: 2}
    assert done.states == {DeliveryState.ACCEPTED: 33, DeliveryState.FAILED: 1, DeliveryState.SKIPPED: 1}
    assert (done.planned, done.accepted, done.lost) == (35, 33, 0)
    assert [sum(week.values()) for week in done.weeks] == [10, 8, 8, 8]
    assert [(one.step, one.state, one.count) for one in done.stuck] == [
        ("one", DeliveryState.FAILED, 1),
        ("two", DeliveryState.SKIPPED, 1),
    ]


def test_a_mail_that_nobody_got_is_counted_as_lost(anna: Stage) -> None:
    from backmail.store.tables import deliveries

    list(anna.play())
    with anna.backmail.durable() as tx:
        tx.execute(deliveries.delete().where(deliveries.c.step == "two"))
    with anna.backmail.reading() as tx:
        assert delivered(tx, anna.published.campaign, MONDAY).lost == 1


def test_the_clock_never_goes_back() -> None:
    clock = VirtualClock(MONDAY)
    clock.jump(MONDAY + HOUR)
    ticks = clock.ticks()
    clock.jump(MONDAY)
    assert clock.now() == MONDAY + HOUR
    assert clock.ticks() == ticks == (MONDAY + HOUR).timestamp() * 1_000_000


def test_two_mails_at_one_instant_come_before_the_one_end(tmp_path: Path) -> None:
    setting = series().setting
    at_once = [replace(step, after=Span(0, "h")) for step in setting.campaign.steps[:2]]
    schedule = Schedule(days=tuple(range(7)), at=None)
    both = replace(setting, campaign=replace(setting.campaign, steps=tuple(at_once), schedule=schedule))
    with staged(project(tmp_path), both, people(1), start=MONDAY, transport=Counting()) as stage:
        events = [(event.event, event.step) for event in stage.play()]
    assert events == [
        ("handed", "one"),
        ("accepted", "one"),
        ("handed", "two"),
        ("accepted", "two"),
        ("finished", None),
    ]
