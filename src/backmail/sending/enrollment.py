"""Who walks through a campaign, and how far: enrolls people, plans the next step of each, and ends what is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa

from backmail.clock import Span
from backmail.errors import CampaignError
from backmail.model.campaign import Campaign
from backmail.model.states import EnrollmentState, SubscriberState, SuppressionReason
from backmail.sending.published import Published
from backmail.sending.steps import MENDABLE, Course, is_open
from backmail.store import queue, records, walks
from backmail.store.queue import Plan
from backmail.store.tables import campaigns, deliveries, enrollments, subscribers, suppressions

__all__ = [
    "Advanced",
    "Enrolled",
    "PassedOver",
    "Ran",
    "Versions",
    "advance",
    "courses",
    "enroll",
    "unplanned",
    "why_not",
]

_AT_ONCE = 1000  # rows of one statement
_FOR_SYSTEM_MAILS = (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED)


class PassedOver(StrEnum):
    """Why somebody was not enrolled."""

    UNKNOWN = "unknown"  # nobody of that id
    PENDING = "pending"  # the address is not confirmed
    SUPPRESSED = "suppressed"  # we may not write to it
    WALKING = "walking"  # she walks through the campaign already
    RAN = "ran"  # she walked through it before, and may not (yet) again


@dataclass(frozen=True, slots=True)
class Ran:
    """A run through a campaign, with its end: None while it goes on."""

    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who was enrolled, by the person's id, and why the others were not."""

    enrollments: dict[int, int] = field(default_factory=dict)
    passed_over: dict[int, PassedOver] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What became of enrollments that were looked at.

    `planned`: deliveries planned now; `held`: those planned that may have gone out before the database was restored,
    so that somebody has to decide; `finished`: enrollments that ended; `stuck`: those whose next step has no slot, with
    the campaign's fault.
    """

    planned: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    stuck: dict[int, CampaignError] = field(default_factory=dict)


class Versions(Protocol):
    """Where published versions are had from (`published.Shelf`)."""

    def get(self, tx: sa.Connection, campaign: str, number: int) -> Published:
        """Return a version of a campaign."""
        ...


def enroll(
    tx: sa.Connection,
    published: Published,
    people: Sequence[int],
    *,
    now: dt.datetime,
    zone: str,
    at_once: bool = False,
) -> Enrolled:
    """Enroll people in a campaign and plan the first step of each, all in the caller's transaction.

    Args:
        tx: a transaction that may write.
        published: the campaign's published version.
        people: ids of subscribers; who cannot be enrolled is passed over and told.
        now: when they start, UTC.
        zone: of the settings, for those without their own.
        at_once: whether they signed up themselves, so that a first step with `after: 0` does not wait for the window.

    Raises:
        CampaignError: the first step has no slot within a year for somebody; nothing should be kept then.
    """
    campaign = published.campaign
    system = bool(tx.scalar(sa.select(campaigns.c.system).where(campaigns.c.id == campaign.id)))
    course = Course(campaign, zone, system)
    done = Enrolled()
    distinct = list(dict.fromkeys(people))
    for start in range(0, len(distinct), _AT_ONCE):
        chunk = distinct[start : start + _AT_ONCE]
        runs = _runs(tx, campaign, chunk, now, system, done)
        made = _insert(tx, campaign.id, runs, now, at_once)
        done.enrollments.update(made)
        _plan_first(tx, course, made.values(), now)
    return done


def advance(tx: sa.Connection, versions: Versions, walking: Iterable[int], *, now: dt.datetime, zone: str) -> Advanced:
    """Plan the next step of each of these enrollments whose last one is final, or end those that have no more.

    Belongs into the transaction that makes a delivery final. To call it for others does no harm.

    Args:
        tx: a transaction that may write.
        versions: where the published versions are had from.
        walking: ids of enrollments; those that are not active are passed over.
        now: the present instant, UTC.
        zone: of the settings.
    """
    ids = sorted(set(walking))
    walks.lock(tx, ids)  # before their history is read: an edit that plans anew is strictly before or after
    found = walks.walkers(tx, ids)
    histories = walks.histories(tx, [walker.enrollment for walker in found])
    known = courses(tx, versions, found, zone)
    plans: list[Plan] = []
    doubtful: list[Plan] = []
    over: list[int] = []
    stuck: dict[int, CampaignError] = {}
    for walker in found:
        course = known.get(walker.campaign)
        history = histories.get(walker.enrollment, [])
        if course is None:
            continue
        step = course.next_step(history)
        if step is not None:
            try:
                doubt = course.doubtful(walker, step, history)
                slot = doubt or course.slot(walker, step, history, now)
                (doubtful if doubt else plans).append(Plan(walker.enrollment, step.id, slot))
            except CampaignError as error:
                stuck[walker.enrollment] = error
        elif not any(map(is_open, history)) and course.is_over(history):
            over.append(walker.enrollment)
    return Advanced(
        planned=queue.plan(tx, plans),
        held=records.restored(tx, queue.plan(tx, doubtful)),
        finished=walks.finish(tx, over, now=now) if over else set(),
        stuck=stuck,
    )


def courses(tx: sa.Connection, versions: Versions, found: Iterable[walks.Walker], zone: str) -> dict[str, Course]:
    """Return the course of each campaign that somebody walks through, as it is published, by the campaign's id."""
    wanted = {walker.campaign: walker for walker in found if walker.version is not None}
    return {
        id_: Course(versions.get(tx, id_, walker.version).campaign, zone, walker.system)
        for id_, walker in sorted(wanted.items())
        if walker.version is not None
    }


def unplanned(tx: sa.Connection, *, after: int, most: int) -> tuple[list[int], int | None]:
    """Return active enrollments without an open delivery, looking through `most` of them with larger ids than `after`.

    Returns:
        Their ids, and the id to go on from: None at the end.
    """
    ids = tx.scalars(_ACTIVE, {"after": after, "most": most}).all()
    if not ids:
        return [], None
    bare = tx.scalars(_BARE, {"first": ids[0], "last": ids[-1]}).all()
    return list(bare), ids[-1] if len(ids) == most else None


# Every sweep asks for these. A failure that can be mended is not over: it waits for the operator.
_ACTIVE = (
    sa.select(enrollments.c.id)
    .where(enrollments.c.id > sa.bindparam("after"), enrollments.c.state == EnrollmentState.ACTIVE)
    .order_by(enrollments.c.id)
    .limit(sa.bindparam("most"))
)
_AMONG: tuple[sa.BindParameter[int], sa.BindParameter[int]] = sa.bindparam("first"), sa.bindparam("last")
_GOING = sa.exists().where(
    deliveries.c.enrollment == enrollments.c.id,
    deliveries.c.enrollment.between(*_AMONG),  # PostgreSQL would read all deliveries else
    sa.or_(
        deliveries.c.state.not_in(("accepted", "skipped", "failed")),
        sa.and_(deliveries.c.state == "failed", sa.or_(*map(deliveries.c.reason.startswith, MENDABLE))),
    ),
)
_BARE = (
    sa.select(enrollments.c.id)
    .where(
        enrollments.c.id.between(*_AMONG),
        enrollments.c.state == EnrollmentState.ACTIVE,
        ~_GOING,
    )
    .order_by(enrollments.c.id)
)


def _runs(
    tx: sa.Connection, campaign: Campaign, people: Sequence[int], now: dt.datetime, system: bool, done: Enrolled
) -> dict[int, int]:
    """Return the run that each person is to begin; note in `done` who begins none, and why."""
    states = {row.id: row.state for row in tx.execute(_locked(people))}
    refused = set(tx.scalars(_suppressed(people, campaign.id, system)))
    last = {row.subscriber: row for row in tx.execute(_last_runs(people, campaign.id))}
    runs: dict[int, int] = {}
    for person in people:
        before = last.get(person)
        ran = None if before is None else Ran(before.ended_at)
        why = why_not(states.get(person), person in refused, ran, campaign, now, system=system)
        if why is None:
            runs[person] = 1 if before is None else before.run + 1
        else:
            done.passed_over[person] = why
    return runs


def why_not(
    state: str | None, refused: bool, last: Ran | None, campaign: Campaign, now: dt.datetime, *, system: bool = False
) -> PassedOver | None:
    """Return why a person may not begin a campaign at the instant `now`, None when she may.

    Args:
        state: hers, None for nobody.
        refused: whether a suppression of the address stands, for all or for this campaign.
        last: her newest run through the campaign, None when there was none.
        campaign: as it is published.
        now: UTC.
        system: whether it is backmail's own, which may go to those who have not confirmed, and again at once.
    """
    if state is None:
        return PassedOver.UNKNOWN
    if refused:
        return PassedOver.SUPPRESSED
    if state == SubscriberState.PENDING and not system:
        return PassedOver.PENDING
    if last is not None and last.ended_at is None:
        return PassedOver.WALKING
    return PassedOver.RAN if last is not None and not system and not _may_again(last, campaign.reenter, now) else None


def _may_again(last: Ran, after: Span | None, now: dt.datetime) -> bool:
    """Whether the end of the last run lies long enough back: days are elapsed days of 24 hours."""
    ended = last.ended_at
    return after is not None and ended is not None and ended + after.elapsed + after.days * _DAY <= now


_DAY = dt.timedelta(days=1)


def _locked(people: Sequence[int]) -> sa.Select[int, str]:
    """Lock the people, so that a no of theirs is strictly before or after (SQLite has one writer at a time)."""
    query = sa.select(subscribers.c.id, subscribers.c.state).where(subscribers.c.id.in_(people))
    return query.order_by(subscribers.c.id).with_for_update(key_share=True)


def _suppressed(people: Sequence[int], campaign: str, system: bool) -> sa.Select[int]:
    query = (
        sa.select(subscribers.c.id)
        .join(suppressions, suppressions.c.address == subscribers.c.address)
        .where(
            subscribers.c.id.in_(people), suppressions.c.lifted_at.is_(None), suppressions.c.scope.in_(("", campaign))
        )
    )
    return query.where(suppressions.c.reason.in_(_FOR_SYSTEM_MAILS)) if system else query


def _last_runs(people: Sequence[int], campaign: str) -> sa.Select[int, int, str, dt.datetime | None]:
    newest = (
        sa.select(enrollments.c.subscriber, sa.func.max(enrollments.c.run).label("run"))
        .where(enrollments.c.subscriber.in_(people), enrollments.c.campaign == campaign)
        .group_by(enrollments.c.subscriber)
        .subquery()
    )
    return (
        sa.select(enrollments.c.subscriber, enrollments.c.run, enrollments.c.state, enrollments.c.ended_at)
        .join(newest, sa.and_(enrollments.c.subscriber == newest.c.subscriber, enrollments.c.run == newest.c.run))
        .where(enrollments.c.campaign == campaign)
    )


def _insert(tx: sa.Connection, campaign: str, runs: dict[int, int], now: dt.datetime, at_once: bool) -> dict[int, int]:
    """Write the enrollments and return their ids by person."""
    if not runs:
        return {}
    rows = [
        {"subscriber": person, "campaign": campaign, "run": run, "started_at": now, "at_once": at_once}
        for person, run in runs.items()
    ]
    made = tx.execute(enrollments.insert().returning(enrollments.c.subscriber, enrollments.c.id), rows)
    found = {row.subscriber: row.id for row in made}
    return {person: found[person] for person in runs}


def _plan_first(tx: sa.Connection, course: Course, made: Iterable[int], now: dt.datetime) -> None:
    queue.plan(tx, _first_plans(course, walks.walkers(tx, made), now))


def _first_plans(course: Course, found: Iterable[walks.Walker], now: dt.datetime) -> Iterator[Plan]:
    first = course.campaign.steps[0]
    for walker in found:
        yield Plan(walker.enrollment, first.id, course.slot(walker, first, [], now))
