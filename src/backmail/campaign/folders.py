"""The campaigns' folders of a project, told by their campaign.yaml; none of them is read to be named."""

from __future__ import annotations

from pathlib import Path

from backmail.campaign.gather import Faults
from backmail.campaign.legible import illegible, legible
from backmail.config import Project
from backmail.errors import Fault
from backmail.yamlfile import load

FILE = "campaign.yaml"


def folder_of(name: str, project: Project) -> Path:
    """Return the folder that a campaign's name means: a path with a campaign.yaml in it, else a slug of the project.

    A file of the folder means the folder too: shells complete those.
    """
    path = Path(name).parent if Path(name).is_file() else Path(name)
    return path if (path / FILE).is_file() else project.campaigns / name


def campaign_folders(campaigns: Path) -> list[Path]:
    """Return the folders of a project that hold a campaign.yaml, by name; those of `not_named` are left out."""
    return [path for path in _with_campaigns(campaigns) if legible(path.name)]


def not_named(campaigns: Path) -> list[Fault]:
    """Return the faults of folders that hold a campaign.yaml and have a name that is no text."""
    return [illegible(path) for path in _with_campaigns(campaigns) if not legible(path.name)]


def _with_campaigns(campaigns: Path) -> list[Path]:
    if not campaigns.is_dir():
        return []
    return sorted(path for path in campaigns.iterdir() if path.name[0] != "." and (path / FILE).is_file())


def taken_ids(campaigns: Path) -> frozenset[str]:
    """Return the ids of a project's campaigns, also of those that cannot be used otherwise."""
    ids: set[str] = set()
    for folder in campaign_folders(campaigns):
        with Faults().gathered():
            data = load(folder / FILE).data
            if isinstance(data, dict):
                ids.add(str(data.get("id")))
    return frozenset(ids)
