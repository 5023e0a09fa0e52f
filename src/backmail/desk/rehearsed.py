"""What a demo's rehearsal came to: the mails of a whole series, carried by transports that reach nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backmail import clock
from backmail.desk.delivered import Delivered
from backmail.model.people import Subscriber
from backmail.store.tables import deliveries

__all__ = ["Letter", "Rehearsed", "letters"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in one person's outbox: its file, its step, and what her clock showed when it went."""

    file: str
    step: str
    local: dt.datetime


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of everybody's mails, and the outbox of one.

    Attributes:
        done: counted in the tables.
        carried: how many mails the transports took, counted by them.
        person: the one whose mails are files.
        letters: those files, in order of time.
    """

    done: Delivered
    carried: int
    person: Subscriber
    letters: Sequence[Letter]

    @property
    def duplicates(self) -> int:
        """How many more mails went than were accepted in the tables: those that somebody would have got twice."""
        return self.carried - self.done.accepted


def letters(tx: sa.Connection, subscriber: int) -> list[Letter]:
    """Return the mails that the folder took for a person, in order of time."""
    d = deliveries.c
    query = sa.select(d.provider_id, d.step, d.first_handed_at, d.zone).where(
        d.subscriber == subscriber, d.accepted_at.is_not(None)
    )
    return [
        Letter(row.provider_id, row.step, clock.local(row.first_handed_at, clock.zone(row.zone)))
        for row in tx.execute(query.order_by(d.first_handed_at, d.id))
    ]
