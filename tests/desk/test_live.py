"""Letting a campaign go: what is shown first, what no campaign may go without, and the record of who said so."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.config import Config, Site, TransportChoice
from backmail.desk.live import Due, Standing, forbidden, go_live, is_live, standing
from backmail.rendering import kept
from backmail.sending.published import Published
from backmail.store.tables import campaigns, deliveries, enrollments, events
from tests.town import COPENHAGEN, DAY, HOUR, MONDAY, Town

TUESDAY_NINE = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)
URL = Site("https://mail.example.org")
REAL = Config(site=URL, transport=TransportChoice(kind="smtp", host="smtp.example.org"))


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    """A town with a published series and nobody in it."""
    made = Town(store, tmp_path)
    made.publish()
    return made


def stands(town: Town) -> Standing:
    """Return how the series stands."""
    assert town.published is not None
    with town.backmail.reading() as tx:
        return standing(tx, town.published, now=town.clock.now(), zone="UTC")


def test_a_campaign_in_which_nobody_walks_stands_so(town: Town) -> None:
    assert stands(town) == Standing(MONDAY, "test", None, None, False, 0, None, None, 14)


def test_what_waits_is_counted_by_its_slot(town: Town) -> None:
    town.enroll(town.add("anna", zone="Asia/Tokyo") + town.add("bo", "cleo", zone=COPENHAGEN))
    town.set_campaign(paused_at=MONDAY)
    now = stands(town)
    assert (now.walking, now.paused, now.days) == (3, True, 14)
    assert now.first == Due(TUESDAY_NINE - 8 * HOUR, "Asia/Tokyo", 1)
    assert now.busiest == Due(TUESDAY_NINE, COPENHAGEN, 2)
    with town.backmail.durable() as tx:
        tx.execute(enrollments.update().where(enrollments.c.id == 1).values(state="exited", ended_at=MONDAY))
        tx.execute(deliveries.update().where(deliveries.c.enrollment == 1).values(state="skipped"))
    now = stands(town)
    assert (now.walking, now.first) == (2, Due(TUESDAY_NINE, COPENHAGEN, 2))


def test_it_is_let_go_once_and_who_said_so_is_kept(town: Town) -> None:
    for at, by, new in ((MONDAY, "ann", True), (MONDAY + DAY, "bob", False)):
        with town.backmail.durable() as tx:
            assert is_live(tx, "c-town") is not new
            assert go_live(tx, "c-town", now=at, by=by) is new
    now = stands(town)
    assert (now.live_at, now.live_by) == (MONDAY, "ann")
    with town.backmail.reading() as tx:
        [event] = tx.execute(sa.select(events).where(events.c.kind == "live")).all()
        assert is_live(tx, "c-town")
    assert (event.source, event.at) == ("operator", MONDAY)
    assert json.loads(event.raw) == {"campaign": "c-town", "by": "ann"}


def test_only_the_campaign_that_was_named_goes(town: Town) -> None:
    with town.backmail.durable() as tx:
        tx.execute(campaigns.insert().values(id="c-other", slug="other"))
        go_live(tx, "c-other", now=MONDAY, by="ann")
    assert stands(town).live_at is None


def rules(published: Published, config: Config) -> list[str]:
    """Return the names of the rules that stand in the way."""
    return [fault.message.rpartition("(rule ")[2].rstrip(")") for fault in forbidden(published, config)]


def without_link(published: Published, part: str) -> Published:
    """Return a version whose second mail has no unsubscribe link in its "html" or its "text"."""
    key = next(key for key in published.stored if key[0] == "two")
    path, composed = kept.read(published.stored[key])
    others: dict[str, Any] = {
        part: tuple(
            piece
            for piece in getattr(composed, part)
            if isinstance(piece, str) or piece.field.path[-1] != "unsubscribe"
        )
    }
    return replace(published, stored={**published.stored, key: kept.written(path, replace(composed, **others))})


def test_what_was_applied_may_go(town: Town) -> None:
    assert town.published is not None
    assert forbidden(town.published, REAL) == []


@pytest.mark.parametrize("part", ["html", "text"])
def test_no_mail_goes_without_an_unsubscribe_link_in_both_its_parts(town: Town, part: str) -> None:
    assert town.published is not None
    [fault] = forbidden(without_link(town.published, part), REAL)
    assert fault.message.startswith("the mail 'two' has no unsubscribe link")


def test_no_mail_goes_whose_picture_stands_in_a_folder_only(town: Town) -> None:
    assert town.published is not None
    key = next(key for key in town.published.stored if key[0] == "two")
    path, composed = kept.read(town.published.stored[key])
    shown = ('<img alt="a" src="images/a&amp;b.png"><img alt="b" src="https://example.org/b.png">', *composed.html)
    stored = {**town.published.stored, key: kept.written(path, replace(composed, html=shown))}
    [fault] = forbidden(replace(town.published, stored=stored), REAL)
    assert fault.message.startswith("the picture images/a&b.png of the mail 'two' has no public address yet")


@pytest.mark.parametrize("address", [(), ("  ",)])
def test_no_campaign_goes_without_a_postal_address(town: Town, address: tuple[str, ...]) -> None:
    assert town.published is not None
    nameless = replace(town.published, company=replace(town.published.company, address=address))
    assert rules(nameless, REAL) == ["footer-address"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("", "site.public_url is not set"), ("http://localhost:8000", "is not https: http://localhost:8000")],
)
def test_no_campaign_goes_while_links_lead_nowhere(town: Town, url: str, said: str) -> None:
    assert town.published is not None
    [fault] = forbidden(town.published, replace(REAL, site=Site(url)))
    assert said in fault.message
    assert fault.message.endswith("(rule public-url)")


def test_all_that_stands_in_the_way_is_said_at_once_and_nothing_where_nobody_is_reached(town: Town) -> None:
    assert town.published is not None
    bad = without_link(replace(town.published, company=replace(town.published.company, address=())), "html")
    assert rules(bad, replace(REAL, site=Site())) == ["footer-address", "unsubscribe-link", "public-url"]
    for harmless in (TransportChoice(), TransportChoice(kind="smtp", host="127.0.0.1")):
        assert forbidden(bad, Config(transport=harmless)) == []
