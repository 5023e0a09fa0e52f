"""Keeps planned slots in step with the world's time zones: when their rules change, what waits is reckoned anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backmail.sending.replanning import replan, walking
from backmail.store import tzdata

if TYPE_CHECKING:
    from backmail.app.backmail import Backmail

__all__ = ["Changed", "keep_up"]

_AT_ONCE = 1000  # enrollments of one transaction: while it writes, SQLite lets nobody else write


@dataclass(frozen=True, slots=True)
class Changed:
    """The edition that slots were reckoned with, the present one, and how many slots were reckoned anew."""

    before: str
    now: str
    moved: int


def keep_up(backmail: Backmail) -> Changed | None:
    """Reckon open, never-handed deliveries anew when the edition of the zones is not the one noted.

    The new edition is noted once all is done: who was stopped meanwhile begins anew, which changes nothing twice.

    Returns:
        What changed; None where it is the same edition, or the first one.
    """
    present = tzdata.present()
    with backmail.reading() as tx:
        noted = tzdata.noted(tx)
        walks = [] if noted in (None, present) else walking(tx)
    moved = 0
    for start in range(0, len(walks), _AT_ONCE):
        with backmail.durable() as tx:
            ids = walks[start : start + _AT_ONCE]
            moved += len(replan(tx, backmail.shelf, ids, now=backmail.now(), zone=backmail.zone).moved)
    if noted == present:
        return None
    with backmail.durable() as tx:
        tzdata.note(tx, present)
    return None if noted is None else Changed(noted, present, moved)
