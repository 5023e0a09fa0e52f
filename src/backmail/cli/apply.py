"""`backmail apply [CAMPAIGN]`: what the files say becomes what is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.desk.apply import Applied, Ready
    from backmail.model.campaign import Campaign
    from backmail.sending.published import Prepared


@click.command("apply")
@click.argument("slug", metavar="[CAMPAIGN]", required=False, shell_complete=names.campaigns)
@click.option(
    "--expect", metavar="N", type=click.IntRange(min=0), help="How many people are on their way; else it is asked."
)
@click.option("--yes", is_flag=True, help="However many people it touches.")
@project_option
def command(slug: str | None, expect: int | None, yes: bool, project: Project) -> int:
    """Publish CAMPAIGN (without one: all of the project) as its files stand now, for people on their way too.

    It is checked first: with errors nothing is published, and the exit code is 1. Shown before anything happens: how
    many people are on their way, and what changes for them. Nothing is sent by it.
    """
    from backmail.app import opened
    from backmail.cli.agreement import agree, operator
    from backmail.desk import apply, check

    if yes and expect is not None:
        raise click.UsageError("--yes takes any number, --expect one: choose one of them")
    ready = [apply.ready(each, project) for each in _own(check.read_all(project, (slug,) if slug else ()))]
    prepared = _shown(ready)
    if prepared is None:
        return 1
    with opened(project) as app:
        now = app.now()
        would = apply.rehearse(app.store, prepared, now=now, zone=app.zone)
        for each in would:
            for line in _lines(each):
                screen.say(line)
        touched = sum(each.touched for each in would)
        if not yes and (touched or expect is not None):
            agree(touched, expect, what="people on their way", command=("apply", *([slug] if slug else [])))
        expected = None if yes else touched
        done = apply.apply(app.store, project, prepared, now=now, by=operator(), expected=expected)
        screen.tell(screen.pasteable("\n".join(_next(done, live_needed=app.live_needed))))
    return 0


def _own(campaigns: Sequence[Campaign]) -> Iterator[Campaign]:
    """Give the campaigns that are not backmail's own, which are published with any of them."""
    return (campaign for campaign in campaigns if not campaign.system)


def _shown(ready: Sequence[Ready]) -> list[Prepared] | None:
    """Return what can be published; None after showing the findings of campaigns that cannot."""
    from backmail.desk import check
    from backmail.desk.summary import counted

    for each in ready:
        counts = {noun: number for noun, number in check.counts(each.findings).items() if number}
        told = ", ".join(counted(number, noun) for noun, number in counts.items())
        if each.prepared is None:
            screen.show(each.findings)
            screen.tell(f"{each.campaign.slug}: {told}; nothing was published")
        elif counts:
            screen.tell(screen.pasteable(f"{each.campaign.slug}: {told}\nbackmail check {each.campaign.slug}"))
    prepared = [each.prepared for each in ready if each.prepared is not None]
    return prepared if len(prepared) == len(ready) else None


def _lines(applied: Applied) -> Iterator[str]:
    """Give what applying means, people first."""
    if not applied.anything:
        yield f"{applied.slug}: nothing differs from version {applied.number}"
        return
    who = (
        "nobody is" if not applied.people else "1 person is" if applied.people == 1 else f"{applied.people} people are"
    )
    yield f"{applied.slug}: {who} on the way"
    for number, what in (
        (applied.another, "another mail next"),
        (applied.moved, "the next mail at another time"),
        (applied.finished, "nothing more: the series is over for them"),
        (applied.held, "a mail only when you decide: it may have gone out before the database was restored"),
    ):
        if number:
            yield f"  {number} get {what}" if number > 1 else f"  1 gets {what.replace('them', 'her')}"
    for word, steps in (("new", applied.added), ("gone", applied.removed), ("changed", applied.changed)):
        if steps and applied.before is not None:
            yield f"  {word}: {', '.join(steps)}"
    since = f" after version {applied.before}" if applied.before else ""
    yield f"  version {applied.number}{since}"


def _next(done: Sequence[Applied], *, live_needed: bool) -> Iterator[str]:
    """Give the commands that may come next."""
    yield f"applied: {', '.join(each.slug for each in done) or 'nothing'}"
    for each in done:
        if each.before is None:
            yield f"backmail enroll {each.slug} --segment all"
        if each.before is None and live_needed:
            yield f"backmail live {each.slug}"
