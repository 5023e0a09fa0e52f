"""The heartbeat: APScheduler as a clock with one entry in memory, which nothing is kept in and nothing is lost with."""

from __future__ import annotations

import asyncio
import datetime as dt
from types import TracebackType
from typing import Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from backmail.clock import Clock, SystemClock


class Heart:
    """Beats evenly while it is open, and at once when it is told to.

    The mails that wait are in the database, never here: a scheduler's own entries cannot be asked what is due, go by
    one process, and vanish when they are late.
    """

    def __init__(self, every: dt.timedelta, *, clock: Clock | None = None) -> None:
        """Take the length between two beats.

        Args:
            every: elapsed time.
            clock: what the scheduler goes by, too: the machine's.
        """
        self._every = every
        self._clock = clock or SystemClock()
        self._beaten = asyncio.Event()
        # A beat that is late still beats, and many late ones are one.
        self._scheduler = AsyncIOScheduler(
            timezone=dt.UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def __aenter__(self) -> Self:
        trigger = IntervalTrigger(seconds=self._every.total_seconds(), timezone=dt.UTC)
        self._entry = self._scheduler.add_job(self._beat, trigger, id="heartbeat")
        self._scheduler.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it ends in a turn of the loop of its own

    def beat(self) -> None:
        """Beat now."""
        self._beaten.set()

    async def next(self, within: dt.timedelta | None = None) -> None:
        """Wait for the next beat, which comes after `within` where that is sooner than usual.

        The scheduler goes by the time of day: when somebody sets the clock back by an hour, it would be silent for an
        hour. The loop's own clock is never set, and says when a beat is overdue; the next is then reckoned anew.
        """
        wait = self._every if within is None else max(dt.timedelta(), min(within, self._every))
        self._entry.modify(next_run_time=self._clock.now() + wait)
        try:
            async with asyncio.timeout((wait + self._every).total_seconds()):
                await self._beaten.wait()
        except TimeoutError:
            pass
        self._beaten.clear()

    async def _beat(self) -> None:
        """Beat, in the loop: what is no coroutine the scheduler would call in another thread."""
        self._beaten.set()
