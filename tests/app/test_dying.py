"""A process dies at the moment it was given, beside a commit, and leaves what was committed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import opened
from backmail.app.dying import Dying
from backmail.config import CrashAt, find_project, start_project
from backmail.store.engine import Commit, connect, durable, reading, watched
from backmail.store.tables import campaigns
from tests.house.project import ROOT


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What this process was sent, instead of being sent it."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, signal: sent.append((pid, signal)))
    return sent


def through(dying: Dying, *commits: Commit) -> None:
    for commit in commits:
        for commit.stage in ("begins", "before", "after"):
            dying(commit)


def test_it_counts_both_sides_of_every_commit(killed: list[tuple[int, int]]) -> None:
    dying = Dying(CrashAt(3))
    through(dying, Commit("claim"))
    assert not killed
    commit = Commit("record", stage="before")
    dying(commit)
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_it_waits_for_a_transaction_or_a_change_of_that_name(killed: list[tuple[int, int]]) -> None:
    by_name, by_change = Dying(CrashAt(2, "claim", "after")), Dying(CrashAt(1, "accepted", "before", stop=True))
    record = Commit("record")
    record.changed["accepted"] = 3
    through(by_name, Commit("claim"), record)
    assert not killed
    through(by_name, Commit("claim"))
    assert killed == [(os.getpid(), signal.SIGKILL)]
    through(by_change, Commit("claim"), record)
    assert killed[1:] == [(os.getpid(), signal.SIGSTOP)]


@pytest.mark.parametrize(("stage", "kept"), [("before", 0), ("after", 1)])
def test_a_real_process_dies_there(tmp_path: Path, stage: str, kept: int) -> None:
    start_project(tmp_path)
    script = (
        "import sys; from pathlib import Path\n"
        "from backmail.app import opened; from backmail.config import find_project\n"
        "from backmail.store.tables import campaigns\n"
        "with opened(find_project(Path(sys.argv[1]))) as backmail, backmail.durable() as tx:\n"
        "    tx.execute(campaigns.insert().values(id='c-1', slug='one'))\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with opened(find_project(tmp_path)):
        pass  # the tables are there, and so are the fingerprints: the decision is the only one
    environ["BACKMAIL_CRASH_AT"] = f"{stage}:decision"
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    store = connect(f"sqlite:///{tmp_path / '.backmail' / 'backmail.db'}")
    with reading(store) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(campaigns)) == kept
    store.dispose()


def test_what_a_watcher_raises_undoes_the_transaction_unless_it_is_over(store: sa.Engine) -> None:
    class Gone(BaseException):
        pass

    def at(stage: str) -> sa.Engine:
        def watch(commit: Commit) -> None:
            if commit.stage == stage:
                raise Gone

        return watched(store, watch)

    for stage, kept in (("begins", 0), ("before", 0), ("after", 1)):
        with pytest.raises(Gone), durable(at(stage)) as tx:
            tx.execute(campaigns.insert().values(id=f"c-{stage}", slug=stage))
        with reading(store) as tx:
            assert tx.scalar(sa.select(sa.func.count()).where(campaigns.c.id == f"c-{stage}")) == kept
