"""A mail to be looked at: every form of it, as it would be handed to a transport."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backmail.errors import Fault
from backmail.model.campaign import Step
from backmail.model.message import Message
from backmail.model.people import Subscriber

__all__ = ["Link", "Mail"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a mail: the words that are pressed, where they lead, and what that would do ("" for a page of others').

    `does` is a sentence such as "takes her off this series' list" for links of ours.
    """

    text: str
    target: str
    does: str = ""


@dataclass(frozen=True)
class Mail:
    """A step as one person gets it.

    Attributes:
        number: its place in the series, from 1.
        total: how many there are.
        step: the step.
        subscriber: who gets it.
        message: the message; where `faults` is not empty, the one that was last good.
        faults: why the files as they stand now give no mail.
    """

    number: int
    total: int
    step: Step
    subscriber: Subscriber
    message: Message
    faults: tuple[Fault, ...] = ()

    @cached_property
    def html(self) -> str:
        """The HTML part, byte for byte what is sent."""
        return self.message.part("html")

    @cached_property
    def text(self) -> str:
        """The text part."""
        return self.message.part("text")

    @cached_property
    def subject(self) -> str:
        """The subject."""
        return self.message.part("subject")

    @cached_property
    def preheader(self) -> str:
        """The preheader."""
        return self.message.part("preheader")

    @cached_property
    def eml(self) -> bytes:
        """The MIME bytes that a transport is handed, under the date of `backmail render`."""
        raise NotImplementedError

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers as they stand in the bytes, unfolded and decoded, in order."""
        raise NotImplementedError

    @cached_property
    def size(self) -> int:
        """Bytes of the HTML part: what Gmail cuts at 102,400 of."""
        return len(self.html.encode())

    @cached_property
    def minutes(self) -> int:
        """Minutes to read it, at least 1."""
        raise NotImplementedError

    @cached_property
    def digest(self) -> str:
        """Same digest, same mail: some letters and digits, for addresses."""
        raise NotImplementedError

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links of the HTML part in their order, each place once."""
        raise NotImplementedError

    @cached_property
    def json(self) -> dict[str, Any]:
        """The mail as data: schema, campaign, step, person, subject, preheader, from, to, headers, html, text, size."""
        raise NotImplementedError
