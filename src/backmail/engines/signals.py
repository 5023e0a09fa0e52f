"""What a service manager or a person at the keyboard says to an engine: the first signal drains, the second ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from types import FrameType

_HEARD = (signal.SIGINT, signal.SIGTERM)


def until_told(work: Callable[[], Coroutine[None, None, None]], stop: Callable[[], None]) -> int:
    """Run `work` in a loop of its own, in the main thread, to its end.

    Args:
        work: what runs.
        stop: called in the loop when a signal comes, and `work` then ends by itself. A second signal does what signals
            do to a process that does not listen: it is gone, and the tables tell the next one how far it was.

    Returns:
        The number of the signal that came, 0 when none did.
    """
    came = 0
    loop: asyncio.AbstractEventLoop | None = None

    def hear(number: int, _: FrameType | None) -> None:
        nonlocal came
        came = number
        for each in _HEARD:
            signal.signal(each, signal.SIG_DFL)
        if loop is None:
            stop()
        else:
            loop.call_soon_threadsafe(stop)

    async def listening() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        await work()

    before = {each: signal.signal(each, hear) for each in _HEARD}
    try:
        asyncio.run(listening())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    return came
