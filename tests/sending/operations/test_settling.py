"""What nobody can tell is decided by the operator, and by nobody else."""

import json

import pytest
import sqlalchemy as sa

from backmail.errors import UnknownName
from backmail.sending.operations import campaign_named, held, settle
from backmail.sending.reasons import Reason, word
from backmail.store.engine import durable, reading
from backmail.store.tables import campaigns, deliveries, events
from tests.sending.situations import DAY, Situation
from tests.store.world import HOUR, NINE


@pytest.fixture
def it(store: sa.Engine) -> Situation:
    return Situation.of(store)


def decide(it: Situation, campaign: str | None = None, *, resend: bool) -> int:
    """Settle."""
    with durable(it.world.store) as tx:
        return settle(tx, it.shelf, campaign, resend=resend, now=it.now, zone="UTC", by="ann")


def waiting(it: Situation, campaign: str | None = None) -> dict[str, int]:
    """Return how many are held."""
    with reading(it.world.store) as tx:
        return held(tx, campaign)


def test_what_is_dropped_makes_room_for_the_next_step(it: Situation) -> None:
    it.handed("uncertain", word(Reason.LINE, "no answer"))
    assert waiting(it) == {"stronger-back": 1}
    assert decide(it, resend=False) == 1
    assert (it.world.state(it.mail), it.world.delivery(it.mail)["reason"]) == ("skipped", "dropped")
    with reading(it.world.store) as tx:
        [row] = tx.execute(deliveries.select().where(deliveries.c.step == "pelvic-tilts"))
    assert row.due_at == NINE + 7 * DAY
    assert waiting(it) == {}


def test_what_is_sent_again_goes_now_by_day(it: Situation) -> None:
    it.handed("uncertain", word(Reason.LINE, "no answer"))
    assert decide(it, resend=True) == 1
    assert it.world.delivery(it.mail)["next_try_at"] == NINE
    assert it.world.queued() == [it.mail]


def test_what_is_sent_again_waits_for_the_morning(it: Situation) -> None:
    it.handed("uncertain", word(Reason.LINE, "no answer"))
    it.now = NINE + 14 * HOUR
    decide(it, resend=True)
    assert it.world.delivery(it.mail)["next_try_at"] == NINE + 22 * HOUR


@pytest.mark.parametrize("reason", [Reason.LEASE, Reason.LINE])
def test_what_the_engine_decides_by_itself_is_not_asked_about(it: Situation, reason: Reason) -> None:
    it.handed("uncertain", word(reason), next_try_at=None if reason is Reason.LEASE else NINE + HOUR)
    assert waiting(it) == {}
    assert decide(it, resend=False) == 0
    assert it.world.state(it.mail) == "uncertain"


@pytest.mark.parametrize("reason", [Reason.LEASE, Reason.RESTORED])
def test_what_a_campaign_holds_and_what_was_restored_is_asked_about(it: Situation, reason: Reason) -> None:
    it.handed("uncertain", word(reason))
    if reason is Reason.LEASE:
        it.world.change(campaigns, "c-1", on_uncertain="hold")
    assert waiting(it, "c-1") == {"stronger-back": 1}
    assert waiting(it, "c-2") == {}
    assert decide(it, "c-2", resend=False) == 0
    assert decide(it, "c-1", resend=False) == 1


def test_who_decided_what_is_written_down(it: Situation) -> None:
    it.handed("uncertain", word(Reason.LINE))
    decide(it, "c-1", resend=True)
    with reading(it.world.store) as tx:
        [row] = tx.execute(events.select())
    assert (row.kind, row.at) == ("settled", NINE)
    assert json.loads(row.raw) == {"campaign": "c-1", "by": "ann", "how": "resend", "count": 1}


def test_a_campaign_is_known_by_its_slug_and_its_id(it: Situation) -> None:
    with reading(it.world.store) as tx:
        assert campaign_named(tx, "stronger-back") == campaign_named(tx, "c-1") == "c-1"
        with pytest.raises(UnknownName, match="did you mean 'stronger-back'"):
            campaign_named(tx, "strongr-back")
