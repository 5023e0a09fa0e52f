"""The database is full, locked or cut off in the middle of a batch: nobody is lost, and it goes on by itself."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.errors import StoreBusy
from backmail.store import queue
from backmail.store.engine import Commit, connect, watched
from backmail.transports import MemoryTransport
from tests.stories.disks import filled, small_disk
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

TUESDAY = MONDAY + DAY + 8 * HOUR
NAMES = ("ida", "bo", "eva", "kim", "ole", "una")
WINDOW = 2
ONE_EACH = Counter({(name, "only"): 1 for name in NAMES})
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'worker'"
SECONDS_30 = dt.timedelta(seconds=30)  # longer than a lease


class Fault:
    """Watches a worker's transactions, and lets something happen at one of them: the second of its name in a batch."""

    def __init__(self, name: str, stage: str) -> None:
        self._at = (name, stage)
        self.left = 1 if name == "claim" else 2
        self.happens: Callable[[], object] = lambda: None

    def __call__(self, commit: Commit) -> None:
        if (commit.name, commit.stage) == self._at:
            self.left -= 1
            if self.left == 0:
                self.happens()

    @property
    def came(self) -> bool:
        """Whether it happened."""
        return self.left <= 0


def walking(store: sa.Engine, root: Path, fault: Fault) -> Town:
    """Return a town where everybody's mail is due, and each batch has three groups."""
    town = Town(watched(store, fault), root, transport=MemoryTransport(window=WINDOW))
    town.walk(*NAMES, what=campaign(step("only", "0"), slug="one"))
    town.clock.turn(TUESDAY)
    return town


def time_passes(town: Town) -> None:
    """Let a lease end, on whichever clock it goes by."""
    town.clock.turn(town.clock.at + SECONDS_30)
    if town.store.dialect.name == "postgresql":
        with town.backmail.durable() as tx:
            tx.exec_driver_sql("UPDATE deliveries SET lease_until = 0 WHERE lease_until IS NOT NULL")


def refused(town: Town, why: str) -> None:
    """See that the worker is told why, as often as it tries."""
    for _ in range(3):
        with pytest.raises(StoreBusy, match=why):
            town.tick()


def nobody_is_lost(town: Town, *, copies: int = 0) -> None:
    """See that the worker goes on as it stands, and that everybody has her mail, in so many copies too many."""
    time_passes(town)
    town.tick()
    town.run()
    assert set(town.mails) == set(ONE_EACH)
    assert len(town.mails) - len(NAMES) == copies
    assert {(row.state, row.unknowns) for row in town.deliveries()} == {("accepted", 0)}
    with town.backmail.reading() as tx:
        assert queue.disagreements(tx) == []


@contextmanager
def reached(address: str, patience: float = 5) -> Iterator[sa.Engine]:
    """Open a database, and let nothing of it stay open."""
    made = connect(address, patience=patience)
    try:
        yield made
    finally:
        made.dispose()


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Hold the database as another program would that writes for very long."""
    with reached(address) as other, closing(other.connect()) as tx, tx.begin():
        if other.dialect.name == "postgresql":
            tx.exec_driver_sql("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE NOWAIT")
        yield


@pytest.mark.parametrize("name", ["claim", "hand-over", "record"])
def test_a_database_that_is_locked_amidst_a_batch(shared: str, tmp_path: Path, name: str) -> None:
    fault = Fault(name, "begins")
    with reached(shared, 0.05) as store, ExitStack() as seized:
        town = walking(store, tmp_path, fault)
        fault.happens = lambda: seized.enter_context(locked(shared))
        with pytest.raises(StoreBusy, match="is locked by another program"):
            town.tick()
        assert fault.came
        left = list(town.transport.carried)
        if store.dialect.name == "sqlite":  # PostgreSQL's lock is one that nobody can even look past
            town.clock.turn(town.clock.at + SECONDS_30)
            refused(town, "is locked by another program")
        assert town.transport.carried == left
        seized.close()
        nobody_is_lost(town)


@pytest.mark.parametrize("left", [0, 1_000_000], ids=["nothing left", "little left"])
@pytest.mark.parametrize(
    ("name", "stage"),
    [("claim", "begins"), ("claim", "after"), ("hand-over", "begins"), ("hand-over", "after"), ("record", "after")],
)
def test_a_disk_that_fills_amidst_a_batch(
    sqlite_upgraded: Path, tmp_path: Path, name: str, stage: str, left: int
) -> None:
    folder, fault = tmp_path / "disk", Fault(name, stage)
    folder.mkdir()
    shutil.copy(sqlite_upgraded, folder / "backmail.db")
    with small_disk(folder, 20 * 2**20) as mounted, ExitStack() as stack:
        if mounted is None:
            pytest.skip("nothing can be mounted here")
        store = stack.enter_context(reached(f"sqlite:///{folder / 'backmail.db'}"))
        town = walking(store, tmp_path, fault)
        room: list[Callable[[], None]] = []
        fault.happens = lambda: room.append(filled(folder, left))
        with pytest.raises(StoreBusy, match="has no room left on its disk"):
            town.tick()
        # Nothing leaves of which it might not be possible to write down that it left, save what stood on the step.
        on_the_step = WINDOW if name == "hand-over" else 0
        before = 0 if name == "claim" else (2 if name == "record" else 1) * WINDOW
        assert before <= len(town.transport.carried) <= before + on_the_step
        sent = len(town.transport.carried)
        refused(town, "has no room left on its disk")
        assert len(town.transport.carried) == sent
        room[0]()
        nobody_is_lost(town)


@pytest.mark.parametrize("stage", ["begins", "before", "after"])
@pytest.mark.parametrize("name", ["claim", "hand-over", "record"])
def test_a_line_to_the_database_that_is_cut(shared_postgres: str, tmp_path: Path, name: str, stage: str) -> None:
    """The server ends it: between two transactions, which is not even noticed, or when all is written but the end."""
    fault = Fault(name, stage)
    with reached(f"{shared_postgres}&application_name=worker") as store, reached(shared_postgres) as other:
        town = walking(store, tmp_path, fault)

        def cut() -> None:
            with other.begin() as tx:
                assert tx.exec_driver_sql(CUT).all()

        fault.happens = cut
        if stage == "before":
            with pytest.raises(StoreBusy, match=r"is going down or coming up|cannot be reached"):
                town.tick()
        else:
            town.tick()
        assert fault.came
        nobody_is_lost(town)


@pytest.mark.parametrize("name", ["sweep", "claim", "hand-over", "record"])
def test_an_end_of_which_nobody_heard(shared: str, tmp_path: Path, name: str) -> None:
    """All was written and ended, and the line went before the worker was told so: it cannot know."""
    fault = Fault(name, "after")
    fault.left = 1
    with reached(shared) as store:
        town = walking(store, tmp_path, fault)

        def lost() -> None:
            raise StoreBusy("the line to the database was lost")

        fault.happens = lost
        with pytest.raises(StoreBusy, match="the line to the database was lost"):
            town.tick()
        assert fault.came
        nobody_is_lost(town)
