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

__all__ = ["Dossier", "Mail", "Walk", "dossier"]


@dataclass(frozen=True, slots=True)
class Mail:
    """A delivery: one step of a campaign, for her. `due_at` is its slot; all instants are in UTC."""

    id: int
    step: str
    state: DeliveryState
    reason: str | None
    due_at: dt.datetime
    zone: str
    first_handed_at: dt.datetime | None
    accepted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Walk:
    """An enrollment of hers, with its deliveries in the order in which they were planned."""

    campaign: str
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
    walks: tuple[Walk, ...]


def dossier(tx: sa.Connection, person: Person) -> Dossier:
    """Return all that is known of a person, the oldest first."""
    mails: defaultdict[int, list[Mail]] = defaultdict(list)
    hers = deliveries.c.subscriber == person.id
    for row in tx.execute(deliveries.select().where(_enrolled(person.id), hers).order_by(deliveries.c.id)):
        mails[row.enrollment].append(_mail(row))
    query = (
        sa.select(enrollments, campaigns.c.slug)
        .join(campaigns, campaigns.c.id == enrollments.c.campaign)
        .where(enrollments.c.subscriber == person.id)
        .order_by(enrollments.c.id)
    )
    return Dossier(
        person,
        tuple(consents.of(tx, person.id)),
        tuple(suppressions.of(tx, person.address)),
        tuple(_walk(row, mails[row.id]) for row in tx.execute(query)),
    )


def _enrolled(id_: int) -> sa.ColumnElement[bool]:
    """Return the condition that a delivery is of one of a person's enrollments: deliveries are indexed by these."""
    theirs = sa.select(enrollments.c.id).where(enrollments.c.subscriber == id_)
    return deliveries.c.enrollment.in_(theirs)


def _walk(row: sa.Row[Any], mails: list[Mail]) -> Walk:
    state = EnrollmentState(row.state)
    return Walk(row.slug, row.run, state, row.reason, row.started_at, row.ended_at, tuple(mails))


def _mail(row: sa.Row[Any]) -> Mail:
    state = DeliveryState(row.state)
    times = (row.due_at, row.zone, row.first_handed_at, row.accepted_at)
    return Mail(row.id, row.step, state, row.reason, *times)
