"""When a step is due: delays, skip dates, what happens to a slot that closed unused, and the error of having none."""

import datetime as dt

import pytest

from backmail.clock import zone
from backmail.errors import CampaignError
from backmail.model.sending import Anchor, Terms
from backmail.sending.calendar import next_slot
from tests.sending.calendar.wording import ANY, FRI, MON, SAT, SUN, THU, TUE, handed, local, shown, terms

WEEKLY = terms("1w", at="09:00")


def slot(step: Terms, anchor: Anchor, now: dt.datetime | None = None) -> str:
    """Return the next slot as text; `now` is the anchor's instant where it does not matter."""
    return shown(next_slot(step, anchor, now or anchor.at))


@pytest.mark.parametrize(
    "anchor",
    [
        handed("2027-03-02 09:00:07"),
        handed("2027-03-02 11:40"),
        handed("2027-03-03 09:00:07"),
        handed("2027-03-02 08:59:58"),
    ],
    ids=["seconds late", "hours late", "on the Wednesday after a holiday", "by a clock that is slow"],
)
def test_a_weekly_step_comes_on_the_next_tuesday_whenever_the_one_before_was_handed_over(anchor: Anchor) -> None:
    assert slot(WEEKLY, anchor) == "Tue 2027-03-09 09:00 -> 11:00"


def test_seven_weekly_mails_take_42_days_though_one_slot_was_a_holiday_and_some_were_late() -> None:
    step = terms("1w", at="09:00", skip=("2027-03-16",))
    found = [next_slot(step, Anchor.enrolled(local("2027-02-20 12:00")), local("2027-02-20 12:00"))]
    for lateness in (0, 7, 7000, 60, 7199, 1):
        given = Anchor.after(found[-1].due + dt.timedelta(seconds=lateness), found[-1].date)
        found.append(next_slot(step, given, given.at))
    dates = [f"{each.date:%m-%d}" for each in found]
    assert dates == ["03-02", "03-09", "03-17", "03-23", "03-30", "04-06", "04-13"]
    assert (found[-1].date - found[0].date).days == 42
    assert {each.due.astimezone(zone(each.zone)).hour for each in found} == {9}


@pytest.mark.parametrize(
    ("after", "days", "before", "expected"),
    [
        ("7d", (TUE,), "2027-03-03", "Tue 2027-03-16"),  # six days would be too few
        ("1w", (TUE,), "2027-03-03", "Tue 2027-03-09"),
        ("1w", (TUE, FRI), "2027-03-03", "Tue 2027-03-09"),  # a day before Wednesday, two after
        ("1w", (MON, FRI), "2027-03-03", "Fri 2027-03-12"),  # two days each way: the later
        ("1w", (SUN,), "2027-03-03", "Sun 2027-03-07"),
        ("1w", (SAT,), "2027-03-03", "Sat 2027-03-13"),
        ("2w", (TUE,), "2027-03-03", "Tue 2027-03-16"),
        ("4d", (TUE,), "2027-03-02", "Tue 2027-03-09"),
        ("4d", ANY, "2027-03-02", "Sat 2027-03-06"),
        ("14d", (TUE,), "2027-03-02", "Tue 2027-03-16"),
    ],
)
def test_days_are_a_minimum_and_a_week_is_the_nearest_allowed_day(
    after: str, days: tuple[int, ...], before: str, expected: str
) -> None:
    assert slot(terms(after, days=days, at="09:00"), handed(f"{before} 09:00")) == f"{expected} 09:00 -> 11:00"


def test_days_count_from_the_date_of_the_slot_and_hours_from_the_hand_over() -> None:
    after_midnight = handed("2027-03-03 01:30", "2027-03-02")
    assert slot(terms("1d", days=ANY, at="09:00"), after_midnight) == "Wed 2027-03-03 09:00 -> 11:00"
    assert slot(terms("24h", days=ANY, at="09:00"), after_midnight) == "Thu 2027-03-04 09:00 -> 11:00"


def test_hours_are_elapsed_time_also_over_a_night_that_lacks_one() -> None:
    assert slot(terms("24h", days=ANY), handed("2027-03-27 12:00")) == "Sun 2027-03-28 13:00 -> 21:00"
    assert slot(terms("1d", days=ANY), handed("2027-03-27 12:00")) == "Sun 2027-03-28 12:00 -> 21:00"


@pytest.mark.parametrize("after", ["0", "0d", "0w"])
def test_nothing_is_nought_hours_in_any_unit(after: str) -> None:
    assert slot(terms(after, days=ANY), handed("2027-03-02 12:00")) == "Tue 2027-03-02 12:00 -> 21:00"
    assert slot(terms(after, at="09:00"), handed("2027-03-02 09:00")) == "Tue 2027-03-09 09:00 -> 11:00"


def test_who_is_enrolled_on_the_stroke_of_nine_counts_for_nine() -> None:
    step = terms("0", at="09:00")
    nine = local("2027-03-02 09:00")
    assert slot(step, Anchor.enrolled(nine)) == "Tue 2027-03-02 09:00 -> 11:00"
    late = Anchor.enrolled(nine + dt.timedelta(microseconds=1))
    assert slot(step, late) == "Tue 2027-03-09 09:00 -> 11:00"


def test_no_slot_is_at_or_before_the_hand_over_of_the_step_before() -> None:
    skewed = Anchor(local("2027-03-01 09:00"), dt.date(2027, 3, 1), handed=local("2027-03-02 09:00"))
    assert slot(terms("1d", days=ANY, at="09:00"), skewed) == "Wed 2027-03-03 09:00 -> 11:00"
    step = terms("1d", days=ANY, between=("00:00", "03:00"))
    assert slot(step, handed("2027-03-03 01:00", "2027-03-02")) == "Thu 2027-03-04 00:00 -> 03:00"
    awake = terms("1d", days=ANY, quiet=(dt.time(0), dt.time(23, 59)))
    assert slot(awake, handed("2027-03-03 01:00", "2027-03-02")) == "Thu 2027-03-04 01:00 -> 23:59"


@pytest.mark.parametrize(
    ("skip", "between", "expected"),
    [
        (("2027-03-09",), ("", ""), "Wed 2027-03-10 09:00 -> 11:00"),
        (("2027-03-09", "2027-03-10", "2027-03-11"), ("", ""), "Fri 2027-03-12 09:00 -> 11:00"),
        (("2027-03-09", "2027-03-10"), ("08:00", "18:00"), "Thu 2027-03-11 08:00 -> 18:00"),
        (("2027-03-10",), ("", ""), "Tue 2027-03-09 09:00 -> 11:00"),
    ],
)
def test_a_slot_on_a_skip_date_rolls_to_the_next_date_whatever_its_weekday(
    skip: tuple[str, ...], between: tuple[str, str], expected: str
) -> None:
    step = terms("1w", at="" if between[0] else "09:00", between=between, skip=skip)
    assert slot(step, handed("2027-03-02 09:00")) == expected


@pytest.mark.parametrize(
    ("between", "hours", "expected"),
    [
        (("08:00", "18:00"), "3h", "Mon 2027-03-08 11:37 -> 18:00"),
        (("20:00", "02:00"), "16h", "Tue 2027-03-09 00:37 -> 02:00 of Mon"),
        (("", ""), "3h", "Mon 2027-03-08 11:37 -> 21:00"),
    ],
)
def test_what_rolls_keeps_its_clock_time_within_a_window(between: tuple[str, str], hours: str, expected: str) -> None:
    step = terms(hours, days=ANY, between=between, skip=("weekends",))
    assert slot(step, handed("2027-03-06 08:37")) == expected


def test_rolling_passes_a_date_on_which_the_clock_time_is_outside_the_window() -> None:
    # On 28 March clocks go from 02:00 to 03:00, so that this window opens and closes at three: it has no room.
    step = terms("1d", days=(SAT,), between=("02:10", "03:00"), skip=("2027-03-27",))
    assert slot(step, handed("2027-03-26 12:00")) == "Mon 2027-03-29 02:10 -> 03:00"


@pytest.mark.parametrize(
    ("anchor", "skip", "expected"),
    [
        ("2027-03-28 00:10", "2027-03-28", "Mon 2027-03-29 02:30 -> 06:00"),  # 03:30 on the day of the gap
        ("2027-03-27 00:10", "2027-03-27", "Sun 2027-03-28 03:30 -> 06:00"),  # 03:10 is before it opens there
    ],
)
def test_what_rolls_from_or_to_a_gap_keeps_to_the_window(anchor: str, skip: str, expected: str) -> None:
    step = terms("3h" if skip.endswith("27") else "10m", days=ANY, between=("02:30", "06:00"), skip=(skip,))
    assert slot(step, handed(anchor)) == expected


def test_a_series_that_rolled_comes_back_to_its_weekday() -> None:
    step = terms("1w", at="09:00", skip=("2027-03-09",))
    rolled = next_slot(step, handed("2027-03-02 09:00"), local("2027-03-02 09:00"))
    assert f"{rolled.date:%a}" == "Wed"
    assert slot(step, Anchor.after(rolled.due, rolled.date)) == "Tue 2027-03-16 09:00 -> 11:00"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-03-09 08:00", "Tue 2027-03-09"),
        ("2027-03-09 10:59:59", "Tue 2027-03-09"),
        ("2027-03-09 11:00", "Tue 2027-03-16"),
        ("2027-04-20 08:59", "Tue 2027-04-20"),
        ("2027-04-20 10:59", "Tue 2027-04-20"),  # open just now
        ("2027-04-20 11:00", "Tue 2027-04-27"),
        ("2031-04-20 11:00", "Tue 2031-04-22"),
    ],
)
def test_a_slot_that_closed_unused_moves_to_the_next_one_however_long_nothing_went(now: str, expected: str) -> None:
    assert slot(WEEKLY, handed("2027-03-02 09:00"), local(now)) == f"{expected} 09:00 -> 11:00"


def test_after_a_slot_that_was_caught_up_the_series_goes_on_from_there_one_step_a_slot() -> None:
    now = local("2027-05-05 12:00")
    given, found = handed("2027-03-02 09:00"), []
    for _ in range(3):
        found.append(next_slot(WEEKLY, given, now))
        now = found[-1].due + dt.timedelta(seconds=3)
        given = Anchor.after(now, found[-1].date)
    assert [f"{each.date:%m-%d}" for each in found] == ["05-11", "05-18", "05-25"]


def test_a_missed_holiday_is_not_made_up_on_the_day_after_the_one_it_rolled_to() -> None:
    step = terms("1w", at="09:00", skip=("2027-03-09",))
    assert slot(step, handed("2027-03-02 09:00"), local("2027-03-10 12:00")) == "Tue 2027-03-16 09:00 -> 11:00"


@pytest.mark.parametrize(
    ("after", "days", "skip", "expected"),
    [
        ("1d", ANY, (), "Sat 2011-12-31"),
        ("1d", (FRI,), (), "Fri 2012-01-06"),
        ("1w", (FRI,), (), "Fri 2012-01-06"),
        ("1w", (THU, FRI), (), "Thu 2011-12-29"),
        ("1d", ANY, ("2011-12-29", "2011-12-31"), "Sun 2012-01-01"),
    ],
)
def test_the_friday_that_apia_left_out_has_no_slot(
    after: str, days: tuple[int, ...], skip: tuple[str, ...], expected: str
) -> None:
    before = "2011-12-23" if after == "1w" else "2011-12-29"
    step = terms(after, days=days, at="09:00", skip=skip, where="Pacific/Apia")
    assert slot(step, handed(f"{before} 09:00", where="Pacific/Apia")) == f"{expected} 09:00 -> 11:00"


def test_what_rolls_passes_the_friday_that_apia_left_out() -> None:
    step = terms("1d", days=(THU,), at="09:00", skip=("2011-12-29",), where="Pacific/Apia")
    found = slot(step, handed("2011-12-28 09:00", where="Pacific/Apia"))
    assert found == "Sat 2011-12-31 09:00 -> 11:00"


@pytest.mark.parametrize(
    ("step", "start"),
    [
        (terms("1w", at="09:00", late="0"), "2027-03-09"),
        (terms("1w", days=(), at="09:00"), "2027-03-09"),
        (terms("1d", days=(), at="09:00"), "2027-03-03"),
        (terms("3h", days=ANY, quiet=(dt.time(8), dt.time(9))), "2027-03-02"),
        (
            terms("1w", at="09:00", skip=tuple(f"{dt.date(2027, 3, 9) + n * dt.timedelta(1)}" for n in range(400))),
            "2027-03-09",
        ),
    ],
    ids=["never open", "no weekday, weeks", "no weekday, days", "quiet hours too short", "a year of holidays"],
)
def test_no_slot_within_366_days_is_an_error_of_the_campaign(step: Terms, start: str) -> None:
    with pytest.raises(CampaignError, match=f"no slot within 366 days from {start}\n  hint: allow more weekdays"):
        slot(step, handed("2027-03-02 09:00"))


def test_a_slot_on_the_366th_day_is_one() -> None:
    year = tuple(f"{dt.date(2027, 3, 9) + n * dt.timedelta(1)}" for n in range(366))
    assert slot(terms("1w", at="09:00", skip=year), handed("2027-03-02 09:00")) == "Thu 2028-03-09 09:00 -> 11:00"
