"""`backmail doctor`: how the installation stands, and what to mend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.app.doctor import Said
    from backmail.config import Project


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def command(as_json: bool, project: Project) -> int:
    """Look at settings, database, public address and transport, and say what to mend. No mail is sent for that.

    Exit code 1 when something is wrong.
    """
    from backmail.app.doctor import Grade, examine
    from backmail.clock import SystemClock

    said = []
    for one in examine(project, clock=SystemClock()):
        said.append(one)
        if not as_json:
            _show(one)
    if as_json:
        screen.say(json.dumps({"schema": 1, "checks": [_json(one) for one in said]}, ensure_ascii=False, indent=1))
    return int(any(one.grade is Grade.ERROR for one in said))


def _show(said: Said) -> None:
    screen.say(f"{said.grade:8}{said.about}: {said.message}")
    if said.next_command:
        screen.say(screen.pasteable(f"next: {said.next_command}"))


def _json(said: Said) -> dict[str, Any]:
    return {
        "id": said.about,
        "grade": str(said.grade),
        "message": said.message,
        "next": said.next_command or None,
    }
