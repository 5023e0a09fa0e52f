"""A mail to be looked at: every form of it, as it would be handed to a transport."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

from backmail.desk.beside import as_data, files_of
from backmail.desk.render import DATE
from backmail.errors import Fault
from backmail.model.campaign import PictureFile, Step
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.rendering import wire

__all__ = ["Link", "Mail"]

_SCHEMA = 1
_WORDS_A_MINUTE = 200
_DOES = {
    "unsubscribe": "opens a page with one button, which ends all mail to this reader",
    "confirm": "opens a page with one button, which says that the address is this reader's",
    "view": "shows this mail in the browser",
    "sheet": "shows all exercises of this series that the reader got, on one page to print",
    "calendar": "gives the exercises of this mail as a file for a calendar",
}


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
        folder: the campaign's, where pictures of the mail may stand.
        pictures: those that stand there, by their names in it.
    """

    number: int
    total: int
    step: Step
    subscriber: Subscriber
    message: Message
    faults: tuple[Fault, ...] = ()
    folder: Path | None = None
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)

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
        """The MIME bytes that a transport is handed, under the date of `backmail render`.

        Raises:
            AddressError: a header cannot be written.
        """
        return wire(self.message, DATE)

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers as they stand in the bytes, unfolded and decoded, in order.

        Raises:
            AddressError: a header cannot be written.
        """
        return tuple((name, str(value)) for name, value in message_from_bytes(self.eml, policy=policy.default).items())

    @cached_property
    def size(self) -> int:
        """Bytes of the HTML part: what Gmail cuts at 102,400 of."""
        return len(self.html.encode())

    @cached_property
    def minutes(self) -> int:
        """Minutes to read it, at least 1."""
        return max(1, round(len(self.text.split()) / _WORDS_A_MINUTE))

    @cached_property
    def digest(self) -> str:
        """Same digest, same mail: some letters and digits, for addresses."""
        headers = (f"{name}: {value}" for name, value in self.message.headers.items())
        parts = (*headers, self.text, self.html, *map(_stamped, self._pictures.values()))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def beside(self, address: str) -> str:
        """Return what shows a picture where the mail is looked at: it itself, where it is of the campaign's folder."""
        path = self._pictures.get(address.strip())
        return (as_data(path) if path else "") or address

    @cached_property
    def _pictures(self) -> Mapping[str, Path]:
        return files_of(self.html, self.folder, self.pictures) if self.folder else {}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links of the HTML part in their order, each place once."""
        from lxml.html import document_fromstring  # the command line starts without it

        if not self.html.strip():
            return ()
        anchors = document_fromstring(self.html).iter("a", "area")
        found = ((str(each.get("href")).strip(), _words(each)) for each in anchors if each.get("href") is not None)
        by_target: dict[str, str] = {}
        for target, words in found:
            by_target[target] = by_target.get(target) or words
        return tuple(Link(words, target, self._does(target)) for target, words in by_target.items())

    @property
    def leads_to_sheet(self) -> bool:
        """Whether the page with all exercises of the series is linked from it."""
        return ("sheet",) in self._purposes.values()

    @cached_property
    def json(self) -> dict[str, Any]:
        """The mail as data: schema, campaign, step, person, subject, preheader, from, to, headers, html, text, size."""
        return {
            "schema": _SCHEMA,
            "campaign": self.message.composed.campaign,
            "step": self.step.id,
            "person": self.subscriber.name,
            "subject": self.subject,
            "preheader": self.preheader,
            "from": self.message.headers["From"],
            "to": self.message.headers["To"],
            "headers": [{"name": name, "value": value} for name, value in self.headers],
            "html": self.html,
            "text": self.text,
            "size": self.size,
        }

    def _does(self, target: str) -> str:
        """Return what a press of a link would do."""
        if target.lower().startswith("mailto:"):
            return "begins a mail in the reader's own mail program"
        purpose = self._purposes.get(target, ())
        if purpose[:1] == ("views",):
            return f"shows the mail {purpose[1]!r} of this series in the browser"
        return _DOES.get(str(purpose[0]), "") if purpose else ""

    @cached_property
    def _purposes(self) -> dict[str, tuple[str | int, ...]]:
        """The links that only this reader has, each with the name that templates know it by."""
        return dict(self._of_reader())

    def _of_reader(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        for slot, value in self.message.values.items():
            if slot.field.path[0] == "links":
                yield unescape(value), slot.field.path[1:]


def _stamped(picture: Path) -> str:
    """Return what is another when a picture is."""
    try:
        stat = picture.stat()
    except OSError:
        return ""
    return f"{picture.name} {stat.st_size} {stat.st_mtime_ns}"


def _words(anchor: Any) -> str:
    """Return the words of a link; of a picture, what is read in its place."""
    words = " ".join(str(anchor.text_content()).split())
    return words or " ".join(str(each.get("alt") or "") for each in anchor.iter("img")).strip()
