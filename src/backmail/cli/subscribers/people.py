"""`backmail subscribers add|set|tag`: who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.cli.subscribers.options import (
    email_argument,
    kept_words,
    listed,
    own_fields,
    person_options,
    shown_name,
    told,
)
from backmail.errors import Fault, InputError, SafetyStop, UsageError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from backmail.app import Backmail
    from backmail.audience.subscribers import Changes, Person
    from backmail.audience.suppressions import Suppression
    from backmail.config import Project
    from backmail.model.people import Subscriber
    from backmail.model.sending import Wishes

_ANY = "any"


@click.command("add", short_help="Add somebody; a mail asks her first.")
@email_argument
@person_options
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="A label. Repeatable.")
@click.option("--confirmed", is_flag=True, help="She has agreed already; give --consent. [default: a mail asks her]")
@click.option("--consent", metavar="TEXT", help="With --confirmed: what she agreed to, when and where. It is kept.")
@project_option
def add(
    email: str,
    first_name: str | None,
    last_name: str | None,
    language: str | None,
    timezone: str | None,
    fields: tuple[str, ...],
    tags: tuple[str, ...],
    confirmed: bool,
    consent: str | None,
    project: Project,
) -> None:
    """Add somebody. She is asked by mail first, and gets nothing else before she has confirmed.

    Said again for somebody who has not confirmed yet, or who unsubscribed, she is asked once more: at most once in 15
    minutes, three times a day.

    Once she has confirmed, she begins the applied campaigns whose `start` is confirmed, as that of a new series is.
    """
    agreed = kept_words("--consent", consent)
    if confirmed != bool(agreed):
        missing = "--confirmed needs --consent" if confirmed else "--consent belongs to --confirmed"
        raise UsageError(Fault(missing, hint="--consent 'shop counter, 2027-03-02: yes to the back series'"))
    names = {"first_name": first_name, "last_name": last_name, "language": language, "timezone": timezone}
    who = told(email, names, fields, tags)
    from backmail.app import opened

    with opened(project) as backmail, backmail.durable() as tx:
        person = _here(tx, backmail, who, confirmed=confirmed)
        if confirmed:
            started = _confirmed(tx, backmail, person, agreed)
            said = f"{shown_name(person)}: added, confirmed" + (f"; begins {listed(started)}" if started else "")
        else:
            _asked(tx, backmail, person)
            said = f"{shown_name(person)}: added; a mail asks her to confirm"
    screen.say(said)


def _here(tx: sa.Connection, backmail: Backmail, who: Subscriber, *, confirmed: bool) -> Person:
    """Return the person, added now or before.

    Raises:
        InputError: she is here, and there is nothing to confirm.
        SafetyStop: we may not write to her.
    """
    from backmail.audience import subscribers, suppressions
    from backmail.audience.addresses import keyed, shown
    from backmail.model.states import SubscriberState

    address = keyed(backmail.pepper, who.email)
    standing = [one for one in suppressions.standing(tx, address) if one.scope == suppressions.EVERYWHERE]
    _may_be_added(shown(who.email), standing, confirmed=confirmed)
    id_ = subscribers.known(tx, [address]).get(address)
    if id_ is None:
        id_ = subscribers.add(tx, who, backmail.pepper, now=backmail.now(), state=SubscriberState.PENDING)
        return subscribers.get(tx, id_)
    here = subscribers.get(tx, id_)
    if here.state is SubscriberState.ACTIVE and not standing:
        said = f"{shown_name(here)} is a subscriber already, and confirmed"
        raise InputError(said, next_command=f"backmail subscribers set {quote(here.subscriber.email)}")
    return _completed(tx, here, who, backmail.now())


def _completed(tx: sa.Connection, here: Person, who: Subscriber, now: dt.datetime) -> Person:
    """Return somebody who is here with what was said of her this time."""
    from backmail.audience import subscribers, tags

    changes: Changes = {"attributes": {**here.subscriber.attributes, **who.attributes}}
    for name in ("first_name", "last_name", "language", "timezone"):
        if said := getattr(who, name):
            changes[name] = said
    subscribers.change(tx, here.id, **changes)
    tags.tag(tx, [here.id], who.tags, now=now)
    return subscribers.get(tx, here.id)


def _may_be_added(email: str, standing: Sequence[Suppression], *, confirmed: bool) -> None:
    """Let somebody be asked who said no herself, and nobody else be written to to whom we may not.

    Raises:
        SafetyStop: she is one of them.
    """
    from backmail.model.states import SuppressionReason

    her_own = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED)
    others = [one for one in standing if one.reason not in her_own]
    if others:
        raise SafetyStop(
            f"we may not write to {email}: {listed(one.reason for one in others)}",
            next_command=f"backmail subscribers lift {quote(email)} --because '...'",
        )
    if standing and confirmed:
        raise SafetyStop(
            Fault(
                f"{email} said no on {standing[0].since:%Y-%m-%d}", hint="only she can take that back: ask her by mail"
            ),
            next_command=f"backmail subscribers add {quote(email)}",
        )


def _confirmed(tx: sa.Connection, backmail: Backmail, person: Person, consent: str) -> list[str]:
    from backmail.sending import decisions
    from backmail.sending.decisions import Shown

    shown = Shown(consent, "", person.subscriber.language or "", "operator")
    now, zone = backmail.now(), backmail.zone
    started = decisions.confirm(tx, backmail.shelf, person.id, shown, now=now, zone=zone)
    return [backmail.shelf.newest(tx, campaign).campaign.slug for campaign in started]


def _asked(tx: sa.Connection, backmail: Backmail, person: Person) -> None:
    from backmail.audience import consents
    from backmail.cli.agreement import operator
    from backmail.desk.system import is_published, publish_system
    from backmail.sending import decisions

    now = backmail.now()
    if not is_published(tx):  # a project in which nothing was applied yet
        publish_system(tx, backmail.project, now=now, by=operator())
    if not decisions.ask_to_confirm(tx, backmail.shelf, person.id, now=now, zone=backmail.zone):
        hint = "at most once in 15 minutes, three times a day"
        raise SafetyStop(Fault(f"{shown_name(person)} was asked just now, and is not asked again yet", hint=hint))
    language = person.subscriber.language or ""
    shown = {"shown": f"the mail of {decisions.CONFIRM}", "version": "", "language": language}
    consents.record(tx, person.id, consents.Act.ASKED, **shown, source="operator", now=now)


@click.command("set", short_help="Change what is known of somebody, and her wishes.")
@email_argument
@person_options
@click.option("--days", metavar="DAYS", help="Weekdays she asked for: mon,thu; any takes the wish back.")
@click.option("--at", metavar="TIME", help="The time of day she asked for, in her zone: 18:30; any takes it back.")
@click.option("--pace", type=click.Choice(["half", "normal", "double"]), help="How fast she wants a series.")
@project_option
def set_(
    email: str,
    first_name: str | None,
    last_name: str | None,
    language: str | None,
    timezone: str | None,
    fields: tuple[str, ...],
    days: str | None,
    at: str | None,
    pace: str | None,
    project: Project,
) -> None:
    """Change what is known of somebody. An empty TEXT or VALUE takes it away.

    With another zone, weekday, hour or pace the mails that wait for her are planned anew.
    """
    names = {"first_name": first_name, "last_name": last_name, "language": language, "timezone": timezone}
    given = {name: value for name, value in names.items() if value is not None}
    own = own_fields(fields)
    if not given and not own and days is None and at is None and pace is None:
        raise UsageError("nothing to change was said", next_command="backmail subscribers set --help")
    checked = told(email, dict(given), fields)
    from backmail.app import opened
    from backmail.audience import subscribers
    from backmail.sending import decisions

    changes: Changes = {}
    for name in given:
        changes[name] = getattr(checked, name)  # type: ignore[literal-required]  # the names are those of Changes
    with opened(project) as backmail, backmail.durable() as tx:
        person = subscribers.by_email(tx, backmail.pepper, email)
        if own:
            kept = {**person.subscriber.attributes, **checked.attributes}
            changes["attributes"] = {name: value for name, value in kept.items() if own.get(name, value).strip()}
        changes["wishes"] = wishes = _wishes(person.wishes, days, at, pace)
        subscribers.change(tx, person.id, **changes)
        if wishes != person.wishes or "timezone" in changes:
            decisions.changed(tx, backmail.shelf, person.id, now=backmail.now(), zone=backmail.zone)
    screen.say(f"{shown_name(person)}: changed")


def _wishes(had: Wishes, days: str | None, at: str | None, pace: str | None) -> Wishes:
    from pydantic import TypeAdapter, ValidationError

    from backmail.campaign.kinds import Days, Time
    from backmail.model.sending import Pace

    wanted, faults = had, []
    try:
        if days is not None:
            words = [word.strip() for word in days.split(",")]
            wanted = replace(wanted, days=None if days == _ANY else TypeAdapter(Days).validate_python(words))
    except ValidationError as error:
        faults.append(_fault("--days", error))
    try:
        if at is not None:
            time: dt.time | None = None if at == _ANY else TypeAdapter(Time).validate_python(at)
            wanted = replace(wanted, at=time)
    except ValidationError as error:
        faults.append(_fault("--at", error))
    if faults:
        raise UsageError(faults)
    return wanted if pace is None else replace(wanted, pace=Pace(pace))


def _fault(option: str, error: Exception) -> Fault:
    said = str(error.errors()[0]["ctx"]["error"])  # type: ignore[attr-defined]  # pydantic keeps what our own check said
    message, _, hint = said.partition("\n")
    return Fault(f"{option}: {message}", hint=hint)


class _Signed(click.Command):
    """A command that takes +x for --add x and -x for --remove x."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the options in place of the signs before click sees them; -h stays what it is everywhere."""
        plain: list[str] = []
        for arg in args:
            signed = len(arg) > 1 and arg[0] in "+-" and not arg.startswith("--") and arg != "-h"
            plain.append(f"{'--add' if arg[0] == '+' else '--remove'}={arg[1:]}" if signed else arg)
        return super().parse_args(ctx, plain)


@click.command("tag", short_help="Give somebody labels and take them away.", cls=_Signed)
@email_argument
@click.option("--add", "more", multiple=True, metavar="WORD", help="A label she gets; +WORD is the same. Repeatable.")
@click.option(
    "--remove", "less", multiple=True, metavar="WORD", help="A label she loses; -WORD is the same. Repeatable."
)
@project_option
def tag(email: str, more: tuple[str, ...], less: tuple[str, ...], project: Project) -> None:
    """Give somebody labels and take them away: `tag anna@example.org +vip -new`.

    A label may let a campaign begin for her, or end, as the campaign's own settings say.
    """
    from backmail.audience.values import tag_word

    try:
        wanted, unwanted = [tag_word(word) for word in more], [tag_word(word) for word in less]
    except ValueError as error:
        message, _, hint = str(error).partition("\n")
        raise UsageError(Fault(message, hint=hint)) from error
    if not wanted and not unwanted:
        raise UsageError(Fault("no label was said", hint="+WORD gives one, -WORD takes one away"))
    from backmail.app import opened
    from backmail.audience import subscribers, tags
    from backmail.sending import decisions

    with opened(project) as backmail, backmail.durable() as tx:
        person = subscribers.by_email(tx, backmail.pepper, email)
        now = backmail.now()
        tags.untag(tx, [person.id], unwanted)
        new = [word for _, word in tags.tag(tx, [person.id], wanted, now=now)]
        if new:
            decisions.tagged(tx, backmail.shelf, [person.id], new, now=now, zone=backmail.zone)
        has = tags.tags_of(tx, [person.id]).get(person.id, ())
    screen.say(f"{shown_name(person)}: {listed(has)}")
