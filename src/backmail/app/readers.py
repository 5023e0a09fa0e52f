"""What readers do with the links in their mails: confirm, unsubscribe, take it back, look at a mail again, practise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from backmail import rendering
from backmail.app.backmail import Backmail
from backmail.audience import subscribers, suppressions
from backmail.audience.subscribers import Person
from backmail.audience.suppressions import EVERYWHERE, Suppression
from backmail.errors import BackmailError, StoreError
from backmail.model.campaign import Campaign, Step
from backmail.model.states import SubscriberState, SuppressionReason
from backmail.sending import decisions, published
from backmail.sending.decisions import UNDO
from backmail.sending.lookup import Known, Whose, by_delivery, mail_of, whose
from backmail.sending.practice import Days, practice_days
from backmail.sending.published import Published

if TYPE_CHECKING:
    from backmail.rendering import Variants

__all__ = [
    "UNDO_DAYS",
    "Joining",
    "Leaving",
    "Practice",
    "Seen",
    "Stand",
    "calendar",
    "confirm",
    "confirming",
    "leaving",
    "masked",
    "picture",
    "sheet",
    "undo",
    "unsubscribe",
    "view",
]

UNDO_DAYS = UNDO.days
# What a fresh opt-in lifts. Of an erased person we only know that she said no.
_HER_OWN = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED)


class Stand(StrEnum):
    """How somebody stands to the mails of a campaign."""

    SUBSCRIBED = "subscribed"
    LEFT_SERIES = "left_series"  # no mail of this campaign
    LEFT = "left"  # no mail at all
    GONE = "gone"  # nobody is known by this link any more, and nobody gets mail


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page may say of a mail and whose it is.

    `languages`: tags, the dearest first; `address`: masked; `series`: the campaign's name, "" for a system mail and
    where it is not known.
    """

    languages: Sequence[str]
    address: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How somebody stands whose link to unsubscribe was followed, and whether she may take her no back.

    `seen` is None for Stand.GONE, and where it could not be looked up. It has no `series` where only she is known: a
    restored database does not hold what came after the backup.
    """

    stand: Stand
    seen: Seen | None = None
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """What became of a request to confirm: `open` waits for her word, `done` has it; neither: it no longer stands.

    `series`: names of the campaigns that her word began.
    """

    seen: Seen | None = None
    open: bool = False
    done: bool = False
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """The exercises of one mail as a daily appointment.

    `uid`: holds nothing of the reader; `stamp`: when it was made, UTC; `url`: the mail in the browser; `description`: a
    line for each exercise with its dose, "" where the mail has none.
    """

    uid: str
    stamp: dt.datetime
    days: Days
    summary: str
    url: str
    description: str = ""


def leaving(backmail: Backmail, token: str) -> Leaving:
    """Return how somebody stands, by the token of her link to unsubscribe. Changes nothing.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot be read now.
    """
    named = backmail.links.read("unsubscribe", token)
    with backmail.reading() as tx:
        known = whose(tx, named)
        if known is None:
            return Leaving(Stand.GONE)
        person = subscribers.get(tx, known.subscriber)
        noes = suppressions.standing(tx, person.address)
        seen = _seen(backmail, tx, known, person)
    for scope, stand in ((EVERYWHERE, Stand.LEFT), (known.campaign, Stand.LEFT_SERIES)):
        if any(no.scope == scope for no in noes):
            return Leaving(stand, seen, _may_undo(noes, scope, backmail.now()))
    return Leaving(Stand.SUBSCRIBED, seen)


def unsubscribe(backmail: Backmail, token: str, *, only_this: bool = False) -> Leaving:
    """Take her no, on the disk when this returns. Said again, or by somebody long gone, it is the same answer.

    Args:
        backmail: the installation.
        token: of her link to unsubscribe.
        only_this: no mail of this campaign, rather than no mail of this sender; where the campaign is not known any
            more, it is the latter: rather too few mails than a no that holds nothing.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot take it now, and nothing was recorded.
    """
    named, scope = backmail.links.read("unsubscribe", token), EVERYWHERE
    with backmail.durable() as tx:
        known = whose(tx, named, lock=True)
        if known is not None:
            scope = known.campaign if only_this and not known.system else EVERYWHERE
            decisions.unsubscribe(tx, known.subscriber, now=backmail.now(), campaign=scope)
    if known is None:
        return Leaving(Stand.GONE)
    # Her no stands by now, whatever keeps us from telling more of it.
    try:
        return leaving(backmail, token)
    except StoreError:
        return Leaving(Stand.LEFT if scope == EVERYWHERE else Stand.LEFT_SERIES)


def undo(backmail: Backmail, token: str, *, only_this: bool = False) -> Leaving:
    """Take her no back, if it is not older than UNDO_DAYS; otherwise the answer says that she still gets no mail.

    Args:
        backmail: the installation.
        token: of her link to unsubscribe.
        only_this: the no to this campaign, rather than the one to all mail; nothing where the campaign is not known
            any more.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot take it now, and nothing was recorded.
    """
    named = backmail.links.read("unsubscribe", token)
    with backmail.durable() as tx:
        known = whose(tx, named, lock=True)
        if known is not None and (known.campaign or not only_this):
            scope = known.campaign if only_this else EVERYWHERE
            person = subscribers.get(tx, known.subscriber)
            now, zone = backmail.now(), backmail.zone
            if _may_undo(suppressions.standing(tx, person.address), scope, now):
                decisions.undo(tx, backmail.shelf, known.subscriber, now=now, zone=zone, campaign=scope)
    return leaving(backmail, token)


def confirming(backmail: Backmail, token: str) -> Joining:
    """Return whether a request to confirm still waits for its answer. Changes nothing.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot be read now.
    """
    delivery = backmail.links.read("confirm", token)
    with backmail.reading() as tx:
        return _request(backmail, tx, by_delivery(tx, delivery))


def confirm(backmail: Backmail, token: str, shown: decisions.Shown) -> Joining:
    """Take her yes, on the disk when this returns. Said again it is the same answer, and nothing more happens.

    Args:
        backmail: the installation.
        token: of her link to confirm.
        shown: what she said yes to.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot take it now, and nothing was recorded.
    """
    delivery = backmail.links.read("confirm", token)
    with backmail.durable() as tx:
        known = by_delivery(tx, delivery, lock=True)
        request = _request(backmail, tx, known)
        if known is None or not request.open:
            return request
        now, zone = backmail.now(), backmail.zone
        begun = decisions.confirm(tx, backmail.shelf, known.subscriber, shown, now=now, zone=zone)
        series = (_campaign(backmail, tx, campaign) for campaign in begun)
        return Joining(request.seen, done=True, series=tuple(one.name for one in series if one))


def view(backmail: Backmail, token: str) -> str | None:
    """Return the HTML of a mail as it was sent, or would be; None when it is no longer kept.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot be read now.
        TemplateError: it cannot be rendered.
    """
    delivery = backmail.links.read("view", token)
    with backmail.reading() as tx:
        known = by_delivery(tx, delivery)
        found = mail_of(tx, backmail.shelf, backmail.links, known) if known else None
    return found.message.part("html") if found else None


def picture(backmail: Backmail, digest: str, name: str) -> bytes | None:
    """Return a picture that mails show, of whatever version; None for anything else.

    Args:
        backmail: the installation.
        digest: sha256 of its bytes.
        name: of its file, without folders.

    Raises:
        StoreError: the database cannot be read now.
    """
    with backmail.reading() as tx:
        return published.picture(tx, digest, name)


def calendar(backmail: Backmail, token: str) -> Practice | None:
    """Return the exercises of a mail as a daily appointment, always the same; None when it is no longer kept.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot be read now.
        TemplateError: the mail's subject cannot be rendered.
    """
    delivery = backmail.links.read("calendar", token)
    with backmail.reading() as tx:
        known = by_delivery(tx, delivery)
        found = mail_of(tx, backmail.shelf, backmail.links, known) if known else None
    if known is None or found is None:
        return None
    domain = found.campaign.sender.email.rpartition("@")[2].encode("idna").decode("ascii")
    return Practice(
        uid=backmail.links.message_id(f"calendar {delivery}", domain).strip("<>"),
        stamp=known.sent_at.replace(microsecond=0),
        days=practice_days(found.campaign, found.step, known, found.person.wishes),
        summary=found.message.part("subject"),
        url=backmail.links.link("view", delivery),
        description=_exercises(found.step, found.campaign.language),
    )


def sheet(backmail: Backmail, token: str) -> str | None:
    """Return the page with all exercises of a series, as far as its reader got them; None when it is no longer kept.

    Raises:
        LinkError: the token is not ours.
        StoreError: the database cannot be read now.
        TemplateError: it cannot be rendered.
    """
    delivery = backmail.links.read("sheet", token)
    with backmail.reading() as tx:
        known = by_delivery(tx, delivery)
        found = mail_of(tx, backmail.shelf, backmail.links, known) if known else None
    if found is None:
        return None
    composer, step = _sheet(found.published, found.step.id, found.reader.progress.had, backmail.project.templates)
    return rendering.address(composer.of(step, found.reader), found.reader, delivery, backmail.links).part("html")


@lru_cache(maxsize=64)  # most readers got all steps, and a page costs a hundred times what filling it does
def _sheet(version: Published, step_id: str, got: tuple[str, ...], templates: Path) -> tuple[Variants, Step]:
    """Return the sheet of a version for those who got these steps, and what composes it."""
    # Sending starts quickly without them.
    from backmail.rendering import Setting, Variants, load_sheet, shared, sheet_of

    looks = load_sheet([templates])
    setting, step = sheet_of(Setting(version.campaign, looks, version.brand, version.company), step_id, got)
    return Variants(setting, shared()), step


def _exercises(step: Step, language: str) -> str:
    """Return a line for each exercise of a step, with its dose."""
    from backmail.rendering.parts import DOSE  # sending starts quickly without Markdown
    from backmail.rendering.phrases import phrases
    from backmail.rendering.routine import exercises

    words = phrases(language)
    found = ((each.name, each.said(words, DOSE)) for each in exercises(step.body))
    return "\n".join(
        name + (f" ({', '.join(f'{label}: {said}' for label, said in dose)})" if dose else "") for name, dose in found
    )


def masked(email: str) -> str:
    """Return an address so that its owner knows it and nobody else can write to it: `a***@example.org`."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"


def _may_undo(noes: Sequence[Suppression], scope: str, now: dt.datetime) -> bool:
    """Return whether what stands against somebody in this scope is her own no alone, and young enough."""
    within = [no for no in noes if no.scope == scope]
    return bool(within) and all(no.reason is SuppressionReason.UNSUBSCRIBED and now - no.since <= UNDO for no in within)


def _request(backmail: Backmail, tx: sa.Connection, known: Known | None) -> Joining:
    """Return how a request to confirm stands. A no that came after it wins; one from before it is what it lifts."""
    if known is None:
        return Joining()
    person = subscribers.get(tx, known.subscriber)
    seen = _seen(backmail, tx, known, person)
    against = [no for no in suppressions.standing(tx, person.address) if no.scope == EVERYWHERE]
    if any(no.reason not in _HER_OWN or no.since >= known.enrolled_at for no in against):
        return Joining(seen)
    done = person.state is SubscriberState.ACTIVE and not against
    return Joining(seen, open=not done, done=done)


def _seen(backmail: Backmail, tx: sa.Connection, known: Whose, person: Person) -> Seen:
    campaign = _campaign(backmail, tx, known.campaign, known.version)
    languages = [person.subscriber.language, campaign.language if campaign else None]
    series = "" if known.system else campaign.name if campaign else known.slug
    return Seen(tuple(tag for tag in languages if tag), masked(person.subscriber.email), series)


def _campaign(backmail: Backmail, tx: sa.Connection, id_: str, version: int | None = None) -> Campaign | None:
    """Return a campaign in one version, or the newest; None where it cannot be read, which keeps nobody from a no."""
    try:
        if version is None:
            newest = backmail.shelf.newest(tx, id_)
            return newest.campaign if newest else None
        return backmail.shelf.get(tx, id_, version).campaign
    except BackmailError:
        return None
