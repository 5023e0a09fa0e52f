"""A shop with a campaign that is due now, stood in by the test, and what lies in its outbox."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from backmail.app import backmail as app
from backmail.cli import perform
from backmail.clock import SystemClock
from backmail.config import start_project
from backmail.store.engine import connect

SLUG = "freer-shoulders"
FIRST = "Why shoulders and wrists grow stiff"
DATABASE = Path(".backmail/backmail.db")


def where_it_is_noon() -> str:
    """Return a zone where no reader sleeps at this moment."""
    return f"Etc/GMT{SystemClock().now().hour - 12:+d}"  # POSIX counts west


def _always(campaign: Path) -> None:
    """Let a campaign's mails go at any hour of any day, where it is noon at this moment."""
    text = campaign.read_text(encoding="utf-8")
    head, _, _ = text.partition("schedule:")
    given = f'schedule: {{days: any, between: ["00:00", "23:59"]}}\nzone: {where_it_is_noon()}\n'
    campaign.write_text(head + given, encoding="utf-8")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose campaign is applied, and who asked Anna and Bea to confirm: two mails are due."""
    folder = tmp_path_factory.mktemp("founded") / "shop"
    start_project(folder)
    _always(folder / "campaigns" / SLUG / "campaign.yaml")
    at = ("--project", str(folder))
    for verb in (("apply",), ("subscribers", "add", "anna@example.org"), ("subscribers", "add", "bea@example.org")):
        assert perform([*verb, *at]) == 0
    return folder


@pytest.fixture
def shop(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, stood in."""
    folder = tmp_path / "shop"
    shutil.copytree(founded, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for half a minute for a database that is locked."""
    monkeypatch.setattr(app, "connect", partial(connect, patience=0.05))


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold the database as another program would that writes for very long."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def outbox(folder: Path) -> list[EmailMessage]:
    """Return the mails that left."""
    mails = []
    for path in sorted((folder / "outbox").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        mails.append(mail)
    return mails


def got(folder: Path) -> Counter[str]:
    """Return how many mails each address got."""
    return Counter(str(mail["To"].addresses[0].addr_spec) for mail in outbox(folder))


ONCE_EACH = Counter({"anna@example.org": 1, "bea@example.org": 1})
