"""How everything stands, and what of it wants a person."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.reasons import Reason, word
from backmail.sending.status import Status, status
from backmail.store.engine import durable, reading
from backmail.store.pauses import Pause, begin
from backmail.store.tables import campaigns, deliveries, enrollments
from tests.sending.situations import CASES, Situation
from tests.store.world import HOUR, NINE, SLOT, in_memory


@pytest.fixture
def it(store: sa.Engine) -> Situation:
    return Situation.of(store)


@pytest.fixture
def here(sqlite_upgraded: Path) -> Situation:
    return Situation.of(in_memory(sqlite_upgraded))


def ask(it: Situation) -> Status:
    """Return how everything stands."""
    with reading(it.world.store) as tx:
        return status(tx, it.now, live_needed=it.live_needed, running=it.running)


def wants(it: Situation) -> list[tuple[Reason, int]]:
    """Return what wants a person, and how many mails each is about."""
    return [(want.reason, want.count) for want in ask(it).wants]


def test_nothing_wants_anybody_while_all_goes_well(it: Situation) -> None:
    told = ask(it)
    assert told.wants == ()
    [one] = told.campaigns
    assert (one.slug, one.version, one.live_at, one.pause, one.next_at, one.late) == (
        "stronger-back",
        1,
        NINE,
        None,
        NINE,
        0,
    )
    assert one.people == {EnrollmentState.ACTIVE: 1, EnrollmentState.FINISHED: 0, EnrollmentState.EXITED: 0}
    assert {state: count for state, count in one.mails.items() if count} == {DeliveryState.PLANNED: 1}
    assert (told.running, told.pause) == (True, None)
    assert told.size > 0 or it.world.store.url.database in (None, "")


def test_what_waits_for_a_person_comes_in_the_order_of_its_danger(it: Situation) -> None:
    ids = it.world.planned(*"abcdefgh")
    rows = [
        ("failed", word(Reason.RENDER, "02.md:7: x")),
        ("failed", word(Reason.RENDER, "03.md:9: y")),
        ("failed", word(Reason.MESSAGE, "too big")),
        ("deferred", word(Reason.POLICY, "421 for <bea@example.org>")),
        ("deferred", word(Reason.ACCOUNT, "535 no")),
        ("deferred", word(Reason.MAILBOX, "full")),
        ("uncertain", word(Reason.LINE, "no answer")),
        ("uncertain", word(Reason.RESTORED)),
    ]
    for id_, (state, reason) in zip(ids, rows, strict=True):
        it.world.change(deliveries, id_, state=state, reason=reason, next_try_at=None)
    told = ask(it).wants
    assert [(want.reason, want.count) for want in told] == [
        (Reason.RESTORED, 1),
        (Reason.HELD, 1),
        (Reason.ACCOUNT, 1),
        (Reason.POLICY, 1),
        (Reason.RENDER, 2),
        (Reason.MESSAGE, 1),
    ]
    assert [want.text for want in told] == [
        "stronger-back: 1 mail may have gone out before the database was restored: somebody has to decide",
        "stronger-back: 1 mail may have arrived or not: somebody has to decide",
        "stronger-back: 1 mail waits: the provider refused our account",
        "stronger-back: 1 mail waits: our set-up or our name was refused",
        "stronger-back: 2 mails could not be rendered (02.md:7: x)",
        "stronger-back: 1 mail was refused for what it is",
    ]
    assert {want.command for want in told[:2]} == {"backmail settle stronger-back"}
    assert {want.command for want in told[2:]} == {"backmail retry stronger-back"}


def test_of_who_left_the_campaign_nothing_is_wanted(here: Situation) -> None:
    CASES[Reason.RENDER].make(here)
    here.ended("exited", "unsubscribed")
    assert wants(here) == []


def test_a_mail_is_late_when_it_could_have_gone_for_ten_minutes(it: Situation) -> None:
    it.now = NINE + HOUR / 6 - HOUR / 3600
    assert wants(it) == []
    it.now = NINE + HOUR / 6
    assert wants(it) == [(Reason.DUE, 1)]
    it.running = False
    assert wants(it) == [(Reason.NO_ENGINE, 1)]
    assert ask(it).wants[0].text == "stronger-back: 1 mail is due, and no engine is running"
    it.now = NINE
    assert wants(it) == [(Reason.NO_ENGINE, 1)]
    it.now = SLOT.closes
    assert wants(it) == []


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        (Reason.NOT_LIVE, "backmail live stronger-back"),
        (Reason.CAMPAIGN_PAUSED, "backmail resume stronger-back"),
        (Reason.ALL_PAUSED, "backmail resume"),
    ],
)
def test_what_may_not_go_is_not_late_and_says_who_can_let_it(here: Situation, reason: Reason, command: str) -> None:
    CASES[reason].make(here)
    here.now = NINE + HOUR
    [want] = ask(here).wants
    assert (want.reason, want.count, want.command) == (reason, 1, command)


def test_what_is_not_published_is_not_late(here: Situation) -> None:
    CASES[Reason.NOT_PUBLISHED].make(here)
    here.now = NINE + HOUR
    assert wants(here) == []


def test_a_transport_that_reaches_nobody_can_be_late_without_being_live(here: Situation) -> None:
    CASES[Reason.NOT_LIVE].make(here)
    here.now, here.live_needed = NINE + HOUR, False
    assert wants(here) == [(Reason.DUE, 1)]


def test_system_mails_are_late_as_soon_as_any_campaign_is_live(here: Situation) -> None:
    here.world.campaign("c-2", system=True, live_at=None)
    with durable(here.world.store) as tx:
        tx.execute(deliveries.update().values(state="planned"))
    other = here.world.enrollment(here.world.person("bea"), "c-2")
    here.enrollment = other
    here.plan("confirm")
    here.now = NINE + HOUR
    assert [(want.campaign, want.reason) for want in ask(here).wants] == [
        ("stronger-back", Reason.DUE),
        ("c-2", Reason.DUE),
    ]
    here.world.change(campaigns, "c-1", live_at=None)
    assert [(want.campaign, want.reason) for want in ask(here).wants] == [("stronger-back", Reason.NOT_LIVE)]


def test_pauses_are_told(here: Situation) -> None:
    with durable(here.world.store) as tx:
        begin(tx, Pause("c-1", NINE, NINE + HOUR, because="holidays"))
        begin(tx, Pause(None, NINE, hold=True))
    told = ask(here)
    assert told.campaigns[0].pause == Pause("c-1", NINE, NINE + HOUR, False, "holidays")
    assert told.pause == Pause(None, NINE, None, True)


def test_people_are_counted_by_how_they_stand(here: Situation) -> None:
    ids = [here.world.enrollment(here.world.person(name)) for name in "abc"]
    for id_, state in zip(ids, ["finished", "exited", "exited"], strict=True):
        here.world.change(enrollments, id_, state=state, ended_at=NINE)
    assert list(ask(here).campaigns[0].people.values()) == [1, 1, 2]


def test_what_could_not_leave_is_told(it: Situation) -> None:
    [id_] = it.world.planned("a")
    it.world.change(deliveries, id_, state="deferred", reason=word(Reason.NOT_SENT, "no connection"))
    [want] = [want for want in ask(it).wants if want.reason is Reason.NOT_SENT]
    assert (want.text, want.command) == (
        "stronger-back: 1 mail could not leave, and is tried again",
        "backmail doctor",
    )
