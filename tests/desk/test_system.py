"""Backmail's own mails: from the project's sender, with nothing that somebody typed in, published once."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.config import Config, Project
from backmail.desk import apply as desk
from backmail.desk.system import publish_system, system_settings
from backmail.errors import ConfigError
from backmail.model.campaign import Company, Sender
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.rendering import address, wire
from backmail.rendering.lint import judge
from backmail.sending.published import newest
from backmail.shipped import shipped
from backmail.store.tables import campaigns, versions
from tests.rendering.conftest import DATE
from tests.store.world import in_memory
from tests.town import MONDAY, SERIES, Town, prepared

COMPANY = Company("Acme ApS", ("Langelinie 1", "2100 København Ø"))
CONFIG = Config(zone="UTC", sender=Sender("Anna at Acme", "anna@news.example.org", "hi@example.org"), company=COMPANY)
TYPED = Subscriber("eve@example.org", "Buy now", "at shop.example", tags=("spam",), attributes={"x": "click here"})


@pytest.fixture
def store(sqlite_upgraded: Path) -> Iterator[sa.Engine]:
    """One database: what differs between them is not asked here, and each mail takes half a second to compose."""
    made = in_memory(sqlite_upgraded)
    yield made
    made.dispose()


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path, config=CONFIG)


def put(town: Town) -> None:
    with town.backmail.durable() as tx:
        publish_system(tx, town.backmail.project, now=MONDAY, by="ann")


def mail(town: Town, subscriber: Subscriber = TYPED) -> Message:
    """Return the mail that asks to confirm an address."""
    with town.backmail.reading() as tx:
        published = town.backmail.shelf.newest(tx, "backmail-confirm")
    reader = published.reader("confirm", subscriber, town.backmail.links, {"confirm": "17"})
    return address(published.compose("confirm", reader), reader, "17", town.backmail.links)


def test_it_comes_from_the_projects_sender(town: Town) -> None:
    put(town)
    message = mail(town)
    assert message.headers["From"] == "Anna at Acme <anna@news.example.org>"
    assert message.headers["Reply-To"] == "hi@example.org"
    assert "Langelinie 1" in message.part("html")
    assert "Example Shop" not in message.part("html") + message.part("text")


def test_its_button_leads_to_the_page_that_confirms(town: Town) -> None:
    put(town)
    link = town.backmail.links.link("confirm", "17")
    for part in ("html", "text"):
        assert mail(town).part(part).count(link) == 1
    assert town.backmail.links.read("confirm", link.rpartition("/")[2]) == "17"


def test_nothing_that_somebody_typed_stands_in_the_confirmation(town: Town) -> None:
    put(town)
    message = mail(town)
    for typed in ("Buy now", "shop.example", "spam", "click here"):
        assert typed.encode() not in wire(message, DATE)
        assert typed not in message.part("html") + message.part("text")
    assert message.headers["To"] == "eve@example.org"


def test_every_check_of_a_mail_finds_nothing_in_it(town: Town) -> None:
    put(town)
    [setting] = system_settings(town.backmail.project)
    [step] = setting.campaign.steps
    found = judge(mail(town), step, shipped("campaigns") / "_confirm", company=COMPANY)
    assert [each.id for each in found if each.id != "link-scheme"] == []  # the tests have no site to link to


def test_it_is_published_once_and_composed_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    put(town)
    monkeypatch.setattr("backmail.rendering.variants.compose", None)
    put(town)
    with town.backmail.reading() as tx:
        assert tx.execute(sa.select(versions.c.campaign, versions.c.number)).all() == [("backmail-confirm", 1)]
        [row] = tx.execute(sa.select(campaigns)).all()
    assert (row.slug, row.system, row.to_pending) == ("_confirm", True, True)


def test_another_sender_makes_another_version(town: Town) -> None:
    put(town)
    town.config = replace(CONFIG, sender=Sender("Bo", "bo@example.org"))
    town.backmail = town.worker()
    put(town)
    assert mail(town).headers["From"] == "Bo <bo@example.org>"


def test_it_is_the_same_wherever_the_program_lies(town: Town) -> None:
    [setting] = system_settings(town.backmail.project)
    assert setting.campaign.folder == Path("campaigns/_confirm")
    assert {place.file for step in setting.campaign.steps for place in step.places.values()} == {
        "campaigns/_confirm/01-confirm.md"
    }


def test_a_folder_of_the_projects_own_takes_its_place(town: Town) -> None:
    own = town.root / "campaigns" / "_confirm"
    shutil.copytree(shipped("campaigns") / "_confirm", own)
    text = (own / "campaign.yaml").read_text(encoding="utf-8")
    (own / "campaign.yaml").write_text(text.replace("language: en", "language: da"), encoding="utf-8")
    put(town)
    message = mail(town)
    assert message.headers["From"] == "Example Shop <news@example.org>"
    assert "Du får denne mail, fordi denne adresse er blevet skrevet op" in message.part("text")


def test_without_a_sender_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml: no sender is set, and the mail that asks to confirm"):
        system_settings(Project(tmp_path))


def test_applying_publishes_it_too(town: Town) -> None:
    desk.apply(town.store, town.backmail.project, [prepared(SERIES)], now=MONDAY, by="ann")
    assert mail(town).composed.campaign == "_confirm"


def test_nothing_is_applied_where_it_cannot_be_sent(store: sa.Engine, tmp_path: Path) -> None:
    town = Town(store, tmp_path)
    with pytest.raises(ConfigError):
        desk.apply(store, town.backmail.project, [prepared(SERIES)], now=MONDAY, by="ann")
    with town.backmail.reading() as tx:
        assert newest(tx, SERIES.id) is None
