"""`backmail init DIR`: begin a project."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from backmail.cli import screen


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Begin a project: settings, sample people and a sample campaign.

    DIR may exist, with files of yours in it: they are not touched. A folder with a config.yaml is a project already.
    """
    from backmail.config import sample_campaigns
    from backmail.desk.begin import begin

    written = begin(folder)
    screen.say(f"A project begins in {folder}:")
    for name in written:
        screen.say(f"  {name}")
    screen.tell(".env holds two secrets: keep it to yourself, and keep a copy in a safe place.")
    sample = shlex.quote(sample_campaigns()[0].name)
    for line in (
        f"cd {shlex.quote(str(folder))}",
        f"{screen.program()} preview {sample}",
        f"{screen.program()} check",
    ):
        screen.say(line)
