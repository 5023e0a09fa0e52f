"""The calendar agrees with an oracle that walks minute by minute: around changes of clocks, and on any schedule."""

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sending.oracle import DAY, MINUTE, Case, Walk, expected
from tests.sending.transitions import Change, differences, minutes, shapes, told

ZONES = (
    "UTC", "Europe/Copenhagen", "America/New_York", "America/Scoresbysund", "Australia/Lord_Howe", "Africa/Casablanca",
    "Antarctica/Troll", "Asia/Gaza", "America/Havana", "Asia/Kathmandu", "Pacific/Chatham", "Pacific/Kiritimati",
)  # fmt: skip
APIA = Change("Pacific/Apia", dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC), -600, 840)


@cache
def walk(zone: str) -> Walk:
    """Return a walk that remembers what it saw in an example before."""
    return Walk(zone)


def test_around_a_change_of_every_shape() -> None:
    answers = [differences(change, 180) for change in shapes()]
    assert [line for _, wrong in answers for line in wrong] == []
    assert len(answers) > 60
    assert min(asked for asked, _ in answers) > 7000


def test_around_the_day_that_apia_left_out() -> None:
    asked, wrong = differences(APIA, 60)
    assert wrong == []
    assert asked > 7000


@pytest.mark.parametrize(
    ("zone", "missing"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Pacific/Kiritimati", "1994-12-31"),
    ],
)
def test_every_minute_around_a_date_that_was_left_out(zone: str, missing: str) -> None:
    day = dt.date.fromisoformat(missing)
    asked = list(minutes(Walk(zone), [day + n * DAY for n in range(-2, 3)]))
    assert [question for question in asked if question[1] != question[2]] == []
    assert (day, False, False) in asked


def test_the_changes_are_the_ones_we_know() -> None:
    found = {change.shape for change in shapes()}
    assert (60, 120, dt.time(2)) in found  # Copenhagen in spring
    assert (660, 630, dt.time(2)) in found  # Lord Howe in autumn, by half an hour
    assert (0, 120, dt.time(1)) in found  # Troll, by two hours
    assert (-120, -60, dt.time(23)) in found  # Scoresbysund, over midnight


times = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 0, 0, 1, 15, 30, 45, 59]))
windows = st.tuples(times, times).filter(lambda window: window[0] != window[1])
dates = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


@st.composite
def cases(draw: st.DrawFn, zone: str) -> Case:
    """Return a question about a step in that zone."""
    day, time = draw(dates), draw(times)
    anchor = dt.datetime.combine(day, time, dt.UTC)
    shown = walk(zone).shows(anchor).date()
    after_a_step = draw(st.booleans())
    return Case(
        count=draw(st.integers(0, 5)),
        unit=draw(st.sampled_from("mhdw")),
        anchor=anchor,
        date=draw(st.sampled_from([shown, shown - DAY])) if after_a_step else None,
        handed=anchor if after_a_step else None,
        now=anchor + draw(st.integers(0, 20 * 24 * 60)) * MINUTE,
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        at=draw(st.none() | times),
        between=draw(st.none() | windows),
        late=draw(st.sampled_from([1, 30, 120, 1440])),
        weekends=draw(st.booleans()),
        skip=draw(st.frozensets(st.integers(0, 20).map(lambda n: day + n * DAY), max_size=6)),
        quiet=draw(st.just((dt.time(8), dt.time(21))) | windows),
        at_once=draw(st.booleans()) if not after_a_step else False,
    )


@given(st.data())
def test_any_schedule_in_any_zone(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    case = data.draw(cases(zone))
    assert told(zone, case) == expected(walk(zone), case)


def test_the_oracle_would_notice() -> None:
    case = Case(1, "d", dt.datetime(2024, 3, 30, 12, tzinfo=dt.UTC), at=dt.time(2, 30))
    found = told("Europe/Copenhagen", case)
    assert found == expected(walk("Europe/Copenhagen"), case)
    assert found != expected(walk("Europe/Copenhagen"), replace(case, at=dt.time(2, 31)))
    assert found != expected(walk("Europe/Athens"), case)
