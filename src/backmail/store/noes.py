"""Every no in the order in which it was said: noted in the transaction that takes it, for the file that outlives it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.model.states import NoAct, SuppressionReason
from backmail.store.tables import noes

__all__ = ["No", "adopt", "mark", "mark_kept", "note", "touched", "unkept", "unknown"]

_TOUCHED = "noes"
_PORTION = 500  # values in one condition; SQLite's builds take 999 at the least


@dataclass(frozen=True, slots=True)
class No:
    """A no, or what took one back. It holds no address, only the keyed hash of one.

    Attributes:
        what: whether it was said or taken back.
        address: the keyed hash.
        reason: of the suppression that it is about.
        at: when, in UTC.
        scope: a campaign's id, "" for all mail.
        uid: the same in the table, in the file and in every backup.
    """

    what: NoAct
    address: str
    reason: SuppressionReason
    at: dt.datetime
    scope: str = ""
    uid: str = ""


def note(tx: sa.Connection, said: Iterable[No]) -> None:
    """Note what becomes of noes, in the transaction in which it does. They are written into the file after it."""
    rows = [_row(one) | {"uid": one.uid or secrets.token_urlsafe(12)} for one in said]
    if rows:
        tx.execute(noes.insert(), rows)
        tx.info[_TOUCHED] = True


def touched(tx: sa.Connection) -> bool:
    """Return whether anything was noted on this connection since this was asked last."""
    return bool(tx.info.pop(_TOUCHED, False))


def unkept(tx: sa.Connection, *, everything: bool = False) -> list[tuple[int, No]]:
    """Return what does not stand in the file yet, with its ids, the first first; with `everything` all of it."""
    query = noes.select().order_by(noes.c.id)
    return [(row.id, _no(row)) for row in tx.execute(query if everything else query.where(~noes.c.kept))]


def mark_kept(tx: sa.Connection, ids: Sequence[int]) -> None:
    """Note that these stand in the file, and that the file is on the disk."""
    for start in range(0, len(ids), _PORTION):
        tx.execute(noes.update().where(noes.c.id.in_(ids[start : start + _PORTION])).values(kept=True))


def mark(tx: sa.Connection) -> int:
    """Return a mark behind all that was noted so far, for `adopt`."""
    return tx.scalar(sa.select(sa.func.max(noes.c.id))) or 0


def unknown(tx: sa.Connection, said: Iterable[No]) -> list[No]:
    """Return those that do not stand in the table, in their order, each once."""
    known = set(tx.scalars(sa.select(noes.c.uid)))
    return list({one.uid: one for one in said if one.uid not in known}.values())


def adopt(tx: sa.Connection, said: Iterable[No], *, since: int) -> None:
    """Let noes stand in the table as they were said, not what was noted since the mark.

    They are written into the file once more: not all of them may stand in it, and doubles count once.
    """
    tx.execute(noes.delete().where(noes.c.id > since))
    rows = [_row(one) | {"uid": one.uid} for one in said]
    if rows:
        tx.execute(noes.insert(), rows)


def _row(one: No) -> dict[str, Any]:
    return {
        "at": one.at,
        "what": one.what.value,
        "address": one.address,
        "scope": one.scope,
        "reason": one.reason.value,
    }


def _no(row: sa.Row[Any]) -> No:
    return No(NoAct(row.what), row.address, SuppressionReason(row.reason), row.at, row.scope, row.uid)
