"""`backmail settle CAMPAIGN|--all`: decide about mails of which nobody can tell whether they arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option
from backmail.errors import UsageError

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("settle")
@click.argument("campaign", required=False, shell_complete=names.campaigns)
@click.option("--all", "all_of_them", is_flag=True, help="Of all campaigns.")
@click.option("--drop", "how", flag_value="drop", help="Send none of them again: nobody gets a mail twice.")
@click.option("--resend", "how", flag_value="resend", help="Send all of them again: nobody misses one.")
@click.option("--expect", metavar="N", type=click.IntRange(min=0), help="How many there are; else it is asked.")
@project_option
def command(campaign: str | None, all_of_them: bool, how: str | None, expect: int | None, project: Project) -> None:
    """Decide about the mails of CAMPAIGN that are held because they may have arrived or not.

    Without --drop or --resend it only shows how many there are. Dropping is the safer answer: who did not get this one
    gets the next.
    """
    from backmail.app import opened
    from backmail.cli.agreement import agree, operator
    from backmail.cli.asked import campaign_id
    from backmail.errors import SafetyStop
    from backmail.sending.operations import held, held_by_restore, settle

    if (campaign is None) != all_of_them:
        raise UsageError("settle takes one CAMPAIGN, or --all", next_command="backmail settle --all")
    if expect is not None and how is None:
        raise UsageError("--expect belongs to --drop or --resend: without them nothing is done")
    with opened(project) as app:
        with app.reading() as tx:
            id_ = campaign_id(tx, campaign)
            waiting, restored = held(tx, id_), held_by_restore(tx, id_)
        for line in _lines(waiting, restored):
            screen.say(line)
        count = sum(waiting.values())
        typed = ["settle", campaign or "--all"]
        if not count and not expect:
            screen.say("no mail is held")
            return
        if how is None:
            screen.tell(screen.pasteable(f"backmail {' '.join(typed)} --drop"))
            return
        agree(count, expect, what=f"mails to {how}", command=[*typed, f"--{how}"])
        with app.durable() as tx:
            done = settle(tx, app.shelf, id_, resend=how == "resend", now=app.now(), zone=app.zone, by=operator())
            if done != count:
                raise SafetyStop(f"{count} were held a moment ago, and {done} are now: nothing was done")
            behind = held_by_restore(tx, id_)
    screen.say(f"{done:,} {'dropped' if how == 'drop' else 'go again'}")
    if behind:
        screen.say("the next mails to these people are held as well:")
        for line in _lines(behind, behind):
            screen.say(line)
        screen.tell(screen.pasteable(f"backmail {' '.join(typed)} --drop"))


def _lines(waiting: Mapping[str, int], restored: Mapping[str, int]) -> Iterator[str]:
    """Yield how many are held of each campaign, and why."""
    for slug, number in waiting.items():
        before = restored.get(slug, 0)
        if before:
            yield f"{slug}: {before:,} may have gone out before the database was restored"
        if number > before:
            yield f"{slug}: {number - before:,} may have arrived or not"
