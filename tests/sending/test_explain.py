"""Why somebody got a mail or none: every reason there is, from rows in which it holds."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.clock import Span
from backmail.errors import UnknownName
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.explain import told
from backmail.sending.reasons import Reason, word
from backmail.store.engine import durable
from backmail.store.tables import campaigns, consents, deliveries, events, subscribers, suppressions, tags
from tests.sending.situations import CASES, COPENHAGEN, DAY, Situation, campaign, step
from tests.store.world import HOUR, NINE, SLOT, in_memory


@pytest.fixture
def it(store: sa.Engine) -> Situation:
    return Situation.of(store)


@pytest.fixture
def here(sqlite_upgraded: Path) -> Situation:
    return Situation.of(in_memory(sqlite_upgraded))


def test_what_a_restore_held_and_somebody_let_go_again_is_in_doubt_no_longer(it: Situation) -> None:
    it.stands("deferred", word(Reason.RESTORED), next_try_at=NINE + HOUR)
    [walk] = it.explain().walks
    assert (walk.why.reason, walk.why.at) == (Reason.RETRY, NINE + HOUR)


def test_every_reason_has_a_case() -> None:
    assert set(CASES) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_given_where_it_holds(here: Situation, reason: Reason) -> None:
    case = CASES[reason]
    case.make(here)
    [walk] = here.explain(step=case.step).walks
    why = walk.steps[0].why if case.step else walk.why
    assert why.reason is reason
    said = why.sentence(COPENHAGEN)
    assert re.fullmatch(r"[A-Z].*\.|moonstruck: since then", said)
    assert not re.search(r"[][{}]|  | \.|\(\)", said)


def test_on_both_databases_the_answer_is_the_same(it: Situation) -> None:
    it.now = NINE - HOUR
    explained = it.explain()
    [walk] = explained.walks
    assert (explained.email, explained.zone, walk.state) == ("anna@example.org", COPENHAGEN, EnrollmentState.ACTIVE)
    assert walk.next == walk.steps[0]
    assert (walk.steps[0].state, walk.steps[0].next_at) == (DeliveryState.PLANNED, NINE)
    assert walk.why.sentence(explained.zone) == "It goes on Tue 2027-03-02 09:00 (08:00 UTC)."


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (Reason.UNSUBSCRIBED, Reason.NOT_LIVE),
        (Reason.NOT_PUBLISHED, Reason.UNSUBSCRIBED),
        (Reason.NOT_LIVE, Reason.CAMPAIGN_PAUSED),
        (Reason.ALL_PAUSED, Reason.CAMPAIGN_PAUSED),
        (Reason.CAMPAIGN_PAUSED, Reason.PERSON_PAUSED),
        (Reason.PERSON_PAUSED, Reason.STEP_GONE),
        (Reason.STEP_GONE, Reason.ACCOUNT),
        (Reason.UNDER_WAY, Reason.NO_ENGINE),
    ],
)
def test_of_two_reasons_the_one_that_counts_more_is_told(here: Situation, earlier: Reason, later: Reason) -> None:
    CASES[later].make(here)
    CASES[earlier].make(here)
    assert here.explain().walks[0].why.reason is earlier


def test_a_no_to_one_campaign_is_none_to_another(here: Situation) -> None:
    here.world.suppress("anna", scope="c-2")
    assert here.explain().walks[0].why.reason is Reason.DUE
    here.world.suppress("anna", scope="c-1")
    assert here.explain().walks[0].why.sentence("UTC").endswith(" from stronger-back.")


def test_a_no_that_was_lifted_holds_nothing_back(here: Situation) -> None:
    here.world.suppress("anna")
    with durable(here.world.store) as tx:
        tx.execute(suppressions.update().values(lifted_at=NINE, lifted_because="asked by phone"))
    explained = here.explain()
    assert explained.walks[0].why.reason is Reason.DUE
    assert "we may write again: unsubscribed was lifted (asked by phone)" in [one.text for one in explained.happened]


def test_a_transport_that_reaches_nobody_needs_nothing_live(here: Situation) -> None:
    CASES[Reason.NOT_LIVE].make(here)
    here.live_needed = False
    assert here.explain().walks[0].why.reason is Reason.DUE


def test_system_mails_know_no_slot_no_pause_of_hers_and_no_unsubscribe(here: Situation) -> None:
    world = here.world
    world.change(campaigns, "c-1", system=True, to_pending=True)
    world.change(deliveries, here.mail, system=True)
    world.change(subscribers, here.anna, state="pending", paused_until=NINE + DAY)
    world.suppress("anna")
    here.now = SLOT.closes
    assert here.explain().walks[0].why.reason is Reason.DUE
    world.suppress("anna", "bounced")
    assert here.explain().walks[0].why.reason is Reason.BOUNCED


def test_a_mail_that_was_tried_needs_no_slot(here: Situation) -> None:
    here.handed("deferred", word(Reason.MAILBOX, "full"), next_try_at=SLOT.closes)
    here.now = SLOT.closes + HOUR
    assert here.explain().walks[0].why.reason is Reason.DUE


def test_a_mail_that_was_tried_is_tried_again_also_when_its_step_is_gone(here: Situation) -> None:
    CASES[Reason.MAILBOX].make(here)
    CASES[Reason.STEP_GONE].make(here)
    assert here.explain().walks[0].why.reason is Reason.MAILBOX


def test_a_system_mail_under_way_keeps_no_other_back(here: Situation) -> None:
    CASES[Reason.UNDER_WAY].make(here)
    here.world.change(campaigns, "c-2", system=True)
    assert here.explain().walks[0].why.reason is Reason.DUE


@pytest.mark.parametrize("wish", ["hold", "drop"])
def test_what_an_engine_died_over_is_held_where_the_campaign_wants_it(here: Situation, wish: str) -> None:
    CASES[Reason.LEASE].make(here)
    here.world.change(campaigns, "c-1", on_uncertain=wish)
    assert here.explain().walks[0].why.reason is Reason.HELD


def test_a_walk_that_ended_says_how_of_each_step_that_was_never_planned(here: Situation) -> None:
    CASES[Reason.TAG].make(here)
    [told_] = here.explain(step="bridges").walks[0].steps
    assert (told_.state, told_.why.reason, told_.why.detail) == (None, Reason.TAG, "bought")


def test_the_next_step_waits_for_the_engine_when_all_before_it_is_over(here: Situation) -> None:
    CASES[Reason.ACCEPTED].make(here)
    assert here.explain(step="pelvic-tilts").walks[0].steps[0].why.reason is Reason.UNPLANNED
    assert here.explain(step="bridges").walks[0].steps[0].why.reason is Reason.UNPLANNED


def test_a_step_that_nobody_knows_is_an_error_with_a_proposal(here: Situation) -> None:
    with pytest.raises(UnknownName, match="did you mean 'bridges'"):
        here.explain(step="bridge")


def test_a_step_of_an_older_version_is_known_by_who_got_it(here: Situation) -> None:
    here.handed("accepted", accepted_at=NINE)
    here.shelf.campaigns["c-1"] = campaign(steps=(step("bridges", after=Span(0, "h")),))
    [told_] = here.explain(step="why-move").walks[0].steps
    assert told_.why.reason is Reason.ACCEPTED


def test_of_two_runs_the_last_one_answers_for_a_step(here: Situation) -> None:
    here.handed("accepted", accepted_at=NINE)
    here.ended("finished")
    here.enrollment = here.world.enrollment(here.anna, run=2)
    here.plan("why-move")
    explained = here.explain(step="why-move")
    assert [(walk.run, walk.steps[0].why.reason) for walk in explained.walks] == [(2, Reason.DUE)]
    assert [walk.run for walk in here.explain().walks] == [1, 2]


def test_what_happened_is_told_in_its_order(here: Situation) -> None:
    here.handed("accepted", accepted_at=NINE + HOUR)
    here.world.suppress("anna")
    with durable(here.world.store) as tx:
        row = {"shown": "Yes", "shown_version": "1", "language": "en", "source": "form signup"}
        tx.execute(consents.insert().values(subscriber=here.anna, at=NINE - HOUR, act="confirmed", **row))
        tx.execute(tags.insert().values(subscriber=here.anna, tag="backpain", since=NINE - 2 * HOUR))
        heard = {"source": "sendgrid", "kind": "delivered", "heard_at": NINE, "raw": "{}"}
        tx.execute(events.insert().values(external="e1", at=NINE + 2 * HOUR, delivery=here.mail, **heard))
    here.ended("exited", "unsubscribed")
    happened = here.explain(campaign="").happened
    assert [(one.what, one.campaign, one.step) for one in happened] == [
        ("tagged", "", ""),
        ("confirmed", "", ""),
        ("added", "", ""),
        ("suppressed", "", ""),
        ("enrolled", "stronger-back", ""),
        ("exited", "stronger-back", ""),
        ("handed", "stronger-back", "why-move"),
        ("accepted", "stronger-back", "why-move"),
        ("delivered", "stronger-back", "why-move"),
    ]
    assert [one.what for one in here.explain(step="why-move").happened] == ["handed", "accepted", "delivered"]
    assert [one.what for one in here.explain(step="bridges").happened] == []


def test_nothing_of_other_people_is_told(here: Situation) -> None:
    before = here.explain(campaign="")
    [other] = here.world.planned("bea")
    here.world.handed(other)
    here.world.suppress("bea")
    assert here.explain(campaign="") == before


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (NINE, COPENHAGEN, "Tue 2027-03-02 09:00 (08:00 UTC)"),
        (NINE, "UTC", "Tue 2027-03-02 08:00 UTC"),
        (NINE, "Pacific/Auckland", "Tue 2027-03-02 21:00 (08:00 UTC)"),
        (dt.datetime(2027, 3, 1, 20, tzinfo=dt.UTC), "Pacific/Auckland", "Tue 2027-03-02 09:00 (2027-03-01 20:00 UTC)"),
    ],
)
def test_an_instant_is_told_by_her_clock_and_in_utc(at: dt.datetime, zone: str, words: str) -> None:
    assert told(at, zone) == words
