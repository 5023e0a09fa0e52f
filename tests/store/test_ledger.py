"""The ledger of noes: it follows the table, survives who died over it, and is read back line by line."""

import datetime as dt
import json
import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backmail.model.states import NoAct, SuppressionReason
from backmail.store import ledger
from backmail.store.engine import durable, reading
from backmail.store.noes import No, adopt, mark, note, touched, unkept, unknown
from tests.store.world import NINE

UNSUBSCRIBED = SuppressionReason.UNSUBSCRIBED
IDA = No(NoAct.SUPPRESSED, "ida", UNSUBSCRIBED, NINE, uid="u-ida")
BO = No(NoAct.UNDONE, "bo", UNSUBSCRIBED, NINE + dt.timedelta(microseconds=1), "c-town", "u-bo")


def say(store: sa.Engine, *noes: No) -> None:
    """Note noes in a transaction of their own."""
    with durable(store) as tx:
        note(tx, noes)


def waiting(store: sa.Engine) -> list[No]:
    """Return what the table says is not in the file yet."""
    with reading(store) as tx:
        return [no for _, no in unkept(tx)]


class TestFollowing:
    def test_the_file_follows_the_table_each_line_once_and_in_order(self, store: sa.Engine, tmp_path: Path) -> None:
        file = tmp_path / "made" / "noes"
        assert ledger.follow(store, file) == 0
        assert not file.exists()
        say(store, IDA)
        assert ledger.follow(store, file) == 1
        say(store, BO)
        assert ledger.follow(store, file) == 1
        assert ledger.follow(store, file) == 0
        assert ledger.read(file) == ledger.Ledger([IDA, BO])
        assert waiting(store) == []

    def test_nobody_else_may_read_it_and_no_address_stands_in_it(self, store: sa.Engine, tmp_path: Path) -> None:
        say(store, IDA)
        ledger.follow(store, tmp_path / "noes")
        assert stat.S_IMODE((tmp_path / "noes").stat().st_mode) == 0o600
        [line] = (tmp_path / "noes").read_text(encoding="ascii").splitlines()
        assert set(json.loads(line)) == {"uid", "at", "what", "address", "scope", "reason"}

    def test_who_died_before_the_table_knew_of_it_writes_it_twice_and_it_counts_once(
        self, store: sa.Engine, tmp_path: Path
    ) -> None:
        file = tmp_path / "noes"
        say(store, IDA)
        ledger.append(file, waiting(store))
        ledger.follow(store, file)
        assert ledger.read(file).noes == [IDA, IDA]
        with reading(store) as tx:
            assert unknown(tx, [BO, IDA, BO]) == [BO]

    def test_a_file_that_is_gone_is_written_anew(self, store: sa.Engine, tmp_path: Path) -> None:
        file = tmp_path / "noes"
        say(store, IDA)
        ledger.follow(store, file)
        file.unlink()
        say(store, BO)
        assert ledger.follow(store, file) == 2
        file.write_bytes(b"")  # its name got to the disk, and what was in it did not
        assert ledger.follow(store, file) == 2
        assert ledger.read(file).noes == [IDA, BO]

    def test_what_cannot_be_written_waits(self, store: sa.Engine, tmp_path: Path) -> None:
        say(store, IDA)
        (tmp_path / "noes").mkdir()
        with pytest.raises(OSError, match="noes"):
            ledger.follow(store, tmp_path / "noes")
        assert waiting(store) == [IDA]

    def test_a_thousand_are_one_write(self, store: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        say(store, *(No(NoAct.SUPPRESSED, f"a{n}", SuppressionReason.BOUNCED, NINE) for n in range(1200)))
        written: list[int] = []
        monkeypatch.setattr(os, "fsync", written.append)
        assert ledger.follow(store, tmp_path / "noes") == 1200
        assert len(written) == 2  # the file, and once the name of the new file
        assert waiting(store) == []


class TestReading:
    def test_there_may_be_none(self, tmp_path: Path) -> None:
        assert ledger.read(tmp_path / "noes") == ledger.Ledger([])

    @pytest.mark.parametrize("torn", [b'{"uid":"u', b"\xff\xfe", b'{"uid":"u"}', b"[]", b'"\\ud800"'])
    def test_a_line_half_written_is_counted_and_the_next_is_not_lost(self, tmp_path: Path, torn: bytes) -> None:
        file = tmp_path / "noes"
        ledger.append(file, [IDA])
        with file.open("ab") as opened:
            opened.write(torn)
        ledger.append(file, [BO])
        assert ledger.read(file) == ledger.Ledger([IDA, BO], unreadable=1)

    def test_a_word_of_a_newer_version_is_unreadable_and_no_other(self, tmp_path: Path) -> None:
        file = tmp_path / "noes"
        ledger.append(file, [IDA])
        file.write_text(file.read_text(encoding="ascii").replace("suppressed", "forgotten"), encoding="ascii")
        assert ledger.read(file) == ledger.Ledger([], unreadable=1)


class TestTheTable:
    def test_a_transaction_says_once_that_it_noted_something(self, store: sa.Engine) -> None:
        with durable(store) as tx:
            assert not touched(tx)
            note(tx, [])
            assert not touched(tx)
            note(tx, [IDA])
            assert touched(tx)
            assert not touched(tx)

    def test_each_gets_a_uid_of_its_own(self, store: sa.Engine) -> None:
        one = No(NoAct.SUPPRESSED, "ida", UNSUBSCRIBED, NINE)
        say(store, one, one)
        first, second = waiting(store)
        assert first.uid != second.uid

    def test_what_is_undone_leaves_nothing(self, store: sa.Engine) -> None:
        with pytest.raises(IntegrityError), durable(store) as tx:
            note(tx, [IDA, IDA])
        assert waiting(store) == []

    def test_what_was_read_takes_the_place_of_what_was_noted_since(self, store: sa.Engine) -> None:
        say(store, BO)
        with durable(store) as tx:
            before = mark(tx)
            note(tx, [No(NoAct.SUPPRESSED, "ida", UNSUBSCRIBED, NINE)])
            adopt(tx, [IDA], since=before)
        assert waiting(store) == [BO, IDA]  # written into the file once more, where it counts once
        with reading(store) as tx:
            assert [no for _, no in unkept(tx, everything=True)] == [BO, IDA]
