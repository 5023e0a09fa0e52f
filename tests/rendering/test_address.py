"""One reader's values in a mail: escaped for their places, headers that nobody can break out of."""

import datetime as dt
import html as html_module
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from backmail.errors import AddressError
from backmail.model.campaign import Sender
from backmail.model.message import Context, Field, Slot
from backmail.model.people import Mailbox, Subscriber
from backmail.rendering import address, wire
from backmail.rendering.address import escaped, shown

FIELD = Field(("subscriber", "first_name"))
HOSTILE = "<b>\"x\"&'y'</b><!-- --><script>"
VALUES = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&\"'\\\r\n\t\u202e\x92 -"), max_size=20)


@given(VALUES)
def test_a_value_in_html_means_nothing_but_itself(value: str) -> None:
    for context, document in ((Context.TEXT, "<p>{}</p>"), (Context.ATTRIBUTE, '<p title="{}">x</p>')):
        element = document_fromstring(f"<html><body>{document.format(escaped(value, context, FIELD))}</body></html>")[
            0
        ][0]
        got = element.text if context is Context.TEXT else element.get("title")
        assert len(element) == 0
        assert list(element.attrib) == ([] if context is Context.TEXT else ["title"])
        assert _blanks(got) == _blanks(_kept(value))


def _kept(value: str) -> str:
    """Return a value without control characters and signs that turn the direction."""
    return re.sub("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]", "", value)


def _blanks(value: str | None) -> str:
    return re.sub(r"\s+", " ", value or "").strip()


@given(VALUES)
def test_a_value_in_a_link_stays_one_piece_of_it(value: str) -> None:
    assert re.fullmatch(r"[\w.~%-]*", escaped(value, Context.URL_PART, FIELD), re.ASCII)


@given(VALUES)
def test_a_value_in_the_text_part_stays_on_its_line(value: str) -> None:
    assert len(escaped(value, Context.PLAIN, FIELD).splitlines()) <= 1


@given(VALUES)
def test_a_value_in_a_header_has_no_line_break(value: str) -> None:
    try:
        header = escaped(value, Context.HEADER, FIELD)
    except AddressError:
        assert re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", value)
    else:
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", header)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//example.org", "", "ftp://x", " https://x"]
)
def test_a_link_that_could_be_code_is_refused(link: str) -> None:
    with pytest.raises(AddressError, match=r"subscriber\.first_name is no link for a mail"):
        escaped(link, Context.URL, FIELD)


def test_a_link_is_escaped_for_its_attribute() -> None:
    assert escaped('https://x/?a=1&b="', Context.URL, FIELD) == "https://x/?a=1&amp;b=&quot;"


def test_article_text_and_values_cannot_break_out_of_their_places(minimal_mail: Any) -> None:
    name = "{{ subscriber.first_name }}"
    body = f"Hi {name}, [go](https://example.org/?n={name}) `{name}`"
    message = minimal_mail(body).mail(Subscriber("x@example.org", HOSTILE))
    html = message.part("html")
    assert html.count("<script>") == 0
    assert html.count(html_module.escape(HOSTILE)) == 3  # the greeting, the text and the code
    assert "https://example.org/?n=%3Cb%3E%22x%22%26%27y%27%3C%2Fb%3E%3C%21--%20--%3E%3Cscript%3E" in html
    assert HOSTILE in message.part("text")


def test_a_line_break_in_a_subject_is_refused(minimal_mail: Any) -> None:
    workshop = minimal_mail("x", subject="For {{ subscriber.first_name }}")
    with pytest.raises(AddressError, match=r"subscriber\.first_name holds a line break"):
        workshop.mail(Subscriber("x@example.org", "Anna\r\nBcc: all@example.org"))


def test_a_value_that_a_filter_cannot_take_is_told(minimal_mail: Any) -> None:
    workshop = minimal_mail("{{ subscriber.tags | join(', ') | truncate(3, leeway='x') }}")
    with pytest.raises(AddressError, match=r"cannot work out subscriber\.tags \| join\(', '\) \| truncate\("):
        workshop.mail()


def test_the_headers(sample: Any) -> None:
    message = sample().mail()
    assert list(message.headers) == [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "List-Unsubscribe",
        "List-Id",
        "List-Unsubscribe-Post",
        "Feedback-ID",
    ]
    assert message.headers["From"] == "Anna at Acme <anna@news.example.org>"
    assert message.headers["To"] == "Anna Sørensen <anna@example.org>"
    assert message.headers["List-Unsubscribe"] == f"<{sample().reader().links.unsubscribe}>"
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.headers["List-Id"] == "<c-7f3k2q.news.example.org>"
    assert re.fullmatch(r"<[a-z0-9]+@news\.example\.org>", message.headers["Message-ID"])
    assert message.envelope_from == "anna@news.example.org"


def test_feedback_id_has_nothing_of_the_reader_and_a_sender_of_the_right_length(sample: Any) -> None:
    anna, nobody = sample().mail(), sample().mail(Subscriber("nobody@example.org"))
    assert anna.headers["Feedback-ID"] == nobody.headers["Feedback-ID"]
    *names, sender = anna.headers["Feedback-ID"].split(":")
    assert len(names) == 3
    assert 5 <= len(sender) <= 15


def test_a_domain_in_other_letters_is_written_for_all_mail_servers(sample: Any) -> None:
    message = sample(sender=Sender("Anna", "anna@bücher.example")).mail()
    assert message.headers["List-Id"] == "<c-7f3k2q.xn--bcher-kva.example>"
    assert message.headers["Message-ID"].endswith("@xn--bcher-kva.example>")
    raw = wire(message, dt.datetime(2027, 1, 5, tzinfo=dt.UTC))
    assert raw.startswith(b"From: Anna <anna@xn--bcher-kva.example>\r\n")


def test_no_reply_to_where_none_is_given(minimal_mail: Any) -> None:
    workshop = minimal_mail("x")
    composed = replace(workshop.mail().composed, reply_to="")
    assert "Reply-To" not in address(composed, workshop.reader(), "d1", workshop.links).headers


@pytest.mark.parametrize(
    ("mailbox", "header"),
    [
        (Mailbox("a@b.org"), "a@b.org"),
        (Mailbox("a@b.org", "Anna"), "Anna <a@b.org>"),
        (Mailbox("a@b.org", "Acme, Inc. <x>"), '"Acme, Inc. <x>" <a@b.org>'),
        (Mailbox("a@b.org", 'The "A" \\ B'), '"The \\"A\\" \\\\ B" <a@b.org>'),
    ],
)
def test_a_mailbox_in_a_header(mailbox: Mailbox, header: str) -> None:
    assert shown(mailbox) == header


def test_a_slot_is_worked_out_for_every_place(minimal_mail: Any) -> None:
    message = minimal_mail("{{ subscriber.first_name }}").mail()
    assert message.values[Slot(FIELD, Context.TEXT)] == "Anna"
    assert message.values[Slot(FIELD, Context.PLAIN)] == "Anna"


def test_nothing_that_looks_like_jinja_or_a_token_is_left(sample: Any) -> None:
    for number in range(3):
        message = sample().mail(number=number)
        whole = "".join(message.part(name) for name in ("subject", "preheader", "html", "text"))
        assert not re.search(r"\{\{|\{%|bm[0-9a-f]{10}x", whole)
