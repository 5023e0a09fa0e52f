"""The outbox: whole files with their names, and the page of the newest."""

import asyncio
import datetime as dt
import re
from pathlib import Path

import pytest

from backmail.model.delivery import Accepted, NotSent, Refused
from backmail.model.message import Message
from backmail.transports import FolderTransport
from tests.transports.mails import mail, mails, one, sent, wire


class Hour:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at


@pytest.fixture
def clock() -> Hour:
    return Hour()


@pytest.fixture
def outbox(tmp_path: Path, clock: Hour) -> FolderTransport:
    return FolderTransport(tmp_path / "a" / "outbox", wire, clock)


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "a" / "outbox").iterdir())


def page(tmp_path: Path) -> str:
    return (tmp_path / "a" / "outbox" / "index.html").read_text(encoding="utf-8")


def test_a_file_is_named_after_the_time_and_the_delivery(tmp_path: Path, outbox: FolderTransport) -> None:
    assert asyncio.run(one(outbox, mail())) == Accepted("20270302T080000Z-d-you.eml")
    assert names(tmp_path) == ["20270302T080000Z-d-you.eml", "index.html"]
    assert (tmp_path / "a" / "outbox" / "20270302T080000Z-d-you.eml").read_bytes() == wire(mail())


def test_a_mail_sent_again_later_stands_beside_the_first(tmp_path: Path, outbox: FolderTransport, clock: Hour) -> None:
    asyncio.run(one(outbox, mail()))
    clock.at += dt.timedelta(minutes=15)
    asyncio.run(one(outbox, mail()))
    assert names(tmp_path)[:2] == ["20270302T080000Z-d-you.eml", "20270302T081500Z-d-you.eml"]


def test_the_page_lists_the_newest_first_and_what_was_there_before(tmp_path: Path, clock: Hour) -> None:
    for name in ("old", "new"):
        asyncio.run(one(FolderTransport(tmp_path / "a" / "outbox", wire, clock), mail(name)))
        clock.at += dt.timedelta(hours=1)
    (tmp_path / "a" / "outbox" / "notes.txt").write_text("mine", encoding="utf-8")
    asyncio.run(one(FolderTransport(tmp_path / "a" / "outbox", wire, clock), mail("newest")))
    rows = re.findall(r"<time>(.*?)</time></td><td>(.*?)</td><td><a href=\"(.*?)\">(.*?)</a>", page(tmp_path))
    assert rows == [
        ("2027-03-02 10:00:00", "newest@example.org", "20270302T100000Z-d-newest.eml", "For newest"),
        ("2027-03-02 09:00:00", "new@example.org", "20270302T090000Z-d-new.eml", "For new"),
        ("2027-03-02 08:00:00", "old@example.org", "20270302T080000Z-d-old.eml", "For old"),
    ]


def test_the_page_stays_small_and_counts_all(tmp_path: Path, outbox: FolderTransport) -> None:
    for start in range(0, 300, 100):
        asyncio.run(sent(outbox, mails(300)[start : start + 100]))
    assert page(tmp_path).count("<time>") == 200
    assert "300 mails in this folder." in page(tmp_path)
    assert "The newest 200 are listed." in page(tmp_path)


def test_a_mail_that_was_deleted_leaves_the_page(tmp_path: Path, outbox: FolderTransport) -> None:
    asyncio.run(sent(outbox, mails(2)))
    (tmp_path / "a" / "outbox" / "20270302T080000Z-d-p0.eml").unlink()
    asyncio.run(one(outbox, mail()))
    assert "p0@" not in page(tmp_path)
    assert "p1@" in page(tmp_path)


def test_what_stands_in_a_mail_is_text_on_the_page(tmp_path: Path, outbox: FolderTransport) -> None:
    asyncio.run(one(outbox, mail(subject="<script>alert(1)</script>")))
    assert "&lt;script&gt;alert(1)" in page(tmp_path)
    assert "<script" not in page(tmp_path)


def test_a_subject_in_encoded_words_is_read(tmp_path: Path, outbox: FolderTransport) -> None:
    asyncio.run(one(outbox, mail(subject="=?utf-8?b?U20mcmg=?= =?utf-8?b?w7h0?=")))
    assert ">Sm&amp;rhøt</a>" in page(tmp_path)


def test_an_id_that_is_no_file_name_is_refused(tmp_path: Path, outbox: FolderTransport) -> None:
    receipt = asyncio.run(one(outbox, mail("../../escape")))
    assert isinstance(receipt, Refused)
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_written_keeps_the_mail_back(tmp_path: Path, outbox: FolderTransport) -> None:
    (tmp_path / "a").write_text("a file where the folder should be", encoding="utf-8")
    receipt = asyncio.run(one(outbox, mail()))
    assert isinstance(receipt, NotSent)
    assert str(tmp_path) in receipt.reason


def test_a_mail_half_written_leaves_nothing(
    tmp_path: Path, outbox: FolderTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backmail.transports.folder.os.fsync", full)
    receipt = asyncio.run(one(outbox, mail()))
    assert isinstance(receipt, NotSent)
    assert "No space left" in receipt.reason
    assert names(tmp_path) == []


def test_a_page_that_cannot_be_written_costs_no_mail(tmp_path: Path, outbox: FolderTransport) -> None:
    (tmp_path / "a" / "outbox" / "index.html").mkdir(parents=True)
    group: list[Message] = mails(2)
    assert all(isinstance(receipt, Accepted) for receipt in asyncio.run(sent(outbox, group)).values())
    assert names(tmp_path) == ["20270302T080000Z-d-p0.eml", "20270302T080000Z-d-p1.eml", "index.html"]
