"""The engine ticks, sleeps, bears what passes, ends on what does not, and drains when it is told to."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest

from backmail.engines import LocalEngine
from backmail.errors import StoreBusy, StoreError, TransportRefused
from tests.engines.ticker import NOON, Script, Turned

SOON = dt.timedelta(milliseconds=20)
NEVER = dt.timedelta(days=1)


class Operator:
    """Hears what the engine tells."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def tell(self, line: str) -> None:
        self.heard.append(line)


def driven(story: Callable[[], Awaitable[None]]) -> None:
    """Tell a story in a loop of its own, for as long as a test may take."""

    async def in_time() -> None:
        async with asyncio.timeout(20):
            await story()

    asyncio.run(in_time())


async def until(engine: LocalEngine, event: asyncio.Event) -> None:
    """Run an engine until something happens, and stop it then."""
    running = asyncio.create_task(engine.run())
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    engine.stop()
    await running


def test_more_that_is_due_does_not_wait_for_a_beat() -> None:
    async def story() -> None:
        ticker = Script(*[Turned(busy=True)] * 50)
        await until(LocalEngine(ticker, every=NEVER, tell=Operator().tell), ticker.done)
        assert ticker.turns == 51

    driven(story)


def test_it_looks_again_at_every_beat() -> None:
    async def story() -> None:
        ticker = Script(*[Turned()] * 4)
        await until(LocalEngine(ticker, every=SOON, tell=Operator().tell), ticker.done)

    driven(story)


def test_it_wakes_when_the_next_mail_is_due() -> None:
    async def story() -> None:
        ticker = Script(Turned())
        ticker.due = NOON + SOON
        await until(LocalEngine(ticker, every=NEVER, tell=Operator().tell), ticker.done)
        assert ticker.looked[0] == NOON

    driven(story)


def test_what_is_due_and_was_not_taken_waits_for_a_beat() -> None:
    async def story() -> None:
        ticker = Script(Turned())
        ticker.due = NOON - SOON
        engine = LocalEngine(ticker, every=NEVER, tell=Operator().tell)
        running = asyncio.create_task(engine.run())
        while not ticker.looked:
            await asyncio.sleep(0)
        for _ in range(20):  # turns of the loop in which it could tick again
            await asyncio.sleep(0)
        engine.stop()
        await running
        assert ticker.turns == 1

    driven(story)


def test_a_busy_database_is_told_once_and_waited_for() -> None:
    async def story() -> None:
        operator = Operator()
        full, locked = StoreBusy("the disk is full"), StoreBusy("it is locked")
        ticker = Script(Turned(), full, full, full, locked, Turned({"accepted": 2}))
        await until(LocalEngine(ticker, every=SOON, tell=operator.tell), ticker.done)
        assert operator.heard[:4] == [
            "the disk is full\nnothing is lost: it is tried again every 0.02 s",
            "it is locked\nnothing is lost: it is tried again every 0.02 s",
            "2 accepted",
            "the database can be used again",
        ]

    driven(story)


def test_a_database_that_cannot_be_used_ends_it() -> None:
    async def story() -> None:
        engine = LocalEngine(Script(StoreError("it is damaged")), every=NEVER, tell=Operator().tell)
        with pytest.raises(StoreError, match="it is damaged"):
            await engine.run()

    driven(story)


@pytest.mark.parametrize("error", [RuntimeError("no such table"), StoreBusy("it is locked")])
def test_a_database_that_was_deleted_explains_every_other_error(error: Exception) -> None:
    async def story() -> None:
        looks = iter([None, StoreError("it was deleted")])

        def check() -> None:
            if found := next(looks):
                raise found

        with pytest.raises(StoreError, match="it was deleted"):
            await LocalEngine(Script(error), every=NEVER, tell=Operator().tell, check=check).run()

    driven(story)


def test_an_error_of_ours_is_not_hidden() -> None:
    async def story() -> None:
        with pytest.raises(RuntimeError, match="a mistake"):
            await LocalEngine(Script(RuntimeError("a mistake")), every=NEVER, tell=Operator().tell).run()

    driven(story)


def test_it_is_looked_at_before_each_turn_whether_it_may_go_on() -> None:
    async def story() -> None:
        ticker = Script()

        def check() -> None:
            raise StoreError("it was deleted")

        with pytest.raises(StoreError, match="it was deleted"):
            await LocalEngine(ticker, every=NEVER, tell=Operator().tell, check=check).run()
        assert ticker.turns == 0

    driven(story)


def test_once_ends_when_nothing_more_is_due() -> None:
    async def story() -> None:
        operator = Operator()
        ticker = Script(Turned({"accepted": 500}, busy=True), Turned({"accepted": 20, "failed": 1}), Turned(busy=True))
        await LocalEngine(ticker, every=NEVER, tell=operator.tell).once()
        assert ticker.turns == 2
        assert operator.heard == ["500 accepted", "20 accepted, 1 failed"]

    driven(story)


def test_once_does_not_wait_for_a_busy_database() -> None:
    async def story() -> None:
        with pytest.raises(StoreBusy):
            await LocalEngine(Script(StoreBusy("it is locked")), every=NEVER, tell=Operator().tell).once()

    driven(story)


@pytest.mark.parametrize("verb", ["run", "once"])
def test_stopping_drains_and_waits_for_the_turn_that_is_going_on(verb: str) -> None:
    async def story() -> None:
        under_way, answered = asyncio.Event(), asyncio.Event()

        async def sending() -> Turned:
            under_way.set()
            await answered.wait()
            return Turned({"accepted": 3}, busy=True)

        ticker, operator = Script(sending), Operator()
        engine = LocalEngine(ticker, every=NEVER, tell=operator.tell)
        running = asyncio.create_task(getattr(engine, verb)())
        await under_way.wait()
        engine.stop()
        await ticker.drained.wait()
        assert not running.done()
        answered.set()
        await running
        assert ticker.turns == 1
        assert operator.heard[-1] == "3 accepted"

    driven(story)


def test_stopping_does_not_wait_for_ever() -> None:
    async def story() -> None:
        under_way = asyncio.Event()

        async def sending() -> Turned:
            under_way.set()
            await asyncio.Event().wait()
            return Turned()

        operator = Operator()
        engine = LocalEngine(Script(sending), every=NEVER, tell=operator.tell, patience=SOON)
        running = asyncio.create_task(engine.run())
        await under_way.wait()
        engine.stop()
        await running
        assert operator.heard[-1].startswith("stopped before every mail on its way was answered for")

    driven(story)


def test_a_refused_account_is_told_once_and_ends_a_run_once_with_an_error() -> None:
    async def story() -> None:
        operator = Operator()
        ticker = Script(Turned(busy=True, refused="refused our account"), Turned(refused="refused our account"))
        with pytest.raises(TransportRefused) as refused:
            await LocalEngine(ticker, every=NEVER, tell=operator.tell).once()
        assert refused.value.exit_code == 4
        assert len([line for line in operator.heard if "refused our account" in line]) == 1

    driven(story)


def test_an_account_that_is_taken_again_is_no_error() -> None:
    async def story() -> None:
        ticker = Script(Turned(busy=True, refused="refused our account"), Turned({"accepted": 1}))
        await LocalEngine(ticker, every=NEVER, tell=Operator().tell).once()

    driven(story)
