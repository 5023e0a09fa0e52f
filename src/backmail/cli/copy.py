"""`backmail copy A B`: a campaign once more, under another name."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("copy")
@click.argument("campaign", shell_complete=names.campaigns)
@click.argument("to", metavar="NEW")
@click.option("--name", default="", help="What the copy is called. [default: as the campaign]")
@project_option
def command(campaign: str, to: str, name: str, project: Project) -> None:
    """Copy CAMPAIGN to the new campaign NEW, such as for next year: mails, pictures, article, outline.

    The copy has an id of its own, so that whoever had the first series can have it too. Nothing in its texts is
    changed: years, prices and dates that are over are listed, to be looked at.
    """
    from backmail.campaign import slug
    from backmail.clock import SystemClock
    from backmail.desk.copying import copy

    if slug(to) != to:
        raise click.UsageError(f"{to!r}: a name has small letters, digits and hyphens; such as {slug(to)!r}")
    copied = copy(campaign, to, project, title=name.strip(), today=SystemClock().now().date())
    screen.say(f"{copied.folder}: {copied.id}")
    screen.show(copied.findings)
    screen.tell(screen.pasteable(f"backmail check {shlex.quote(to)}\nbackmail preview {shlex.quote(to)}"))
