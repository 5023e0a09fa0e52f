"""`backmail schema`: what editors need to help with the files of a project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("schema")
@click.argument("kind", metavar="[KIND]", required=False)
@click.option("--write", "to_write", is_flag=True, help="Write them all to .backmail/schema/ of the project.")
@click.option("--check", "to_check", is_flag=True, help="Say which of those are out of date; exit code 1 for any.")
@project_option
def command(kind: str | None, to_write: bool, to_check: bool, project: Project) -> int:
    """Print the JSON Schema of a KIND of file; without one, say which there are.

    Editors take from them what may be written, what it means, and what is wrong. `backmail init` writes them, and the
    files that backmail makes name theirs in the first line.
    """
    from backmail.desk import schemas

    if bool(kind) + to_write + to_check > 1:
        raise click.UsageError("a KIND, --write and --check are three different things: choose one of them")
    if kind:
        screen.say(schemas.text(kind).rstrip("\n"))
    elif to_check:
        return _checked(schemas.stale(project.root))
    elif to_write:
        _written(schemas.write(project.root))
    else:
        for name, each in schemas.KINDS.items():
            screen.say(f"{name:<9} {each.files:<26} {each.about}")
        screen.tell(screen.pasteable("backmail schema --write"))
    return 0


def _checked(stale: list[Path]) -> int:
    from backmail.desk.schemas import KINDS

    for path in stale:
        why = "not up to date" if path.stem in KINDS else "of no kind of file that there is"
        screen.say(f"{_near(path)}: {why if path.exists() else 'missing'}")
    if stale:
        screen.tell(screen.pasteable("next: backmail schema --write"))
    else:
        screen.say("the schemas are up to date")
    return int(bool(stale))


def _written(changed: list[Path]) -> None:
    for path in changed:
        screen.say(f"{_near(path)}" + ("" if path.exists() else " (taken away)"))
    if not changed:
        screen.say("the schemas were up to date")
    screen.tell("A file finds its schema by its first line; in campaigns/NAME/campaign.yaml that is")
    screen.tell("# yaml-language-server: $schema=../../.backmail/schema/campaign.json")


def _near(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) or not path.is_absolute() else str(path)
