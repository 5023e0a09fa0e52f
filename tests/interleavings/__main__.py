"""`python -m tests.interleavings [--every N] [WORDS]`: plays every order with every third hand, on both databases.

WORDS choose third hands whose names hold them; --every N plays each N-th order. It prints a line for each third hand
and each place where workers stand still, and ends with 1 when a law did not hold somewhere. With --planted it plays
them against each mistake that is planted into the protocol, and ends with 1 when one was not found.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.interleavings.databases import IN_MEMORY, played
from tests.interleavings.orders import orders
from tests.interleavings.planted import BUGS, shown
from tests.interleavings.third import THIRDS
from tests.interleavings.workers import Cut
from tests.postgres import GIVEN, server

_TOLD = 3  # violations, of each


def main() -> int:
    """Play, and return how it went: 0 when every law holds in every order."""
    given = ArgumentParser(prog="python -m tests.interleavings", description="every order in which steps can fall")
    given.add_argument("words", nargs="*", help="only third hands with these words in their names")
    given.add_argument("--every", type=int, default=1, metavar="N", help="each N-th order")
    given.add_argument("--processes", type=int, default=2, metavar="N", help="how many play at the same time")
    given.add_argument("--planted", action="store_true", help="against each mistake, in memory alone")
    wanted = given.parse_args()
    with ProcessPoolExecutor(wanted.processes, get_context("spawn")) as pool:
        if wanted.planted:
            return _planted(pool, wanted.words, wanted.every)
        with ExitStack() as stack:
            databases = [IN_MEMORY]
            if GIVEN != "none":
                databases.append(stack.enter_context(server(Path(stack.enter_context(TemporaryDirectory())))))
            return _played(pool, wanted.words, wanted.every, databases)


def _played(pool: ProcessPoolExecutor, words: list[str], every: int, databases: list[str]) -> int:
    thirds = [third for third in THIRDS if all(word in third.name for word in words)]
    playing = [
        pool.submit(played, address, third.name, cut, every) for third, cut, address in product(thirds, Cut, databases)
    ]
    broken = 0
    for each in playing:
        line, violations = each.result()
        print(line, *violations[:_TOLD], sep="\n    ", flush=True)
        broken += len(violations)
    print(f"{len(playing) * len(orders()[::every])} orders, {broken} violations")
    return 1 if broken else 0


def _planted(pool: ProcessPoolExecutor, words: list[str], every: int) -> int:
    wanted = [bug for bug in BUGS if all(word in bug.name for word in words)]
    found = [pool.submit(shown, bug.name, every) for bug in wanted]
    for bug, each in zip(wanted, found, strict=True):
        count, first = each.result()
        print(
            f"{bug.name}: in {count} of {len(orders()[::every])} orders with {bug.third}, first in {first}", flush=True
        )
    return 0 if all(each.result()[0] for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
