"""The bytes of a mail: Python's own parser reads in them what was composed, and Gmail's traps are stepped round."""

import datetime as dt
import hashlib
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as Part
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from backmail.errors import AddressError
from backmail.links import Links
from backmail.model.message import Context, Message, Slot
from backmail.model.people import Subscriber
from backmail.rendering import quoted, wire

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


# The rules by which a mail can be put together of pieces that were encoded before there was a reader.
AWKWARD = st.text(st.sampled_from("a.=é日😀<&\"' _-?"), max_size=40) | st.sampled_from(
    ["." * 80, "=" * 90, "日" * 120, "x" * 300, "a b " * 60, "..", "ends with a blank ", "=2E=3D", "👩‍👩‍👧" * 30]
)


def bodies(raw: bytes) -> tuple[bytes, bytes]:
    """Return the encoded text part and HTML part."""
    boundary = b"--" + str(parsed(raw).get_boundary()).encode()
    _, text, html, _ = raw.split(boundary)
    return text.partition(b"\r\n\r\n")[2], html.partition(b"\r\n\r\n")[2]


def test_rule_1_pieces_begin_at_column_0_and_end_with_a_break_so_values_stand_on_lines_of_their_own(
    letter: Any,
) -> None:
    message = letter.mail(Subscriber("a@example.org", "Zoë"))
    encoded = message.composed.encoded_html
    literals = [piece for piece in encoded if isinstance(piece, bytes)]
    assert all(piece.endswith((b"=\r\n", b"\r\n")) for piece in literals[:-1])
    _, html = bodies(wire(message, DATE))
    assert b"\r\nZo=C3=AB=\r\n" in html


@given(name=AWKWARD)
def test_rule_2_no_line_ends_with_a_blank_or_begins_with_a_dot_so_no_relay_changes_it(letter: Any, name: str) -> None:
    raw = wire(letter.mail(Subscriber("a@example.org", name)), DATE)
    for body in bodies(raw):
        lines = body.split(b"\r\n")
        assert not any(line.startswith(b".") or line.endswith((b" ", b"\t")) for line in lines)
        assert all(len(line) <= 76 for line in lines)


def test_rules_3_and_4_parts_are_quoted_printable_and_pass_any_relay(letter: Any) -> None:
    raw = wire(letter.mail(Subscriber("a@example.org", "日本語")), DATE)
    assert [part["Content-Transfer-Encoding"] for part in parsed(raw).iter_parts()] == ["quoted-printable"] * 2
    assert raw.isascii()


@given(name=AWKWARD)
def test_rule_5_values_are_escaped_for_their_place_and_then_encoded(letter: Any, name: str) -> None:
    message = letter.mail(Subscriber("a@example.org", name))
    sent, link = parsed(wire(message, DATE)), message.headers["List-Unsubscribe"][1:-1]
    assert content(sent.get_body(("html",))) == by_jinja(message.composed.html, name, link, escaping=True)
    assert content(sent.get_body(("plain",))) == by_jinja(message.composed.text, name, link, escaping=False)
    assert sent["Subject"] == message.headers["Subject"]


def by_jinja(pieces: tuple[str | Slot, ...], name: str, link: str, *, escaping: bool) -> str:
    """Return pieces as jinja fills them, with the value as it is wherever it stands."""

    def said(piece: str | Slot) -> str:
        if isinstance(piece, str):
            return f"{{% raw %}}{piece}{{% endraw %}}"
        if piece.field.path == ("links", "unsubscribe"):
            return "{{ link }}"
        return "{{ part }}" if piece.context is Context.URL_PART else "{{ name }}"

    environment = Environment(autoescape=escaping, keep_trailing_newline=True)  # noqa: S701  # off for the text part
    filled = environment.from_string("".join(map(said, pieces))).render(name=name, part=quote(name, safe=""), link=link)
    return filled.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")  # two ways to write the same


def test_rule_6_a_condition_picks_pieces_that_are_encoded_already(
    minimal_mail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = minimal_mail("{% if 'vip' in subscriber.tags %}For you alone.{% else %}For all.{% endif %}")
    vip, other = (workshop.mail(Subscriber("a@example.org", "A", tags=tags)) for tags in (("vip",), ()))
    calls: list[object] = []
    monkeypatch.setattr(quoted, "literals", calls.append)
    assert b"For you alone." in wire(vip, DATE)
    assert b"For all." in wire(other, DATE)
    assert workshop.mail(Subscriber("b@example.org", "B", tags=("vip",))).composed is vip.composed
    assert not calls


def test_rule_7_a_value_is_encoded_once_wherever_it_stands(letter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    message = letter.mail(Subscriber("a@example.org", "Zoë"))
    real, seen = quoted.value, list[str]()

    def counted(text: str) -> bytes:
        seen.append(text)
        return real(text)

    monkeypatch.setattr(quoted, "value", counted)
    wire(message, DATE)
    assert len(seen) == len(set(seen)) == len(set(message.values.values()))
    places = [*message.composed.encoded_html, *message.composed.encoded_text]
    assert sum(isinstance(piece, Slot) for piece in places) > len(seen)


def test_headers_are_these_to_the_byte(sample: Any) -> None:
    message = replace(sample().mail(), delivery_id="d1")
    message = replace(message, headers={**message.headers, "Message-ID": "<m@x>", "List-Unsubscribe": "<https://u>"})
    head = wire(message, DATE).partition(b"\r\n\r\n")[0]
    boundary = hashlib.sha256(b"d1").hexdigest()[:24]
    sender = hashlib.sha256(b"news.example.org").hexdigest()[:10]
    assert head.decode("ascii") == "\r\n".join(
        [
            "From: Anna at Acme <anna@news.example.org>",
            "To: =?utf-8?b?QW5uYSBTw7hyZW5zZW4=?= <anna@example.org>",
            "Reply-To: hi@example.org",
            "Subject: Two calm exercises",
            "Message-ID: <m@x>",
            "List-Unsubscribe: <https://u>",
            "List-Id: <c-7f3k2q.news.example.org>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            f"Feedback-ID: everything:c-7f3k2q:drip:bm{sender}",
            "Date: Tue, 05 Jan 2027 08:30:00 +0100",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="=_{boundary}"',
        ]
    )
