"""Mails of which nobody can tell whether they arrived, and that are held until somebody decides."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from backmail.model.states import DeliveryState, OnUncertain
from backmail.sending.calendar import retry_time
from backmail.sending.enrollment import Versions, advance
from backmail.sending.operations.diary import note
from backmail.sending.reasons import Reason, word
from backmail.store import records
from backmail.store.tables import campaigns, deliveries

__all__ = ["held", "held_by_restore", "is_held", "settle"]


def is_held() -> sa.ColumnElement[bool]:
    """Return the condition on deliveries, joined with their campaigns, that tells who waits for the operator.

    Uncertain and without a time to be looked at; but for what the engine's own death left in a campaign that sends
    again, since the engine does that by itself.
    """
    d = deliveries.c
    by_itself = sa.and_(d.reason == Reason.LEASE.value, campaigns.c.on_uncertain == OnUncertain.RESEND.value)
    return sa.and_(d.state == DeliveryState.UNCERTAIN.value, d.next_try_at.is_(None), ~by_itself)


def held(tx: sa.Connection, campaign: str | None = None) -> dict[str, int]:
    """Return how many are held, by the campaign's slug: of one campaign, by its id, or (None) of all."""
    return _counted(tx, campaign, is_held())


def held_by_restore(tx: sa.Connection, campaign: str | None = None) -> dict[str, int]:
    """Return how many of those that are held may have gone out before the database was restored, as `held` does."""
    return _counted(tx, campaign, is_held(), deliveries.c.reason == Reason.RESTORED.value)


def _counted(tx: sa.Connection, campaign: str | None, *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    query = (
        sa.select(campaigns.c.slug, sa.func.count().label("waiting"))
        .join(deliveries, deliveries.c.campaign == campaigns.c.id)
        .where(*conditions)
        .group_by(campaigns.c.slug)
        .order_by(campaigns.c.slug)
    )
    if campaign is not None:
        query = query.where(campaigns.c.id == campaign)
    return {row.slug: row.waiting for row in tx.execute(query)}


def settle(
    tx: sa.Connection,
    versions: Versions,
    campaign: str | None = None,
    *,
    resend: bool,
    now: dt.datetime,
    zone: str,
    by: str,
) -> int:
    """Decide about everything that is held, and return how many that were.

    What is dropped is final: the next step of each is planned in the same transaction, and is held itself where it may
    have gone out before the database was restored. What is sent again goes as soon as it is no longer night for the
    reader; who got it before has it twice, under the same Message-ID. What this database never saw handed over goes in
    its slot, or in the next one, as a mail that is late does.

    Args:
        tx: an open transaction that lasts.
        versions: where published versions are had from.
        campaign: its id; None for all.
        resend: whether they are sent again, or dropped.
        now: the present instant.
        zone: of the settings, for people and campaigns without their own.
        by: who decides.
    """
    d = deliveries.c
    query = sa.select(d.id, d.enrollment, d.zone).join(campaigns, campaigns.c.id == d.campaign).where(is_held())
    if campaign is not None:
        query = query.where(d.campaign == campaign)
    found = tx.execute(query.order_by(d.id)).all()
    if not found:
        return 0
    if resend:
        done = records.resend(tx, [(row.id, retry_time(now, row.zone)) for row in found])
    else:
        done = records.settle(tx, [(row.id, "skipped", word(Reason.DROPPED)) for row in found])
        advance(tx, versions, [row.enrollment for row in found], now=now, zone=zone)
    note(tx, "settled", campaign, now=now, by=by, how="resend" if resend else "drop", count=len(done))
    return len(done)
