"""The mail in the browser is the mail that was sent; its exercises are a calendar's file, always the same."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar

from backmail.store.tables import subscribers
from tests.web.counter import DAY, Counter


def sent(at: Counter, reader: int) -> str:
    """Send a delivery, and return the HTML that left."""
    at.clock.at = at.delivery(reader)["due_at"]
    at.tick()
    return at.transport.carried[-1].message.part("html")


def test_the_view_is_the_mail_that_was_sent(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    html = sent(at, reader)
    answer = at.client.get(at.path("view", reader))
    assert answer.status_code == 200
    assert answer.text == html
    assert "Anna" in answer.text


def test_the_view_of_a_mail_that_is_still_to_come(at: Counter) -> None:
    reader = at.reader()
    early = at.client.get(at.path("view", reader)).text
    assert early == sent(at, reader)


def test_the_view_lets_nothing_run_and_shows_pictures_of_the_web(at: Counter) -> None:
    policy = at.client.get(at.path("view", at.reader())).headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_the_second_mail_leads_back_to_the_first(at: Counter) -> None:
    reader = at.reader()
    sent(at, reader)
    second = reader + 1
    html = sent(at, second)
    assert at.path("view", reader) in html
    assert at.client.get(at.path("view", second)).text == html


def test_what_is_gone_is_not_shown(at: Counter) -> None:
    reader = at.reader()
    with at.backmail.durable() as tx:
        tx.execute(subscribers.delete())
    for purpose in ("view", "calendar"):
        answer = at.client.get(at.path(purpose, reader))
        assert answer.status_code == 404
        assert "This mail is not kept here" in answer.text
        assert "copied" not in answer.text  # the link is whole


def test_a_calendar_of_the_days_until_the_next_mail(at: Counter) -> None:
    reader = at.reader(timezone="America/New_York")
    html = sent(at, reader)
    answer = at.client.get(at.path("calendar", reader))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["content-disposition"] == 'attachment; filename="practice.ics"'
    calendar = icalendar.Calendar.from_ical(answer.text)
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    where = ZoneInfo("America/New_York")
    local = at.delivery(reader)["due_at"].astimezone(where)
    assert event.start == dt.datetime.combine(local.date(), dt.time(18), where)
    assert event.end - event.start == dt.timedelta(minutes=15)
    assert event["RRULE"].to_ical() == b"FREQ=DAILY;COUNT=7"
    assert str(event["SUMMARY"]) == at.transport.carried[-1].message.headers["Subject"]
    assert at.path("view", reader) in str(event["URL"])
    assert at.path("calendar", reader) in html or "calendar" not in html
    assert b"anna" not in answer.content.lower().replace(b"anna at acme", b"")
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]


def test_the_calendar_is_the_same_whenever_it_is_asked_for(at: Counter) -> None:
    reader = at.reader()
    sent(at, reader)
    first = at.client.get(at.path("calendar", reader)).content
    at.clock.at += 400 * DAY
    assert at.client.get(at.path("calendar", reader)).content == first
    assert b"UID:" in first
    assert len(first.splitlines()) < 60
