"""The pump: takes what is due, hands it to the transport in groups, and writes down what became of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.errors import StoreBusy
from backmail.model.delivery import Receipt, Unknown
from backmail.sending.calendar import kept_open
from backmail.sending.delivery import answers
from backmail.sending.delivery.answers import Ledger
from backmail.sending.delivery.head import Aside, sorted_out
from backmail.sending.delivery.office import Office
from backmail.sending.delivery.sweeping import Sweeper
from backmail.sending.delivery.writing import Gone, Unwritable, Written, write
from backmail.sending.enrollment import advance
from backmail.sending.reasons import Reason
from backmail.sending.replanning import replan
from backmail.store import claims, queue, records, room
from backmail.store.claims import Head
from backmail.store.engine import reading, relaxed

__all__ = ["Pump", "Ticked"]

_MICROSECOND = dt.timedelta(microseconds=1)
_IN_DOUBT = "left in doubt by an engine that stopped"
_MOST = 500  # deliveries of one claim
_AFTER_ACCOUNT = dt.timedelta(minutes=15)
_STANDSTILL = dt.timedelta(minutes=20)  # between two looks: whoever was away for longer was not at work
_AFTER_CUT_OFF = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one turn did.

    Attributes:
        counts: how many mails, by what became of them.
        busy: whether more may be due at once.
        refused: why nothing goes this way for now, "" while something does.
    """

    counts: dict[str, int] = field(default_factory=dict)
    busy: bool = False
    refused: str = ""


class Pump:
    """Delivers what is due. It keeps nothing that matters: kill it anywhere, and the tables tell the whole truth."""

    def __init__(self, office: Office) -> None:
        """Take what delivery stands on."""
        self._office = office
        self._sweeper = Sweeper(office)
        self._shut_until: dt.datetime | None = None
        self._swept_at: int | None = None  # by the clock that leases go by
        self._behind: dict[str, dt.datetime] = {}  # campaigns whose line never ended, and since when
        self._looked_at: dt.datetime | None = None
        self._unrecorded: list[answers.Answer] = []
        self._most = max(office.transport.window, _MOST // office.transport.window * office.transport.window)
        self.draining = False

    async def tick(self) -> Ticked:
        """Sweep when it is time to, then take one batch of what is due through."""
        ledger = Ledger()
        self._record(ledger)
        room.check(self._office.store)
        self._sweep(ledger)
        for head in self._due():
            if self.draining:
                break
            moved = await self._batch(head, ledger)
            self._shut(ledger)
            if moved:
                return Ticked(dict(ledger.counts), busy=self._shut_until is None, refused=ledger.refused)
        return Ticked(dict(ledger.counts))

    def next_look(self) -> dt.datetime | None:
        """Return when a delivery comes up (UTC), or one to be looked at of which nobody can tell; None when none waits.

        While the transport is left alone it is not before the end of that.
        """
        with reading(self._office.store) as tx:
            heads = claims.heads(tx, live_needed=self._office.live_needed)
            unsure = records.next_waited(tx)
        first = min((at for at in (unsure, *(head.at for head in heads)) if at is not None), default=None)
        return first if first is None or self._shut_until is None else max(first, self._shut_until)

    def _sweep(self, ledger: Ledger) -> None:
        ticks = self._office.clock.ticks()
        if self._swept_at is None or ticks - self._swept_at >= self._office.sweep_every // _MICROSECOND:
            ledger.counts[_IN_DOUBT] += self._sweeper.sweep(self._office.clock.now())["uncertain"]
            self._swept_at = ticks

    def _shut(self, ledger: Ledger) -> None:
        """Leave a transport alone that cannot send at all: to knock on and on locks accounts and helps nobody."""
        wait = _AFTER_ACCOUNT if ledger.account else _AFTER_CUT_OFF if ledger.cut_off else None
        if wait is not None:
            self._shut_until = self._office.clock.now() + wait

    def _due(self) -> list[Head]:
        """Return the campaigns of which something is due, in their order; none while the transport is left alone."""
        now = self._office.clock.now()
        if self._looked_at is None or not dt.timedelta() <= now - self._looked_at <= _STANDSTILL:
            self._behind = {}
        self._looked_at = now
        # Further ahead than we ever wait: the clock was set back meanwhile.
        if self._shut_until is not None and now < self._shut_until <= now + _AFTER_ACCOUNT:
            return []
        self._shut_until = None
        with reading(self._office.store) as tx:
            heads = claims.heads(tx, live_needed=self._office.live_needed)
        due = [head for head in heads if head.at is not None and head.at <= now]
        self._behind = {head.campaign: self._behind.get(head.campaign, now) for head in due}
        return due

    async def _batch(self, head: Head, ledger: Ledger) -> bool:
        """Take a batch of one campaign through, and return whether any of it moved on."""
        taken = self._take(head, ledger)
        groups = _groups(taken.written, self._office.transport.window)
        try:
            async with self._renewing():
                while groups and not self.draining and not ledger.account and not ledger.cut_off:
                    await self._carry(groups.pop(0), ledger)
            left = [one.ticket for group in groups for one in group]
            if left:
                with relaxed(self._office.store, "put back") as tx:
                    claims.release(tx, left)
        finally:
            # When the database failed amidst it, nobody goes on with the rest: its leases are to run out.
            answered = {one.ticket.id for one, _ in self._unrecorded}
            self._office.leases.drop({one.ticket.id for one in taken.written} - answered)
        return taken.moved

    def _take(self, head: Head, ledger: Ledger) -> _Taken:
        """Claim a batch and write its messages; put off what stands at the head and may not go."""
        office = self._office
        with relaxed(office.store, "claim") as tx:
            now, lease = office.clock.now(), office.leases.now()  # in here: the transaction may have had to wait
            waiting = {one.id: one for one in claims.head(tx, head.campaign, now=now, most=self._most)}
            ready, aside = sorted_out(waiting.values(), now)
            self._keep_open(tx, aside, self._behind.get(head.campaign, now), now)
            self._put_aside(tx, aside, now)
            claimed = claims.claim(tx, ready, lease, now=now, live_needed=office.live_needed)
            office.leases.hold((one.ticket.id for one in claimed), lease)
            made = write(tx, office.shelf, office.links, claimed, waiting)
            written = [one for one in made if isinstance(one, Written)]
            unwritable = [one for one in made if isinstance(one, Unwritable)]
            if unwritable:
                records.failed(tx, [(one.ticket, one.reason) for one in unwritable])
                ledger.counts["failed"] += len(unwritable)
            self._plan_anew(tx, [one for one in made if isinstance(one, Gone)], now)
        return _Taken(written, bool(aside.any or claimed))

    def _plan_anew(self, tx: sa.Connection, gone: Sequence[Gone], now: dt.datetime) -> None:
        """Plan what is published now for those whose step an edit took out while somebody worked on it."""
        if gone:
            claims.release(tx, [one.ticket for one in gone])
            ids = sorted({one.waiting.enrollment for one in gone})
            replan(tx, self._office.shelf, ids, now=now, zone=self._office.zone)

    def _keep_open(self, tx: sa.Connection, aside: Aside, since: dt.datetime, now: dt.datetime) -> None:
        """Leave a slot open for those who stood in line while it was, and for whom alone the time was too short.

        Args:
            tx: that of the claim.
            aside: what may not go; those whose slot stays open are taken out of what is closed.
            since: when the campaign's line began that has not ended yet.
            now: the present instant.
        """
        kept = {row.id: kept_open(row.slot) for row in aside.closed if since < row.slot.closes}
        kept = {id_: slot for id_, slot in kept.items() if now < slot.closes}
        aside.closed = [row for row in aside.closed if row.id not in kept]
        aside.kept = len(kept)
        queue.move(tx, [(id_, slot, now) for id_, slot in kept.items()])

    def _put_aside(self, tx: sa.Connection, aside: Aside, now: dt.datetime) -> None:
        """Give everything that may not go now the time when it may: nothing of it waits at the head."""
        office = self._office
        queue.move(tx, [(id_, None, at) for id_, at in aside.later.items()])
        for until, rows in aside.paused.items():
            ids = sorted(row.enrollment for row in rows)
            done = replan(tx, office.shelf, ids, now=now, zone=office.zone, not_before=until, retries=True)
            left = [row.id for row in rows if row.id not in done.moved | done.deleted]
            queue.move(tx, [(id_, None, until) for id_ in left])
        if aside.closed:
            done = replan(tx, office.shelf, sorted(row.enrollment for row in aside.closed), now=now, zone=office.zone)
            # Where the calendar has no slot, or nothing may be planned anew, it leaves the queue: `status` tells.
            queue.move(tx, [(row.id, None, None) for row in aside.closed if row.id not in done.moved | done.deleted])

    async def _carry(self, group: list[Written], ledger: Ledger) -> None:
        """Hand a group over, send what may be sent, and record what became of it."""
        office = self._office
        going = self._hand_over(group, ledger)
        if not going:
            return
        receipts = await _send(office, going)
        self._unrecorded += [(one, receipts[one.message.delivery_id]) for one in going]
        self._record(ledger)

    def _record(self, ledger: Ledger) -> None:
        """Write the answers down that were given. When the database cannot take them now they are kept until it can.

        It comes before every sweep: what we know the end of must not be taken for something that nobody knows.
        """
        if not self._unrecorded:
            return
        office = self._office
        with relaxed(office.store, "record") as tx:
            answers.record(
                tx,
                office.shelf,
                self._unrecorded,
                blame=office.blame,
                now=office.clock.now(),
                zone=office.zone,
                ledger=ledger,
            )
        office.leases.drop(one.ticket.id for one, _ in self._unrecorded)
        self._unrecorded = []

    def _hand_over(self, group: list[Written], ledger: Ledger) -> list[Written]:
        """Mark the group as handed over, and return those of it that may be sent."""
        office = self._office
        room.check(office.store)  # the disk may have filled since the batch was claimed
        with relaxed(office.store, "hand-over") as tx:
            now, lease = office.clock.now(), office.leases.now()  # a lease may end while it waits to begin
            handed = claims.hand_over(
                tx, [(one.ticket, one.variant) for one in group], lease, now=now, live_needed=office.live_needed
            )
            refused = [one for one in group if one.ticket.id not in handed]
            if refused:
                self._refused(tx, refused, now, ledger)
        office.leases.drop(one.ticket.id for one in refused)
        return [one for one in group if one.ticket.id in handed]

    def _refused(self, tx: sa.Connection, refused: list[Written], now: dt.datetime, ledger: Ledger) -> None:
        """Skip what a no stopped; let the rest wait again, for its next slot or for the end of a pause."""
        office = self._office
        why = claims.why_refused(
            tx, [one.ticket for one in refused], office.leases.now(), now=now, live_needed=office.live_needed
        )
        over = {"suppressed": Reason.SUPPRESSED, "exited": Reason.EXITED}
        ended = [(one, over[why[one.ticket.id]]) for one in refused if why.get(one.ticket.id) in over]
        records.skipped(tx, [(one.ticket, str(reason)) for one, reason in ended])
        claims.release(tx, [one.ticket for one in refused if why.get(one.ticket.id) not in over])
        advance(tx, office.shelf, [one.waiting.enrollment for one, _ in ended], now=now, zone=office.zone)
        ledger.counts["skipped"] += len(ended)

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        """Prolong this worker's leases four times within their length, as long as the body runs."""
        renewal = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)

    async def _renew(self) -> None:
        office = self._office
        while True:
            await asyncio.sleep(office.leases.length.total_seconds() / 4)
            with suppress(StoreBusy):  # the next one may come in time; if not, the leases end, and nothing is written
                with relaxed(office.store, "renew") as tx:
                    lease = office.leases.now()
                    held = claims.renew(tx, office.leases.held, lease)
                office.leases.renew(held, lease)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A batch: messages to hand over, and whether anything that stood at the head moved on."""

    written: list[Written]
    moved: bool


def _groups(written: list[Written], window: int) -> list[list[Written]]:
    return [written[start : start + window] for start in range(0, len(written), window)]


async def _send(office: Office, going: list[Written]) -> dict[str, Receipt]:
    """Give a group to the transport; what it has not answered when it breaks may have arrived or not."""
    receipts: dict[str, Receipt] = {}
    broken = "the transport gave no answer"
    try:
        async with aclosing(office.transport.send([one.message for one in going])) as sending:
            async for delivery_id, receipt in sending:
                receipts[delivery_id] = receipt
    except Exception as error:  # whatever broke it: some may have left, and the others must not wait for it
        broken = f"{type(error).__name__}: {error}"
    for one in going:
        receipts.setdefault(one.message.delivery_id, Unknown(broken))
    return receipts
