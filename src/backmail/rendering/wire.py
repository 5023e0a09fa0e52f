"""A message as the bytes that are sent: headers, text part, HTML part; encoded pieces joined with encoded values."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from email.utils import format_datetime
from functools import lru_cache

from backmail.errors import AddressError
from backmail.model.message import Message, Slot
from backmail.rendering import quoted

# RFC 5322, 2.1.1: a line has at most 998 characters without its end.
_LONGEST_LINE = 998
# RFC 2047, 2: an encoded word has at most 75 characters; =?utf-8?b??= takes 12, and base64 makes 4 of 3 bytes.
_WORD = 45
_MAILBOXES = frozenset({"From", "To", "Reply-To", "Sender"})
_WORDS = frozenset({"Subject"})
_NAMED = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|(.*?)) <([^<>]*)>')
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def wire(message: Message, date: dt.datetime) -> bytes:
    """Return the bytes of a message, line ends CRLF. Save for Date they are always the same for the same message.

    Args:
        message: as `address` makes it.
        date: for the Date header, with a zone.

    Raises:
        AddressError: a header cannot be written.
        ValueError: `date` has no zone.
    """
    if date.tzinfo is None:
        raise ValueError("a mail's date needs a zone")
    # Most values stand in both parts, and most links are the same in both.
    encoded = {text: quoted.value(text) for text in set(message.values.values())}
    # "=_" stands in no quoted-printable text (RFC 2045, 6.7), so the boundary cannot occur in a part.
    boundary = b"=_" + hashlib.sha256(message.delivery_id.encode("utf-8")).hexdigest()[:24].encode("ascii")
    return b"".join(
        [
            *[_header(name, value) for name, value in message.headers.items()],
            _date(date),
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="',
            boundary,
            b'"\r\n\r\n--',
            boundary,
            _PART % b"plain",
            *_filled(message.composed.encoded_text, message.values, encoded),
            b"\r\n--",
            boundary,
            _PART % b"html",
            *_filled(message.composed.encoded_html, message.values, encoded),
            b"\r\n--",
            boundary,
            b"--\r\n",
        ]
    )


_PART = b'\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'


@lru_cache(maxsize=64)
def _date(date: dt.datetime) -> bytes:
    """Return the Date header; the many mails of one batch have the same."""
    return f"Date: {format_datetime(date)}\r\n".encode("ascii")


def _filled(
    pieces: Sequence[bytes | Slot], values: Mapping[Slot, str], encoded: Mapping[str, bytes]
) -> Iterator[bytes]:
    for piece in pieces:
        yield piece if isinstance(piece, bytes) else encoded[values[piece]]


@lru_cache(maxsize=4096)
def _header(name: str, value: str) -> bytes:
    """Return one header line. Only subjects and names are encoded, and only they are folded.

    Gmail passes over a List-Unsubscribe that is folded or encoded, and Python's own e-mail package does both.

    Raises:
        AddressError: it holds a line break or control character, or is too long.
    """
    if _CONTROL.search(value):
        raise AddressError(f"the header {name} holds a line break or control character: {value!r}")
    if name in _MAILBOXES:
        shown = _mailbox(value)
    elif name in _WORDS:
        shown = _encoded(value)
    else:
        shown = value
    line = f"{name}: {shown}"
    if not line.isascii() or max(map(len, line.split("\r\n"))) > _LONGEST_LINE:
        raise AddressError(f"the header {name} cannot be written: {value[:80]!r}")
    return f"{line}\r\n".encode("ascii")


def _mailbox(value: str) -> str:
    """Return a mailbox with its name and domain encoded where they must be."""
    if value.isascii() and "=?" not in value:
        return value
    found = _NAMED.fullmatch(value)
    if found is None:
        return _ascii(value)
    quoted_name, plain_name, email = found.groups()
    if quoted_name is None:
        return f"{_encoded(plain_name)} <{_ascii(email)}>"
    name = re.sub(r"\\(.)", r"\1", quoted_name)
    shown = f'"{quoted_name}"' if _encoded(name) == name else _encoded(name)
    return f"{shown} <{_ascii(email)}>"


def _ascii(email: str) -> str:
    """Return an address with its domain as name servers know it (RFC 5890); what is before the @ stays as it is."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _encoded(text: str) -> str:
    """Return text as it stands when it is ASCII that cannot be taken for an encoded word, else in encoded words."""
    if text.isascii() and "=?" not in text and len(text) < _LONGEST_LINE // 2 and text == text.strip():
        return text
    words: list[bytes] = [b""]
    for letter in text:
        data = letter.encode("utf-8")
        if len(words[-1]) + len(data) > _WORD:
            words.append(b"")
        words[-1] += data
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in words)
