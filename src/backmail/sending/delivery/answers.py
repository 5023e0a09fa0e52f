"""What the answers of a transport mean for deliveries: taken, later, never, not sent, unknown; and what comes next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.model.delivery import Accepted, Blame, NotSent, Receipt, Refused, Unknown
from backmail.model.states import EnrollmentState, OnUncertain, SuppressionReason
from backmail.sending import decisions
from backmail.sending.calendar import kept_open, retry_time
from backmail.sending.delivery.writing import Written
from backmail.sending.enrollment import advance
from backmail.sending.published import Shelf
from backmail.sending.reasons import Reason, word
from backmail.store import queue, records
from backmail.store.tables import campaigns, deliveries, enrollments
from backmail.store.walks import lock

__all__ = ["Answer", "Ledger", "record"]

_MINUTE, _HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
_LADDER = (5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR)  # the last again and again
_GIVE_UP = 48 * _HOUR
_NOT_SENT_AGAIN = 5 * _MINUTE
_UNKNOWN_AGAIN = 15 * _MINUTE
_UNKNOWNS_HELD = 3  # of those from the line the third is held
_SERVICE_CLOSING = 421  # RFC 5321, 4.2.3: nothing was taken, and the line goes
_FOR_GOOD = 500

Answer = tuple[Written, Receipt]


@dataclass(slots=True)
class Ledger:
    """What became of mails: how many of each kind, and whether the way out is shut.

    `account`: our account was refused; `cut_off`: nothing of a group could leave; `refused`: why, in words.
    """

    counts: Counter[str] = field(default_factory=Counter)
    account: bool = False
    cut_off: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the tables say of a delivery that was not simply accepted."""

    deferrals: int
    deferred_since: dt.datetime | None
    policy_deferrals: int
    policy_since: dt.datetime | None
    unknowns: int
    on_uncertain: OnUncertain


def record(
    tx: sa.Connection,
    shelf: Shelf,
    answers: Sequence[Answer],
    *,
    blame: Callable[[Refused], Blame],
    now: dt.datetime,
    zone: str,
    ledger: Ledger,
) -> None:
    """Write down what became of deliveries that were handed over, and plan what comes next for their readers."""
    taken = {one.ticket.id: receipt.provider_id for one, receipt in answers if isinstance(receipt, Accepted)}
    records.accepted(tx, taken, now=now)
    ledger.counts["accepted"] += len(taken)
    others = [(one, receipt) for one, receipt in answers if not isinstance(receipt, Accepted)]
    if others:
        _Others(tx, shelf, others, blame, now, zone, ledger).record()
        ledger.cut_off = not taken and all(isinstance(receipt, NotSent) for _, receipt in others)
        ledger.refused = _why_nothing_goes(ledger, others)
    advance(tx, shelf, [one.waiting.enrollment for one, _ in answers], now=now, zone=zone)


def _why_nothing_goes(ledger: Ledger, others: Sequence[Answer]) -> str:
    if ledger.account:
        return "the provider refused our account: nothing goes this way until that is mended; no reader is marked"
    reasons = [receipt.reason for _, receipt in others if isinstance(receipt, NotSent)]
    return f"nothing could leave: {reasons[0]}; it is tried again by itself" if ledger.cut_off else ""


class _Others:
    """The answers of one group that were not a plain yes."""

    def __init__(
        self,
        tx: sa.Connection,
        shelf: Shelf,
        answers: Sequence[Answer],
        blame: Callable[[Refused], Blame],
        now: dt.datetime,
        zone: str,
        ledger: Ledger,
    ) -> None:
        self._tx = tx
        self._shelf = shelf
        self._answers = answers
        self._blame = blame
        self._now = now
        self._zone = zone
        self._ledger = ledger
        self._standing = _standing(tx, [one.ticket.id for one, _ in answers])
        self._for_the_operator: set[int] = set()

    def record(self) -> None:
        """Write all of them down."""
        for one, receipt in self._answers:
            if one.ticket.id not in self._standing:
                continue  # she was erased meanwhile, and all that was hers
            match receipt:
                case Refused():
                    self._refused(one, receipt)
                case NotSent(reason):
                    self._not_sent(one, word(Reason.NOT_SENT, reason), _NOT_SENT_AGAIN)
                case Unknown(reason):
                    self._unknown(one, reason)
                case Accepted():
                    pass
        self._send_to_their_end([one for one, _ in self._answers if one.ticket.id in self._for_the_operator])

    def _send_to_their_end(self, refused: Sequence[Written]) -> None:
        """Queue what our account was refused for and whose reader has left meanwhile: the hand-over ends it.

        Else it waited for ever, for nobody puts back the mails of who has left. The lock is the one that her leaving
        takes: either she had left before, or she finds the delivery waiting and ends it herself.
        """
        if not refused:
            return
        walks = {one.waiting.enrollment for one in refused}
        lock(self._tx, sorted(walks))
        e = enrollments.c
        left = set(self._tx.scalars(sa.select(e.id).where(e.id.in_(walks), e.state != EnrollmentState.ACTIVE)))
        queue.move(
            self._tx,
            [
                (one.ticket.id, None if one.waiting.hand_overs else kept_open(one.waiting.slot), self._now)
                for one in refused
                if one.waiting.enrollment in left
            ],
        )

    def _refused(self, one: Written, answer: Refused) -> None:
        said = " ".join(part for part in (str(answer.code), answer.enhanced, answer.text) if part)
        blame = self._blame(answer)
        standing = self._standing[one.ticket.id]
        if blame is Blame.ACCOUNT:
            self._ledger.account = True
            self._for_the_operator.add(one.ticket.id)
            self._not_sent(one, word(Reason.ACCOUNT, said), None)
        elif blame is Blame.POLICY:
            self._policy(one, said, standing)
        elif answer.code == _SERVICE_CLOSING:
            self._not_sent(one, word(Reason.NOT_SENT, said), _NOT_SENT_AGAIN)
        elif answer.code < _FOR_GOOD:
            self._later(one, said, standing)
        else:
            self._never(one, said, blame)

    def _later(self, one: Written, said: str, standing: _Standing) -> None:
        if _given_up(standing.deferred_since, self._now):
            self._fail(one, word(Reason.MAILBOX_OVER, said))
            return
        at = self._retry(one, _step(standing.deferrals))
        records.deferred(self._tx, [(one.ticket, at, word(Reason.MAILBOX, said))], now=self._now)
        self._ledger.counts["deferred"] += 1

    def _policy(self, one: Written, said: str, standing: _Standing) -> None:
        """Our set-up is at fault, never the reader: it has a counter of its own, and her hand-over never was."""
        if _given_up(standing.policy_since, self._now):
            self._fail(one, word(Reason.POLICY_OVER, said))
            return
        self._not_sent(one, word(Reason.POLICY, said), _step(standing.policy_deferrals), policy=True)

    def _never(self, one: Written, said: str, blame: Blame) -> None:
        match blame:
            case Blame.ADDRESS_BAD:
                self._fail(one, word(Reason.ADDRESS, said))
                decisions.unsubscribe(self._tx, one.waiting.subscriber, now=self._now, reason=SuppressionReason.BOUNCED)
            case Blame.MESSAGE:
                self._fail(one, word(Reason.MESSAGE, said))
            case _:
                self._fail(one, word(Reason.MAILBOX_OVER, said))

    def _fail(self, one: Written, reason: str) -> None:
        records.failed(self._tx, [(one.ticket, reason)])
        self._ledger.counts["failed"] += 1

    def _not_sent(self, one: Written, reason: str, wait: dt.timedelta | None, *, policy: bool = False) -> None:
        """It did not leave. Who waited while her slot was open does not lose it to a fault of ours."""
        at = None if wait is None else self._retry(one, wait)
        if at is not None and not one.waiting.hand_overs:  # a clock that was set back would make it too early
            at = max(at, one.waiting.slot.due)
        # Who lost the lease meanwhile has no say any more: it may wait for another turn already.
        ours = records.not_sent(self._tx, [(one.ticket, at, reason)], now=self._now, policy=policy)
        if ours and not one.waiting.hand_overs and not one.waiting.system:
            queue.move(self._tx, [(one.ticket.id, kept_open(one.waiting.slot), at)])
        self._ledger.counts["deferred"] += 1

    def _unknown(self, one: Written, reason: str) -> None:
        standing = self._standing[one.ticket.id]
        again = standing.on_uncertain is OnUncertain.RESEND and standing.unknowns + 1 < _UNKNOWNS_HELD
        at = self._now + _UNKNOWN_AGAIN if again else None
        records.uncertain(self._tx, [(one.ticket, at, word(Reason.LINE, reason))])
        self._ledger.counts["uncertain"] += 1
        if standing.on_uncertain is OnUncertain.DROP:
            records.settle(self._tx, [(one.ticket.id, "skipped", str(Reason.DROPPED))])

    def _retry(self, one: Written, wait: dt.timedelta) -> dt.datetime:
        at = self._now + wait
        return at if one.waiting.system else retry_time(at, one.waiting.slot.zone)


def _standing(tx: sa.Connection, ids: Iterable[int]) -> dict[int, _Standing]:
    query = (
        sa.select(
            deliveries.c.id,
            deliveries.c.deferrals,
            deliveries.c.deferred_since,
            deliveries.c.policy_deferrals,
            deliveries.c.policy_since,
            deliveries.c.unknowns,
            campaigns.c.on_uncertain,
        )
        .join(campaigns, campaigns.c.id == deliveries.c.campaign)
        .where(deliveries.c.id.in_(list(ids)))
    )
    return {
        id_: _Standing(deferrals, since, policy, policy_since, unknowns, OnUncertain(on_uncertain))
        for id_, deferrals, since, policy, policy_since, unknowns, on_uncertain in tx.execute(query)
    }


def _step(tried: int) -> dt.timedelta:
    """Return how long to wait after having been told "later" so many times before."""
    return _LADDER[min(tried, len(_LADDER) - 1)]


def _given_up(since: dt.datetime | None, now: dt.datetime) -> bool:
    return since is not None and now - since >= _GIVE_UP
