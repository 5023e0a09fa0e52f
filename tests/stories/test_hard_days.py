"""Days on which a machine is at fault: each is told in clear words, nobody is lost, and nobody gets a mail twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.config import find_project
from backmail.engines import LocalEngine
from backmail.errors import StoreBusy
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.store.engine import connect
from backmail.transports import MemoryTransport
from tests.cli.installation import project as installation
from tests.cli.installation import running
from tests.desk.workbench import Said
from tests.stories.disks import few_pages, only_to_be_read, scarce, small_disk
from tests.stories.shop import DATABASE, ONCE_EACH, SLUG, got, held
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

Call = Callable[..., Said]

VERBS = [
    ["run", "--once"],
    ["run", "--port", "0"],
    ["status"],
    ["explain", "anna@example.org"],
    ["subscribers", "add", "cleo@example.org"],
    ["subscribers", "unsubscribe", "anna@example.org"],
    ["subscribers", "export"],
    ["enroll", "freer-shoulders", "--segment", "all", "--live", "--expect", "0"],
    ["pause"],
    ["db", "check"],
    ["db", "upgrade"],
]


def refused(backmail: Call, *words: str, verbs: Sequence[Sequence[str]] = tuple(VERBS)) -> None:
    """See that every verb says so, with exit code 3, and that nothing is on stdout."""
    for verb in verbs:
        code, out, err = backmail(*verb)
        assert (code, out) == (3, ""), (verb, err)
        for word in words:
            assert re.search(word, err), (verb, err)


def goes_on(backmail: Call, shop: Path) -> None:
    """See that whatever was due is sent now, and once."""
    for _ in range(2):
        assert backmail("run", "--once")[0] == 0
        assert got(shop) == ONCE_EACH
    code, out, _ = backmail("db", "check")
    assert (code, "sound" in out) == (0, True)


# The wrong database


def test_a_database_of_a_newer_backmail_is_left_alone(shop: Path, backmail: Call) -> None:
    def stands_at(step: str) -> None:
        with closing(sqlite3.connect(DATABASE)) as raw, raw:
            raw.execute("UPDATE alembic_version SET version_num = ?", (step,))

    with closing(sqlite3.connect(DATABASE)) as raw:
        [[present]] = raw.execute("SELECT version_num FROM alembic_version").fetchall()
    stands_at("9999")
    refused(
        backmail,
        "was made by a newer backmail",
        "next: pip install --upgrade backmail",
        verbs=[*VERBS, ["apply", "--yes"]],
    )
    assert not got(shop)
    stands_at(present)
    goes_on(backmail, shop)


@pytest.mark.parametrize("name", ["BACKMAIL_SECRET_KEY", "BACKMAIL_PEPPER"])
def test_another_secret_than_the_database_knows_is_refused(shop: Path, backmail: Call, name: str) -> None:
    env = shop / ".env"
    ours = env.read_text(encoding="utf-8")
    another = "another-secret-of-somebody-else-0123456789"
    env.write_text(re.sub(f"(?m)^{name}=.*$", f"{name}={another}", ours), encoding="utf-8")
    refused(backmail, f"was made with another {name}", "put it back")
    assert another not in backmail("run", "--once")[2]
    assert not got(shop)
    env.write_text(ours, encoding="utf-8")
    goes_on(backmail, shop)


def test_who_lost_the_secrets_of_a_database_is_told_to_put_them_back(shop: Path, backmail: Call) -> None:
    env = shop / ".env"
    env.rename(shop / "env.away")
    refused(backmail, "BACKMAIL_SECRET_KEY is not set", "BACKMAIL_PEPPER is not set", "put it back from your copy")
    # New ones would fit neither the links in mails that were sent nor the addresses that we may not write to.
    assert "token_urlsafe" not in backmail("run", "--once")[2]
    assert "token_urlsafe" not in backmail("doctor")[1]
    assert "of this installation" not in backmail("doctor")[1]
    (shop / "env.away").rename(env)
    goes_on(backmail, shop)


# The wrong disk


def test_a_database_that_can_only_be_read(shop: Path, backmail: Call) -> None:
    with only_to_be_read(shop / ".backmail"):
        refused(backmail, "can only be read|cannot be opened", "this user write to")
    assert not got(shop)
    goes_on(backmail, shop)


@pytest.fixture(params=["disk", "pages"])
def crammed(request: pytest.FixtureRequest, shop: Path) -> Iterator[Callable[[], None]]:
    """Leave no room for the database; what is given makes room. A disk, and SQLite's own limit where root is not."""
    if request.param == "pages":
        yield few_pages(request)
        return
    with small_disk(shop / ".backmail", 0) as make_room:
        if make_room is None:
            pytest.skip("nothing can be mounted here, and SQLite's own limit is tried anyway")
        yield make_room


def test_a_full_disk_is_told_and_nothing_is_half_done(shop: Path, backmail: Call, crammed: Callable[[], None]) -> None:
    people = "email,note\n" + "".join(f"p{n}@example.org,{'x' * 900}\n" for n in range(200))
    (shop / "people.csv").write_text(people, encoding="utf-8")
    adding = ["subscribers", "import", "people.csv", "--live", "--consent", "on paper", "--expect", "200"]
    code, _, err = backmail(*adding)
    assert code == 3
    assert "has no room left on its disk" in err
    assert "make room" in err
    crammed()
    found = backmail("subscribers", "find")[1].splitlines()
    assert [line.split()[0] for line in found] == ["anna@example.org", "bea@example.org"]
    goes_on(backmail, shop)
    assert backmail(*adding)[1].endswith("added 200\n")


@pytest.mark.parametrize("left", [0, 150_000, 1_000_000])
def test_a_full_disk_sends_nothing_of_which_it_could_not_write_down_that_it_left(
    shop: Path, backmail: Call, left: int
) -> None:
    (shop / "people.csv").write_text("email\n" + "".join(f"p{n}@example.org\n" for n in range(60)), encoding="utf-8")
    everybody = ("--live", "--expect", "60")
    assert backmail("subscribers", "import", "people.csv", "--consent", "on paper", *everybody)[0] == 0
    assert backmail("enroll", SLUG, "--segment", "all", *everybody)[0] == 0
    with scarce(shop / ".backmail", left) as make_room:
        for _ in range(3):  # as cron would
            code, _, err = backmail("run", "--once")
            assert code == 3
            assert "has no room left on its disk" in err
        make_room()
        assert backmail("run", "--once")[0] == 0
        assert got(shop) == ONCE_EACH + Counter(f"p{n}@example.org" for n in range(60))


def test_an_engine_waits_for_room_and_goes_on_by_itself(shop: Path) -> None:
    with scarce(shop / ".backmail", 1_000_000) as make_room:
        told = engine(shop, make_room)
    assert "has no room left on its disk" in told[0]
    assert "nothing is lost: it is tried again" in told[0]
    assert got(shop) == ONCE_EACH


def engine(shop: Path, mend: Callable[[], object]) -> list[str]:
    """Let an engine work, mend what keeps it from working once it told of it, and return all that it told."""
    told: list[str] = []

    async def work(backmail: Backmail) -> None:
        made = LocalEngine(backmail, every=dt.timedelta(seconds=0.02), tell=told.append)

        async def watch() -> None:
            while not told:
                await asyncio.sleep(0.01)
            mend()
            while "the database can be used again" not in told or got(shop) != ONCE_EACH:
                await asyncio.sleep(0.01)
            made.stop()

        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            tasks.create_task(watch())
            tasks.create_task(made.run())

    with opened(find_project(shop)) as backmail:
        backmail.alone = True
        asyncio.run(work(backmail))
    return told


# Somebody else has the database


def test_a_locked_database_is_told_and_who_only_looks_does_not_wait(shop: Path, backmail: Call, hasty: None) -> None:
    looks = [["status"], ["explain", "anna@example.org"], ["subscribers", "export"], ["db", "check"], ["db", "upgrade"]]
    with held(DATABASE):
        refused(
            backmail,
            "is locked by another program",
            "another backmail, a backup or a database browser",
            verbs=[verb for verb in VERBS if verb not in looks and verb[0] != "enroll"],
        )
        for verb in looks:
            assert backmail(*verb)[0] == 0, verb
    assert not got(shop)
    goes_on(backmail, shop)


def test_an_engine_waits_for_who_holds_the_database_and_goes_on_by_itself(shop: Path, hasty: None) -> None:
    with ExitStack() as seized:
        seized.enter_context(held(shop / DATABASE))
        told = engine(shop, seized.close)
    assert "is locked by another program" in told[0]
    assert "nothing is lost: it is tried again" in told[0]
    assert [line for line in told if "locked" in line] == told[:1]
    assert got(shop) == ONCE_EACH


class Seizing(MemoryTransport):
    """Carries mails out, and then somebody takes the database before it can be written down that they left."""

    def __init__(self, store: sa.Engine) -> None:
        super().__init__()
        self._store = store
        self._held: sa.Connection | None = None

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        async for answer in super().send(group):
            yield answer
        self._held = self._store.connect()
        self._held.begin()
        if self._store.dialect.name == "postgresql":
            self._held.exec_driver_sql("LOCK TABLE deliveries IN EXCLUSIVE MODE")

    def let_go(self) -> None:
        assert self._held is not None
        self._held.rollback()
        self._held.close()
        self._held = None


def test_what_left_while_the_database_was_seized_is_written_down_later_and_not_sent_again(
    shared: str, tmp_path: Path
) -> None:
    store, other = connect(shared, patience=0.05), connect(shared)
    transport = Seizing(other)
    town = Town(store, tmp_path, transport=transport)
    town.publish(campaign(step("only", "0"), slug="one"))
    town.enroll(town.add("ida", "olga", "vera"))
    town.clock.turn(MONDAY + DAY + 8 * HOUR)
    for _ in range(3):
        with pytest.raises(StoreBusy, match="is locked by another program"):
            town.tick()
        town.clock.ticked += 30_000_000  # longer than a lease
    transport.let_go()
    transport.send = super(Seizing, transport).send  # type: ignore[method-assign]
    assert town.tick()["accepted"] == 3
    town.clock.turn(town.clock.at + HOUR)
    town.tick()
    assert Counter(town.mails) == {("ida", "only"): 1, ("olga", "only"): 1, ("vera", "only"): 1}
    assert [state for _, state in town.states()] == ["accepted"] * 3
    store.dispose()
    other.dispose()


def test_a_no_that_the_database_could_not_take_is_refused_and_taken_the_next_time(
    shop: Path, backmail: Call, hasty: None
) -> None:
    assert backmail("subscribers", "add", "dora@example.org", "--confirmed", "--consent", "on paper")[0] == 0
    with held(DATABASE):
        code, out, err = backmail("subscribers", "unsubscribe", "dora@example.org")
    assert (code, out) == (3, "")
    assert "is locked by another program" in err
    assert backmail("subscribers", "unsubscribe", "dora@example.org")[0] == 0
    goes_on(backmail, shop)


# The database is gone


def test_a_database_that_is_taken_away_and_put_back_has_lost_nobody(tmp_path: Path) -> None:
    made = installation(tmp_path, people=3)
    database = tmp_path / DATABASE
    with running(made, "run", "--port", "0") as engine:
        engine.until("3 accepted")
        database.rename(tmp_path / "away.db")
        assert engine.end() == 3
    said = "\n".join(engine.told)
    assert "it was deleted or replaced while the engine was running" in said
    assert "put the file back, or restore the last backup, and start again" in said
    assert "Traceback" not in said
    (tmp_path / "away.db").rename(database)
    with running(made, "run", "--once") as engine:
        assert engine.end() == 0
    assert list(got(tmp_path).values()) == [1, 1, 1]
