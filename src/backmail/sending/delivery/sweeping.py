"""What a turn begins with: what a dead worker left behind, doubts whose time has come, steps not planned yet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from backmail.model.states import DeliveryState, OnUncertain
from backmail.sending.delivery.office import Office
from backmail.sending.enrollment import advance, unplanned
from backmail.sending.reasons import Reason
from backmail.sending.replanning import walking
from backmail.store import claims, queue, records
from backmail.store.engine import reading, relaxed
from backmail.store.tables import campaigns, deliveries

__all__ = ["Sweeper"]

_LOOKED_THROUGH = 5000  # enrollments, at each sweep
_MOST = 1000


class Sweeper:
    """Takes back what is nobody's, and finds who would else be forgotten."""

    def __init__(self, office: Office) -> None:
        """Take what delivery stands on."""
        self._office = office
        self._seen = 0  # the last enrollment that was looked at; where it begins does not matter
        self._mended = False
        # What a lock proves, it proves of the moment at which it was taken; afterwards leases say who is at work.
        self._alone = office.alone

    def sweep(self, now: dt.datetime) -> Counter[str]:
        """Do all of it once, and return how many of each."""
        office = self._office
        with relaxed(office.store, "sweep") as tx:
            swept = claims.sweep(tx, office.leases.now(), alone=self._alone)
            again = records.waited(tx, now=now, most=_MOST)
            self._decide(tx, [*swept.uncertain, *_left(tx), *again], now)
        self._alone = False
        planned = self._plan_forgotten(now)
        self._mend()
        return Counter(released=len(swept.released), uncertain=len(swept.uncertain), again=len(again), planned=planned)

    def _mend(self) -> None:
        """Put the queue right, once. To look takes seconds with millions of rows, so nobody is kept from writing."""
        if self._mended:
            return
        with reading(self._office.store) as tx:
            astray = queue.disagreements(tx)
        if astray:
            with relaxed(self._office.store, "mend") as tx:
                queue.mend(tx)
        self._mended = True

    def _decide(self, tx: sa.Connection, uncertain: Iterable[tuple[int, str]], now: dt.datetime) -> None:
        """Do with what nobody knows what its campaign wants by now: send it again at once, hold it, or drop it."""
        found = sorted(set(uncertain))
        if not found:
            return
        wishes = dict(tx.execute(sa.select(campaigns.c.id, campaigns.c.on_uncertain)).all())
        records.resend(tx, [(id_, now) for id_, campaign in found if wishes[campaign] == OnUncertain.RESEND])
        held = [id_ for id_, campaign in found if wishes[campaign] == OnUncertain.HOLD]
        of_them = deliveries.c.id.in_(held), deliveries.c.state == DeliveryState.UNCERTAIN
        tx.execute(deliveries.update().where(*of_them).values(next_try_at=None))
        dropped = [id_ for id_, campaign in found if wishes[campaign] == OnUncertain.DROP]
        records.settle(tx, [(id_, "skipped", str(Reason.DROPPED)) for id_ in dropped])
        self._advance(tx, walking(tx, deliveries=dropped) if dropped else [], now)

    def _plan_forgotten(self, now: dt.datetime) -> int:
        """Plan for active enrollments without an open delivery, a part of them at each sweep.

        As a rule there is none, so the looking keeps nobody from writing.
        """
        with reading(self._office.store) as tx:
            bare, last = unplanned(tx, after=self._seen, most=_LOOKED_THROUGH)
        self._seen = last or 0
        if not bare:
            return 0
        with relaxed(self._office.store, "plan") as tx:
            return self._advance(tx, bare, now)

    def _advance(self, tx: sa.Connection, walked: list[int], now: dt.datetime) -> int:
        if not walked:
            return 0
        return len(advance(tx, self._office.shelf, walked, now=now, zone=self._office.zone).planned)


def _left(tx: sa.Connection) -> list[tuple[int, str]]:
    """Return what was held after a death, as (id, campaign), in campaigns that by now want it sent again."""
    return [(row.id, row.campaign) for row in tx.execute(_HELD)]


_HELD = (
    sa.select(deliveries.c.id, deliveries.c.campaign)
    .join(campaigns, campaigns.c.id == deliveries.c.campaign)
    .where(
        deliveries.c.state == DeliveryState.UNCERTAIN,
        deliveries.c.next_try_at.is_(None),
        deliveries.c.reason == str(Reason.LEASE),
        campaigns.c.on_uncertain == OnUncertain.RESEND,
    )
)
