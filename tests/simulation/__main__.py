"""`python -m tests.simulation --seeds 2000`: nobody is lost, whatever the seed; `--seed 17` tells one story."""

from __future__ import annotations

import argparse
import os
import sys
import time

import pytest

from tests.simulation.planted import PLANTED
from tests.simulation.run import Result, at_once, first_found, one


def main() -> int:
    """Run what was asked for; 1 when a rule was broken."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("--seeds", type=int, default=2000, help="how many (2000)")
    asked.add_argument("--from", dest="first", type=int, default=0, help="the first (0)")
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--seed", type=int, help="tell the story of this one")
    asked.add_argument("--planted", action="store_true", help="at which seed is each planted bug found?")
    given = asked.parse_args()
    if given.seed is not None:
        return _tell(given.seed)
    return _planted(given.seeds) if given.planted else _run(given.first, given.seeds, given.processes)


def _tell(seed: int) -> int:
    found = one(seed)
    print(found.story)
    return int(bool(found.stories))


def _run(first: int, count: int, processes: int) -> int:
    began, total = time.monotonic(), Result()
    for part in at_once(first, count, processes):
        total.add(part)
        print(f"\r{total.seeds} of {count} seeds", end="", file=sys.stderr)
        for seed, story in part.stories.items():
            print(f"\nseed {seed}\n{story}\n")
    print(file=sys.stderr)
    took = time.monotonic() - began
    print(
        f"{total.seeds} seeds from {first}, {total.seeds / took:.1f} a second: {total.mails} mails, {total.kills} "
        f"kills, {total.copies} copies that a death or a lost line explains, {len(total.stories)} violations"
    )
    return int(bool(total.stories))


def _planted(most: int) -> int:
    missed = 0
    for name, plant in PLANTED.items():
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            seed = first_found(range(most))
        missed += seed is None
        print(f"{name}: " + ("NOT FOUND" if seed is None else f"found at seed {seed}"))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
