"""Enrolling many people at once: who would be taken and who passed over, when their first mails go, and doing it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail import segments
from backmail.audience.segments import select
from backmail.clock import Span
from backmail.desk.forecast import Starter, first_slot, slots
from backmail.model.campaign import Campaign
from backmail.model.sending import Slot
from backmail.segments import Segment
from backmail.sending import enrollment
from backmail.sending.enrollment import PassedOver, Ran
from backmail.sending.published import Published
from backmail.sending.steps import Course
from backmail.store.tables import enrollments, subscribers, suppressions
from backmail.store.walks import read_wishes

__all__ = ["Group", "Preview", "enroll", "preview"]

_AT_ONCE = 1000  # people of one transaction: while it writes, SQLite lets nobody else write
_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    """People who begin at the same instant (UTC), by their ids."""

    at: dt.datetime
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an enrollment would do.

    Attributes:
        found: how many people the segment means.
        outside: how many of them are not of the campaign's audience.
        passed_over: how many of the others may not begin, by the reason.
        left: how many may begin, and are not asked for this time.
        groups: who would begin, and when.
        firsts: how many first mails there would be by slot, the earliest first.
        last: the slot of the last mail to those who begin last; None where nobody would begin.
    """

    found: int
    outside: int = 0
    passed_over: Counter[PassedOver] = field(default_factory=Counter)
    left: int = 0
    groups: tuple[Group, ...] = ()
    firsts: tuple[tuple[Slot, int], ...] = ()
    last: Slot | None = None

    @property
    def count(self) -> int:
        """How many would begin."""
        return sum(len(group.people) for group in self.groups)


def preview(
    tx: sa.Connection,
    published: Published,
    segment: Segment,
    *,
    now: dt.datetime,
    zone: str,
    first: int | None = None,
    spread: Span | None = None,
) -> Preview:
    """Return what enrolling the people of a segment would do; nothing is written.

    They are taken in the order in which they were added. With `spread` they begin one after another, evenly over that
    time, and the first slot of each is counted from there: it lies where the campaign's schedule lets it lie.

    Args:
        tx: an open transaction.
        published: the campaign's published version.
        segment: who is meant; those outside the campaign's audience are left out.
        now: the present instant, UTC.
        zone: of the settings, for people and campaigns without their own.
        first: how many are to begin at most; the same said again takes the next ones.
        spread: over how long their beginnings are spread; a day is 24 hours.

    Raises:
        CampaignError: the series has no slot within a year for somebody.
    """
    campaign = published.campaign
    found = outside = 0
    passed_over: Counter[PassedOver] = Counter()
    free: list[_Candidate] = []
    for row in tx.execute(_candidates(campaign, segment)):
        found += 1
        if not row.of_audience:
            outside += 1
            continue
        ran = Ran(row.ended_at) if row.run else None
        why = enrollment.why_not(row.state, bool(row.refused), ran, campaign, now)
        if why is None:
            free.append(_Candidate(row.id, row.zone, row.days, row.at, row.pace))
        else:
            passed_over[why] += 1
    taken = free[:first]
    course = Course(campaign, zone)
    groups = tuple(_groups(taken, now, spread))
    firsts, last = _slots(course, groups)
    kept = tuple(Group(at, tuple(one.id for one in people)) for at, people in groups)
    return Preview(found, outside, passed_over, len(free) - len(taken), kept, firsts, last)


def enroll(
    durable: Callable[[], AbstractContextManager[sa.Connection]],
    published: Published,
    groups: Sequence[Group],
    *,
    zone: str,
    told: Callable[[int], None] = lambda count: None,
) -> Counter[PassedOver | None]:
    """Enroll people as a preview put them into groups, a thousand in a transaction.

    Each transaction is whole: enrolled with a first mail planned, or untouched. So an enrollment that was stopped is
    finished by doing it again, which passes over those who began already. What changed since the preview (somebody
    said no) is looked at again.

    Args:
        durable: opens a transaction that lasts.
        published: the campaign's published version.
        groups: who begins, and when.
        zone: of the settings.
        told: is given the number of people looked at, after each transaction.

    Returns:
        How many began (None), and how many were passed over after all, by the reason.

    Raises:
        CampaignError: the first step has no slot within a year for somebody; those before are enrolled.
    """
    done: Counter[PassedOver | None] = Counter()
    for group in groups:
        for start in range(0, len(group.people), _AT_ONCE):
            chunk = group.people[start : start + _AT_ONCE]
            with durable() as tx:
                some = enrollment.enroll(tx, published, chunk, now=group.at, zone=zone)
            done[None] += len(some.enrollments)
            done.update(some.passed_over.values())
            told(len(chunk))
    return +done


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody who may begin: her number, and the words of her row that the calendar reads."""

    id: int
    zone: str | None
    days: str | None
    at: str | None
    pace: str


def _candidates(campaign: Campaign, segment: Segment) -> sa.Select[*tuple[object, ...]]:
    """Return the question for everybody of a segment, with all that decides whether she may begin."""
    newest = (
        sa.select(enrollments.c.subscriber, sa.func.max(enrollments.c.run).label("run"))
        .where(enrollments.c.campaign == campaign.id)
        .group_by(enrollments.c.subscriber)
        .subquery()
    )
    ran = sa.and_(
        enrollments.c.subscriber == newest.c.subscriber,
        enrollments.c.run == newest.c.run,
        enrollments.c.campaign == campaign.id,
    )
    refused = sa.exists().where(
        suppressions.c.address == subscribers.c.address,
        suppressions.c.lifted_at.is_(None),
        suppressions.c.scope.in_(("", campaign.id)),
    )
    columns = [subscribers.c[name] for name in ("id", "state", "zone", "days", "at", "pace")]
    audience = subscribers.c.id.in_(select(segments.parse(campaign.audience)))
    query = sa.select(*columns, enrollments.c.run, enrollments.c.ended_at, refused.label("refused"))
    return (
        query.add_columns(audience.label("of_audience"))
        .outerjoin(newest, newest.c.subscriber == subscribers.c.id)
        .outerjoin(enrollments, ran)
        .where(subscribers.c.id.in_(select(segment)))
        .order_by(subscribers.c.id)
    )


def _groups(
    people: Sequence[_Candidate], now: dt.datetime, spread: Span | None
) -> Iterator[tuple[dt.datetime, Sequence[_Candidate]]]:
    """Yield who begins when: all now, or evenly over the time, a group for each hour of it."""
    length = dt.timedelta() if spread is None else spread.elapsed + spread.days * _DAY
    count = max(1, min(len(people), -(-length // _HOUR)))
    for number in range(count):
        start, end = (len(people) * each // count for each in (number, number + 1))
        if start < end:
            yield now + length * number / count, people[start:end]


def _slots(
    course: Course, groups: Sequence[tuple[dt.datetime, Sequence[_Candidate]]]
) -> tuple[tuple[tuple[Slot, int], ...], Slot | None]:
    """Return how many first mails each slot has, and the slot of the last mail of all."""
    firsts: Counter[Slot] = Counter()
    last: Slot | None = None
    for at, people in groups:
        alike = Counter((one.zone, one.days, one.at, one.pace) for one in people)
        for (zone, days, hour, pace), count in alike.items():
            starter = Starter(at, zone, read_wishes(days, hour, pace))
            firsts[first_slot(course, starter)] += count
            if at == groups[-1][0]:
                *_, final = slots(course, starter)
                last = final if last is None else max(last, final, key=_due)
    return tuple(sorted(firsts.items(), key=lambda each: (each[0].due, each[0].zone))), last


def _due(slot: Slot) -> dt.datetime:
    return slot.due
