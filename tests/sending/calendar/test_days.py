"""Where a delay leads to, and the anchor that a skipped step leaves behind."""

import datetime as dt

import pytest

from backmail.model.sending import Anchor, Pace, Terms, Wishes
from backmail.sending.calendar import next_slot, passed_over
from tests.sending.calendar.wording import ANY, COPENHAGEN, handed, local, shown, terms


@pytest.mark.parametrize(
    ("skipped", "at", "date"),
    [
        (terms("1w", at="09:00"), "2027-03-30 09:00:07", "2027-03-30"),
        (terms("3h"), "2027-03-23 12:00:07", "2027-03-23"),
        (terms("15h"), "2027-03-24 00:00:07", "2027-03-24"),
        (terms("5d", wishes=Wishes(pace=Pace.DOUBLE)), "2027-03-26 09:00:07", "2027-03-26"),
        (terms("0"), "2027-03-23 09:00:07", "2027-03-23"),
    ],
)
def test_a_skipped_step_moves_the_anchor_by_its_own_delay_and_nothing_else(skipped: Terms, at: str, date: str) -> None:
    before = handed("2027-03-23 09:00:07")
    assert passed_over(before, skipped) == Anchor(local(at), dt.date.fromisoformat(date), before.handed)


def test_steps_behind_a_skipped_one_keep_their_distance() -> None:
    step = terms("1w", at="09:00")
    anchor = passed_over(handed("2027-03-02 11:40"), step)
    assert shown(next_slot(step, anchor, anchor.at)) == "Tue 2027-03-16 09:00 -> 11:00"


def test_a_skipped_step_keeps_the_clock_time_over_a_change_of_the_clocks() -> None:
    anchor = passed_over(handed("2027-03-23 10:20"), terms("1w"))
    assert anchor.at == local("2027-03-30 10:20")


def test_the_date_of_a_slot_before_midnight_stays_behind_its_hand_over() -> None:
    anchor = passed_over(handed("2027-03-03 00:30", "2027-03-02"), terms("3h"))
    assert anchor.date == dt.date(2027, 3, 2)


def test_who_skips_the_first_step_counts_from_the_enrollment() -> None:
    anchor = passed_over(Anchor.enrolled(local("2027-03-01 23:30")), terms("1d"))
    assert anchor == Anchor(local("2027-03-02 23:30"), dt.date(2027, 3, 2), None)


def test_the_date_of_an_enrollment_is_that_of_her_zone() -> None:
    enrolled = Anchor.enrolled(local("2027-03-01 23:30"))
    found = {
        where: shown(next_slot(terms("1d", days=ANY, at="09:00", where=where), enrolled, enrolled.at))
        for where in (COPENHAGEN, "Asia/Tokyo")
    }
    assert found == {
        COPENHAGEN: "Tue 2027-03-02 09:00 -> 11:00",
        "Asia/Tokyo": "Wed 2027-03-03 09:00 -> 11:00",
    }
