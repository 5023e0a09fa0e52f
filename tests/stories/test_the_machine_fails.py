"""Memory runs out, a relay falls silent, the engine is told to stop amidst many mails: nobody is lost to any of it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from backmail import rendering
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.sending.operations import retry
from backmail.sending.published import Published
from backmail.store import claims
from backmail.store.engine import connect
from backmail.transports import MemoryTransport
from tests.cli.installation import first_mails, project, running
from tests.cli.relay import Relay
from tests.cli.test_run import SERVED, smtp
from tests.desk.workbench import Said
from tests.store.world import in_memory
from tests.stories.shop import ONCE_EACH, got
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

Call = Callable[..., Said]

TUESDAY = MONDAY + DAY + 8 * HOUR
PATIENCE = 60  # seconds; a machine on which much else runs needs some of them


@pytest.fixture
def town(sqlite_upgraded: Path, tmp_path: Path) -> Iterator[Town]:
    store = in_memory(sqlite_upgraded)
    yield Town(store, tmp_path)
    store.dispose()


# Memory


def test_one_mail_for_which_the_memory_does_not_suffice_fails_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.walk("ida", "bo", what=campaign(step("only", "0"), slug="one"))
    made, hers = rendering.address, str(town.deliveries()[0].id)

    def address(composed: Any, reader: Any, delivery: str, links: Any) -> Any:
        if delivery == hers:
            raise MemoryError
        return made(composed, reader, delivery, links)

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "address", address)
        town.run(TUESDAY)
    assert town.mails == [("bo", "only")]
    ida, _ = town.deliveries()
    assert (ida.state, ida.hand_overs) == ("failed", 0)
    assert ida.reason.startswith("render: MemoryError")
    goes_after_a_retry(town)


def goes_after_a_retry(town: Town) -> None:
    """See that what failed for its mail goes when the operator says so, and the series with it."""
    with town.backmail.durable() as tx:
        retry(tx, town.backmail.shelf, now=town.clock.now(), zone="UTC", by="ann")
    town.run()
    assert {row.state for row in town.deliveries()} == {"accepted"}


def test_one_step_for_which_the_memory_does_not_suffice_holds_up_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.walk("ida", what=campaign(step("huge", "0"), slug="huge"))
    town.walk("bo", what=campaign(step("small", "0"), slug="small"))
    compose = Published.compose

    def composed(self: Published, name: str, *more: Any, **words: Any) -> Any:
        if name == "huge":
            raise MemoryError
        return compose(self, name, *more, **words)

    with monkeypatch.context() as patch:
        patch.setattr(Published, "compose", composed)
        town.run(TUESDAY)
    assert town.mails == [("bo", "small")]
    goes_after_a_retry(town)


# Takes the memory away at a moment, for good: from then on anything may fail, anywhere.
_STARVED = """
import resource, sys
from backmail import rendering
from backmail.cli import perform
from backmail.transports import FolderTransport

where, name = {"rendering": (rendering, "address"), "sending": (FolderTransport, "send")}[sys.argv[1]]
real, ballast = getattr(where, name), []

def starve(*arguments):
    if not ballast:
        pages = int(open("/proc/self/statm").read().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize(),) * 2)
        for size in (2**20, 2**16, 2**12, 2**9):
            try:
                while True:
                    ballast.append(bytearray(size))
            except MemoryError:
                pass
    return real(*arguments)

setattr(where, name, starve)
sys.exit(perform(["run", "--once"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can be told how much memory it may have")
@pytest.mark.parametrize("at", ["rendering", "sending"])
def test_a_process_whose_memory_is_at_an_end(shop: Path, backmail: Call, at: str) -> None:
    starved = subprocess.run([sys.executable, "-c", _STARVED, at], capture_output=True, timeout=PATIENCE, check=False)
    assert starved.returncode != 0 or got(shop) != ONCE_EACH, starved.stderr
    backmail("retry")  # where it could still be written down that a mail could not be made
    for _ in range(2):
        assert backmail("run", "--once")[0] == 0
    assert got(shop) == ONCE_EACH


# The end


def test_a_sigterm_amidst_very_many_mails_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    people, window = 120, 20
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port, connections=window), people=people)
        with running(made, *SERVED) as engine:
            for _ in range(window):
                assert relay.came.acquire(timeout=PATIENCE)
            engine.process.send_signal(signal.SIGTERM)
            engine.until("stopping: what is on its way is waited for")
            relay.answer.set()
            assert engine.process.wait(timeout=10) == 0
    assert first_mails(made) == {"accepted": window, "planned": people - window}
    assert len(relay.mails) == window


# The network


def test_a_relay_that_is_silent_for_longer_than_the_lease_gets_no_copies(tmp_path: Path, shared_postgres: str) -> None:
    """The worker says again and again that it still works on them, so no other takes them over."""
    people, window = 4, 2
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=people, database=shared_postgres)
        with running(made, *SERVED) as first:
            for _ in range(window):
                assert relay.came.acquire(timeout=PATIENCE)
            with running(made, *SERVED) as second:
                second.until("next mail: |no mail waits")
                assert not relay.came.acquire(timeout=2.5)  # seconds; the lease has two
                relay.answer.set()
                for _ in range(people - window):
                    assert relay.came.acquire(timeout=PATIENCE)
                assert first.end(signal.SIGTERM) == second.end(signal.SIGTERM) == 0
    assert first_mails(made) == {"accepted": people}
    assert len(set(relay.recipients)) == len(relay.recipients) == people


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_while_one_worker_waits_for_its_relay_another_sends_to_whoever_comes(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    class Silent(MemoryTransport):
        async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
            town.enroll(town.add("eva"))
            town.clock.ticked += 15_000_000  # of the lease of 20 s; the renewal comes before its end
            with town.backmail.relaxed() as tx:
                leases = town.backmail.leases
                leases.renew(claims.renew(tx, leases.held, leases.now()), leases.now())
            town.clock.ticked += 15_000_000
            await another.tick()
            async for answer in super().send(group):
                yield answer

    store = connect(str(request.getfixturevalue(f"shared_{kind}")))
    town = Town(store, tmp_path, transport=Silent(), alone=False)
    another = town.worker(MemoryTransport())
    town.walk("ida", "bo", what=campaign(step("only", "0"), slug="one"))
    town.clock.turn(TUESDAY)
    town.tick()
    assert sorted(town.mails) == [("bo", "only"), ("ida", "only")]
    [hers] = another.transport.carried  # type: ignore[attr-defined]
    assert hers.message.mailbox.email == "eva@example.org"
    assert {(row.state, row.hand_overs) for row in town.deliveries()} == {("accepted", 1)}
    store.dispose()


# The file


def test_a_database_that_is_replaced_by_another_is_not_written_to(tmp_path: Path) -> None:
    made = project(tmp_path, people=3)
    folder = tmp_path / ".backmail"
    shutil.copy(folder / "backmail.db", tmp_path / "other.db")
    before = (tmp_path / "other.db").read_bytes()
    with running(made, *SERVED) as engine:
        engine.until("3 accepted")
        for name in ("backmail.db-wal", "backmail.db-shm"):
            (folder / name).unlink(missing_ok=True)
        (tmp_path / "other.db").replace(folder / "backmail.db")
        assert engine.process.wait(timeout=PATIENCE) == 3
        engine.end()
    assert "it was deleted or replaced while the engine was running" in "\n".join(engine.told)
    assert (folder / "backmail.db").read_bytes() == before
    assert first_mails(made) == {"planned": 3}
