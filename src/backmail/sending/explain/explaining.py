"""The whole answer about one person, or about one of her campaigns or steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail import segments
from backmail.audience.segments import select
from backmail.errors import Fault, UnknownName, did_you_mean
from backmail.model.states import DeliveryState, EnrollmentState, SubscriberState
from backmail.sending.calendar import choose_zone
from backmail.sending.enrollment import Versions
from backmail.sending.explain.facts import Course, Facts, Mail, Run, facts
from backmail.sending.explain.timeline import Moment, moments
from backmail.sending.explain.whys import Why, of_mail, of_nothing, of_run, of_step

__all__ = ["Explained", "StepTold", "Walk", "explain"]

_OPEN = (DeliveryState.PLANNED, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step: how it stands (None: it was never planned), why, in which zone, and when it may go if all is well."""

    step: str
    state: DeliveryState | None
    why: Why
    zone: str
    next_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A campaign: the run and how it stands (None: never enrolled), why, and the steps in the order of planning."""

    campaign: str
    run: int | None
    state: EnrollmentState | None
    why: Why
    zone: str
    steps: tuple[StepTold, ...] = ()
    next: StepTold | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What is to be said of a person: where she stands, what she walks through, and what happened."""

    subscriber: int
    email: str
    state: SubscriberState
    zone: str
    now: dt.datetime
    walks: tuple[Walk, ...] = ()
    happened: tuple[Moment, ...] = field(default=())


def explain(
    tx: sa.Connection,
    versions: Versions,
    subscriber: int,
    *,
    now: dt.datetime,
    zone: str,
    live_needed: bool,
    running: bool = True,
    campaign: str = "",
    step: str = "",
) -> Explained:
    """Say what became of a person's mails and why, and what comes next and when.

    Args:
        tx: an open transaction; nothing is written.
        versions: where published versions are had from.
        subscriber: her id.
        now: the present instant.
        zone: of the settings, for who has none of her own.
        live_needed: whether only campaigns that are live may send, as with any transport that reaches people.
        running: whether an engine runs, True where nobody can tell.
        campaign: the id of the only campaign that is asked about; "" for all that she walked through.
        step: the only step of it.

    Raises:
        UnknownName: the campaign has no such step, neither now nor in what she got.
    """
    known = facts(tx, versions, subscriber, now=now, live_needed=live_needed, running=running)
    here = choose_zone(known.person.zone, None, zone).zone
    runs = [run for run in known.runs if campaign in ("", run.campaign)]
    if step:
        _check_step(known, runs, campaign, step)
        runs = runs[-1:]
    walks = [_walk(known, run, here, step) for run in runs]
    if campaign and not runs:
        course = known.courses[campaign]
        why = of_nothing(known, course, _in_audience(tx, course, subscriber))
        walks.append(Walk(course.slug, None, None, why, here))
    return Explained(
        subscriber=subscriber,
        email=known.person.email,
        state=known.person.state,
        zone=here,
        now=now,
        walks=tuple(walks),
        happened=tuple(moments(tx, known, here, campaign, step)),
    )


def _walk(known: Facts, run: Run, zone: str, step: str) -> Walk:
    steps = [_step(known, run, mail) for mail in run.mails]
    coming = next((each for each in reversed(steps) if each.next_at is not None), None)
    if step:
        mine = [each for each in steps if each.step == step]
        steps = mine or [StepTold(step, None, of_step(known, run, step), zone)]
    slug = known.courses[run.campaign].slug
    return Walk(slug, run.run, run.state, of_run(known, run), zone, tuple(steps), coming)


def _step(known: Facts, run: Run, mail: Mail) -> StepTold:
    waits = mail.state in _OPEN or mail.state is DeliveryState.UNCERTAIN
    return StepTold(mail.step, mail.state, of_mail(known, run, mail), mail.zone, mail.next_try_at if waits else None)


def _check_step(known: Facts, runs: list[Run], campaign: str, step: str) -> None:
    course = known.courses[campaign]
    steps = [each.id for each in course.published.steps] if course.published else []
    steps += [mail.step for run in runs for mail in run.mails if mail.step not in steps]
    if step not in steps:
        hint = did_you_mean(step, steps) or f"it has: {', '.join(steps)}"
        raise UnknownName(Fault(f"the campaign {course.slug!r} has no step {step!r}", hint=hint))


def _in_audience(tx: sa.Connection, course: Course, subscriber: int) -> bool:
    if course.published is None:
        return False
    audience = select(segments.parse(course.published.audience)).subquery()
    return tx.scalar(sa.select(audience.c.id).where(audience.c.id == subscriber)) is not None
