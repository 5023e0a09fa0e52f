"""A series is on its way, and a second article's mails follow: for whoever is still walking, and nobody else."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from backmail import campaign as campaigns
from backmail.app import opened
from backmail.audience import subscribers
from backmail.config import find_project
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.sending.enrollment import enroll
from backmail.simulate.virtual import VirtualClock
from backmail.transports import MemoryTransport
from tests.desk.workbench import SAMPLE, Said

Call = Callable[..., Said]

HANDS = Path(__file__).parents[1] / "desk/hands.txt"
FOLDER = Path("campaigns/shoulders")
MONDAY = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)


def walk(name: str, start: int, weeks: int) -> list[str]:
    """Let time pass from week `start` on, when a person ("" for nobody) begins; return the subjects that were sent."""
    clock, transport = VirtualClock(MONDAY + dt.timedelta(weeks=start)), MemoryTransport()
    with opened(find_project(Path()), clock=clock, transport=transport) as app:
        if name:
            with app.durable() as tx:
                person = Subscriber(f"{name}@example.org")
                id_ = subscribers.add(tx, person, app.pepper, now=clock.now(), state=SubscriberState.ACTIVE)
                published = app.shelf.newest(tx, campaigns.read(FOLDER, project=find_project(Path())).id)
                assert published
                enroll(tx, published, [id_], now=clock.now(), zone="UTC")
        end = MONDAY + dt.timedelta(weeks=weeks)
        while (at := app.next_look(clock.now())) is not None and at <= end:
            clock.jump(max(at, clock.now() + dt.timedelta(seconds=1)))
            while asyncio.run(app.tick()).busy:
                pass
        return [each.message.part("subject") for each in transport.carried]


def test_who_is_on_the_way_gets_both_and_who_has_finished_nothing_more(project: Path, backmail: Call) -> None:
    shutil.copytree(SAMPLE, project / FOLDER)
    (project / "hands.txt").write_bytes(HANDS.read_bytes())
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    early = walk("early", 0, 9)
    assert len(early) == 7
    begun = walk("late", 10, 13)
    assert 1 < len(begun) < 7
    err = backmail("new", "hands.txt", "--into", "shoulders", "--weeks", "2")[2]
    assert "those who had its last mail have finished" in err
    assert backmail("check", "shoulders")[0] == 0
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    rest = walk("", 13, 30)
    late = begun + rest
    assert late[:7] == early
    assert len(late) == len(set(late)) == 9
