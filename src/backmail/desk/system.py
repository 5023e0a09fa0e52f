"""Backmail's own mails, such as the one that asks to confirm an address: published beside a project's campaigns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from backmail import campaign as campaigns
from backmail import rendering
from backmail.campaign import campaign_folders
from backmail.config import Project
from backmail.desk.media import media
from backmail.desk.portable import portable
from backmail.errors import ConfigError, Fault, Place
from backmail.model.campaign import Campaign, Sender
from backmail.sending.decisions import CONFIRM
from backmail.sending.published import prepare, publish, published_as
from backmail.shipped import shipped
from backmail.store.tables import campaigns as campaigns_table

__all__ = ["is_published", "publish_system", "system_settings"]


def system_settings(project: Project) -> list[rendering.Setting]:
    """Return backmail's own mails as this project sends them.

    They come from the sender of config.yaml. A folder of the project's campaigns/ with the name of one of them takes
    its place, and has a sender of its own.

    Raises:
        ConfigError: config.yaml names no sender.
        CampaignError, TemplateError: files of the project's own that cannot be used.
    """
    return [
        rendering.Setting(
            portable(campaign, project.root),
            rendering.load_theme(campaign.theme, [project.templates]),
            project.config.brand,
            project.config.company,
        )
        for campaign in _campaigns(project)
    ]


def publish_system(tx: sa.Connection, project: Project, *, now: dt.datetime, by: str) -> None:
    """Publish backmail's own mails as far as they are not published as they would be now.

    Args:
        tx: a durable transaction.
        project: whose sender and looks they have.
        now: the present instant, UTC.
        by: who publishes them.

    Raises:
        ConfigError, CampaignError, TemplateError: as `system_settings`.
    """
    for setting in system_settings(project):
        if not published_as(tx, setting):
            publish(tx, prepare(setting, media(setting.campaign, project.root)), now=now, by=by)


def is_published(tx: sa.Connection) -> bool:
    """Return whether backmail's own mails were ever published, in whatever version."""
    asking = sa.select(campaigns_table.c.version).where(campaigns_table.c.slug == CONFIRM, campaigns_table.c.system)
    return tx.scalar(asking) is not None


def _campaigns(project: Project) -> Iterator[Campaign]:
    for folder in campaign_folders(shipped("campaigns")):
        if not folder.name.startswith("_"):
            continue
        own = project.campaigns / folder.name
        if own.is_dir():
            yield campaigns.read(own, project=project)
        else:
            yield _from(_sender(project), campaigns.read(folder, project=project))


def _from(sender: Sender, campaign: Campaign) -> Campaign:
    """Return one that ships, from another sender; where it lies on this machine means nothing to the database."""
    named = portable(campaign, campaign.folder.parent.parent)
    return replace(named, sender=sender, signature=sender.name)


def _sender(project: Project) -> Sender:
    sender = project.config.sender
    if sender is None:
        place = Place(str(project.root / "config.yaml"))
        message = "no sender is set, and the mail that asks to confirm an address comes from it"
        raise ConfigError(Fault(message, place, "write under sender: your name and email"))
    return sender
