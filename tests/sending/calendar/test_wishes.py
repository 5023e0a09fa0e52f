"""The reader's wishes win: her weekdays, her hour, her pace."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.clock import Span, parse_span
from backmail.model.sending import Pace, Wishes
from backmail.sending.calendar import next_slot, paces
from backmail.sending.calendar.wishes import paced
from tests.sending.calendar.wording import ANY, FRI, SAT, TUE, handed, local, shown, terms, time

TUESDAY = handed("2027-03-02 09:00")


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(), "Tue 2027-03-09 09:00 -> 11:00"),
        (Wishes(days=(FRI,)), "Fri 2027-03-12 09:00 -> 11:00"),  # three days on, not four back
        (Wishes(days=(SAT,)), "Sat 2027-03-06 09:00 -> 11:00"),
        (Wishes(at=time("18:30")), "Tue 2027-03-09 18:30 -> 20:30"),
        (Wishes(days=(FRI, TUE), at=time("18:30")), "Tue 2027-03-09 18:30 -> 20:30"),
        (Wishes(pace=Pace.HALF), "Tue 2027-03-16 09:00 -> 11:00"),
        (Wishes(pace=Pace.DOUBLE), "Sat 2027-03-06 09:00 -> 11:00"),
        (Wishes(pace=Pace.HALF, days=(FRI,)), "Fri 2027-03-19 09:00 -> 11:00"),
        (Wishes(pace=Pace.DOUBLE, days=(TUE,)), "Tue 2027-03-09 09:00 -> 11:00"),
    ],
)
def test_wishes_replace_what_the_campaign_says(wishes: Wishes, expected: str) -> None:
    assert shown(next_slot(terms("1w", at="09:00", wishes=wishes), TUESDAY, TUESDAY.at)) == expected


def test_another_pace_without_a_weekday_of_her_own_frees_the_campaigns_weekdays() -> None:
    step = terms("3h", days=(TUE,), between=("08:00", "18:00"), wishes=Wishes(pace=Pace.DOUBLE))
    wednesday = handed("2027-03-03 09:00")
    assert shown(next_slot(step, wednesday, wednesday.at)) == "Wed 2027-03-03 12:00 -> 18:00"


def test_her_hour_replaces_a_window_and_is_open_for_late() -> None:
    step = terms("1w", between=("08:00", "18:00"), late="1h", wishes=Wishes(at=time("06:15")))
    assert shown(next_slot(step, TUESDAY, TUESDAY.at)) == "Tue 2027-03-09 06:15 -> 07:15"


def test_skip_dates_hold_for_her_weekdays_too() -> None:
    step = terms("1w", at="09:00", skip=("weekends",), wishes=Wishes(days=(SAT,)))
    assert shown(next_slot(step, TUESDAY, TUESDAY.at)) == "Mon 2027-03-08 09:00 -> 11:00"


def test_a_wish_that_leads_to_a_slot_in_the_past_leads_to_the_next_one() -> None:
    step = terms("1w", at="09:00", wishes=Wishes(pace=Pace.DOUBLE))
    assert shown(next_slot(step, TUESDAY, local("2027-03-08 15:00"))) == "Tue 2027-03-09 09:00 -> 11:00"


@pytest.mark.parametrize(
    ("delay", "half", "double"),
    [
        ("1w", "2w", "4d"),
        ("2w", "4w", "7d"),
        ("1d", "2d", "1d"),
        ("5d", "10d", "3d"),
        ("3h", "3h", "3h"),
        ("0", "0", "0"),
    ],
)
def test_half_takes_twice_the_days_and_double_half_of_them_rounded_up(delay: str, half: str, double: str) -> None:
    spans = [paced(parse_span(delay), pace) for pace in (Pace.HALF, Pace.NORMAL, Pace.DOUBLE)]
    assert spans == [parse_span(half), parse_span(delay), parse_span(double)]


@given(st.integers(1, 999), st.sampled_from(["d", "w"]))
def test_no_pace_makes_two_steps_of_one_day(count: int, unit: str) -> None:
    delay = Span(count, unit)  # type: ignore[arg-type]  # hypothesis only knows that it is text
    double = paced(delay, Pace.DOUBLE)
    assert delay.days <= 2 * double.days <= delay.days + 1
    assert double.days >= 1


def test_double_is_not_offered_for_a_weekly_series_on_a_weekday_of_her_own() -> None:
    weekly, slower = [parse_span("0"), parse_span("1w")], [parse_span("0"), parse_span("2w")]
    every = (Pace.HALF, Pace.NORMAL, Pace.DOUBLE)
    assert paces(weekly, Wishes()) == every
    assert paces(weekly, Wishes(at=dt.time(7))) == every
    assert paces(weekly, Wishes(days=(FRI,))) == (Pace.HALF, Pace.NORMAL)
    assert paces(slower, Wishes(days=ANY)) == every
