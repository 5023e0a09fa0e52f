"""`backmail render CAMPAIGN --out DIR`: the mails as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import person_option, project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("render")
@click.argument("campaign", shell_complete=names.campaigns)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@person_option
@click.option("--all-people", is_flag=True, help="For every person of people/, a folder each.")
@project_option
def command(campaign: str, out: Path, person: str | None, all_people: bool, project: Project) -> None:
    """Write each mail of CAMPAIGN (a name, or a folder) as .html, .txt and .eml, as one person gets it."""
    from backmail import campaign as campaigns
    from backmail.desk import render
    from backmail.desk.summary import counted

    if person and all_people:
        raise click.UsageError("--as names one person, --all-people means all: choose one of them")
    read = campaigns.read(campaigns.folder_of(campaign, project), project=project)
    people = render.people_of(project) if all_people else (render.person_of(project, person),)
    for folder in render.render(render.Renderer(project, read), people, out):
        screen.say(str(folder))
    mails = counted(len(read.steps), "mail")
    screen.tell(f"{mails} for {', '.join(each.name for each in people)}; nothing was sent")
