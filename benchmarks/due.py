"""How long it takes to see who is due: campaigns in their order, then the first 500 of one, people and all.

Peer: the simplest table that can do it, with an index on the time. Everything in the queue comes up in an order that
has nothing to do with where its rows lie; ten thousand of them are due, in a queue of 10,000, 100,000 and a million.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from backmail.app import Backmail
from backmail.store import claims
from benchmarks.crowd import NOON, Crowd, gather, installed
from benchmarks.databases import NONE, postgres
from benchmarks.measure import interleaved, table
from benchmarks.plain import Loop
from tests.databases import schema

PEER = "an index on a plain table"
SIZES = (10_000, 100_000, 1_000_000)
MOST = 500


def looking(backmail: Backmail) -> Callable[[], None]:
    """Return what looks at the queue as a turn of the pump does, in a transaction that may write."""

    def look() -> None:
        with backmail.relaxed() as tx:
            [head] = [head for head in claims.heads(tx, live_needed=True) if head.at is not None]
            assert len(claims.head(tx, head.campaign, now=NOON, most=MOST)) == MOST

    return look


def asking(loop: Loop) -> Callable[[], None]:
    """Return what asks the plain table."""

    def ask() -> None:
        assert len(loop.due(MOST)) == MOST

    return ask


def main() -> None:
    """Measure and print."""
    ways: dict[tuple[int, str], Callable[[], None]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        for size in SIZES:
            crowd = Crowd(size, due=min(SIZES))
            loop = Loop(folder / f"{size}.db", str)
            stack.callback(loop.close)
            loop.gather(crowd)
            ways[size, PEER] = asking(loop)
            addresses = {"backmail, SQLite": ""}
            if server:
                addresses["backmail, PostgreSQL"] = stack.enter_context(schema(server))
            for name, address in addresses.items():
                backmail = stack.enter_context(installed(address))
                gather(backmail, crowd)
                ways[size, name] = looking(backmail)
        seconds = interleaved(ways, calls=5)
    for size in SIZES:
        values = {name: each for (where, name), each in seconds.items() if where == size}
        notes = [] if server else [NONE]
        table(f"The first {MOST} that are due, of {size:,} that wait", values, PEER, "ms", 1000, notes)


if __name__ == "__main__":
    main()
