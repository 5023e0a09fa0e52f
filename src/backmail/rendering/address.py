"""A composed step for one reader: her values, escaped for the places where they stand, and her headers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from backmail.errors import AddressError
from backmail.links import Links
from backmail.model.message import Composed, Context, Field, Message, Reader, Slot
from backmail.model.people import Mailbox
from backmail.rendering.fields import getter

# Control characters, line and paragraph separators, halves of letters.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
# Signs that turn the direction of all that follows in the line, beyond the value that holds them.
_TURNS = "\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_UNFIT = re.compile(f"[{_CONTROLS}{_TURNS}]+")
_BREAKS = re.compile("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")
_SCHEMES = ("https://", "http://", "mailto:")
_MARKUP = re.compile("[&<>\"']")
_SPECIAL = re.compile(r'[()<>@,:;.\[\]"\\]')  # RFC 5322, 3.2.3

Read = Callable[[Reader], str]
Escape = Callable[[str, Field], str]
Places = tuple[tuple[Slot, Escape | None], ...]


@dataclass(frozen=True)
class _Plan:
    """How one composed step is filled: worked out once, since it is the same for all its readers.

    `fills` has for each field how it is read, and the places where it stands.
    """

    composed: Composed
    fills: tuple[tuple[Read, Places], ...]
    sender: str
    domain: str


_PLANS: dict[int, _Plan] = {}
_MOST_PLANS = 512


def address(composed: Composed, reader: Reader, delivery_id: str, links: Links) -> Message:
    """Return the finished message of a composed step to one reader.

    Args:
        composed: the variant that is for her (`Variants.of`).
        reader: who she is, and her links.
        delivery_id: what Message-ID and boundary are made from.
        links: signs the Message-ID.

    Raises:
        AddressError: a value of hers cannot stand where it would: a line break in a header, a link that is none.
    """
    plan = _plan(composed)
    values: dict[Slot, str] = {}
    for read, slots in plan.fills:
        value = read(reader)
        if value.isprintable():
            for slot, escape in slots:
                values[slot] = escape(value, slot.field) if escape else value
        else:
            for slot, _ in slots:
                values[slot] = escaped(value, slot.context, slot.field)
    subject = "".join([piece if isinstance(piece, str) else values[piece] for piece in composed.subject])
    mailbox = reader.subscriber.mailbox
    headers = {"From": plan.sender, "To": escaped(shown(mailbox), Context.HEADER, _TO)}
    if composed.reply_to:
        headers["Reply-To"] = composed.reply_to
    headers["Subject"] = subject
    headers["Message-ID"] = links.message_id(delivery_id, plan.domain)
    headers["List-Unsubscribe"] = f"<{_one_click(reader)}>"
    headers.update(composed.headers)
    return Message(delivery_id, mailbox, composed.sender.email, headers, composed, values)


def shown(mailbox: Mailbox) -> str:
    """Return a mailbox as a header says it, not encoded: `Anna <anna@example.org>`, with quotes where they must be."""
    name = mailbox.name.strip(" ")
    if not name:
        return mailbox.email
    if _SPECIAL.search(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{mailbox.email}>"


def escaped(value: str, context: Context, field: Field) -> str:
    """Return a value so that it means nothing but itself where it stands.

    Raises:
        AddressError: it cannot stand there.
    """
    if not value.isprintable():  # the quick question; typographic blanks are no trouble, though not printable
        value = _fit(value, context, field)
    escape = _ESCAPES[context]
    return escape(value, field) if escape else value


def _as_text(value: str, _field: Field) -> str:
    """Return a value for HTML, text and quoted attributes alike."""
    return html.escape(value) if _MARKUP.search(value) else value  # which is right for most, and much quicker


def _as_link(value: str, field: Field) -> str:
    """Return a value for an attribute that is a link as a whole.

    Raises:
        AddressError: it is no web or mail address, and might be code.
    """
    if not value.lower().startswith(_SCHEMES):
        raise AddressError(f"{field} is no link for a mail: {value!r}")
    return _as_text(value, field)


def _as_part_of_link(value: str, _field: Field) -> str:
    """Return a value for a piece of a link: one step of its path, or one value of its query."""
    return quote(value, safe="")


_ESCAPES: Mapping[Context, Escape | None] = {
    Context.TEXT: _as_text,
    Context.ATTRIBUTE: _as_text,
    Context.URL: _as_link,
    Context.URL_PART: _as_part_of_link,
    Context.HEADER: None,
    Context.PLAIN: None,
}


def _fit(value: str, context: Context, field: Field) -> str:
    """Return a value without what no mail may hold; line breaks become blanks.

    Raises:
        AddressError: there is such a thing in a value for a header.
    """
    if context is Context.HEADER and _CONTROL.search(value):
        raise AddressError(f"{field} holds a line break or control character, which no header can: {value!r}")
    return _UNFIT.sub("", _BREAKS.sub(" ", value))


_TO = Field(("subscriber", "email"))


def _one_click(reader: Reader) -> str:
    """Return the link of List-Unsubscribe; it stands in the header as it is, since Gmail reads no encoded one."""
    url = reader.links.unsubscribe
    if not (url.isascii() and url.isprintable()) or " " in url or ">" in url:
        raise AddressError(f"links.unsubscribe is no link for a header: {url!r}")
    return url


def _plan(composed: Composed) -> _Plan:
    """Return the plan of a composed step; kept by its identity, which nothing else can get while the plan holds it."""
    plan = _PLANS.get(id(composed))
    if plan is None or plan.composed is not composed:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        slots: dict[Field, dict[Slot, Escape | None]] = {}
        for piece in (*composed.subject, *composed.preheader, *composed.html, *composed.text):
            if isinstance(piece, Slot):
                slots.setdefault(piece.field, {})[piece] = _ESCAPES[piece.context]
        fills = tuple((getter(field), tuple(places.items())) for field, places in slots.items())
        sender = composed.sender
        domain = sender.email.rpartition("@")[2].encode("idna").decode("ascii").lower()
        plan = _Plan(composed, fills, shown(sender), domain)
        _PLANS[id(composed)] = plan
    return plan
