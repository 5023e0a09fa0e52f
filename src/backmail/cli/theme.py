"""`backmail theme list|new NAME`: how mails look, and a folder to change that in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.desk.themes import Listed

# The themes that ship; a test holds them to their folders, which are not looked at for the sake of a help text.
SHIPPED = {
    "letter": "text from one person to another: no cards, links for buttons",
    "shop": "what a mail advertises comes first and large",
    "weekly": "cards on paper, one button; what the others lack is taken from it",
}


@click.group("theme")
def command() -> None:
    """Show which themes there are, or begin one of your own.

    A campaign names its theme in campaign.yaml. A theme of yours holds only what differs.
    """


@command.command("list")
@project_option
def list_(project: Project) -> None:
    """List the themes that a campaign can have."""
    from backmail.desk import themes

    for each in themes.listed(project):
        screen.say(f"{each.name:<12} {_about(each, project)}")


@command.command("new")
@click.argument("name")
@click.option(
    "--from", "base", type=click.Choice(list(SHIPPED)), default="weekly", show_default=True, help="What it begins as."
)
@project_option
def new(name: str, base: str, project: Project) -> None:
    """Begin the theme NAME: a few files with comments, in templates/email/NAME of the project.

    What is not in them is weekly's. With the NAME of a theme that ships, they change that one.
    """
    from backmail.campaign import slug
    from backmail.desk import themes

    if slug(name) != name or name == "shipped":
        near = "" if name == "shipped" else f"; such as {slug(name)!r}"
        raise click.UsageError(f"{name!r}: a name has small letters, digits and hyphens, and is not 'shipped'{near}")
    if name in SHIPPED and base not in (name, "weekly"):
        raise click.UsageError(f"{name!r} ships with backmail and cannot begin as {base!r}: leave --from out")
    for path in themes.new(name, project, base):
        screen.say(_shown(path, project))
    if name not in SHIPPED:
        screen.tell(f"in campaign.yaml, write: theme: {name}")
    screen.tell(screen.pasteable("backmail preview"))


def _about(theme: Listed, project: Project) -> str:
    about = SHIPPED.get(theme.name, "") if theme.ships else "yours"
    if not theme.files:
        return about
    home = _shown(project.templates / "email" / theme.name, project)
    many = "1 file" if len(theme.files) == 1 else f"{len(theme.files)} files"
    return f"{about} ({many} in {home})"


def _shown(path: Path, project: Project) -> str:
    return str(path.relative_to(project.root)) if path.is_relative_to(project.root) else str(path)
