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

__all__ = ["PICTURES", "THEME", "load", "newest", "picture", "settings"]

# What lies below these in a version's files: those of the theme, and the pictures of the campaign's folder.
THEME = "theme/"
PICTURES = "pictures/"


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
    of_theme = version_files.c.path.startswith(THEME, autoescape=True)
    rows = tx.execute(files.where(_of(version_files, key), of_theme).order_by(version_files.c.path))
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


def picture(tx: sa.Connection, digest: str, name: str) -> bytes | None:
    """Return the bytes of a picture that mails of any version show; None for anything else.

    Args:
        tx: an open transaction.
        digest: sha256 of its bytes.
        name: of its file, without folders.
    """
    f = version_files.c
    paths = tx.scalars(sa.select(f.path).where(f.hash == digest, f.path.startswith(PICTURES, autoescape=True)))
    if not any(path.rpartition("/")[2] == name for path in paths):
        return None
    return tx.scalar(sa.select(contents.c.bytes).where(contents.c.hash == digest))


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
