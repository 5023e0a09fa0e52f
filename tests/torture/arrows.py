"""Every arrow of the delivery protocol and every commit beside it: how it is brought about, and where to die at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.torture import sink
from tests.torture.place import DROPPED, HELD, LONG, SHORT, UNFIT
from tests.torture.scene import (
    Scene,
    Standing,
    deferred_once,
    drained,
    engine,
    finished,
    forgotten,
    held_by_the_dead,
    kept_busy,
    late_answer,
    left_by_the_dead,
    next_step,
    no_to_claimed,
    no_to_waiting,
    out_of_the_queue,
    paused_by_operator,
    paused_unseen,
    person_paused,
    put_off,
    queued,
    settled,
    standing,
    suppressed_unseen,
    uncertain_by_line,
    unplanned,
    unqueued,
)
from tests.torture.workers import Worker

Prepare = Callable[[Scene], None]
Act = Callable[[Scene, str], Worker]

_GROUP = 8
# The first group is on the wire for a while, and what was claimed behind it waits.
_BUSY = (sink.SLOW,) * 4 + (sink.TAKEN,) * 8


def _nothing(_scene: Scene) -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Arrow:
    """One arrow, or one commit that is no arrow.

    Attributes:
        name: from where to where, and why.
        provoked: how it is brought about.
        transaction: which transaction it is in.
        statement: which hot statement does it; the transaction's own name where none is named.
        tail: how many rows stand at its beginning: what a death before the commit leaves.
        head: how many stand at its end: what a death after the commit leaves.
        kinds: how the sink serves those whom it happens to.
        slugs: what they walk through.
        prepare: is done before.
        act: starts who is to die there, and does what else it takes.
    """

    name: str
    provoked: str
    transaction: str
    statement: str
    tail: Standing
    head: Standing
    kinds: Sequence[str] = (sink.TAKEN,) * _GROUP
    slugs: tuple[str, ...] = (SHORT,)
    prepare: Prepare = _nothing
    act: Act = engine


def _all(kind: str) -> tuple[str, ...]:
    return (kind,) * _GROUP


PLANNED, CLAIMED, HANDED = standing("planned"), standing("claimed"), standing("handed")
DEFERRED, UNCERTAIN, SKIPPED, FAILED = (standing(s) for s in ("deferred", "uncertain", "skipped", "failed"))
ACCEPTED, WORKED_ON = standing("accepted"), standing("claimed", "handed")

# What stands in no row here stands in no protocol yet: the cap on mails a day, answers that come by event.
ARROWS = (
    Arrow("planned -> claimed", "people who are due", "claim", "claim", PLANNED, CLAIMED),
    Arrow(
        "deferred -> claimed", "451, and the time until the next try", "claim", "claim", DEFERRED, CLAIMED,
        _all(sink.LATER), prepare=deferred_once,
    ),
    Arrow(
        "claimed -> planned: lease over", "a death after the claim", "sweep", "sweep_claimed", CLAIMED, PLANNED,
        prepare=left_by_the_dead,
    ),
    Arrow(
        "claimed -> planned: drain", "SIGTERM while a group is on the wire", "put back", "release", CLAIMED, PLANNED,
        _BUSY, act=drained,
    ),
    Arrow(
        "claimed -> planned: pause", "backmail pause, while a group is on the wire", "decision", "release",
        CLAIMED, PLANNED, _BUSY, act=paused_by_operator,
    ),
    Arrow(
        "claimed -> planned: pause, at hand-over", "a pause that let the claimed rows be", "hand-over", "release",
        CLAIMED, PLANNED, _BUSY, act=paused_unseen,
    ),
    Arrow(
        "claimed -> planned: her own pause", "backmail subscribers pause, while it is claimed", "decision", "withhold",
        CLAIMED, PLANNED, _BUSY, act=person_paused,
    ),
    Arrow("claimed -> handed", "people who are due", "hand-over", "hand_over", CLAIMED, HANDED),
    Arrow(
        "claimed -> skipped: at hand-over", "a suppression that skipped nothing", "hand-over", "skipped",
        CLAIMED, SKIPPED, prepare=suppressed_unseen,
    ),
    Arrow(
        "claimed -> failed: render", "a name that no header can hold", "claim", "failed", PLANNED, FAILED, _all(UNFIT)
    ),
    Arrow("handed -> accepted", "people who are due", "record", "accepted", HANDED, ACCEPTED),
    Arrow("handed -> deferred: later", "451", "record", "deferred", HANDED, DEFERRED, _all(sink.LATER)),
    Arrow("handed -> deferred: line cut", "cut before the dot", "record", "not_sent", HANDED, DEFERRED, _all(sink.CUT)),
    Arrow("handed -> deferred: 421", "421 to RCPT", "record", "not_sent", HANDED, DEFERRED, _all(sink.CLOSING)),
    Arrow("handed -> deferred: policy", "550 5.7.1 to the dot", "record", "not_sent", HANDED, DEFERRED,
          _all(sink.POLICY)),
    Arrow("handed -> failed: address", "550 5.1.1", "record", "failed", HANDED, FAILED, _all(sink.NEVER)),
    Arrow("handed -> failed: mailbox", "552 5.2.2", "record", "failed", HANDED, FAILED, _all(sink.FULL)),
    Arrow(
        "planned -> skipped: bounced elsewhere", "550 5.1.1 in another campaign", "record", "skip_open",
        PLANNED, SKIPPED, _all(sink.NEVER), (LONG, SHORT),
    ),
    Arrow("handed -> uncertain: line", "cut after the dot", "record", "uncertain", HANDED, UNCERTAIN, _all(sink.GONE)),
    Arrow(
        "handed -> uncertain: lease over", "a death after the hand-over", "sweep", "sweep_handed", HANDED, UNCERTAIN,
        slugs=(HELD,), prepare=held_by_the_dead,
    ),
    Arrow(
        "uncertain -> deferred: our own death", "a death after the hand-over", "sweep", "resend", HANDED, DEFERRED,
        prepare=held_by_the_dead,
    ),
    Arrow(
        "uncertain -> deferred: after 15 min", "cut after the dot, and its time", "sweep", "resend",
        UNCERTAIN, DEFERRED, _all(sink.GONE), prepare=uncertain_by_line,
    ),
    Arrow(
        "uncertain -> accepted: a late answer", "stopped past the lease, with the answer on the line", "record",
        "accepted", UNCERTAIN, ACCEPTED, (sink.SLOW,) * 4, (HELD,), act=late_answer,
    ),
    Arrow(
        "uncertain -> skipped: dropped", "a death after the hand-over, on_uncertain drop", "sweep", "settle",
        HANDED, SKIPPED, slugs=(DROPPED,), prepare=held_by_the_dead,
    ),
    Arrow(
        "uncertain -> deferred: the operator", "backmail settle --resend", "decision", "resend", UNCERTAIN, DEFERRED,
        slugs=(HELD,), prepare=held_by_the_dead, act=settled("--resend"),
    ),
    Arrow(
        "uncertain -> skipped: the operator", "backmail settle --drop", "decision", "settle", UNCERTAIN, SKIPPED,
        slugs=(HELD,), prepare=held_by_the_dead, act=settled("--drop"),
    ),
    Arrow(
        "planned -> skipped: she says no", "POST /u", "decision", "skip_open", PLANNED, SKIPPED,
        prepare=put_off, act=no_to_waiting,
    ),
    Arrow(
        "claimed -> skipped: she says no", "POST /u, while it is claimed", "decision", "skip_open", CLAIMED, SKIPPED,
        _BUSY, act=no_to_claimed,
    ),
    Arrow("accepted -> the next planned", "a step before the last", "record", "plan", HANDED, next_step, slugs=(LONG,)),
    Arrow("accepted -> finished", "the last step", "record", "finish", HANDED, finished),
    Arrow("a lease renewed", "an answer that is late", "renew", "renew", WORKED_ON, WORKED_ON, _BUSY, act=kept_busy),
    Arrow(
        "forgotten -> planned", "enrollments without a delivery", "plan", "plan", unplanned, PLANNED, prepare=forgotten
    ),
    Arrow(
        "the queue put right", "deliveries that stand in no queue", "mend", "mend", unqueued, queued,
        prepare=out_of_the_queue,
    ),
)  # fmt: skip
