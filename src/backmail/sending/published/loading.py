"""Reads a published version from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from backmail.errors import UnknownName
from backmail.model.campaign import Brand, Campaign, Company
from backmail.model.plain import frozen, plain
from backmail.sending.published.version import Published
from backmail.store.tables import campaigns, composed, contents, version_files, versions

__all__ = ["THEME", "load", "newest", "settings"]

# The files of the theme lie below this in a version's files.
THEME = "theme/"


def newest(tx: sa.Connection, campaign_id: str) -> int | None:
    """Return the number of the version that is published now; None for a campaign that was never applied."""
    return tx.scalar(sa.select(campaigns.c.version).where(campaigns.c.id == campaign_id))


def load(tx: sa.Connection, campaign_id: str, number: int) -> Published:
    """Return a version of a campaign; `Shelf` keeps those that were loaded.

    Raises:
        UnknownName: there is no such version.
    """
    key = {"campaign": campaign_id, "number": number}
    data = tx.scalar(sa.select(versions.c.settings).filter_by(**key))
    if data is None:
        raise UnknownName(f"there is no version {number} of the campaign {campaign_id!r}")
    files = sa.select(version_files.c.path, contents.c.bytes).join(contents, contents.c.hash == version_files.c.hash)
    rows = tx.execute(files.where(_of(version_files, key)).order_by(version_files.c.path))
    bodies = sa.select(composed.c.step, composed.c.variant, composed.c.body).where(_of(composed, key))
    ordered = bodies.order_by(composed.c.step, composed.c.variant)
    return Published(
        campaign=frozen(Campaign, data["campaign"]),
        number=number,
        brand=frozen(Brand, data["brand"]),
        company=frozen(Company, data["company"]),
        theme={row.path.removeprefix(THEME): row.bytes.decode("utf-8") for row in rows},
        safety_steps=frozenset(data["safety_steps"]),
        exposed=frozenset(data["exposed"]),
        stored={(row.step, row.variant): bytes(row.body) for row in tx.execute(ordered)},
    )


def settings(version: Published) -> dict[str, Any]:
    """Return what the table holds of a version beside its files and its composed steps."""
    return {
        "campaign": plain(version.campaign),
        "brand": plain(version.brand),
        "company": plain(version.company),
        "safety_steps": sorted(version.safety_steps),
        "exposed": sorted(version.exposed),
    }


def _of(table: sa.Table, key: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.campaign == key["campaign"], table.c.version == key["number"])
