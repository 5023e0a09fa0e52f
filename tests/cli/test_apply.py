"""`backmail apply` and `backmail send-test`, as somebody types them."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from backmail.app import opened
from backmail.audience import subscribers
from backmail.cli import perform
from backmail.config import find_project, start_project
from backmail.desk import apply as desk
from backmail.desk import check, send_test
from backmail.errors import AddressError, SafetyStop
from backmail.model.campaign import Finding, Severity
from backmail.model.delivery import NotSent
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.rendering import address, wire
from backmail.sending.enrollment import enroll
from backmail.store import restores
from backmail.store.tables import deliveries
from tests.desk.workbench import Said, backmail
from tests.rendering.conftest import DATE

__all__ = ["backmail"]

Backmail = Callable[..., Said]

CAMPAIGN = """\
format: 1
id: c-walks
name: Short walks
kind: drip
from: {name: Example Shop, email: news@example.org}
"""
STEP = """\
---
id: {id}
subject: {subject}
preheader: A few quiet words on walking, and nothing that takes long.
action: {{text: Walk to the next corner today., kind: none}}
teaser: What comes of it.
---
{body}
"""
SAFETY = "::: safety id=b1\n## When to stop\n\nStop if it hurts, and ask a doctor.\n:::"
EXERCISE = "::: exercise id=b2\n## Around the house\n\n1. Walk around the house.\n2. Turn, and walk back.\n:::"


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project of one campaign of two steps, and with the same one after it was applied."""
    home = tmp_path_factory.mktemp("projects")
    start_project(home / "new")
    shutil.rmtree(home / "new" / "campaigns")
    (home / "new" / "campaigns" / "walks").mkdir(parents=True)
    (home / "new" / "campaigns" / "walks" / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    write(home / "new", "01-stop", "Read this before you walk", SAFETY)
    write(home / "new", "02-house", "Around the house and back", EXERCISE)
    shutil.copytree(home / "new", home / "applied")
    assert perform(("apply", "--project", str(home / "applied"))) == 0
    return home


@pytest.fixture
def project(once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one campaign that was not applied yet, stood in."""
    monkeypatch.chdir(shutil.copytree(once / "new", tmp_path / "project"))
    return tmp_path / "project"


@pytest.fixture
def applied(once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same after it was applied."""
    monkeypatch.chdir(shutil.copytree(once / "applied", tmp_path / "project"))
    return tmp_path / "project"


def write(project: Path, name: str, subject: str, body: str) -> None:
    """Write a step."""
    text = STEP.format(id=name[3:], subject=subject, body=body)
    (project / "campaigns" / "walks" / f"{name}.md").write_text(text, encoding="utf-8")


def walk(project: Path, *names: str) -> None:
    """Let people walk through the campaign."""
    with opened(find_project(project)) as app, app.durable() as tx:
        people = [
            subscribers.add(
                tx, Subscriber(f"{name}@example.org"), app.pepper, now=app.now(), state=SubscriberState.ACTIVE
            )
            for name in names
        ]
        enroll(tx, app.shelf.newest(tx, "c-walks"), people, now=app.now(), zone=app.zone)


def test_the_first_time_it_says_what_may_come_next(project: Path, backmail: Backmail) -> None:
    code, out, err = backmail("apply", "walks")
    assert (code, out) == (0, "walks: nobody is on the way\n  version 1\n")
    assert "backmail enroll walks --segment all" in err
    with opened(find_project(project)) as app, app.reading() as tx:
        campaign = app.shelf.newest(tx, "c-walks").campaign
    assert campaign.folder == Path("campaigns/walks")
    assert {place.file for each in campaign.steps for place in each.places.values()} == {
        "campaigns/walks/01-stop.md",
        "campaigns/walks/02-house.md",
    }


def test_it_says_who_is_on_the_way_and_wants_their_number(applied: Path, backmail: Backmail) -> None:
    walk(applied, "ida", "bo")
    assert backmail("apply")[:2] == (0, "walks: nothing differs from version 1\n")
    write(applied, "02-house", "Around the house and home", EXERCISE)
    code, out, err = backmail("apply", "walks")
    shown = "walks: 2 people are on the way\n  changed: house\n  version 2 after version 1\n"
    assert (code, out) == (5, shown)
    assert "--expect is needed where nobody can be asked: 2 people on their way" in err
    assert "apply walks --expect 2" in err
    assert backmail("apply", "walks", "--expect", "1")[:2] == (5, shown)
    assert backmail("apply", "walks", "--expect", "2")[:2] == (0, shown)


def test_yes_takes_any_number(applied: Path, backmail: Backmail) -> None:
    walk(applied, "ida")
    write(applied, "03-far", "Further than the house", "Walk on.")
    code, out, _ = backmail("apply", "--yes")
    assert (code, out) == (0, "walks: 1 person is on the way\n  new: far\n  version 2 after version 1\n")


def test_it_says_whose_next_mail_may_have_gone_out_before_a_restore(applied: Path, backmail: Backmail) -> None:
    walk(applied, "ida", "bo")
    with opened(find_project(applied)) as app, app.durable() as tx:
        restores.note(tx, app.now() + dt.timedelta(days=30))
    write(applied, "02-house", "Around the house and home", EXERCISE)
    code, out, _ = backmail("apply", "walks", "--yes")
    held = "  2 get a mail only when you decide: it may have gone out before the database was restored\n"
    assert (code, out.splitlines(keepends=True)[1]) == (0, held)
    assert backmail("settle", "walks")[1] == "walks: 2 may have gone out before the database was restored\n"


def test_files_with_errors_are_not_published(project: Path, backmail: Backmail) -> None:
    write(project, "02-house", "Around the house and back", "{{ subscriber.nmae }}")
    code, out, err = backmail("apply", "walks")
    assert code == 1
    assert "02-house.md:8" in out
    assert "subscriber has no 'nmae'" in out
    assert "nothing was published" in err
    with opened(find_project(project)) as app, app.reading() as tx:
        assert tx.execute(deliveries.select()).all() == []


def test_the_mails_with_the_safety_text_are_judged_as_well(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def judge(message: Message, *_: object, **__: object) -> list[Finding]:
        judged.append(message.composed.variant)
        assert "When to stop" in message.part("text")
        return [Finding("size", Severity.ERROR, "too long with it")]

    monkeypatch.setattr(desk, "judge", judge)
    here = find_project(project)
    [campaign] = check.read_all(here, ("walks",))
    ready = desk.ready(campaign, here)
    assert judged
    assert all(variant.startswith("with-safety") for variant in judged)
    assert ready.prepared is None
    assert [each.message for each in ready.findings if each.severity is Severity.ERROR] == ["too long with it"]


def test_yes_and_expect_exclude_each_other(project: Path, backmail: Backmail) -> None:
    assert backmail("apply", "walks", "--yes", "--expect", "2")[0] == 2


def test_a_test_mail_is_the_mail_that_readers_get(applied: Path, backmail: Backmail) -> None:
    code, out, _ = backmail("send-test", "walks", "house", "--to", "hello@example.org", "--as", "anna")
    assert code == 0
    assert "house of walks, version 1, sent to hello@example.org" in out
    [file] = (applied / "outbox").glob("*.eml")
    sent = file.read_bytes()
    views = dict.fromkeys(re.findall(r"/v/(\S+)", text_of(sent)))
    anna = Subscriber("hello@example.org", "Anna", "Holm", "en", "Europe/Copenhagen", ("sample",))
    with opened(find_project(applied)) as app, app.reading() as tx:
        published = app.shelf.newest(tx, "c-walks")
        assert tx.execute(deliveries.select()).all() == []
        stop, house = (app.links.read("view", token) for token in views)
        reader = published.reader("house", anna, app.links, {"stop": stop, "house": house})
        engines = wire(address(published.compose("house", reader), reader, house, app.links), DATE)
    assert b"Anna Holm" in sent
    assert re.sub(rb"\r\nDate: .*", b"", sent) == re.sub(rb"\r\nDate: .*", b"", engines)


def text_of(mail: bytes) -> str:
    """Return the text part of a mail."""
    part = BytesParser(policy=policy.default).parsebytes(mail).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_two_test_mails_are_two(applied: Path, backmail: Backmail) -> None:
    for _ in range(2):
        assert backmail("send-test", "walks", "stop", "--to", "hello@example.org")[0] == 0
    ids = {
        BytesParser(policy=policy.default).parsebytes(file.read_bytes())["Message-ID"]
        for file in (applied / "outbox").glob("*.eml")
    }
    assert len(ids) == 2


def test_only_the_own_addresses_get_test_mails(applied: Path, backmail: Backmail) -> None:
    code, _, err = backmail("send-test", "walks", "stop", "--to", "helo@example.org")
    assert code == 5
    assert "test mails may not go to helo@example.org" in err
    assert "did you mean 'hello@example.org'?" in err
    assert not (applied / "outbox").exists()


def test_names_that_are_not_there_are_told(applied: Path, backmail: Backmail) -> None:
    code, _, err = backmail("send-test", "walk", "stop", "--to", "hello@example.org")
    assert code == 3
    assert "no campaign 'walk' was applied" in err
    code, _, err = backmail("send-test", "walks", "stopp", "--to", "hello@example.org")
    assert code == 3
    assert "did you mean 'stop'?" in err


def test_a_transport_that_does_not_take_it_is_told(
    applied: Path, backmail: Backmail, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> NotSent:
        return NotSent("nobody answers")

    monkeypatch.setattr(send_test, "send", refuse)
    code, out, err = backmail("send-test", "walks", "stop", "--to", "hello@example.org")
    assert (code, out) == (4, "")
    assert "it was not sent to hello@example.org: nobody answers" in err


def test_capital_letters_make_no_other_address(project: Path) -> None:
    config = find_project(project).config
    assert send_test.allowed("Hello@EXAMPLE.org", config) == "Hello@example.org"
    with pytest.raises(SafetyStop):
        send_test.allowed("hello@example.org.evil.example", config)
    with pytest.raises(AddressError):
        send_test.allowed("hello", config)
