"""From the delivery that a link names to the person, the campaign, the step and the mail it was made for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.audience import subscribers
from backmail.audience.subscribers import Person
from backmail.links import Links
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Message
from backmail.sending.delivery.writing import message_of
from backmail.sending.published import Shelf
from backmail.store import tables
from backmail.store.tables import campaigns, deliveries, enrollments
from backmail.store.walks import Letter, histories

__all__ = ["Known", "Mail", "by_delivery", "mail_of"]

_DIGITS = 18  # all that fit into a column of ids


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery, as far as a reader's page needs it.

    Attributes:
        delivery: its id.
        subscriber: whose it is.
        campaign: the campaign's id.
        slug: the campaign's folder.
        system: whether the mail is one of the installation itself, such as the one to confirm.
        step: the step's id.
        version: under which it was handed over; before that the one that is published.
        variant: which one was handed over.
        enrollment: of which walk.
        enrolled_at: when that walk began.
        sent_at: its first hand-over; before that its slot.
        zone: the IANA name of the zone its slot was counted in.
    """

    delivery: int
    subscriber: int
    campaign: str
    slug: str
    system: bool
    step: str
    version: int | None
    variant: str | None
    enrollment: int
    enrolled_at: dt.datetime
    sent_at: dt.datetime
    zone: str


def by_delivery(tx: sa.Connection, text: str, *, lock: bool = False) -> Known | None:
    """Return what is known of a delivery, or None when it is no longer there, or was a sample that never was.

    Args:
        tx: a transaction; one that may write where `lock` is set.
        text: the delivery's id as links hold it.
        lock: keep the person's row until the transaction ends, so that of two answers of hers one is strictly first.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    number = int(text)
    if lock:
        owner = sa.select(deliveries.c.subscriber).where(deliveries.c.id == number).scalar_subquery()
        tx.execute(sa.select(tables.subscribers.c.id).where(tables.subscribers.c.id == owner).with_for_update())
    found = tx.execute(_QUERY, {"number": number}).one_or_none()
    return None if found is None else Known(**found._mapping)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was sent, or would be."""

    step: Step
    campaign: Campaign
    person: Person
    message: Message


def mail_of(tx: sa.Connection, versions: Shelf, links: Links, known: Known) -> Mail | None:
    """Return a delivery's mail, written as the pump writes it; None when its step is no longer published.

    Raises:
        TemplateError: it cannot be rendered.
        AddressError: a value of the reader's cannot stand in it.
    """
    if known.version is None:
        return None
    published = versions.get(tx, known.campaign, known.version)
    step = published.campaign.step(known.step)
    if step is None:
        return None
    person = subscribers.get(tx, known.subscriber)
    letter = Letter(
        known.delivery,
        known.enrollment,
        known.subscriber,
        known.campaign,
        known.step,
        known.version,
        known.variant,
        person.subscriber,
    )
    history = histories(tx, [known.enrollment])[known.enrollment]
    return Mail(step, published.campaign, person, message_of(published, letter, history, links))


_QUERY = (
    sa.select(
        deliveries.c.id.label("delivery"),
        deliveries.c.subscriber,
        deliveries.c.campaign,
        campaigns.c.slug,
        deliveries.c.system,
        deliveries.c.step,
        sa.func.coalesce(deliveries.c.version, campaigns.c.version).label("version"),
        deliveries.c.variant,
        deliveries.c.enrollment,
        enrollments.c.started_at.label("enrolled_at"),
        sa.func.coalesce(deliveries.c.first_handed_at, deliveries.c.due_at).label("sent_at"),
        deliveries.c.zone,
    )
    .join_from(deliveries, enrollments, deliveries.c.enrollment == enrollments.c.id)
    .join(campaigns, deliveries.c.campaign == campaigns.c.id)
    .where(deliveries.c.id == sa.bindparam("number"))
)
