"""People: subscribers, and a mailbox to write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name shown beside it ("" for none)."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person who gets mail; None where nothing is known. `timezone`: an IANA name; `attributes`: the shop's."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    timezone: str | None = None
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    name: str = ""  # file stem of people/NAME.yaml; "" for others

    @property
    def mailbox(self) -> Mailbox:
        """The mailbox with the full name as far as known."""
        return Mailbox(self.email, " ".join(part for part in (self.first_name, self.last_name) if part))
