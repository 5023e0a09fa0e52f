"""What people agreed to: what they were shown, when, where from, and what they answered. Rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from backmail.audience.bulk import put_new
from backmail.store.tables import consents

__all__ = ["Act", "Consent", "of", "record", "record_imported"]


class Act(StrEnum):
    """What was done about somebody's consent."""

    ASKED = "asked"  # a mail asks her to confirm
    CONFIRMED = "confirmed"
    IMPORTED = "imported"  # somebody vouched for it
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of a person's record.

    Attributes:
        act: what was done.
        at: when, in UTC.
        shown: the words she saw, or for an import the basis that was given.
        version: which version of those words; "" where there is only one.
        language: of those words; "" where it is not known.
        source: where it came from: a form, a file with its line, an operator.
    """

    act: Act
    at: dt.datetime
    shown: str
    version: str
    language: str
    source: str


def record(
    tx: sa.Connection,
    subscriber: int,
    act: str,
    *,
    shown: str,
    version: str,
    language: str,
    source: str,
    now: dt.datetime,
) -> None:
    """Add an entry to a person's record, in a transaction that lasts. The arguments are those of `Consent`.

    Raises:
        ValueError: `act` is none of `Act`.
    """
    words = {"shown": shown, "shown_version": version, "language": language, "source": source}
    tx.execute(consents.insert().values(subscriber=subscriber, at=now, act=Act(act).value, **words))


def record_imported(tx: sa.Connection, sources: Iterable[tuple[int, str]], *, basis: str, now: dt.datetime) -> None:
    """Add an entry to the record of everybody who was imported.

    Args:
        tx: an open transaction.
        sources: (subscriber, file and line).
        basis: on what ground we may write to them, in the words of whoever imported them.
        now: the present instant.
    """
    same = {"at": now, "act": Act.IMPORTED.value, "shown": basis, "shown_version": "", "language": ""}
    put_new(tx, consents, ({"subscriber": id_, "source": source, **same} for id_, source in sources))


def of(tx: sa.Connection, subscriber: int) -> list[Consent]:
    """Return a person's record, the oldest entry first."""
    found = tx.execute(consents.select().where(consents.c.subscriber == subscriber).order_by(consents.c.id))
    return [Consent(Act(row.act), row.at, row.shown, row.shown_version, row.language, row.source) for row in found]
