"""What stands in a project, in six lines, and the command to type next."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from pathlib import Path

from backmail.cli import screen
from backmail.config import Project

_NAMED = 3  # campaigns named in the one line that they have


def state(project: Project) -> list[str]:
    """Return the six lines: version, project, sender, campaigns, people, next command."""
    campaigns = _campaigns(project.campaigns)
    people = len(list(project.people.glob("*.yaml")))
    sender = project.config.sender
    return [
        f"backmail {version('backmail')}",
        f"project    {project.root.resolve()}" + ("" if project.found else " (no config.yaml: the defaults hold)"),
        "sender     " + (f"{sender.name} <{sender.email}>".strip() if sender else "not set in config.yaml"),
        f"campaigns  {_listed(campaigns)}",
        f"people     {people or 'none'}",
        f"next       {screen.program()} {_next(project, list(campaigns))}",
    ]


def _campaigns(folder: Path) -> dict[str, int]:
    """Return the number of steps of each campaign by its slug, as its files' names tell: nothing is opened."""
    return {
        path.parent.name: len([step for step in path.parent.glob("*.md") if step.name != "article.md"])
        for path in sorted(folder.glob("*/campaign.yaml"))
    }


def _listed(campaigns: dict[str, int]) -> str:
    shown = [f"{slug} ({steps} step{'' if steps == 1 else 's'})" for slug, steps in campaigns.items()]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" and {more} more" if more > 0 else "") or "none"


def _next(project: Project, campaigns: list[str]) -> str:
    if campaigns:
        return f"check {shlex.quote(campaigns[0])}" if len(campaigns) == 1 else "check"
    return "new ARTICLE" if project.found else "init my-mails"
