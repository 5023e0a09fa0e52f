"""What an SMTP server answers: a code, an enhanced code in the text, and words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backmail.errors import visible
from backmail.model.delivery import Refused, Stage

GO_AHEAD = 354
MORE = 334
CLOSING = 421  # RFC 5321, 3.8: the server ends the session and has taken nothing

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")  # RFC 3463, 2; not a part of an IP address
_LONGEST = 500  # characters of the words that are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer. `text` is on one line; -1 is the code of what is no answer at all."""

    code: int
    text: str

    @property
    def taken(self) -> bool:
        """Whether it says yes (RFC 5321, 4.2.1: 2yz)."""
        return 200 <= self.code < 300

    @property
    def passing(self) -> bool:
        """Whether it says no for now (4yz)."""
        return 400 <= self.code < 500

    @property
    def permanent(self) -> bool:
        """Whether it says no for good (5yz)."""
        return 500 <= self.code < 600

    @property
    def enhanced(self) -> str:
        """RFC 3463's code in the text, "" where there is none."""
        found = _ENHANCED.search(self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """The text without the enhanced code."""
        return " ".join(self.text.replace(self.enhanced, "", 1).split())

    def refused(self, stage: Stage) -> Refused:
        """Return the refusal that it is, when it was given to `stage`."""
        return Refused(self.code, self.enhanced, self.text, stage)

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()


def answer_of(code: int, text: bytes) -> Answer:
    """Return an answer as smtplib reads it, its lines joined, and nothing in it that could steer a terminal."""
    shown = " ".join(visible(text.decode("utf-8", "replace")).split())
    return Answer(code, shown[:_LONGEST])
