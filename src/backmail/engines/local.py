"""The engine of one process: ticks while anything is due, sleeps until the next instant, drains when it is told to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Protocol

from backmail.engines.heart import Heart
from backmail.engines.progress import Progress, Turn
from backmail.errors import StoreBusy, TransportRefused

DRAIN = dt.timedelta(seconds=60)  # systemd kills who has not ended after 90


class Ticker(Protocol):
    """What an engine drives: `app.Backmail`."""

    def now(self) -> dt.datetime:
        """Return the present instant, by the clock that slots go by."""
        ...

    async def tick(self) -> Turn:
        """Send what is due, as much as one turn takes."""
        ...

    def next_look(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the next delivery comes up, None when none waits."""
        ...

    async def drain(self) -> None:
        """Claim nothing more, wait for the answers to what was handed over, put back the rest."""
        ...


class LocalEngine:
    """Drives a ticker until it is stopped. It holds nothing: whoever starts the next one goes on from the tables."""

    def __init__(
        self,
        ticker: Ticker,
        *,
        every: dt.timedelta,
        tell: Callable[[str], None],
        check: Callable[[], None] = lambda: None,
        patience: dt.timedelta = DRAIN,
    ) -> None:
        """Start nothing yet.

        Args:
            ticker: what it drives.
            every: the longest time between two ticks: what another process planned is found by then.
            tell: takes a line for the operator.
            check: called before each tick and after one that failed; raises what must end the engine.
            patience: how long `stop` waits for answers to what was handed over.
        """
        self._ticker = ticker
        self._every = every
        self._tell = tell
        self._check = check
        self._patience = patience
        self._stopping = asyncio.Event()
        self._heart: Heart | None = None
        self._progress = Progress(tell)
        self._trouble = ""
        self._refused = ""

    def stop(self) -> None:
        """Claim nothing more, and end; to be called in the engine's own loop."""
        self._stopping.set()
        if self._heart:
            self._heart.beat()

    async def run(self) -> None:
        """Work until `stop`.

        Raises:
            BackmailError: what cannot be waited for. A database that is locked or full can: it is tried again.
        """
        async with Heart(self._every) as self._heart:
            await self._until_stop(self._beat_by_beat(self._heart))

    async def once(self) -> None:
        """Work until nothing more is due, or until `stop`; that needs no heart.

        Raises:
            BackmailError: also when the database is locked or full: whoever started this starts it again.
            TransportRefused: when nothing could leave in the end, or the provider refused our account; the mails wait.
        """
        await self._until_stop(self._all_that_is_due())
        if self._refused:
            raise TransportRefused(self._refused, next_command="backmail doctor")

    async def _until_stop(self, work: Coroutine[None, None, None]) -> None:
        working = asyncio.create_task(work)
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
            else:
                self._tell("stopping: what is on its way is waited for; a second signal stops at once")
            await self._drained(working)
        finally:
            working.cancel()
            stopping.cancel()
            self._progress.tell()

    async def _drained(self, working: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                await self._ticker.drain()
                await working
        except TimeoutError:
            self._tell("stopped before every mail on its way was answered for; the next start clears that up")

    async def _beat_by_beat(self, heart: Heart) -> None:
        while not self._stopping.is_set():
            wait = await self._turn()
            if wait:
                await heart.next(wait)

    async def _all_that_is_due(self) -> None:
        while await self._ticked() and not self._stopping.is_set():
            pass

    async def _turn(self) -> dt.timedelta:
        """Tick, and return how long to wait; what the database cannot do now is told once, and waited for."""
        try:
            wait = dt.timedelta() if await self._ticked() else self._until_due()
        except StoreBusy as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._tell(f"{error}\nnothing is lost: it is tried again every {self._every.total_seconds():g} s")
            return self._every
        if self._trouble:
            self._trouble = ""
            self._tell("the database can be used again")
        return wait

    async def _ticked(self) -> bool:
        """Tick, and return whether more is due at once."""
        self._check()
        try:
            ticked = await self._ticker.tick()
        except Exception:
            self._check()  # that the database was deleted explains whatever else went wrong with it
            raise
        self._progress.add(ticked)
        if ticked.refused:
            if ticked.refused != self._refused:
                self._tell(f"{ticked.refused}\nnext: backmail doctor")
            self._refused = ticked.refused
        elif ticked.counts.get("accepted"):
            self._refused = ""
        return ticked.busy

    def _until_due(self) -> dt.timedelta:
        now = self._ticker.now()
        due = self._ticker.next_look(now)
        # What is due already and was not taken waits for something else: another mail to her, another engine.
        return due - now if due is not None and now < due else self._every
