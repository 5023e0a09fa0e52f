"""The drill: back up, send, one says no, one is erased, put the backup back. Nobody is mailed twice, nobody is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import Counter
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.app import Backmail, opened, readers
from backmail.app.backups import backed_up
from backmail.app.readers import Joining, Leaving, Seen, Stand
from backmail.app.restores import restored
from backmail.audience import subscribers, suppressions
from backmail.config import Project
from backmail.model.campaign import Campaign
from backmail.model.people import Subscriber
from backmail.model.states import DeliveryState, SubscriberState
from backmail.sending.decisions import Shown
from backmail.sending.enrollment import enroll
from backmail.sending.erasing import erase
from backmail.sending.explain import explain
from backmail.sending.operations import held, resume_campaign, settle
from backmail.sending.published import publish
from backmail.sending.reasons import Reason
from backmail.sending.status import status
from backmail.store.tables import deliveries, enrollments
from backmail.store.tables import subscribers as people
from backmail.transports import MemoryTransport
from backmail.web.site import site
from tests.cli.installation import project as installation
from tests.town import DAY, HOUR, MONDAY, Clock, campaign, prepared, step
from tests.web.counter import Client

TUESDAY = MONDAY + DAY + 8 * HOUR
WEEK = 7 * DAY
STEPS = ("one", "two", "three", "four", "five")
SERIES = campaign(step("one", "0"), *map(step, STEPS[1:]))
NEWS = campaign(step("extra", "0"), step("more"), slug="news")
UNSUBSCRIBE = re.compile(r"/u/([\w.-]+)")


class Drill:
    """An installation, its clock, and all that its readers ever got."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.clock = Clock()
        self.transport = MemoryTransport()

    def opened(self) -> AbstractContextManager[Backmail]:
        """Open it, as each command does."""
        return opened(self.project, clock=self.clock, transport=self.transport)

    def starts(self, *names: str) -> list[int]:
        """Publish the series, and enroll new people in it; return who they are."""
        with self.opened() as app, app.durable() as tx:
            new = [
                subscribers.add(
                    tx,
                    Subscriber(f"{name}@example.org", first_name=name.title()),
                    app.pepper,
                    now=self.clock.now(),
                    state=SubscriberState.ACTIVE,
                )
                for name in names
            ]
        self.enrolls(SERIES, new)
        return new

    def enrolls(self, what: Campaign, people: list[int]) -> None:
        """Publish a campaign, and enroll people in it."""
        with self.opened() as app, app.durable() as tx:
            number = publish(tx, prepared(what), now=self.clock.now(), by="ann")
            enroll(tx, app.shelf.get(tx, what.id, number), people, now=self.clock.now(), zone="UTC")

    def runs(self, until: dt.datetime) -> None:
        """Let the engine run until then."""
        with self.opened() as app:
            while (at := app.next_look(self.clock.now())) is not None and at <= until:
                self.clock.turn(max(at, self.clock.now() + dt.timedelta(seconds=1)))
                asyncio.run(self._ticks(app))
        self.clock.turn(max(until, self.clock.now()))

    async def _ticks(self, app: Backmail) -> None:
        while (await app.tick()).busy:
            pass

    def backs_up(self, folder: Path) -> Path:
        """Take a backup."""
        return backed_up(self.project, folder, now=self.clock.now()).file

    def restores(self, file: Path) -> Counter[str]:
        """Put it back, and return what is held."""
        return restored(self.project, file, now=self.clock.now(), by="ann").held

    def settles(self, *, resend: bool) -> int:
        """Decide about everything that is held."""
        with self.opened() as app, app.durable() as tx:
            return settle(tx, app.shelf, resend=resend, now=self.clock.now(), zone="UTC", by="ann")

    def resumes(self) -> None:
        """End the pause of all sending."""
        with self.opened() as app, app.durable() as tx:
            assert resume_campaign(tx, now=self.clock.now(), by="ann") is not None

    def got(self) -> dict[str, list[str]]:
        """Return the steps that each person got, in the order in which they came."""
        found: dict[str, list[str]] = {}
        for each in self.transport.carried:
            found.setdefault(each.message.mailbox.email.partition("@")[0], []).append(each.message.composed.step)
        return found

    def deliveries(self) -> list[int]:
        """Return the ids of all deliveries."""
        with self.opened() as app, app.reading() as tx:
            return list(tx.scalars(sa.select(deliveries.c.id).order_by(deliveries.c.id)))

    def to_come(self, person: int) -> list[tuple[str, str]]:
        """Return step and state of her deliveries that are not sent, the last planned of each step."""
        with self.opened() as app, app.reading() as tx:
            d = deliveries.c
            query = sa.select(d.step, d.state).where(d.subscriber == person, d.state != DeliveryState.ACCEPTED)
            return [(row.step, row.state) for row in tx.execute(query.order_by(d.id))]

    def noes(self, person: int) -> list[str]:
        """Return the scopes of what stands against her."""
        with self.opened() as app, app.reading() as tx:
            return [no.scope for no in suppressions.standing(tx, subscribers.get(tx, person).address)]

    def link(self, name: str, of: str) -> str:
        """Return the token of the link to unsubscribe in a mail that somebody got."""
        [message] = [
            each.message
            for each in self.transport.carried
            if (each.message.mailbox.email, each.message.composed.step) == (f"{name}@example.org", of)
        ]
        found = UNSUBSCRIBE.search(message.headers["List-Unsubscribe"])
        assert found
        return found[1]


@pytest.fixture
def drill(shared: str, tmp_path: Path, postgres_programs: None) -> Drill:
    """An installation on a database of each kind."""
    return Drill(installation(tmp_path / "shop", database=shared))


def leads_to_nobody_else(drill: Drill, given: list[int]) -> None:
    """See where the links lead that were in mails before the restore, of all deliveries that were given then."""
    with drill.opened() as app:
        hers = readers.leaving(app, drill.link("anna", "three"))
        assert hers == Leaving(Stand.SUBSCRIBED, Seen(("en",), "a***@example.org", SERIES.name))
        for of in STEPS[:3]:
            assert readers.leaving(app, drill.link("bea", of)).stand is Stand.LEFT
        for name, of in (("eva", "one"), ("carl", "one"), ("carl", "three")):
            assert readers.unsubscribe(app, drill.link(name, of)).stand is Stand.GONE
            assert readers.undo(app, drill.link(name, of)).stand is Stand.GONE
        with app.reading() as tx:
            lost = set(given).difference(tx.scalars(sa.select(deliveries.c.id)))
        assert len(lost) > 4
        for each in map(str, lost):  # nobody else's mail is shown, nobody else is confirmed
            assert readers.confirm(app, app.links.token("confirm", each), Shown("", "", "en", "")) == Joining()
            assert readers.view(app, app.links.token("view", each)) is None
            assert readers.calendar(app, app.links.token("calendar", each)) is None


def test_the_drill(drill: Drill, tmp_path: Path) -> None:
    anna, _, carl, _ = drill.starts("anna", "bea", "carl", "dora")
    drill.runs(TUESDAY + HOUR)
    backup = drill.backs_up(tmp_path)

    # Two mails go out of which the backup knows nothing; the second it has not even planned. Eva signs up.
    drill.runs(TUESDAY + WEEK + HOUR)
    eva = drill.starts("eva")[0]
    drill.runs(TUESDAY + 2 * WEEK + HOUR)
    assert drill.got() == {name: ["one", "two", "three"] for name in ("anna", "bea", "carl", "dora")} | {"eva": ["one"]}
    with drill.opened() as app:
        assert readers.unsubscribe(app, drill.link("bea", "three")).stand is Stand.LEFT
        with app.durable() as tx:
            assert erase(tx, subscribers.get(tx, carl).address, now=drill.clock.now())
    given = drill.deliveries()

    drill.clock.turn(TUESDAY + 2 * WEEK + 2 * HOUR)
    assert drill.restores(backup) == {"town": 2}  # Anna's and Dora's second mail

    # Nothing goes out, neither while all sending is paused nor after that, however often the engine starts.
    sent = drill.got()
    drill.runs(TUESDAY + 2 * WEEK + 3 * HOUR)
    drill.resumes()
    for _ in range(2):
        drill.runs(drill.clock.now() + HOUR)
    assert drill.got() == sent
    with drill.opened() as app, app.reading() as tx:
        first = status(tx, drill.clock.now(), live_needed=False, running=True).wants[0]
        assert (first.reason, first.count, first.command) == (Reason.RESTORED, 2, "backmail settle town")
        [walk] = explain(tx, app.shelf, anna, now=drill.clock.now(), zone="UTC", live_needed=False).walks
        assert "`backmail settle town`" in walk.why.sentence("UTC")

    # What was in the mails that the backup does not know leads to nobody else, whoever comes now.
    (frida,) = drill.starts("frida")
    assert frida > eva
    leads_to_nobody_else(drill, given)

    # The second mail is dropped; so the third comes into question, which went out as well.
    assert drill.settles(resend=False) == 2
    assert drill.settles(resend=False) == 2
    assert drill.settles(resend=False) == 0
    drill.runs(TUESDAY + 12 * WEEK)
    everything = list(STEPS)
    assert drill.got() == {
        "anna": everything,
        "dora": everything,
        "frida": everything,
        "bea": ["one", "two", "three"],
        "carl": ["one", "two", "three"],
        "eva": ["one"],
    }
    with drill.opened() as app, app.reading() as tx:
        assert held(tx) == {}
        left = set(tx.scalars(sa.select(people.c.first_name)))
        assert left == {"Anna", "Bea", "Dora", "Frida"}
        ended = Counter(tx.scalars(sa.select(enrollments.c.state)))
        assert ended == {"finished": 3, "exited": 1}
    new = set(drill.deliveries()) - set(given)
    assert min(new) > max(given)


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {"what": "all"}], ids=["one click", "button"])
def test_a_no_by_a_mail_that_the_backup_does_not_know(body: dict[str, str], drill: Drill, tmp_path: Path) -> None:
    anna, bea, carl = drill.starts("anna", "bea", "carl")
    drill.runs(TUESDAY + HOUR)
    backup = drill.backs_up(tmp_path)

    # Anna's third mail is planned and sent after the backup; of Bea it does not know even that she gets the news.
    drill.runs(TUESDAY + WEEK + HOUR)
    drill.enrolls(NEWS, [bea])
    drill.runs(TUESDAY + 2 * WEEK + 2 * DAY)
    drill.restores(backup)
    drill.resumes()
    while drill.settles(resend=False):
        pass
    frida = drill.starts("frida")[0]
    with drill.opened() as app, closing(Client(site(app, "n-0nce"))) as client:
        for person, name, of, series in ((anna, "anna", "three", True), (bea, "bea", "extra", False)):
            waiting = drill.to_come(person)
            assert waiting[-1] == ("four", "planned")
            path = f"/u/{drill.link(name, of)}"
            page = client.get(path)
            assert f"{name[0]}***@example.org" in page.text
            assert ("Only from" in page.text) is series
            assert (drill.noes(person), drill.to_come(person)) == ([], waiting)
            for _ in range(2):
                assert "You are unsubscribed" in client.post(path, data=body).text
                assert drill.noes(person) == [""]
                assert drill.to_come(person)[-1] == ("four", "skipped")
            assert "You are subscribed again" in client.post(f"{path}/undo", data={"what": "all"}).text
            assert (drill.noes(person), drill.to_come(person)) == ([], waiting)
        client.post(f"/u/{drill.link('bea', 'extra')}", data=body)
    assert [drill.noes(each) for each in (anna, bea, carl, frida)] == [[], [""], [], []]
    sent = len(drill.got()["bea"])
    drill.runs(TUESDAY + 12 * WEEK)
    got = drill.got()
    assert len(got["bea"]) == sent
    assert [got[name][-1] for name in ("anna", "carl", "frida")] == ["five"] * 3


def test_a_no_while_her_mails_are_held(drill: Drill, tmp_path: Path) -> None:
    (anna,) = drill.starts("anna")
    drill.runs(TUESDAY + HOUR)
    backup = drill.backs_up(tmp_path)
    drill.runs(TUESDAY + 2 * WEEK + HOUR)
    drill.restores(backup)
    with drill.opened() as app:
        assert readers.unsubscribe(app, drill.link("anna", "three")).stand is Stand.LEFT
    assert drill.noes(anna) == [""]
    drill.resumes()
    while drill.settles(resend=True):
        drill.runs(drill.clock.now() + HOUR)
    drill.runs(TUESDAY + 12 * WEEK)
    assert drill.got() == {"anna": list(STEPS[:3])}


def test_the_drill_with_everything_sent_again(drill: Drill, tmp_path: Path) -> None:
    drill.starts("anna", "bea")
    drill.runs(TUESDAY + HOUR)
    backup = drill.backs_up(tmp_path)
    drill.runs(TUESDAY + WEEK + HOUR)
    drill.restores(backup)
    drill.resumes()
    assert drill.settles(resend=True) == 2
    drill.runs(TUESDAY + 12 * WEEK)
    assert drill.got() == {name: ["one", "two", *STEPS[1:]] for name in ("anna", "bea")}
    for name in ("anna", "bea"):
        ids = [
            each.message.headers["Message-ID"]
            for each in drill.transport.carried
            if (each.message.mailbox.email, each.message.composed.step) == (f"{name}@example.org", "two")
        ]
        assert len(ids) == 2
        assert len(set(ids)) == 1  # both copies are known to be one


def test_a_backup_that_is_put_back_twice(drill: Drill, tmp_path: Path) -> None:
    drill.starts("anna")
    drill.runs(TUESDAY + HOUR)
    backup = drill.backs_up(tmp_path)
    drill.runs(TUESDAY + WEEK + HOUR)
    drill.restores(backup)
    drill.resumes()
    drill.settles(resend=False)
    drill.runs(TUESDAY + 2 * WEEK + HOUR)
    before = drill.deliveries()
    assert drill.got() == {"anna": ["one", "two", "three"]}
    drill.restores(backup)
    drill.resumes()
    while drill.settles(resend=False):
        pass
    drill.runs(TUESDAY + 12 * WEEK)
    assert drill.got() == {"anna": list(STEPS)}
    new = set(drill.deliveries()) - set(before)
    assert min(new) > max(before)
