"""How everything stands: what waits for a person first, then each campaign, the engine and the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.operations.retries import waits_for
from backmail.sending.operations.settling import held, held_by_restore
from backmail.sending.reasons import Reason, read
from backmail.store.pauses import Pause, standing
from backmail.store.tables import campaigns, deliveries, due, engine, enrollments

__all__ = ["CampaignStatus", "Status", "Want", "late", "status"]

LATE = dt.timedelta(minutes=10)  # by then an engine that runs has sent it, but for a line that is long

_BEFORE = "may have gone out before the database was restored"
# Of one mail, and of many.
_TEXTS = {
    Reason.RESTORED: (f"{_BEFORE}: somebody has to decide", f"{_BEFORE}: somebody has to decide"),
    Reason.HELD: ("may have arrived or not: somebody has to decide", "may have arrived or not: somebody has to decide"),
    Reason.ACCOUNT: ("waits: the provider refused our account", "wait: the provider refused our account"),
    Reason.POLICY: ("waits: our set-up or our name was refused", "wait: our set-up or our name was refused"),
    Reason.RENDER: ("could not be rendered", "could not be rendered"),
    Reason.MESSAGE: ("was refused for what it is", "were refused for what they are"),
    Reason.NOT_SENT: ("could not leave, and is tried again", "could not leave, and are tried again"),
    Reason.DUE: ("is late", "are late"),
    Reason.NO_ENGINE: ("is due, and no engine is running", "are due, and no engine is running"),
    Reason.NOT_LIVE: ("waits until it is live", "wait until it is live"),
    Reason.CAMPAIGN_PAUSED: ("waits for the end of its pause", "wait for the end of its pause"),
    Reason.ALL_PAUSED: ("waits: all sending is paused", "wait: all sending is paused"),
}
_ORDER = (Reason.ACCOUNT, Reason.POLICY, Reason.RENDER, Reason.MESSAGE)
_COMMANDS = {Reason.RESTORED: "settle", Reason.HELD: "settle"}
_COMMANDS |= {Reason.NO_ENGINE: "run", Reason.DUE: "doctor", Reason.NOT_SENT: "doctor"}
_COMMANDS |= {Reason.NOT_LIVE: "live", Reason.CAMPAIGN_PAUSED: "resume", Reason.ALL_PAUSED: "resume"}
_OF_ALL = (Reason.NO_ENGINE, Reason.DUE, Reason.NOT_SENT, Reason.ALL_PAUSED)  # what to type names no campaign


@dataclass(frozen=True, slots=True)
class Want:
    """Something that wants a person: how many mails of a campaign, why, and an example of what was said."""

    reason: Reason
    campaign: str
    count: int
    example: str = ""

    @property
    def text(self) -> str:
        """It in one line."""
        text = _TEXTS[self.reason][self.count != 1]
        mails = "1 mail" if self.count == 1 else f"{self.count:,} mails"
        return f"{self.campaign}: {mails} {text}" + (f" ({self.example})" if self.example else "")

    @property
    def command(self) -> str:
        """What to type about it."""
        verb = _COMMANDS.get(self.reason, "retry")
        return f"backmail {verb}" if self.reason in _OF_ALL else f"backmail {verb} {self.campaign}"


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """A campaign: may it send, who walks it, what became of its mails, when the next comes up, how many are late."""

    id: str
    slug: str
    version: int | None
    live_at: dt.datetime | None
    pause: Pause | None
    people: dict[EnrollmentState, int] = field(default_factory=dict)
    mails: dict[DeliveryState, int] = field(default_factory=dict)
    next_at: dt.datetime | None = None
    late: int = 0
    system: bool = False  # backmail's own


@dataclass(frozen=True, slots=True)
class Status:
    """How everything stands.

    `pause`: of all sending. `running`: whether an engine runs, None where nobody can tell. `size`: of the database in
    bytes, 0 for one in memory.
    """

    now: dt.datetime
    wants: tuple[Want, ...]
    campaigns: tuple[CampaignStatus, ...]
    pause: Pause | None
    running: bool | None
    size: int


def status(tx: sa.Connection, now: dt.datetime, *, live_needed: bool, running: bool | None = None) -> Status:
    """Return how everything stands. It counts all deliveries, and so reads all of them.

    Args:
        tx: an open transaction; nothing is written.
        now: the present instant.
        live_needed: whether only campaigns that are live may send, as with any transport that reaches people.
        running: whether an engine runs, None where nobody can tell.
    """
    pauses = standing(tx)
    waiting = late(tx, now, live_needed=live_needed)
    found = tuple(_campaigns(tx, pauses, waiting))
    wants = [*_wants(tx), *_due(tx, found, now, live_needed, running), *_stopped_by_hand(found, pauses, live_needed)]
    return Status(now, tuple(wants), found, pauses.get(None), running, _size(tx))


def late(tx: sa.Connection, now: dt.datetime, *, live_needed: bool) -> dict[str, int]:
    """Return how many mails of each campaign, by id, could have gone for ten minutes or more and did not."""
    c, d = campaigns.c, deliveries.c
    query = (
        sa.select(due.c.campaign, sa.func.count())
        .join(deliveries, d.id == due.c.delivery)
        .join(campaigns, c.id == due.c.campaign)
        .where(
            due.c.next_try_at <= now - LATE,
            sa.or_(d.hand_overs > 0, d.closes_at > now),
            c.version.is_not(None),
            c.paused_at.is_(None),
            ~sa.exists().where(engine.c.paused_at.is_not(None)),
        )
        .group_by(due.c.campaign)
    )
    if live_needed:
        other = campaigns.alias()
        any_live = sa.exists(sa.select(other.c.id).where(other.c.live_at.is_not(None)))
        query = query.where(sa.or_(c.live_at.is_not(None), sa.and_(c.system, any_live)))
    return {row[0]: row[1] for row in tx.execute(query)}


def _campaigns(tx: sa.Connection, pauses: dict[str | None, Pause], waiting: dict[str, int]) -> Iterator[CampaignStatus]:
    people = _counts(tx, enrollments)
    mails = _counts(tx, deliveries)
    first = sa.select(sa.func.min(due.c.next_try_at)).where(due.c.campaign == campaigns.c.id).scalar_subquery()
    c = campaigns.c
    query = sa.select(c.id, c.slug, c.version, c.live_at, c.system, first.label("first")).order_by(c.system, c.slug)
    for row in tx.execute(query):
        yield CampaignStatus(
            id=row.id,
            slug=row.slug,
            version=row.version,
            live_at=row.live_at,
            pause=pauses.get(row.id),
            people={state: people.get((row.id, state), 0) for state in EnrollmentState},
            mails={state: mails.get((row.id, state), 0) for state in DeliveryState},
            next_at=row.first,
            late=waiting.get(row.id, 0),
            system=row.system,
        )


def _counts(tx: sa.Connection, table: sa.Table) -> dict[tuple[str, str], int]:
    query = sa.select(table.c.campaign, table.c.state, sa.func.count()).group_by(table.c.campaign, table.c.state)
    return {(campaign, state): count for campaign, state, count in tx.execute(query)}


def _wants(tx: sa.Connection) -> Iterator[Want]:
    """Yield what went wrong and wants a person, what may be lost first."""
    restored = held_by_restore(tx)
    yield from (Want(Reason.RESTORED, slug, count) for slug, count in restored.items())
    others = {slug: count - restored.get(slug, 0) for slug, count in held(tx).items()}
    yield from (Want(Reason.HELD, slug, count) for slug, count in others.items() if count)
    stopped = [Want(Reason(why), slug, count, _example(text)) for slug, why, count, text in tx.execute(_stopped())]
    yield from sorted(stopped, key=lambda want: _ORDER.index(want.reason))
    for slug, count in tx.execute(_cut_off()):
        yield Want(Reason.NOT_SENT, slug, count)


def _due(
    tx: sa.Connection, found: tuple[CampaignStatus, ...], now: dt.datetime, live_needed: bool, running: bool | None
) -> Iterator[Want]:
    """Yield what could go and does not: at once where no engine runs, and else when it is late."""
    waiting = late(tx, now + LATE, live_needed=live_needed) if running is False else {}
    for campaign in found:
        count = waiting.get(campaign.id, 0) if running is False else campaign.late
        if count:
            yield Want(Reason.NO_ENGINE if running is False else Reason.DUE, campaign.slug, count)


def _stopped_by_hand(
    found: tuple[CampaignStatus, ...], pauses: dict[str | None, Pause], live_needed: bool
) -> Iterator[Want]:
    """Yield what waits for a word of the operator: that it is live, or that a pause is over."""
    for campaign in found:
        waiting = campaign.mails[DeliveryState.PLANNED] + campaign.mails[DeliveryState.DEFERRED]
        if not waiting or campaign.system:
            continue
        if None in pauses:
            yield Want(Reason.ALL_PAUSED, campaign.slug, waiting)
        elif campaign.pause:
            yield Want(Reason.CAMPAIGN_PAUSED, campaign.slug, waiting)
        elif live_needed and campaign.live_at is None:
            yield Want(Reason.NOT_LIVE, campaign.slug, waiting)


def _stopped() -> sa.Select[str, str, int, str]:
    """Return the question for what `retry` would put back: campaign, reason, how many, one of them in its own words."""
    d, c, why = deliveries.c, campaigns.c, waits_for()
    return (
        sa.select(c.slug, why.label("why"), sa.func.count(), sa.func.min(d.reason))
        .join(campaigns, c.id == d.campaign)
        .join(enrollments, enrollments.c.id == d.enrollment)
        .where(enrollments.c.state == EnrollmentState.ACTIVE.value, why.is_not(None))
        .group_by(c.slug, sa.literal_column("why"))
        .order_by(c.slug)
    )


def _cut_off() -> sa.Select[str, int]:
    """Return the question for what could not leave: the way to the relay is shut, or the relay itself."""
    d, c, words = deliveries.c, campaigns.c, Reason.NOT_SENT.value
    return (
        sa.select(c.slug, sa.func.count())
        .join(campaigns, c.id == d.campaign)
        .where(d.state == DeliveryState.DEFERRED.value)
        .where(sa.or_(d.reason == words, d.reason.startswith(f"{words}:", autoescape=True)))
        .group_by(c.slug)
        .order_by(c.slug)
    )


def _example(text: str) -> str:
    """Return what was said, where that names a file; what a server says may name a reader."""
    reason, detail = read(text)
    return detail if reason is Reason.RENDER else ""


def _size(tx: sa.Connection) -> int:
    """Return the size of the database in bytes, what SQLite keeps beside it included; 0 for one in memory."""
    if tx.dialect.name == "postgresql":
        return int(tx.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0)
    name = tx.engine.url.database
    if name in (None, "", ":memory:"):
        return 0
    files = (Path(f"{name}{end}") for end in ("", "-wal"))
    return sum(path.stat().st_size for path in files if path.exists())
