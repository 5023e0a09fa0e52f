"""Killed anywhere in a restore, the database is the old one, or the restored one that sends nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.cli import perform
from backmail.config import Project
from backmail.store.engine import connect, durable, reading
from backmail.store.pauses import standing
from backmail.store.soundness import damages
from backmail.store.tables import deliveries, meta
from tests.cli.installation import project

# What the child does before it restores: it dies at that point.
AT = {
    "the backup is copied": "from backmail.store import upgrade as at; at.recognise = die",
    "all is made ready": "from backmail.app import restores as at; at.pause_campaign = die",
    "what was there is kept": "from backmail.app import restores as at; after(at, '_kept_dump', at.snapshots, 'take')",
    "half of it is in place": "import sqlite3 as at; at.connect = slow(at.connect)",
    "it is in place": "from backmail.store import snapshots as at; after(at, 'put_in_place')",
    "it is committed": "from backmail.app import restores as at; at._late = die",
}
CHILD = """
import os, signal, sqlite3, sys
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def after(*places):
    for place, name in zip(places[::2], places[1::2]):
        def real(*given, real=getattr(place, name), **more):
            real(*given, **more)
            die()
        setattr(place, name, real)
class Slow(sqlite3.Connection):
    def backup(self, target, *, pages, progress=None):
        steps = []
        super().backup(target, pages=4, progress=lambda *_: steps.append(1) if len(steps) < 5 else die())
def slow(real):
    def connect(database, **given):
        named = str(database).endswith(".restoring")
        return real(database, **given, **({"factory": Slow} if named else {}))
    return connect
%s
from backmail.cli import perform
sys.exit(perform(sys.argv[1:]))
"""


def killed(made: Project, file: Path, point: str) -> None:
    """Restore a backup in a process that dies at a point."""
    command = [sys.executable, "-c", CHILD % AT[point], "--project", str(made.root), "db", "restore", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def stands(made: Project) -> str:
    """Return which database it is: "old", or "restored" with everything held; it is whole in any case."""
    store = connect(made.database())
    with reading(store) as tx:
        assert damages(tx, indexes=True) == []
        old = tx.scalar(sa.select(meta.c.value).where(meta.c.key == "mark")) == "old"
        states = set(tx.scalars(sa.select(deliveries.c.state)))
        paused = None in standing(tx)
    store.dispose()
    assert (states, paused) == (({"planned"}, False) if old else ({"uncertain"}, True))
    return "old" if old else "restored"


def torn(made: Project, point: str) -> str:
    """Back up, change something, restore and die, and return which database stands then."""
    file = made.root.parent / "one"
    words = ["--project", str(made.root), "db"]
    assert perform([*words, "backup", str(file)]) == 0
    store = connect(made.database())
    with durable(store) as tx:
        tx.execute(meta.insert().values(key="mark", value="old"))
    store.dispose()
    killed(made, file, point)
    found = stands(made)
    assert perform([*words, "restore", str(file)]) == 0  # said again it goes through
    assert stands(made) == "restored"
    assert not list(made.root.glob(".backmail/*.restoring*"))
    return found


@pytest.mark.parametrize("point", [each for each in AT if each != "it is committed"])
def test_on_sqlite(tmp_path: Path, point: str) -> None:
    assert torn(project(tmp_path / "my news", people=2), point) == ("restored" if point == "it is in place" else "old")


@pytest.mark.usefixtures("postgres_programs")
@pytest.mark.parametrize("point", ["all is made ready", "what was there is kept", "it is committed"])
def test_on_postgres(tmp_path: Path, postgres: str, point: str) -> None:
    made = project(tmp_path / "my news", people=2, database=postgres)
    assert torn(made, point) == ("restored" if point == "it is committed" else "old")
