"""What waits is planned anew: after an edit of the campaign, another wish of the reader, a pause, a no taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.errors import CampaignError
from backmail.model.sending import Slot
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.calendar import retry_time
from backmail.sending.enrollment import Advanced, Versions, advance, courses
from backmail.store import queue, records, walks
from backmail.store.tables import enrollments

__all__ = ["Replanned", "replan", "walking"]

_WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)
_AT_ONCE = 1000  # enrollments of one round


@dataclass(slots=True)
class Replanned:
    """What replanning did, by ids: deliveries `moved`, taken back (`deleted`), newly `planned`; enrollments `finished`.

    `held`: deliveries that may have gone out before the database was restored, as their slot is counted now.
    `stuck`: enrollments for whose next step the calendar finds no slot, with the campaign's fault.
    """

    moved: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    planned: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    stuck: dict[int, CampaignError] = field(default_factory=dict)

    def add(self, advanced: Advanced) -> None:
        """Count in what became of enrollments that were advanced."""
        self.planned |= advanced.planned
        self.held |= advanced.held
        self.finished |= advanced.finished
        self.stuck |= advanced.stuck


def walking(
    tx: sa.Connection, *, campaign: str = "", subscriber: int | None = None, deliveries: Iterable[int] | None = None
) -> list[int]:
    """Return the active enrollments of a campaign, a person, or those that some deliveries belong to, by id."""
    from backmail.store.tables import deliveries as table

    query = sa.select(enrollments.c.id).where(enrollments.c.state == EnrollmentState.ACTIVE)
    if campaign:
        query = query.where(enrollments.c.campaign == campaign)
    if subscriber is not None:
        query = query.where(enrollments.c.subscriber == subscriber)
    if deliveries is not None:
        query = query.where(enrollments.c.id.in_(sa.select(table.c.enrollment).where(table.c.id.in_(list(deliveries)))))
    return list(tx.scalars(query.order_by(enrollments.c.id)))


def replan(
    tx: sa.Connection,
    versions: Versions,
    ids: Sequence[int],
    *,
    now: dt.datetime,
    zone: str,
    not_before: dt.datetime | None = None,
    retries: bool = False,
) -> Replanned:
    """Plan what waits for these enrollments anew, from anchors that do not change.

    A delivery that was never handed over gets the slot that the published version, the reader's wishes and her zone
    give it now; one whose step is no longer the next is taken back, and the next is planned. A delivery that was handed
    over before keeps its slot and its next try.

    Args:
        tx: a transaction that may write.
        versions: where the published versions are had from.
        ids: enrollments; those that are not active are passed over.
        now: the present instant, UTC: what has closed by then is not taken.
        zone: of the settings.
        not_before: the end of a pause: nothing goes before.
        retries: whether deliveries that were handed over before may be tried again from then on, as after a pause.
    """
    done = Replanned()
    for start in range(0, len(ids), _AT_ONCE):
        _replan(tx, versions, ids[start : start + _AT_ONCE], _Terms(now, zone, not_before, retries), done)
    return done


@dataclass(frozen=True, slots=True)
class _Terms:
    """What `replan` was called with."""

    now: dt.datetime
    zone: str
    not_before: dt.datetime | None
    retries: bool

    @property
    def earliest(self) -> dt.datetime:
        """The first instant at which anything may go."""
        return max(self.now, self.not_before) if self.not_before else self.now


def _replan(tx: sa.Connection, versions: Versions, ids: Sequence[int], terms: _Terms, done: Replanned) -> None:
    found = walks.walkers(tx, ids)
    histories = walks.histories(tx, ids)
    known = courses(tx, versions, found, terms.zone)
    moves: list[tuple[int, Slot | None, dt.datetime | None]] = []
    back: list[int] = []
    doubtful: list[tuple[int, Slot | None, dt.datetime | None]] = []
    for walker in found:
        if walker.system and terms.not_before:
            continue  # she asked for it, and a pause does not hold it back
        course = known.get(walker.campaign)
        history = histories.get(walker.enrollment, [])
        waiting = next((had for had in history if had.state in _WAITING), None)
        if course is None or waiting is None:
            continue
        if waiting.hand_overs:
            if terms.retries:
                moves.append((waiting.id, None, retry_time(terms.earliest, course.zone_of(walker))))
            continue
        before = [had for had in history if had.id != waiting.id]
        step = course.next_step(before)
        if step is None or step.id != waiting.step:
            back.append(waiting.id)
            continue
        # What is deferred was tried since the restore, or somebody decided that it goes again.
        doubt = course.doubtful(walker, step, before) if waiting.state is DeliveryState.PLANNED else None
        if doubt is not None:
            doubtful.append((waiting.id, doubt, None))
            continue
        try:
            slot = course.slot(walker, step, before, terms.earliest)
        except CampaignError as error:
            done.stuck[walker.enrollment] = error
            continue
        moves.append((waiting.id, slot, max(slot.due, terms.not_before or slot.due)))
    done.moved |= queue.move(tx, moves)
    done.held |= records.restored(tx, queue.move(tx, doubtful))
    done.deleted |= queue.delete(tx, back)
    done.add(advance(tx, versions, [walker.enrollment for walker in found], now=terms.earliest, zone=terms.zone))
