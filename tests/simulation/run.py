"""Runs seeds, one after the other or several at once, and counts what they came to."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.simulation.rules import Violation
from tests.simulation.scene import Scene
from tests.simulation.world import World

_CHUNK = 25


@dataclass
class Result:
    """What some seeds came to: `stories` of those that broke a rule, by seed; `story`: that of the last."""

    seeds: int = 0
    kills: int = 0
    mails: int = 0
    copies: int = 0
    story: str = ""
    stories: dict[int, str] = field(default_factory=dict)

    def add(self, other: Result) -> None:
        """Count in others."""
        self.seeds += other.seeds
        self.kills += other.kills
        self.mails += other.mails
        self.copies += other.copies
        self.stories |= other.stories


def one(seed: int) -> Result:
    """Run one seed."""
    world = World(Scene(seed))
    result = Result(1)
    try:
        world.run()
    except (Exception, Violation) as error:  # a rule did not hold, or something broke that nobody thought of
        result.stories[seed] = f"{world.story}\n{type(error).__name__}: {error}"
    result.story = str(world.story)
    taken = Counter(each.delivery for each in world.taken)
    result.kills, result.mails, result.copies = world.kills, taken.total(), taken.total() - len(taken)
    return result


def several(seeds: Iterable[int]) -> Result:
    """Run seeds one after the other."""
    result = Result()
    for seed in seeds:
        result.add(one(seed))
    gc.collect()
    return result


def at_once(first: int, count: int, processes: int) -> Iterator[Result]:
    """Run seeds in several processes, and give what each part of them came to as soon as it is there."""
    parts = [range(at, min(at + _CHUNK, first + count)) for at in range(first, first + count, _CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(several, parts)


def first_found(seeds: Iterable[int]) -> int | None:
    """Return the first seed that breaks a rule, None when none does."""
    return next((seed for seed in seeds if one(seed).stories), None)
