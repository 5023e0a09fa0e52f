"""What the third hand does, three steps of it in a row, while two workers are at work; and how it must end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from backmail.audience import subscribers
from backmail.audience.addresses import address_hash
from backmail.config import Project
from backmail.desk import apply
from backmail.desk.system import system_settings
from backmail.model.campaign import Campaign
from backmail.model.people import Subscriber
from backmail.model.sending import Wishes
from backmail.model.states import SubscriberState
from backmail.sending import decisions
from backmail.sending.enrollment import enroll
from backmail.sending.erasing import erase
from backmail.sending.operations import pause_campaign, resume_campaign, settle
from backmail.sending.operations.restoring import hold
from backmail.sending.published import Prepared, prepare
from backmail.transports import MemoryTransport
from tests.interleavings.stage import IDA, NEW, NOW, OTHER, OURS, SHORTER, SLOWER, Stage
from tests.town import DAY, PEPPER, prepared

FRIDAY = NOW + 3 * DAY
MINUTE = dt.timedelta(minutes=1)
HER_ADDRESS = "ida@example.org"
_HERS = {(IDA, OURS.id), (IDA, OTHER.id)}
_HERS_ANEW = {(NEW, OURS.id), (NEW, OTHER.id)}  # the other one starts by itself when somebody confirms


class Act(NamedTuple):
    """One step, in words, and what does it; `kind` says to the laws what such a transaction may do."""

    name: str
    do: Callable[[Stage], None]
    kind: str = "decision"


Fate = str  # "finished", or the reason for which a walk was left


@dataclass(frozen=True)
class Third:
    """Three steps; what is done when all is over, so that nothing waits for an operator; and how walks then end.

    `fates`: by (person, campaign, run); all others are walked to their end, and every step is accepted once.
    `answers`: what the relay says at first.
    """

    name: str
    acts: tuple[Act, Act, Act]
    after: Callable[[Stage], None] = lambda _: None
    fates: Mapping[tuple[int, str, int], Fate] = field(default_factory=dict)
    answers: Callable[[MemoryTransport], None] = lambda _: None


def _unsubscribe(campaign: str = "") -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            decisions.unsubscribe(tx, IDA, now=stage.clock.at, campaign=campaign)
        stage.laws.noes.left |= {(IDA, campaign)} if campaign else _HERS

    return Act("she unsubscribes" + (" from one" if campaign else ""), do)


def _undo(campaign: str = "") -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            decisions.undo(tx, stage.shelf, IDA, now=stage.clock.at, zone="UTC", campaign=campaign)
        stage.laws.noes.left -= {(IDA, campaign)} if campaign else _HERS

    return Act("she takes it back", do)


def _pause(until: dt.datetime = FRIDAY) -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            decisions.pause(tx, stage.shelf, IDA, until, now=stage.clock.at, zone="UTC")
        stage.laws.noes.people.add(IDA)

    return Act("she pauses", do)


def _resume(stage: Stage) -> None:
    with stage.decision() as tx:
        decisions.resume(tx, stage.shelf, IDA, now=stage.clock.at, zone="UTC")
    stage.laws.noes.people.discard(IDA)


def _pause_campaign(campaign: str | None, *, hold: bool = False) -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            pause_campaign(tx, campaign, now=stage.clock.at, by="ann", hold=hold)
        stage.laws.noes.campaigns |= {campaign} if campaign else {OURS.id, OTHER.id}

    return Act(f"the operator pauses {campaign or 'all'}" + (" and holds it" if hold else ""), do)


def _resume_campaign(campaign: str | None) -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            resume_campaign(tx, campaign, now=stage.clock.at, by="ann")
        stage.laws.noes.campaigns -= {campaign} if campaign else {OURS.id, OTHER.id}

    return Act(f"the operator lets {campaign or 'all'} go on", do)


def _apply(campaign: Campaign, name: str) -> Act:
    def do(stage: Stage) -> None:
        town = stage.town
        project = town.backmail.project
        with pytest.MonkeyPatch.context() as patch:  # backmail's own mails are composed once, not a thousand times
            patch.setattr(apply, "composed_system", _own)
            apply.apply(town.store, project, [prepared(campaign)], now=stage.clock.at, by="ann")

    return Act(f"the operator applies it {name}", do)


_OWN: list[Prepared] = []


def _own(project: Project) -> list[Prepared]:
    if not _OWN:
        _OWN.extend(prepare(setting) for setting in system_settings(project))
    return _OWN


def _tag(stage: Stage) -> None:
    with stage.decision() as tx:
        decisions.tagged(tx, stage.shelf, [IDA], ["done"], now=stage.clock.at, zone="UTC")
    stage.laws.noes.left.add((IDA, OURS.id))


def _again(stage: Stage) -> None:
    with stage.decision() as tx:
        enroll(tx, stage.shelf.newest(tx, OURS.id), [IDA], now=stage.clock.at, zone="UTC")
    stage.laws.noes.left.discard((IDA, OURS.id))


def _other_hour(stage: Stage) -> None:
    with stage.decision() as tx:
        subscribers.change(tx, IDA, wishes=Wishes(at=dt.time(11)))
        decisions.changed(tx, stage.shelf, IDA, now=stage.clock.at, zone="UTC")


def _lease(*names: str) -> Act:
    def do(stage: Stage) -> None:
        stage.lease_over(*names)

    return Act(f"the lease of {' and '.join(names)} runs out", do)


def _erase(stage: Stage) -> None:
    with stage.decision() as tx:
        erase(tx, address_hash(PEPPER, HER_ADDRESS), now=stage.clock.at)
    stage.laws.noes.left |= _HERS | _HERS_ANEW


def _anew(stage: Stage) -> None:
    with stage.decision() as tx:
        her = Subscriber(HER_ADDRESS, first_name="Ida")
        new = subscribers.add(tx, her, PEPPER, now=stage.clock.at, state=SubscriberState.PENDING)
        assert new == NEW
        shown = decisions.Shown("Yes, write to me.", "1", "en", "form")
        decisions.confirm(tx, stage.shelf, new, shown, now=stage.clock.at, zone="UTC")
        enroll(tx, stage.shelf.newest(tx, OURS.id), [new], now=stage.clock.at, zone="UTC")
    stage.laws.noes.left -= _HERS_ANEW


def _restore(stage: Stage) -> None:
    """Nobody is at work while a database is restored."""
    stage.die()
    with stage.decision() as tx:
        hold(tx, now=stage.clock.at, versions=stage.shelf)
        pause_campaign(tx, None, now=stage.clock.at, by="ann")
    stage.laws.noes.campaigns |= {OURS.id, OTHER.id}


def _settle(*, resend: bool) -> Act:
    def do(stage: Stage) -> None:
        with stage.decision() as tx:
            settle(tx, stage.shelf, resend=resend, now=stage.clock.at, zone="UTC", by="ann")

    return Act(f"the operator {'sends again' if resend else 'drops'} what is held", do, "settling")


def _sleep(minutes: int) -> Act:
    def do(stage: Stage) -> None:
        stage.lease_over("A", "B")
        stage.clock.turn(stage.clock.at + minutes * MINUTE)

    return Act(f"the machine sleeps for {minutes} minutes", do)


def _go_on(campaign: str | None) -> Callable[[Stage], None]:
    def do(stage: Stage) -> None:
        stage.clock.turn(stage.clock.at + DAY)
        _resume_campaign(campaign).do(stage)

    return do


def _left(reason: str, *walks: tuple[int, str, int]) -> dict[tuple[int, str, int], Fate]:
    return dict.fromkeys(walks, reason)


_ALL_HERS = [(IDA, OURS.id, 1), (IDA, OTHER.id, 1)]
OTHER_HOUR = Act("she wants another hour", _other_hour)
TAGGED, AGAIN = Act("a tag ends it for her", _tag), Act("she is enrolled again", _again)
RESUMED = Act("she goes on", _resume)

ERASED, ANEW = Act("she is erased", _erase, "erasure"), Act("she signs up anew", _anew)
RESTORED = Act("the database is restored", _restore, "restore")

THIRDS = (
    Third("a no", (_unsubscribe(), _undo(), _unsubscribe()), fates=_left("unsubscribed", *_ALL_HERS)),
    Third("a no taken back", (_unsubscribe(OURS.id), _undo(OURS.id), OTHER_HOUR)),
    Third("a pause of hers", (_pause(), RESUMED, _pause())),
    Third(
        "a pause of the campaign",
        (_pause_campaign(OURS.id), _resume_campaign(OURS.id), _pause_campaign(OURS.id, hold=True)),
        after=_go_on(OURS.id),
    ),
    Third(
        "a pause of all",
        (_pause_campaign(None, hold=True), _resume_campaign(None), _pause_campaign(None)),
        after=_go_on(None),
    ),
    Third("an edit", (_apply(SLOWER, "slower"), _apply(SHORTER, "without a step"), _apply(OURS, "as it was"))),
    Third("leases that run out", (_lease("A"), _lease("A", "B"), _lease("A"))),
    Third("a lease and a no", (_lease("A"), _unsubscribe(), _undo())),
    Third("a lease and a pause", (_lease("A"), _pause_campaign(OURS.id), _resume_campaign(OURS.id))),
    Third("a tag", (TAGGED, AGAIN, TAGGED), fates=_left("tag: done", (IDA, OURS.id, 1), (IDA, OURS.id, 2))),
    Third("a second run", (TAGGED, AGAIN, OTHER_HOUR), fates=_left("tag: done", (IDA, OURS.id, 1))),
    Third("an erasure", (ERASED, ANEW, ERASED)),
    Third("an erasure and a lease", (ERASED, ANEW, _lease("A"))),
    Third("a restore, sent again", (RESTORED, _resume_campaign(None), _settle(resend=True))),
    Third("a restore, dropped", (RESTORED, _settle(resend=False), _resume_campaign(None))),
    Third(
        "a relay that says later", (_unsubscribe(), _sleep(6), _undo()), answers=lambda relay: relay.defer(HER_ADDRESS)
    ),
    Third(
        "a line that is lost",
        (_unsubscribe(), _sleep(16), _undo()),
        answers=lambda relay: relay.lose(HER_ADDRESS, arrives=True),
    ),
)
