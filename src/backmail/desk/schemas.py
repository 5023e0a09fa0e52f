"""The JSON Schemas of the files that people write: what editors complete, explain and flag as they type."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from backmail.campaign.outline import OutlineFile
from backmail.campaign.schema import CampaignFile, CatalogFile, PersonFile, StepFile
from backmail.config.schema import ConfigFile
from backmail.desk import saving
from backmail.errors import UnknownName, did_you_mean
from backmail.yamlfile import SCHEMAS, modeline
from backmail.yamlfile.schema import json_schema, written

__all__ = ["KINDS", "Kind", "folder_from", "line", "schema", "stale", "text", "texts", "write"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: the model that reads it, which files of a project are of it, and what stands in them."""

    model: type[BaseModel]
    files: str
    about: str


KINDS: Mapping[str, Kind] = {
    "config": Kind(ConfigFile, "config.yaml", "the settings of a project"),
    "campaign": Kind(CampaignFile, "campaigns/*/campaign.yaml", "one campaign: its sender, its readers, its days"),
    "step": Kind(StepFile, "campaigns/*/01-*.md", "the settings above the text of a mail, between two lines ---"),
    "outline": Kind(OutlineFile, "campaigns/*/outline.yaml", "how the article became the series"),
    "catalog": Kind(CatalogFile, "catalog.yaml", "the products of the shop"),
    "person": Kind(PersonFile, "people/*.yaml", "a sample person, as whom mails are looked at"),
}


def schema(kind: str) -> dict[str, Any]:
    """Return the schema of a kind of file.

    Raises:
        UnknownName: there is none of that name, with the nearest that is.
    """
    if kind not in KINDS:
        known = did_you_mean(kind, KINDS) or f"there are {', '.join(KINDS)}"
        raise UnknownName(f"there is no schema {kind!r}: {known}", next_command="backmail schema")
    return json_schema(KINDS[kind].model, f"{KINDS[kind].files}: {KINDS[kind].about}")


def text(kind: str) -> str:
    """Return the text of a schema's file: the same for everybody with this version of backmail.

    Raises:
        UnknownName: see `schema`.
    """
    return written(schema(kind))


def texts() -> dict[str, str]:
    """Return the texts of all schemas by their kind."""
    return {kind: text(kind) for kind in KINDS}


def stale(root: Path) -> list[Path]:
    """Return the files of a project's schemas that are missing or not what they are now, and those of ours no more."""
    folder, made = root / SCHEMAS, texts()
    wrong = [folder / f"{kind}.json" for kind in made if _read(folder / f"{kind}.json") != made[kind]]
    return wrong + sorted(path for path in folder.glob("*.json") if path.stem not in made)


def write(root: Path) -> list[Path]:
    """Write a project's schemas, and take away those of no kind that there is; return what was changed."""
    changed, made = stale(root), texts()
    for path in changed:
        if path.stem in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # a link that stands here in a project of somebody else's is not followed
            saving.put(path, made[path.stem].encode("utf-8"), new=True)
        else:
            path.unlink()
    return changed


def folder_from(folder: Path, root: Path) -> str:
    """Return where a project's schemas are as seen from one of its folders; "" where the project has none."""
    if not (root / SCHEMAS).is_dir():
        return ""
    return Path(os.path.relpath(root / SCHEMAS, folder)).as_posix()


def line(kind: str, folder: Path, root: Path) -> str:
    """Return the line with which a file of `folder` names its schema; "" where the project has none."""
    seen = folder_from(folder, root)
    return modeline(kind, seen) if seen else ""


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
