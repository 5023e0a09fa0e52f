"""Skip dates as a schedule writes them."""

import datetime as dt

import pytest

from backmail.model.campaign import Schedule
from backmail.sending.calendar import never_free
from backmail.sending.calendar.skips import skips


def test_weekends_and_dates_are_skipped_and_nothing_else() -> None:
    aside = skips(("weekends", "2027-12-24"))
    days = [dt.date(2027, 12, 17) + n * dt.timedelta(1) for n in range(10)]
    assert [day.day for day in days if day in aside] == [18, 19, 24, 25, 26]
    assert not [day for day in days if day in skips(())]


@pytest.mark.parametrize(
    ("days", "skip", "never"),
    [
        ((5, 6), ("weekends",), True),
        ((6,), ("weekends", "2027-12-24"), True),
        ((4, 5), ("weekends",), False),
        ((5, 6), ("2027-12-25", "2027-12-26"), False),
    ],
)
def test_a_schedule_that_skips_all_its_weekdays_is_a_fault(
    days: tuple[int, ...], skip: tuple[str, ...], never: bool
) -> None:
    assert never_free(Schedule(days, skip=skip)) is never
