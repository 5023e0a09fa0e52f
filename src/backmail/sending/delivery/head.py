"""The head of a queue: what of it may go now, and until when the rest is put aside, so that it keeps nobody back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from backmail.sending.calendar import retry_time
from backmail.store.claims import Waiting

__all__ = ["Aside", "sorted_out"]

_ASIDE = dt.timedelta(seconds=15)  # for a mail to somebody to whom another is on its way
_UNCONFIRMED = dt.timedelta(days=1)  # for a mail to somebody who has yet to say yes


@dataclass(slots=True)
class Aside:
    """What stands at the head and may not go: until when (`later`), until a pause ends, because its slot closed.

    `kept`: how many there are whose slot was left open, so that they may go after all.
    """

    later: dict[int, dt.datetime] = field(default_factory=dict)
    paused: dict[dt.datetime, list[Waiting]] = field(default_factory=dict)
    closed: list[Waiting] = field(default_factory=list)
    kept: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.later or self.paused or self.closed or self.kept)


def sorted_out(waiting: Iterable[Waiting], now: dt.datetime) -> tuple[list[int], Aside]:
    """Return what may be claimed, by id, and what may not.

    Args:
        waiting: what stands at the head of a campaign's queue.
        now: the present instant, UTC.
    """
    ready: list[int] = []
    aside = Aside()
    for one in waiting:
        if one.system:
            ready.append(one.id)
        elif one.paused_until is not None and one.paused_until > now:
            aside.paused.setdefault(one.paused_until, []).append(one)
        elif one.unconfirmed:
            aside.later[one.id] = now + _UNCONFIRMED
        elif one.under_way:
            aside.later[one.id] = now + _ASIDE
        elif one.hand_overs == 0 and now >= one.slot.closes:
            aside.closed.append(one)
        elif one.hand_overs and (morning := retry_time(now, one.slot.zone)) > now:
            aside.later[one.id] = morning
        else:
            ready.append(one.id)
    return ready, aside
