"""How many mails a second go from waiting to their end, through the pump, with a transport that keeps them in memory.

Each is claimed, written for its reader, handed over, sent, recorded, and her next one planned. With three million rows
in the tables, readers come up in an order that has nothing to do with where their rows lie; then the same with nothing
in the tables but those who are sent to. Peer: the plain loop of `plain.py`, which renders with a precompiled jinja
template; with as many rows.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from backmail import rendering
from backmail.app import Backmail
from backmail.transports import MemoryTransport
from benchmarks.address import plain, template
from benchmarks.crowd import Crowd, gather, installed
from benchmarks.databases import NONE, postgres
from benchmarks.measure import interleaved, table
from benchmarks.plain import Loop, Render
from benchmarks.studio import Studio
from tests.databases import schema

PEER = "a plain loop over SQLite"
ROUNDS = 9
MAILS = 500  # of one call: a claim takes no more
HAD = 4  # mails that everybody had before
DUE = (ROUNDS + 1) * MAILS
FULL = Crowd(750_000, HAD, due=DUE)  # three million mails that arrived, and three quarters of one that wait
EMPTY = Crowd(DUE, HAD, due=DUE)


def jinja() -> Render:
    """Return what renders the mail of that step by jinja, HTML and text."""
    studio = Studio()
    step = studio.steps[HAD]
    reader = studio.reader(step)
    composed = rendering.Variants(studio.setting).of(step, reader)
    message = rendering.address(composed, reader, studio.ids(reader.subscriber.name)[step.id], studio.links)
    numbers = {slot: number for number, slot in enumerate(message.values)}
    values = {f"v{number}": plain(slot, message.values[slot]) for slot, number in numbers.items()}
    names = [f"v{number}" for slot, number in numbers.items() if slot.field.path == ("subscriber", "first_name")]
    html, text = template(composed.html, numbers, escaping=True), template(composed.text, numbers, escaping=False)

    def render(first_name: str) -> tuple[str, str]:
        hers = values | dict.fromkeys(names, first_name)
        return html.render(hers), text.render(hers)

    return render


def ticking(backmail: Backmail, runner: asyncio.Runner) -> Callable[[], None]:
    """Return what takes one batch through, and sees that it went."""

    def tick() -> None:
        ticked = runner.run(backmail.tick())
        assert ticked.counts["accepted"] == MAILS, ticked
        carried = backmail.transport
        assert isinstance(carried, MemoryTransport)
        carried.carried.clear()

    return tick


def looping(loop: Loop) -> Callable[[], None]:
    """Return what takes as many through the plain loop."""

    def send() -> None:
        assert loop.send(MAILS) == MAILS

    return send


def main() -> None:
    """Measure and print; `--quick` puts no more rows in than are sent."""
    crowds = {"nothing else there": EMPTY}
    if "--quick" not in sys.argv:
        crowds["3 million mails there"] = FULL
    ways: dict[tuple[str, str], Callable[[], None]] = {}
    render = jinja()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        runner = stack.enter_context(asyncio.Runner())
        server = stack.enter_context(postgres())
        for there, crowd in crowds.items():
            loop = Loop(folder / f"{there}.db", render)
            stack.callback(loop.close)
            loop.gather(crowd)
            ways[there, PEER] = looping(loop)
            addresses = {"backmail, SQLite": ""}
            if server:
                addresses["backmail, PostgreSQL"] = stack.enter_context(schema(server))
            for name, address in addresses.items():
                backmail = stack.enter_context(installed(address))
                gather(backmail, crowd)
                ways[there, name] = ticking(backmail, runner)
        seconds = interleaved(ways, rounds=ROUNDS)
    for there in crowds:
        values = {name: each / MAILS for (where, name), each in seconds.items() if where == there}
        notes = [f"{name}: {1 / each:,.0f} mails a second" for name, each in values.items()]
        table(f"A mail from waiting to its end, {there}", values, PEER, "us", 1e6, notes if server else [*notes, NONE])


if __name__ == "__main__":
    main()
