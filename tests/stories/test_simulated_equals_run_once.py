"""A simulation is the engine itself: the same people leave the same rows, and what stops the one stops the other."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.audience import subscribers
from backmail.cli import demo as cli_demo
from backmail.cli import perform
from backmail.clock import SystemClock
from backmail.config import Project
from backmail.model.states import DeliveryState, SubscriberState
from backmail.sending import decisions, steps
from backmail.sending.enrollment import enroll
from backmail.sending.published import publish
from backmail.simulate import Counting, Member, VirtualClock, staged
from backmail.store import claims
from backmail.store.tables import deliveries
from backmail.transports import MemoryTransport
from tests.simulate.series import DAY, HOUR, MONDAY, WEEK, people, series

ZONES = (
    "Europe/Copenhagen", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Asia/Kolkata", "America/Los_Angeles",
    "Australia/Sydney", "Europe/London", "America/Sao_Paulo", "Pacific/Pago_Pago", "Asia/Kathmandu", "Africa/Lagos",
    "Europe/Berlin", "America/Chicago", "Pacific/Auckland", "America/St_Johns", "Asia/Tehran", "Pacific/Honolulu",
    "Australia/Lord_Howe", "Africa/Cairo",
)  # fmt: skip
CAST = people(200, ZONES)
END = MONDAY + 7 * WEEK
SECRETS = {"BACKMAIL_SECRET_KEY": "k" * 32, "BACKMAIL_PEPPER": "p" * 32}
# Who holds a delivery and how often it was claimed is no part of what became of it.
OURS = {"owner", "boot", "lease_until", "epoch"}
MINUTE = HOUR / 60
DOWN = (MONDAY + 14 * DAY + 12 * HOUR, MONDAY + 16 * DAY + 12 * HOUR)

Act = Callable[[Backmail, dt.datetime], object]


def _unsubscribes(backmail: Backmail, now: dt.datetime) -> None:
    with backmail.durable() as tx:
        assert decisions.unsubscribe(tx, 3, now=now)


def _pauses(backmail: Backmail, now: dt.datetime) -> None:
    with backmail.durable() as tx:
        decisions.pause(tx, backmail.shelf, 5, now + 2 * WEEK, now=now, zone=backmail.zone)


ACTS: tuple[tuple[dt.datetime, Act], ...] = (
    (MONDAY + 2 * DAY + 12 * HOUR, _unsubscribes),
    (MONDAY + 9 * DAY + 12 * HOUR, _pauses),
)


def _transport() -> MemoryTransport:
    made = MemoryTransport()
    made.refuse("s7@example.org")
    made.defer("s9@example.org", times=2)
    return made


def _rows(backmail: Backmail) -> list[dict[str, Any]]:
    with backmail.reading() as tx:
        found = tx.execute(sa.select(deliveries).order_by(deliveries.c.id)).mappings()
        return [{name: value for name, value in row.items() if name not in OURS} for row in found]


def _simulated(project: Project) -> list[dict[str, Any]]:
    with staged(project, series(), CAST, start=MONDAY, transport=_transport()) as stage:
        for at, act in ACTS:
            _play(stage.play(at))
            stage.clock.jump(at)
            act(stage.backmail, at)
        _play(stage.play(DOWN[0]))
        stage.clock.jump(DOWN[1])
        _play(stage.play(END))
        return _rows(stage.backmail)


def _play(events: Iterator[object]) -> None:
    for _ in events:
        pass


def _steps() -> Iterator[dt.datetime]:
    """Give the instants at which a stepped clock stands: finer where mails are due, and tried again."""
    now = MONDAY
    while now < END:
        if not DOWN[0] <= now < DOWN[1]:
            yield now
        busy = (now - MONDAY) % WEEK
        retries = now < MONDAY + 2 * DAY
        near = 18 * HOUR <= busy < 46 * HOUR
        now += (5 * MINUTE if retries else 15 * MINUTE) if near else 2 * HOUR


async def _stepped(backmail: Backmail, clock: VirtualClock) -> None:
    """Do at each step what `run --once` does: tick until nothing more is due."""
    acts = list(ACTS)
    for now in _steps():
        clock.jump(now)
        while acts and acts[0][0] <= now:
            acts.pop(0)[1](backmail, now)
        while (await backmail.tick()).busy:
            pass


def _from_a_file(project: Project, cast: list[Member], clock: VirtualClock) -> list[dict[str, Any]]:
    with opened(project, clock=clock, transport=_transport()) as backmail:
        _enrolled(backmail, cast)
        asyncio.run(_stepped(backmail, clock))
        return _rows(backmail)


def _enrolled(backmail: Backmail, cast: list[Member]) -> None:
    with backmail.durable() as tx:
        publish(tx, series(), now=MONDAY, by="ann")
        ids = [
            subscribers.add(tx, one.subscriber, backmail.pepper, now=MONDAY, state=SubscriberState.ACTIVE)
            for one in cast
        ]
        published = backmail.shelf.newest(tx, "c-series")
        assert published
        enroll(tx, published, ids, now=MONDAY, zone=backmail.zone)


def test_a_simulation_leaves_the_rows_that_run_once_leaves(tmp_path: Path) -> None:
    project = Project(tmp_path, environ=SECRETS)
    simulated = _simulated(project)
    ran = _from_a_file(project, CAST, VirtualClock(MONDAY))
    for mine, theirs in zip(simulated, ran, strict=True):
        assert mine == theirs
    # And all that was to happen has happened.
    states = [DeliveryState(row["state"]) for row in simulated]
    assert states.count(DeliveryState.FAILED) == 1
    assert states.count(DeliveryState.SKIPPED) == 1
    assert states.count(DeliveryState.ACCEPTED) == len(states) - 2
    assert {row["deferrals"] for row in simulated} == {0, 2}
    assert {row["slot_date"] for row in simulated if row["step"] == "three"} == {"2027-03-30", "2027-04-06"}
    copenhagen = [row for row in simulated if row["zone"] == "Europe/Copenhagen"]
    assert {row["due_at"].hour for row in copenhagen} == {7, 8}


class Boom(Exception):  # noqa: N818
    """What the real function raises in these tests."""


@pytest.fixture(params=[(steps, "next_slot"), (claims, "claim"), (claims, "hand_over")], ids=lambda each: each[1])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let a function of the engine raise, from when this is called on."""

    def boom(*_: object, **__: object) -> None:
        raise Boom

    module, name = request.param
    return lambda: monkeypatch.setattr(module, name, boom)


def test_what_stops_the_engine_stops_a_simulation(broken: Callable[[], None], tmp_path: Path) -> None:
    with staged(Project(tmp_path), series(), people(3), start=MONDAY, transport=Counting()) as stage:
        broken()
        with pytest.raises(Boom):
            _play(stage.play())


def test_what_stops_the_engine_stops_run_once(
    broken: Callable[[], None], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    nine = MONDAY + DAY
    monkeypatch.setattr(SystemClock, "now", lambda _: nine)
    with opened(Project(project), clock=VirtualClock(MONDAY)) as backmail:
        _enrolled(backmail, people(3, ["Asia/Tokyo"]))
    broken()
    with pytest.raises(Boom):
        perform(["run", "--once"])


def test_what_stops_the_engine_stops_the_demo(
    broken: Callable[[], None], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_demo, "_PEOPLE", 3)
    broken()
    with pytest.raises(Boom):
        perform(["demo", "pots.txt", "--out", "shown"])
    assert not Path("shown").exists()
