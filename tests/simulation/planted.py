"""Bugs that others have had, put into the real functions: each must be found, or the simulation proves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.sending.delivery import answers
from backmail.sending.delivery.leases import Leases
from backmail.store import claims, hot, queue, records
from backmail.store.claims import Claimed, Lease
from backmail.store.rows import Ticket, dequeue

Plant = Callable[[pytest.MonkeyPatch], None]


def _rewrite(patch: pytest.MonkeyPatch, name: str, old: str, new: str) -> None:
    """Let a statement say something else."""
    known = hot._OF["sqlite"]
    text = getattr(known, name)
    assert old in text, f"{name} does not say {old!r}"
    patch.setitem(hot._OF, "sqlite", replace(known, **{name: text.replace(old, new)}))
    patch.setitem(hot._NAMES["sqlite"], text.replace(old, new), name)


def checkpoint_at_fetch(patch: pytest.MonkeyPatch) -> None:
    """What was fetched counts as sent."""
    real = claims.claim

    def claim(tx: sa.Connection, ids: Iterable[int], lease: Lease, *, now: dt.datetime, live_needed: bool) -> Any:
        taken: list[Claimed] = real(tx, ids, lease, now=now, live_needed=live_needed)
        records.accepted(tx, {one.ticket.id: "" for one in taken}, now=now)
        return taken

    def hand_over(_tx: sa.Connection, group: Sequence[tuple[Ticket, str]], *_: object, **__: object) -> set[int]:
        return {ticket.id for ticket, _variant in group}

    patch.setattr(claims, "claim", claim)
    patch.setattr(claims, "hand_over", hand_over)


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether the lease still holds."""
    patch.setattr(Leases, "may_write", lambda *_: True)
    _rewrite(patch, "hand_over", "d.owner = :owner AND d.boot = :boot AND d.lease_until > :tick", "1")
    _rewrite(patch, "hand_over", "AND d.epoch = r.epoch", "")


def writes_after_the_lease(patch: pytest.MonkeyPatch) -> None:
    """The hand-over is fenced, and the wire is not."""
    patch.setattr(Leases, "may_write", lambda *_: True)


def suppression_at_claim_only(patch: pytest.MonkeyPatch) -> None:
    """A no reaches what waits, and not what was claimed."""
    _rewrite(patch, "lock_open", "d.state IN ('planned', 'deferred', 'claimed')", "d.state IN ('planned', 'deferred')")
    text = hot._OF["sqlite"].hand_over
    begin = text.index("AND NOT EXISTS (SELECT 1 FROM suppressions")
    _rewrite(patch, "hand_over", text[begin : text.index("RETURNING")], "")
    _rewrite(patch, "hand_over", "AND e.state = 'active'", "")


def blind_retry(patch: pytest.MonkeyPatch) -> None:
    """What nobody knows the end of is sent again as if it had never left."""

    def unknown(self: Any, one: Any, reason: str) -> None:
        self._not_sent(one, f"not-sent: {reason}", dt.timedelta(minutes=5))

    patch.setattr(answers._Others, "_unknown", unknown)


def forgets_what_was_handed(patch: pytest.MonkeyPatch) -> None:
    """The sweep takes back what was claimed, and not what was handed over."""
    _rewrite(patch, "sweep_handed", "d.state = 'handed'", "d.state = 'never'")


def sweeps_too_early(patch: pytest.MonkeyPatch) -> None:
    """The sweep takes from the living."""
    _rewrite(patch, "sweep_handed", "d.lease_until <= :tick", "d.lease_until <= :tick + 15000000")


def pause_stops_no_claimed(patch: pytest.MonkeyPatch) -> None:
    """A pause of a campaign holds back what waits, and not what was claimed."""
    patch.setattr(claims, "release", lambda _tx, tickets: {one.id for one in tickets if False})
    _rewrite(patch, "hand_over", "c.paused_at IS NULL", "1")


def no_stays_in_the_queue(patch: pytest.MonkeyPatch) -> None:
    """What a no skips is still waited for."""

    def kept(tx: sa.Connection, found: Any) -> set[int]:
        return dequeue(tx, [row for row in found if row[1] > 0])

    patch.setattr(queue, "dequeue", kept)


def plans_before_the_end(patch: pytest.MonkeyPatch) -> None:
    """The next step is planned although the one before may still come to nothing."""
    from backmail.sending.steps import Course

    def next_step(self: Course, history: Sequence[Any]) -> Any:
        return self._after(history)

    patch.setattr(Course, "next_step", next_step)


PLANTED: dict[str, Plant] = {
    "checkpoint at fetch": checkpoint_at_fetch,
    "no fence": no_fence,
    "no suppression check": suppression_at_claim_only,
    "blind retry": blind_retry,
    "writes after the lease": writes_after_the_lease,
    "forgets what was handed": forgets_what_was_handed,
    "sweeps too early": sweeps_too_early,
    "pause stops no claimed": pause_stops_no_claimed,
    "a no stays in the queue": no_stays_in_the_queue,
    "plans before the end": plans_before_the_end,
}
