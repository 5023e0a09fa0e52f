"""Every error backmail raises, as one tree; each knows its faults by file, line and column, and what to do next.

BackmailError                  exit  whose fault          again?
├── UsageError                 2     the command line     after changing the command
├── InputError                 3     a file               after changing the file
│   ├── ConfigError                  config.yaml, .env
│   ├── ArticleError                 the article
│   ├── LexiconError                 a word list of the project
│   ├── CampaignError                a file of a campaign, catalog.yaml, people/
│   ├── TemplateError                a theme or the jinja in a step
│   ├── UnknownName                  a campaign, person, step or theme that is not there
│   ├── LinkError                    a signed link that is not ours
│   ├── AddressError                 a reader's own values, which a mail cannot carry
│   └── PlanRefused                  the article does not fit the weeks that were asked for
├── StoreError                 3     the database         after mending it
│   └── StoreBusy                    nobody, or the disk  in a moment, by itself
├── TransportRefused           4     relay or account     after mending the settings, or in a while
└── SafetyStop                 5     a safety rule        after answering it
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

_SHOWN = 100  # characters of a source line that are shown; a step's paragraph may be thousands long
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file: `line` and `column` count from 1; None where the fault is about the whole file."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where, the source line it stands on, a hint such as "did you mean 'after'?".

    `rule` is the id of the check that it breaks, "" for none.
    """

    message: str
    place: Place | None = None
    hint: str = ""
    source: str = ""
    rule: str = ""

    def __str__(self) -> str:
        head = visible(f"{self.place}: {self.message}" if self.place else self.message)
        if self.place is None or self.place.line is None or not self.source:
            return f"{head}\n  hint: {self.hint}" if self.hint else head
        number = str(self.place.line)
        before, source = _excerpt(self.source, self.place.column)
        shown = [head, f"  {number} | {source}"]
        if self.place.column is not None:
            shown.append(" " * (len(number) + 5 + before) + f"^ {self.hint}".rstrip())
        elif self.hint:
            shown.append(f"  hint: {self.hint}")
        return "\n".join(shown)


class BackmailError(Exception):
    """Something that a person can mend. `faults` holds all of it at once; `next_command` is what to type next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, faults: str | Fault | Iterable[Fault], *, next_command: str = "") -> None:
        """Take one message, one fault or many; an empty iterable is a mistake of the caller.

        Raises:
            ValueError: when there is no fault at all.
        """
        if isinstance(faults, str):
            faults = Fault(faults)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            raise ValueError("an error without a fault")
        self.next_command = next_command
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = [str(fault) for fault in self.faults]
        if len(self.faults) > 1:
            shown.append(f"{len(self.faults)} problems")
        if self.next_command:
            shown.append(f"next: {self.next_command}")
        return "\n".join(shown)


class UsageError(BackmailError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class InputError(BackmailError):
    """A file or name that was given cannot be used."""

    exit_code = 3


class ConfigError(InputError):
    """config.yaml, .env or the environment cannot be used."""


class ArticleError(InputError):
    """The article cannot be read as one."""


class LexiconError(InputError):
    """A word list cannot be used."""


class CampaignError(InputError):
    """A file of the campaign, the catalogue or people/ cannot be used."""


class TemplateError(InputError):
    """A theme, or the jinja in a step, cannot be rendered."""


class UnknownName(InputError):  # noqa: N818  # it says what happened
    """A campaign, person, step or theme of that name is not there."""


class LinkError(InputError):
    """A link was not signed by us, or for another purpose."""


class AddressError(InputError):
    """A value of one reader cannot stand in her mail: a line break in a subject, a link that is none."""


class PlanRefused(InputError):  # noqa: N818  # it says what happened
    """The article does not fit the number of weeks under the hard rules; `nearest` is the nearest number that works."""

    def __init__(self, message: str, *, rule: str, nearest: int | None, next_command: str = "") -> None:
        self.rule = rule
        self.nearest = nearest
        hint = "no number of weeks works" if nearest is None else f"{nearest} weeks work"
        if nearest == 1:
            hint = "1 week works"
        super().__init__(Fault(message, hint=hint), next_command=next_command)


class StoreError(BackmailError):
    """The database cannot be used: not there, not ours, made by a newer backmail, only to be read."""

    exit_code = 3


class StoreBusy(StoreError):  # noqa: N818  # it says what happened
    """The database cannot take it now: it is locked or full, or its server is away. Nothing was changed."""


class TransportRefused(BackmailError):  # noqa: N818  # it says what happened
    """The relay or our account there refuses us; the mails wait."""

    exit_code = 4


class SafetyStop(BackmailError):  # noqa: N818  # it says what happened
    """A safety rule stops this until somebody answers it."""

    exit_code = 5


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the known word nearest to `word` (in any case), or "" when none is near."""
    by_small = {str(each).casefold(): str(each) for each in known}
    near = difflib.get_close_matches(word.casefold(), by_small, n=1, cutoff=0.6)
    return f"did you mean {by_small[near[0]]!r}?" if near else ""


def visible(text: str) -> str:
    """Return `text` with what could steer a terminal shown as U+FFFD, tabs as one space, line breaks kept.

    What is shown may come from anybody's file: an escape sequence in it must not act, and text must not run backwards.
    """
    return "".join(
        " "
        if char == "\t"
        else "\ufffd"
        if char != "\n" and (unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI)
        else char
        for char in text
    )


def _excerpt(source: str, column: int | None) -> tuple[int, str]:
    """Return how many terminal cells stand before the column, and the part of the line around it, made visible."""
    at = min((column or 1) - 1, len(source))
    start = max(0, at - _SHOWN * 2 // 3) if len(source) > _SHOWN else 0
    end = start + _SHOWN
    opening = "…" if start else ""
    shown = opening + visible(source[start:end]) + ("…" if end < len(source) else "")
    return sum(map(_cells, opening + visible(source[start:at]))), shown.rstrip()


def _cells(char: str) -> int:
    """Return how many cells of a terminal the character takes: 2 for wide ones, 0 for marks upon others."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
