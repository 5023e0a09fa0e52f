"""A restore forgets no no that the present database knows, whether or not it stands in the ledger."""

import asyncio
import datetime as dt
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.app import opened
from backmail.app.backups import backed_up
from backmail.app.noting import ledger_of
from backmail.app.restores import restored
from backmail.config import Project
from backmail.errors import InputError, StoreError
from backmail.sending import decisions
from backmail.store import dumps
from backmail.store.engine import connect, durable, reading
from backmail.store.tables import deliveries, suppressions
from tests.cli.installation import project

NOW = dt.datetime(2040, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    if request.param == "sqlite":
        return project(tmp_path / "news", people=3)
    request.getfixturevalue("postgres_programs")
    return project(tmp_path / "news", people=3, database=str(request.getfixturevalue("postgres")))


def back_up(made: Project) -> Path:
    return backed_up(made, made.root.parent / "one", now=NOW).file


def standing(made: Project) -> int:
    store = connect(made.database())
    with reading(store) as tx:
        found = tx.scalar(sa.select(sa.func.count()).where(suppressions.c.lifted_at.is_(None)))
    store.dispose()
    return found or 0


def test_whoever_died_before_the_ledger_was_written_has_said_no(made: Project) -> None:
    file = back_up(made)
    with opened(made) as backmail, durable(backmail.store) as tx:  # which nothing follows
        decisions.unsubscribe(tx, 1, now=backmail.now())
    restored(made, file, now=NOW, by="ann")
    assert standing(made) == 1
    with opened(made) as backmail:
        ledger = ledger_of(made, backmail.store.url)
    assert ledger is not None
    assert len(ledger.read_text(encoding="ascii").splitlines()) == 1  # and it stands there from now on


def test_a_ledger_of_another_machine_lacks_nothing(tmp_path: Path, postgres: str, postgres_programs: None) -> None:
    one, other = (project(tmp_path / name, people=3 * (name == "one"), database=postgres) for name in ("one", "other"))
    file = back_up(one)
    with opened(one) as backmail, backmail.durable() as tx:
        decisions.unsubscribe(tx, 1, now=backmail.now())
    restored(other, file, now=NOW, by="ann")
    assert standing(other) == 1


def test_what_an_idle_engine_sends_while_the_dump_is_made_is_held(
    tmp_path: Path, postgres: str, postgres_programs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked for a second before they came due; by the time that the tables are locked they have gone out."""
    made = project(tmp_path / "news", people=3, database=postgres)
    file = back_up(made)
    real = dumps.take
    with opened(made) as engine:

        def slow(*how: Any) -> None:
            real(*how)
            asyncio.run(engine.tick())

        monkeypatch.setattr(dumps, "take", slow)
        with engine.reading() as tx:
            due = tx.execute(sa.select(sa.func.min(deliveries.c.due_at))).scalar_one()
        held = restored(made, file, now=due - dt.timedelta(seconds=1), by="ann").held
    assert len(list(made.outbox.glob("*.eml"))) == 3
    assert held.total() == 3


def test_through_a_link_it_is_the_same_ledger(tmp_path: Path) -> None:
    made = project(tmp_path / "news", people=1)
    (tmp_path / "link.db").symlink_to(made.root / ".backmail" / "backmail.db")
    real, link = (sa.make_url(address) for address in (made.database(), f"sqlite:///{tmp_path / 'link.db'}"))
    assert ledger_of(made, real) == ledger_of(made, link)


def test_a_pg_restore_that_is_killed_half_way_restores_nothing(
    tmp_path: Path, postgres: str, postgres_programs: None
) -> None:
    made = project(tmp_path / "news", people=3, database=postgres)
    with opened(made) as backmail, backmail.durable() as tx:
        for person in (1, 2, 3):
            decisions.unsubscribe(tx, person, now=backmail.now())
    file = back_up(made)
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "pg_restore"
    program.write_text(f"""#!/bin/bash
case "$*" in
    *--table=suppressions*) "{shutil.which("pg_restore")}" "$@" | sed '/^COPY/{{n;q}}'; kill -9 $$;;
    *) exec "{shutil.which("pg_restore")}" "$@";;
esac
""")
    program.chmod(0o755)
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    with pytest.raises(StoreError):
        restored(made, file, now=NOW, by="ann", environ=environ)
    assert standing(made) == 3


def test_what_a_restore_left_behind_is_no_backup_and_is_not_deleted(tmp_path: Path) -> None:
    made = project(tmp_path / "news", people=1)
    left = made.root / ".backmail" / "backmail.db.restoring"
    shutil.copy(back_up(made), left)
    with pytest.raises(InputError, match="left behind by a restore"):
        restored(made, left, now=NOW, by="ann")
    assert left.exists()
