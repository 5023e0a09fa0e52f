"""`backmail explain EMAIL [CAMPAIGN STEP]`: what somebody got and why, and what comes next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.sending.explain import Explained, StepTold, Walk, Why


@click.command("explain")
@click.argument("email")
@click.argument("campaign", required=False, shell_complete=names.campaigns)
@click.argument("step", required=False, shell_complete=names.steps)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def command(email: str, campaign: str | None, step: str | None, as_json: bool, project: Project) -> None:
    """Say what EMAIL got and why, what happened when, and what comes next.

    With CAMPAIGN, and a STEP of it, only that is answered: also why somebody did not get it.
    """
    from backmail.app import opened
    from backmail.audience import subscribers
    from backmail.cli.asked import campaign_id, running
    from backmail.sending.explain import explain

    with opened(project) as app, app.reading() as tx:
        person = subscribers.by_email(tx, app.pepper, email)
        told = explain(
            tx,
            app.shelf,
            person.id,
            now=app.now(),
            zone=app.zone,
            live_needed=app.live_needed,
            running=running(app.store.url) is not False,
            campaign=campaign_id(tx, campaign) or "",
            step=step or "",
        )
    if as_json:
        screen.say(json.dumps(_json(told), ensure_ascii=False, indent=1))
        return
    for line in _lines(told):
        screen.say(screen.pasteable(line))


def _lines(told: Explained) -> Iterator[str]:
    from backmail.audience.addresses import shown
    from backmail.sending.explain import told as worded

    yield f"{shown(told.email)}: {told.state}; it is {worded(told.now, told.zone)} in {told.zone}"
    for walk in told.walks:
        run = f" (run {walk.run})" if walk.run and walk.run > 1 else ""
        yield f"{walk.campaign}{run}, {walk.state or 'not enrolled'}: {walk.why.sentence(walk.zone)}"
        width = max((len(step.step) for step in walk.steps), default=0)
        for step in walk.steps:
            yield f"  {step.step:<{width}}  {step.state or 'not planned':<11}  {step.why.sentence(step.zone)}"
    if not told.walks:
        yield "no campaign: nobody enrolled this person in any"
    for moment in told.happened:
        about = " ".join(part for part in (moment.campaign, moment.step) if part)
        yield f"{worded(moment.at, told.zone)}  {about + ': ' if about else ''}{moment.text}"


def _json(told: Explained) -> Mapping[str, Any]:
    return {
        "schema": 1,
        "at": _utc(told.now),
        "subscriber": {"id": told.subscriber, "email": told.email, "state": str(told.state), "zone": told.zone},
        "campaigns": [_walk(walk) for walk in told.walks],
        "happened": [
            {
                "at": _local(moment.at, told.zone),
                "utc": _utc(moment.at),
                "what": moment.what,
                "campaign": moment.campaign or None,
                "step": moment.step or None,
                "text": moment.text,
            }
            for moment in told.happened
        ],
    }


def _walk(walk: Walk) -> Mapping[str, Any]:
    return {
        "campaign": walk.campaign,
        "run": walk.run,
        "state": str(walk.state) if walk.state else None,
        **_why(walk.why, walk.zone),
        "steps": [_step(step) for step in walk.steps],
        "next": _step(walk.next) if walk.next else None,
    }


def _step(step: StepTold) -> Mapping[str, Any]:
    return {
        "step": step.step,
        "state": str(step.state) if step.state else None,
        **_why(step.why, step.zone),
        "next": {"at": _local(step.next_at, step.zone), "utc": _utc(step.next_at)} if step.next_at else None,
    }


def _why(why: Why, zone: str) -> Mapping[str, Any]:
    return {"reason": str(why.reason), "detail": why.detail or None, "why": why.sentence(zone)}


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _local(at: dt.datetime, zone: str) -> str:
    from backmail import clock

    return at.astimezone(clock.zone_then(zone)).isoformat(timespec="seconds")
