"""What readers can do with their exercises: look back at them, print all on one sheet, put them into a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import icalendar
import pytest

from backmail.campaign import read
from backmail.config import Project, sample_campaigns
from backmail.model.campaign import Campaign
from backmail.rendering import Setting, load_theme
from backmail.sending.published import prepare, publish
from backmail.sending.published.publishing import Prepared
from backmail.shipped import shipped
from backmail.store.tables import deliveries, subscribers
from tests.web.counter import Counter, config, counter

MOVES = "c-moves"
ROLLS, TOWEL = "Slow shoulder rolls", "Rolled towel squeeze"
SAFETY = "Stop at once if you feel sharp pain"


@cache
def moves() -> Prepared:
    """Return a series of the safety text, two mails with exercises, and a last one without."""
    sample = read(sample_campaigns()[0], project=Project(shipped("campaigns").parent))
    thanks = "Thank you, {{ subscriber.first_name | default('you') }}.\n"
    last = replace(sample.steps[-1], body=thanks, action=sample.steps[0].action)
    series: Campaign = replace(sample, id=MOVES, slug="moves", steps=(*sample.steps[1:4], last))
    settings = config()
    return prepare(Setting(series, load_theme(series.theme), settings.brand, settings.company))


def opened(folder: Path, database: str) -> Iterator[Counter]:
    """Open a site with that series."""
    with counter(folder, database) as made:
        with made.backmail.durable() as tx:
            publish(tx, moves(), now=made.clock.at, by="ann")
        yield made


@pytest.fixture
def at(shared_sqlite: str, tmp_path: Path) -> Iterator[Counter]:
    yield from opened(tmp_path, shared_sqlite)


@pytest.fixture
def at_both(shared: str, tmp_path: Path) -> Iterator[Counter]:
    yield from opened(tmp_path, shared)


def walked(at: Counter, mails: int, first: int | None = None) -> list[int]:
    """Send so many mails of the series to somebody, and return their deliveries."""
    delivery = first or at.enrolled(at.person(), MOVES)
    sent = [delivery]
    for number in range(mails):
        at.clock.at = at.delivery(sent[-1])["due_at"]
        at.tick()
        if number + 1 < mails:
            sent.append(max(row[0] for row in at.rows(deliveries)))
    return sent


def html(at: Counter) -> str:
    """Return the HTML that left last."""
    return at.transport.carried[-1].message.part("html")


def test_the_routine_leads_to_the_mails_that_she_got(at_both: Counter) -> None:
    at = at_both
    _, rolls, towel = walked(at, 3)
    page = html(at)
    assert "Your routine so far" in page
    assert unescape(page).count(at.path("view", rolls)) == 3  # two exercises of that mail, and the mail before
    shown = at.client.get(at.path("view", rolls)).text
    assert ROLLS in shown
    assert "Your routine so far" not in shown
    assert at.client.get(at.path("view", towel)).text == page


def test_the_last_mail_leads_to_a_sheet_of_all_exercises(at_both: Counter) -> None:
    at = at_both
    *_, last = walked(at, 4)
    assert at.path("sheet", last) in unescape(html(at))
    answer = at.client.get(at.path("sheet", last))
    assert answer.status_code == 200
    page = answer.text
    order = [page.index(each) for each in (SAFETY, ROLLS, "8 times", TOWEL)]
    assert order == sorted(order)
    assert page.count(ROLLS) == 1
    assert "Thank you" not in page
    assert "Put both in my calendar" not in page
    assert "anna@example.org" not in page.lower()
    assert "@media print" in page
    assert "script" not in page
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")


def test_a_sheet_has_no_exercise_that_she_did_not_get_and_always_the_safety_text(at: Counter) -> None:
    first, rolls, *_, last = walked(at, 4)
    with at.backmail.durable() as tx:
        for skipped in (first, rolls):
            tx.execute(deliveries.update().where(deliveries.c.id == skipped).values(state="skipped"))
    page = at.client.get(at.path("sheet", last)).text
    assert TOWEL in page
    assert SAFETY in page
    assert ROLLS not in page


def test_a_sheet_that_is_gone_and_a_link_for_something_else(at: Counter) -> None:
    [first] = walked(at, 1)
    token = at.path("view", first).rpartition("/")[2]
    assert at.client.get(f"/sheet/{token}").status_code == 404
    with at.backmail.durable() as tx:
        tx.execute(subscribers.delete())
    answer = at.client.get(at.path("sheet", first))
    assert answer.status_code == 404
    assert "This mail is not kept here" in answer.text


def test_the_calendar_names_the_exercises_and_their_doses(at: Counter) -> None:
    _, rolls = walked(at, 2)
    assert at.path("calendar", rolls) in unescape(html(at))
    [event] = icalendar.Calendar.from_ical(at.client.get(at.path("calendar", rolls)).text).walk("VEVENT")
    first, second = str(event["DESCRIPTION"]).split("\n")
    assert first.startswith(f"{ROLLS} (Position: Sit toward the front of your chair")
    assert "Repeat: 8 times" in first
    assert "Hold: 15-20 seconds" in second


def test_the_calendar_of_a_mail_without_exercises_says_nothing_of_them(at: Counter) -> None:
    [first] = walked(at, 1)
    [event] = icalendar.Calendar.from_ical(at.client.get(at.path("calendar", first)).text).walk("VEVENT")
    assert "DESCRIPTION" not in event
