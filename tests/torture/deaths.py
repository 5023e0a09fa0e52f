"""Certain deaths: one before and one after each commit of the protocol, until it fell there with rows on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.torture.arrows import ARROWS, Arrow
from tests.torture.log import Log
from tests.torture.place import Place
from tests.torture.scene import Scene
from tests.torture.workers import Workers

_TRIES = 4
_PATIENCE = 30.0
STAGES = ("before", "after")


@dataclass
class Died:
    """How often somebody died at one arrow, and how many rows that left: by the stage, "before" or "after"."""

    arrow: Arrow
    deaths: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    tries: int = 0


def die_everywhere(
    place: Place, workers: Workers, log: Log, tell: Callable[[str], None], arrows: Iterable[Arrow] = ARROWS
) -> list[Died]:
    """Die before and after each of these arrows, and let the rest come to its end each time."""
    found = []
    for arrow in arrows:
        died = Died(arrow)
        for stage in STAGES:
            while not died.rows[stage] and died.tries < _TRIES * len(STAGES):
                _die(place, workers, log, died, stage)
        tell(f"{arrow.name}: {died.rows['before']} rows before, {died.rows['after']} after")
        found.append(died)
    return found


def _die(place: Place, workers: Workers, log: Log, died: Died, stage: str) -> None:
    """Bring an arrow about once, and die there; what counts is what then stands at its beginning, or at its end."""
    arrow = died.arrow
    died.tries += 1
    scene = Scene(place, workers, log, place.enroll(arrow.kinds, *arrow.slugs))
    arrow.prepare(scene)
    worker = arrow.act(scene, f"{stage}:{arrow.statement}")
    if worker.killed_itself(_PATIENCE):
        died.deaths[stage] += 1
        died.rows[stage] += (arrow.tail if stage == "before" else arrow.head)(scene)
    worker.put_away()
    scene.end()
