"""The rows that decide what somebody gets, read in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.audience.dossier import Mail, Run, runs_of
from backmail.model.campaign import Campaign
from backmail.model.states import OnUncertain, SubscriberState
from backmail.sending.enrollment import Versions
from backmail.store.pauses import Pause, standing
from backmail.store.tables import campaigns, subscribers, suppressions

__all__ = ["Around", "Course", "Facts", "Mail", "No", "Person", "Run", "facts"]


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for everybody.

    `running`: whether an engine runs, as far as is known. `live_needed`: whether a campaign has to be live to send.
    """

    now: dt.datetime
    running: bool
    live_needed: bool
    paused: Pause | None


@dataclass(frozen=True, slots=True)
class No:
    """A reason not to write to an address: the word of it, the campaign's id ("" for all), since when."""

    reason: str
    scope: str
    since: dt.datetime
    lifted_at: dt.datetime | None
    because: str


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber, with every no that stands or stood."""

    id: int
    email: str
    state: SubscriberState
    zone: str | None
    added_at: dt.datetime
    paused_until: dt.datetime | None
    noes: tuple[No, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A campaign as far as it decides; `published` is None before the first `apply`."""

    id: str
    slug: str
    system: bool
    to_pending: bool
    live: bool
    on_uncertain: OnUncertain
    pause: Pause | None
    published: Campaign | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known: the person, her walks in the order in which they began, all campaigns by id."""

    person: Person
    around: Around
    runs: tuple[Run, ...]
    courses: Mapping[str, Course] = field(default_factory=dict)


def facts(
    tx: sa.Connection, versions: Versions, subscriber: int, *, now: dt.datetime, live_needed: bool, running: bool
) -> Facts:
    """Read what decides about a person.

    Args:
        tx: an open transaction.
        versions: where published versions are had from.
        subscriber: her id.
        now: the present instant.
        live_needed: whether only campaigns that are live may send, as with any transport that reaches people.
        running: whether an engine runs, True where nobody can tell.
    """
    pauses = standing(tx)
    around = Around(now, running, live_needed, pauses.get(None))
    return Facts(_person(tx, subscriber), around, runs_of(tx, subscriber), _courses(tx, versions, pauses))


def _person(tx: sa.Connection, subscriber: int) -> Person:
    row = tx.execute(subscribers.select().where(subscribers.c.id == subscriber)).one()
    query = suppressions.select().where(suppressions.c.address == row.address).order_by(suppressions.c.id)
    noes = tuple(
        No(one.reason, one.scope, one.since, one.lifted_at, one.lifted_because or "") for one in tx.execute(query)
    )
    state = SubscriberState(row.state)
    return Person(row.id, row.email, state, row.zone, row.added_at, row.paused_until, noes)


def _courses(tx: sa.Connection, versions: Versions, pauses: Mapping[str | None, Pause]) -> dict[str, Course]:
    rows = tx.execute(campaigns.select().order_by(campaigns.c.slug)).all()
    any_live = any(row.live_at is not None for row in rows)
    return {
        row.id: Course(
            id=row.id,
            slug=row.slug,
            system=row.system,
            to_pending=row.to_pending,
            live=row.live_at is not None or (row.system and any_live),
            on_uncertain=OnUncertain(row.on_uncertain),
            pause=pauses.get(row.id),
            published=None if row.version is None else versions.get(tx, row.id, row.version).campaign,
        )
        for row in rows
    }
