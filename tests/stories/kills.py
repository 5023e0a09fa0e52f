"""An engine that is killed again and again while it sends, and what became of everybody."""

from __future__ import annotations

import random
from pathlib import Path

from tests.torture.log import sink
from tests.torture.ordeal import Killing, Ordeal, crowd
from tests.torture.place import Place
from tests.torture.verdict import Verdict, judge
from tests.torture.workers import Workers


def killed_on_the_way(folder: Path, database: str, people: int, kills: int, seed: int) -> tuple[Ordeal, Verdict]:
    """Send to so many people on an empty database, with so many kills on the way, and say what came of it."""
    with sink() as log, Place(folder, database, log.port) as place, Workers(folder, place.environ) as workers:
        crowd(place, people)
        ordeal = Killing(place, workers.engine, log, random.Random(seed)).go_through(kills)  # noqa: S311  # no secret
        return ordeal, judge(place, log.close(), workers.deaths)
