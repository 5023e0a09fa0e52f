"""A session that stands still where it is told to: a thread of its own, of which only one runs at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Semaphore, Thread

Program = Callable[[], Awaitable[None]]


class _Abandoned(BaseException):
    """The order is over before the program is: it ends where it stands."""


class Session:
    """Runs a program from one of its stops to the next, and waits there until it is told to go on."""

    def __init__(self) -> None:
        self._go, self._stopped = Semaphore(0), Semaphore(0)
        self._program: Program | None = None
        self._error: BaseException | None = None
        self._abandoned = False
        self.over = True
        Thread(target=self._live, daemon=True).start()

    def begin(self, program: Program) -> None:
        """Take a program, which `step` starts; one that stands somewhere is left there for good."""
        self.leave()
        self._program, self.over = program, False

    def step(self) -> None:
        """Let the program run to its next stop, or to its end; nothing happens when it is over."""
        if self.over:
            return
        self._go.release()
        self._stopped.acquire()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def stop(self) -> None:
        """Stand still here; for the program itself to call."""
        self._stopped.release()
        self._go.acquire()
        if self._abandoned:
            raise _Abandoned

    def leave(self) -> None:
        """Leave the program where it stands: as far as anybody else can see, its process is no more."""
        self._abandoned = True
        while not self.over:
            self.step()
        self._abandoned = False

    def close(self) -> None:
        """End the thread."""
        self.leave()
        self._program, self.over = None, False
        self.step()

    def _live(self) -> None:
        with asyncio.Runner() as runner:
            while True:
                self._go.acquire()
                program, self._program = self._program, None
                if program is not None and not self._abandoned:
                    try:
                        runner.run(_awaited(program))
                    except _Abandoned:
                        pass
                    except BaseException as error:  # whoever lets the session run hears of it
                        self._error = error
                self.over = True
                self._stopped.release()
                if program is None:
                    return


async def _awaited(program: Program) -> None:
    await program()
