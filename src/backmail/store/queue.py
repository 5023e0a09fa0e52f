"""The deliveries that wait: planned, moved, taken away when somebody says no; and whether the two tables agree.

A delivery that waits for a time stands in `deliveries` and in `due`; whatever changes the one changes the other here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.model.sending import Slot
from backmail.store.hot import hot
from backmail.store.instants import instant, micros
from backmail.store.rows import change, dequeue, enqueue, run

__all__ = [
    "Disagreement",
    "Plan",
    "delete",
    "disagreements",
    "mend",
    "move",
    "plan",
    "revive",
    "skip_open",
    "slot_of",
    "withhold",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """One step that an enrollment is to get next."""

    enrollment: int
    step: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row of the queue without its delivery (`stray`), or a waiting delivery that is missing from the queue."""

    delivery: int
    campaign: str
    at: dt.datetime
    stray: bool


def plan(tx: sa.Connection, plans: Iterable[Plan]) -> set[int]:
    """Plan deliveries for enrollments that are still active, and return their ids, given in the order of the plans.

    A step that the enrollment has already is passed over: to plan twice does nothing.
    """
    given = list(plans)
    # Whoever ends the enrollment meets us on its row, and one of us is first.
    change(tx, hot(tx).lock_active, [(enrollment,) for enrollment in sorted({one.enrollment for one in given})])
    rows = [
        (place, one.enrollment, one.step, *_times(one.slot), micros(one.slot.due)) for place, one in enumerate(given)
    ]
    return enqueue(tx, change(tx, hot(tx).plan, rows))


def move(tx: sa.Connection, moves: Iterable[tuple[int, Slot | None, dt.datetime | None]]) -> set[int]:
    """Move waiting deliveries, as (id, new slot, next try), and return the ids that were waiting.

    Without a slot it keeps its own; without a next try it leaves the queue until it is moved again.
    """
    given = [
        (id_, *(_times(slot) if slot else (None,) * 4), None if at is None else micros(at)) for id_, slot, at in moves
    ]
    dequeue(tx, change(tx, hot(tx).lock_waiting, [row[:1] for row in given]))
    return enqueue(tx, change(tx, hot(tx).move, given))


def skip_open(tx: sa.Connection, subscriber: int, *, reason: str, campaign: str = "") -> set[int]:
    """Skip every delivery to a person that is not handed over yet, of one campaign or ("") of all; return their ids.

    Belongs into the transaction that records her no: there it meets the hand-over on the delivery's row, and one of
    the two is strictly first.
    """
    found = _dequeued(tx, subscriber, campaign)
    return {row[0] for row in change(tx, hot(tx).skip_open, found, reason=reason)}


def withhold(tx: sa.Connection, subscriber: int) -> set[int]:
    """Take every delivery to a person that is not handed over yet out of the queue, until `move` puts it back.

    System mails stay: she asked for them.
    """
    return {row[0] for row in change(tx, hot(tx).withhold, _dequeued(tx, subscriber, "", pause=True))}


def delete(tx: sa.Connection, ids: Iterable[int]) -> set[int]:
    """Take back plans: delete waiting deliveries that were never handed over, and return their ids."""
    found = change(tx, hot(tx).lock_waiting, [(id_,) for id_ in sorted(set(ids))])
    dequeue(tx, [row for row in found if row[3] is not None])
    gone = change(tx, hot(tx).delete, [row[:1] for row in found])
    kept = {row[0] for row in found} - {row[0] for row in gone}
    enqueue(tx, [row for row in found if row[0] in kept and row[3] is not None])
    return {row[0] for row in gone}


def revive(tx: sa.Connection, rows: Iterable[tuple[int, Slot, dt.datetime]]) -> set[int]:
    """Let deliveries that were skipped or failed wait again, as (id, slot, next try), and return their ids.

    Those that were handed over before are tried again, with the version that they are bound to; the others are planned.
    """
    return enqueue(tx, change(tx, hot(tx).revive, [(id_, *_times(slot), micros(at)) for id_, slot, at in rows]))


def slot_of(row: Any) -> Slot:
    """Return the slot that stands in a row of `deliveries`, read with SQLAlchemy."""
    return Slot(row.due_at, row.closes_at, dt.date.fromisoformat(row.slot_date), row.zone)


def disagreements(tx: sa.Connection) -> list[Disagreement]:
    """Return where the two tables disagree, by delivery. It reads both from end to end."""
    return [
        Disagreement(delivery, campaign, instant(at), bool(stray))
        for campaign, at, delivery, stray in run(tx, hot(tx).disagreements)
    ]


def mend(tx: sa.Connection) -> list[Disagreement]:
    """Make the queue say what the deliveries say, and return what was wrong."""
    found = disagreements(tx)
    rows = [(one.stray, (one.delivery, 0, one.campaign, micros(one.at))) for one in found]
    dequeue(tx, [row for stray, row in rows if stray])
    enqueue(tx, [row for stray, row in rows if not stray])
    return found


def _times(slot: Slot) -> tuple[int, int, str, str]:
    return micros(slot.due), micros(slot.closes), slot.date.isoformat(), slot.zone


def _dequeued(tx: sa.Connection, subscriber: int, campaign: str, *, pause: bool = False) -> list[tuple[int]]:
    """Lock a person's open deliveries, take those that wait out of the queue, and return all as rows."""
    found = run(tx, hot(tx).lock_open, subscriber=subscriber, scope=campaign, pause=pause)
    dequeue(tx, [row for row in found if row[3] is not None])
    return [(row[0],) for row in found]
