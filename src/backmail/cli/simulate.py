"""`backmail simulate CAMPAIGN`: who would get what, when, by the real engine on a virtual clock."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.simulate import Member

_PEOPLE = 100
_START = "2027-01-04"


@click.command("simulate")
@click.argument("campaign", shell_complete=names.campaigns)
@click.option(
    "--people",
    "count",
    metavar="N",
    type=click.IntRange(1, 1_000_000),
    help=f"How many people to make up, in zones all over the world. [default: {_PEOPLE}]",
)
@click.option(
    "--subscribers",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="People of a CSV file instead; its column `id` names them, else their line does.",
)
@click.option(
    "--from",
    "start",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    default=_START,
    help=f"When they begin: 00:00 UTC of this day. [default: {_START}]",
)
@click.option("--weeks", metavar="N", type=click.IntRange(1, 520), help="How long. [default: until all have ended]")
@click.option("--seed", metavar="N", type=int, default=0, help="Makes up other people. [default: 0]")
@click.option("--json", "as_json", is_flag=True, help="Every single event, as JSON lines.")
@project_option
def command(
    campaign: str,
    count: int | None,
    file: Path | None,
    start: dt.datetime,
    weeks: int | None,
    seed: int,
    as_json: bool,
    project: Project,
) -> None:
    """Play CAMPAIGN (a name, or a folder) through to its end in seconds: the real engine, on a virtual clock.

    It needs the files alone, no database and no secret, and nothing is sent. Everybody counts as confirmed and is
    enrolled at the beginning. The same CAMPAIGN, people, date and seed give the same answer.
    """
    from backmail import campaign as campaigns
    from backmail.cli.progress import progress
    from backmail.cli.simulated import lines
    from backmail.desk import render
    from backmail.desk.delivered import delivered
    from backmail.desk.portable import portable
    from backmail.simulate import Counting, staged
    from backmail.store import tzdata

    if count is not None and file is not None:
        raise click.UsageError("--people makes people up, --subscribers takes those of a file: choose one of them")
    read = campaigns.read(campaigns.folder_of(campaign, project), project=project)
    begin = start.replace(tzinfo=dt.UTC)
    cast = _cast(file, count or _PEOPLE, seed)
    setting = replace(render.Renderer(project, read).setting, campaign=portable(read, project.root))
    with staged(project, setting, cast, start=begin, transport=Counting()) as stage:
        if as_json:
            screen.say(json.dumps({"schema": 1, "seed": seed, "from": f"{begin:%Y-%m-%d}", "tzdata": tzdata.present()}))
            for event in stage.enrolled():
                screen.say(json.dumps(asdict(event), ensure_ascii=False))
        with progress("mails", len(cast) * len(read.steps)) as told:
            for event in stage.play(begin + dt.timedelta(weeks=weeks) if weeks else None, told):
                if as_json:
                    screen.say(json.dumps(asdict(event), ensure_ascii=False))
        if not as_json:
            with stage.backmail.reading() as tx:
                counted = delivered(tx, stage.published.campaign, begin)
            for line in lines(counted, read, campaign):
                screen.say(screen.pasteable(line))


def _cast(file: Path | None, count: int, seed: int) -> Sequence[Member]:
    """Return who takes part, and tell who of a file does not.

    Raises:
        InputError: the file cannot be used.
    """
    from backmail.desk.summary import counted
    from backmail.simulate import listed, made

    if file is None:
        return list(made(count, seed))
    people = listed(file)
    for fault in people.faults:
        screen.tell(str(fault))
    if people.broken:
        screen.tell(f"left out: {counted(people.broken, 'row')} that cannot be used")
    for line, before in people.repeated:
        screen.tell(f"{file}:{line}: left out: the address of line {before}")
    if people.refused:
        screen.tell(f"left out: {counted(len(people.refused), 'person')} to whom the file says we may not write")
    return people.members
