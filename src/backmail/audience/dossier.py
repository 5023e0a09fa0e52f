"""All that is known of one person, in one value: who she is, what she agreed to, what she was sent and will be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail.audience import consents, suppressions
from backmail.audience.consents import Consent
from backmail.audience.subscribers import Person
from backmail.audience.suppressions import Suppression
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.store.tables import campaigns, deliveries, enrollments

__all__ = ["Dossier", "Mail", "Run", "dossier", "runs_of"]


@dataclass(frozen=True, slots=True)
class Mail:
    """A delivery: one step of a campaign, for her. `due_at` is its slot; all instants are in UTC."""

    id: int
    step: str
    state: DeliveryState
    reason: str | None
    due_at: dt.datetime
    closes_at: dt.datetime
    zone: str
    next_try_at: dt.datetime | None
    hand_overs: int
    first_handed_at: dt.datetime | None
    accepted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """An enrollment of hers, with its deliveries in the order in which they were planned. `campaign` is the id."""

    id: int
    campaign: str
    slug: str
    run: int
    state: EnrollmentState
    reason: str | None
    started_at: dt.datetime
    ended_at: dt.datetime | None
    mails: tuple[Mail, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person, her record of consents, all that stands or stood against her address, and her enrollments."""

    person: Person
    consents: tuple[Consent, ...]
    suppressions: tuple[Suppression, ...]
    runs: tuple[Run, ...]


def dossier(tx: sa.Connection, person: Person) -> Dossier:
    """Return all that is known of a person, the oldest first."""
    return Dossier(
        person,
        tuple(consents.of(tx, person.id)),
        tuple(suppressions.of(tx, person.address)),
        runs_of(tx, person.id),
    )


def runs_of(tx: sa.Connection, subscriber: int) -> tuple[Run, ...]:
    """Return a person's enrollments with their deliveries, in the order in which they began."""
    mails: defaultdict[int, list[Mail]] = defaultdict(list)
    hers = deliveries.c.subscriber == subscriber
    for row in tx.execute(deliveries.select().where(_enrolled(subscriber), hers).order_by(deliveries.c.id)):
        mails[row.enrollment].append(_mail(row))
    query = (
        sa.select(enrollments, campaigns.c.slug)
        .join(campaigns, campaigns.c.id == enrollments.c.campaign)
        .where(enrollments.c.subscriber == subscriber)
        .order_by(enrollments.c.id)
    )
    return tuple(_run(row, mails[row.id]) for row in tx.execute(query))


def _enrolled(id_: int) -> sa.ColumnElement[bool]:
    """Return the condition that a delivery is of one of a person's enrollments: deliveries are indexed by these."""
    theirs = sa.select(enrollments.c.id).where(enrollments.c.subscriber == id_)
    return deliveries.c.enrollment.in_(theirs)


def _run(row: sa.Row[Any], mails: list[Mail]) -> Run:
    state, times = EnrollmentState(row.state), (row.started_at, row.ended_at)
    return Run(row.id, row.campaign, row.slug, row.run, state, row.reason, *times, tuple(mails))


def _mail(row: sa.Row[Any]) -> Mail:
    slot = (row.due_at, row.closes_at, row.zone)
    tries = (row.next_try_at, row.hand_overs, row.first_handed_at, row.accepted_at)
    return Mail(row.id, row.step, DeliveryState(row.state), row.reason, *slot, *tries)
