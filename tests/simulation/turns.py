"""Threads that take turns on a virtual clock: one runs at a time, and a seed always gives the same order."""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable, Coroutine
from threading import Lock, Thread
from typing import Any

SECOND = 1_000_000  # in microseconds, as all times here


class Over(BaseException):
    """The simulation has ended: raised in whoever still waits for a turn."""


class _Actor:
    """A thread that runs only when it has the turn."""

    def __init__(self, body: Callable[[], None]) -> None:
        self.body = body
        self.turn = Lock()
        self.turn.acquire()
        self.thread: Thread | None = None


class Turns:
    """Gives turns: to each actor and each event in the order of their times."""

    def __init__(self) -> None:
        """Begin at zero, with nobody there."""
        self.now = 0
        self.over = False
        self._heap: list[tuple[int, int, _Actor | Callable[[], None]]] = []
        self._count = 0
        self._back = Lock()
        self._back.acquire()
        self._current: _Actor | None = None
        self._living: set[_Actor] = set()
        self._failed: BaseException | None = None

    def at(self, when: int, event: Callable[[], None]) -> None:
        """Let something happen, in nobody's turn."""
        self._push(when, event)

    def start(self, body: Callable[[], None], when: int) -> None:
        """Let an actor begin."""
        actor = _Actor(body)
        self._living.add(actor)
        self._push(when, actor)

    def wait(self, until: int) -> None:
        """Give the turn away until then; for whoever has it.

        Raises:
            Over: there is no turn any more.
        """
        if self.over:
            raise Over
        actor = self._current
        assert actor is not None
        self._push(until, actor)
        self._back.release()
        actor.turn.acquire()
        if self.over:
            raise Over

    def run(self, until: int) -> None:
        """Give turns until then. What an actor did not catch is raised here."""
        while self._heap and self._heap[0][0] <= until:
            when, _, next_ = heapq.heappop(self._heap)
            self.now = max(self.now, when)
            if isinstance(next_, _Actor):
                self._give(next_)
            else:
                next_()
        self.now = max(self.now, until)

    def next_event(self) -> int | None:
        """Return when the next thing happens that is not somebody's turn."""
        return min((when for when, _, each in self._heap if not isinstance(each, _Actor)), default=None)

    def end(self) -> None:
        """Take the turns away for ever, and wait for everybody to go."""
        self.over = True
        for actor in list(self._living):
            if actor.thread is not None:
                self._give(actor)

    def _push(self, when: int, next_: _Actor | Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, next_))

    def _give(self, actor: _Actor) -> None:
        before, self._current = self._current, actor
        if actor.thread is None:
            actor.thread = Thread(target=self._live, args=(actor,), daemon=True)
            actor.thread.start()
        actor.turn.release()
        self._back.acquire()
        self._current = before
        if actor not in self._living and actor.thread is not None:
            actor.thread.join()
        if self._failed is not None:
            failed, self._failed = self._failed, None
            raise failed

    def _live(self, actor: _Actor) -> None:
        actor.turn.acquire()
        try:
            actor.body()
        except Over:
            pass
        except BaseException as error:  # it belongs to whoever runs the simulation
            self._failed = error
        finally:
            self._living.discard(actor)
            self._back.release()


class _Waiting(selectors.SelectSelector):
    """Waits for nothing from outside: a loop that would wait gives its turn away."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "it would wait for ever"
        if timeout > 0:
            self._turns.wait(self._turns.now + -int(-timeout * SECOND // 1))
        return []


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose time is that of the turns."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        super().__init__(_Waiting(turns))

    def time(self) -> float:
        return self._turns.now / SECOND


def run(turns: Turns, work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, in the turns of the actor that calls."""
    loop = _Loop(turns)
    loop.set_exception_handler(lambda *_: None)  # what a death leaves in tasks is nobody's fault
    task = loop.create_task(work)
    try:
        loop.run_until_complete(task)
    finally:
        left = asyncio.all_tasks(loop)
        for each in left:
            each.cancel()
        loop.run_until_complete(_all(left))
        loop.close()


async def _all(tasks: set[asyncio.Task[Any]]) -> None:
    """Wait for what was cancelled, whatever it says to that."""
    await asyncio.gather(*tasks, return_exceptions=True)
