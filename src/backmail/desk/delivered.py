"""What became of a campaign's mails, counted in the tables: by week, by zone, by hour; who is stuck, who is lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from backmail import clock
from backmail.model.campaign import Campaign
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.store.tables import deliveries, enrollments

__all__ = ["Delivered", "Group", "Stuck", "delivered"]

_WEEK = dt.timedelta(weeks=1)
_FINAL = (DeliveryState.ACCEPTED.value, DeliveryState.FAILED.value, DeliveryState.SKIPPED.value)


@dataclass(frozen=True, slots=True)
class Group:
    """Mails of one step that were handed over at one instant (UTC) to people of one zone, for the same local date."""

    step: str
    zone: str
    date: dt.date
    at: dt.datetime
    count: int

    @property
    def local(self) -> dt.datetime:
        """What the readers' clocks showed."""
        return clock.local(self.at, clock.zone(self.zone))


@dataclass(frozen=True, slots=True)
class Stuck:
    """Mails that did not arrive, or not yet: how they stand, and why; `count` of them."""

    step: str
    state: DeliveryState
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a campaign.

    Attributes:
        start: when it began, UTC; weeks are counted from there.
        steps: the ids of its mails, in their order.
        people: how many were enrolled.
        walks: how many of their walks stand how.
        states: how many mails stand how.
        groups: the mails that were handed over, the earliest first.
        stuck: those that were not accepted, but for mails that wait for their slot.
        lost: mails that nobody got and nothing explains: of walks that finished, or for which nothing waits any longer.
    """

    start: dt.datetime
    steps: tuple[str, ...]
    people: int
    walks: Mapping[EnrollmentState, int]
    states: Mapping[DeliveryState, int]
    groups: tuple[Group, ...]
    stuck: tuple[Stuck, ...]
    lost: int

    @property
    def planned(self) -> int:
        """How many mails were planned."""
        return sum(self.states.values())

    @property
    def accepted(self) -> int:
        """How many mails were taken."""
        return self.states.get(DeliveryState.ACCEPTED, 0)

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones of those who got mail, in the order of the alphabet."""
        return tuple(sorted({group.zone for group in self.groups}))

    @property
    def first(self) -> dt.datetime | None:
        """The instant of the first hand-over, UTC."""
        return min((group.at for group in self.groups), default=None)

    @property
    def last(self) -> dt.datetime | None:
        """The instant of the last first hand-over, UTC."""
        return max((group.at for group in self.groups), default=None)

    @property
    def weeks(self) -> tuple[Counter[str], ...]:
        """How many mails of each step were handed over, week by week from the start, up to the last with any."""
        found: dict[int, Counter[str]] = {}
        for group in self.groups:
            found.setdefault((group.at - self.start) // _WEEK, Counter())[group.step] += group.count
        return tuple(found.get(week, Counter()) for week in range(max(found, default=-1) + 1))


def delivered(tx: sa.Connection, campaign: Campaign, start: dt.datetime) -> Delivered:
    """Count what became of a campaign's mails, whatever the number of people: the database does the counting.

    Args:
        tx: an open transaction.
        campaign: as it is published.
        start: from when weeks are counted, UTC.
    """
    steps = tuple(step.id for step in campaign.steps)
    walks = {EnrollmentState(state): count for state, count in tx.execute(_counted(enrollments, campaign.id))}
    states = {DeliveryState(state): count for state, count in tx.execute(_counted(deliveries, campaign.id))}
    return Delivered(
        start=start,
        steps=steps,
        people=sum(walks.values()),
        walks=walks,
        states=states,
        groups=tuple(_groups(tx, campaign.id)),
        stuck=tuple(_stuck(tx, campaign.id)),
        lost=_missing(tx, campaign.id, walks.get(EnrollmentState.FINISHED, 0) * len(steps))
        + _forgotten(tx, campaign.id),
    )


def _counted(table: sa.Table, campaign: str) -> sa.Select[str, int]:
    query = sa.select(table.c.state, sa.func.count()).where(table.c.campaign == campaign)
    return query.group_by(table.c.state).order_by(table.c.state)


def _groups(tx: sa.Connection, campaign: str) -> list[Group]:
    d = deliveries.c
    alike = (d.step, d.zone, d.slot_date, d.first_handed_at)
    query = sa.select(*alike, sa.func.count()).where(d.campaign == campaign, d.first_handed_at.is_not(None))
    rows = tx.execute(query.group_by(*alike)).all()
    made = [Group(step, zone, dt.date.fromisoformat(date), at, count) for step, zone, date, at, count in rows]
    return sorted(made, key=lambda group: (group.at, group.zone, group.step))


def _stuck(tx: sa.Connection, campaign: str) -> list[Stuck]:
    d = deliveries.c
    alike = (d.step, d.state, d.reason)
    waits = sa.and_(d.state == DeliveryState.PLANNED.value, d.reason.is_(None))
    query = sa.select(*alike, sa.func.count()).where(
        d.campaign == campaign, d.state != DeliveryState.ACCEPTED.value, ~waits
    )
    rows = tx.execute(query.group_by(*alike)).all()
    made = [Stuck(step, DeliveryState(state), reason or "", count) for step, state, reason, count in rows]
    return sorted(made, key=lambda one: (-one.count, one.step, one.state, one.reason))


def _missing(tx: sa.Connection, campaign: str, expected: int) -> int:
    """Return how many of the mails that finished walks should have had they had not, in any way."""
    query = (
        sa.select(sa.func.count())
        .select_from(deliveries)
        .join(enrollments, enrollments.c.id == deliveries.c.enrollment)
        .where(
            enrollments.c.campaign == campaign,
            enrollments.c.state == EnrollmentState.FINISHED.value,
            deliveries.c.state.in_(_FINAL),
        )
    )
    return expected - (tx.scalar(query) or 0)


def _forgotten(tx: sa.Connection, campaign: str) -> int:
    """Return how many walks go on with nothing that waits, or is known to be stuck."""
    going = sa.exists().where(
        deliveries.c.enrollment == enrollments.c.id,
        deliveries.c.state.not_in((DeliveryState.ACCEPTED.value, DeliveryState.SKIPPED.value)),
    )
    query = sa.select(sa.func.count()).select_from(enrollments)
    active = enrollments.c.state == EnrollmentState.ACTIVE.value
    return tx.scalar(query.where(enrollments.c.campaign == campaign, active, ~going)) or 0
