"""`segments`, `enroll` and `live` as a person types them: dry first, then with the count, and nothing by accident."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.app import opened
from backmail.audience import subscribers
from backmail.cli import perform, screen
from backmail.config import Project
from backmail.model.people import Subscriber
from backmail.model.states import OnUncertain, SubscriberState
from backmail.sending.published import Prepared, publish
from backmail.store.tables import campaigns, enrollments, events
from tests.cli import installation

SMTP = (
    "transport: {kind: smtp, host: smtp.example.org, connections: 2}\nsite: {public_url: 'https://mail.example.org'}\n"
)
Said = tuple[int, str, str]


class Office:
    """A project in which `series` was applied, and a person who types commands in it."""

    def __init__(self, project: Project, said: Callable[[], Any]) -> None:
        self.project = project
        self._said = said
        self.publish(installation.prepared())

    def publish(self, what: Prepared) -> None:
        """Apply a campaign."""
        with opened(self.project) as app, app.durable() as tx:
            publish(tx, what, now=app.now(), by="ann")

    def add(self, *people: Subscriber, state: SubscriberState = SubscriberState.ACTIVE) -> None:
        """Add people."""
        with opened(self.project) as app, app.durable() as tx:
            subscribers.add_many(tx, people, app.pepper, now=app.now(), state=state)

    def __call__(self, *arguments: str) -> Said:
        """Type `backmail ...`: exit code, stdout, stderr with `backmail` as it is called here."""
        self._said()
        code = perform(["--project", str(self.project.root), *arguments])
        said = self._said()
        assert "Traceback" not in said.err
        return code, said.out, said.err.replace(screen.program() + " ", "backmail ")

    def rows(self, table: sa.Table) -> list[sa.Row[Any]]:
        """Return all rows of a table."""
        with opened(self.project) as app, app.reading() as tx:
            return list(tx.execute(sa.select(table)))

    def settings(self, more: str) -> None:
        """Write other settings."""
        self.project = installation.project(self.project.root, more)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office with three people, one of whom has not confirmed."""
    made = Office(installation.project(tmp_path / "project"), capsys.readouterr)
    made.add(
        Subscriber("anna@example.org", "Anna", "Ærø", "da", "Europe/Copenhagen", ("backpain", "new")),
        Subscriber("bo@example.org", language="en"),
    )
    made.add(Subscriber("finn@example.org", tags=("backpain",)), state=SubscriberState.PENDING)
    return made


def test_segments_count_and_show_say_whom_a_segment_means(office: Office) -> None:
    assert office("segments", "count", "tag:backpain") == (0, "2\n", "")
    assert office("segments", "show", "not field:language=en") == (
        0,
        "anna@example.org  Anna Ærø  da  Europe/Copenhagen  backpain; new\n"
        "finn@example.org  backpain  (not confirmed)\n",
        "",
    )
    assert office("segments", "show", "all", "--first", "1")[2] == "and 2 more: --first N shows as many\n"


def test_segments_as_json(office: Office) -> None:
    code, out, err = office("segments", "count", "tag:backpian", "--json")
    assert (code, json.loads(out)) == (0, {"schema": 1, "segment": "tag:backpian", "count": 0})
    assert err == "nobody has the tag 'backpian'; did you mean 'backpain'?\n"
    found = json.loads(office("segments", "show", "tag:new", "--json")[1])
    assert found["people"] == [
        {
            "id": 1, "email": "anna@example.org", "first_name": "Anna", "last_name": "Ærø", "language": "da",
            "timezone": "Europe/Copenhagen", "tags": ["backpain", "new"], "state": "active",
        }
    ]  # fmt: skip


def test_what_is_no_segment_is_told_with_its_column(office: Office) -> None:
    code, out, err = office("segments", "count", "tag:a adn tags:b")
    assert (code, out) == (3, "")
    assert err == (
        "segment:1:7: 'adn' says nothing here\n  1 | tag:a adn tags:b\n            ^ did you mean 'and'?\n"
        "segment:1:11: 'tags:' is not known here\n  1 | tag:a adn tags:b\n                ^ did you mean 'tag'?\n"
        "2 problems\n"
    )
    assert office("enroll", "series", "--segment", "tag:")[2].startswith("--segment:1:5: a value is missing here\n")


def test_without_live_enroll_only_says_what_would_happen(office: Office) -> None:
    code, out, err = office("enroll", "series", "--segment", "all")
    lines = out.splitlines()
    assert code == 0
    assert lines[:4] == [
        "series, version 1", "segment      3 people", "passed over  1 not confirmed", "would begin  2"
    ]  # fmt: skip
    assert [line.partition("   ")[0] for line in lines[4:]] == ["first mail", "first mail", "last mail"]
    assert lines[4].endswith(" 09:00 Europe/Copenhagen: 1")
    assert lines[5].endswith(" 09:00 UTC: 1")
    assert err == "nothing was done; --live does it\n"
    assert office.rows(enrollments) == []


def test_with_live_and_the_count_people_begin_and_said_again_nobody_does(office: Office) -> None:
    enroll = ("enroll", "series", "--segment", "all", "--live")
    code, _, err = office(*enroll)
    assert (code, office.rows(enrollments)) == (5, [])
    assert err.endswith("next: backmail enroll series --segment all --live --expect 2\n")
    code, _, err = office(*enroll, "--expect", "3")
    assert (code, office.rows(enrollments)) == (5, [])
    assert "3 people to enroll were expected, and there are 2: nothing was done" in err
    code, out, err = office(*enroll, "--expect", "2")
    assert (code, err) == (0, "")
    assert out.endswith("enrolled     2\n")
    assert len(office.rows(enrollments)) == 2
    code, out, err = office(*enroll)
    assert (code, err) == (0, "nobody would begin\n")
    assert "passed over  2 walking through it already\n" in out
    assert office(*enroll, "--expect", "2")[0] == 5


def test_the_first_so_many_begin_spread_over_days(office: Office) -> None:
    code, out, _ = office("enroll", "series", "--segment", "all", "--first", "1", "--spread", "5d")
    assert code == 0
    assert "left         1 for another time\n" in out
    again = office("enroll", "series", "--segment", "all", "--first", "1", "--spread", "5d", "--live")[2]
    assert again.endswith("next: backmail enroll series --segment all --first 1 --spread 5d --live --expect 1\n")


def test_one_person_can_be_named_by_her_address(office: Office) -> None:
    assert "would begin  1\n" in office("enroll", "series", "--email", " ANNA@Example.ORG")[1]
    code, _, err = office("enroll", "series", "--email", "ida@example.org")
    assert (code, err.splitlines()[0]) == (3, "ida@example.org is no subscriber")
    code, _, err = office("enroll", "series", "--email", "ida")
    assert (code, "it has no @" in err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say who: --segment EXPR or --email ADDR"),
        (("--segment", "all", "--email", "a@example.org"), "say who: --segment EXPR or --email ADDR"),
        (("--segment", "all", "--expect", "2"), "--expect belongs to --live"),
        (("--segment", "all", "--spread", "soon"), "'soon' is not a span of time"),
        (("--segment", "all", "--first", "0"), "0 is not in the range x>=1"),
    ],
)
def test_what_cannot_be_meant_is_a_wrong_argument(office: Office, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = office("enroll", "series", *arguments)
    assert (code, said in err) == (2, True)


@pytest.mark.parametrize("verb", [("enroll", "{}", "--segment", "all"), ("live", "{}")])
def test_only_an_applied_campaign_that_is_not_our_own_can_be_meant(office: Office, verb: tuple[str, ...]) -> None:
    code, _, err = office(*(word.format("sereis") for word in verb))
    assert (code, "did you mean 'series'?" in err, "next:" in err) == (3, True, False)
    own = installation.prepared()
    setting = replace(own.setting, campaign=replace(own.setting.campaign, id="_own", slug="_own"))
    office.publish(replace(own, setting=setting))
    code, _, err = office(*(word.format("_own") for word in verb))
    assert (code, err.splitlines()[0]) == (3, "_own is one of backmail's own campaigns")


def test_a_campaign_can_be_meant_by_its_folder(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = office.project.root / "campaigns" / "series"
    folder.mkdir(parents=True)
    assert office("enroll", f"{folder}/", "--segment", "all")[0] == 0
    monkeypatch.chdir(folder)
    assert office("enroll", ".", "--segment", "all")[0] == 0


def test_live_shows_how_it_stands_and_lets_it_go_once(office: Office) -> None:
    office.settings(SMTP)
    _, _, err = office("enroll", "series", "--segment", "all", "--live", "--expect", "2")
    assert err == "nothing goes before:\nbackmail live series\n"
    code, out, err = office("live", "series")
    assert (code, office.rows(campaigns)[0].live_at) == (5, None)
    assert err.endswith("next: backmail live series --expect 2\n")
    lines = out.splitlines()
    assert [line.partition("  ")[0] for line in lines[1:]] == [
        "checks", "transport", "plan", "people", "first mail", "slot"
    ]  # fmt: skip
    assert lines[1].startswith("checks      passed when it was applied, ")
    assert lines[2] == "transport   smtp by smtp.example.org:587, security starttls, 2 connections"
    assert lines[3].startswith("plan        2 mails in 7 days; ")
    assert lines[4] == "people      2 walk through it"
    assert lines[6].endswith(" needs under a minute")
    assert office("live", "series", "--expect", "3")[0] == 5
    assert office.rows(campaigns)[0].live_at is None
    code, out, err = office("live", "series", "--expect", "2")
    assert (code, out.splitlines()[-1], err) == (0, "series is live", "backmail run\n")
    [row] = office.rows(campaigns)
    assert row.live_at is not None
    assert row.live_by
    assert [event.kind for event in office.rows(events)] == ["live"]
    code, out, _ = office("live", "series", "--expect", "77")
    assert (code, out) == (0, f"series is live since {row.live_at:%Y-%m-%d %H:%M} UTC; {row.live_by} said so\n")
    assert office.rows(campaigns)[0].live_at == row.live_at


def test_no_campaign_goes_live_against_a_rule(office: Office) -> None:
    office.settings(SMTP.replace("https://mail.example.org", ""))
    code, _, err = office("live", "series", "--expect", "0")
    assert (code, office.rows(campaigns)[0].live_at) == (5, None)
    assert "site.public_url is not set: links lead nowhere (rule public-url)" in err
    assert err.endswith("next: backmail live series\n")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "transport   folder outbox: nothing is sent to anybody, and live is not needed for it"),
        ("transport: {kind: smtp, host: 127.0.0.1, port: 2525, security: none}\n", "; this very machine: a rehearsal"),
    ],
)
def test_where_nobody_is_reached_live_says_so_and_is_recorded(office: Office, settings: str, said: str) -> None:
    office.settings(settings)
    code, out, _ = office("live", "series", "--expect", "0")
    assert (code, said in out) == (0, True)
    assert office.rows(campaigns)[0].live_at is not None


def test_a_paused_campaign_and_what_becomes_of_uncertain_mails_are_said(office: Office) -> None:
    own = installation.prepared()
    held = replace(own.setting.campaign, on_uncertain=OnUncertain.HOLD)
    office.publish(replace(own, setting=replace(own.setting, campaign=held)))
    with opened(office.project) as app, app.durable() as tx:
        tx.execute(campaigns.update().values(paused_at=app.now()))
    out = office("live", "series")[1]
    assert "waits for you\n" in out
    assert "paused      nothing goes before: backmail resume series\n" in out
    assert "first mail  nobody waits for one\n" in out
