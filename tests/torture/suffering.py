"""All the torture of one database, from an empty one to a verdict."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.deaths import STAGES, Died, die_everywhere
from tests.torture.faults import plant
from tests.torture.log import Log, sink
from tests.torture.noes import say_no_amidst
from tests.torture.ordeal import Killing, Ordeal, crowd
from tests.torture.place import Place
from tests.torture.points import Points, die_at_each
from tests.torture.stops import Stopped, stop_everywhere
from tests.torture.verdict import Verdict, judge
from tests.torture.workers import Workers

PARTS = ("noes", "kills", "arrows", "stops", "points")
_FEWEST_POINTS = 10


@dataclass(frozen=True)
class Measure:
    """How much is to be suffered.

    Attributes:
        kills: at random moments.
        people: who are there to begin with.
        lease: seconds that a claim holds.
        fault: what is planted, "" for nothing.
        parts: which of PARTS.
        seed: of chance.
    """

    kills: int
    people: int
    lease: float = 2
    fault: str = ""
    parts: tuple[str, ...] = PARTS
    seed: int = 20


@dataclass(frozen=True)
class AtArrow:
    """What died at one arrow: by the stage, how often, and how many rows that left."""

    name: str
    provoked: str
    transaction: str
    deaths: dict[str, int]
    rows: dict[str, int]


@dataclass
class Outcome:
    """What one database came to. `faults` are what is wrong with it, or with the torture itself."""

    database: str
    verdict: Verdict
    ordeal: Ordeal | None = None
    arrows: list[AtArrow] = field(default_factory=list)
    stops: list[Stopped] = field(default_factory=list)
    points: Points | None = None
    deaths: int = 0
    seconds: float = 0
    faults: list[str] = field(default_factory=list)


def suffer(database: str, address: str, measure: Measure) -> Outcome:
    """Torture one database: an empty one, called by its name. Progress is told on stderr."""
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"{database} {time.monotonic() - began:4.0f} s: {line}", file=sys.stderr, flush=True)

    plant(measure.fault)
    with tempfile.TemporaryDirectory(prefix="backmail-torture-") as home:
        folder = Path(home) / "project"
        where = address or f"sqlite:///{Path(home) / 'backmail.db'}"
        with ExitStack() as stack:
            log = stack.enter_context(sink())
            place = Place(folder, where, log.port, lease=measure.lease)
            # The nursery loads what it needs while campaigns are published.
            workers = stack.enter_context(Workers(folder, place.environ, measure.fault))
            stack.enter_context(place)
            parts: dict[str, Callable[[], object]] = {
                "noes": lambda: say_no_amidst(place, workers, log),
                "kills": lambda: _killing(place, workers, log, measure).go_through(measure.kills, tell),
                "arrows": lambda: die_everywhere(place, workers, log, tell),
                "stops": lambda: stop_everywhere(place, workers, log, tell),
                "points": lambda: die_at_each(place, workers, tell),
            }
            came = {part: parts[part]() for part in PARTS if part in measure.parts}
            outcome = Outcome(database, judge(place, log.close(), workers.deaths), deaths=len(workers.deaths))
    for found in came.values():
        _put(outcome, found)
    outcome.seconds = time.monotonic() - began
    outcome.faults += [*outcome.verdict.faults, *_blind(outcome, measure)]
    return outcome


def _killing(place: Place, workers: Workers, log: Log, measure: Measure) -> Killing:
    # Those who say no, or for whom no mail can be made, are never seen by the sink: so many more there are.
    crowd(place, measure.people + measure.people // 100 + 2 * measure.kills)
    return Killing(place, workers.fresh_engine, log, random.Random(measure.seed))  # noqa: S311  # no secret


def _put(outcome: Outcome, found: object) -> None:
    match found:
        case Ordeal():
            outcome.ordeal = found
        case Points():
            outcome.points = found
        case list():
            for each in found:
                if isinstance(each, Died):
                    arrow = each.arrow
                    died = AtArrow(arrow.name, arrow.provoked, arrow.transaction, each.deaths, each.rows)
                    outcome.arrows.append(died)
                elif isinstance(each, Stopped):
                    outcome.stops.append(each)
                else:
                    outcome.faults.append(each)


def _blind(outcome: Outcome, measure: Measure) -> list[str]:
    """Return what was not seen though it should have been: a torture that never hurt proves nothing."""
    faults = [
        f"{each.name}: nobody died {stage} it with rows on their way"
        for each in outcome.arrows
        for stage in STAGES
        if not each.rows[stage]
    ]
    for stop in outcome.stops:
        faults += [f"stopped {stop.moment}: {stop.fault}"] if stop.fault else []
        faults += [f"stopped {stop.moment}: {stop.wrote} commands after another had it all"] if stop.wrote else []
        faults += [f"stopped {stop.moment}: it held nothing"] if not stop.rows else []
        faults += [f"stopped {stop.moment}: nobody took over"] if not stop.taken_over else []
    if outcome.points:
        faults += outcome.points.faults
        faults += ["there were hardly any points to die at"] if outcome.points.count < _FEWEST_POINTS else []
    if outcome.ordeal:
        faults += ["no kill left anything on its way"] if not outcome.ordeal.amidst else []
        faults += ["nobody said no"] if not outcome.verdict.noes else []
        few = outcome.verdict.seen < measure.people
        faults += [f"the sink saw {outcome.verdict.seen} people of {measure.people}"] if few else []
    return faults
