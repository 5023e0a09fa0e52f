"""`backmail retry [CAMPAIGN]`: put back what waited for somebody to mend something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("retry")
@click.argument("campaign", required=False, shell_complete=names.campaigns)
@project_option
def command(campaign: str | None, project: Project) -> None:
    """Put back the mails of CAMPAIGN, or of all, that wait for a fault to be mended.

    These are mails that could not be rendered, that were refused for what they are, and those for which the provider
    refused your account or your set-up. What failed takes the version that is applied now, in its next slot. Nobody
    gets a mail twice by this: none of them arrived.
    """
    from backmail.app import opened
    from backmail.cli.agreement import operator
    from backmail.cli.asked import campaign_id
    from backmail.desk.summary import counted
    from backmail.sending.operations import held_by_restore, retry

    with opened(project) as app, app.durable() as tx:
        id_ = campaign_id(tx, campaign)
        back = retry(tx, app.shelf, id_, now=app.now(), zone=app.zone, by=operator())
        restored = sum(held_by_restore(tx, id_).values())
    if not len(back):
        screen.say(f"{campaign or 'all campaigns'}: no mail waits for that")
        return
    for reason, ids in sorted(back.ids.items()):
        screen.say(f"{counted(len(ids), 'mail')} put back ({reason})")
    if restored:
        screen.say(f"{counted(restored, 'mail')} held: what may have gone out before the database was restored")
        screen.tell(screen.pasteable(f"backmail settle {campaign or '--all'}"))
