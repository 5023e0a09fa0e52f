"""Deliveries that waited for a fault to be mended: back to where they were before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from backmail.model.states import DeliveryState
from backmail.store import queue
from backmail.store.instants import micros
from backmail.store.rows import enqueue
from backmail.store.tables import deliveries

__all__ = ["put_back"]

_NEVER_TRIED = {
    "hand_overs": 0,
    "first_handed_at": None,
    "variant": None,
    "deferrals": 0,
    "deferred_since": None,
    "policy_deferrals": 0,
    "policy_since": None,
    "unknowns": 0,
}


def put_back(tx: sa.Connection, ids: Iterable[int], *, reason: str, at: dt.datetime) -> set[int]:
    """Put failed and deferred deliveries back into the queue, and return their ids.

    Nobody took what failed, so that it counts as never handed over: it takes the version that is published when it is
    claimed, not the one that failed, and its slot has to be open. What is deferred keeps what it counted, but for the
    48 hours of answers that blamed our set-up: they begin again.

    Args:
        tx: an open transaction.
        ids: deliveries; those that are neither stay as they are.
        reason: what is written beside them.
        at: when they are looked at again.
    """
    d, given = deliveries.c, list(ids)
    failed = (
        deliveries.update()
        .where(d.id.in_(given), d.state == DeliveryState.FAILED.value)
        .values(state=DeliveryState.PLANNED.value, reason=reason, next_try_at=at, **_NEVER_TRIED)
        .returning(d.id, d.epoch, d.campaign)
    )
    back = enqueue(tx, [(id_, epoch, campaign, micros(at)) for id_, epoch, campaign in tx.execute(failed)])
    deferred = (
        deliveries.update()
        .where(d.id.in_(given), d.state == DeliveryState.DEFERRED.value)
        .values(reason=reason, policy_deferrals=0, policy_since=None)
        .returning(d.id)
    )
    return back | queue.move(tx, [(id_, None, at) for id_ in tx.scalars(deferred)])
