"""A campaign as it is published: files are named from the project's folder on, wherever that lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from backmail.errors import Place
from backmail.model.campaign import Campaign

__all__ = ["portable"]


def portable(campaign: Campaign, root: Path) -> Campaign:
    """Return a campaign whose folder and places are named from `root` on; what lies elsewhere keeps its name."""
    steps = tuple(replace(step, places=_places(step.places, root)) for step in campaign.steps)
    folder = Path(_below(str(campaign.folder), root))
    return replace(campaign, folder=folder, steps=steps, places=_places(campaign.places, root))


def _places(places: Mapping[str, Place], root: Path) -> dict[str, Place]:
    return {key: replace(place, file=_below(place.file, root)) for key, place in places.items()}


def _below(file: str, root: Path) -> str:
    path, top = Path(file).resolve(), root.resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else file
