"""The stage: the real Backmail in memory with people enrolled, played from instant to instant on a virtual clock."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from backmail.app import Backmail
from backmail.audience import subscribers
from backmail.audience.addresses import address_hash
from backmail.config import Project
from backmail.links import INVALID_URL, TEST_KEY, Links
from backmail.model.states import SubscriberState
from backmail.rendering import Setting
from backmail.sending.enrollment import enroll
from backmail.sending.published import Prepared, Published, publish
from backmail.simulate.cast import Member
from backmail.simulate.trace import Event, Tracer
from backmail.simulate.virtual import VirtualClock
from backmail.store import upgrade
from backmail.store.engine import connect
from backmail.transports import Transport

__all__ = ["Stage", "staged"]

_BY = "simulate"


class Stage:
    """A Backmail whose time goes by in jumps. `who` is what its people are called, by their ids."""

    def __init__(self, backmail: Backmail, clock: VirtualClock, published: Published, who: dict[int, str]) -> None:
        """Take the parts, ready to be played (`staged`)."""
        self.backmail = backmail
        self.clock = clock
        self.published = published
        self.who = who
        self._tracer = Tracer(who)

    def enrolled(self) -> Iterator[Event]:
        """Yield the beginning of everybody who was enrolled at the present instant."""
        with self.backmail.reading() as tx:
            yield from self._tracer.enrolled(tx, self.clock.now())

    def play(self, until: dt.datetime | None = None, told: Callable[[int], object] | None = None) -> Iterator[Event]:
        """Do what an engine does whenever something is due, and yield what happens, in order of time.

        Each instant is over, and its transactions have ended, before its events are given. Afterwards the clock shows
        the last instant at which anything was due; whoever wants it later lets it jump.

        Args:
            until: nothing is done at this instant (UTC) or later; None: until nothing waits any longer.
            told: is given the number of mails that were looked at, after each instant.
        """
        with asyncio.Runner() as runner:
            while True:
                now = self.clock.now()
                with self.backmail.reading() as tx:
                    self._tracer.before(tx, now)
                handled = runner.run(self._instant())
                with self.backmail.reading() as tx:
                    events = list(self._tracer.after(tx, now))
                yield from events
                if told:
                    told(handled)
                at = self.backmail.next_look(now)
                if at is None or (until is not None and at >= until):
                    return
                if at <= now:  # it is due and was not taken: the next turn of an engine would come a moment later
                    at = now + self._beat
                self.clock.jump(at)

    @property
    def _beat(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.backmail.config.engine.sweep)

    async def _instant(self) -> int:
        """Tick until nothing more is due now, and return how many mails came to an end or were put off."""
        handled = 0
        while True:
            ticked = await self.backmail.tick()
            handled += sum(ticked.counts.values())
            if not ticked.busy:
                return handled


@contextmanager
def staged(
    project: Project,
    what: Setting | Prepared,
    cast: Sequence[Member],
    *,
    start: dt.datetime,
    transport: Transport,
    clock: VirtualClock | None = None,
) -> Iterator[Stage]:
    """Publish a campaign in a database in memory and enroll everybody in it, as `enroll` does: in the schedule.

    No secret is needed: links are signed with the public test key.

    Args:
        project: whose settings count.
        what: the campaign with its looks.
        cast: who takes part; all are confirmed.
        start: the instant at which they begin, UTC.
        transport: takes the mails.
        clock: stands at `start` and is the one that the transport asks; None: one of the stage's own.

    Raises:
        TemplateError: a step or the theme cannot be rendered.
        CampaignError: the first step has no slot within a year for somebody.
    """
    clock = clock or VirtualClock(start)
    store = connect("sqlite://")
    try:
        upgrade.upgrade(store)
        links = Links(TEST_KEY, project.config.site.public_url or INVALID_URL)
        backmail = Backmail(project, store, links, TEST_KEY, clock=clock, transport=transport, live_needed=False)
        with backmail.durable() as tx:
            published, who = _set(tx, backmail, what, cast, start)
        yield Stage(backmail, clock, published, who)
    finally:
        store.dispose()


def _set(
    tx: sa.Connection, backmail: Backmail, what: Setting | Prepared, cast: Sequence[Member], start: dt.datetime
) -> tuple[Published, dict[int, str]]:
    """Publish, add the people, and enroll them in their order."""
    campaign = (what.setting if isinstance(what, Prepared) else what).campaign
    number = publish(tx, what, now=start, by=_BY)
    published = backmail.shelf.get(tx, campaign.id, number)
    people = (member.subscriber for member in cast)
    ids = subscribers.add_many(tx, people, backmail.pepper, now=start, state=SubscriberState.ACTIVE)
    who = {ids[address_hash(backmail.pepper, member.subscriber.email)]: member.who for member in cast}
    enroll(tx, published, list(who), now=start, zone=backmail.zone)
    return published, who
