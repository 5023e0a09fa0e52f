"""What starts by itself: the campaigns that begin when somebody confirms, or gets a tag."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from backmail import segments
from backmail.audience import segments as audience_segments
from backmail.model.campaign import Campaign, Start
from backmail.sending.enrollment import enroll
from backmail.sending.published import Shelf
from backmail.store.tables import campaigns

__all__ = ["published", "start"]


def published(tx: sa.Connection, shelf: Shelf) -> list[Campaign]:
    """Return all campaigns but the system's in their published versions."""
    rows = tx.execute(
        sa.select(campaigns.c.id, campaigns.c.version)
        .where(campaigns.c.version.is_not(None), ~campaigns.c.system)
        .order_by(campaigns.c.id)
    ).all()
    return [shelf.get(tx, row.id, row.version).campaign for row in rows]


def start(tx: sa.Connection, shelf: Shelf, people: list[int], by: Start, *, now: dt.datetime, zone: str) -> list[str]:
    """Enroll people in the campaigns that start so, as far as they are of their audience.

    Returns:
        The ids of the campaigns that somebody walks through from now on.
    """
    started = []
    for campaign in published(tx, shelf):
        if campaign.start != by:
            continue
        audience = audience_segments.select(segments.parse(campaign.audience)).subquery()
        ids = tx.scalars(sa.select(audience.c.id).where(audience.c.id.in_(people)).order_by(audience.c.id)).all()
        newest = shelf.newest(tx, campaign.id)
        if ids and enroll(tx, newest, list(ids), now=now, zone=zone, at_once=True).enrollments:
            started.append(campaign.id)
    return started
