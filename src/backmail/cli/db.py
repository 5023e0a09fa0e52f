"""`backmail db upgrade|check|backup|restore`: the database as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.app.restores import Restored
    from backmail.config import Project

_FILE = click.Path(path_type=Path)
_SAID = {"suppressed": "said no", "erased": "erased", "lifted": "lifted", "undone": "taken back"}


@click.group("db")
def command() -> None:
    """Make or upgrade the database, see whether it is sound, back it up, and restore it."""


@command.command("upgrade", short_help="Make the database, or bring it up to date.")
@project_option
def upgrade(project: Project) -> None:
    """Make the database, or bring an older one to the present tables.

    Every command that needs the database does so by itself; what fails changes nothing.
    """
    from backmail.app.upkeep import upgraded

    screen.say(f"{upgraded(project)}: up to date")


@command.command("check", short_help="Say whether the database is sound; it changes nothing.")
@project_option
def check(project: Project) -> int:
    """Read the whole database and see whether it is ours, up to date, and sound. It changes nothing.

    Exit code 1 when it is not sound.
    """
    from backmail.app.upkeep import checked

    found = checked(project)
    for damage in found.damages:
        screen.say(f"{found.name}: {damage}")
    if found.damages:
        screen.tell("it is damaged: stop the engine, then restore the last backup; this file is kept beside")
        screen.tell(f"next: {screen.program()} db restore FILE")
    if found.astray:
        screen.say(f"{found.name}: the queue has {found.astray} deliveries wrong")
        screen.tell(f"no mail is lost by that; {screen.program()} run mends it when it starts")
    if not found.damages and not found.astray:
        screen.say(f"{found.name}: sound, up to date, and of this installation")
    return int(bool(found.damages or found.astray))


@command.command("backup", short_help="Copy the database while it is at work.")
@click.argument("file", metavar="FILE", type=_FILE)
@project_option
def backup(file: Path, project: Project) -> None:
    """Copy the database as it is at this moment into FILE, also while backmail runs; nobody waits for it.

    FILE must not be there yet; in a folder the backup is named by date and time. PostgreSQL is copied by its own
    pg_dump. Restore it with `backmail db restore FILE`.
    """
    from backmail.app.backups import backed_up
    from backmail.clock import SystemClock

    done = backed_up(project, file, now=SystemClock().now())
    screen.say(f"{done.file}: {done.name}, {_size(done.size)}, found whole")
    screen.tell(
        "not in it: .env (without its pepper nobody's no is known again; keep a copy elsewhere), config.yaml, "
        "campaigns/, and what readers say from now on (the ledger of noes beside the database holds that)"
    )


@command.command("restore", short_help="Put a backup in the place of the database.")
@click.argument("file", metavar="FILE", type=_FILE)
@project_option
def restore(file: Path, project: Project) -> None:
    """Put the backup FILE in the place of the database, with the engine stopped. What was there is kept beside.

    Everybody who said no since the backup stays out, by the ledger of noes. Each mail that may have gone out since is
    held until you decide (`backmail settle`), and all sending is paused until `backmail resume`.
    """
    from backmail.app.restores import restored
    from backmail.app.upkeep import place
    from backmail.cli.agreement import operator
    from backmail.clock import SystemClock
    from backmail.engines import alone

    clock = SystemClock()
    with alone(place(project), clock=clock):
        done = restored(project, file, now=clock.now(), by=operator())
    screen.say(f"{done.name}: restored from {file}")
    _tell_restored(done)


def _tell_restored(done: Restored) -> None:
    """Say what was done, what to do next, and last what no backup holds."""
    if done.kept:
        screen.tell(f"kept beside: {done.kept}")
    counts = {act.value: count for act, count in done.said.items()}
    said = ", ".join(f"{counts[act]} {word}" for act, word in _SAID.items() if act in counts)
    if done.ledger is None:
        screen.tell("there is no ledger of noes: should anybody have said no since the backup, that is forgotten")
    else:
        screen.tell(f"said since the backup, by {done.ledger}: {said or 'nothing'}")
    if done.unreadable:
        lines = "1 line" if done.unreadable == 1 else f"{done.unreadable} lines"
        screen.tell(f"{lines} of it cannot be read: as a rule half written by who died, and written again")
    program = screen.program()
    if done.held:
        count = done.held.total()
        by = ", ".join(f"{slug} {each}" for slug, each in sorted(done.held.items()))
        screen.tell(f"held: {count} mails that may have gone out since ({by})")
        screen.tell(f"next: {program} settle --all --drop")
    screen.tell(f"all sending is paused\nnext: {program} resume")
    screen.tell(
        "lost, as no backup holds it: who signed up or was changed since, and what was published since "
        "(apply it again before you settle)"
    )


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, size // 1024)} KB"
