"""A project with a database, and the command line in it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backmail.app import opened
from backmail.cli import perform, screen
from backmail.config import find_project, start_project
from backmail.desk.system import publish_system
from backmail.store.engine import connect
from tests.store.world import World


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A project, and a person who types commands in it."""

    folder: Path
    said: Callable[[], tuple[str, str]]

    def __call__(self, *arguments: str) -> Said:
        """Type `backmail subscribers ...`."""
        code = perform(["subscribers", *arguments])
        out, err = self.said()
        return Said(code, out, err.replace(f"next: {screen.program()} ", "next: backmail "))

    def done(self, *arguments: str) -> str:
        """Type a command that works, and return what it prints."""
        said = self(*arguments)
        assert said.code == 0, said.err
        return said.out

    def shown(self, email: str) -> dict[str, Any]:
        """Return all that is known of somebody."""
        known = json.loads(self.done("show", email, "--json"))
        assert known.pop("schema") == 1
        return dict(known)

    def asks_for_confirmation(self) -> None:
        """Publish the mail that asks people to confirm."""
        with opened(find_project(self.folder)) as backmail, backmail.durable() as tx:
            publish_system(tx, backmail.project, now=backmail.now(), by="ann")

    def file(self, text: str) -> str:
        """Write a file of people, and return its name."""
        (self.folder / "people.csv").write_text(text, encoding="utf-8")
        return "people.csv"

    def anna(self, *more: str) -> str:
        """Add Anna, who has agreed, and return her address."""
        self.done("add", "anna@example.org", "--confirmed", "--consent", "on paper", *more)
        return "anna@example.org"


@pytest.fixture
def desk(
    tmp_path: Path, sqlite_upgraded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A new project, which the test stands in."""
    folder = tmp_path / "news"
    start_project(folder)
    sender = "sender: {name: Acme, email: news@news.example.org, address: [Example Street 1]}\n"
    (folder / "config.yaml").write_text(sender, encoding="utf-8")
    (folder / ".backmail").mkdir()
    shutil.copy(sqlite_upgraded, folder / ".backmail" / "backmail.db")
    monkeypatch.chdir(folder)
    return Desk(folder, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type, return-value]


@pytest.fixture
def world(desk: Desk) -> World:
    """The tables of the project."""
    return World(connect(f"sqlite:///{desk.folder / '.backmail' / 'backmail.db'}"))
