"""The bytes of a mail: Python's own parser reads in them what was composed, and Gmail's traps are stepped round."""

import datetime as dt
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as Part
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import AddressError
from backmail.links import Links
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.rendering import wire

DATE = dt.datetime(2027, 1, 5, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def content(part: Part | None) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def check(message: Message) -> None:
    """Assert that the bytes of a message say what it says."""
    raw = wire(message, DATE)
    sent = parsed(raw)
    assert sent["Subject"] == message.part("subject")
    assert sent.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert content(sent.get_body(("plain",))) == message.part("text")
    assert content(sent.get_body(("html",))) == message.part("html")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_parser_reads_what_was_composed(sample: Any, number: int) -> None:
    check(sample().mail(number=number))


# Names as they come: with commas, letters of all sizes, blanks at the ends, and what looks like encoded words or code.
NAMES = st.text(st.sampled_from('ab.Å日😀 ,"\\<>=?_&-\u00a0'), min_size=1, max_size=60) | st.just("=?utf-8?q?x?=")


@given(name=NAMES)
def test_any_name_and_subject_come_back_as_they_were(letter: Any, name: str) -> None:
    message = letter.mail(Subscriber("a@example.org", name))
    check(message)
    to = parsed(wire(message, DATE))["To"].addresses[0]
    assert (to.display_name, to.addr_spec) == (name.strip(" "), "a@example.org")


def test_a_long_link_to_unsubscribe_stays_whole_and_unencoded(minimal_mail: Any) -> None:
    workshop = minimal_mail("x")
    workshop.links = Links(b"0" * 32, "https://news.example.org/" + "a" * 200)
    message = workshop.mail()
    url = workshop.reader().links.unsubscribe
    assert len(url) > 250
    assert f"\r\nList-Unsubscribe: <{url}>\r\nList-Id: ".encode() in wire(message, DATE)


def test_only_the_date_differs_between_attempts(sample: Any) -> None:
    message = sample().mail()
    one, other = wire(message, DATE), wire(message, DATE + dt.timedelta(days=1))
    assert b"\r\nDate: Tue, 05 Jan 2027 08:30:00 +0100\r\n" in one
    assert one.replace(b"Tue, 05 Jan", b"Wed, 06 Jan") == other
    assert wire(sample().mail(), DATE) == one


def test_the_boundary_differs_by_delivery_and_stands_in_no_part(sample: Any) -> None:
    message = sample().mail()
    boundaries = [parsed(wire(each, DATE)).get_boundary() for each in (message, replace(message, delivery_id="other"))]
    assert boundaries[0] != boundaries[1]
    assert boundaries[0] is not None
    assert wire(message, DATE).count(boundaries[0].encode()) == 4


def test_a_date_without_a_zone_is_refused(sample: Any) -> None:
    with pytest.raises(ValueError, match="zone"):
        wire(sample().mail(), DATE.replace(tzinfo=None))


@pytest.mark.parametrize("value", ["<https://x>\r\nBcc: a@b.c", "a\x00", "x" * 999, "é"])
def test_a_header_that_cannot_be_written_is_refused(sample: Any, value: str) -> None:
    message = sample().mail()
    with pytest.raises(AddressError, match="the header List-Id"):
        wire(replace(message, headers={**message.headers, "List-Id": value}), DATE)


def test_a_long_subject_is_folded_into_words_that_mail_programs_join(minimal_mail: Any) -> None:
    subject = "Så længe skuldrene er stive, er hænderne også " * 4
    message = minimal_mail("x", subject=subject.strip()).mail()
    check(message)
    lines = wire(message, DATE).split(b"\r\nSubject: ")[1].split(b"\r\nMessage-ID")[0].split(b"\r\n ")
    assert len(lines) > 2
    assert all(line.startswith(b"=?utf-8?b?") and len(line) <= 75 for line in lines)
