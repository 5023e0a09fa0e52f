"""What became of a delivery: accepted, deferred, not sent, failed, skipped, uncertain; and how the uncertain end.

Each call takes rows with the worker's ticket, and returns the ids on which it took effect. A ticket whose epoch is over
changes nothing; a positive answer alone wins from any open state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

import sqlalchemy as sa

from backmail.model.states import DeliveryState
from backmail.store.hot import hot
from backmail.store.instants import micros
from backmail.store.rows import Ticket, change, dequeue, enqueue, run
from backmail.store.tables import deliveries

__all__ = [
    "accepted",
    "deferred",
    "failed",
    "next_waited",
    "not_sent",
    "resend",
    "restored",
    "settle",
    "skipped",
    "uncertain",
    "waited",
]


def accepted(tx: sa.Connection, answers: Mapping[int, str], *, now: dt.datetime) -> set[int]:
    """Record the ids that a provider took, with its own words for each, whoever holds them now."""
    return dequeue(tx, change(tx, hot(tx).accepted, answers.items(), now=micros(now)))


def deferred(tx: sa.Connection, rows: Iterable[tuple[Ticket, dt.datetime, str]], *, now: dt.datetime) -> set[int]:
    """Record answers that said "later", as (ticket, next try, reason). Each is counted."""
    given = [(one.id, one.epoch, micros(at), reason) for one, at, reason in rows]
    return enqueue(tx, change(tx, hot(tx).deferred, given, now=micros(now)))


def not_sent(
    tx: sa.Connection,
    rows: Iterable[tuple[Ticket, dt.datetime | None, str]],
    *,
    now: dt.datetime,
    policy: bool = False,
) -> set[int]:
    """Undo hand-overs of what certainly did not leave, as (ticket, next try, reason).

    Args:
        rows: without a next try a delivery stands in no queue until somebody puts it back (`queue.move`).
        now: the present instant.
        policy: whether our own set-up was blamed, which has a counter of its own.
    """
    given = [(one.id, one.epoch, at and micros(at), reason, int(policy)) for one, at, reason in rows]
    return enqueue(tx, change(tx, hot(tx).not_sent, given, now=micros(now)))


def failed(tx: sa.Connection, rows: Iterable[tuple[Ticket, str]]) -> set[int]:
    """Record what could not be rendered or was refused for good, as (ticket, reason)."""
    return _ids(change(tx, hot(tx).failed, [(one.id, one.epoch, reason) for one, reason in rows]))


def skipped(tx: sa.Connection, rows: Iterable[tuple[Ticket, str]]) -> set[int]:
    """Record what the hand-over refused for good, as (ticket, reason)."""
    return _ids(change(tx, hot(tx).skipped, [(one.id, one.epoch, reason) for one, reason in rows]))


def uncertain(tx: sa.Connection, rows: Iterable[tuple[Ticket, dt.datetime | None, str]]) -> set[int]:
    """Record what may have arrived or not, as (ticket, when to look again, reason); without a time it is held."""
    given = [(one.id, one.epoch, at and micros(at), reason) for one, at, reason in rows]
    return _ids(change(tx, hot(tx).uncertain, given))


def restored(tx: sa.Connection, ids: Iterable[int]) -> set[int]:
    """Record that open or uncertain deliveries may have gone out without this database knowing, and return their ids.

    They are held: nothing but a person's decision lets them go again, or ends them.
    """
    rows = [(id_,) for id_ in sorted(set(ids))]
    dequeue(tx, change(tx, hot(tx).lock_waiting, rows))
    return _ids(change(tx, hot(tx).restored, rows))


def waited(tx: sa.Connection, *, now: dt.datetime, most: int) -> list[tuple[int, str]]:
    """Return the uncertain ones, as (id, campaign), whose time to be looked at has come, the longest waiting first."""
    return [(id_, campaign) for id_, campaign in run(tx, hot(tx).waited, now=micros(now), most=most)]


def next_waited(tx: sa.Connection) -> dt.datetime | None:
    """Return when the first of the uncertain ones is to be looked at; None when none waits for a time."""
    query = sa.select(sa.func.min(deliveries.c.next_try_at)).where(deliveries.c.state == DeliveryState.UNCERTAIN.value)
    first: dt.datetime | None = tx.scalar(query)
    return first


def resend(tx: sa.Connection, rows: Iterable[tuple[int, dt.datetime]]) -> set[int]:
    """Let uncertain deliveries, as (id, next try), be tried again."""
    return enqueue(tx, change(tx, hot(tx).resend, [(id_, micros(at)) for id_, at in rows]))


def settle(tx: sa.Connection, rows: Iterable[tuple[int, Literal["failed", "skipped"], str]]) -> set[int]:
    """End uncertain deliveries, as (id, state, reason)."""
    return _ids(change(tx, hot(tx).settle, rows))


def _ids(returned: Iterable[tuple[int, ...]]) -> set[int]:
    return {row[0] for row in returned}
