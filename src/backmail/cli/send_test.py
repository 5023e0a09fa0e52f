"""`backmail send-test CAMPAIGN STEP --to ADDRESS`: look at a mail in a real inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import person_option, project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.model.delivery import Receipt

_REFUSED = 4  # the exit code for transports and credentials


@click.command("send-test")
@click.argument("campaign", shell_complete=names.campaigns)
@click.argument("step", shell_complete=names.steps)
@click.option("--to", "to", required=True, metavar="ADDRESS", help="One of test_recipients in config.yaml.")
@person_option
@project_option
def command(campaign: str, step: str, to: str, person: str | None, project: Project) -> int:
    """Send one mail of the applied CAMPAIGN, the one whose id is STEP, to yourself.

    It is the published version, to the byte as a reader gets it, through the transport of config.yaml. Its links change
    nothing, and nobody counts as having got it. Other addresses than test_recipients are refused with exit code 5.
    """
    import asyncio

    from backmail.app import opened
    from backmail.app.carriers import transport
    from backmail.desk import render, send_test
    from backmail.model.delivery import Accepted
    from backmail.sending.operations import campaign_named
    from backmail.transports.transport import always

    address = send_test.allowed(to, project.config)
    whose = render.person_of(project, person)
    with opened(project) as app:
        with app.reading() as tx:
            published = app.shelf.newest(tx, campaign_named(tx, campaign))
        message = send_test.message(published, step, whose, address, app.links, now=app.now())
        # Not the engine's transport: that writes only what the engine has claimed.
        receipt = asyncio.run(send_test.send(transport(project, app.clock, always), message))
    if not isinstance(receipt, Accepted):
        screen.tell(f"it was not sent to {address}: {_why(receipt)}")
        return _REFUSED
    where = f": {project.outbox / receipt.provider_id}" if project.config.transport.kind == "folder" else ""
    screen.say(f"{step} of {published.campaign.slug}, version {published.number}, sent to {address}{where}")
    return 0


def _why(receipt: Receipt) -> str:
    """Return what a transport says of a mail that it did not take."""
    from backmail.model.delivery import NotSent, Refused, Unknown

    match receipt:
        case Refused(code, enhanced, text, _):
            return " ".join(part for part in (str(code), enhanced, text) if part)
        case NotSent(reason) | Unknown(reason):
            return reason
    return ""
