"""Spans, zones and the clock."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.clock import (
    Span,
    SystemClock,
    day_exists,
    instant,
    local,
    parse_span,
    parse_wait,
    zone,
    zone_names,
    zone_then,
)


@pytest.mark.parametrize(
    ("text", "span", "days", "elapsed", "in_days"),
    [
        ("0", Span(0, "h"), 0, dt.timedelta(), False),
        (0, Span(0, "h"), 0, dt.timedelta(), False),
        ("30m", Span(30, "m"), 0, dt.timedelta(minutes=30), False),
        (" 3h ", Span(3, "h"), 0, dt.timedelta(hours=3), False),
        ("4d", Span(4, "d"), 4, dt.timedelta(), True),
        ("2w", Span(2, "w"), 14, dt.timedelta(), True),
    ],
)
def test_a_span_is_either_elapsed_time_or_calendar_days(
    text: str | int, span: Span, days: int, elapsed: dt.timedelta, in_days: bool
) -> None:
    assert parse_span(text) == span
    assert (span.days, span.elapsed, span.in_days) == (days, elapsed, in_days)


@pytest.mark.parametrize("text", ["", "3", 7, "w", "1 w", "-1d", "1.5h", "1y", "01d", "99999d", "٣d", True, "1w 2d"])
def test_what_is_no_span_is_told_what_one_looks_like(text: str | int) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is not a span of time: write 0, 30m, 3h, 4d or 1w")):
        parse_span(text)


@given(st.integers(0, 9999), st.sampled_from(["m", "h", "d", "w"]))
def test_a_span_reads_as_it_was_written(count: int, unit: str) -> None:
    span = parse_span(f"{count}{unit}")
    assert str(span) == (f"{count}{unit}" if count else "0")
    assert (parse_span(str(span)).days, parse_span(str(span)).elapsed) == (span.days, span.elapsed)


@pytest.mark.parametrize(
    ("text", "seconds"), [("20s", 20), ("0.5s", 0.5), (" 2.125s ", 2.125), ("3m", 180), ("1h", 3600), ("0s", 0)]
)
def test_a_machine_waits_for_seconds(text: str, seconds: float) -> None:
    assert parse_wait(text) == seconds


@pytest.mark.parametrize("text", ["", "20", "s", "-1s", "1d", "1w", ".5s", "1,5s", "99999s", "1s 2s", "1e3s", "٣s"])
def test_what_a_machine_cannot_wait_for_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is not a time to wait\nwrite 20s, 0.5s, 3m or 1h")):
        parse_wait(text)


def test_zones_are_known_by_their_iana_names() -> None:
    assert zone("Pacific/Kiritimati").utcoffset(dt.datetime(2027, 1, 4)) == dt.timedelta(hours=14)
    assert {"UTC", "Europe/Copenhagen", "Asia/Tokyo"} <= zone_names()


def test_an_unknown_zone_is_told_with_the_nearest_one_on_a_second_line() -> None:
    with pytest.raises(
        ValueError, match=r"\Aunknown time zone 'europe/kopenhagen'\ndid you mean 'Europe/Copenhagen'\?\Z"
    ):
        zone("europe/kopenhagen")
    with pytest.raises(ValueError, match=r"\Aunknown time zone '\.\./x'\nwrite a name such as Europe/Copenhagen\Z"):
        zone("../x")


def test_a_zone_that_the_world_gave_up_is_utc() -> None:
    assert zone_then("Europe/Copenhagen") is zone("Europe/Copenhagen")
    assert zone_then("Mars/Olympus").key == "UTC"


def test_the_system_clock_tells_the_time_in_utc() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first <= second
    assert first.tzinfo is dt.UTC


COPENHAGEN = zone("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        (dt.date(2027, 1, 4), dt.time(9), "2027-01-04T08:00"),
        (dt.date(2027, 3, 28), dt.time(2, 30), "2027-03-28T01:30"),  # clocks go from 02:00 to 03:00
        (dt.date(2027, 10, 31), dt.time(2, 30), "2027-10-31T00:30"),  # and from 03:00 back to 02:00
        (dt.date(2027, 10, 31), dt.time(2, 30, fold=1), "2027-10-31T00:30"),
    ],
)
def test_a_gap_moves_a_reading_on_and_an_overlap_means_the_first(day: dt.date, time: dt.time, utc: str) -> None:
    found = instant(day, time, COPENHAGEN)
    assert (f"{found:%Y-%m-%dT%H:%M}", found.tzinfo) == (utc, dt.UTC)


def test_a_date_that_clocks_left_out_does_not_exist() -> None:
    days = [dt.date(2011, 12, 28) + n * dt.timedelta(1) for n in range(5)]
    assert [day.day for day in days if day_exists(day, zone("Pacific/Apia"))] == [28, 29, 31, 1]
    assert all(day_exists(day, COPENHAGEN) for day in days)


def test_what_clocks_show_is_a_reading_without_a_zone() -> None:
    twice = dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    assert local(twice, COPENHAGEN) == dt.datetime(2027, 10, 31, 2, 30)
    assert (local(twice, COPENHAGEN).fold, local(twice, COPENHAGEN).tzinfo) == (0, None)
