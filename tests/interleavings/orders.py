"""Every order in which the steps of three sessions can follow one another, and an even selection of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

STEPS = 3  # of each session
SESSIONS = "ABC"  # two workers, and the third hand


@cache
def orders() -> tuple[str, ...]:
    """Return all 1,680 orders, 9! / (3! 3! 3!): who takes a step, one letter a step; in the order of the alphabet."""
    return tuple(_continued("", (STEPS,) * len(SESSIONS)))


def some(count: int, start: int = 0) -> Sequence[str]:
    """Return about so many orders, evenly out of all of them: always the same ones, others for another `start`."""
    stride = max(1, len(orders()) // count)
    return orders()[start % stride :: stride]


def _continued(begun: str, left: tuple[int, ...]) -> Iterator[str]:
    if not any(left):
        yield begun
    for place, letter in enumerate(SESSIONS):
        if left[place]:
            yield from _continued(begun + letter, (*left[:place], left[place] - 1, *left[place + 1 :]))
