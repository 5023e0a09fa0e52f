"""Whether an engine runs can be asked without getting into its way."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.clock import SystemClock
from backmail.engines import alone
from backmail.engines.lock import SUFFIX
from backmail.engines.seen import seen


@pytest.fixture
def database(tmp_path: Path) -> sa.URL:
    return sa.make_url(f"sqlite:///{tmp_path / 'backmail.db'}")


def test_an_engine_is_seen_while_it_runs(database: sa.URL) -> None:
    assert seen(database) is None
    with alone(database, clock=SystemClock()):
        found = seen(database)
        assert found is not None
        assert found.process == os.getpid()
        assert found.since.endswith(" UTC")
    assert seen(database) is None


def test_an_engine_that_was_killed_is_not_seen(database: sa.URL) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    signed = {"pid": gone.pid, "host": "here", "since": "2027-03-02 08:00:00 UTC"}
    Path(f"{database.database}{SUFFIX}").write_text(json.dumps(signed), encoding="utf-8")
    assert seen(database) is None


def test_words_of_others_in_the_file_are_nobody(database: sa.URL) -> None:
    Path(f"{database.database}{SUFFIX}").write_text("[1]", encoding="utf-8")
    assert seen(database) is None


@pytest.mark.parametrize("address", ["sqlite://", "postgresql+psycopg://localhost/backmail"])
def test_where_no_lock_stands_nobody_can_tell(address: str) -> None:
    with pytest.raises(LookupError):
        seen(sa.make_url(address))
