"""Enrolling many: what was said beforehand is what happens; each transaction is whole; nobody begins twice."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail import segments
from backmail.audience.addresses import address_hash
from backmail.audience.subscribers import change
from backmail.clock import Span
from backmail.desk import enroll as desk
from backmail.desk.enroll import Group, Preview, enroll, preview
from backmail.errors import CampaignError
from backmail.model.campaign import Schedule
from backmail.model.sending import Pace, Wishes
from backmail.model.states import EnrollmentState, SubscriberState
from backmail.sending.enrollment import PassedOver
from backmail.store.tables import campaigns, enrollments, suppressions
from tests.town import COPENHAGEN, DAY, HOUR, MONDAY, PEPPER, SERIES, Town, at

TUESDAY_NINE = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    """A town with a published series and nobody in it."""
    made = Town(store, tmp_path)
    made.publish()
    return made


def seen(town: Town, line: str = "all", *, first: int | None = None, spread: Span | None = None) -> Preview:
    """Return what enrolling a segment would do."""
    assert town.published is not None
    with town.backmail.reading() as tx:
        return preview(
            tx, town.published, segments.parse(line), now=town.clock.now(), zone="UTC", first=first, spread=spread
        )


def done(town: Town, would: Preview) -> Counter[PassedOver | None]:
    """Do what a preview said."""
    assert town.published is not None
    return enroll(town.backmail.durable, town.published, would.groups, zone="UTC")


def suppress(town: Town, name: str, *, scope: str = "", lifted: bool = False) -> None:
    """Write down that we may not write to somebody."""
    row = {"address": address_hash(PEPPER, f"{name}@example.org"), "scope": scope, "reason": "operator"}
    with town.backmail.durable() as tx:
        lifted_at = MONDAY if lifted else None
        tx.execute(suppressions.insert().values(row | {"since": MONDAY, "lifted_at": lifted_at}))


def ended(
    town: Town,
    person: int,
    state: EnrollmentState = EnrollmentState.FINISHED,
    when: dt.datetime = MONDAY,
    campaign: str = "c-town",
    run: int = 1,
) -> None:
    """Write down that somebody walked through a series before."""
    row = {"subscriber": person, "campaign": campaign, "state": state, "started_at": when - DAY, "ended_at": when}
    with town.backmail.durable() as tx:
        tx.execute(enrollments.insert().values(row | {"run": run}))


def test_who_begins_and_who_is_passed_over_is_said_and_done(town: Town) -> None:
    town.publish(at(SERIES, audience="not tag:staff"))
    free = town.add("anna", "bo", zone="Asia/Tokyo") + town.add("cleo", "dora", "eva", "lis", zone=COPENHAGEN)
    town.add("finn", state=SubscriberState.PENDING)
    town.add("gerd", tags=("staff",))
    town.add("hans", "ida")
    suppress(town, "hans")
    suppress(town, "ida", scope="c-town")
    suppress(town, "dora", scope="c-other")
    suppress(town, "eva", lifted=True)
    [walking, ran, left] = town.add("jens", "kaj", "mads")
    town.enroll([walking])
    ended(town, ran)
    ended(town, left, EnrollmentState.EXITED)
    with town.backmail.durable() as tx:
        tx.execute(campaigns.insert().values(id="c-other", slug="other"))
    for person in (free[0], walking):
        ended(town, person, campaign="c-other")
    ended(town, ran, campaign="c-other", run=2)
    before = len(town.deliveries())

    would = seen(town)
    assert (would.found, would.outside, would.left, would.count) == (13, 1, 0, 6)
    assert would.passed_over == {
        PassedOver.PENDING: 1, PassedOver.SUPPRESSED: 2, PassedOver.WALKING: 1, PassedOver.RAN: 2
    }  # fmt: skip
    assert would.groups == (Group(MONDAY, tuple(free)),)
    assert [(slot.due, slot.zone, count) for slot, count in would.firsts] == [
        (TUESDAY_NINE - 8 * HOUR, "Asia/Tokyo", 2),
        (TUESDAY_NINE, COPENHAGEN, 4),
    ]
    assert would.last is not None
    assert would.last.due == TUESDAY_NINE + 14 * DAY
    assert len(town.deliveries()) == before

    assert done(town, would) == {None: 6}
    planned = town.deliveries()[before:]
    assert Counter((row.due_at, row.zone) for row in planned) == {
        (slot.due, slot.zone): count for slot, count in would.firsts
    }
    assert {row.step for row in planned} == {"one"}
    again = seen(town)
    assert (again.count, again.passed_over[PassedOver.WALKING]) == (0, 7)
    assert (again.groups, again.firsts, again.last) == ((), (), None)


def test_who_may_again_begins_once_her_last_run_lies_long_enough_back(town: Town) -> None:
    town.publish(at(SERIES, reenter=Span(90, "d")))
    [anna, bo] = town.add("anna", "bo")
    ended(town, anna, when=MONDAY - 90 * DAY)
    ended(town, bo, when=MONDAY - 90 * DAY + HOUR)
    would = seen(town)
    assert would.groups == (Group(MONDAY, (anna,)),)
    assert would.passed_over == {PassedOver.RAN: 1}
    assert done(town, would) == {None: 1}
    assert [(row.subscriber, row.run) for row in town.enrollments()][-1] == (anna, 2)


def test_the_first_so_many_are_taken_and_then_the_next(town: Town) -> None:
    people = town.add("anna", "bo", "cleo")
    would = seen(town, first=2)
    assert (would.count, would.left, would.groups) == (2, 1, (Group(MONDAY, tuple(people[:2])),))
    done(town, would)
    assert seen(town, first=2).groups == (Group(MONDAY, tuple(people[2:])),)


def test_a_segment_means_only_its_people(town: Town) -> None:
    [anna] = town.add("anna", tags=("new",))
    town.add("bo")
    assert seen(town, "tag:new").groups == (Group(MONDAY, (anna,)),)
    assert seen(town, "tag:nobody") == Preview(0)


@pytest.mark.parametrize(
    ("people", "spread", "sizes", "apart"),
    [
        (10, Span(5, "d"), [1] * 10, 12 * HOUR),
        (10, Span(4, "h"), [2, 3, 2, 3], HOUR),
        (3, Span(90, "m"), [1, 2], 45 * dt.timedelta(minutes=1)),
        (3, Span(0, "h"), [3], None),
        (3, None, [3], None),
    ],
)
def test_beginnings_are_spread_evenly(
    town: Town, people: int, spread: Span | None, sizes: list[int], apart: dt.timedelta | None
) -> None:
    ids = town.add(*(f"p{number}" for number in range(people)))
    groups = seen(town, spread=spread).groups
    assert [len(group.people) for group in groups] == sizes
    assert [id_ for group in groups for id_ in group.people] == ids
    assert [group.at for group in groups] == [MONDAY + number * (apart or DAY) for number in range(len(groups))]


def test_those_who_begin_later_get_their_first_mail_in_a_later_slot(town: Town) -> None:
    town.publish(at(SERIES, schedule=Schedule(days=tuple(range(7)))))
    town.add(*(f"p{number}" for number in range(6)), zone=COPENHAGEN)
    would = seen(town, spread=Span(3, "d"))
    nine = TUESDAY_NINE - DAY
    assert [(slot.due, count) for slot, count in would.firsts] == [
        (nine, 1),
        (nine + DAY, 2),
        (nine + 2 * DAY, 2),
        (nine + 3 * DAY, 1),
    ]
    done(town, would)
    assert Counter(row.due_at for row in town.deliveries()) == {slot.due: count for slot, count in would.firsts}
    assert [row.started_at for row in town.enrollments()] == [group.at for group in would.groups]


def test_a_reader_s_own_hour_counts(town: Town) -> None:
    [anna] = town.add("anna", zone=COPENHAGEN)
    with town.backmail.durable() as tx:
        change(tx, anna, wishes=Wishes((3,), dt.time(18, 30), Pace.HALF))
    would = seen(town)
    [(slot, _)] = would.firsts
    assert slot.due == dt.datetime(2027, 1, 7, 17, 30, tzinfo=dt.UTC)
    assert would.last is not None
    assert would.last.due == slot.due + 28 * DAY


def test_whoever_said_no_meanwhile_is_passed_over_after_all(town: Town) -> None:
    town.add("anna", "bo")
    would = seen(town)
    suppress(town, "bo")
    assert done(town, would) == {None: 1, PassedOver.SUPPRESSED: 1}


def test_an_enrollment_that_was_stopped_is_finished_by_doing_it_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_AT_ONCE", 2)
    people = town.add("anna", "bo", "cleo", "dora", "eva")
    would = seen(town)
    opened = 0

    @contextmanager
    def durable() -> Iterator[sa.Connection]:
        nonlocal opened
        opened += 1
        with town.backmail.durable() as tx:
            yield tx
            if opened == 2:
                raise KeyboardInterrupt

    assert town.published is not None
    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        enroll(durable, town.published, would.groups, zone="UTC", told=told.append)
    assert told == [2]
    assert [row.subscriber for row in town.enrollments()] == people[:2]
    assert len(town.deliveries()) == 2
    assert done(town, would) == {None: 3, PassedOver.WALKING: 2}
    assert sorted(row.subscriber for row in town.enrollments()) == people
    assert len(town.deliveries()) == town.waiting() == 5


def test_a_series_without_a_slot_is_said_and_enrolls_nobody(town: Town) -> None:
    town.add("anna")
    closed = Schedule(days=(5,), at=dt.time(9), skip=tuple(str(MONDAY.date() + n * DAY) for n in range(400)))
    town.publish(at(SERIES, schedule=closed))
    with pytest.raises(CampaignError, match="no slot within 366 days"):
        seen(town)
    with pytest.raises(CampaignError, match="no slot within 366 days"):
        done(town, Preview(1, groups=(Group(MONDAY, (1,)),)))
    assert town.enrollments() == []
