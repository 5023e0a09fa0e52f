"""What the doctor says of an installation that is well, and of each thing that is not."""

import datetime as dt
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import reach
from backmail.app.doctor import Grade, Said, examine, settings
from backmail.app.reach import Reached
from backmail.clock import SystemClock
from backmail.config import Project, find_project
from backmail.store import tzdata
from backmail.store.engine import connect, durable
from backmail.store.tables import deliveries
from tests.cli.installation import project
from tests.cli.relay import Relay

PUBLIC = "site: {public_url: 'https://mail.example.org'}\n"
REAL = "transport: {kind: smtp, host: smtp.example.org}\n"


class Shifted(SystemClock):
    """A clock that is wrong."""

    def __init__(self, by: dt.timedelta) -> None:
        self._by = by

    def now(self) -> dt.datetime:
        return super().now() + self._by


def said(of: Project, about: str, clock: SystemClock | None = None) -> list[Said]:
    """Return what is said about one thing."""
    return [one for one in examine(of, clock=clock or SystemClock()) if one.about == about]


def change(of: Project, *statements: sa.UpdateBase) -> None:
    """Write into its database."""
    engine = connect(of.database())
    with durable(engine) as tx:
        for statement in statements:
            tx.execute(statement)
    engine.dispose()


def grades(of: Project) -> dict[str, Grade]:
    """Return the grade of each thing."""
    return {one.about: one.grade for one in examine(of, clock=SystemClock())}


def test_an_installation_that_is_well(tmp_path: Path) -> None:
    made = project(tmp_path, people=1)
    assert grades(made) == dict.fromkeys(
        ["config", "secrets", "database", "disk", "clock", "time zones", "public address", "transport"], Grade.OK
    )


def test_it_sends_nothing_and_makes_nothing(tmp_path: Path) -> None:
    made = project(tmp_path)
    assert said(made, "database")[0].message.endswith("is not there yet: the first command that needs it makes it")
    assert not (tmp_path / ".backmail").exists()
    assert not (tmp_path / "outbox").exists()


def test_a_folder_without_settings(tmp_path: Path) -> None:
    first, *others = said(find_project(tmp_path, environ={}), "config")
    assert (first.grade, first.next_command) == (Grade.WARNING, "backmail init my-mails")
    assert [one.message for one in others] == [
        "sender.email and sender.address not set in config.yaml: the law asks for both in every mail"
    ]


def test_secrets_that_are_missing(tmp_path: Path) -> None:
    made = project(tmp_path)
    (tmp_path / ".env").unlink()
    key, pepper = said(made, "secrets")
    assert key.grade is pepper.grade is Grade.ERROR
    assert "BACKMAIL_SECRET_KEY is not set" in key.message
    assert "BACKMAIL_PEPPER is not set" in pepper.message
    assert ".env" in pepper.next_command


def test_secrets_that_others_can_read(tmp_path: Path) -> None:
    made = project(tmp_path)
    (tmp_path / ".env").chmod(0o644)
    assert said(made, "secrets")[0].grade is Grade.WARNING


def test_a_database_of_another_installation(tmp_path: Path) -> None:
    made = project(tmp_path, people=1)
    env = (tmp_path / ".env").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(env.replace("kkkk", "qqqq"), encoding="utf-8")
    [one] = said(made, "database")
    assert one.grade is Grade.ERROR
    assert "was made with another BACKMAIL_SECRET_KEY" in one.message


def test_a_database_that_is_none(tmp_path: Path) -> None:
    made = project(tmp_path)
    (tmp_path / ".backmail").mkdir()
    (tmp_path / ".backmail" / "backmail.db").write_text("a letter " * 200, encoding="utf-8")
    [one] = said(made, "database")
    assert one.grade is Grade.ERROR
    assert "is not a SQLite database" in one.message


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    made = project(tmp_path, database="postgresql://127.0.0.1:1/backmail")
    [one] = said(made, "database")
    assert one.grade is Grade.ERROR
    assert "cannot be reached" in one.message
    assert said(made, "disk") == []


def test_postgres_is_looked_at_too(tmp_path: Path, shared_postgres: str) -> None:
    made = project(tmp_path, database=shared_postgres)
    [one] = said(made, "database")
    assert one.grade is Grade.OK, one
    assert "PostgreSQL" in one.message
    assert [each.grade for each in said(made, "clock")] == [Grade.OK]
    [wrong] = said(made, "clock", Shifted(dt.timedelta(hours=1)))
    assert wrong.grade is Grade.WARNING
    assert "the database's server" in wrong.message


@pytest.mark.parametrize(
    ("free", "grade"), [(50 * 2**20, Grade.ERROR), (500 * 2**20, Grade.WARNING), (5000 * 2**20, Grade.OK)]
)
def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: Grade) -> None:
    made = project(tmp_path, people=1)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40 - free, free))
    assert [one.grade for one in said(made, "disk")] == [grade]


def test_a_clock_that_went_back(tmp_path: Path) -> None:
    made = project(tmp_path, people=1)
    [one] = said(made, "clock", Shifted(-dt.timedelta(hours=1)))
    assert one.grade is Grade.ERROR
    assert one.message.endswith("one of the two clocks was wrong")
    change(made, deliveries.update().values(hand_overs=1, first_handed_at=SystemClock().now() + dt.timedelta(days=1)))
    assert [one.grade for one in said(made, "clock")] == [Grade.ERROR]


def test_slots_that_were_reckoned_with_other_rules(tmp_path: Path) -> None:
    made = project(tmp_path, people=1)
    engine = connect(made.database())
    with durable(engine) as tx:
        tzdata.note(tx, "2019a")
    engine.dispose()
    [one] = said(made, "time zones")
    assert (one.grade, one.next_command) == (Grade.WARNING, "backmail run")
    assert "2019a" in one.message


def test_mails_that_wait_for_the_operator(tmp_path: Path) -> None:
    made = project(tmp_path, people=3)
    change(
        made,
        deliveries.update().where(deliveries.c.id == 1).values(state="uncertain", reason="unknown", next_try_at=None),
    )
    change(made, deliveries.update().where(deliveries.c.id == 2).values(state="failed", reason="render"))
    held, mendable = said(made, "deliveries")
    assert held.message.startswith("1 of series: nobody can tell")
    assert (held.grade, held.next_command) == (Grade.WARNING, "backmail settle series")
    assert (mendable.grade, mendable.next_command) == (Grade.WARNING, "backmail retry")


def test_mails_that_may_have_gone_out_before_a_restore(tmp_path: Path) -> None:
    made = project(tmp_path, people=3)
    change(made, deliveries.update().values(state="uncertain", reason="restored", next_try_at=None))
    [one] = said(made, "deliveries")
    assert one.message == "3 of series may have gone out before the database was restored, and you are to decide"
    assert (one.grade, one.next_command) == (Grade.WARNING, "backmail settle series")


@pytest.mark.parametrize(
    ("answer", "in_rehearsal", "for_readers"),
    [
        (Reached(ours=True), Grade.OK, Grade.OK),
        (Reached(silent=True, words="it does not answer"), Grade.WARNING, Grade.WARNING),
        (Reached(words="it is somebody else's"), Grade.WARNING, Grade.ERROR),
    ],
)
def test_what_answers_at_the_public_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Reached, in_rehearsal: Grade, for_readers: Grade
) -> None:
    monkeypatch.setattr(settings, "public", lambda *_: answer)
    for transport, grade in ("", in_rehearsal), (REAL, for_readers):
        [one] = settings.public_address(project(tmp_path, PUBLIC + transport), "n-0nce")
        assert one.grade is grade


def test_no_public_address_for_readers(tmp_path: Path) -> None:
    [one] = settings.public_address(project(tmp_path, REAL), "n-0nce")
    assert one.grade is Grade.ERROR
    assert "site.public_url is not set" in one.message


def test_the_public_address_is_asked_for_this_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from backmail.app import opened

    made = project(tmp_path, PUBLIC)
    with opened(made) as backmail:
        own = reach.own_nonce(backmail)
    asked = []

    def public(*given: str) -> Reached:
        asked.append(given)
        return Reached()

    monkeypatch.setattr(settings, "public", public)
    grades(made)
    assert asked == [("https://mail.example.org", own)]


def test_an_outbox_that_cannot_be_written(tmp_path: Path) -> None:
    made = project(tmp_path, "transport: {folder: /proc/outbox}\n")
    [one] = said(made, "transport")
    assert one.grade is Grade.ERROR
    assert "none can be written there" in one.message


def test_a_relay_that_lets_us_in_is_given_no_mail(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, f"transport: {{kind: smtp, host: 127.0.0.1, port: {relay.port}, security: none}}\n")
        [one] = said(made, "transport")
        assert one.grade is Grade.OK, one
        assert one.message == (
            f"127.0.0.1:{relay.port} answers without TLS and asks for no login; "
            "it is on this very machine: a rehearsal, no reader is meant"
        )
        assert relay.recipients == []


def test_a_relay_without_the_tls_that_is_asked_for(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, f"transport: {{kind: smtp, host: 127.0.0.1, port: {relay.port}}}\n")
        [one] = said(made, "transport")
    assert one.grade is Grade.ERROR
    assert "it offers no STARTTLS" in one.message


def test_a_relay_that_is_not_there(tmp_path: Path) -> None:
    made = project(tmp_path, "transport: {kind: smtp, host: 127.0.0.1, port: 1, security: none}\n")
    [one] = said(made, "transport")
    assert one.grade is Grade.ERROR
    assert one.message == "127.0.0.1:1: no connection: connection refused"


def test_a_relay_is_not_asked_without_its_password(tmp_path: Path) -> None:
    made = project(tmp_path, "transport: {kind: smtp, host: smtp.example.org, username: anna}\n")
    [one] = said(made, "transport")
    assert one.grade is Grade.WARNING
    assert any("BACKMAIL_SMTP_PASSWORD" in each.message for each in said(made, "secrets"))
