"""A death at the first commit, at the second, and so on, until there is none left to die at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.torture import sink
from tests.torture.place import LONG, SHORT, Place
from tests.torture.workers import Workers

_KINDS = (sink.TAKEN, sink.LATER, sink.NEVER, sink.GONE, sink.CUT, sink.TAKEN)  # six people, and all sorts of answers
_PATIENCE = 60.0
_MOST = 500


@dataclass
class Points:
    """How many points there were to die at, and where something was left open for ever."""

    count: int = 0
    faults: list[str] = field(default_factory=list)


def die_at_each(place: Place, workers: Workers, tell: Callable[[str], None]) -> Points:
    """Run a small campaign again and again, each time dying one commit later, and let it come to its end each time."""
    points = Points()
    for n in range(1, _MOST):
        place.enroll(_KINDS, LONG, SHORT)
        worker = workers.start("run", "--once", crash=str(n))
        died = worker.killed_itself(_PATIENCE)
        worker.put_away()
        if left := place.finish():
            points.faults.append(f"after a death at point {n}, {left} deliveries never came to their end")
        if not died:
            break
        points.count = n
        if n % 10 == 0:
            tell(f"died at points 1 to {n}")
    return points
