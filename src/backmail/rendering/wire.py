"""A message as the bytes that are sent: headers, text part, HTML part; encoded pieces joined with encoded values."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from operator import itemgetter

from backmail.errors import AddressError
from backmail.model.message import Composed, Message, Slot
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
    mould = _mould(message.composed)
    # Most values stand in both parts, and most links are the same in both.
    texts = [message.values[slot] for slot in mould.slots]
    encoded = {text: quoted.value(text) for text in set(texts)}
    # "=_" stands in no quoted-printable text (RFC 2045, 6.7), so the boundary cannot occur in a part.
    boundary = b"=_" + hashlib.sha256(message.delivery_id.encode("utf-8")).hexdigest()[:24].encode("ascii")
    head = b"".join([*[_header(name, value) for name, value in message.headers.items()], _date(date)])
    return head + mould.form % tuple(mould.places([boundary, *[encoded[text] for text in texts]]))


@dataclass(frozen=True, slots=True)
class _Mould:
    """What is the same in all messages of a composed step: filled in one go, which is three times as fast as joining.

    `form` has a %b for each place, `slots` are the different ones, `places` picks for each place out of the boundary
    and their values.
    """

    composed: Composed
    form: bytes
    slots: tuple[Slot, ...]
    places: Callable[[Sequence[bytes]], tuple[bytes, ...]]


_MOULDS: dict[int, _Mould] = {}
_MOST_MOULDS = 512
_TOP = b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%b"\r\n\r\n--%b'
_PART = b'\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_BETWEEN, _END = b"\r\n--%b", b"\r\n--%b--\r\n"


def _mould(composed: Composed) -> _Mould:
    """Return the mould of a composed step; kept by its identity, which is its own while the mould holds it."""
    mould = _MOULDS.get(id(composed))
    if mould is None or mould.composed is not composed:
        if len(_MOULDS) >= _MOST_MOULDS:
            _MOULDS.clear()
        mould = _MOULDS[id(composed)] = _moulded(composed)
    return mould


def _moulded(composed: Composed) -> _Mould:
    numbers: dict[Slot, int] = {}
    places = [0, 0]  # the boundary, twice in the top
    form = [_TOP]
    for kind, pieces, end in ((b"plain", composed.encoded_text, _BETWEEN), (b"html", composed.encoded_html, _END)):
        form.append(_PART % kind)
        for piece in pieces:
            if isinstance(piece, bytes):
                form.append(piece.replace(b"%", b"%%"))
            else:
                form.append(b"%b")
                places.append(numbers.setdefault(piece, len(numbers) + 1))
        form.append(end)
        places.append(0)
    return _Mould(composed, b"".join(form), tuple(numbers), itemgetter(*places))


@lru_cache(maxsize=64)
def _date(date: dt.datetime) -> bytes:
    """Return the Date header; the many mails of one batch have the same."""
    return f"Date: {format_datetime(date)}\r\n".encode("ascii")


@lru_cache(maxsize=4096)
def _header(name: str, value: str) -> bytes:
    """Return one header line. Only subjects and names are encoded, and only they are folded.

    Gmail passes over a List-Unsubscribe that is folded or encoded, and Python's own e-mail package does both.

    Raises:
        AddressError: it holds a line break or control character, or is too long.
    """
    if not value.isprintable() and _CONTROL.search(value):
        raise AddressError(f"the header {name} holds a line break or control character: {value!r}")
    if name in _MAILBOXES:
        shown = _mailbox(value)
    elif name in _WORDS:
        shown = _encoded(value)
    else:
        shown = value
    line = f"{name}: {shown}"
    if not line.isascii() or (len(line) > _LONGEST_LINE and max(map(len, line.split("\r\n"))) > _LONGEST_LINE):
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
