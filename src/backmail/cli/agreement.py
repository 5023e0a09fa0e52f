"""What is not easily undone is agreed to by its count: typed on a terminal, or said beforehand with --expect N."""

from __future__ import annotations

import getpass
import shlex
import sys
from collections.abc import Sequence

import click

from backmail.errors import SafetyStop


def agree(count: int, expect: int | None, *, what: str, command: Sequence[str]) -> None:
    """Go on only if somebody said the right count, here or on the command line.

    Args:
        count: of what would happen.
        expect: as `--expect N` gave it, None without it.
        what: that which is counted, in the plural: "people to enroll".
        command: what was typed, without `--expect`, to be typed again.

    Raises:
        SafetyStop: another count was said, or none and there is nobody to ask.
    """
    again = shlex.join(["backmail", *command])
    said = expect
    if said is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            message = f"--expect is needed where nobody can be asked: {count} {what}"
            raise SafetyStop(message, next_command=f"{again} --expect {count}")
        said = click.prompt(f"Type the number of {what} to go on", type=int, err=True)
    if said != count:
        raise SafetyStop(f"{said} {what} were expected, and there are {count}: nothing was done", next_command=again)


def operator() -> str:
    """Return who sits here, as the machine knows her: for the record of who let something happen."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"
