"""How long `backmail simulate` takes for 100,000 people and all steps of the sample, and its memory at the peak.

Peer: the simplest simulation, a heap of (time, person, step) that tells the same lines and decides nothing. Slow, since
it goes through 700,000 mails: `python -m benchmarks --slow`. A number of people can be named instead.
"""

from __future__ import annotations

import datetime as dt
import heapq
import json
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from backmail.config import sample_campaigns, start_project
from benchmarks.measure import BACKMAIL, process, table

PEOPLE = 100_000
PEER = "a heap of times"
_STEPS = 7
_ZONES = ("Europe/Copenhagen", "America/New_York", "Asia/Tokyo", "Australia/Sydney")
_FIRST = dt.datetime(2027, 1, 5, 9)
_WEEK = dt.timedelta(weeks=1)


def heap(people: int) -> None:
    """Go through everybody's mails in the order of time, and tell of each that it was handed over and accepted."""
    zones = [ZoneInfo(name) for name in _ZONES]
    waiting = []
    for person in range(people):
        zone = zones[person % len(zones)]
        waiting.append((_FIRST.replace(tzinfo=zone).astimezone(dt.UTC), person, 0))
    heapq.heapify(waiting)
    while waiting:
        at, person, step = heapq.heappop(waiting)
        zone = zones[person % len(zones)]
        for event in ("handed", "accepted"):
            line = {"at": at.astimezone(zone).isoformat(), "utc": at.isoformat(), "who": str(person), "step": step}
            sys.stdout.write(json.dumps({**line, "event": event, "why": None}) + "\n")
        if step + 1 < _STEPS:
            after = (_FIRST + (step + 1) * _WEEK).replace(tzinfo=zone).astimezone(dt.UTC)
            heapq.heappush(waiting, (after, person, step + 1))


def main(people: int) -> None:
    """Measure once, and print: a run takes minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_project(folder)
        campaign = sample_campaigns()[0].name
        # What they tell goes nowhere: a pipe would have to be read, and a file takes hundreds of megabytes.
        nowhere = ("sh", "-c", 'exec "$@" >/dev/null', "sh")
        used = {
            PEER: process(*nowhere, sys.executable, "-m", "benchmarks.simulate", "heap", str(people)),
            "backmail simulate": process(
                *nowhere, BACKMAIL, "simulate", campaign, "--people", str(people), "--json", cwd=folder
            ),
        }
    notes = [f"{people:,} people, {_STEPS} steps, each event told as a line of JSON; once"]
    table("A simulation", {name: seconds for name, (seconds, _) in used.items()}, PEER, "s", 1, notes)
    table("Its memory at the peak", {name: memory for name, (_, memory) in used.items()}, PEER, "MiB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["heap"]:
        heap(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PEOPLE)
