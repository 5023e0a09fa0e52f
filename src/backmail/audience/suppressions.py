"""To whom we may not write: by the hash of the address, so that it holds when the person is gone.

Each no and each that is taken back is noted for the ledger in the same transaction. Only this module writes the table.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.audience.bulk import among, portions, put_new
from backmail.model.states import NoAct, SuppressionReason
from backmail.store.noes import No, note
from backmail.store.tables import suppressions

__all__ = ["EVERYWHERE", "UNDONE", "Suppression", "lift", "of", "standing", "standing_of", "suppress"]

EVERYWHERE = ""  # the scope of a no to all mail of this sender
UNDONE = "undone"  # why a no was lifted that its own link took back


@dataclass(frozen=True, slots=True)
class Suppression:
    """One reason not to write to an address.

    `scope` is a campaign's id, or EVERYWHERE. `provisional`: put in while its whole domain refused. `lifted_at` is None
    while it stands.
    """

    reason: SuppressionReason
    scope: str
    since: dt.datetime
    provisional: bool = False
    lifted_at: dt.datetime | None = None
    lifted_because: str | None = None


def suppress(
    tx: sa.Connection, address: str, reason: SuppressionReason, *, now: dt.datetime, scope: str = EVERYWHERE
) -> bool:
    """Note that we may not write to an address, in a transaction that lasts, and return whether that is new.

    Args:
        tx: an open transaction.
        address: the keyed hash of the address.
        reason: why.
        now: the present instant.
        scope: the id of the only campaign that it holds for, or EVERYWHERE.
    """
    row = {"address": address, "scope": scope, "reason": SuppressionReason(reason).value, "since": now}
    if not put_new(tx, suppressions, [row], suppressions.c.id):
        return False
    note(tx, [No(NoAct.SUPPRESSED, address, SuppressionReason(reason), now, scope)])
    return True


def lift(
    tx: sa.Connection,
    address: str,
    reasons: Collection[SuppressionReason],
    *,
    because: str,
    now: dt.datetime,
    scope: str | None = None,
) -> int:
    """Lift what stands against an address for these reasons, and return how many were lifted. The rows stay.

    A fresh opt-in that was confirmed lifts `unsubscribed`; `bounced` and `complained` only the operator may lift. Who
    calls this holds to that, and imports never call it.

    Args:
        tx: an open transaction that lasts.
        address: the keyed hash of the address.
        reasons: which ones; others stay.
        because: why they may be lifted, for the record.
        now: the present instant.
        scope: only that campaign's, or EVERYWHERE for only those that hold everywhere; None for both.

    Raises:
        ValueError: no reason was given for lifting.
    """
    if not because.strip():
        raise ValueError("a suppression is lifted for a reason")
    held = _stands(address) & suppressions.c.reason.in_([SuppressionReason(reason).value for reason in reasons])
    if scope is not None:
        held &= suppressions.c.scope == scope
    lifted = tx.execute(
        suppressions.update()
        .where(held)
        .values(lifted_at=now, lifted_because=because)
        .returning(suppressions.c.reason, suppressions.c.scope)
    ).all()
    what = NoAct.UNDONE if because == UNDONE else NoAct.LIFTED
    note(tx, [No(what, address, SuppressionReason(row.reason), now, row.scope) for row in lifted])
    return len(lifted)


def standing(tx: sa.Connection, address: str) -> list[Suppression]:
    """Return what stands against an address, of any scope, the oldest first."""
    return [one for one in of(tx, address) if one.lifted_at is None]


def of(tx: sa.Connection, address: str) -> list[Suppression]:
    """Return all that ever stood against an address, what was lifted too, the oldest first."""
    found = tx.execute(suppressions.select().where(suppressions.c.address == address).order_by(suppressions.c.id))
    return [_suppression(row) for row in found]


def standing_of(tx: sa.Connection, addresses: Iterable[str]) -> dict[str, list[Suppression]]:
    """Return what stands against many addresses, by address; those with nothing against them are not in it."""
    found: defaultdict[str, list[Suppression]] = defaultdict(list)
    for portion in portions(addresses):
        query = suppressions.select().where(
            among(tx, suppressions.c.address, portion), suppressions.c.lifted_at.is_(None)
        )
        for row in tx.execute(query.order_by(suppressions.c.id)):
            found[row.address].append(_suppression(row))
    return dict(found)


def _stands(address: str) -> sa.ColumnElement[bool]:
    return (suppressions.c.address == address) & suppressions.c.lifted_at.is_(None)


def _suppression(row: sa.Row[Any]) -> Suppression:
    return Suppression(
        SuppressionReason(row.reason), row.scope, row.since, row.provisional, row.lifted_at, row.lifted_because
    )
