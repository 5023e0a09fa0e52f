"""Every no stands in the ledger when its transaction is over, whoever took it; and a no never fails for the ledger."""

import ast
import asyncio
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import opened
from backmail.app.noting import Noting, ledger_of
from backmail.audience import suppressions
from backmail.audience.addresses import address_hash
from backmail.cli import perform
from backmail.config import Project
from backmail.model.states import NoAct, SuppressionReason
from backmail.sending import decisions
from backmail.store import ledger
from backmail.store.engine import durable
from backmail.store.noes import No
from backmail.transports import MemoryTransport
from tests.cli.installation import project
from tests.house.project import SOURCE, modules
from tests.store.world import NINE

ADDRESS = "reader0@example.org"


def lines(made: Project) -> list[No]:
    """Return what stands in the ledger."""
    return ledger.read(made.root / ".backmail" / "backmail.db.noes").noes


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return project(tmp_path, people=2)


def test_a_readers_no_and_what_takes_it_back_stand_there_at_once(made: Project) -> None:
    with opened(made) as backmail:
        address = address_hash(backmail.pepper, ADDRESS)
        with backmail.durable() as tx:
            decisions.unsubscribe(tx, 1, now=backmail.now())
            assert lines(made) == []  # nothing is said before it is so
        [no] = lines(made)
        assert (no.what, no.address, no.reason) == (NoAct.SUPPRESSED, address, SuppressionReason.UNSUBSCRIBED)
        with backmail.durable() as tx:
            decisions.undo(tx, backmail.shelf, 1, now=backmail.now(), zone="UTC")
        assert [no.what for no in lines(made)] == [NoAct.SUPPRESSED, NoAct.UNDONE]


def test_the_operators_verbs_write_it_too(made: Project) -> None:
    word = ["--project", str(made.root), "subscribers"]
    assert perform([*word, "unsubscribe", "nobody@example.org"]) == 0
    assert len(lines(made)) == 1
    with opened(made) as backmail, backmail.durable() as tx:
        suppressions.suppress(tx, address_hash(backmail.pepper, ADDRESS), SuppressionReason.BOUNCED, now=backmail.now())
    assert perform([*word, "lift", ADDRESS, "--because", "she called"]) == 0
    assert [no.what for no in lines(made)] == [NoAct.SUPPRESSED, NoAct.SUPPRESSED, NoAct.LIFTED]
    assert "called" not in (made.root / ".backmail" / "backmail.db.noes").read_text(encoding="ascii")


def test_a_dead_address_stands_there_after_the_tick_that_found_it(made: Project) -> None:
    transport = MemoryTransport()
    transport.refuse(ADDRESS)
    with opened(made, transport=transport) as backmail:
        asyncio.run(backmail.tick())
        [no] = lines(made)
        assert (no.address, no.reason) == (address_hash(backmail.pepper, ADDRESS), SuppressionReason.BOUNCED)


def test_who_died_between_the_two_is_caught_up_by_the_next_command(made: Project) -> None:
    with opened(made) as backmail:
        with durable(backmail.store) as tx:  # as if nothing came after it
            decisions.unsubscribe(tx, 1, now=backmail.now())
        assert lines(made) == []
    assert perform(["--project", str(made.root), "status"]) == 0
    assert len(lines(made)) == 1


def test_a_ledger_that_cannot_be_written_keeps_nobody_from_a_no(
    made: Project, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made.root / ".backmail" / "backmail.db.noes"
    file.mkdir()
    with caplog.at_level(logging.WARNING, "backmail.noes"), opened(made) as backmail:
        for id_ in (1, 2):
            with backmail.durable() as tx:
                assert decisions.unsubscribe(tx, id_, now=backmail.now())
        [told] = caplog.messages
        assert "the ledger of noes cannot be written" in told
        assert str(file) in told
    perform(["--project", str(made.root), "doctor"])
    assert f"2 of them do not stand in {file}" in capsys.readouterr().out
    file.rmdir()
    assert perform(["--project", str(made.root), "status"]) == 0
    assert len(lines(made)) == 2


def test_where_it_is(tmp_path: Path) -> None:
    where = Project(tmp_path)
    assert ledger_of(where, sa.make_url("sqlite://")) is None
    assert ledger_of(where, sa.make_url("sqlite:////srv/a b.db")) == Path("/srv/a b.db.noes")
    assert ledger_of(where, sa.make_url("postgresql://host/x")) == tmp_path / ".backmail" / "noes"


def test_one_in_memory_has_none(store: sa.Engine) -> None:
    with durable(store) as tx:
        suppressions.suppress(tx, "ida", SuppressionReason.OPERATOR, now=NINE)
    Noting(store, None).follow()


def written(module: Path, table: str) -> bool:
    """Return whether a module changes a table: by its methods, or by handing it to one of ours that does."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            given = [ast.unparse(each) for each in node.args]
            if called.endswith(tuple(f"{table}.{verb}" for verb in ("insert", "update", "delete"))):
                return True
            if called.endswith(("put_new", "insert", "update", "delete")) and any(
                each == table or each.endswith(f".{table}") for each in given
            ):
                return True
    return False


def test_nobody_else_writes_what_is_noted() -> None:
    """Whoever wrote the table past `suppress` and `lift` would forget the ledger."""
    for table, own in (("suppressions", "audience/suppressions.py"), ("noes", "store/noes.py")):
        assert [module for module in modules() if written(module, table)] == [SOURCE / own]
