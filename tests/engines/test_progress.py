"""A line a minute at most, and none when nothing happened."""

import asyncio

from backmail.engines.progress import Progress
from tests.engines.ticker import Turned


def test_a_line_a_minute_and_nothing_is_left_out() -> None:
    async def story() -> None:
        now = 1000.0
        loop = asyncio.get_running_loop()
        loop.time = lambda: now  # type: ignore[method-assign]
        heard: list[str] = []
        progress = Progress(heard.append)
        progress.add(Turned())
        progress.add(Turned({"accepted": 1}))
        for _ in range(10):
            progress.add(Turned({"accepted": 2, "deferred": 0}))
        assert heard == ["1 accepted"]
        now += 59
        progress.add(Turned({"deferred": 3}))
        assert heard == ["1 accepted"]
        now += 1
        progress.add(Turned())
        assert heard == ["1 accepted", "20 accepted, 3 deferred"]
        progress.tell()
        progress.add(Turned({"failed": 0, "uncertain": 1}))
        progress.tell()
        assert heard[2:] == ["1 uncertain"]

    asyncio.run(story())
