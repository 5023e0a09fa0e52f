"""The tables, as both databases have them; the migrations make them, and a test holds the two to each other."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from backmail.model.sending import Pace
from backmail.model.states import (
    DeliveryState,
    EnrollmentState,
    NoAct,
    OnUncertain,
    SubscriberState,
    SuppressionReason,
)
from backmail.store.instants import Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself in a column of exactly this type.
Id = sa.BigInteger().with_variant(Integer(), "sqlite")
# SQLite would give an id again once the last row is gone, and signed links and Message-IDs are made from ids. It also
# makes ids something that can be counted on from another number, as a restored database must (`store.ids`).
_NEVER_AGAIN: dict[str, Any] = {"sqlite_autoincrement": True}
_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word.value) for word in words)})", name=column)


def _flag(name: str) -> Column[bool]:
    return Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=sa.text("0"))


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


meta = Table(
    "meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False), **_CLUSTERED
)

# One row: what is true of the whole installation while it runs.
engine = Table(
    "engine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("paused_at", Instant),
    Column("paused_because", Text),
    CheckConstraint("id = 1", name="one"),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    _flag("system"),
    _flag("to_pending"),  # may go to people who have not confirmed yet
    Column("priority", Integer, nullable=False, server_default=sa.text("5")),
    Column("on_uncertain", Text, nullable=False, server_default=OnUncertain.RESEND.value),
    Column("version", Integer),  # the published one; deliveries hold it to the table of versions
    Column("live_at", Instant),
    Column("live_by", Text),
    Column("paused_at", Instant),
    Column("paused_until", Instant),
    Column("paused_because", Text),
    _one_of("on_uncertain", OnUncertain),
)

# What `apply` published. The campaign's files are read then and never again.
versions = Table(
    "versions",
    metadata,
    Column("campaign", ForeignKey(campaigns.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("settings", sa.JSON, nullable=False),  # the campaign as its files said it, steps in their order
)

# Bytes by the hash of their content: two versions with the same picture hold it once.
contents = Table(
    "contents", metadata, Column("hash", Text, primary_key=True), Column("bytes", sa.LargeBinary, nullable=False)
)


def _of_version() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["campaign", "version"], [versions.c.campaign, versions.c.number])


# The theme of each version, and the pictures that its mails show; readers ask for those by their hash.
version_files = Table(
    "version_files",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),
    Column("hash", ForeignKey(contents.c.hash), nullable=False, index=True),
    _of_version(),
)

# Each step as it was rendered when it was published: sending fills slots and renders nothing.
composed = Table(
    "composed",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("body", sa.LargeBinary, nullable=False),
    _of_version(),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False, unique=True),  # keyed hash, by which suppressions know it too
    Column("email", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=SubscriberState.PENDING.value),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("language", Text),
    Column("zone", Text),
    Column("attributes", sa.JSON, nullable=False, server_default="{}"),
    Column("added_at", Instant, nullable=False),
    Column("paused_until", Instant),
    Column("pace", Text, nullable=False, server_default=Pace.NORMAL.value),
    Column("days", Text),  # the weekdays she asked for, 0 = Monday: "0,3"
    Column("at", Text),  # the clock time she asked for: "09:00"
    _one_of("state", SubscriberState),
    _one_of("pace", Pace),
    **_NEVER_AGAIN,
)


def _of_subscriber(**more: Any) -> Column[int]:
    return Column("subscriber", Id, ForeignKey(subscribers.c.id, ondelete="CASCADE"), nullable=False, **more)


# Append-only: what was shown, when, where from, and what was answered.
consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    _of_subscriber(index=True),
    Column("at", Instant, nullable=False),
    Column("act", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("shown_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("source", Text, nullable=False),
    CheckConstraint("act IN ('asked', 'confirmed', 'imported', 'withdrawn')", name="act"),
    **_NEVER_AGAIN,
)

tags = Table(
    "tags",
    metadata,
    _of_subscriber(primary_key=True),
    Column("tag", Text, primary_key=True, index=True),
    Column("since", Instant, nullable=False),
    **_CLUSTERED,
)

enrollments = Table(
    "enrollments",
    metadata,
    Column("id", Id, primary_key=True),
    _of_subscriber(),
    Column("campaign", ForeignKey(campaigns.c.id), nullable=False),
    Column("run", Integer, nullable=False, server_default=sa.text("1")),
    Column("state", Text, nullable=False, server_default=EnrollmentState.ACTIVE.value),
    Column("reason", Text),
    Column("started_at", Instant, nullable=False),
    _flag("at_once"),  # she signed up herself: the first mail does not wait for the campaign's window
    Column("ended_at", Instant),
    UniqueConstraint("subscriber", "campaign", "run"),
    UniqueConstraint("id", "subscriber", "campaign"),  # what deliveries repeat of it is held to it
    CheckConstraint("run >= 1", name="run"),
    CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ended"),
    _one_of("state", EnrollmentState),
    **_NEVER_AGAIN,
)
Index(
    "uq_enrollments_open",
    *(enrollments.c[name] for name in ("subscriber", "campaign")),
    unique=True,
    **_where("state = 'active'"),
)

# `subscriber`, `campaign` and `system` are the enrollment's, repeated: no statement of the protocol looks them up.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("enrollment", Id, nullable=False),
    Column("subscriber", Id, nullable=False),
    Column("campaign", Text, nullable=False),
    _flag("system"),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=DeliveryState.PLANNED.value),
    Column("reason", Text),  # why it was skipped, failed or is uncertain; the last answer of a deferred one
    # The slot, moved only by the rules of the calendar.
    Column("due_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("slot_date", Text, nullable=False),
    Column("zone", Text, nullable=False),
    # When it is looked at again. A waiting one without it stands in no queue, until somebody puts it back.
    Column("next_try_at", Instant),
    Column("claimed_from", Text),
    Column("owner", Text),
    Column("boot", Text),
    _count("epoch"),
    Column("lease_until", sa.BigInteger),  # microseconds of the clock that leases go by, which is not the time of day
    Column("version", Integer),
    Column("variant", Text),
    _count("hand_overs"),
    Column("first_handed_at", Instant),
    _count("deferrals"),  # answers that said "later"
    Column("deferred_since", Instant),
    _count("policy_deferrals"),  # answers that blamed our set-up
    Column("policy_since", Instant),
    _count("unknowns"),  # times the line was lost after the last byte
    Column("accepted_at", Instant),
    Column("provider_id", Text),
    UniqueConstraint("enrollment", "step"),
    sa.ForeignKeyConstraint(
        ["enrollment", "subscriber", "campaign"],
        [enrollments.c.id, enrollments.c.subscriber, enrollments.c.campaign],
        ondelete="CASCADE",
    ),
    _of_version(),
    _one_of("state", DeliveryState),
    CheckConstraint("(state IN ('claimed', 'handed')) = (owner IS NOT NULL)", name="owner"),
    CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="lease"),
    CheckConstraint("(state = 'claimed') = (claimed_from IS NOT NULL)", name="claimed_from"),
    CheckConstraint("(hand_overs = 0) = (first_handed_at IS NULL)", name="handed"),
    CheckConstraint("state NOT IN ('claimed', 'handed') OR version IS NOT NULL", name="version"),
    **_NEVER_AGAIN,
)
Index("ix_deliveries_lease", deliveries.c.lease_until, **_where("state IN ('claimed', 'handed')"))
Index("ix_deliveries_uncertain", deliveries.c.next_try_at, **_where("state = 'uncertain'"))
# A claim takes nothing of a person of whom another mail is under way; this holds it against any two claims at once.
Index(
    "uq_deliveries_under_way",
    deliveries.c.subscriber,
    unique=True,
    **_where("state IN ('claimed', 'handed') AND NOT system"),
)

# The planned and deferred deliveries that wait for a time, in the order they come up. No foreign key to deliveries: it
# would need a second index on the table that is written most. What deletes a delivery deletes its row here, and
# `queue.disagreements` finds the rows where somebody forgot.
due = Table(
    "due",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("next_try_at", Instant, primary_key=True),
    Column("delivery", Id, primary_key=True),
    **_CLUSTERED,
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", Text, nullable=False),
    Column("external", Text, nullable=False),  # the source's own id of it: told twice, it is kept once
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("subscriber", Id, ForeignKey(subscribers.c.id, ondelete="CASCADE"), index=True),
    Column("delivery", Id, ForeignKey(deliveries.c.id, ondelete="CASCADE"), index=True),
    Column("raw", Text, nullable=False),
    UniqueConstraint("source", "external"),
    **_NEVER_AGAIN,
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False),
    Column("scope", Text, nullable=False, server_default=""),  # a campaign's id; "" is all of them
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    _flag("provisional"),
    Column("lifted_at", Instant),
    Column("lifted_because", Text),
    _one_of("reason", SuppressionReason),
    **_NEVER_AGAIN,
)
Index(
    "uq_suppressions_standing",
    *(suppressions.c[name] for name in ("address", "scope", "reason")),
    unique=True,
    **_where("lifted_at IS NULL"),
)

# Every no in the order in which it was said, what took it back too. It is written once more into a file beside the
# database, from which a restored backup learns what was said after it (`store.noes`, `store.ledger`).
noes = Table(
    "noes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),  # the same in the file, and in every copy of the database
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),  # the keyed hash
    Column("scope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    _flag("kept"),  # it stands in the file, and that is on the disk
    _one_of("what", NoAct),
    _one_of("reason", SuppressionReason),
    **_NEVER_AGAIN,
)
# In the words in which each database is asked, or it reads the whole table.
Index("ix_noes_kept", noes.c.id, sqlite_where=sa.text("kept = 0"), postgresql_where=sa.text("NOT kept"))
