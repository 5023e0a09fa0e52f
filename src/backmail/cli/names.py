"""The names that a shell completes: campaigns, steps and people, as the names of files tell them.

A shell waits for these at every press of a key, so nothing heavy is loaded, and whatever goes wrong means no names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path

import click
from click.shell_completion import CompletionItem

__all__ = ["articles_and_campaigns", "campaigns", "people", "steps"]

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_ID = re.compile(r"^id:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_SAFE = re.compile(r"\w[\w.-]*")  # what a shell takes for one plain word: no white space, no sign that it acts on
_HEAD = 4096  # characters of a step file in which its id is looked for


def _completer(find: Callable[[click.Context, Path], Iterable[str]]) -> Completer:
    """Make of names below a project what click asks for: those that begin as typed, and never an error."""

    @wraps(find)
    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            # Others would fall apart in the shell, or be run by it.
            names = [name for name in find(ctx, _root(ctx)) if name.startswith(incomplete) and _SAFE.fullmatch(name)]
        except (OSError, ValueError):
            return []
        return [CompletionItem(name) for name in names]

    return complete


def _root(ctx: click.Context) -> Path:
    """Return the project's folder, as `config.find_project` finds it, without reading a setting."""
    above = ctx.parent.params if ctx.parent else {}  # it may be named before the verb and after it
    given = ctx.params.get("project") or above.get("project") or os.environ.get("BACKMAIL_PROJECT")
    if given:
        return Path(given)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "config.yaml").is_file()), here)


@_completer
def campaigns(ctx: click.Context, root: Path) -> Iterable[str]:
    """Name the campaigns."""
    return sorted(
        path.parent.name for path in root.glob("campaigns/*/campaign.yaml") if path.parent.name[0] not in "._"
    )


@_completer
def people(ctx: click.Context, root: Path) -> Iterable[str]:
    """Name the sample people."""
    return sorted(path.stem for path in root.glob("people/*.y*ml") if not path.name.startswith("."))


@_completer
def steps(ctx: click.Context, root: Path) -> Iterable[str]:
    """Name the steps of the campaign that was typed before."""
    campaign = str(ctx.params.get("campaign") or "")
    folder = Path(campaign) if os.sep in campaign else root / "campaigns" / campaign
    files = sorted(folder.glob("[0-9]*.md")) if campaign else []
    return [found[1] for file in files if (found := _ID.search(_head(file)))]


def _head(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as opened:
        return opened.read(_HEAD)


def articles_and_campaigns(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Name the campaigns that begin so; where none does, let the shell name files."""
    return campaigns(ctx, parameter, incomplete) or [CompletionItem(incomplete, type="file")]
