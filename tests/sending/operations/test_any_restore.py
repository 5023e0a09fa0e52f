"""Campaigns backed up at any hour and put back at any other: nobody gets a mail twice by itself, nobody is stuck."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import event, given, settings
from hypothesis import strategies as st

from backmail.model.campaign import Campaign, Schedule
from backmail.model.sending import Pace
from backmail.sending import decisions
from backmail.sending.operations import held, settle
from backmail.store import queue
from backmail.store.engine import reading
from backmail.store.tables import subscribers
from tests.backups import Backup
from tests.store.world import in_memory
from tests.town import DAY, HOUR, MONDAY, Town, campaign, step

DAILY = tuple(range(7))
SCHEDULES = (
    Schedule(),
    Schedule(days=(0, 3)),
    Schedule(days=DAILY),
    Schedule(days=DAILY, at=None, between=(dt.time(18), dt.time(2))),
    Schedule(days=DAILY, at=None),
)
OFTEN = 6  # decisions: there are four steps
CAMPAIGNS = 12


@dataclass(frozen=True)
class Act:
    """Something that happens between the backup and the restore, after some hours."""

    hours: int
    what: str


@dataclass(frozen=True)
class History:
    """What happens with a campaign around a backup that is taken after some hours."""

    what: Campaign
    pace: Pace
    paused: bool
    backup: int
    acts: tuple[Act, ...]


def _campaign(seed: int) -> Campaign:
    """Return a campaign of four steps. There are few, since each takes a while to be composed."""
    of = Random(seed)  # noqa: S311
    delays = ("0", *of.choices(("3h", "30h", "1d", "2d", "5d", "1w", "2w"), k=3))
    steps = (step(f"s{n}", delay, schedule=of.choice((None, *SCHEDULES))) for n, delay in enumerate(delays))
    return campaign(*steps, schedule=of.choice(SCHEDULES))


_acts = st.builds(Act, st.integers(1, 120), st.sampled_from(("pass", "resume", "defer", "sleep", "keep back")))
histories = st.builds(
    History,
    st.sampled_from([_campaign(seed) for seed in range(CAMPAIGNS)]),
    st.sampled_from(Pace),
    st.booleans(),
    st.integers(0, 24 * 12),
    st.lists(_acts, min_size=1, max_size=5).map(tuple),
)


def lived(town: Town, history: History) -> None:
    """Let all of it happen, up to the restore: the transport knows what went out, and the database does not."""
    people = town.walk("ida", "bo", what=history.what)
    changes(town, people, history)
    town.run(MONDAY + history.backup * HOUR)
    backup = Backup.of(town.store)
    for act in history.acts:
        happens(town, people[0], act)
    event("something went out after the backup" if len(town.mails) > before(town, backup) else "nothing did")
    backup.put_back(town)


def changes(town: Town, people: list[int], history: History) -> None:
    """Let Ida have another pace, and perhaps a pause that lasts for weeks."""
    with town.backmail.durable() as tx:
        tx.execute(subscribers.update().where(subscribers.c.id == people[0]).values(pace=history.pace))
        decisions.changed(tx, town.backmail.shelf, people[0], now=MONDAY, zone="UTC")
        if history.paused:
            until = MONDAY + 40 * DAY
            decisions.pause(tx, town.backmail.shelf, people[0], until, now=MONDAY, zone="UTC")


def happens(town: Town, ida: int, act: Act) -> None:
    """Let it happen, and the hours after it pass."""
    now = town.clock.now()
    until = now + act.hours * HOUR
    match act.what:
        case "resume":
            with town.backmail.durable() as tx:
                decisions.resume(tx, town.backmail.shelf, ida, now=now, zone="UTC")
        case "defer":
            town.transport.defer("ida@example.org")
        case "keep back":
            town.transport.keep_back("bo@example.org")
        case "sleep":  # no engine runs
            town.clock.turn(until)
    town.run(until)


def before(town: Town, backup: Backup) -> int:
    """Return how many mails had been taken at the backup."""
    return sum(row["state"] == "accepted" for row in backup.rows["deliveries"])


def settled(town: Town, *, resend: bool) -> None:
    """Decide about everything as often as something is held, and let the series come to its end."""
    for _ in range(OFTEN):
        town.run()
        with town.backmail.durable() as tx:
            assert queue.disagreements(tx) == []
            if not held(tx):
                break
            settle(tx, town.backmail.shelf, resend=resend, now=town.clock.now(), zone="UTC", by="ann")
    town.run()
    with reading(town.store) as tx:
        assert held(tx) == {}
        assert queue.disagreements(tx) == []
    assert [row.state for row in town.enrollments()] == ["finished"] * 2
    assert {row.state for row in town.deliveries()} <= {"accepted", "skipped"}


@settings(max_examples=30)
@given(history=histories)
def test_what_is_dropped_goes_to_nobody_twice(sqlite_upgraded: Path, history: History) -> None:
    town = Town(in_memory(sqlite_upgraded), sqlite_upgraded.parent)
    lived(town, history)
    settled(town, resend=False)
    assert sorted(town.mails) == sorted(set(town.mails))


@settings(max_examples=10)
@given(history=histories)
def test_what_is_sent_again_misses_nobody(sqlite_upgraded: Path, history: History) -> None:
    town = Town(in_memory(sqlite_upgraded), sqlite_upgraded.parent)
    lived(town, history)
    settled(town, resend=True)
    assert set(town.mails) == {(name, f"s{n}") for name in ("ida", "bo") for n in range(4)}
    assert max(town.mails.count(each) for each in town.mails) <= 2
