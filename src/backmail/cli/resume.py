"""`backmail resume [CAMPAIGN]`: end a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("resume")
@click.argument("campaign", required=False, shell_complete=names.campaigns)
@click.option("--hold", is_flag=True, help="Move every mail by the time of the pause, also if `pause` did not say so.")
@project_option
def command(campaign: str | None, hold: bool, project: Project) -> None:
    """End the pause of CAMPAIGN, or the pause of all sending.

    Nobody gets what was missed in one heap: a mail whose slot has passed goes in the next one. A campaign that is
    paused by itself stays so when the pause of all ends.
    """
    from backmail.app import opened
    from backmail.cli.agreement import operator
    from backmail.cli.asked import campaign_id
    from backmail.desk.summary import counted
    from backmail.sending.operations import held_by_restore, resume_campaign

    with opened(project) as app, app.durable() as tx:
        id_ = campaign_id(tx, campaign)
        done = resume_campaign(tx, id_, now=app.now(), by=operator(), hold=hold)
        restored = sum(held_by_restore(tx, id_).values())
    what = campaign or "all sending"
    if done is None:
        screen.say(f"{what}: was not paused")
        return
    moved = f", {counted(done.moved, 'mail')} moved by {counted(done.days, 'day')}" if done.days else ""
    screen.say(f"{what}: goes on{moved}")
    if restored:
        mails = counted(restored, "mail")
        screen.say(f"but for {mails} that may have gone out before the database was restored: somebody has to decide")
        screen.tell(screen.pasteable(f"backmail settle {campaign or '--all'}"))
