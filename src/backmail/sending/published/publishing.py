"""Publishes a campaign: composes all of it, and writes it down as the next version where anything is new."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.campaign.with_safety import exposed, safety_steps
from backmail.errors import CampaignError, Fault
from backmail.model.campaign import Campaign
from backmail.model.message import Composed
from backmail.rendering import Setting, kept
from backmail.sending.published.composing import Composer
from backmail.sending.published.loading import PICTURES, THEME, load, newest, settings
from backmail.sending.published.version import Published
from backmail.store.tables import campaigns, composed, contents, version_files, versions

__all__ = ["Prepared", "prepare", "publish", "published_as"]

_NONE: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A campaign composed as a whole, ready to be written down."""

    setting: Setting
    composer: Composer
    stored: Mapping[tuple[str, str], bytes]  # by step and variant, packed
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # those that its mails show, by their names


def prepare(setting: Setting, pictures: Mapping[str, bytes] = _NONE) -> Prepared:
    """Compose every variant of every step that readers can need. This takes seconds, so no transaction is open.

    Args:
        setting: the campaign with its looks.
        pictures: the bytes of the pictures of its folder, by their names; none where no reader loads any.

    Raises:
        TemplateError: a step or the theme cannot be rendered.
        ConfigError: the brand cannot be used.
    """
    composer = Composer(setting)
    explored = list(composer.explored())
    stored = {(each.composed.step, each.composed.variant): kept.written(each.path, each.composed) for each in explored}
    shown = _shown(setting.campaign, [each.composed for each in explored])
    return Prepared(setting, composer, stored, {name: data for name, data in pictures.items() if name in shown})


def _shown(campaign: Campaign, mails: Sequence[Composed]) -> frozenset[str]:
    """Return the names of the pictures of a campaign's folder that any of its mails shows."""
    texts = [piece for mail in mails for piece in mail.html if isinstance(piece, str) and "/" in piece]
    return frozenset(
        name for name, each in campaign.pictures.items() if any(f"/{each.digest}/" in text for text in texts)
    )


def published_as(tx: sa.Connection, setting: Setting) -> bool:
    """Return whether a campaign with its looks is what is published now; nothing is composed to find out."""
    campaign = setting.campaign
    number = newest(tx, campaign.id)
    if number is None:
        return False
    looks = (setting.brand, setting.company, setting.theme.files)
    return _sources(load(tx, campaign.id, number)) == (campaign, *looks)


def publish(tx: sa.Connection, what: Setting | Prepared, *, now: dt.datetime, by: str) -> int:
    """Write a campaign down as its next version, and make that the published one.

    Where nothing differs from the version that is published now, nothing is written.

    Args:
        tx: a durable transaction.
        what: the campaign with its looks; composed beforehand, so that the transaction is short.
        now: the present instant, UTC.
        by: who publishes it.

    Returns:
        The number of the version, counted from 1.

    Raises:
        CampaignError: another campaign is published under this one's name.
        TemplateError, ConfigError: as `prepare`.
    """
    prepared = what if isinstance(what, Prepared) else prepare(what)
    campaign = prepared.setting.campaign
    _name_is_free(tx, campaign)
    _enter(tx, campaign)
    before = newest(tx, campaign.id)
    version = _version(prepared, (before or 0) + 1)
    if before is not None and _same(load(tx, campaign.id, before), version):
        return before
    _write(tx, version, prepared.pictures, now=now, by=by)
    tx.execute(campaigns.update().where(campaigns.c.id == campaign.id).values(**_row(campaign), version=version.number))
    return version.number


def _name_is_free(tx: sa.Connection, campaign: Campaign) -> None:
    other = tx.scalar(sa.select(campaigns.c.id).where(campaigns.c.slug == campaign.slug, campaigns.c.id != campaign.id))
    if other is not None:
        message = f"another campaign (its id is {other}) is published under the name {campaign.slug!r}"
        hint = "give this folder another name, or apply that campaign first if its folder has another name by now"
        raise CampaignError(Fault(message, campaign.places.get("id"), hint))


def _enter(tx: sa.Connection, campaign: Campaign) -> None:
    """Make the campaign's row if there is none, and lock it: two who publish come one after the other."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    tx.execute(insert(campaigns).values(id=campaign.id, **_row(campaign)).on_conflict_do_nothing())
    tx.execute(sa.select(campaigns.c.id).where(campaigns.c.id == campaign.id).with_for_update())


def _row(campaign: Campaign) -> dict[str, object]:
    return {
        "slug": campaign.slug,
        "system": campaign.system,
        "to_pending": campaign.system,
        "priority": campaign.priority,
        "on_uncertain": campaign.on_uncertain.value,
    }


def _version(prepared: Prepared, number: int) -> Published:
    setting = prepared.setting
    return Published(
        campaign=setting.campaign,
        number=number,
        brand=setting.brand,
        company=setting.company,
        theme=setting.theme.files,
        safety_steps=safety_steps(setting.campaign),
        exposed=exposed(setting.campaign),
        stored=prepared.stored,
    )


def _same(one: Published, other: Published) -> bool:
    """Whether two versions hold the same. Compared as values: a database may write the same differently."""
    return (
        _sources(one) == _sources(other)
        and one.stored.keys() == other.stored.keys()
        and all(kept.same(body, other.stored[key]) for key, body in one.stored.items())
    )


def _sources(version: Published) -> tuple[object, ...]:
    return version.campaign, version.brand, version.company, version.theme


def _write(tx: sa.Connection, version: Published, pictures: Mapping[str, bytes], *, now: dt.datetime, by: str) -> None:
    key = {"campaign": version.campaign.id, "version": version.number}
    files = {f"{THEME}{path}": text.encode("utf-8") for path, text in version.theme.items()}
    files |= {f"{PICTURES}{name}": data for name, data in pictures.items()}
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    tx.execute(
        versions.insert().values(
            campaign=version.campaign.id,
            number=version.number,
            published_at=now,
            published_by=by,
            settings=settings(version),
        )
    )
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    known = {hashes[path]: data for path, data in files.items()}
    tx.execute(insert(contents).on_conflict_do_nothing(), [{"hash": h, "bytes": known[h]} for h in sorted(known)])
    tx.execute(version_files.insert(), [key | {"path": path, "hash": digest} for path, digest in hashes.items()])
    rows = [key | {"step": step, "variant": name, "body": body} for (step, name), body in version.stored.items()]
    tx.execute(composed.insert(), rows)
