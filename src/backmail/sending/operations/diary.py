"""What the operator did, written down among the events: what, when and who, and nothing about readers."""

from __future__ import annotations

import datetime as dt
import json

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.store.instants import micros
from backmail.store.tables import events

__all__ = ["SOURCE", "note"]

SOURCE = "operator"


def note(tx: sa.Connection, kind: str, campaign: str | None, *, now: dt.datetime, by: str, **more: object) -> None:
    """Write down that the operator did something. The same said twice at the same instant is kept once.

    Args:
        tx: an open transaction, the one that does it.
        kind: "paused", "resumed", "retried", "settled".
        campaign: the id; None for all.
        now: the present instant.
        by: who, as the machine knows the operator.
        more: what else there is to know; nothing personal.
    """
    raw = {"campaign": campaign, "by": by} | more
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    row = {
        "source": SOURCE,
        "external": f"{kind} {campaign or 'all'} {micros(now)}",
        "kind": kind,
        "at": now,
        "heard_at": now,
        "raw": json.dumps(raw, ensure_ascii=False),
    }
    tx.execute(insert(events).values(row).on_conflict_do_nothing())
