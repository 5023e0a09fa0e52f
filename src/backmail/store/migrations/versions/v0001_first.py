"""The first tables: everything that backmail's first database held."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables."""
    _house()
    _campaigns()
    _people()
    _sending()


def _house() -> None:
    op.create_table(
        "meta",
        Column("key", sa.Text(), nullable=False),
        Column("value", sa.Text(), nullable=False),
        PrimaryKeyConstraint("key", name="pk_meta"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "engine",
        Column("id", sa.Integer(), autoincrement=False, nullable=False),
        Column("paused_at", sa.BigInteger()),
        Column("paused_because", sa.Text()),
        CheckConstraint("id = 1", name="ck_engine_one"),
        PrimaryKeyConstraint("id", name="pk_engine"),
    )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        Column("id", sa.Text(), nullable=False),
        Column("slug", sa.Text(), nullable=False),
        Column("system", sa.Boolean(), server_default=sa.false(), nullable=False),
        Column("to_pending", sa.Boolean(), server_default=sa.false(), nullable=False),
        Column("priority", sa.Integer(), server_default=sa.text("5"), nullable=False),
        Column("on_uncertain", sa.Text(), server_default="resend", nullable=False),
        Column("version", sa.Integer()),
        Column("live_at", sa.BigInteger()),
        Column("live_by", sa.Text()),
        Column("paused_at", sa.BigInteger()),
        Column("paused_until", sa.BigInteger()),
        Column("paused_because", sa.Text()),
        CheckConstraint("on_uncertain IN ('resend', 'hold', 'drop')", name="ck_campaigns_on_uncertain"),
        PrimaryKeyConstraint("id", name="pk_campaigns"),
        UniqueConstraint("slug", name="uq_campaigns_slug"),
    )
    op.create_table(
        "versions",
        Column("campaign", sa.Text(), nullable=False),
        Column("number", sa.Integer(), autoincrement=False, nullable=False),
        Column("published_at", sa.BigInteger(), nullable=False),
        Column("published_by", sa.Text(), nullable=False),
        Column("settings", sa.JSON(), nullable=False),
        ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_versions_campaign"),
        PrimaryKeyConstraint("campaign", "number", name="pk_versions"),
    )
    op.create_table(
        "contents",
        Column("hash", sa.Text(), nullable=False),
        Column("bytes", sa.LargeBinary(), nullable=False),
        PrimaryKeyConstraint("hash", name="pk_contents"),
    )
    op.create_table(
        "version_files",
        Column("campaign", sa.Text(), nullable=False),
        Column("version", sa.Integer(), autoincrement=False, nullable=False),
        Column("path", sa.Text(), nullable=False),
        Column("hash", sa.Text(), nullable=False),
        ForeignKeyConstraint(
            ["campaign", "version"], ["versions.campaign", "versions.number"], name="fk_version_files_campaign_version"
        ),
        ForeignKeyConstraint(["hash"], ["contents.hash"], name="fk_version_files_hash"),
        PrimaryKeyConstraint("campaign", "version", "path", name="pk_version_files"),
    )
    op.create_table(
        "composed",
        Column("campaign", sa.Text(), nullable=False),
        Column("version", sa.Integer(), autoincrement=False, nullable=False),
        Column("step", sa.Text(), nullable=False),
        Column("variant", sa.Text(), nullable=False),
        Column("body", sa.LargeBinary(), nullable=False),
        ForeignKeyConstraint(
            ["campaign", "version"], ["versions.campaign", "versions.number"], name="fk_composed_campaign_version"
        ),
        PrimaryKeyConstraint("campaign", "version", "step", "variant", name="pk_composed"),
    )


def _people() -> None:
    op.create_table(
        "subscribers",
        Column("id", _ID, nullable=False),
        Column("address", sa.Text(), nullable=False),
        Column("email", sa.Text(), nullable=False),
        Column("state", sa.Text(), server_default="pending", nullable=False),
        Column("first_name", sa.Text()),
        Column("last_name", sa.Text()),
        Column("language", sa.Text()),
        Column("zone", sa.Text()),
        Column("attributes", sa.JSON(), server_default="{}", nullable=False),
        Column("added_at", sa.BigInteger(), nullable=False),
        Column("paused_until", sa.BigInteger()),
        Column("pace", sa.Text(), server_default="normal", nullable=False),
        Column("days", sa.Text()),
        Column("at", sa.Text()),
        CheckConstraint("pace IN ('half', 'normal', 'double')", name="ck_subscribers_pace"),
        CheckConstraint("state IN ('pending', 'active')", name="ck_subscribers_state"),
        PrimaryKeyConstraint("id", name="pk_subscribers"),
        UniqueConstraint("address", name="uq_subscribers_address"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consents",
        Column("id", _ID, nullable=False),
        Column("subscriber", _ID, nullable=False),
        Column("at", sa.BigInteger(), nullable=False),
        Column("act", sa.Text(), nullable=False),
        Column("shown", sa.Text(), nullable=False),
        Column("shown_version", sa.Text(), nullable=False),
        Column("language", sa.Text(), nullable=False),
        Column("source", sa.Text(), nullable=False),
        CheckConstraint("act IN ('asked', 'confirmed', 'imported', 'withdrawn')", name="ck_consents_act"),
        ForeignKeyConstraint(["subscriber"], ["subscribers.id"], name="fk_consents_subscriber", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_consents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_subscriber", "consents", ["subscriber"])
    op.create_table(
        "tags",
        Column("subscriber", _ID, nullable=False),
        Column("tag", sa.Text(), nullable=False),
        Column("since", sa.BigInteger(), nullable=False),
        ForeignKeyConstraint(["subscriber"], ["subscribers.id"], name="fk_tags_subscriber", ondelete="CASCADE"),
        PrimaryKeyConstraint("subscriber", "tag", name="pk_tags"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
    op.create_table(
        "suppressions",
        Column("id", _ID, nullable=False),
        Column("address", sa.Text(), nullable=False),
        Column("scope", sa.Text(), server_default="", nullable=False),
        Column("reason", sa.Text(), nullable=False),
        Column("since", sa.BigInteger(), nullable=False),
        Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        Column("lifted_at", sa.BigInteger()),
        Column("lifted_because", sa.Text()),
        CheckConstraint(
            "reason IN ('unsubscribed', 'bounced', 'complained', 'erased', 'operator')", name="ck_suppressions_reason"
        ),
        PrimaryKeyConstraint("id", name="pk_suppressions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_suppressions_standing",
        "suppressions",
        ["address", "scope", "reason"],
        unique=True,
        **_where("lifted_at IS NULL"),
    )
    op.create_table(
        "noes",
        Column("id", _ID, nullable=False),
        Column("uid", sa.Text(), nullable=False),
        Column("at", sa.BigInteger(), nullable=False),
        Column("what", sa.Text(), nullable=False),
        Column("address", sa.Text(), nullable=False),
        Column("scope", sa.Text(), nullable=False),
        Column("reason", sa.Text(), nullable=False),
        Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False),
        CheckConstraint("what IN ('suppressed', 'lifted', 'undone', 'erased')", name="ck_noes_what"),
        CheckConstraint(
            "reason IN ('unsubscribed', 'bounced', 'complained', 'erased', 'operator')", name="ck_noes_reason"
        ),
        PrimaryKeyConstraint("id", name="pk_noes"),
        UniqueConstraint("uid", name="uq_noes_uid"),
        sqlite_autoincrement=True,
    )
    kept: dict[str, Any] = {"sqlite_where": sa.text("kept = 0"), "postgresql_where": sa.text("NOT kept")}
    op.create_index("ix_noes_kept", "noes", ["id"], **kept)


def _sending() -> None:
    op.create_table(
        "enrollments",
        Column("id", _ID, nullable=False),
        Column("subscriber", _ID, nullable=False),
        Column("campaign", sa.Text(), nullable=False),
        Column("run", sa.Integer(), server_default=sa.text("1"), nullable=False),
        Column("state", sa.Text(), server_default="active", nullable=False),
        Column("reason", sa.Text()),
        Column("started_at", sa.BigInteger(), nullable=False),
        Column("at_once", sa.Boolean(), server_default=sa.false(), nullable=False),
        Column("ended_at", sa.BigInteger()),
        CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ck_enrollments_ended"),
        CheckConstraint("state IN ('active', 'finished', 'exited')", name="ck_enrollments_state"),
        CheckConstraint("run >= 1", name="ck_enrollments_run"),
        ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_enrollments_campaign"),
        ForeignKeyConstraint(["subscriber"], ["subscribers.id"], name="fk_enrollments_subscriber", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_enrollments"),
        UniqueConstraint("id", "subscriber", "campaign", name="uq_enrollments_id_subscriber_campaign"),
        UniqueConstraint("subscriber", "campaign", "run", name="uq_enrollments_subscriber_campaign_run"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_enrollments_open", "enrollments", ["subscriber", "campaign"], unique=True, **_where("state = 'active'")
    )
    op.create_table(
        "deliveries",
        Column("id", _ID, nullable=False),
        Column("enrollment", _ID, nullable=False),
        Column("subscriber", _ID, nullable=False),
        Column("campaign", sa.Text(), nullable=False),
        Column("system", sa.Boolean(), server_default=sa.false(), nullable=False),
        Column("step", sa.Text(), nullable=False),
        Column("state", sa.Text(), server_default="planned", nullable=False),
        Column("reason", sa.Text()),
        Column("due_at", sa.BigInteger(), nullable=False),
        Column("closes_at", sa.BigInteger(), nullable=False),
        Column("slot_date", sa.Text(), nullable=False),
        Column("zone", sa.Text(), nullable=False),
        Column("next_try_at", sa.BigInteger()),
        Column("claimed_from", sa.Text()),
        Column("owner", sa.Text()),
        Column("boot", sa.Text()),
        Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("lease_until", sa.BigInteger()),
        Column("version", sa.Integer()),
        Column("variant", sa.Text()),
        Column("hand_overs", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("first_handed_at", sa.BigInteger()),
        Column("deferrals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("deferred_since", sa.BigInteger()),
        Column("policy_deferrals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("policy_since", sa.BigInteger()),
        Column("unknowns", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("accepted_at", sa.BigInteger()),
        Column("provider_id", sa.Text()),
        CheckConstraint("(state = 'claimed') = (claimed_from IS NOT NULL)", name="ck_deliveries_claimed_from"),
        CheckConstraint("(state IN ('claimed', 'handed')) = (owner IS NOT NULL)", name="ck_deliveries_owner"),
        CheckConstraint(
            "state IN ('planned', 'deferred', 'claimed', 'handed', 'uncertain', 'accepted', 'failed', 'skipped')",
            name="ck_deliveries_state",
        ),
        CheckConstraint("state NOT IN ('claimed', 'handed') OR version IS NOT NULL", name="ck_deliveries_version"),
        CheckConstraint("(hand_overs = 0) = (first_handed_at IS NULL)", name="ck_deliveries_handed"),
        CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="ck_deliveries_lease"),
        ForeignKeyConstraint(
            ["campaign", "version"], ["versions.campaign", "versions.number"], name="fk_deliveries_campaign_version"
        ),
        ForeignKeyConstraint(
            ["enrollment", "subscriber", "campaign"],
            ["enrollments.id", "enrollments.subscriber", "enrollments.campaign"],
            name="fk_deliveries_enrollment_subscriber_campaign",
            ondelete="CASCADE",
        ),
        PrimaryKeyConstraint("id", name="pk_deliveries"),
        UniqueConstraint("enrollment", "step", name="uq_deliveries_enrollment_step"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_lease", "deliveries", ["lease_until"], **_where("state IN ('claimed', 'handed')"))
    op.create_index("ix_deliveries_uncertain", "deliveries", ["next_try_at"], **_where("state = 'uncertain'"))
    op.create_index(
        "uq_deliveries_under_way",
        "deliveries",
        ["subscriber"],
        unique=True,
        **_where("state IN ('claimed', 'handed') AND NOT system"),
    )
    op.create_table(
        "due",
        Column("campaign", sa.Text(), nullable=False),
        Column("next_try_at", sa.BigInteger(), nullable=False),
        Column("delivery", _ID, nullable=False),
        PrimaryKeyConstraint("campaign", "next_try_at", "delivery", name="pk_due"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        Column("id", _ID, nullable=False),
        Column("source", sa.Text(), nullable=False),
        Column("external", sa.Text(), nullable=False),
        Column("kind", sa.Text(), nullable=False),
        Column("at", sa.BigInteger(), nullable=False),
        Column("heard_at", sa.BigInteger(), nullable=False),
        Column("subscriber", _ID),
        Column("delivery", _ID),
        Column("raw", sa.Text(), nullable=False),
        ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_events_delivery", ondelete="CASCADE"),
        ForeignKeyConstraint(["subscriber"], ["subscribers.id"], name="fk_events_subscriber", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_events"),
        UniqueConstraint("source", "external", name="uq_events_source_external"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_delivery", "events", ["delivery"])
    op.create_index("ix_events_subscriber", "events", ["subscriber"])
