"""A ticker for engines: it does as it is told, turn by turn."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

NOON = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Turned:
    """What a turn did."""

    counts: dict[str, int] = field(default_factory=dict)
    busy: bool = False
    refused: str = ""


Step = Turned | Exception | Callable[[], Awaitable[Turned]]


class Script:
    """Does the steps that it was given, one a turn, and then nothing; `done` is set once all were done."""

    def __init__(self, *steps: Step) -> None:
        self.turns = 0
        self.drained = asyncio.Event()
        self.done = asyncio.Event()
        self.due: dt.datetime | None = None
        self.looked: list[dt.datetime] = []
        self._steps = list(steps)

    def now(self) -> dt.datetime:
        return NOON

    async def tick(self) -> Turned:
        self.turns += 1
        if not self._steps:
            self.done.set()
            return Turned()
        step = self._steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, Turned) else await step()

    def next_look(self, now: dt.datetime) -> dt.datetime | None:
        self.looked.append(now)
        return self.due

    async def drain(self) -> None:
        self.drained.set()
