"""A claimed delivery becomes a message: the variant that is for her, her own neighbours in the series, her links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backmail import rendering
from backmail.errors import BackmailError
from backmail.links import Links
from backmail.model.campaign import Step
from backmail.model.message import Message, Reader
from backmail.model.states import DeliveryState
from backmail.sending.published import Published, Shelf
from backmail.sending.reasons import Reason, word
from backmail.store import walks
from backmail.store.claims import Claimed, Waiting
from backmail.store.rows import Ticket
from backmail.store.walks import Had, Letter

_WEEK = dt.timedelta(days=7)
_BREAK = 2 * _WEEK  # after a break of this length a mail says when the last one came

__all__ = ["Gone", "Unwritable", "Written", "message_of", "reader_of", "write"]


@dataclass(frozen=True, slots=True)
class Written:
    """A delivery that is ours, and its message. `waiting` is how it stood in the queue."""

    ticket: Ticket
    waiting: Waiting
    message: Message

    @property
    def variant(self) -> str:
        """The variant that was chosen, which the first hand-over pins."""
        return self.message.composed.variant


@dataclass(frozen=True, slots=True)
class Unwritable:
    """A delivery of which no message can be made, and why: the fault of a step must not hold up the others."""

    ticket: Ticket
    waiting: Waiting
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A delivery whose step is published no longer: it was on its way when an edit took the step out."""

    ticket: Ticket
    waiting: Waiting


def write(
    tx: sa.Connection, shelf: Shelf, links: Links, claimed: Sequence[Claimed], waiting: Mapping[int, Waiting]
) -> list[Written | Unwritable | Gone]:
    """Return the message of each claimed delivery, or why there is none, in their order."""
    letters = {letter.id: letter for letter in walks.letters(tx, [each.ticket.id for each in claimed])}
    histories = walks.histories(tx, sorted({letter.enrollment for letter in letters.values()}))
    made: list[Written | Unwritable | Gone] = []
    for each in claimed:
        letter, stood = letters[each.ticket.id], waiting[each.ticket.id]
        published = shelf.get(tx, letter.campaign, letter.version)
        if published.campaign.step(letter.step) is None and not stood.hand_overs:
            made.append(Gone(each.ticket, stood))
            continue
        try:
            message = message_of(published, letter, histories[letter.enrollment], links)
        except Exception as error:  # also what nobody thought of: it would meet every engine at the same mail
            made.append(Unwritable(each.ticket, stood, word(Reason.RENDER, _fault(error))))
        else:
            made.append(Written(each.ticket, stood, message))
    return made


def _fault(error: Exception) -> str:
    """Return what is wrong, with its place in the files where that is known."""
    if not isinstance(error, BackmailError):
        return f"{type(error).__name__}: {error}"
    fault = error.faults[0]
    return f"{fault.place}: {fault.message}" if fault.place else fault.message


def message_of(published: Published, letter: Letter, history: Sequence[Had], links: Links) -> Message:
    """Return a delivery's message. `history` are all deliveries of the enrollment, this one included.

    Raises:
        BackmailError: it cannot be rendered, or a value of the reader's cannot stand in it.
    """
    reader = reader_of(published, letter, history, links)
    unsafe = not published.safety_steps & _accepted(history).keys()
    composed = published.compose(letter.step, reader, variant=letter.variant, with_safety=unsafe)
    return rendering.address(composed, reader, str(letter.id), links)


def reader_of(published: Published, letter: Letter, history: Sequence[Had], links: Links) -> Reader:
    """Return who reads a delivery, with her links and where she stands; the arguments are those of `message_of`.

    Raises:
        TemplateError: the subject of a neighbour cannot be rendered.
    """
    step = letter.step
    last = _before_a_break(published.campaign.step(step), history)
    ids, beside = {**_accepted(history), step: str(letter.id)}, (letter.enrollment, letter.subscriber)
    return published.reader(step, letter.reader, links, ids, beside=beside, last=last)


def _accepted(history: Sequence[Had]) -> dict[str, str]:
    """Return the ids of the deliveries that a provider took, by step."""
    return {each.step: str(each.id) for each in history if each.state is DeliveryState.ACCEPTED}


def _before_a_break(step: Step | None, history: Sequence[Had]) -> dt.date | None:
    """Return the date of her last mail when there was a break of two weeks or more since, longer than was planned.

    Both dates are those of slots, so that a mail that is tried again says the same.
    """
    own = next((each for each in history if step and each.step == step.id), None)
    before = [each for each in history if each.first_handed_at is not None and own is not each]
    if step is None or own is None or not before:
        return None
    last = max(each.slot_date for each in before)
    return last if own.slot_date - last >= max(_BREAK, dt.timedelta(days=step.after.days) + _WEEK) else None
