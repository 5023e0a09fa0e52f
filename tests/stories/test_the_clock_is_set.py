"""The machine's clock is set while mails wait and while they are on their way: nobody is lost, nothing goes twice."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from backmail.model.campaign import Schedule
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.store.engine import connect
from backmail.transports import MemoryTransport
from tests.desk.workbench import Said
from tests.stories.shop import DATABASE
from tests.town import COPENHAGEN, DAY, HOUR, MONDAY, Clock, Town, campaign, step

Call = Callable[..., Said]
SECOND = dt.timedelta(seconds=1)
ALL_DAY = Schedule(days=tuple(range(7)), at=None, between=(dt.time(0), dt.time(0)))


@pytest.fixture
def town(sqlite_upgraded: Path, tmp_path: Path) -> Iterator[Town]:
    """A town with people of two zones, who walk."""
    made = Town(connect(f"sqlite:///{shutil.copy(sqlite_upgraded, tmp_path / 'town.db')}"), tmp_path)
    made.publish()
    made.enroll(made.add("ida", zone="Europe/Copenhagen") + made.add("vera", zone="America/New_York"))
    yield made
    made.store.dispose()


SERIES = Counter({(who, step): 1 for who in ("ida", "vera") for step in ("one", "two", "three")})


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["forward", "back"])
@pytest.mark.parametrize("days", [1, 4, 8])
@pytest.mark.parametrize("minutes", [7 * 60 + 50, 8 * 60 + 1, 8 * 60 + 59, 9 * 60 + 30, 14 * 60 + 1])
def test_a_clock_that_is_set_by_an_hour_loses_nobody_and_repeats_nothing(
    town: Town, by: dt.timedelta, days: int, minutes: int
) -> None:
    town.run(MONDAY + days * DAY + dt.timedelta(minutes=minutes))
    town.clock.at += by  # leases go by another clock, which nobody sets
    town.run()
    assert Counter(town.mails) == SERIES
    assert [state for _, state in town.states()] == ["accepted"] * 6
    for row in town.deliveries():
        assert row.due_at <= row.first_handed_at < row.closes_at


# A leap second is shown twice, or the clock stands still for so long.
STEPS = {"forward": HOUR, "back": -HOUR, "leap second": dt.timedelta(seconds=-1), "still": dt.timedelta()}


@pytest.mark.parametrize("by", STEPS.values(), ids=STEPS)
def test_a_clock_that_is_set_while_mails_are_on_their_way_takes_them_from_nobody(
    store: sa.Engine, tmp_path: Path, by: dt.timedelta
) -> None:
    class Setting(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            town.clock.at += by
            await another.tick()  # it finds nothing that is nobody's
            async for answer in super().send(group):
                yield answer

    town = Town(store, tmp_path, transport=Setting(), alone=False)
    another = town.worker(MemoryTransport())
    town.publish(campaign(step("only", "0"), slug="one"))
    town.enroll(town.add("ida", "olga"))
    town.clock.turn(MONDAY + DAY + 8 * HOUR)
    town.tick()
    town.run()
    assert Counter(town.mails) == {("ida", "only"): 1, ("olga", "only"): 1}
    assert another.transport.carried == []  # type: ignore[attr-defined]
    assert [row.hand_overs for row in town.deliveries()] == [1, 1]


@pytest.mark.parametrize("by", STEPS.values(), ids=STEPS)
def test_a_retry_is_not_lost_to_a_clock_that_is_set(town: Town, by: dt.timedelta) -> None:
    town.transport.defer("ida@example.org", times=2)
    town.run(MONDAY + DAY + 8 * HOUR + dt.timedelta(minutes=1))
    town.clock.at += by
    town.run()
    assert Counter(town.mails) == SERIES


CHANGES = {
    "spring": dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC),
    "autumn": dt.datetime(2027, 10, 31, 1, tzinfo=dt.UTC),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_clocks_that_change_while_mails_are_on_their_way(store: sa.Engine, tmp_path: Path, change: dt.datetime) -> None:
    class Changing(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            town.clock.turn(max(town.clock.at, change + 2 * SECOND))
            await another.tick()
            async for answer in super().send(group):
                yield answer

    town = Town(store, tmp_path, transport=Changing(window=1), clock=Clock(change - 2 * SECOND), alone=False)
    another = town.worker(MemoryTransport())
    town.publish(campaign(step("now", "0"), step("next", "1d"), slug="two", schedule=ALL_DAY))
    town.enroll(town.add("ida", "olga"))
    town.tick()
    assert Counter(town.mails) == {("ida", "now"): 1, ("olga", "now"): 1}
    # The next one is for the next day on her wall, which has 23 or 25 hours.
    assert {row.slot_date for row in town.deliveries(step="next")} == {str(change.date() + DAY)}
    town.run()
    assert Counter(town.mails) == {(who, which): 1 for who in ("ida", "olga") for which in ("now", "next")}
    assert another.transport.carried == []  # type: ignore[attr-defined]
    assert [row.hand_overs for row in town.deliveries()] == [1] * 4


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_clocks_that_change_while_a_retry_waits_for_the_morning(
    store: sa.Engine, tmp_path: Path, change: dt.datetime
) -> None:
    where = ZoneInfo(COPENHAGEN)
    evening = dt.datetime.combine(change.date() - DAY, dt.time(21, 50), where).astimezone(dt.UTC)
    morning = dt.datetime.combine(change.date(), dt.time(7), where).astimezone(dt.UTC)
    town = Town(store, tmp_path, clock=Clock(evening))
    town.publish(campaign(step("now", "0"), slug="one", schedule=ALL_DAY))
    town.enroll(town.add("ida"))
    town.transport.defer("ida@example.org", times=2)
    town.run(evening + HOUR)
    assert [row.next_try_at for row in town.deliveries()] == [morning]
    town.run(morning - SECOND)
    assert town.mails == []
    town.run(morning)
    assert town.mails == [("ida", "now")]


def test_a_clock_that_was_ahead_is_told_by_the_doctor(shop: Path, backmail: Call) -> None:
    assert backmail("run", "--once")[0] == 0
    tomorrow = dt.datetime.now(dt.UTC) + DAY
    with closing(sqlite3.connect(DATABASE)) as raw, raw:
        raw.execute("UPDATE deliveries SET accepted_at = accepted_at + 86400000000")
    code, out, _ = backmail("doctor")
    assert code == 1
    assert f"the database knows of {tomorrow:%Y-%m-%d}" in out
    assert "one of the two clocks was wrong" in out
