"""People walk through a campaign: each step in its slot, one after the other, and an end."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.clock import Span
from backmail.errors import CampaignError
from backmail.model.campaign import First, Greeting, Schedule
from backmail.model.states import SubscriberState, SuppressionReason
from backmail.sending import decisions
from backmail.sending.enrollment import PassedOver
from tests.town import COPENHAGEN, DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def instants(town: Town) -> list[dt.datetime]:
    return [row.first_handed_at for row in town.deliveries()]


def test_seven_mails_in_six_weeks(town: Town) -> None:
    weekly = campaign(step("s1", "0"), *(step(f"s{n}") for n in range(2, 8)), slug="seven")
    town.walk("ida", what=weekly)
    town.run()
    assert [row.first_handed_at for row in town.deliveries()] == [
        MONDAY + DAY + 8 * HOUR + n * 7 * DAY for n in range(7)
    ]
    assert town.mails == [("ida", f"s{n}") for n in range(1, 8)]
    (walk,) = town.enrollments()
    assert (walk.state, walk.ended_at) == ("finished", MONDAY + DAY + 8 * HOUR + 42 * DAY)
    assert town.waiting() == 0


def test_each_in_her_own_zone(town: Town) -> None:
    town.publish()
    town.enroll([*town.add("ida"), *town.add("kim", zone="Asia/Tokyo"), *town.add("bo", zone="America/New_York")])
    town.run(MONDAY + 2 * DAY)
    tuesday = MONDAY + DAY
    assert [row.first_handed_at for row in town.deliveries(step="one")] == [
        tuesday + 8 * HOUR,
        tuesday,
        tuesday + 14 * HOUR,
    ]


def test_a_zone_that_is_none_counts_as_absent(town: Town) -> None:
    town.walk("ida", zone="Europe/Kopenhagen")
    assert town.deliveries()[0].zone == COPENHAGEN


def test_who_signed_up_gets_the_first_mail_at_once(town: Town) -> None:
    town.publish()
    town.clock.turn(MONDAY + 11 * HOUR)
    town.enroll(town.add("ida"), at_once=True)
    town.tick()
    assert town.mails == [("ida", "one")]
    assert town.deliveries()[1].due_at == MONDAY + 8 * DAY + 8 * HOUR  # Tuesday of next week


def test_a_campaign_may_let_its_first_mail_wait_for_the_window(town: Town) -> None:
    town.publish(at(SERIES, first=First.WINDOW))
    town.clock.turn(MONDAY + 11 * HOUR)
    town.enroll(town.add("ida"), at_once=True)
    town.tick()
    assert town.mails == []
    assert town.deliveries()[0].due_at == MONDAY + DAY + 8 * HOUR


def test_who_is_passed_over(town: Town) -> None:
    town.publish()
    ida, bo, gone = [*town.add("ida"), *town.add("bo", state=SubscriberState.PENDING), 9999]
    (eva,) = town.add("eva")
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, eva, now=town.clock.now())
    done = town.enroll([ida, bo, gone, eva, ida])
    assert list(done.enrollments) == [ida]
    assert done.passed_over == {bo: PassedOver.PENDING, gone: PassedOver.UNKNOWN, eva: PassedOver.SUPPRESSED}
    assert town.enroll([ida]).passed_over == {ida: PassedOver.WALKING}
    town.run()
    assert town.enroll([ida]).passed_over == {ida: PassedOver.RAN}


def test_a_no_to_another_campaign_passes_nobody_over(town: Town) -> None:
    town.publish(campaign(step("x", "0"), slug="other"))
    (ida,) = town.add("ida")
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=town.clock.now(), campaign="c-other")
    assert town.enroll([ida]).passed_over == {ida: PassedOver.SUPPRESSED}
    town.publish()
    assert town.enroll([ida]).passed_over == {}


def test_a_second_run_when_the_campaign_allows_it(town: Town) -> None:
    town.publish(at(SERIES, reenter=Span(90, "d")))
    ida = town.add("ida")
    town.enroll(ida)
    town.run()
    ended = town.enrollments()[0].ended_at
    town.clock.turn(ended + 90 * DAY - HOUR)
    assert town.enroll(ida).passed_over == {ida[0]: PassedOver.RAN}
    town.clock.turn(ended + 90 * DAY)
    assert list(town.enroll(ida).enrollments) == ida
    town.run()
    assert [(row.run, row.state) for row in town.enrollments()] == [(1, "finished"), (2, "finished")]
    assert len(town.mails) == 6


def test_two_days_of_downtime_cost_one_slot_and_make_no_burst(town: Town) -> None:
    town.walk("ida")
    town.run(MONDAY + 2 * DAY)
    town.clock.turn(MONDAY + 9 * DAY)  # the second Tuesday has passed, and nobody was there
    town.tick()
    assert town.mails == [("ida", "one")]
    assert town.deliveries(step="two")[0].due_at == MONDAY + 15 * DAY + 8 * HOUR
    town.run()
    assert instants(town) == [MONDAY + n * DAY + 8 * HOUR for n in (1, 15, 22)]


def test_late_within_its_slot_is_not_too_late(town: Town) -> None:
    town.walk("ida")
    town.clock.turn(MONDAY + DAY + 9 * HOUR + 40 * dt.timedelta(minutes=1))
    town.tick()
    assert town.mails == [("ida", "one")]
    town.run()
    assert instants(town)[1] == MONDAY + 8 * DAY + 8 * HOUR


def test_a_campaign_without_any_slot_enrolls_nobody(town: Town) -> None:
    never = Schedule(days=(5, 6), skip=("weekends",))
    town.publish(campaign(step("x", "0", schedule=never), slug="never", schedule=never))
    ida = town.add("ida")
    # Whatever is skipped rolls on, so the calendar itself always finds a day; a window that skips every date does not.
    assert town.enroll(ida).passed_over == {}
    missing = Schedule(skip=tuple(f"{MONDAY.date() + n * DAY:%Y-%m-%d}" for n in range(800)))
    town.publish(campaign(step("x", "0"), slug="missing", schedule=missing))
    with pytest.raises(CampaignError, match="no slot within 366 days"):
        town.enroll(ida)
    assert len(town.enrollments()) == 1


def test_somebody_without_a_next_slot_does_not_hold_up_the_others(town: Town) -> None:
    missing = Schedule(skip=tuple(f"{MONDAY.date() + n * DAY:%Y-%m-%d}" for n in range(5, 800)))
    town.walk("ida", "bo", what=campaign(step("a", "0"), step("b", schedule=missing), slug="stuck"))
    town.run()
    assert town.mails == [("ida", "a"), ("bo", "a")]
    assert [row.state for row in town.enrollments()] == ["active", "active"]


def test_the_safety_text_comes_before_the_first_exercise_for_everybody(town: Town) -> None:
    from tests.town import EXERCISE, SAFETY

    told = campaign(step("safe", "0", SAFETY), step("move", "1w", EXERCISE), slug="told")
    town.walk("ida", "bo", what=told)
    town.transport.refuse("bo@example.org", 550, "5.2.2", "mailbox full", times=1)
    town.run()
    texts = {
        (each.message.mailbox.email, each.message.composed.step): each.message.part("text")
        for each in town.transport.carried
    }
    assert "Stop if it hurts" not in texts["ida@example.org", "move"]
    assert "Stop if it hurts" in texts["bo@example.org", "move"]
    assert texts["bo@example.org", "move"].index("Stop if it hurts") < texts["bo@example.org", "move"].index("Sit down")
    assert [row.variant.startswith("with-safety") for row in town.deliveries(step="move")] == [False, True]


def test_a_dead_address_is_left_alone_for_good(town: Town) -> None:
    ida, _ = town.walk("ida", "bo")
    town.transport.refuse("ida@example.org")
    counts = town.run()
    assert counts["failed"] == 1
    assert [row.state for row in town.enrollments()] == ["exited", "finished"]
    assert town.enrollments()[0].reason == SuppressionReason.BOUNCED
    assert town.deliveries(subscriber=ida)[0].reason.startswith("address: 550 5.1.1")
    assert len(town.deliveries(subscriber=ida)) == 1


def greeted(town: Town) -> list[str]:
    """Return how each mail begins, of those that arrived."""
    return [
        next(line for line in each.message.part("text").split("\n") if line.startswith("Hello"))
        for each in town.transport.carried
    ]


def test_the_first_mail_after_a_break_says_when_the_last_one_came(town: Town) -> None:
    (ida,) = town.walk("ida")
    town.run(MONDAY + 2 * DAY)
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 20 * DAY, now=town.clock.now(), zone="UTC")
    town.transport.defer("ida@example.org")
    town.run()
    assert [line.partition(",")[2].strip() for line in greeted(town)] == [
        "", "your last mail came on 5 January 2027; here the series goes on.", "",
    ]  # fmt: skip


def test_after_a_greeting_that_ends_its_own_sentence_it_begins_one(town: Town) -> None:
    (ida,) = town.walk("ida", what=at(SERIES, greeting=Greeting("Hello {{ subscriber.first_name }}!", "Hello!")))
    town.run(MONDAY + 2 * DAY)
    with town.backmail.durable() as tx:
        decisions.pause(tx, town.backmail.shelf, ida, MONDAY + 20 * DAY, now=town.clock.now(), zone="UTC")
    town.run()
    assert greeted(town)[1].startswith("Hello Ida! Your last mail came on 5 January 2027;")


def test_a_series_with_long_delays_makes_nothing_of_them(town: Town) -> None:
    town.walk("ida", what=campaign(step("a", "0"), step("b", "3w"), slug="slow"))
    town.run()
    assert [line.partition(",")[2] for line in greeted(town)] == ["", ""]
