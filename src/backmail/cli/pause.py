"""`backmail pause [CAMPAIGN]`: hold mails back, of one campaign or of all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option
from backmail.errors import Fault, UsageError

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("pause")
@click.argument("campaign", required=False, shell_complete=names.campaigns)
@click.option("--until", metavar="DATE", help="The day on which it ends by itself: 2027-04-01. [default: never]")
@click.option("--hold", is_flag=True, help="Move every mail by the time of the pause, so that the series stands still.")
@click.option("--because", metavar="TEXT", default="", help="Why, for those who ask later.")
@project_option
def command(campaign: str | None, until: str | None, hold: bool, because: str, project: Project) -> None:
    """Let no mail of CAMPAIGN leave any more, or none of any, at once.

    What is on its way at this moment may still arrive. When the pause ends, each mail goes in its next slot; with
    --hold all of them are moved by as many days as the pause took.
    """
    day = _day(until)
    from backmail import clock
    from backmail.app import opened
    from backmail.cli.agreement import operator
    from backmail.cli.asked import campaign_id
    from backmail.sending.operations import pause_campaign

    with opened(project) as app, app.durable() as tx:
        now, zone = app.now(), clock.zone(app.zone)
        end = clock.instant(day, dt.time(), zone) if day else None
        if end and end <= now:
            raise UsageError(f"--until: {day} does not lie ahead of us")
        id_ = campaign_id(tx, campaign)
        back = pause_campaign(tx, id_, now=now, by=operator(), until=end, hold=hold, because=because)
    ends = f" until {day}, {app.zone}" if day else ""
    screen.say(
        f"{campaign or 'all sending'}: paused{ends}" + (f"; {back} that were about to go wait again" * bool(back))
    )
    if not day:
        screen.tell(screen.pasteable(f"backmail resume {campaign}" if campaign else "backmail resume"))


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(Fault(f"--until: {text!r} is not a date", hint="write 2027-04-01")) from None
