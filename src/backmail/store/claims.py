"""What a worker does to get deliveries and to keep them: look at the queue's head, claim, hand over, renew, let go.

All of it stands inside a transaction that the caller opened with `engine.relaxed`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from backmail.model.sending import Slot
from backmail.model.states import DeliveryState
from backmail.store.hot import hot
from backmail.store.instants import instant, micros
from backmail.store.rows import Ticket, change, dequeue, enqueue, run

_MICROSECOND = dt.timedelta(microseconds=1)

Refusal = Literal["lease", "suppressed", "exited", "closed", "paused", "nothing"]


@dataclass(frozen=True, slots=True)
class Lease:
    """Who claims, by which clock, and for how long a claim holds.

    `tick` is the machine's monotonic clock now, in microseconds, and `boot` names the time for which that means
    something: from one start of the machine to the next. PostgreSQL goes by its own clock, and takes `boot` for a part
    of the owner's name.
    """

    owner: str
    boot: str
    tick: int
    length: dt.timedelta

    def values(self) -> dict[str, object]:
        """Return the lease as the statements take it."""
        return {"owner": self.owner, "boot": self.boot, "tick": self.tick, "length": self.length // _MICROSECOND}


@dataclass(frozen=True, slots=True)
class Head:
    """A campaign that may send now, and when the first of its waiting deliveries comes up (None: none waits)."""

    campaign: str
    system: bool
    priority: int
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery at the head of its queue, with what decides whether it may be claimed.

    `under_way`: another mail to this person is claimed or handed. `paused_until`: the person's own pause.
    `unconfirmed`: she has not said yes, and the campaign is not for those who have not.
    """

    id: int
    enrollment: int
    subscriber: int
    step: str
    state: DeliveryState
    system: bool
    slot: Slot
    next_try_at: dt.datetime
    hand_overs: int
    paused_until: dt.datetime | None
    under_way: bool
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours for the length of the lease, and the published version that it is bound to."""

    ticket: Ticket
    version: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What owners left behind: `released` wait again; of each of `uncertain` (id, campaign) nobody knows."""

    released: frozenset[int]
    uncertain: tuple[tuple[int, str], ...]


def heads(tx: sa.Connection, *, live_needed: bool) -> list[Head]:
    """Return the campaigns that may send, in the order in which they are asked (rules of priority: system mails first).

    Args:
        live_needed: whether only what somebody let go live may be sent; False for a transport that reaches nobody.
    """
    found = run(tx, hot(tx).heads, live_needed=live_needed)
    return [Head(id_, bool(system), priority, _instant(at)) for id_, system, priority, at in found]


def head(tx: sa.Connection, campaign: str, *, now: dt.datetime, most: int) -> list[Waiting]:
    """Return up to `most` deliveries of a campaign whose time has come, the longest waiting first.

    They stay in the queue. Those that may not go now are the caller's to move (`queue.move`), so that they do not
    stand at the head for ever. On PostgreSQL the rows and their people are locked, and those locked by others left out.
    """
    found = run(tx, hot(tx).head, campaign=campaign, now=micros(now), most=most)
    return [_waiting(row) for row in found]


def claim(
    tx: sa.Connection, deliveries: Iterable[int], lease: Lease, *, now: dt.datetime, live_needed: bool
) -> list[Claimed]:
    """Take waiting deliveries that `head` returned out of the queue, and return those that are ours now.

    Left where they are: those whose time has not come, whose slot has closed before a first hand-over, whose campaign
    or person is paused, or whose person has another mail under way; and all but one of a person's (the older slot).
    """
    rows = [(delivery,) for delivery in deliveries]
    values = {**lease.values(), "now": micros(now), "live_needed": live_needed}
    taken = change(tx, hot(tx).claim, rows, **values)
    dequeue(tx, ((id_, epoch, campaign, at) for id_, epoch, _, campaign, at in taken))
    return sorted(
        (Claimed(Ticket(id_, epoch), version) for id_, epoch, version, _, _ in taken), key=lambda one: one.ticket.id
    )


def hand_over(
    tx: sa.Connection,
    group: Sequence[tuple[Ticket, str]],
    lease: Lease,
    *,
    now: dt.datetime,
    live_needed: bool,
) -> set[int]:
    """Mark a group, tickets with their variants, as handed to the transport, and return the ids that may be sent.

    Only what it returns may be sent, and only once the transaction has ended. It looks at everything once more:
    the lease, suppressions, the enrollment, the campaign, pauses and the slot.
    """
    rows = [(ticket.id, ticket.epoch, variant) for ticket, variant in group]
    values = {**lease.values(), "now": micros(now), "live_needed": live_needed}
    return {row[0] for row in change(tx, hot(tx).hand_over, rows, **values)}


def why_refused(
    tx: sa.Connection, tickets: Iterable[Ticket], lease: Lease, *, now: dt.datetime, live_needed: bool
) -> dict[int, Refusal]:
    """Return why `hand_over` refused, for those that are still claimed under these tickets.

    A ticket that is not in the answer was taken from us, by a person's no or after the lease.
    """
    values = {**lease.values(), "now": micros(now), "live_needed": live_needed}
    return dict(change(tx, hot(tx).why, [(one.id, one.epoch) for one in tickets], **values))


def renew(tx: sa.Connection, deliveries: Iterable[int], lease: Lease) -> set[int]:
    """Prolong those of this owner's claims that still hold, and return their ids; what is not among them is lost."""
    return {row[0] for row in change(tx, hot(tx).renew, [(id_,) for id_ in sorted(deliveries)], **lease.values())}


def release(tx: sa.Connection, tickets: Iterable[Ticket]) -> set[int]:
    """Put claimed deliveries back where they were, and return their ids."""
    return enqueue(tx, change(tx, hot(tx).release, [(one.id, one.epoch) for one in tickets]))


def sweep(tx: sa.Connection, lease: Lease, *, alone: bool = False) -> Swept:
    """Take back what is claimed or handed under leases that are over.

    Args:
        lease: the sweeper's own; its length does not matter.
        alone: whether no other engine can be alive, so that whatever is not ours is over. PostgreSQL has many workers,
            and there it changes nothing.
    """
    # Named in the statements of SQLite only; PostgreSQL's driver passes over what a statement does not name.
    values = {**lease.values(), "alone": alone}
    released = enqueue(tx, run(tx, hot(tx).sweep_claimed, **values))
    uncertain = run(tx, hot(tx).sweep_handed, **values)
    return Swept(frozenset(released), tuple(sorted((id_, campaign) for id_, campaign in uncertain)))


def _instant(value: int | None) -> dt.datetime | None:
    return None if value is None else instant(value)


def _waiting(row: tuple[Any, ...]) -> Waiting:
    (
        id_, enrollment, subscriber, step, state, system, due_at, closes_at, slot_date, zone,
        next_try_at, hand_overs, paused_until, under_way, unconfirmed,
    ) = row  # fmt: skip
    return Waiting(
        id=id_,
        enrollment=enrollment,
        subscriber=subscriber,
        step=step,
        state=DeliveryState(state),
        system=bool(system),
        slot=Slot(instant(due_at), instant(closes_at), dt.date.fromisoformat(slot_date), zone),
        next_try_at=instant(next_try_at),
        hand_overs=hand_overs,
        paused_until=_instant(paused_until),
        under_way=bool(under_way),
        unconfirmed=bool(unconfirmed),
    )
