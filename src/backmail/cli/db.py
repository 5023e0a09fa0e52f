"""`backmail db upgrade|check`: the database as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.group("db")
def command() -> None:
    """Make or upgrade the database, and see whether it is sound."""


@command.command("upgrade", short_help="Make the database, or bring it up to date.")
@project_option
def upgrade(project: Project) -> None:
    """Make the database, or bring an older one to the present tables.

    Every command that needs the database does so by itself; what fails changes nothing.
    """
    from backmail.app.upkeep import upgraded

    screen.say(f"{upgraded(project)}: up to date")


@command.command("check", short_help="Say whether the database is sound; it changes nothing.")
@project_option
def check(project: Project) -> int:
    """Read the whole database and see whether it is ours, up to date, and sound. It changes nothing.

    Exit code 1 when it is not sound.
    """
    from backmail.app.upkeep import checked

    found = checked(project)
    for damage in found.damages:
        screen.say(f"{found.name}: {damage}")
    if found.damages:
        screen.tell("it is damaged: stop the engine, keep this file, and restore the last backup")
    if found.astray:
        screen.say(f"{found.name}: the queue has {found.astray} deliveries wrong")
        screen.tell(f"no mail is lost by that; {screen.program()} run mends it when it starts")
    if not found.damages and not found.astray:
        screen.say(f"{found.name}: sound, up to date, and of this installation")
    return int(bool(found.damages or found.astray))
