"""`backmail check [CAMPAIGN ...]`: judge files and mails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.model.campaign import Finding


@click.command("check")
@click.argument("slugs", metavar="[CAMPAIGN]...", nargs=-1, shell_complete=names.campaigns)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="From which severity on the exit code is 1.",
)
@project_option
def command(slugs: tuple[str, ...], as_json: bool, fail_on: str, project: Project) -> int:
    """Judge campaigns: their files, their finished mails, and whether they still say what the article says.

    Without a CAMPAIGN: all of the project. Exit code 1 when something is wrong.
    """
    from backmail.clock import SystemClock
    from backmail.desk import check
    from backmail.desk.summary import counted

    today = SystemClock().now().date()
    checked = check.read_all(project, slugs)
    findings = [finding for campaign in checked for finding in check.check(campaign, project, today)]
    counts = check.counts(findings)
    if as_json:
        data = {"schema": 1, "findings": [_json(finding) for finding in findings], "counts": counts}
        screen.say(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        screen.show(findings)
        what = [counted(len(checked), "campaign"), counted(sum(len(campaign.steps) for campaign in checked), "mail")]
        told = [counted(number, noun) for noun, number in counts.items() if number]
        screen.say(f"{', '.join(what)}: {', '.join(told) or 'nothing to mend'}")
    if not checked:
        screen.tell(screen.pasteable(f"next: backmail {'new ARTICLE' if project.found else 'init my-mails'}"))
    return int(check.bad(findings, fail_on))


def _json(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "campaign": finding.campaign,
        "step": finding.step or None,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "message": finding.message,
        "hint": finding.hint or None,
    }
