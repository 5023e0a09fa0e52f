"""Workers that stand still past their lease while another takes over, and what they write when they wake."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from tests.torture import sink
from tests.torture.log import Log
from tests.torture.place import SHORT, WINDOW, Place
from tests.torture.workers import Worker, Workers, until

ON_THE_WIRE = "with its answers on the line"  # sent, and not recorded yet
# None is within a transaction: who stands still there keeps its rows locked, and nobody takes over before it wakes.
# Each with the commit that it stands beside.
MOMENTS = {"after:claim": "claim", "after:hand-over": "hand-over", ON_THE_WIRE: "record", "after:record": "record"}
_PATIENCE = 30.0
_LISTEN = 1.5  # seconds after it woke
_LOCK_GONE = 5  # how an engine ends when the lock beside its database is not its own any more
_BEHIND = 8


@dataclass(frozen=True)
class Stopped:
    """What came of one stop.

    Attributes:
        moment: where it stood still, one of MOMENTS.
        rows: how many rows it held.
        wrote: how much it wrote to the wire after it woke, when all was another's.
        taken_over: whether the other brought everything to its end.
        fault: what else went wrong, "" for nothing.
    """

    moment: str
    rows: int
    wrote: int
    taken_over: bool
    fault: str = ""


def stop_everywhere(
    place: Place,
    workers: Workers,
    log: Log,
    tell: Callable[[str], None],
    moments: Iterable[str] = MOMENTS,
) -> list[Stopped]:
    """Let a worker stand still at each of these moments, and let the rest come to its end each time."""
    found = []
    for moment in moments:
        found.append(_stop(place, workers, log, moment))
        place.finish()
        tell(f"stopped {moment}: {found[-1].rows} rows, {found[-1].wrote} written afterwards")
    return found


def _stop(place: Place, workers: Workers, log: Log, moment: str) -> Stopped:
    people = place.enroll((sink.SLOW,) * WINDOW + (sink.TAKEN,) * _BEHIND, SHORT)
    sleeper = _asleep(place, workers, log, moment)
    log.gate(sink.OPEN)
    if sleeper is None:
        return Stopped(moment, 0, 0, False, "nobody stood still")
    rows = len(place.under_way())
    if place.sqlite:  # by force: as long as it is there no other engine starts
        place.lock.unlink()
    other = workers.engine()
    over = until(partial(_over, place, people), place.lease + _PATIENCE)
    woke = sleeper.go_on()
    if not place.sqlite:  # there it ends by itself
        log.more(1, _LISTEN)
        sleeper.tell_to_end()
    ended = sleeper.ended(_PATIENCE)
    other.tell_to_end()
    codes = ended, other.ended()
    right = codes == (_LOCK_GONE if place.sqlite else 0, 0)
    wrote = [each for each in log.since(woke) if each.who == sleeper.name]
    return Stopped(moment, rows, len(wrote), over, "" if right else f"they ended with {codes}: {_said(sleeper, other)}")


def _asleep(place: Place, workers: Workers, log: Log, moment: str) -> Worker | None:
    """Return a worker that stands still at that moment, None when it does not come to that."""
    if moment != ON_THE_WIRE:
        sleeper = workers.engine(crash=f"stop:{moment}")
        asleep = sleeper.stopped(_PATIENCE)
    else:
        log.gate(sink.SHUT)
        before = log.copies
        sleeper = workers.engine()
        until(lambda: log.copies >= before + WINDOW, _PATIENCE)
        asleep = sleeper.stop()
    if asleep:
        return sleeper
    sleeper.put_away()
    return None


def _over(place: Place, people: list[int]) -> bool:
    return place.count("accepted", of=people) == len(people)


def _said(*workers: Worker) -> str:
    return " | ".join(line for worker in workers for line in worker.said.strip().splitlines()[-1:])
