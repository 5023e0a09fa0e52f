"""What a yes, a no and a tag bring about: consent, what starts with it, what it ends, and how often we may ask."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.audience import consents, subscribers, suppressions, tags
from backmail.errors import UnknownName
from backmail.model.campaign import Start, StartKind
from backmail.model.delivery import Receipt, Refused
from backmail.model.message import Message
from backmail.model.states import SubscriberState, SuppressionReason
from backmail.sending import decisions
from backmail.sending.decisions import Shown
from backmail.transports import MemoryTransport
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step

MINUTE = dt.timedelta(minutes=1)
SHOWN = Shown("Yes, send me the series.", "1", "en", "a form")
ASKING = campaign(step("ask", "0"), slug="_confirm")


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path)


def confirm(town: Town, person: int) -> list[str]:
    with town.backmail.durable() as tx:
        return decisions.confirm(tx, town.backmail.shelf, person, SHOWN, now=town.clock.now(), zone="UTC")


def ask(town: Town, person: int) -> bool:
    with town.backmail.durable() as tx:
        return decisions.ask_to_confirm(tx, town.backmail.shelf, person, now=town.clock.now(), zone="UTC")


def tagged(town: Town, person: int, *words: str) -> list[str]:
    with town.backmail.durable() as tx:
        return decisions.tagged(tx, town.backmail.shelf, [person], words, now=town.clock.now(), zone="UTC")


def test_a_yes_is_kept_as_it_was_said_and_starts_what_waits_for_it(town: Town) -> None:
    town.publish(at(SERIES, start=Start(StartKind.ENROLL), id="c-by-hand", slug="by-hand"))
    town.publish(campaign(step("x", "0"), slug="others", audience="tag:other"))
    town.publish()
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    town.clock.turn(MONDAY + 11 * HOUR)
    assert confirm(town, ida) == [SERIES.id]
    assert confirm(town, ida) == []
    town.tick()
    assert town.mails == [("ida", "one")]
    with town.backmail.reading() as tx:
        assert subscribers.get(tx, ida).state is SubscriberState.ACTIVE
        (said,) = consents.of(tx, ida)
    assert (said.act, said.shown, said.version, said.language, said.source) == (
        "confirmed", "Yes, send me the series.", "1", "en", "a form",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "lifted"),
    [
        (SuppressionReason.UNSUBSCRIBED, True),
        (SuppressionReason.ERASED, True),
        (SuppressionReason.BOUNCED, False),
        (SuppressionReason.COMPLAINED, False),
        (SuppressionReason.OPERATOR, False),
    ],
)
def test_a_fresh_yes_lifts_her_own_no_and_nothing_else(town: Town, reason: SuppressionReason, lifted: bool) -> None:
    town.publish()
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=town.clock.now(), reason=reason)
    started = confirm(town, ida)
    with town.backmail.reading() as tx:
        standing = suppressions.standing(tx, subscribers.get(tx, ida).address)
    assert (standing == []) is lifted
    assert started == ([SERIES.id] if lifted else [])


def test_nobody_is_asked_again_and_again(town: Town) -> None:
    town.publish(ASKING)
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    answers = []
    for minutes in (0, 14, 15, 30, 45, 60, 24 * 60):
        town.clock.turn(MONDAY + minutes * MINUTE)
        answers.append(ask(town, ida))
        town.tick()
    assert answers == [True, False, True, True, False, False, True]
    assert town.mails == [("ida", "ask")] * 4


def test_who_is_not_reachable_is_not_asked(town: Town) -> None:
    town.publish(ASKING)
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY, reason=SuppressionReason.BOUNCED)
    assert not ask(town, ida)


def test_before_the_first_apply_there_is_nothing_to_ask_with(town: Town) -> None:
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    with pytest.raises(UnknownName, match="not published"):
        ask(town, ida)


def test_a_no_does_not_stop_the_question_whether_it_was_meant(town: Town) -> None:
    """Somebody unsubscribed and signs up again: the mail that asks must reach her, and a series must not."""
    town.publish(ASKING)
    (ida,) = town.add("ida")
    assert ask(town, ida)
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY)
    town.tick()
    assert town.mails == [("ida", "ask")]


def test_a_tag_starts_one_campaign_and_ends_another(town: Town) -> None:
    town.publish(at(SERIES, start=Start(StartKind.TAG, "bought"), id="c-thanks", slug="thanks"))
    town.walk("ida", what=at(SERIES, exits=("bought",)))
    (ida,) = [row.subscriber for row in town.enrollments()]
    assert tagged(town, ida, "looked") == []
    assert tagged(town, ida, "bought") == ["c-thanks"]
    assert [(row.campaign, row.state, row.reason) for row in town.enrollments()] == [
        (SERIES.id, "exited", "tag: bought"),
        ("c-thanks", "active", None),
    ]
    assert [(row.campaign, row.state) for row in town.deliveries()] == [(SERIES.id, "skipped"), ("c-thanks", "planned")]


def test_undoing_a_no_to_all_keeps_the_no_to_one(town: Town) -> None:
    town.publish(at(SERIES, id="c-second", slug="second"))
    (ida,) = town.add("ida")
    town.enroll([ida])
    town.publish()
    town.enroll([ida])
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY, campaign="c-second")
        decisions.unsubscribe(tx, ida, now=MONDAY)
    with town.backmail.durable() as tx:
        assert decisions.undo(tx, town.backmail.shelf, ida, now=MONDAY + DAY, zone="UTC")
    assert [(row.campaign, row.state) for row in town.enrollments()] == [("c-second", "exited"), (SERIES.id, "active")]


@pytest.mark.parametrize(("after", "state"), [(DAY, "exited"), (-DAY, "active")])
def test_a_tag_that_came_after_a_no_ends_the_campaign_although_the_no_is_undone(
    town: Town, after: dt.timedelta, state: str
) -> None:
    (ida,) = town.walk("ida", what=at(SERIES, exits=("bought",)))
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY)
        tags.tag(tx, [ida], ["bought", "looked"], now=MONDAY + after)
    tagged(town, ida, "bought", "looked")
    with town.backmail.durable() as tx:
        assert decisions.undo(tx, town.backmail.shelf, ida, now=MONDAY + 2 * DAY, zone="UTC")
    assert [row.state for row in town.enrollments()] == [state]
    assert town.states() == [("one", "planned" if state == "active" else "skipped")]


def test_what_came_back_after_her_no_finds_its_end_although_she_rests(town: Town) -> None:
    """It was on the wire when she said no, and its worker died: it waits for the hand-over that refuses it."""
    (ida,) = town.walk("ida")
    town.clock.turn(MONDAY + DAY + 8 * HOUR)

    class Gone(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            with town.backmail.durable() as tx:
                decisions.unsubscribe(tx, ida, now=town.clock.now())
            for each in group:
                yield each.delivery_id, Refused(451, "4.2.0", "later")

    town.backmail = town.worker(Gone())
    town.tick()
    assert town.states() == [("one", "deferred")]
    town.backmail = town.worker()
    with town.backmail.durable() as tx:
        until = town.clock.now() + DAY
        decisions.pause(tx, town.backmail.shelf, ida, until, now=town.clock.now(), zone="UTC")
    town.run()
    assert (town.states(), town.mails) == ([("one", "skipped")], [])


def test_a_tag_between_two_noes_ends_the_campaign_although_both_are_undone(town: Town) -> None:
    (ida,) = town.walk("ida", what=at(SERIES, exits=("bought",)))
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY, campaign=SERIES.id)
        tags.tag(tx, [ida], ["bought"], now=MONDAY + HOUR)
    tagged(town, ida, "bought")
    with town.backmail.durable() as tx:
        decisions.unsubscribe(tx, ida, now=MONDAY + 2 * HOUR)
        for campaign_ in (SERIES.id, ""):
            assert decisions.undo(tx, town.backmail.shelf, ida, now=MONDAY + 3 * HOUR, zone="UTC", campaign=campaign_)
    assert [row.state for row in town.enrollments()] == ["exited"]
    town.run()
    assert town.mails == []


def test_a_yes_starts_what_begins_with_a_tag_that_she_has_already(town: Town) -> None:
    town.publish(at(SERIES, start=Start(StartKind.TAG, "bought")))
    (ida,) = town.add("ida", state=SubscriberState.PENDING, tags=("bought",))
    assert tagged(town, ida, "bought") == []
    assert confirm(town, ida) == [SERIES.id]


def test_who_said_yes_elsewhere_is_not_asked_any_more(town: Town) -> None:
    town.publish(ASKING)
    (ida,) = town.add("ida", state=SubscriberState.PENDING)
    ask(town, ida)
    confirm(town, ida)
    town.tick()
    assert town.mails == []
    assert [(row.state, row.reason) for row in town.deliveries()] == [("skipped", "exited: confirmed")]
