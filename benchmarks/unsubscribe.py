"""How soon a no holds while mails go out: from the first byte of POST /u to its answer, which follows the commit.

`backmail run` sends to a slow sink on this machine and serves the pages; each no comes over a connection of its own, as
mailbox providers send it, and after each the database is asked whether it stands. Peer: the same `run` with nothing to
send, asked in turn.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import http.client
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.app import Backmail
from backmail.audience import subscribers
from backmail.clock import SystemClock
from backmail.model.people import Subscriber
from backmail.model.sending import Slot
from backmail.model.states import DeliveryState, SubscriberState
from backmail.sending.enrollment import enroll
from backmail.store import queue
from backmail.store.tables import deliveries
from benchmarks.crowd import installed, published
from benchmarks.measure import BACKMAIL, table

PEER = "while nothing is sent"
BUSY = "while mails go out"
NOES = 200
PEOPLE = 5_000
ANSWER = 0.02  # seconds until the sink takes a mail
_SENDING = "transport: {{kind: smtp, host: 127.0.0.1, port: {port}, security: none}}\n"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def sink() -> Iterator[int]:
    """Take mails, each after a while, in a thread; give the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(ANSWER)
            writer.write(b"250 2.0.0 ok\r\n")
        writer.close()

    async def serve() -> None:
        async with await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 20) as server:
            port.append(server.sockets[0].getsockname()[1])
            loop.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    port: list[int] = []
    loop: list[asyncio.AbstractEventLoop] = []
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait()
    yield port[0]
    loop[0].call_soon_threadsafe(stop.set)
    thread.join()


def gather(backmail: Backmail, *, due: bool) -> list[int]:
    """Let people walk whose first mail is due now or tomorrow, and return the deliveries, the last in the queue first.

    What is due goes out in that order, so those who say no early are far from being sent to.
    """
    now = backmail.now()
    slot = Slot(now, now + dt.timedelta(days=2), now.date(), "UTC")
    with backmail.durable() as tx:
        people = (Subscriber(f"reader{n}@example.org") for n in range(PEOPLE))
        ids = subscribers.add_many(tx, people, backmail.pepper, now=now, state=SubscriberState.ACTIVE)
        enroll(tx, published(backmail), list(ids.values()), now=now, zone="UTC")
        made = tx.scalars(sa.select(deliveries.c.id).order_by(deliveries.c.id.desc())).all()
        at = now if due else now + dt.timedelta(days=1)
        queue.move(tx, [(id_, slot, at) for id_ in made])
    return list(made)


@dataclass(frozen=True)
class Running:
    """`backmail run` in a process of its own, at a port, with those who will say no."""

    backmail: Backmail
    port: int
    saying: Iterator[int]

    def say_no(self) -> float:
        """Post one no, and return the seconds that it took."""
        delivery = next(self.saying)
        path = f"/u/{self.backmail.links.token('unsubscribe', str(delivery))}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.connect()
        start = time.perf_counter()
        connection.request("POST", path, "List-Unsubscribe=One-Click", _FORM)
        status = connection.getresponse().status
        seconds = time.perf_counter() - start
        connection.close()
        assert status == http.client.OK, status
        with self.backmail.reading() as tx:
            state = tx.scalar(sa.select(deliveries.c.state).where(deliveries.c.id == delivery))
        assert state == DeliveryState.SKIPPED, state
        return seconds

    def sent(self) -> int:
        """Return how many mails arrived."""
        with self.backmail.reading() as tx:
            arrived = deliveries.c.state == DeliveryState.ACCEPTED.value
            return tx.scalar(sa.select(sa.func.count()).where(arrived)) or 0


@contextmanager
def running(port: int, *, due: bool) -> Iterator[Running]:
    """Run an installation that sends to the sink at that port."""
    with installed(settings=_SENDING.format(port=port), clock=SystemClock()) as backmail:
        saying = gather(backmail, due=due)
        command = (BACKMAIL, "--project", str(backmail.project.root), "run", "--port", "0")
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                told = next(filter(None, (re.match(r"pages: .*:(\d+)", line) for line in process.stderr)))
                yield Running(backmail, int(told[1]), iter(saying))
            finally:
                process.kill()


def main() -> None:
    """Measure and print."""
    with ExitStack() as stack:
        port = stack.enter_context(sink())
        runs = {PEER: stack.enter_context(running(port, due=False)), BUSY: stack.enter_context(running(port, due=True))}
        while not runs[BUSY].sent():
            time.sleep(0.1)
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        before, start = runs[BUSY].sent(), time.perf_counter()
        for _ in range(NOES):
            for name, run in runs.items():
                seconds[name].append(run.say_no())
        sent, passed = runs[BUSY].sent(), time.perf_counter() - start
        assert sent + NOES < PEOPLE, "everything was sent before the last no"
    notes = [f"{NOES} each; {(sent - before) / passed:,.0f} mails a second went out meanwhile"]
    for words, place in (("median", 9), ("95 of 100 are quicker", 18)):
        values = {name: statistics.quantiles(each, n=20)[place] for name, each in seconds.items()}
        table(f"A no, until it stands: {words}", values, PEER, "ms", 1000, notes)


if __name__ == "__main__":
    main()
