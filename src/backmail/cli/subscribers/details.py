"""`backmail subscribers show|find`: what is known of people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.cli.subscribers.options import email_argument, listed, shown_name

if TYPE_CHECKING:
    from backmail.audience.dossier import Dossier, Mail, Run
    from backmail.audience.subscribers import Person
    from backmail.audience.suppressions import Suppression
    from backmail.config import Project

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.command("show", short_help="Show all that is known of somebody.")
@email_argument
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def show(email: str, as_json: bool, project: Project) -> None:
    """Show all that is known of somebody: state, consents, what stands against writing to her, and her mails."""
    from backmail.app import opened
    from backmail.audience.dossier import dossier
    from backmail.audience.subscribers import by_email

    with opened(project) as backmail, backmail.reading() as tx:
        known = dossier(tx, by_email(tx, backmail.pepper, email))
        now = backmail.now()
    if as_json:
        screen.say(json.dumps({"schema": 1, **_json_of(known)}, ensure_ascii=False, indent=1))
        return
    for line in _lines(known, now):
        screen.say(line)


@click.command("find", short_help="Find people by words, or by a segment.")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--segment", metavar="EXPR", help="Only those of a segment: 'tag:vip and not field:language=da'.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="How many are shown at most.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def find(words: tuple[str, ...], segment: str | None, most: int, as_json: bool, project: Project) -> None:
    """Find the people who have each of the WORDS in their address, names or labels. Without any: everybody."""
    from backmail import segments
    from backmail.app import opened
    from backmail.audience import segments as meant
    from backmail.audience import subscribers

    within = None if segment is None else meant.select(segments.parse(segment, file="--segment"))
    with opened(project) as backmail, backmail.reading() as tx:
        found = subscribers.find(tx, " ".join(words), most + 1, within=within)
    shown, more = found[:most], len(found) > most
    if as_json:
        data = {"schema": 1, "subscribers": [_person(person) for person in shown], "more": more}
        screen.say(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for person in shown:
        names = (person.subscriber.first_name, person.subscriber.last_name)
        screen.say("  ".join(filter(None, (shown_name(person), person.state.value, *names, *_plus(person)))))
    screen.tell(f"{len(shown)} shown, and there are more: --most N" if more else f"{len(shown)} found")


def _plus(person: Person) -> Iterator[str]:
    return (f"+{tag}" for tag in person.subscriber.tags)


def _lines(known: Dossier, now: dt.datetime) -> Iterator[str]:
    person, who = known.person, known.person.subscriber
    yield shown_name(person)
    yield f"  state      {person.state}, since {_day(person.added_at)}"
    facts = {
        "name": " ".join(filter(None, (who.first_name, who.last_name))),
        "language": who.language,
        "timezone": who.timezone,
        "tags": ", ".join(who.tags),
        "wishes": _wished(person),
        "paused": f"until {_time(person.paused_until)}" if person.paused_until and person.paused_until > now else "",
        **who.attributes,
    }
    yield from (f"  {name:<10} {value}" for name, value in facts.items() if value)
    stands = [one for one in known.suppressions if one.lifted_at is None]
    yield f"  written to {'no: ' + '; '.join(map(_told, stands)) if stands else 'yes'}"
    for one in known.consents:
        yield f"  {_time(one.at)}  {one.act} ({one.source})" + (f": {one.shown}" if one.shown else "")
    for no in known.suppressions:
        if no.lifted_at:
            yield f"  {_time(no.lifted_at)}  {no.reason} lifted: {no.lifted_because}"
    for run in known.runs:
        yield f"  {run.slug}, run {run.run}: {run.state}" + (f" ({run.reason})" if run.reason else "")
        yield from (f"    {_mail_line(mail)}" for mail in run.mails)


def _told(one: Suppression) -> str:
    return f"{one.reason} on {_day(one.since)}" + (f", campaign {one.scope} only" if one.scope else "")


def _mail_line(mail: Mail) -> str:
    at = mail.accepted_at or mail.first_handed_at or mail.due_at
    return f"{_time(at)}  {mail.step}: {mail.state}" + (f" ({mail.reason})" if mail.reason else "")


def _wished(person: Person) -> str:
    wishes = person.wishes
    days = listed(_WEEKDAYS[day] for day in wishes.days) if wishes.days is not None else ""
    at = f"at {wishes.at:%H:%M}" if wishes.at else ""
    pace = f"{wishes.pace} pace" if wishes.pace != "normal" else ""
    return ", ".join(filter(None, (days, at, pace)))


def _day(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _time(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _utc(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _json_of(known: Dossier) -> Mapping[str, Any]:
    return {
        "subscriber": _person(known.person),
        "consents": [
            {
                "act": one.act.value,
                "at": _utc(one.at),
                "shown": one.shown,
                "version": one.version,
                "language": one.language,
                "source": one.source,
            }
            for one in known.consents
        ],
        "suppressions": [
            {
                "reason": one.reason.value,
                "campaign": one.scope or None,
                "since": _utc(one.since),
                "provisional": one.provisional,
                "lifted_at": _utc(one.lifted_at),
                "lifted_because": one.lifted_because,
            }
            for one in known.suppressions
        ],
        "enrollments": [_run(run) for run in known.runs],
    }


def _person(person: Person) -> Mapping[str, Any]:
    who, wishes = person.subscriber, person.wishes
    return {
        "email": who.email,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "language": who.language,
        "timezone": who.timezone,
        "tags": list(who.tags),
        "attributes": dict(who.attributes),
        "state": person.state.value,
        "added_at": _utc(person.added_at),
        "paused_until": _utc(person.paused_until),
        "wishes": {
            "days": None if wishes.days is None else [_WEEKDAYS[day] for day in wishes.days],
            "at": f"{wishes.at:%H:%M}" if wishes.at else None,
            "pace": wishes.pace.value,
        },
    }


def _run(run: Run) -> Mapping[str, Any]:
    return {
        "campaign": run.slug,
        "run": run.run,
        "state": run.state.value,
        "reason": run.reason,
        "started_at": _utc(run.started_at),
        "ended_at": _utc(run.ended_at),
        "deliveries": [
            {
                "id": str(mail.id),
                "step": mail.step,
                "state": mail.state.value,
                "reason": mail.reason,
                "due_at": _utc(mail.due_at),
                "zone": mail.zone,
                "first_handed_at": _utc(mail.first_handed_at),
                "accepted_at": _utc(mail.accepted_at),
            }
            for mail in run.mails
        ],
    }
