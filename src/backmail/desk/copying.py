"""`backmail copy A B`: a series once more, such as for next year, with an id of its own; and what to look at in it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from backmail import campaign as campaigns
from backmail.campaign.folder import synced
from backmail.campaign.folders import FILE
from backmail.campaign.names import MERGE, MOVE
from backmail.config import Project
from backmail.desk import saving, steps, together, workshop
from backmail.desk.stale import stale
from backmail.errors import CampaignError, Fault, Place
from backmail.model.campaign import Finding
from backmail.yamlfile import read_text, with_value

__all__ = ["Copied", "copy"]


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: its folder, its permanent id, and what in it is bound to a time that is over."""

    folder: Path
    id: str
    findings: tuple[Finding, ...]


def copy(name: str, slug: str, project: Project, *, title: str = "", today: dt.date) -> Copied:
    """Copy a campaign with all that stands in its folder: steps keep their ids, the campaign gets one of its own.

    Dates and years in it stay as they are; those that are over are among the findings.

    Args:
        name: of the campaign, or its folder.
        slug: of the copy.
        project: where both stand.
        title: what the copy is called, "" for what the campaign is called.
        today: what is old is old as of then.

    Raises:
        CampaignError: there is a campaign of that slug, or the campaign cannot be read.
        UnknownName: there is no such campaign.
        OSError: the disk is full, or the place is not ours to write to; nothing is left behind then.
    """
    folder = campaigns.folder_of(name, project)
    together.finish(folder)
    campaign = steps.listed(name, project)
    to = project.campaigns / slug
    if os.path.lexists(to):
        hint = f"give it another name, such as {slug}-{today.year + 1}"
        raise CampaignError(Fault(f"there is a campaign {slug!r} already", Place(str(to)), hint))
    seed = read_text(folder / campaign.article) if campaign.article else campaign.id
    id_ = campaigns.campaign_id(slug, seed, campaigns.taken_ids(project.campaigns))
    partial = to.with_name(f".{slug}.partial")
    with saving.alone(folder):
        shutil.rmtree(partial, ignore_errors=True)
        try:
            shutil.copytree(folder, partial, ignore=shutil.ignore_patterns(MERGE, MOVE, ".*.partial"))
            _name(partial / FILE, id_, title)
            partial.rename(to)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    synced(to.parent)
    copied = campaigns.read(to, project=project)
    articles = [each.article for each in workshop.articles_of(copied, project)]
    return Copied(to, id_, tuple(stale(copied, articles, project, today)))


def _name(file: Path, id_: str, title: str) -> None:
    """Give a copy's campaign.yaml its own id, and another name if there is one."""
    text = file.read_bytes().decode("utf-8")
    text = with_value(text, ("id",), id_, file=str(file))
    if title:
        text = with_value(text, ("name",), title, file=str(file))
    saving.put(file, text.encode("utf-8"))
