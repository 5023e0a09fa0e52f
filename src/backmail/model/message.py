"""A composed step with its slots, the values for one reader, and the finished message."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
        return ".".join(map(str, self.path)) + "".join(f" | {name}" for name, _ in self.filters)


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


@dataclass(frozen=True, slots=True)
class ReaderLinks:
    """The links that belong to one reader and one step. `views` has the web view of each step, by step id."""

    unsubscribe: str
    preferences: str
    view: str
    calendar: str
    views: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The mail before or after in the reader's own series. `url` is its web view ("" for a mail not sent yet)."""

    subject: str
    teaser: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a reader stands in her series: `number` of `total`, counted from 1."""

    number: int
    total: int
    previous: Neighbour | None = None
    next: Neighbour | None = None


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
