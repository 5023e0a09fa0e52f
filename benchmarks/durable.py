"""What it costs to have every hand-over and every answer on the disk before anything goes on (`engine.durable`).

Mails go from waiting to their end through the pump, in groups of 4, as SMTP has them, and of 100, with a transport that
keeps them in memory. Peer: the same without it, where a power cut may repeat the mails of the last moments.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from backmail.transports import MemoryTransport
from benchmarks.crowd import Crowd, gather, installed
from benchmarks.cycles import HAD, MAILS, ROUNDS, ticking
from benchmarks.databases import NONE, postgres
from benchmarks.measure import interleaved, table
from tests.databases import schema

WINDOWS = (4, 100)
SETTINGS = {"relaxed": "", "durable": "engine: {durable: true}\n"}
CROWD = Crowd((ROUNDS + 1) * MAILS, HAD, due=(ROUNDS + 1) * MAILS)


def main() -> None:
    """Measure and print."""
    ways: dict[tuple[str, int, str], Callable[[], None]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=".")))  # on a disk: /tmp may be memory
        runner = stack.enter_context(asyncio.Runner())
        server = stack.enter_context(postgres())
        for window in WINDOWS:
            for kind, settings in SETTINGS.items():
                addresses = {"SQLite": f"sqlite:///{folder / f'{kind}{window}.db'}"}
                if server:
                    addresses["PostgreSQL"] = stack.enter_context(schema(server))
                for name, address in addresses.items():
                    backmail = stack.enter_context(installed(address, settings))
                    backmail.transport = MemoryTransport(window=window)
                    gather(backmail, CROWD)
                    ways[name, window, kind] = ticking(backmail, runner)
        seconds = interleaved(ways, rounds=ROUNDS)
    for name, window in sorted({way[:2] for way in ways}, reverse=True):
        values = {kind: seconds[name, window, kind] / MAILS for kind in SETTINGS}
        notes = [f"{kind}: {1 / each:,.0f} mails a second" for kind, each in values.items()]
        table(f"A mail from waiting to its end, {name}, groups of {window}", values, "relaxed", "us", 1e6, notes)
    if not server:
        print(NONE)


if __name__ == "__main__":
    main()
