"""The pauses that stand: of campaigns, and of all sending.

Since when and why stands where a claim looks at it. What only the end of a pause needs to know is kept beside it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.store.tables import campaigns, engine, meta

__all__ = ["Pause", "begin", "end", "held", "standing"]

_KEY = "pause."
# Every turn of the engine asks for these.
_KEPT = sa.select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_KEY, autoescape=True))
_OF_ALL = sa.select(engine.c.paused_at, engine.c.paused_because).where(engine.c.paused_at.is_not(None))
_OF_ONE = sa.select(campaigns.c.id, campaigns.c.paused_at, campaigns.c.paused_until, campaigns.c.paused_because).where(
    campaigns.c.paused_at.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of a campaign, by id, or (None) of all sending.

    `until`: when it ends by itself, None for never. `hold`: whether slots are moved by the time that it took.
    """

    campaign: str | None
    since: dt.datetime
    until: dt.datetime | None = None
    hold: bool = False
    because: str = ""


def begin(tx: sa.Connection, pause: Pause) -> None:
    """Let a pause stand. One that stands already keeps its beginning and takes the rest of the new one."""
    table = engine if pause.campaign is None else campaigns
    since = sa.func.coalesce(table.c.paused_at, sa.bindparam("since", pause.since, table.c.paused_at.type))
    rows = table.update().values(paused_at=since, paused_because=pause.because or None)
    if pause.campaign is not None:
        rows = rows.where(campaigns.c.id == pause.campaign).values(paused_until=pause.until)
    tx.execute(rows)
    _forget(tx, pause.campaign)
    kept = {"hold": pause.hold, "until": pause.until and pause.until.isoformat()}
    tx.execute(meta.insert().values(key=_KEY + (pause.campaign or ""), value=json.dumps(kept)))


def end(tx: sa.Connection, campaign: str | None) -> None:
    """Let the pause of a campaign, or of all sending, stand no longer."""
    if campaign is None:
        tx.execute(engine.update().values(paused_at=None, paused_because=None))
    else:
        ended = {"paused_at": None, "paused_until": None, "paused_because": None}
        tx.execute(campaigns.update().where(campaigns.c.id == campaign).values(ended))
    _forget(tx, campaign)


def held(tx: sa.Connection) -> dict[str | None, Pause]:
    """Return the pauses that stand, as `standing` does, and let nobody else end one before this transaction does.

    Two who end the same pause at once would move its slots twice.
    """
    tx.execute(sa.select(engine.c.id).with_for_update(key_share=True))
    return standing(tx)


def standing(tx: sa.Connection) -> dict[str | None, Pause]:
    """Return the pauses that stand, by campaign; that of all sending under None."""
    kept = {row.key.removeprefix(_KEY): json.loads(row.value) for row in tx.execute(_KEPT)}
    until = kept.get("", {}).get("until")
    found = [(None, since, until and dt.datetime.fromisoformat(until), why) for since, why in tx.execute(_OF_ALL)]
    found += tx.execute(_OF_ONE)
    return {
        campaign: Pause(campaign, since, until, bool(kept.get(campaign or "", {}).get("hold")), why or "")
        for campaign, since, until, why in found
    }


def _forget(tx: sa.Connection, campaign: str | None) -> None:
    tx.execute(meta.delete().where(meta.c.key == _KEY + (campaign or "")))
