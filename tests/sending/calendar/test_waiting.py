"""How long a slot is kept open for those held back, and when a retry may go."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.clock import zone
from backmail.model.sending import Slot
from backmail.sending.calendar import kept_open, retry_time
from tests.sending.calendar.wording import COPENHAGEN, local, shown, window


@pytest.mark.parametrize(
    ("due", "closes", "kept"),
    [
        ("2027-03-02 09:00", "2027-03-02 11:00", "Tue 2027-03-02 09:00 -> 21:00"),
        ("2027-03-02 20:30", "2027-03-02 22:30", "Tue 2027-03-02 20:30 -> 22:30"),
        ("2027-03-02 22:00", "2027-03-03 02:00", "Tue 2027-03-02 22:00 -> Wed 02:00"),
    ],
)
def test_who_was_held_back_by_limits_may_go_until_the_quiet_hours(due: str, closes: str, kept: str) -> None:
    slot = Slot(local(due), local(closes), dt.date(2027, 3, 2), COPENHAGEN)
    assert shown(kept_open(slot)) == kept


def test_mailing_hours_that_pass_midnight_close_on_the_day_after() -> None:
    slot = Slot(local("2027-03-02 19:00"), local("2027-03-02 21:00"), dt.date(2027, 3, 2), COPENHAGEN)
    assert shown(kept_open(slot, window("18:00", "01:00"))) == "Tue 2027-03-02 19:00 -> Wed 01:00"


@pytest.mark.parametrize(
    ("meant", "goes"),
    [
        ("2027-03-02 21:59", "2027-03-02 21:59"),
        ("2027-03-02 22:00", "2027-03-03 07:00"),
        ("2027-03-03 00:00", "2027-03-03 07:00"),
        ("2027-03-03 06:59", "2027-03-03 07:00"),
        ("2027-03-03 07:00", "2027-03-03 07:00"),
        ("2027-03-27 23:00", "2027-03-28 07:00"),
    ],
)
def test_a_retry_never_goes_by_night(meant: str, goes: str) -> None:
    assert retry_time(local(meant), COPENHAGEN) == local(goes)


def test_a_retry_by_night_before_a_date_that_was_left_out_waits_for_the_morning_there_is() -> None:
    apia = "Pacific/Apia"
    assert retry_time(local("2011-12-29 23:00", apia), apia) == local("2011-12-31 07:00", apia)


@given(
    st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)),
    st.sampled_from(["Europe/Copenhagen", "Antarctica/Casey", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_a_retry_goes_by_day_soon_and_not_before_it_was_meant_to(meant: dt.datetime, where: str) -> None:
    goes = retry_time(meant, where)
    assert 7 <= goes.astimezone(zone(where)).hour < 22
    assert dt.timedelta() <= goes - meant <= dt.timedelta(hours=12)
    assert retry_time(goes, where) == goes
