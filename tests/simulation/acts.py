"""What people do while mails are on their way: readers, the operator, the marketer, the provider's late events."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from backmail.audience import tags
from backmail.sending import decisions
from backmail.sending.enrollment import advance
from backmail.sending.operations import held, pause_campaign, resume_campaign, retry, settle
from backmail.sending.published import publish
from backmail.sending.replanning import replan, walking
from backmail.store import records
from backmail.store.engine import durable
from backmail.store.pauses import standing
from backmail.store.tables import subscribers
from tests.simulation.ground import EDITS, NEWS, REORDERS, SERIES
from tests.simulation.scene import NAMES, ZONES, Act
from tests.town import prepared

if TYPE_CHECKING:
    from tests.simulation.world import World

_HOUR = dt.timedelta(hours=1)


def plan(world: World) -> None:
    """Let everything that a scene holds happen in its time."""
    for act in world.scene.acts:
        world.turns.at(act.at, lambda act=act: _do(world, act))  # type: ignore[misc]


def meddle(world: World) -> None:
    """Let somebody do something just now, between two commits of a worker."""
    _do(world, world.scene.act(0))


def _do(world: World, act: Act) -> None:
    if act.what == "restart":
        _restart(world)
    elif act.what == "clock":
        _set_clock(world, act)
    elif act.what == "joins":
        _join(world, act)
    else:
        with durable(world.store) as tx:
            said = _CHANGES[act.what](world, tx, act)
        world.story.tell(said or f"{act.what}: nothing to do")
        world.look()


def _restart(world: World) -> None:
    world.story.tell("the machine starts anew")
    world.clock.boots += 1
    for worker in list(world.workers):
        worker.kill("with its machine")


def _set_clock(world: World, act: Act) -> None:
    by = act.among((-_HOUR, _HOUR, dt.timedelta(seconds=-1)))
    world.clock.set_by += by
    world.story.tell(f"the clock is set by {by.total_seconds():.0f} s")


def _join(world: World, act: Act) -> None:
    name = act.among(NAMES)
    world.scene.people.setdefault(name, act.among(ZONES))
    world.story.tell(f"{name} joins")
    world.join([name])


def _person(world: World, act: Act) -> tuple[str, int]:
    return act.among(sorted(world.people.items()))


def _no(world: World, tx: sa.Connection, act: Act) -> str:
    name, person = _person(world, act)
    decisions.unsubscribe(tx, person, now=world.clock.now())
    world.rules.noes.add((person, ""))
    return f"{name} says no"


def _no_to_series(world: World, tx: sa.Connection, act: Act) -> str:
    name, person = _person(world, act)
    decisions.unsubscribe(tx, person, now=world.clock.now(), campaign=SERIES.id)
    world.rules.noes.add((person, SERIES.id))
    return f"{name} says no to the series"


def _takes_back(world: World, tx: sa.Connection, act: Act) -> str:
    if not world.rules.noes:
        return ""
    person, campaign = act.among(sorted(world.rules.noes))
    done = decisions.undo(tx, world.shelf, person, now=world.clock.now(), zone=world.zone, campaign=campaign)
    if not done:
        return ""
    world.rules.noes.discard((person, campaign))
    if world.clock.set_by:  # whether a tag came before her no or after it, a clock that was set cannot tell
        world.rules.left.discard((person, SERIES.id))
    return f"{world.rules.name(person)} takes her no to {campaign or 'all'} back"


def _rests(world: World, tx: sa.Connection, act: Act) -> str:
    name, person = _person(world, act)
    until = world.clock.now() + act.chance * 12 * _HOUR
    decisions.pause(tx, world.shelf, person, until, now=world.clock.now(), zone=world.zone)
    world.rules.resting[person] = until
    return f"{name} rests until {until:%a %H:%M}"


def _goes_on(world: World, tx: sa.Connection, act: Act) -> str:
    if not world.rules.resting:
        return ""
    person = act.among(sorted(world.rules.resting))
    decisions.resume(tx, world.shelf, person, now=world.clock.now(), zone=world.zone)
    del world.rules.resting[person]
    return f"{world.rules.name(person)} goes on"


def _moves(world: World, tx: sa.Connection, act: Act) -> str:
    name, person = _person(world, act)
    zone = act.among(ZONES)
    tx.execute(subscribers.update().where(subscribers.c.id == person).values(zone=zone))
    decisions.changed(tx, world.shelf, person, now=world.clock.now(), zone=world.zone)
    world.moved.add(person)
    return f"{name} moves to {zone}"


def _pause(world: World, tx: sa.Connection, act: Act) -> str:
    campaign = act.among((SERIES.id, NEWS.id))
    pause_campaign(tx, campaign, now=world.clock.now(), by="olga", hold=act.chance * 10 % 1 < 0.3)
    world.rules.paused.add(campaign)
    return f"{campaign} is paused"


def _pause_all(world: World, tx: sa.Connection, act: Act) -> str:
    until = world.clock.now() + act.chance * 6 * _HOUR
    pause_campaign(tx, None, now=world.clock.now(), by="olga", until=until)
    world.rules.paused.add(None)
    world.rules.paused_until = until
    return f"everything is paused until {until:%a %H:%M}"


def _resume(world: World, tx: sa.Connection, act: Act) -> str:
    paused = sorted(standing(tx), key=str)
    if not paused:
        return ""
    campaign = act.among(paused)
    resume_campaign(tx, campaign, now=world.clock.now(), by="olga")
    world.rules.paused.discard(campaign)
    return f"{campaign or 'everything'} goes on"


def _edit(world: World, tx: sa.Connection, act: Act) -> str:
    name = act.among(sorted(EDITS))
    now = world.clock.now()
    before = world.published(tx, SERIES.id)
    number = publish(tx, prepared(EDITS[name]), now=now, by="anna")
    world.shelf.edits[SERIES.id, number] = name
    world.reordered |= name == REORDERS
    if number == before:
        return f"the series is published as it is: {name}"
    replanned = replan(tx, world.shelf, walking(tx, campaign=SERIES.id), now=now, zone=world.zone)
    assert not replanned.stuck
    return f"the series is published {name}"


def _tag(world: World, tx: sa.Connection, act: Act) -> str:
    name, person = _person(world, act)
    now = world.clock.now()
    if not tags.tag(tx, [person], ["bought"], now=now):
        return ""
    decisions.tagged(tx, world.shelf, [person], ["bought"], now=now, zone=world.zone)
    world.rules.left.add((person, SERIES.id))
    world.left_once.add((person, SERIES.id))
    return f"{name} has bought: the series ends for her"


def _retry(world: World, tx: sa.Connection, _act: Act) -> str:
    found = retry(tx, world.shelf, now=world.clock.now(), zone=world.zone, by="olga")
    return f"the operator puts {len(found)} back" if len(found) else ""


def _settle(world: World, tx: sa.Connection, act: Act) -> str:
    if not held(tx):
        return ""
    resend = act.chance * 10 % 1 < 0.5
    settle(tx, world.shelf, resend=resend, now=world.clock.now(), zone=world.zone, by="olga")
    return f"the operator lets what is held {'go again' if resend else 'be'}"


def _hears(world: World, tx: sa.Connection, act: Act) -> str:
    """Let the provider tell, late and perhaps not for the first time, that it has taken a mail."""
    if not world.taken:
        return ""
    mail = act.among(world.taken)
    now = world.clock.now()
    records.accepted(tx, {mail.delivery: "an event"}, now=now)
    row = world.rules.rows.get(mail.delivery)
    if row is not None:
        advance(tx, world.shelf, [row.enrollment], now=now, zone=world.zone)
    return f"the provider tells that it has taken {mail.person}/{mail.step}"


_CHANGES = {
    "no": _no,
    "no to the series": _no_to_series,
    "takes the no back": _takes_back,
    "rests": _rests,
    "goes on": _goes_on,
    "moves": _moves,
    "pause": _pause,
    "pause of all": _pause_all,
    "resume": _resume,
    "edit": _edit,
    "tag": _tag,
    "retry": _retry,
    "settle": _settle,
    "hears": _hears,
}
