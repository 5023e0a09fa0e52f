"""From what a link names to the person, the campaign, the step and the mail it was made for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.audience import subscribers
from backmail.audience.subscribers import Person
from backmail.links import Links
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Message, Reader
from backmail.sending.delivery.writing import message_of, reader_of
from backmail.sending.published import Published, Shelf
from backmail.store import tables
from backmail.store.tables import campaigns, deliveries, enrollments
from backmail.store.walks import Letter, histories

__all__ = ["Known", "Mail", "Whose", "by_delivery", "mail_of", "whose"]

_DIGITS = 18  # all that fit into a column of ids


@dataclass(frozen=True, slots=True)
class Whose:
    """Who got a mail, and what it was about as far as that is still known.

    Attributes:
        subscriber: her id.
        campaign: the campaign's id, "" where it is not known.
        slug: the campaign's folder, "" where it is not known.
        system: whether the mail is one of the installation itself, such as the one to confirm.
        version: under which it was handed over; before that, or where that is not known, the one that is published.
    """

    subscriber: int
    campaign: str = ""
    slug: str = ""
    system: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Whose):
    """A delivery, as far as a reader's page needs it.

    Attributes:
        delivery: its id.
        step: the step's id.
        variant: which one was handed over.
        enrollment: of which walk.
        enrolled_at: when that walk began.
        sent_at: its first hand-over; before that its slot.
        zone: the IANA name of the zone its slot was counted in.
    """

    delivery: int
    step: str
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
    if not _is_number(text):
        return None
    number = int(text)
    if lock:
        _lock(tx, sa.select(deliveries.c.subscriber).where(deliveries.c.id == number).scalar_subquery())
    found = tx.execute(_DELIVERY, {"number": number}).one_or_none()
    return None if found is None else Known(**found._mapping)


def whose(tx: sa.Connection, text: str, *, lock: bool = False) -> Whose | None:
    """Return whose mail it was in which a link to unsubscribe stood, or None when she is not kept here any more.

    A database that was restored may not know the delivery, nor the enrollment; she herself is enough for a no. Each
    must be hers: a database that was put back by other means than `backmail db restore` gives ids a second time.

    Args:
        tx: a transaction; one that may write where `lock` is set.
        text: what the link holds, as `Links.for_reader` made it: the ids of the delivery, the enrollment and the
            subscriber, or the first alone.
        lock: as of `by_delivery`.
    """
    delivery, *beside = text.split(".")
    if len(beside) != 2 or not all(map(_is_number, beside)):
        return None if beside else by_delivery(tx, delivery, lock=lock)
    enrollment, subscriber = map(int, beside)
    if lock:
        _lock(tx, subscriber)
    known = by_delivery(tx, delivery)
    if known is not None and (known.enrollment, known.subscriber) == (enrollment, subscriber):
        return known
    walk = tx.execute(_ENROLLMENT, {"number": enrollment, "hers": subscriber}).one_or_none()
    if walk is not None:
        return Whose(**walk._mapping)
    kept = tx.scalar(sa.select(tables.subscribers.c.id).where(tables.subscribers.c.id == subscriber))
    return None if kept is None else Whose(subscriber)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def _lock(tx: sa.Connection, subscriber: int | sa.ScalarSelect[int]) -> None:
    tx.execute(sa.select(tables.subscribers.c.id).where(tables.subscribers.c.id == subscriber).with_for_update())


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was sent, or would be, with the version that it is of and who reads it."""

    step: Step
    published: Published
    person: Person
    reader: Reader
    message: Message

    @property
    def campaign(self) -> Campaign:
        """Its series."""
        return self.published.campaign


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
    reader = reader_of(published, letter, history, links)
    return Mail(step, published, person, reader, message_of(published, letter, history, links))


_DELIVERY = (
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

_ENROLLMENT = (
    sa.select(
        enrollments.c.subscriber, enrollments.c.campaign, campaigns.c.slug, campaigns.c.system, campaigns.c.version
    )
    .join_from(enrollments, campaigns, enrollments.c.campaign == campaigns.c.id)
    .where(enrollments.c.id == sa.bindparam("number"), enrollments.c.subscriber == sa.bindparam("hers"))
)
