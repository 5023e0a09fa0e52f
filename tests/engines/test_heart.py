"""The heart beats whatever is done to the machine's clock."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import apscheduler.schedulers.base
import pytest

from backmail.engines.heart import Heart

EVERY = dt.timedelta(seconds=0.05)
HOUR = dt.timedelta(hours=1)
LATER = dt.timedelta(days=1)


class SetClock:
    """The machine's clock, which can be set."""

    def __init__(self) -> None:
        self.off = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.off


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """A clock that the scheduler goes by, too."""
    made = SetClock()

    class Shifted(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return dt.datetime.now(tz) + made.off

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Shifted)
    return made


def beats(heart: Heart, number: int, between: Callable[[], object] = lambda: None) -> None:
    """Wait for so many beats, and no longer than a test may; `between` is called while the first is waited for."""

    async def all_of_them() -> None:
        async with asyncio.timeout(10), heart:
            asyncio.get_running_loop().call_later(EVERY.total_seconds() / 2, between)
            for _ in range(number):
                await heart.next()

    asyncio.run(all_of_them())


def test_it_beats_again_and_again(clock: SetClock) -> None:
    beats(Heart(EVERY, clock=clock), 5)


@pytest.mark.parametrize("step", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_clock_that_is_set_by_an_hour_does_not_stop_it(clock: SetClock, step: dt.timedelta) -> None:
    beats(Heart(EVERY, clock=clock), 5, lambda: setattr(clock, "off", step))


def test_it_beats_sooner_when_something_is_due_sooner(clock: SetClock) -> None:
    async def one() -> float:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(10), Heart(LATER, clock=clock) as heart:
            before = loop.time()
            await heart.next(dt.timedelta(seconds=0.2))
            return loop.time() - before

    assert 0.19 < asyncio.run(one()) < 9


def test_what_is_due_later_than_usual_does_not_make_it_slower(clock: SetClock) -> None:
    async def one() -> None:
        async with asyncio.timeout(10), Heart(EVERY, clock=clock) as heart:
            await heart.next(LATER)

    asyncio.run(one())


def test_it_beats_when_it_is_told_to(clock: SetClock) -> None:
    async def one() -> None:
        async with asyncio.timeout(10), Heart(LATER, clock=clock) as heart:
            asyncio.get_running_loop().call_soon(heart.beat)
            await heart.next()

    asyncio.run(one())


def test_nothing_of_it_is_left(clock: SetClock, caplog: pytest.LogCaptureFixture) -> None:
    beats(Heart(EVERY, clock=clock), 2)
    assert [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"] == []
