"""Pausing a campaign, or all sending, and going on.

A pause freezes at once: whoever wants to claim or to hand over looks at it in the same statement, and what is claimed
goes back in the pause's own transaction. Going on is catching up: a slot that closed meanwhile moves to the next when
the engine meets it. With `hold` every slot is moved by the time of the pause instead, so that the series stands still.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.sending.operations.diary import note
from backmail.sending.operations.shifting import shift
from backmail.store import claims
from backmail.store.pauses import Pause, begin, end, held, standing
from backmail.store.rows import Ticket
from backmail.store.tables import campaigns, deliveries

__all__ = ["Resumed", "pause_campaign", "resume_campaign", "resume_due"]

_DAY = dt.timedelta(days=1)
_ITSELF = "backmail"  # who ends a pause that had an end from the beginning


@dataclass(frozen=True, slots=True)
class Resumed:
    """A pause that ended: of which campaign (None: of all), and how many slots were moved by how many days."""

    campaign: str | None
    days: int = 0
    moved: int = 0


def pause_campaign(
    tx: sa.Connection,
    campaign: str | None = None,
    *,
    now: dt.datetime,
    by: str,
    until: dt.datetime | None = None,
    hold: bool = False,
    because: str = "",
) -> int:
    """Pause a campaign, or all sending, and return how many claimed deliveries went back to wait.

    What was handed over before may still arrive. A pause that stands already goes on from when it began, with the new
    end and the new reason.

    Args:
        tx: an open transaction that lasts (`engine.durable`).
        campaign: its id; None for all of them, system mails included.
        now: the present instant.
        by: who does it.
        until: when it ends by itself, None for never.
        hold: whether every slot is moved by the time of the pause when it ends.
        because: for people to read.
    """
    begin(tx, Pause(campaign, now, until, hold, because))
    note(tx, "paused", campaign, now=now, by=by, until=until and until.isoformat(), hold=hold)
    # In the order of their ids, so that two of these cannot wait for one another.
    query = sa.select(deliveries.c.id, deliveries.c.epoch).where(deliveries.c.state == "claimed")
    if campaign is not None:
        query = query.where(deliveries.c.campaign == campaign)
    found = tx.execute(query.order_by(deliveries.c.id).with_for_update())
    return len(claims.release(tx, [Ticket(id_, epoch) for id_, epoch in found]))


def resume_campaign(
    tx: sa.Connection, campaign: str | None = None, *, now: dt.datetime, by: str, hold: bool = False
) -> Resumed | None:
    """End the pause of a campaign, or of all sending; None when it is not paused.

    Nothing is planned anew: slots that closed meanwhile move to the next one when the engine meets them.

    Args:
        tx: an open transaction that lasts.
        campaign: its id; None for the pause of all (campaigns that are paused by themselves stay so).
        now: the present instant.
        by: who does it.
        hold: move every slot by the time of the pause, also when that was not said at its beginning.
    """
    pauses = held(tx)
    pause = pauses.get(campaign)
    if pause is None:
        return None
    end(tx, campaign)
    resumed = _held(tx, pause, pauses, now) if hold or pause.hold else Resumed(campaign)
    note(tx, "resumed", campaign, now=now, by=by, days=resumed.days, moved=resumed.moved)
    return resumed


def resume_due(tx: sa.Connection, now: dt.datetime) -> list[Resumed]:
    """End the pauses whose end has come, each as it was asked for, and return what was done. For every tick.

    It writes nothing when none has.
    """
    found = [pause.campaign for pause in standing(tx).values() if pause.until is not None and pause.until <= now]
    resumed = [resume_campaign(tx, campaign, now=now, by=_ITSELF) for campaign in found]
    return [one for one in resumed if one is not None]


def _held(tx: sa.Connection, pause: Pause, pauses: Mapping[str | None, Pause], now: dt.datetime) -> Resumed:
    """Move the slots by the time of a pause that ends now, and say how far.

    A campaign may be paused by itself and with all others: the time that both took counts once, when the last ends.
    """
    if pause.campaign is not None:
        ids = [pause.campaign]
    else:
        ids = list(tx.scalars(sa.select(campaigns.c.id).where(~campaigns.c.system)))
    furthest = moved = 0
    for id_ in ids:
        other = pauses.get(id_ if pause.campaign is None else None)
        until = min(now, other.since) if other and other.hold else now
        # Counted up, so that no slot is lost to the pause.
        days = max(0, -((pause.since - until) // _DAY))
        moved += shift(tx, id_, days, since=pause.since) if days else 0
        furthest = max(furthest, days)
    return Resumed(pause.campaign, furthest, moved)
