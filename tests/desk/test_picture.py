"""The calendar picture: a row for each mail, a column for each hour, a table with every zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from backmail.desk.delivered import Delivered, Group
from backmail.desk.picture import picture

START = dt.datetime(2027, 3, 22, tzinfo=dt.UTC)
TUESDAY = dt.date(2027, 3, 23)
WEEK = dt.timedelta(weeks=1)


def group(step: str, zone: str, date: dt.date, count: int = 1, hour: int = 9) -> Group:
    """Return mails that went at nine, by the clock of a zone."""
    local = dt.datetime.combine(date, dt.time(hour), ZoneInfo(zone))
    return Group(step, zone, date, local.astimezone(dt.UTC), count)


def done(*groups: Group) -> Delivered:
    """Return a series of two mails that went so."""
    found = tuple(sorted(groups, key=lambda each: each.at))
    return Delivered(START, ("one", "two"), 9, {}, {}, found, (), 0)


TWO_WEEKS = done(
    *(group("one", zone, TUESDAY, count) for zone, count in (("Europe/Berlin", 4), ("Asia/Tokyo", 1))),
    *(group("two", zone, TUESDAY + WEEK, count) for zone, count in (("Europe/Berlin", 4), ("Asia/Tokyo", 1))),
)


def test_a_row_for_each_mail_and_a_column_for_each_hour() -> None:
    shown = picture(TWO_WEEKS)
    assert [(row.number, row.date) for row in shown.rows] == [(1, "23 Mar"), (2, "30 Mar")]
    # Tokyo at 00:00 UTC, Berlin at 08:00, and at 07:00 once its clocks have changed.
    assert [cell.count for cell in shown.rows[0].cells] == [1, 0, 0, 0, 0, 0, 0, 0, 4]
    assert [cell.count for cell in shown.rows[1].cells] == [1, 0, 0, 0, 0, 0, 0, 4, 0]
    assert [cell.level for cell in shown.rows[0].cells] == [3, 0, 0, 0, 0, 0, 0, 0, 5]
    assert shown.most == 4
    assert shown.columns == 9


def test_the_axis_has_the_weekday_and_the_places_are_apart() -> None:
    shown = picture(TWO_WEEKS)
    assert [(mark.column, mark.words) for mark in shown.hours] == [(1, "Tue 00:00"), (7, "06:00")]
    assert [(mark.column, mark.words) for mark in shown.places] == [(1, "Tokyo"), (9, "Berlin")]
    near = picture(done(group("one", "Europe/Berlin", TUESDAY, 4), group("one", "Europe/London", TUESDAY)))
    assert [mark.words for mark in near.places] == ["Berlin"]


def test_the_table_tells_where_clocks_changed() -> None:
    shown = picture(TWO_WEEKS)
    assert [(row.zone, row.people) for row in shown.table] == [("Asia/Tokyo", 1), ("Europe/Berlin", 4)]
    assert shown.table[1].mails == (
        ("Tue 23 Mar 09:00", "Tue 08:00", False),
        ("Tue 30 Mar 09:00", "Tue 07:00", True),
    )
    assert shown.changes == 1
    assert shown.local == "09:00"


def test_one_hour_is_named_only_where_it_is_one() -> None:
    mixed = done(group("one", "Asia/Tokyo", TUESDAY), group("one", "Europe/Berlin", TUESDAY, hour=10))
    assert picture(mixed).local == ""


def test_a_mail_that_went_to_nobody_has_an_empty_row() -> None:
    shown = picture(done(group("one", "Asia/Tokyo", TUESDAY)))
    assert (shown.rows[1].date, [cell.count for cell in shown.rows[1].cells]) == ("", [0])
    assert shown.table[0].mails[1] == ("", "", False)
    assert picture(done()).table == ()


def test_what_is_spread_over_many_days_still_has_an_end() -> None:
    far = Group("one", "Asia/Tokyo", TUESDAY, START + 3 * WEEK, 2)
    shown = picture(done(group("one", "Asia/Tokyo", TUESDAY), far))
    assert shown.columns == 72
    assert sum(cell.count for cell in shown.rows[0].cells) == 3
