"""Two engines on one database, though a lock should keep them apart: whoever lost its mails writes nothing of them."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from backmail.errors import StoreBusy
from backmail.model.states import OnUncertain
from backmail.sending.delivery.sweeping import Sweeper
from backmail.store import claims
from backmail.store.engine import connect, relaxed
from tests.cli.installation import Running, first_mails, project, running
from tests.cli.relay import Relay
from tests.cli.test_run import SERVED, smtp
from tests.stories.shop import held
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

PEOPLE, WINDOW = 6, 2
LONGER_THAN_A_LEASE = 2.5  # seconds; that of the tests is 2
LOCK = Path(".backmail/backmail.db.lock")
TUESDAY = MONDAY + DAY + 8 * HOUR
ONE = campaign(step("only", "0"), slug="one", on_uncertain=OnUncertain.HOLD)


def on_the_wire(relay: Relay, many: int = WINDOW) -> None:
    """Return once so many mails arrived of which nobody was told so yet."""
    for _ in range(many):
        assert relay.came.acquire(timeout=60)


def copies(relay: Relay) -> Counter[str]:
    """Return how many copies each reader got, all of which have the same Message-ID."""
    names = dict(relay.mails)
    assert set(relay.mails) == set(names.items())
    assert len(set(names.values())) == len(names)
    return Counter(to for to, _ in relay.mails)


def ended_by_itself(engine: Running) -> None:
    """See that an engine ends, and says why."""
    assert engine.process.wait(timeout=60) == 5
    engine.end()
    said = "\n".join(engine.told)
    assert "the lock beside the database was deleted or replaced while the engine was running" in said
    assert "another engine may run by now, so this one ends; nobody is lost" in said
    assert "Traceback" not in said


def test_an_engine_whose_lock_was_deleted_keeps_its_mails_and_ends(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=PEOPLE)
        with running(made, *SERVED) as first:
            on_the_wire(relay)
            (tmp_path / LOCK).unlink()
            with running(made, *SERVED) as second:
                second.until("next mail: |no mail waits")
                # What is on its way is renewed again and again, so the second one leaves it alone.
                assert not relay.came.acquire(timeout=LONGER_THAN_A_LEASE)
                relay.answer.set()
                ended_by_itself(first)
                assert second.end(signal.SIGTERM) == 0
    assert first_mails(made) == {"accepted": PEOPLE}
    assert list(copies(relay).values()) == [1] * PEOPLE


@pytest.mark.parametrize("at", ["before the mail", "after its last byte"])
def test_an_engine_that_stood_still_past_its_lease_writes_nothing(tmp_path: Path, shared: str, at: str) -> None:
    alone = shared.startswith("sqlite")
    with Relay() as relay:
        if at == "before the mail":
            relay.go_ahead.clear()
        made = project(tmp_path / "project", smtp(relay.port), people=PEOPLE, database=shared)
        with running(made, *SERVED) as first:
            for _ in range(WINDOW):
                assert (relay.asked if at == "before the mail" else relay.came).acquire(timeout=60)
            first.process.send_signal(signal.SIGSTOP)
            if alone:
                (tmp_path / "backmail.db.lock").unlink()
            with running(made, *SERVED) as second:
                for _ in range(WINDOW):  # taken over as soon as the lease is over
                    assert (relay.asked if at == "before the mail" else relay.came).acquire(timeout=60)
                first.process.send_signal(signal.SIGCONT)
                relay.go_ahead.set()
                relay.answer.set()
                if alone:
                    ended_by_itself(first)
                on_the_wire(relay, PEOPLE if at == "before the mail" else PEOPLE - WINDOW)
                assert second.end(signal.SIGTERM) == 0
            if not alone:
                assert first.end(signal.SIGTERM) == 0
    assert first_mails(made) == {"accepted": PEOPLE}
    extra = WINDOW if at == "after its last byte" else 0  # what was on the wire when it stood still
    assert sum(copies(relay).values()) == PEOPLE + extra
    assert max(copies(relay).values()) <= 2


def handed(town: Town) -> int:
    """Let another engine, which is neither dead nor proved so, hand one mail over, and return which."""
    lease = town.worker().leases.now()
    with relaxed(town.store) as tx:
        found = claims.head(tx, ONE.id, now=TUESDAY, most=1)
        [mine] = claims.claim(tx, [one.id for one in found], lease, now=TUESDAY, live_needed=False)
        return claims.hand_over(tx, [(mine.ticket, "")], lease, now=TUESDAY, live_needed=False).pop()


def test_what_a_lock_proves_it_proves_once(shared_sqlite: str, tmp_path: Path) -> None:
    """Whoever deletes the lock of an engine that found itself alone may start another one beside it."""
    town = Town(connect(shared_sqlite), tmp_path)
    town.walk("ida", "bo", what=ONE)
    town.clock.turn(TUESDAY)
    before, sweeper = handed(town), Sweeper(town.backmail.pump._office)
    assert sweeper.sweep(TUESDAY)["uncertain"] == 1
    beside = handed(town)
    assert [sweeper.sweep(TUESDAY)["uncertain"] for _ in range(3)] == [0, 0, 0]
    town.clock.ticked += 20_000_000
    assert sweeper.sweep(TUESDAY)["uncertain"] == 1
    assert {row.id: row.state for row in town.deliveries()} == {before: "uncertain", beside: "uncertain"}
    town.store.dispose()


def test_a_proof_that_the_database_could_not_take_is_not_used_up(shared_sqlite: str, tmp_path: Path) -> None:
    town = Town(connect(shared_sqlite, patience=0.05), tmp_path)
    town.walk("ida", what=ONE)
    town.clock.turn(TUESDAY)
    handed(town)
    sweeper = Sweeper(town.backmail.pump._office)
    with held(tmp_path / "backmail.db"), pytest.raises(StoreBusy):
        sweeper.sweep(TUESDAY)
    assert sweeper.sweep(TUESDAY)["uncertain"] == 1
    town.store.dispose()
