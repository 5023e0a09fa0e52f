"""`backmail subscribers pause|resume`: somebody's mails rest for a while."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.cli.subscribers.options import email_argument, shown_name
from backmail.errors import Fault, UsageError

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("pause", short_help="Let somebody's mails rest until a day.")
@email_argument
@click.option("--until", required=True, metavar="DATE", help="The day on which mails may come again: 2027-04-01.")
@project_option
def pause(email: str, until: str, project: Project) -> None:
    """Let somebody's mails rest until a day, in her zone. Afterwards her series goes on where it was."""
    try:
        day = dt.date.fromisoformat(until)
    except ValueError:
        raise UsageError(Fault(f"--until: {until!r} is not a date", hint="write 2027-04-01")) from None
    from backmail import clock
    from backmail.app import opened
    from backmail.audience import subscribers
    from backmail.sending import decisions
    from backmail.sending.calendar.zones import choose_zone

    with opened(project) as backmail, backmail.durable() as tx:
        person = subscribers.by_email(tx, backmail.pepper, email)
        zone = choose_zone(person.subscriber.timezone, None, backmail.zone).zone
        now = backmail.now()
        if day <= clock.local(now, clock.zone(zone)).date():
            raise UsageError(f"--until: {day} does not lie ahead of us")
        end = clock.instant(day, dt.time(), clock.zone(zone))
        decisions.pause(tx, backmail.shelf, person.id, end, now=now, zone=backmail.zone)
    screen.say(f"{shown_name(person)}: no mails until {day}, {zone}")


@click.command("resume", short_help="End somebody's pause.")
@email_argument
@project_option
def resume(email: str, project: Project) -> None:
    """End somebody's pause: her mails come in their next slots."""
    from backmail.app import opened
    from backmail.audience import subscribers
    from backmail.sending import decisions

    with opened(project) as backmail, backmail.durable() as tx:
        person = subscribers.by_email(tx, backmail.pepper, email)
        now = backmail.now()
        paused = person.paused_until is not None and person.paused_until > now
        decisions.resume(tx, backmail.shelf, person.id, now=now, zone=backmail.zone)
    screen.say(f"{shown_name(person)}: {'mails come again' if paused else 'there was no pause'}")
