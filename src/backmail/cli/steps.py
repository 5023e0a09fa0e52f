"""`backmail steps CAMPAIGN [move STEP --after STEP]`: the order of the mails, and another one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.model.campaign import Campaign


@click.command("steps")
@click.argument("campaign", shell_complete=names.campaigns)
@click.argument("action", metavar="[move STEP]", type=click.Choice(["move"]), required=False)
@click.argument("step", metavar="", required=False, shell_complete=names.steps)
@click.option("--after", metavar="STEP", shell_complete=names.steps, help="Behind which step it is to stand.")
@click.option("--first", is_flag=True, help="In front of all others.")
@project_option
def command(
    campaign: str, action: str | None, step: str | None, after: str | None, first: bool, project: Project
) -> None:
    """Print the mails of CAMPAIGN in order, or give one of them another place.

    A move renames the files, so that the order of their names is that of the mails. Ids stay, and so does the rhythm:
    how long the third mail waits belongs to the third place, whichever mail stands there.
    """
    from backmail.desk import steps

    if action is None:
        if after is not None or first:
            raise click.UsageError("--after and --first belong to: move STEP")
        _show(steps.listed(campaign, project))
        return
    if not step:
        raise click.UsageError("which step? backmail steps CAMPAIGN move STEP --after STEP")
    if (after is not None) == first:
        raise click.UsageError("say where to: --after STEP, or --first")
    read = steps.listed(campaign, project)
    moved = steps.move(read, step, after or None, project)
    for old, new in moved.renamed:
        screen.tell(f"{old} -> {new}")
    if moved.rhythm:
        screen.tell("the waiting times stay with their places: other mails have them now")
    read = steps.listed(campaign, project)
    _show(read)
    found = steps.unsafe(read, project)
    screen.show(found)
    screen.tell(screen.pasteable(f"backmail check {shlex.quote(campaign)}"))


def _show(campaign: Campaign) -> None:
    """Print the steps as a table."""
    rows = [("", "step", "after", "subject")]
    rows += [(str(n), each.id, str(each.after), each.subject) for n, each in enumerate(campaign.steps, start=1)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for number, id_, waits, subject in rows:
        screen.say(f"{number:>{widths[0]}}  {id_:<{widths[1]}}  {waits:<{widths[2]}}  {subject}")
