"""The screen Inbox: what a reader's list of mails shows of the whole series, before anything is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backmail.errors import Fault, InputError
from backmail.model.people import Subscriber
from backmail.web.studio.screens.around import Screen
from backmail.web.studio.screens.words import day_of, fitting, same_beginnings

__all__ = ["inbox"]

_PHONES = (320, 375, 414)  # px: a small phone, most, a large one
_TAKEN = 92  # px of a row that are no text: edges and the sender's sign; as in studio.css
_SUBJECT, _PREHEADER = 15.5, 14.5  # px of the type; as in studio.css, the subject's a little more for being bold


@dataclass(frozen=True, slots=True)
class Row:
    """A mail as an inbox lists it."""

    number: int
    url: str
    sender: str
    subject: str
    preheader: str
    day: str
    fault: Fault | None = None

    @property
    def cuts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where each phone cuts the subject and the preheader: the last words it shows, "" where it shows all."""
        return _cuts(self.subject, _SUBJECT), _cuts(self.preheader, _PREHEADER)


def _cuts(text: str, size: float) -> tuple[str, ...]:
    shown = [fitting(text, phone - _TAKEN, size) for phone in _PHONES]
    return tuple("" if part == text else " ".join(part.split()[-3:]) for part in shown)


def inbox(screen: Screen) -> dict[str, object]:
    """Return what the screen says.

    Raises:
        UnknownName: there is no such campaign or person.
    """
    rows = list(_rows(screen, screen.person))
    subjects = {row.number: row.subject for row in rows if not row.fault}
    preheaders = {row.number: row.preheader for row in rows if not row.fault}
    return {
        "rows": rows,
        "phones": _PHONES,
        "alike": [*_alike("subjects", subjects), *_alike("preheaders", preheaders)],
        "faults": screen.draft.faults,
    }


def _alike(what: str, texts: dict[int, str]) -> Iterator[str]:
    """Yield a sentence for each beginning that several have: a phone may show nothing but that."""
    for beginning, numbers in same_beginnings(texts):
        yield f"The {what} of mails {_joined(numbers)} all begin with “{beginning}”."


def _joined(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}"


def _rows(screen: Screen, person: Subscriber) -> Iterator[Row]:
    draft = screen.draft
    steps = [each.step for each in draft.steps if each.step]
    sender = draft.campaign.sender.name if draft.campaign else ""
    for one in draft.steps:
        name = one.step.id if one.step else one.file.rpartition(".")[0]
        url = screen.at("email", step=name)
        try:
            mail = draft.mail(name, person)
        except InputError as error:
            fault = next(iter((*one.faults, *error.faults)))
            yield Row(one.number, url, sender, one.step.subject if one.step else one.file, "", "", fault)
            continue
        day = day_of(steps, steps.index(one.step) + 1) if one.step else ""
        yield Row(one.number, url, sender, mail.subject, mail.preheader, day)
