"""What lies ahead: when the mails of a series come, how long a slot needs, and how that is said."""

import datetime as dt

import pytest

from backmail.config import TransportChoice
from backmail.desk.forecast import Starter, first_slot, in_words, needed, shown, slots
from backmail.sending.steps import Course
from tests.town import COPENHAGEN, DAY, HOUR, MONDAY, SERIES

TUESDAY_NINE = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_a_series_comes_week_by_week_on_the_campaign_s_schedule() -> None:
    course, starter = Course(SERIES, "UTC"), Starter(MONDAY)
    assert [slot.due for slot in slots(course, starter)] == [TUESDAY_NINE + week * 7 * DAY for week in range(3)]
    assert first_slot(course, starter).due == TUESDAY_NINE
    assert first_slot(course, Starter(MONDAY, "Asia/Tokyo")).due == TUESDAY_NINE - 8 * HOUR
    assert first_slot(course, Starter(TUESDAY_NINE + 2 * HOUR)).due == TUESDAY_NINE + 7 * DAY


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (dt.timedelta(0), "under a minute"),
        (59 * MINUTE / 60, "under a minute"),
        (MINUTE, "about 1 minute"),
        (61 * MINUTE / 60, "about 2 minutes"),
        (HOUR, "about 1 hour"),
        (25 * HOUR, "about 2 days"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit_rounded_up(length: dt.timedelta, words: str) -> None:
    assert in_words(length) == words


def test_a_slot_needs_less_with_more_connections() -> None:
    assert needed(2400, TransportChoice(kind="smtp", connections=1)) == 10 * MINUTE
    assert needed(2400, TransportChoice(kind="smtp", connections=4)) == 2.5 * MINUTE


def test_an_instant_is_shown_as_clocks_there_show_it() -> None:
    assert shown(TUESDAY_NINE, COPENHAGEN) == "Tue 2027-01-05 09:00 Europe/Copenhagen"
