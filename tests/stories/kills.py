"""Workers that are killed again and again while they send, a relay of its own, and what is counted afterwards."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO

import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.audience import subscribers
from backmail.clock import SystemClock
from backmail.config import find_project, start_project
from backmail.model.campaign import Campaign, Schedule
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.sending import decisions
from backmail.sending.enrollment import enroll
from backmail.sending.published import publish
from backmail.store.tables import campaigns, deliveries
from tests.house.project import ROOT
from tests.town import campaign, prepared, step

CONNECTIONS = 4
_PATIENCE = 60.0  # seconds until a mail comes; a worker needs two, and PostgreSQL's next one waits for a lease of two
_STARTS = 30  # of workers that live on, after the last kill: more than enough, where nobody is forgotten
ALWAYS = Schedule(days=tuple(range(7)), at=None, between=(dt.time(0), dt.time(0)))


def series() -> Campaign:
    """Return a campaign that is due now, and whose retries are: where its readers live it is noon at this moment."""
    east = 12 - SystemClock().now().hour
    return campaign(step("now", "0"), slug="kills", schedule=ALWAYS, zone=f"Etc/GMT{-east:+d}")  # POSIX counts west


# Takes every mail and tells its Message-ID and reader, one line each; it outlives whoever is killed.
_RELAY = r"""
import asyncio, re, sys

async def talk(reader, writer):
    say = lambda text: writer.write(text.encode() + b"\r\n")
    say("220 here")
    to = ""
    try:
        while line := (await reader.readline()).decode():
            verb = line[:4].upper()
            if verb == "RCPT":
                to = re.search("<(.*)>", line)[1]
            if verb == "DATA":
                say("354 go on")
                mail = (await reader.readuntil(b"\r\n.\r\n")).decode()
                print(re.search("(?im)^message-id: *(<.*>)", mail)[1], to, flush=True)
            say("221 bye" if verb == "QUIT" else "250 2.0.0 taken")
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    writer.close()

async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""

_CONFIG = """\
site:
  public_url: http://127.0.0.1:1
sender:
  name: Example Shop
  email: news@example.org
  address: [1 Example Street]
transport:
  kind: smtp
  host: 127.0.0.1
  port: {port}
  security: none
  connections: {connections}
engine:
  lease: 2s
  sweep: 0.5s
"""


@dataclass
class Counted:
    """What a whole run came to."""

    people: int
    kills: int
    copies: Counter[str] = field(default_factory=Counter)  # by reader
    names: dict[str, set[str]] = field(default_factory=dict)  # Message-IDs by reader
    no: set[str] = field(default_factory=set)  # who said no before her mail was handed over
    states: Counter[str] = field(default_factory=Counter)
    amidst: int = 0  # kills that left rows claimed or handed

    def add(self, name: str, reader: str) -> None:
        """Count a mail that the relay took."""
        self.copies[reader] += 1
        self.names.setdefault(reader, set()).add(name)

    @property
    def lost(self) -> int:
        """How many who did not say no got nothing."""
        return self.people - len(self.no) - len(set(self.copies) - self.no)

    @property
    def extra(self) -> int:
        """How many copies too many there are."""
        return sum(self.copies.values()) - len(self.copies)

    @property
    def bound(self) -> int:
        """How many there may be: what was in flight at each kill."""
        return self.kills * CONNECTIONS

    @property
    def after_no(self) -> int:
        """How many mails went to somebody whose no stood before the hand-over."""
        return sum(self.copies[who] for who in self.no)


class Log:
    """What the relay took, line by line: Message-ID and reader. Who waits for a mail that never comes is told so."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process = process
        self._lines: Queue[str] = Queue()
        self.port = int(process.stdout.readline())
        self._reading = Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reading.start()

    def _read(self, told: IO[str]) -> None:
        for line in told:
            self._lines.put(line)

    def next(self) -> list[str]:
        """Return the next mail; it fails the test when none comes."""
        return self._lines.get(timeout=_PATIENCE).split()

    def rest(self) -> Iterator[list[str]]:
        """End the relay, and yield what it took that was not read yet: it tells a mail before it answers for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reading.join(_PATIENCE)
        while not self._lines.empty():
            yield self._lines.get().split()


@contextmanager
def relay() -> Iterator[Log]:
    """Run the relay, and give its log."""
    with subprocess.Popen(
        [sys.executable, "-c", _RELAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Log(process)
        finally:
            process.kill()


class Ordeal:
    """A project with people, all of them due now, and workers that do not live long."""

    def __init__(self, folder: Path, database: str, port: int, people: int, seed: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)  # noqa: S311  # which mail a worker dies at is no secret
        start_project(folder)
        (folder / "config.yaml").write_text(_CONFIG.format(port=port, connections=CONNECTIONS), encoding="utf-8")
        self._environ = {**os.environ, "BACKMAIL_DATABASE": database, "PYTHONPATH": str(ROOT / "src")}
        self._people = [f"p{n}@example.org" for n in range(people)]
        with self.opened() as backmail:
            self._fill(backmail)

    def opened(self) -> AbstractContextManager[Backmail]:
        """Open the project."""
        return opened(find_project(self._folder, self._folder, environ=self._environ))

    def _fill(self, backmail: Backmail) -> None:
        now, what = SystemClock().now(), series()
        with backmail.durable() as tx:
            number = publish(tx, prepared(what), now=now, by="test")
            tx.execute(campaigns.update().values(live_at=now, live_by="test"))
            ids = subscribers.add_many(
                tx,
                [Subscriber(email) for email in self._people],
                backmail.pepper,
                now=now,
                state=SubscriberState.ACTIVE,
            )
            enroll(tx, backmail.shelf.get(tx, what.id, number), sorted(ids.values()), now=now, zone="UTC")

    def run(self, kills: int, log: Log) -> Counted:
        """Send to everybody; kill the worker so many times on the way, and let somebody say no each time."""
        counted = Counted(len(self._people), kills)
        each = max(1, len(self._people) * 3 // 4 // max(1, kills))
        for _ in range(kills):
            with self._worker("--port", "0") as worker:  # it stays, and takes over when the lease of the last one ends
                for _ in range(self._random.randint(1, each)):
                    counted.add(*log.next())
                worker.send_signal(signal.SIGKILL)
            counted.amidst += self._under_way()
            self._say_no(counted)
        starts = 0
        while self._open() and starts < _STARTS:  # PostgreSQL's waits for the lease of the last one to end
            starts += 1
            with self._worker("--once"):
                pass
        for name, reader in log.rest():
            counted.add(name, reader)
        with self.opened() as backmail, backmail.reading() as tx:
            counted.states.update(tx.scalars(sa.select(deliveries.c.state)))
        return counted

    @contextmanager
    def _worker(self, *how: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "backmail", "run", *how, "--project", str(self._folder)]
        with subprocess.Popen(command, env=self._environ, stderr=subprocess.DEVNULL) as process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise

    def _under_way(self) -> bool:
        with self.opened() as backmail, backmail.reading() as tx:
            return bool(tx.scalar(sa.select(sa.exists().where(deliveries.c.state.in_(("claimed", "handed"))))))

    def _open(self) -> bool:
        waiting = deliveries.c.state.not_in(("accepted", "skipped", "failed"))
        with self.opened() as backmail, backmail.reading() as tx:
            return bool(tx.scalar(sa.select(sa.exists().where(waiting))))

    def _say_no(self, counted: Counted) -> None:
        """Let somebody unsubscribe to whom nothing was handed over yet."""
        with self.opened() as backmail, backmail.durable() as tx:
            waiting = tx.execute(
                sa.select(deliveries.c.subscriber)
                .where(deliveries.c.state.in_(("planned", "claimed")), deliveries.c.hand_overs == 0)
                .order_by(deliveries.c.id)
            ).all()
            if waiting:
                person = self._random.choice(waiting).subscriber
                decisions.unsubscribe(tx, person, now=SystemClock().now())
                counted.no.add(subscribers.get(tx, person).subscriber.email)
