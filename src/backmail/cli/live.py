"""`backmail live CAMPAIGN`: let a campaign go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Config, Project
    from backmail.desk.live import Due, Standing
    from backmail.sending.published import Published


@click.command("live")
@click.argument("campaign", shell_complete=names.campaigns)
@click.option(
    "--expect", metavar="N", type=click.IntRange(min=0), help="How many people walk through it; else it is asked."
)
@project_option
def command(campaign: str, expect: int | None, project: Project) -> None:
    """Let an applied CAMPAIGN go: from then on its mails leave when they are due.

    It is said once for each campaign. Before that nothing of it is sent, whatever runs. Shown first: its checks, the
    transport, its plan, how many people walk through it, and when the first mail goes.
    """
    from backmail.app import opened
    from backmail.cli.agreement import agree, operator
    from backmail.cli.applied import applied
    from backmail.desk import live
    from backmail.errors import SafetyStop

    with opened(project) as app:
        with app.reading() as tx:
            published = applied(app, tx, campaign)
            stands = live.standing(tx, published, now=app.now(), zone=app.zone)
        slug = published.campaign.slug
        if stands.live_at is not None:
            screen.say(f"{slug} is live since {stands.live_at:%Y-%m-%d %H:%M} UTC; {stands.live_by} said so")
            return
        for line in _lines(published, stands, app.config):
            screen.say(line)
        stops = live.forbidden(published, app.config)
        if stops:
            raise SafetyStop(stops, next_command=f"backmail live {slug}")
        agree(stands.walking, expect, what="people who walk through it", command=("live", slug))
        with app.durable() as tx:
            live.go_live(tx, published.campaign.id, now=app.now(), by=operator())
        screen.say(f"{slug} is live")
        screen.tell(screen.pasteable("backmail run"))


def _lines(published: Published, stands: Standing, config: Config) -> list[str]:
    """Return what whoever lets it go should have seen."""
    from backmail.desk.forecast import shown
    from backmail.desk.summary import counted

    campaign = published.campaign
    long = f"{counted(len(campaign.steps), 'mail')} in {counted(stands.days, 'day')}"
    applied = f"passed when it was applied, {stands.published_at:%Y-%m-%d %H:%M} UTC by {stands.published_by}"
    lines = [
        f"{campaign.slug}, version {published.number}",
        f"checks      {applied}",
        f"transport   {_transport(config)}",
        f"plan        {long}; {_UNCERTAIN[campaign.on_uncertain]}",
        f"people      {stands.walking:,} {'walks' if stands.walking == 1 else 'walk'} through it",
        "first mail  " + (shown(stands.first.at, stands.first.zone) if stands.first else "nobody waits for one"),
    ]
    if stands.busiest and config.transport.kind != "folder":
        lines.append(f"slot        {_slot(stands.busiest, config)}")
    if stands.paused:
        lines.append(f"paused      nothing goes before: backmail resume {campaign.slug}")
    return lines


_UNCERTAIN = {
    "resend": "a mail of which nobody can tell whether it arrived goes again",
    "hold": "a mail of which nobody can tell whether it arrived waits for you",
    "drop": "a mail of which nobody can tell whether it arrived is not sent again",
}


def _transport(config: Config) -> str:
    chosen = config.transport
    if chosen.kind == "folder":
        return f"folder {chosen.folder}: nothing is sent to anybody, and live is not needed for it"
    relay = (
        f"{chosen.kind} by {chosen.host}:{chosen.port}, security {chosen.security}, {chosen.connections} connections"
    )
    return f"{relay}; this very machine: a rehearsal" if chosen.rehearsal else relay


def _slot(busiest: Due, config: Config) -> str:
    from backmail.desk.forecast import in_words, needed, shown
    from backmail.desk.summary import counted

    length = in_words(needed(busiest.mails, config.transport))
    needs = "needs" if busiest.mails == 1 else "need"
    return f"{counted(busiest.mails, 'mail')} on {shown(busiest.at, busiest.zone)} {needs} {length}"
