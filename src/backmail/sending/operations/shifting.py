"""Slots moved by whole days, at the same time by the reader's clock: what a pause that holds a series does to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from backmail import clock
from backmail.model.sending import Slot
from backmail.store import queue
from backmail.store.tables import deliveries

__all__ = ["shift"]

_AT_ONCE = 2_000  # deliveries that are moved by one statement


def shift(tx: sa.Connection, campaign: str, days: int, *, since: dt.datetime) -> int:
    """Move the slots of a campaign that were open at the instant `since`, or lay ahead, and return how many.

    What was handed over before has no slot any more, but a time for its next try, which stays.
    """
    moved = 0
    known: dict[tuple[object, ...], Slot] = {}  # many people share a slot
    for rows in _pages(tx, campaign, since):
        moves = []
        for id_, due_at, closes_at, slot_date, zone, next_try_at in rows:
            old = (due_at, closes_at, slot_date, zone)
            slot = known.get(old) or known.setdefault(
                old, _later(Slot(due_at, closes_at, dt.date.fromisoformat(slot_date), zone), days)
            )
            moves.append((id_, slot, next_try_at and slot.due))
        moved += len(queue.move(tx, moves))
    return moved


def _pages(
    tx: sa.Connection, campaign: str, since: dt.datetime
) -> Iterator[list[sa.Row[int, dt.datetime, dt.datetime, str, str, dt.datetime | None]]]:
    d = deliveries.c
    query = (
        sa.select(d.id, d.due_at, d.closes_at, d.slot_date, d.zone, d.next_try_at)
        .where(d.campaign == campaign, d.state.in_(["planned", "deferred"]), d.hand_overs == 0, d.closes_at > since)
        .order_by(d.id)
        .limit(_AT_ONCE)
    )
    last = 0
    while rows := list(tx.execute(query.where(d.id > last))):
        yield rows
        last = rows[-1].id


def _later(slot: Slot, days: int) -> Slot:
    where, by = clock.zone_then(slot.zone), dt.timedelta(days=days)

    def moved(at: dt.datetime) -> dt.datetime:
        shown = clock.local(at, where) + by
        return clock.instant(shown.date(), shown.time(), where)

    due, closes = moved(slot.due), moved(slot.closes)
    # Clocks that go back between the two leave them as far apart, clocks that go forward nearer: never the same.
    return Slot(due, max(closes, due + (slot.closes - slot.due) / 2), slot.date + by, slot.zone)
