"""What happened to a person, in the order in which it happened; only what the tables have an instant for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.model.states import EnrollmentState
from backmail.sending.explain.facts import Facts, Run
from backmail.sending.explain.whys import of_no, of_run
from backmail.store.tables import consents, deliveries, events, tags

__all__ = ["Moment", "moments"]

_ACTS = {
    "asked": "was asked to confirm the address",
    "confirmed": "confirmed the address",
    "imported": "was imported",
    "withdrawn": "took the consent back",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, a word for what, in a sentence; the campaign's slug and the step if it had one."""

    at: dt.datetime
    what: str
    text: str
    campaign: str = ""
    step: str = ""


def moments(tx: sa.Connection, known: Facts, zone: str, campaign: str = "", step: str = "") -> list[Moment]:
    """Return what happened to a person, the oldest first.

    Args:
        tx: an open transaction.
        known: the rows that decide about her.
        zone: for instants within a sentence.
        campaign: only what is about that campaign, by its id; "" for everything.
        step: only what is about that step of it.
    """
    runs = [run for run in known.runs if campaign in ("", run.campaign)]
    found = [] if step else [*_herself(tx, known, campaign), *_walked(known, runs, zone)]
    found += [moment for run in runs for moment in _mailed(known, run, step)]
    found += _heard(tx, known, runs, everything=not campaign, step=step)
    return sorted(found, key=lambda moment: moment.at)


def _herself(tx: sa.Connection, known: Facts, campaign: str) -> Iterator[Moment]:
    person = known.person
    if not campaign:
        yield Moment(person.added_at, "added", "was added")
        mine = sa.select(consents.c.at, consents.c.act, consents.c.source).where(consents.c.subscriber == person.id)
        for row in tx.execute(mine.order_by(consents.c.id)):
            yield Moment(row.at, row.act, f"{_ACTS[row.act]} ({row.source})")
        for since, tag in tx.execute(sa.select(tags.c.since, tags.c.tag).where(tags.c.subscriber == person.id)):
            yield Moment(since, "tagged", f"got the tag {tag}")
    for no in person.noes:
        if campaign and no.scope not in ("", campaign):
            continue
        slug = known.courses[no.scope].slug if no.scope in known.courses else ""
        words = str(of_no(no).reason)
        about = f" from {slug}" if slug else ""
        yield Moment(no.since, "suppressed", f"we may no longer write: {words}{about}", slug)
        if no.lifted_at is not None:
            yield Moment(no.lifted_at, "lifted", f"we may write again: {words}{about} was lifted ({no.because})", slug)


def _walked(known: Facts, runs: list[Run], zone: str) -> Iterator[Moment]:
    for run in runs:
        slug = known.courses[run.campaign].slug
        yield Moment(run.started_at, "enrolled", "was enrolled" + (f", run {run.run}" if run.run > 1 else ""), slug)
        if run.ended_at is not None:
            said = (
                "walked it to its end" if run.state is EnrollmentState.FINISHED else of_run(known, run).sentence(zone)
            )
            yield Moment(run.ended_at, str(run.state), said, slug)


def _mailed(known: Facts, run: Run, step: str) -> Iterator[Moment]:
    slug = known.courses[run.campaign].slug
    for mail in run.mails:
        if step not in ("", mail.step):
            continue
        if mail.first_handed_at is not None:
            times = f", and {mail.hand_overs - 1} times more since" if mail.hand_overs > 1 else ""
            yield Moment(mail.first_handed_at, "handed", f"was handed over{times}", slug, mail.step)
        if mail.accepted_at is not None:
            yield Moment(mail.accepted_at, "accepted", "was taken by the provider", slug, mail.step)


def _heard(tx: sa.Connection, known: Facts, runs: list[Run], *, everything: bool, step: str) -> Iterator[Moment]:
    """Yield what came back: of her mails, and of herself where it is about no mail."""
    mails = {mail.id: (known.courses[run.campaign].slug, mail.step) for run in runs for mail in run.mails}
    mine = sa.or_(
        events.c.subscriber == known.person.id,
        events.c.delivery.in_(sa.select(deliveries.c.id).where(deliveries.c.subscriber == known.person.id)),
    )
    for row in tx.execute(events.select().where(mine).order_by(events.c.at, events.c.id)):
        slug, of = mails.get(row.delivery, ("", ""))
        if (row.delivery in mails or (row.delivery is None and everything)) and step in ("", of):
            yield Moment(row.at, row.kind, f"{row.source} said: {row.kind}", slug, of)
