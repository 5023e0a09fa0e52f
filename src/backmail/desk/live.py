"""Letting a campaign go: what whoever says so should see, the rules that no campaign goes against, and the record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlsplit

import sqlalchemy as sa

from backmail.config import Config
from backmail.desk.forecast import Starter, slots
from backmail.errors import Fault
from backmail.model.message import Composed, Slot
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.remarks import postal
from backmail.rendering import kept
from backmail.sending.operations.diary import note
from backmail.sending.published import Published, Shelf
from backmail.sending.steps import Course
from backmail.store.tables import campaigns, deliveries, enrollments, versions

__all__ = ["Due", "Standing", "forbidden", "forbidden_now", "go_live", "is_live", "standing"]

_UNSUBSCRIBE = ("links", "unsubscribe")
_BESIDE = re.compile(r"<img\b[^<>]*?\ssrc=\"(?!https?://)([^\"]+)\"", re.IGNORECASE)
_WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Due:
    """Mails that are due at one instant (UTC); `zone` is that of one of their readers."""

    at: dt.datetime
    zone: str
    mails: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a campaign stands that somebody wants to let go.

    Attributes:
        published_at, published_by: of its published version: when it passed its checks.
        live_at, live_by: since when it is live, and who said so; None while it is not.
        paused: whether it is paused.
        walking: how many people walk through it.
        first: the earliest instant at which mails that wait are due, None when none waits.
        busiest: the instant at which most of them are.
        days: how many days the series takes somebody who begins now.
    """

    published_at: dt.datetime
    published_by: str
    live_at: dt.datetime | None
    live_by: str | None
    paused: bool
    walking: int
    first: Due | None
    busiest: Due | None
    days: int


def standing(tx: sa.Connection, published: Published, *, now: dt.datetime, zone: str) -> Standing:
    """Return how a campaign stands.

    Args:
        tx: an open transaction.
        published: its published version.
        now: the present instant, UTC.
        zone: of the settings, an IANA name.
    """
    id_ = published.campaign.id
    row = tx.execute(
        sa.select(campaigns, versions.c.published_at, versions.c.published_by)
        .join(versions, versions.c.campaign == campaigns.c.id)
        .where(campaigns.c.id == id_, versions.c.number == published.number)
    ).one()
    walking = sa.select(sa.func.count()).where(
        enrollments.c.campaign == id_, enrollments.c.state == EnrollmentState.ACTIVE
    )
    by_slot = (
        sa.select(deliveries.c.due_at, sa.func.min(deliveries.c.zone).label("zone"), sa.func.count().label("mails"))
        .where(deliveries.c.campaign == id_, deliveries.c.state.in_(_WAITING))
        .group_by(deliveries.c.due_at)
    )
    earliest = tx.execute(by_slot.order_by(deliveries.c.due_at).limit(1)).first()
    busiest = tx.execute(by_slot.order_by(sa.desc("mails"), deliveries.c.due_at).limit(1)).first()
    ahead = list(slots(Course(published.campaign, zone), Starter(now)))
    return Standing(
        published_at=row.published_at,
        published_by=row.published_by,
        live_at=row.live_at,
        live_by=row.live_by,
        paused=row.paused_at is not None,
        walking=tx.execute(walking).scalar_one(),
        first=Due(*earliest) if earliest else None,
        busiest=Due(*busiest) if busiest else None,
        days=(ahead[-1].date - ahead[0].date).days,
    )


def forbidden(published: Published, config: Config) -> list[Fault]:
    """Return what stands between a campaign and its readers under this transport; nothing where it reaches nobody.

    Source: CAN-SPAM wants a postal address and a way to say no in every mail, Danish markedsføringsloven § 10 the same
    of every mail that advertises, and Gmail and Yahoo a link that works with one click (RFC 8058), which is https.
    """
    return [] if config.transport.rehearsal else list(_forbidden(published, config))


def forbidden_now(tx: sa.Connection, shelf: Shelf, config: Config) -> list[Fault]:
    """Return what stands between the campaigns that are live and their readers, under the transport of the settings.

    They may have gone live under another one, which reached nobody and asked for nothing.
    """
    if config.transport.rehearsal:
        return []
    live = sa.select(campaigns.c.id).where(campaigns.c.live_at.is_not(None), campaigns.c.version.is_not(None))
    faults: list[Fault] = []
    for id_ in tx.scalars(live.order_by(campaigns.c.slug)).all():
        published = shelf.newest(tx, id_)
        slug = published.campaign.slug
        faults += [replace(fault, message=f"{slug}: {fault.message}") for fault in _forbidden(published, config)]
    return faults


def go_live(tx: sa.Connection, campaign: str, *, now: dt.datetime, by: str) -> bool:
    """Let a campaign go, for good, and record who said so and when; return whether it was not live before.

    Args:
        tx: an open transaction that lasts (`engine.durable`).
        campaign: its id.
        now: the present instant, UTC.
        by: who says so, as the machine knows the operator.
    """
    mine = campaigns.update().where(campaigns.c.id == campaign, campaigns.c.live_at.is_(None))
    if not tx.execute(mine.values(live_at=now, live_by=by)).rowcount:
        return False
    note(tx, "live", campaign, now=now, by=by)
    return True


def is_live(tx: sa.Connection, campaign: str) -> bool:
    """Return whether a campaign, by its id, is live."""
    return tx.scalar(sa.select(campaigns.c.live_at).where(campaigns.c.id == campaign)) is not None


def _forbidden(published: Published, config: Config) -> Iterator[Fault]:
    for remark in postal(published.company.address):
        again = f"{remark.hint}, then: backmail apply {published.campaign.slug}"
        yield Fault(f"{remark.message} (rule footer-address)", hint=again)
    without = dict.fromkeys(one.step for one in _variants(published) if not _can_leave(one))
    for step in without:
        message = f"the mail {step!r} has no unsubscribe link in its HTML and its text (rule unsubscribe-link)"
        yield Fault(message, hint="in the theme, put {{ links.unsubscribe }} into both")
    for step, picture in dict.fromkeys(_unseen(published)):
        message = f"the picture {picture} of the mail {step!r} has no public address yet (rule img-not-public)"
        hint = f"put it into images/ of the campaign's folder, then: backmail apply {published.campaign.slug}"
        yield Fault(message, hint=hint)
    url = config.site.public_url
    if urlsplit(url).scheme != "https":
        message = f"site.public_url is not https: {url}" if url else "site.public_url is not set: links lead nowhere"
        yield Fault(f"{message} (rule public-url)", hint="set it in config.yaml to an https address of yours")


def _variants(published: Published) -> Iterator[Composed]:
    for body in published.stored.values():
        yield kept.read(body)[1]


def _unseen(published: Published) -> Iterator[tuple[str, str]]:
    """Give the pictures that no reader would see, each with its step: mail programs load them from the web alone."""
    for one in _variants(published):
        for piece in one.html:
            if isinstance(piece, str):
                yield from ((one.step, unescape(found)) for found in _BESIDE.findall(piece))


def _can_leave(composed: Composed) -> bool:
    return all(
        any(isinstance(piece, Slot) and piece.field.path == _UNSUBSCRIBE for piece in part)
        for part in (composed.html, composed.text)
    )
