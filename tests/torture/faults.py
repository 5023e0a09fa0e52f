"""Faults to plant in the protocol, to see that the torture finds them: a proof that cannot fail proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from backmail.sending.delivery import Leases
from backmail.sending.delivery.sweeping import Sweeper
from backmail.store import claims, hot, records

__all__ = ["FAULTS", "plant"]


def _rewrite(name: str, *changes: tuple[str, str]) -> None:
    """Change the words of a hot statement, in both databases."""
    for dialect, known in list(hot._OF.items()):
        before = after = getattr(known, name)
        for old, new in changes:
            assert old in after, f"{name} does not say {old!r} any more"
            after = after.replace(old, new)
        hot._OF[dialect] = replace(known, **{name: after})
        names = hot._NAMES[dialect]
        names[after] = names.pop(before)


def _no_fence() -> None:
    """Whoever lost the lease writes on, to the wire and to the tables."""
    setattr(Leases, "may_write", lambda _self, _message: True)  # noqa: B010  # no type is meant to let that pass
    for dialect in hot._OF:
        words = {"sqlite": hot._sqlite, "postgresql": hot._postgresql}[dialect](f"AND {hot._OURS} ")
        known = hot._OF[dialect]
        assert words in known.hand_over
        hot._NAMES[dialect][known.hand_over.replace(words, "")] = "hand_over"
        hot._OF[dialect] = replace(known, hand_over=known.hand_over.replace(words, ""))
    for name in ("hand_over", "deferred", "not_sent", "failed", "skipped", "uncertain", "release"):
        _rewrite(name, ("AND d.epoch = r.epoch", ""))


def _no_sweep() -> None:
    """Nobody takes back what the dead left behind."""
    setattr(Sweeper, "sweep", lambda _self, _now: Counter())  # noqa: B010


def _suppression_at_claim() -> None:
    """A no is looked at when mails are claimed, and never again."""
    suppressed = {
        dialect: {"sqlite": hot._sqlite, "postgresql": hot._postgresql}[dialect](f"AND NOT {hot._SUPPRESSED}")
        for dialect in hot._OF
    }
    for dialect, known in list(hot._OF.items()):
        blind = known.hand_over.replace(suppressed[dialect], "").replace("AND e.state = 'active'", "")
        looking = known.claim.replace("\nRETURNING", f" {suppressed[dialect]}\nRETURNING")
        assert len(blind) < len(known.hand_over) - len(suppressed[dialect])
        hot._NAMES[dialect].update({blind: "hand_over", looking: "claim"})
        hot._OF[dialect] = replace(known, hand_over=blind, claim=looking)
    for name in ("lock_open", "skip_open"):
        _rewrite(name, (", 'claimed')", ")"))


def _checkpoint_at_fetch() -> None:
    """What is fetched counts as sent."""
    claim = claims.claim

    def claim_and_tick_off(tx: Any, *given: Any, now: Any, **more: Any) -> Any:
        taken = claim(tx, *given, now=now, **more)
        records.accepted(tx, {one.ticket.id: "" for one in taken}, now=now)
        return taken

    claims.claim = claim_and_tick_off
    claims.hand_over = lambda _tx, group, *_given, **_more: {ticket.id for ticket, _ in group}


FAULTS: dict[str, Callable[[], None]] = {
    "fence": _no_fence,
    "sweep": _no_sweep,
    "suppression": _suppression_at_claim,
    "checkpoint": _checkpoint_at_fetch,
}


def plant(name: str) -> None:
    """Plant a fault in this process; "" plants none."""
    if name:
        FAULTS[name]()
