"""How a day is open: at a clock time, within a window, by day, after a sign-up, and over a change of the clocks."""

import datetime as dt

import pytest

from backmail.model.sending import Anchor, Slot, Terms
from backmail.sending.calendar import next_slot
from tests.sending.calendar.wording import ANY, FRI, MON, SAT, THU, TUE, WED, handed, local, shown, terms


def slot(step: Terms, anchor: Anchor, now: dt.datetime | None = None) -> str:
    """Return the next slot as text; `now` is the anchor's instant where it does not matter."""
    return shown(next_slot(step, anchor, now or anchor.at))


@pytest.mark.parametrize(
    ("after", "anchor", "expected"),
    [
        ("3h", "2027-03-02 09:15", "Tue 2027-03-02 12:15 -> 18:00"),
        ("3h", "2027-03-02 02:00", "Tue 2027-03-02 08:00 -> 18:00"),
        ("3h", "2027-03-02 15:00", "Wed 2027-03-03 08:00 -> 18:00"),  # 18:00 itself is outside
        ("1d", "2027-03-02 17:00", "Wed 2027-03-03 08:00 -> 18:00"),
        ("3h", "2027-03-05 16:00", "Mon 2027-03-08 08:00 -> 18:00"),
    ],
)
def test_a_window_takes_the_first_instant_that_lies_in_it(after: str, anchor: str, expected: str) -> None:
    step = terms(after, days=(MON, TUE, WED, THU, FRI), between=("08:00", "18:00"))
    assert slot(step, handed(anchor)) == expected


@pytest.mark.parametrize(
    ("after", "days", "anchor", "expected"),
    [
        ("1d", ANY, "2027-03-02 22:00", "Wed 2027-03-03 22:00 -> Thu 02:00"),
        ("3h", ANY, "2027-03-02 22:15", "Wed 2027-03-03 01:15 -> 02:00 of Tue"),
        ("3h", (TUE,), "2027-03-02 22:15", "Wed 2027-03-03 01:15 -> 02:00 of Tue"),
        ("3h", (WED,), "2027-03-02 22:15", "Wed 2027-03-03 22:00 -> Thu 02:00"),
        ("3h", ANY, "2027-03-02 23:00", "Wed 2027-03-03 22:00 -> Thu 02:00"),
    ],
)
def test_a_window_past_midnight_belongs_to_the_day_it_opens(
    after: str, days: tuple[int, ...], anchor: str, expected: str
) -> None:
    assert slot(terms(after, days=days, between=("22:00", "02:00")), handed(anchor)) == expected


@pytest.mark.parametrize(
    ("after", "days", "anchor", "expected"),
    [
        ("3h", ANY, "2027-03-02 10:10", "Tue 2027-03-02 13:10 -> 21:00"),
        ("3h", ANY, "2027-03-02 02:00", "Tue 2027-03-02 08:00 -> 21:00"),
        ("3h", ANY, "2027-03-02 16:00", "Tue 2027-03-02 19:00 -> 21:00"),
        ("3h", ANY, "2027-03-02 16:01", "Wed 2027-03-03 08:00 -> 21:00"),  # less than two hours would be left
        ("3h", (THU,), "2027-03-02 10:10", "Thu 2027-03-04 08:00 -> 21:00"),
        ("1d", ANY, "2027-03-02 10:10", "Wed 2027-03-03 10:10 -> 21:00"),
        ("1d", ANY, "2027-03-02 06:00", "Wed 2027-03-03 08:00 -> 21:00"),
        ("1d", ANY, "2027-03-02 20:00", "Thu 2027-03-04 08:00 -> 21:00"),
        ("1w", (WED,), "2027-03-02 10:10", "Wed 2027-03-10 10:10 -> 21:00"),
    ],
)
def test_without_a_time_or_a_window_a_step_comes_by_day(
    after: str, days: tuple[int, ...], anchor: str, expected: str
) -> None:
    assert slot(terms(after, days=days), handed(anchor)) == expected


@pytest.mark.parametrize(
    ("enrolled", "expected"),
    [
        ("2027-03-06 12:34:56", "Sat 2027-03-06 12:34 -> 21:00"),
        ("2027-03-06 20:59", "Sat 2027-03-06 20:59 -> 21:00"),
        ("2027-03-06 21:00", "Sun 2027-03-07 08:00 -> 21:00"),
        ("2027-03-06 03:00", "Sat 2027-03-06 08:00 -> 21:00"),
    ],
)
def test_the_first_mail_after_a_sign_up_waits_for_nothing_but_the_morning(enrolled: str, expected: str) -> None:
    step = terms("0", at="09:00", skip=("weekends",), at_once=True)
    assert slot(step, Anchor.enrolled(local(enrolled))) == expected


def test_a_sign_up_that_was_not_served_by_nine_in_the_evening_is_served_in_the_morning() -> None:
    step = terms("0", at="09:00", at_once=True)
    anchor = Anchor.enrolled(local("2027-03-06 20:59"))
    assert slot(step, anchor, local("2027-03-06 21:00")) == "Sun 2027-03-07 08:00 -> 21:00"


@pytest.mark.parametrize(
    ("late", "closes"), [("30m", "09:30"), ("2h", "11:00"), ("20h", "Wed 05:00"), ("1d", "Wed 09:00")]
)
def test_a_clock_time_stays_open_for_late(late: str, closes: str) -> None:
    step = terms("1w", at="09:00", late=late)
    assert slot(step, handed("2027-03-02 09:00")) == f"Tue 2027-03-09 09:00 -> {closes}"


def test_late_in_days_counts_days_also_when_a_night_lacks_an_hour() -> None:
    step = terms("1w", days=(SAT,), at="09:00", late="1d")
    found = next_slot(step, handed("2027-03-20 09:00"), local("2027-03-20 09:00"))
    assert found.closes - found.due == dt.timedelta(hours=23)


@pytest.mark.parametrize(
    ("where", "anchor", "at", "expected"),
    [
        ("America/New_York", "2026-03-06 12:00", "09:00", "Mon 2026-03-09 09:00 -> 11:00"),
        ("Asia/Tokyo", "2026-03-06 12:00", "08:00", "Mon 2026-03-09 08:00 -> 10:00"),
    ],
    ids=["over a change of the clocks", "where Monday has another date in UTC"],
)
def test_monday_morning_is_monday_morning(where: str, anchor: str, at: str, expected: str) -> None:
    assert slot(terms("1d", days=(MON,), at=at, where=where), handed(anchor, where=where)) == expected


@pytest.mark.parametrize(
    ("where", "anchor", "at", "utc"),
    [
        ("Europe/Copenhagen", "2027-03-27 02:30", "02:30", "2027-03-28T01:30"),  # shown as 03:30
        ("Europe/Copenhagen", "2027-10-30 02:30", "02:30", "2027-10-31T00:30"),  # the first of two
        ("Australia/Lord_Howe", "2027-10-02 02:15", "02:15", "2027-10-02T15:45"),  # shown as 02:45
        ("Australia/Lord_Howe", "2027-04-03 01:45", "01:45", "2027-04-03T14:45"),
    ],
)
def test_a_gap_moves_a_clock_time_on_and_an_overlap_takes_the_first(where: str, anchor: str, at: str, utc: str) -> None:
    found = next_slot(terms("1d", days=ANY, at=at, where=where), handed(anchor, where=where), local(anchor, where))
    assert f"{found.due:%Y-%m-%dT%H:%M}" == utc


def test_a_window_has_the_length_that_its_clocks_give_it() -> None:
    def length(day: str) -> dt.timedelta:
        step = terms("1d", days=ANY, between=("01:00", "04:00"))
        found = next_slot(step, handed(f"{day} 12:00"), local(f"{day} 12:00"))
        return found.closes - found.due

    assert [length(day).seconds // 3600 for day in ("2027-03-26", "2027-03-27", "2027-10-30")] == [3, 2, 4]


def test_a_slot_is_open_from_the_instant_it_is_due_until_before_it_closes() -> None:
    due, closes = local("2027-03-02 09:00"), local("2027-03-02 11:00")
    found = Slot(due, closes, dt.date(2027, 3, 2), "Europe/Copenhagen")
    tick = dt.timedelta(microseconds=1)
    assert [found.is_open(now) for now in (due - tick, due, closes - tick, closes)] == [False, True, True, False]
