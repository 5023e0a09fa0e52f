"""An installation with mails that are due now, and the command line as processes of their own upon it."""

import datetime as dt
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from backmail.app import Backmail, opened
from backmail.audience import subscribers
from backmail.campaign import read
from backmail.config import Project, find_project, sample_campaigns
from backmail.model.campaign import Brand, Company
from backmail.model.people import Subscriber
from backmail.model.sending import Slot
from backmail.model.states import SubscriberState
from backmail.rendering import Setting, load_theme
from backmail.sending.enrollment import enroll
from backmail.sending.published import prepare, publish
from backmail.sending.published.publishing import Prepared
from backmail.shipped import shipped
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries

SECRETS = "BACKMAIL_SECRET_KEY=" + "k" * 32 + "\nBACKMAIL_PEPPER=" + "p" * 32 + "\n"
SENDER = "sender: {name: Anna, email: anna@example.org, address: [Main Street 1, 1000 Town]}\n"
COMPANY = Company("Anna", ("Main Street 1", "1000 Town"), "anna@example.org")
QUICK = "engine: {lease: 2s, sweep: 0.5s}\n"


@cache
def prepared() -> Prepared:
    """Return a series of two mails, composed once for all tests."""
    campaign = read(sample_campaigns()[0], project=Project(shipped("campaigns").parent))
    campaign = replace(campaign, id="c-series", slug="series", steps=campaign.steps[:2])
    return prepare(Setting(campaign, load_theme(campaign.theme), Brand(), COMPANY))


def project(root: Path, settings: str = "", *, people: int = 0, database: str = "", engine: str = QUICK) -> Project:
    """Make a project; `people` walk through a live series, and the first mail of each is due now."""
    root.mkdir(exist_ok=True)
    (root / "config.yaml").write_text(SENDER + engine + settings, encoding="utf-8")
    (root / ".env").write_text(SECRETS + (f"BACKMAIL_DATABASE={database}\n" if database else ""), encoding="utf-8")
    (root / ".env").chmod(0o600)
    made = find_project(root, environ={})
    if people:
        with opened(made) as backmail:
            _walk(backmail, people)
    return made


def _walk(backmail: Backmail, people: int) -> None:
    now = backmail.now()
    # Where it is noon now: mails that were tried before wait for the morning elsewhere.
    east = 12 - now.hour
    slot = Slot(now, now + dt.timedelta(days=1), now.date(), f"Etc/GMT{-east:+d}" if east else "UTC")
    with backmail.durable() as tx:
        publish(tx, prepared(), now=now, by="ann")
        tx.execute(campaigns.update().values(live_at=now, live_by="ann"))
        ids = [
            subscribers.add(
                tx, Subscriber(f"reader{n}@example.org"), backmail.pepper, now=now, state=SubscriberState.ACTIVE
            )
            for n in range(people)
        ]
        published = backmail.shelf.newest(tx, "c-series")
        assert published
        enroll(tx, published, ids, now=now, zone="UTC")
        queue.move(tx, [(id_, slot, now) for id_ in tx.scalars(sa.select(deliveries.c.id)).all()])


def first_mails(project: Project) -> dict[str, int]:
    """Return how many of the first mails are in each state."""
    with opened(project) as backmail, backmail.reading() as tx:
        step = prepared().setting.campaign.steps[0].id
        return dict(Counter(tx.scalars(sa.select(deliveries.c.state).where(deliveries.c.step == step))))


class Running:
    """`backmail` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[str] = []

    def __repr__(self) -> str:
        return "\n".join(self.told)  # what a test that failed shows

    def until(self, words: str) -> re.Match[str]:
        """Read what it tells until a line holds `words`, and return where."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line.rstrip("\n"))
            if found := re.search(words, line):
                return found
        raise AssertionError(f"{words!r} was not told: {self.told}")

    def end(self, number: signal.Signals | None = None) -> int:
        """Send a signal where one is given, read the rest, and return the exit code."""
        if number is not None:
            self.process.send_signal(number)
        assert self.process.stderr is not None
        self.told += self.process.stderr.read().splitlines()
        return self.process.wait()


@contextmanager
def running(project: Project, *arguments: str) -> Iterator[Running]:
    """Run `backmail` with arguments, and kill it at the end if it still runs."""
    command = [sys.executable, "-m", "backmail", "--project", str(project.root), *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Running(process)
        finally:
            process.kill()
