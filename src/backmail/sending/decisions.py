"""What a person's word does to her mails: yes, no, not now, not so fast; each within the caller's own transaction.

A no meets the hand-over on the delivery's row: one of the two is strictly first. Callers open the transaction with
`store.engine.durable`, so that no power cut forgets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.audience import consents, suppressions, tags
from backmail.audience.consents import Act
from backmail.errors import UnknownName
from backmail.model.campaign import Start, StartKind
from backmail.model.states import DeliveryState, EnrollmentState, SubscriberState, SuppressionReason
from backmail.sending.enrollment import Versions, enroll
from backmail.sending.published import Shelf
from backmail.sending.reasons import Reason, read, word
from backmail.sending.replanning import Replanned, replan, walking
from backmail.sending.starting import published, start
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries, enrollments, subscribers
from backmail.store.tables import tags as tags_table

__all__ = [
    "CONFIRM",
    "Shown",
    "ask_to_confirm",
    "changed",
    "confirm",
    "exit_campaign",
    "pause",
    "resume",
    "tagged",
    "undo",
    "unsubscribe",
]

CONFIRM = "_confirm"  # the system campaign that asks whether an address is meant to get mail
UNDO = dt.timedelta(days=30)  # how long a no can be taken back with the link that said it
_ASK_AGAIN = dt.timedelta(minutes=15)
_ASK_A_DAY = 3
# What a fresh opt-in lifts: of somebody who was erased we know only that she said no.
_HER_OWN = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED)
_REACHES_SYSTEM = (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody saw when she agreed: the text with its version and language, and where that was."""

    text: str
    version: str
    language: str
    source: str


def unsubscribe(
    tx: sa.Connection,
    subscriber: int,
    *,
    now: dt.datetime,
    campaign: str = "",
    reason: SuppressionReason = SuppressionReason.UNSUBSCRIBED,
) -> bool:
    """Write nothing more to a person, and end what she walks through; what was handed over before may still arrive.

    Args:
        tx: a durable transaction.
        subscriber: her id.
        now: the present instant, UTC.
        campaign: the only campaign that it is about, by its id; "" for all mail of this sender.
        reason: why. Only a dead address and a complaint stop system mails too.

    Returns:
        Whether that is new; False when it was so already.
    """
    address = tx.scalar(sa.select(subscribers.c.address).where(subscribers.c.id == subscriber).with_for_update())
    if address is None:
        return False
    new = suppressions.suppress(tx, address, reason, now=now, scope=campaign)
    for each in _walked(tx, subscriber, campaign, system=reason in _REACHES_SYSTEM):
        exit_campaign(tx, subscriber, each, reason=read(reason)[0], now=now)
    return new


def undo(
    tx: sa.Connection, versions: Versions, subscriber: int, *, now: dt.datetime, zone: str, campaign: str = ""
) -> bool:
    """Take an unsubscribe back that is not older than 30 days: she goes on where she was.

    Returns:
        Whether there was one to take back.
    """
    address = tx.scalar(sa.select(subscribers.c.address).where(subscribers.c.id == subscriber).with_for_update())
    since = _said_no(tx, address, campaign, now) if address else None
    if address is None or since is None:
        return False
    suppressions.lift(
        tx, address, [SuppressionReason.UNSUBSCRIBED], because=suppressions.UNDONE, now=now, scope=campaign
    )
    still = {each.scope for each in suppressions.standing(tx, address)}
    if suppressions.EVERYWHERE in still:
        return True  # another no stands: what this one ended goes on when that one is taken back
    undone = {each.since for each in suppressions.of(tx, address) if each.lifted_because == suppressions.UNDONE}
    ended = _ended(tx, subscriber)
    again = _reopen(tx, subscriber, campaign, since, still, undone)
    again = _without_those_that_a_tag_ended(tx, versions, subscriber, {id_: ended[id_] for id_ in again}, now)
    _revive(tx, again, now)
    replan(tx, versions, again, now=now, zone=zone, retries=True)
    return True


def exit_campaign(
    tx: sa.Connection, subscriber: int, campaign: str, *, reason: Reason, now: dt.datetime, detail: str = ""
) -> bool:
    """Take a person out of a campaign: nothing more of it is handed over. Return whether she walked through it."""
    # Deliveries before the enrollment, as whoever works on them takes them: so nobody waits in a circle.
    queue.skip_open(tx, subscriber, reason=word(reason, detail), campaign=campaign)
    ended = tx.execute(
        enrollments.update()
        .where(
            enrollments.c.subscriber == subscriber,
            enrollments.c.campaign == campaign,
            enrollments.c.state == EnrollmentState.ACTIVE,
        )
        .values(state=EnrollmentState.EXITED, reason=word(reason, detail), ended_at=now)
    ).rowcount
    if ended:  # what was planned between the two; from here on nothing is
        queue.skip_open(tx, subscriber, reason=word(reason, detail), campaign=campaign)
    return bool(ended)


def pause(
    tx: sa.Connection, versions: Versions, subscriber: int, until: dt.datetime, *, now: dt.datetime, zone: str
) -> Replanned:
    """Let a person's mails rest until an instant (UTC); each then comes in the first slot that is open."""
    tx.execute(subscribers.update().where(subscribers.c.id == subscriber).values(paused_until=until))
    queue.withhold(tx, subscriber)
    ids = walking(tx, subscriber=subscriber)
    return replan(tx, versions, ids, now=now, zone=zone, not_before=until, retries=True)


def resume(tx: sa.Connection, versions: Versions, subscriber: int, *, now: dt.datetime, zone: str) -> Replanned:
    """End a person's pause: her mails come in their next slots."""
    tx.execute(subscribers.update().where(subscribers.c.id == subscriber).values(paused_until=None))
    return replan(tx, versions, walking(tx, subscriber=subscriber), now=now, zone=zone, retries=True)


def changed(tx: sa.Connection, versions: Versions, subscriber: int, *, now: dt.datetime, zone: str) -> Replanned:
    """Plan a person's mails anew, after her zone or her wishes changed; a pause of hers still holds."""
    until = tx.scalar(sa.select(subscribers.c.paused_until).where(subscribers.c.id == subscriber))
    not_before = until if until and until > now else None
    ids = walking(tx, subscriber=subscriber)
    return replan(tx, versions, ids, now=now, zone=zone, not_before=not_before)


def confirm(
    tx: sa.Connection, shelf: Shelf, subscriber: int, shown: Shown, *, now: dt.datetime, zone: str
) -> list[str]:
    """Record that a person wants mail: she is active, an earlier unsubscribe is lifted, what waited for it starts.

    To confirm twice does no harm.

    Returns:
        The ids of the campaigns that she walks through from now on.
    """
    row = tx.execute(
        sa.select(subscribers.c.address, subscribers.c.state).where(subscribers.c.id == subscriber).with_for_update()
    ).one_or_none()
    if row is None:
        return []
    lifted = suppressions.lift(tx, row.address, _HER_OWN, because="confirmed anew", now=now)
    if row.state == SubscriberState.ACTIVE and not lifted:
        return []
    tx.execute(subscribers.update().where(subscribers.c.id == subscriber).values(state=SubscriberState.ACTIVE))
    consents.record(
        tx,
        subscriber,
        Act.CONFIRMED,
        shown=shown.text,
        version=shown.version,
        language=shown.language,
        source=shown.source,
        now=now,
    )
    _stop_asking(tx, subscriber, now)
    started = start(tx, shelf, [subscriber], Start(StartKind.CONFIRMED), now=now, zone=zone)
    for tag in tags.tags_of(tx, [subscriber]).get(subscriber, ()):
        started += start(tx, shelf, [subscriber], Start(StartKind.TAG, tag), now=now, zone=zone)
    return started


def tagged(
    tx: sa.Connection, shelf: Shelf, people: Iterable[int], words: Iterable[str], *, now: dt.datetime, zone: str
) -> list[str]:
    """Do what new tags bring about: campaigns that end with one, then those that start with one.

    Returns:
        The ids of the campaigns that somebody walks through from now on.
    """
    started: list[str] = []
    everybody = sorted(set(people))
    for tag in sorted(set(words)):
        for campaign in published(tx, shelf):
            if tag in campaign.exits:
                for person in everybody:
                    exit_campaign(tx, person, campaign.id, reason=Reason.TAG, detail=tag, now=now)
        started += start(tx, shelf, everybody, Start(StartKind.TAG, tag), now=now, zone=zone)
    return started


def ask_to_confirm(tx: sa.Connection, shelf: Shelf, subscriber: int, *, now: dt.datetime, zone: str) -> bool:
    """Send a person the mail that asks whether she wants any; return False when she was asked too often already.

    At most one in 15 minutes and three a day: else anybody could have us write to somebody again and again.

    Raises:
        UnknownName: backmail's own mails were never published.
    """
    row = tx.execute(
        sa.select(campaigns.c.id, campaigns.c.version).where(campaigns.c.slug == CONFIRM, campaigns.c.system)
    ).one_or_none()
    if row is None or row.version is None:
        message = "the mail that asks people to confirm is not published yet"
        raise UnknownName(message, next_command="backmail apply")
    asked = tx.scalars(
        sa.select(enrollments.c.started_at).where(
            enrollments.c.subscriber == subscriber,
            enrollments.c.campaign == row.id,
            enrollments.c.started_at > now - dt.timedelta(days=1),
        )
    ).all()
    if len(asked) >= _ASK_A_DAY or any(at > now - _ASK_AGAIN for at in asked):
        return False
    return bool(enroll(tx, shelf.get(tx, row.id, row.version), [subscriber], now=now, zone=zone).enrollments)


def _stop_asking(tx: sa.Connection, subscriber: int, now: dt.datetime) -> None:
    """Take back a question that is still on its way: she has answered it elsewhere."""
    asking = sa.select(campaigns.c.id).where(campaigns.c.slug == CONFIRM, campaigns.c.system)
    for campaign in tx.scalars(asking).all():
        exit_campaign(tx, subscriber, campaign, reason=Reason.EXITED, detail="confirmed", now=now)


def _walked(tx: sa.Connection, subscriber: int, campaign: str, *, system: bool) -> list[str]:
    """Return the campaigns that a person walks through, or had a delivery left open of."""
    query = (
        sa.select(enrollments.c.campaign)
        .join(campaigns, campaigns.c.id == enrollments.c.campaign)
        .where(enrollments.c.subscriber == subscriber, enrollments.c.state == EnrollmentState.ACTIVE)
    )
    if campaign:
        query = query.where(enrollments.c.campaign == campaign)
    if not system:
        query = query.where(~campaigns.c.system)
    return sorted(set(tx.scalars(query)))


def _said_no(tx: sa.Connection, address: str, campaign: str, now: dt.datetime) -> dt.datetime | None:
    """Return when somebody unsubscribed, None when she did not or too long ago to take it back."""
    for each in suppressions.standing(tx, address):
        if each.reason is SuppressionReason.UNSUBSCRIBED and each.scope == campaign and each.since >= now - UNDO:
            return each.since
    return None


def _reopen(
    tx: sa.Connection, subscriber: int, campaign: str, since: dt.datetime, still: set[str], undone: set[dt.datetime]
) -> list[int]:
    """Make the enrollments active again that a no ended at the instant `since` or later, and return their ids.

    `still` are the campaigns that she wants no mail of whatever becomes of this no. `undone` are the instants of noes
    that were taken back: of two, the first one ended it, whichever is taken back last.
    """
    later = enrollments.alias("later")
    ended = sa.select(enrollments.c.id).where(
        enrollments.c.subscriber == subscriber,
        enrollments.c.state == EnrollmentState.EXITED,
        enrollments.c.reason == str(Reason.UNSUBSCRIBED),
        sa.or_(enrollments.c.ended_at >= since, enrollments.c.ended_at.in_(sorted(undone))),
        enrollments.c.campaign.not_in(still),
        ~sa.exists().where(
            later.c.subscriber == subscriber,
            later.c.campaign == enrollments.c.campaign,
            later.c.run > enrollments.c.run,
        ),
    )
    if campaign:
        ended = ended.where(enrollments.c.campaign == campaign)
    ids = list(tx.scalars(ended.order_by(enrollments.c.id)))
    tx.execute(
        enrollments.update()
        .where(enrollments.c.id.in_(ids))
        .values(state=EnrollmentState.ACTIVE, reason=None, ended_at=None)
    )
    return ids


def _ended(tx: sa.Connection, subscriber: int) -> dict[int, dt.datetime]:
    """Return when each of her enrollments ended that did."""
    over = enrollments.c.subscriber == subscriber, enrollments.c.ended_at.is_not(None)
    return dict(tx.execute(sa.select(enrollments.c.id, enrollments.c.ended_at).where(*over)).all())


def _without_those_that_a_tag_ended(
    tx: sa.Connection, versions: Versions, subscriber: int, again: dict[int, dt.datetime], now: dt.datetime
) -> list[int]:
    """End what a tag ends that she got after her no, which found nothing to end then, and return what goes on.

    `again`: since when each of the enrollments was over.
    """
    hers = tags_table.c.subscriber == subscriber
    got = dict(tx.execute(sa.select(tags_table.c.tag, tags_table.c.since).where(hers)).all())
    walked = (
        sa.select(enrollments.c.id, campaigns.c.id.label("campaign"), campaigns.c.version)
        .join(campaigns, campaigns.c.id == enrollments.c.campaign)
        .where(enrollments.c.id.in_(again), campaigns.c.version.is_not(None))
    )
    over: set[int] = set()
    for id_, campaign, version in tx.execute(walked.order_by(enrollments.c.id)).all() if got else ():
        exits = versions.get(tx, campaign, version).campaign.exits
        ended_by = sorted(tag for tag in exits if tag in got and got[tag] >= again[id_])
        if ended_by:
            exit_campaign(tx, subscriber, campaign, reason=Reason.TAG, detail=ended_by[0], now=now)
            over.add(id_)
    return [id_ for id_ in again if id_ not in over]


def _revive(tx: sa.Connection, walked: list[int], now: dt.datetime) -> None:
    """Let what a no skipped wait again, in its old slot; `replan` finds the right one.

    What was handed over at that moment and came back later was stopped by the next hand-over, with a word of its own.
    """
    last = sa.select(sa.func.max(deliveries.c.id)).where(deliveries.c.enrollment.in_(walked))
    stopped = deliveries.c.reason.in_((str(Reason.SUPPRESSED), str(Reason.EXITED)))
    skipped = tx.execute(
        sa.select(deliveries).where(
            deliveries.c.enrollment.in_(walked),
            deliveries.c.state == DeliveryState.SKIPPED,
            sa.or_(
                deliveries.c.reason == str(Reason.UNSUBSCRIBED),
                sa.and_(stopped, deliveries.c.id.in_(last.group_by(deliveries.c.enrollment))),
            ),
        )
    )
    queue.revive(tx, [(row.id, queue.slot_of(row), max(now, row.due_at)) for row in skipped])
