"""A composed step with its slots, the values for one reader, and the finished message."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backmail.model.people import Mailbox, Subscriber


class Context(StrEnum):
    """Where a slot stands, which decides how its value is escaped."""

    TEXT = "text"  # between HTML tags
    ATTRIBUTE = "attribute"  # inside a quoted HTML attribute
    URL = "url"  # a whole link
    URL_PART = "url-part"  # a piece of a link's path or query
    HEADER = "header"  # subject and other headers: no line breaks
    PLAIN = "plain"  # the text part


@dataclass(frozen=True, slots=True)
class Field:
    """A value that differs by reader: a path such as `subscriber.first_name`, and filters (name, arguments) upon it."""

    path: tuple[str | int, ...]
    filters: tuple[tuple[str, tuple[object, ...]], ...] = ()

    def __str__(self) -> str:
        """Write it so that no two fields look the same: variants are told apart by it."""
        first, *others = self.path
        filters = "".join(f" | {name}{_given(arguments)}" for name, arguments in self.filters)
        return f"{first}{''.join(map(_below, others))}{filters}"


def _below(part: str | int) -> str:
    return f".{part}" if isinstance(part, int) or part.isidentifier() else f"[{part!r}]"


def _given(arguments: tuple[object, ...]) -> str:
    """Return the arguments of a filter as a template writes them."""
    shown = (str(each) if isinstance(each, Field) else repr(each) for each in arguments)
    return f"({', '.join(shown)})" if arguments else ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a composed step that takes one field's value."""

    field: Field
    context: Context
    _hash: int = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every mail looks up each slot more than once, and hashing two tuples of strings took most of that time.
        object.__setattr__(self, "_hash", hash((self.field, self.context)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Composed:
    """One variant of a step, rendered and inlined once, as literal pieces and slots.

    `variant` names the outcomes of the conditions on the reader that led here ("" for a step without any); `headers`
    are those that are the same for all readers. `encoded_*` hold the quoted-printable bytes of the literal pieces:
    nothing is encoded twice.
    """

    campaign: str
    step: str
    variant: str
    language: str
    sender: Mailbox
    reply_to: str
    subject: tuple[str | Slot, ...]
    preheader: tuple[str | Slot, ...]
    html: tuple[str | Slot, ...]
    text: tuple[str | Slot, ...]
    headers: Mapping[str, str]
    encoded_text: tuple[bytes | Slot, ...]
    encoded_html: tuple[bytes | Slot, ...]


Values = Mapping[Slot, str]


class ReaderLinks(Protocol):
    """The links that belong to one reader and one step. Each is signed when it is asked for, since that takes time."""

    @property
    def unsubscribe(self) -> str:
        """Where she ends all mail of this sender, with one click."""
        ...

    @property
    def confirm(self) -> str:
        """Where she says that the address is hers, and that she wants what was asked for."""
        ...

    @property
    def view(self) -> str:
        """This mail in her browser."""
        ...

    @property
    def calendar(self) -> str:
        """The exercises of this mail as a calendar's file."""
        ...

    @property
    def sheet(self) -> str:
        """All exercises that she got, on one page to print."""
        ...

    @property
    def media(self) -> str:
        """What the addresses of the campaign's own pictures begin with, the same for all readers."""
        ...

    @property
    def views(self) -> Mapping[str, str]:
        """The mails of her series in her browser, by step id."""
        ...


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The mail before or after in the reader's own series. `url` is its web view ("" for a mail not sent yet)."""

    subject: str
    teaser: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a reader stands in her series: `number` of `total`, counted from 1.

    `after_break`: a sentence in the mail's language that says when her last mail came, "" unless that is long ago.
    `had`: the ids of the steps before this one that she got, in order.
    """

    number: int
    total: int
    previous: Neighbour | None = None
    next: Neighbour | None = None
    after_break: str = ""
    had: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """All that differs between two readers of the same step."""

    subscriber: Subscriber
    links: ReaderLinks
    progress: Progress


@dataclass(frozen=True, slots=True)
class Message:
    """One finished email to one mailbox. `envelope_from` is the bounce address; `headers` are final and unencoded."""

    delivery_id: str
    mailbox: Mailbox
    envelope_from: str
    headers: Mapping[str, str]
    composed: Composed
    values: Values

    def part(self, name: str) -> str:
        """Return the filled `subject`, `preheader`, `html` or `text`."""
        pieces: tuple[str | Slot, ...] = getattr(self.composed, name)
        return "".join(piece if isinstance(piece, str) else self.values[piece] for piece in pieces)
