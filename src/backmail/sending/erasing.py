"""Erasing a person: everything that is hers goes, but the keyed hash under which nobody writes to her again."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from backmail.audience import suppressions
from backmail.model.states import EnrollmentState, NoAct, SuppressionReason
from backmail.sending.decisions import exit_campaign
from backmail.sending.reasons import Reason, word
from backmail.store import queue
from backmail.store.noes import No, note
from backmail.store.tables import deliveries, enrollments, subscribers

__all__ = ["erase"]


def erase(tx: sa.Connection, address: str, *, now: dt.datetime) -> bool:
    """Remove a person from the tables, with all that belongs to her, and write to her address no more.

    What was handed over before may still arrive. A database that is restored from an older backup learns of it from the
    ledger and erases her again.

    Args:
        tx: a durable transaction.
        address: the keyed hash of her address; it holds also when nobody with it is here.
        now: the present instant, UTC.

    Returns:
        Whether she was here.
    """
    note(tx, [No(NoAct.ERASED, address, SuppressionReason.ERASED, now)])
    suppressions.suppress(tx, address, SuppressionReason.ERASED, now=now)
    who = tx.scalar(sa.select(subscribers.c.id).where(subscribers.c.address == address).with_for_update())
    if who is None:
        return False
    # All that go with her, by id, as whoever works on them takes them: so nobody waits in a circle.
    hers = sa.select(deliveries.c.id).where(deliveries.c.subscriber == who)
    tx.execute(hers.order_by(deliveries.c.id).with_for_update())
    active = sa.select(enrollments.c.campaign).where(
        enrollments.c.subscriber == who, enrollments.c.state == EnrollmentState.ACTIVE
    )
    for campaign in sorted(tx.scalars(active)):
        exit_campaign(tx, who, campaign, reason=Reason.ERASED, now=now)
    queue.skip_open(tx, who, reason=word(Reason.ERASED))  # of runs that ended before; the queue knows no foreign keys
    tx.execute(subscribers.delete().where(subscribers.c.id == who))
    return True
