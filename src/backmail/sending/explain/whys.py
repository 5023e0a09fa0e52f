"""Why somebody gets a mail, or none: the one reason that decides, found out from the rows in the order that counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backmail.model.states import (
    DeliveryState,
    EnrollmentState,
    OnUncertain,
    SubscriberState,
    SuppressionReason,
)
from backmail.sending.explain.facts import Course, Facts, Mail, No, Run
from backmail.sending.explain.instants import told
from backmail.sending.reasons import Reason, read, sentence

__all__ = ["Why", "of_mail", "of_no", "of_nothing", "of_run", "of_step"]

_ALSO_FOR_SYSTEM_MAILS = (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED)


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with what belongs to it: what the tables add, the instant that matters, the campaign's slug."""

    reason: Reason
    detail: str = ""
    at: dt.datetime | None = None
    name: str = ""

    def sentence(self, zone: str) -> str:
        """Return it in one plain sentence, with the instant by the clocks of a zone and in UTC."""
        at = told(self.at, zone) if self.at else ""
        return sentence(self.reason, detail=self.detail, at=at, name=self.name)


def of_mail(known: Facts, run: Run, mail: Mail) -> Why:
    """Return why a delivery stands where it stands."""
    course = known.courses[run.campaign]
    match mail.state:
        case DeliveryState.PLANNED | DeliveryState.DEFERRED:
            return _held_back(known, course) or _waiting(known, course, mail)
        case DeliveryState.CLAIMED:
            return Why(Reason.CLAIMED)
        case DeliveryState.HANDED:
            return Why(Reason.HANDED)
        case DeliveryState.ACCEPTED:
            return Why(Reason.ACCEPTED, at=mail.accepted_at)
        case DeliveryState.UNCERTAIN:
            return _uncertain(course, mail)
    reason, detail = read(mail.reason)
    return Why(reason, detail, run.ended_at, course.slug)


def of_run(known: Facts, run: Run) -> Why:
    """Return where a walk through a campaign stands: the mail that it waits for, or how it ended."""
    course = known.courses[run.campaign]
    if run.state is EnrollmentState.EXITED:
        reason, detail = read(run.reason)
        return Why(reason, detail, run.ended_at)
    if run.state is EnrollmentState.FINISHED:
        again = _again(course, run)
        return Why(Reason.REENTERS, at=again) if again else Why(Reason.FINISHED, at=run.ended_at)
    whys = [of_mail(known, run, mail) for mail in run.mails if not _is_over(mail)]
    return whys[0] if whys else Why(Reason.UNPLANNED)


def of_nothing(known: Facts, course: Course, in_audience: bool) -> Why:
    """Return why somebody never walked through a campaign."""
    if course.published is None:
        return Why(Reason.NOT_PUBLISHED, name=course.slug)
    refused = _refused(known, course)
    if refused:
        return refused
    if not in_audience:
        return Why(Reason.NOT_IN_AUDIENCE, course.published.audience, name=course.slug)
    return Why(Reason.NEVER_ENROLLED, name=course.slug)


def of_step(known: Facts, run: Run, step: str) -> Why:
    """Return why somebody who walks through a campaign got a step of its published version, or did not."""
    mine = next((mail for mail in run.mails if mail.step == step), None)
    if mine:
        return of_mail(known, run, mine)
    if run.state is not EnrollmentState.ACTIVE:
        return of_run(known, run)
    published = known.courses[run.campaign].published
    places = {each.id: place for place, each in enumerate(published.steps)} if published else {}
    last = max((mail for mail in run.mails if mail.step in places), key=lambda mail: places[mail.step], default=None)
    if last is None or places[last.step] > places[step]:
        return Why(Reason.PASSED) if last else of_run(known, run)
    return of_run(known, run) if _is_over(last) else Why(Reason.LATER, last.step)


def of_no(no: No, slug: str = "") -> Why:
    """Return why we may not write to an address."""
    return Why(Reason(no.reason), at=no.since, name=slug)


def _held_back(known: Facts, course: Course) -> Why | None:
    """Return what holds every mail of a campaign to this person back, whatever the mail."""
    around = known.around
    if course.published is None:
        return Why(Reason.NOT_PUBLISHED, name=course.slug)
    refused = _refused(known, course)
    if refused:
        return refused
    if around.live_needed and not course.live:
        return Why(Reason.NOT_LIVE, name=course.slug)
    return _paused(known, course)


def _paused(known: Facts, course: Course) -> Why | None:
    around = known.around
    if around.paused:
        return Why(Reason.ALL_PAUSED, around.paused.because, around.paused.until)
    if course.pause:
        return Why(Reason.CAMPAIGN_PAUSED, course.pause.because, course.pause.until)
    until = known.person.paused_until
    if until and until > around.now and not course.system:
        return Why(Reason.PERSON_PAUSED, at=until)
    return None


def _refused(known: Facts, course: Course) -> Why | None:
    """Return why this person may get nothing of a campaign at all."""
    for no in known.person.noes:
        counts = not course.system or no.reason in _ALSO_FOR_SYSTEM_MAILS
        if counts and no.lifted_at is None and no.scope in ("", course.id):
            return of_no(no, course.slug if no.scope else "")
    if known.person.state is SubscriberState.PENDING and not course.to_pending:
        return Why(Reason.NOT_CONFIRMED)
    return None


def _waiting(known: Facts, course: Course, mail: Mail) -> Why:
    around, at = known.around, mail.next_try_at
    reason, detail = read(mail.reason)
    if reason is Reason.RESTORED:  # no longer in doubt: somebody decided that it goes
        reason = Reason.RETRY
    if course.published and course.published.step(mail.step) is None and not mail.hand_overs:
        return Why(Reason.STEP_GONE)
    if at is None:
        # Put back by nobody but the operator; what no reason is written beside was forgotten.
        return Why(reason, detail, name=course.slug) if mail.reason else Why(Reason.WITHHELD)
    if not mail.hand_overs and mail.closes_at <= around.now and not course.system:
        return Why(Reason.SLOT_MISSED, at=mail.closes_at)
    if at > around.now:
        return Why(reason, detail, at, course.slug) if mail.reason else Why(Reason.SLOT, at=at)
    if not course.system and _under_way(known):
        return Why(Reason.UNDER_WAY)
    return Why(Reason.DUE if around.running else Reason.NO_ENGINE, at=at)


def _uncertain(course: Course, mail: Mail) -> Why:
    reason, detail = read(mail.reason)
    if mail.next_try_at is not None or reason is Reason.RESTORED:
        return Why(reason, detail, mail.next_try_at, course.slug)
    if reason is Reason.LEASE and course.on_uncertain is OnUncertain.RESEND:
        return Why(Reason.LEASE)
    return Why(Reason.HELD, detail, name=course.slug)


def _under_way(known: Facts) -> bool:
    """Return whether a mail to this person is claimed or handed over; system mails keep no other back."""
    states = (DeliveryState.CLAIMED, DeliveryState.HANDED)
    runs = (run for run in known.runs if not known.courses[run.campaign].system)
    return any(mail.state in states for run in runs for mail in run.mails)


def _is_over(mail: Mail) -> bool:
    """Return whether nothing more becomes of a delivery, by itself or by the operator's hand."""
    if mail.state is DeliveryState.FAILED:
        return read(mail.reason)[0] not in (Reason.RENDER, Reason.MESSAGE)
    return mail.state in (DeliveryState.ACCEPTED, DeliveryState.SKIPPED)


def _again(course: Course, run: Run) -> dt.datetime | None:
    """Return from when on somebody who walked a campaign may walk it again."""
    reenter = course.published.reenter if course.published else None
    if reenter is None or run.ended_at is None:
        return None
    return run.ended_at + reenter.elapsed + dt.timedelta(days=reenter.days)
