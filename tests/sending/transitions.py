"""Every change of a clock from 2020 to 2035, in every zone, put to the calendar and to the oracle.

`python -m tests.sending.transitions` asks about all of them and prints how many questions it asked and where the two
differ; the tests ask about one change of each shape.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from backmail import clock
from backmail.clock import Span
from backmail.errors import CampaignError
from backmail.model.campaign import Schedule
from backmail.model.sending import Anchor, Slot, Terms
from backmail.sending.calendar import kept_open, next_slot, retry_time
from tests.sending.oracle import DAY, HOUR, MINUTE, Case, Found, Walk, expected, transitions

START, END = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
SIDES = 2  # days looked at before and after a change


@dataclass(frozen=True)
class Change:
    """One change of one zone's clocks: the first instant that shows the new offset; offsets in minutes."""

    zone: str
    at: dt.datetime
    before: int
    after: int

    @property
    def shape(self) -> tuple[int, int, dt.time]:
        """The offsets, and what clocks would have shown: changes of one shape ask the same of a calendar."""
        return self.before, self.after, (self.at + self.before * MINUTE).time()


def changes(zone: str, stride: dt.timedelta = DAY / 2) -> list[Change]:
    """Return all changes of the zone in these years that last for `stride`."""
    return [Change(zone, *each) for each in transitions(zone, START, END, stride)]


@cache
def shapes() -> list[Change]:
    """Return one change of each shape, the first by zone and time."""
    found: dict[tuple[int, int, dt.time], Change] = {}
    for zone in sorted(available_timezones()):
        for change in changes(zone, 8 * DAY):
            found.setdefault(change.shape, change)
    return list(found.values())


def terms(zone: str, case: Case) -> Terms:
    """Return what the calendar calls the terms of this case."""
    skip = ("weekends",) * case.weekends + tuple(day.isoformat() for day in sorted(case.skip))
    schedule = Schedule(tuple(sorted(case.days)), case.at, case.between, Span(case.late, "m"), skip)
    delay = Span(case.count, case.unit)  # type: ignore[arg-type]  # one of the four
    return Terms(delay, schedule, zone, quiet=case.quiet, at_once=case.at_once)


def told(zone: str, case: Case) -> Found | None:
    """Return the calendar's answer in the oracle's form."""
    anchor = Anchor(case.anchor, case.date, case.handed)
    try:
        slot = next_slot(terms(zone, case), anchor, case.now or case.anchor)
    except CampaignError:
        return None
    assert (slot.zone, slot.due.tzinfo, slot.closes.tzinfo) == (zone, dt.UTC, dt.UTC)
    return slot.due, slot.closes, slot.date


def differences(change: Change, step: int) -> tuple[int, list[str]]:
    """Return how many questions were asked about the days around the change, and each that was answered in two ways.

    Clock times are taken every `step` minutes, and on both sides of the change.
    """
    walk = Walk(change.zone)
    asked, wrong = 0, []
    for what, ours, theirs in _questions(change, walk, step):
        asked += 1
        if ours != theirs:
            wrong.append(f"{change.zone} {change.at:%Y-%m-%dT%H:%MZ} {what}: {ours}, and the oracle says {theirs}")
    return asked, wrong


def _questions(change: Change, walk: Walk, step: int) -> Iterator[tuple[object, object, object]]:
    middle = walk.shows(change.at - MINUTE).date()
    days = [middle + n * DAY for n in range(-SIDES, SIDES + 2)]
    yield from minutes(walk, days)
    times = _times(change, step)
    for day in days:
        if not walk.seen(day):
            continue
        for time in times:
            for case in (*_counted(walk, day, time), *_from_an_instant(walk, day, time)):
                yield case, told(change.zone, case), expected(walk, case)
            yield from _waiting(walk, day, time)


def minutes(walk: Walk, days: Iterable[dt.date]) -> Iterator[tuple[object, object, object]]:
    """Yield every minute of those days: when do clocks show it? And the days: do clocks show them?"""
    where = clock.zone(walk.zone)
    for day in days:
        yield day, clock.day_exists(day, where), walk.seen(day)
        for minute in range(24 * 60 if walk.seen(day) else 0):
            time = dt.time(*divmod(minute, 60))
            yield (day, time), clock.instant(day, time, where), walk.reach(day, time)


def _times(change: Change, step: int) -> list[dt.time]:
    edges = [change.at + offset * MINUTE for offset in (change.before, change.after)]
    near = {(edge + n * MINUTE).time() for edge in edges for n in (-1, 0, 1)}
    return sorted(near | {dt.time(*divmod(minute, 60)) for minute in range(0, 24 * 60, step)})


def _counted(walk: Walk, day: dt.date, time: dt.time) -> Iterator[Case]:
    """Yield steps that are counted in days and lead to that day."""
    week = walk.reach(day - 7 * DAY, dt.time(9, 40))
    yesterday = walk.reach(day - DAY, time)
    only = frozenset({day.weekday()})
    yield Case(1, "w", week, day - 7 * DAY, week, days=only, at=time)
    yield Case(1, "w", week, day - 5 * DAY, week, days=only, between=(time, _later(time, 60)))
    yield Case(1, "d", yesterday, day - DAY, yesterday, between=(_later(time, 90), time), skip=frozenset({day}))
    yield Case(1, "d", yesterday, day - DAY, yesterday)


def _from_an_instant(walk: Walk, day: dt.date, time: dt.time) -> Iterator[Case]:
    """Yield steps that are counted from an instant of that day."""
    here = walk.reach(day, time)
    three = Case(3, "h", here, day, here)
    yield three
    yield replace(three, at=time)
    yield replace(three, between=(dt.time(22), dt.time(2)))
    yield replace(three, between=(_later(time, 30), _later(time, 240)), skip=frozenset({day}), now=here + 9 * HOUR)
    yield Case(0, "h", here, at_once=True, skip=frozenset({day}))
    yield Case(0, "h", here, at=time, late=1)


def _waiting(walk: Walk, day: dt.date, time: dt.time) -> Iterator[tuple[object, object, object]]:
    here = walk.reach(day, time)
    shown = walk.shows(here)
    morning = shown.date() + DAY * (shown.hour >= 22)
    going = here if 7 <= shown.hour < 22 else walk.reach(morning, dt.time(7))
    yield (here, "retry"), retry_time(here, walk.zone), going
    slot = Slot(here, here + MINUTE, day, walk.zone)
    yield (here, "kept open"), kept_open(slot).closes, max(here + MINUTE, walk.reach(day, dt.time(21)))


def _later(time: dt.time, by: int) -> dt.time:
    return (dt.datetime.combine(dt.date.min, time) + by * MINUTE).time()


def _unlike(found: list[Change]) -> list[Change]:
    """Return the changes but for those that another zone has at the same instant, between the same offsets."""
    return list({(change.at, change.before, change.after): change for change in found}.values())


def _minutes_of(zone: str) -> tuple[int, list[str]]:
    asked, wrong = 0, []
    for change in changes(zone):
        walk = Walk(zone)
        middle = walk.shows(change.at - MINUTE).date()
        for what, ours, theirs in minutes(walk, [middle + n * DAY for n in range(-SIDES, SIDES + 2)]):
            asked += 1
            wrong += [f"{zone} {what}: {ours}, and the oracle says {theirs}"] if ours != theirs else []
    return asked, wrong


def _half_hours(change: Change) -> tuple[int, list[str]]:
    return differences(change, 30)


def main() -> int:
    """Ask everything and return 1 if an answer differs."""
    zones = sorted(available_timezones())
    with ProcessPoolExecutor(2) as pool:
        found = [change for each in pool.map(changes, zones, chunksize=8) for change in each]
        unlike = _unlike(found)
        print(f"{len(zones)} zones, {len(found)} changes, {len(unlike)} of them unlike", flush=True)
        failed = False
        for title, answers in (
            ("every minute around every change", pool.map(_minutes_of, zones, chunksize=4)),
            ("slots around every unlike change", pool.map(_half_hours, unlike, chunksize=4)),
        ):
            results = list(answers)
            wrong = [line for _, lines in results for line in lines]
            print(f"{title}: {sum(asked for asked, _ in results)} questions, {len(wrong)} differences", flush=True)
            print("\n".join(wrong[:20]))
            failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
