"""`backmail status`: how everything stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.sending.status import CampaignStatus, Status
    from backmail.store.pauses import Pause


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def command(as_json: bool, project: Project) -> None:
    """Show what waits for you, then each campaign, the engine and the database."""
    from backmail.app import opened
    from backmail.cli.asked import running
    from backmail.sending.status import status

    with opened(project) as app, app.reading() as tx:
        told = status(tx, app.now(), live_needed=app.live_needed, running=running(app.store.url))
        zone = app.zone
        live_needed = app.live_needed
    if as_json:
        screen.say(json.dumps(_json(told), ensure_ascii=False, indent=1))
        return
    for line in _lines(told, zone, live_needed=live_needed):
        screen.say(line)


def _lines(told: Status, zone: str, *, live_needed: bool) -> Iterator[str]:
    for want in told.wants:
        yield want.text
        yield f"  {screen.pasteable(want.command)}"
    if not told.wants:
        yield "nothing waits for you"
    any_live = any(campaign.live_at for campaign in told.campaigns)
    for campaign in told.campaigns:
        # backmail's own campaigns are told of once somebody is in them.
        if not campaign.slug.startswith("_") or any(campaign.people.values()):
            live = any_live if campaign.slug.startswith("_") else bool(campaign.live_at)
            yield _campaign(campaign, zone, live=live, live_needed=live_needed)
    if not told.campaigns:
        yield "no campaign is applied yet"
    yield _engine(told, zone)
    yield f"database: {_size(told.size)}"


def _campaign(one: CampaignStatus, zone: str, *, live: bool, live_needed: bool) -> str:
    from backmail.sending.explain import told

    stands = ["live" if live else "not live" if live_needed else "rehearsal"]
    if one.pause:
        stands.append("paused" + (f" until {told(one.pause.until, zone)}" if one.pause.until else ""))
    people = ", ".join(f"{count:,} {state}" for state, count in one.people.items() if count) or "nobody yet"
    mails = ", ".join(f"{count:,} {state}" for state, count in one.mails.items() if count) or "none"
    coming = f"; next {told(one.next_at, zone)}" if one.next_at else ""
    version = f"version {one.version}" if one.version else "not applied"
    return f"{one.slug} ({version}, {', '.join(stands)}): {people}; mails: {mails}{coming}"


def _engine(told: Status, zone: str) -> str:
    runs = {True: "runs", False: "does not run", None: "runs elsewhere, or not"}[told.running]
    return f"engine: {runs}" + (f"; all sending is paused{_until(told.pause, zone)}" if told.pause else "")


def _until(pause: Pause, zone: str) -> str:
    from backmail.sending.explain import told

    return f" until {told(pause.until, zone)}" if pause.until else ""


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count else "in memory"


def _json(told: Status) -> Mapping[str, Any]:
    return {
        "schema": 1,
        "at": _utc(told.now),
        "wants": [
            {"reason": str(want.reason), "campaign": want.campaign, "count": want.count, "text": want.text}
            for want in told.wants
        ],
        "campaigns": [_campaign_json(one) for one in told.campaigns],
        "engine": {"running": told.running, "paused": _pause(told.pause)},
        "database": {"bytes": told.size},
    }


def _campaign_json(one: CampaignStatus) -> Mapping[str, Any]:
    return {
        "campaign": one.slug,
        "id": one.id,
        "version": one.version,
        "live_at": _utc(one.live_at),
        "paused": _pause(one.pause),
        "people": {str(state): count for state, count in one.people.items()},
        "deliveries": {str(state): count for state, count in one.mails.items()},
        "next": _utc(one.next_at),
        "late": one.late,
    }


def _pause(pause: Pause | None) -> Mapping[str, Any] | None:
    if pause is None:
        return None
    return {
        "since": _utc(pause.since),
        "until": _utc(pause.until),
        "hold": pause.hold,
        "because": pause.because or None,
    }


def _utc(at: Any) -> str | None:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None
