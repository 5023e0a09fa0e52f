"""A person in every situation there is a reason for, made of rows; and a campaign for her to stand in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from backmail.clock import Span
from backmail.model.campaign import Action, Campaign, CampaignKind, Greeting, Schedule, Sender, Step
from backmail.model.sending import Slot
from backmail.sending.explain import Explained, explain
from backmail.sending.published import Published
from backmail.sending.reasons import Reason, word
from backmail.store import queue
from backmail.store.engine import durable, reading
from backmail.store.pauses import Pause, begin
from backmail.store.rows import Ticket
from backmail.store.tables import campaigns, deliveries, enrollments, subscribers
from tests.store.world import HOUR, NINE, SLOT, World

COPENHAGEN = "Europe/Copenhagen"
DAY = 24 * HOUR
STEPS = ("why-move", "pelvic-tilts", "bridges")


def campaign(id_: str = "c-1", **changes: Any) -> Campaign:
    """Return a weekly campaign of three steps, on Tuesdays at nine."""
    made = Campaign(
        id=id_,
        slug="stronger-back",
        name="Stronger back",
        kind=CampaignKind.DRIP,
        language="en",
        sender=Sender("Anna", "anna@example.org"),
        steps=tuple(step(each, after=Span(place, "w")) for place, each in enumerate(STEPS)),
        folder=Path("campaigns/stronger-back"),
        greeting=Greeting("Hello", "Hello"),
        zone=COPENHAGEN,
        schedule=Schedule((1,), dt.time(9)),
    )
    return replace(made, **changes)


def step(id_: str, *, after: Span) -> Step:
    """Return a step."""
    return Step(id_, f"{id_}.md", id_, id_, after, Action("Reply", "reply"), "Hello", 1)


@dataclass
class Shelf:
    """The published version of each campaign, by id; its number does not matter."""

    campaigns: dict[str, Campaign]

    def get(self, _tx: sa.Connection, campaign: str, _number: int) -> Published:
        """Return what was published."""
        return cast(Published, _Published(self.campaigns[campaign]))


@dataclass
class _Published:
    campaign: Campaign


@dataclass
class Situation:
    """Anna, enrolled in a live campaign whose first mail is due at nine; an engine runs."""

    world: World
    shelf: Shelf
    anna: int
    enrollment: int
    mail: int
    now: dt.datetime = NINE
    live_needed: bool = True
    running: bool = True

    @classmethod
    def of(cls, store: sa.Engine) -> "Situation":
        """Make it in an empty database."""
        world = World(store)
        world.campaign("c-1", slug="stronger-back")
        anna = world.person("anna", zone=COPENHAGEN)
        enrollment = world.enrollment(anna)
        made = cls(world, Shelf({"c-1": campaign()}), anna, enrollment, 0)
        made.mail = made.plan("why-move")
        return made

    def plan(self, step: str, slot: Slot = SLOT) -> int:
        """Plan a step."""
        with durable(self.world.store) as tx:
            [id_] = queue.plan(tx, [queue.Plan(self.enrollment, step, slot)])
        return id_

    def stands(self, state: str, reason: str | None = None, **columns: Any) -> None:
        """Let the first mail stand so; without a time to be looked at it is in no queue."""
        row = {"state": state, "reason": reason, "next_try_at": None} | columns
        self.world.change(deliveries, self.mail, **row)
        with durable(self.world.store) as tx:
            queue.mend(tx)

    def handed(self, state: str, reason: str | None = None, **columns: Any) -> None:
        """Let the first mail stand so after it was handed over once."""
        self.stands(state, reason, hand_overs=1, first_handed_at=NINE, version=1, **columns)

    def claimed(self) -> Ticket:
        """Let a worker claim the first mail."""
        return self.world.claimed(self.mail)

    def ended(self, state: str, reason: str | None = None) -> None:
        """End the walk."""
        self.world.change(enrollments, self.enrollment, state=state, reason=reason, ended_at=NINE)

    def pause(self, campaign: str | None) -> None:
        """Pause the campaign, or all."""
        with durable(self.world.store) as tx:
            begin(tx, Pause(campaign, NINE - DAY, NINE + DAY, because="holidays"))

    def explain(self, campaign: str = "c-1", step: str = "") -> Explained:
        """Ask."""
        with reading(self.world.store) as tx:
            return explain(
                tx,
                self.shelf,
                self.anna,
                now=self.now,
                zone="UTC",
                live_needed=self.live_needed,
                running=self.running,
                campaign=campaign,
                step=step,
            )


def _slot(it: Situation) -> None:
    it.now = NINE - HOUR


def _no_engine(it: Situation) -> None:
    it.running = False


def _slot_missed(it: Situation) -> None:
    it.now = SLOT.closes


def _under_way(it: Situation) -> None:
    it.world.campaign("c-2")
    it.shelf.campaigns["c-2"] = campaign("c-2")
    other = it.world.enrollment(it.anna, "c-2")
    with durable(it.world.store) as tx:
        [id_] = queue.plan(tx, [queue.Plan(other, "why-move", SLOT)])
    it.world.claimed(id_)


def _not_live(it: Situation) -> None:
    it.world.change(campaigns, "c-1", live_at=None)


def _not_published(it: Situation) -> None:
    it.world.change(campaigns, "c-1", version=None)


def _step_gone(it: Situation) -> None:
    it.shelf.campaigns["c-1"] = campaign(steps=(step("bridges", after=Span(0, "h")),))


def _passed(it: Situation) -> None:
    it.stands("skipped", "dropped")
    it.plan("bridges")


def _suppressed(reason: str) -> Callable[[Situation], None]:
    return lambda it: it.world.suppress("anna", reason)


def _never(it: Situation) -> None:
    with durable(it.world.store) as tx:
        tx.execute(deliveries.delete())
        tx.execute(enrollments.delete())


def _not_in_audience(it: Situation) -> None:
    _never(it)
    it.shelf.campaigns["c-1"] = campaign(audience="tag:backpain")


def _reenters(it: Situation) -> None:
    it.handed("accepted", accepted_at=NINE)
    it.ended("finished")
    it.shelf.campaigns["c-1"] = campaign(reenter=Span(90, "d"))


def _finished(it: Situation) -> None:
    it.handed("accepted", accepted_at=NINE)
    it.ended("finished")


def _exited(reason: str) -> Callable[[Situation], None]:
    def make(it: Situation) -> None:
        it.stands("skipped", reason)
        it.ended("exited", reason)

    return make


def _skipped(reason: str) -> Callable[[Situation], None]:
    return lambda it: it.stands("skipped", reason)


@dataclass(frozen=True)
class Case:
    """How a reason comes about, and of which step it is said; "" for the campaign as a whole."""

    make: Callable[[Situation], object]
    step: str = ""


LATER = NINE + HOUR
MAIL = "why-move"
CASES: dict[Reason, Case] = {
    Reason.SLOT: Case(_slot),
    Reason.DUE: Case(lambda it: None),
    Reason.NO_ENGINE: Case(_no_engine),
    Reason.SLOT_MISSED: Case(_slot_missed),
    Reason.UNDER_WAY: Case(_under_way),
    Reason.WITHHELD: Case(lambda it: it.stands("planned")),
    Reason.CLAIMED: Case(lambda it: it.claimed()),
    Reason.HANDED: Case(lambda it: it.world.handed(it.mail)),
    Reason.NOT_LIVE: Case(_not_live),
    Reason.NOT_PUBLISHED: Case(_not_published),
    Reason.CAMPAIGN_PAUSED: Case(lambda it: it.pause("c-1")),
    Reason.ALL_PAUSED: Case(lambda it: it.pause(None)),
    Reason.PERSON_PAUSED: Case(lambda it: it.world.change(subscribers, it.anna, paused_until=NINE + DAY)),
    Reason.NOT_CONFIRMED: Case(lambda it: it.world.change(subscribers, it.anna, state="pending")),
    Reason.STEP_GONE: Case(_step_gone),
    Reason.LATER: Case(lambda it: None, step="pelvic-tilts"),
    Reason.PASSED: Case(_passed, step="pelvic-tilts"),
    Reason.MAILBOX: Case(lambda it: it.handed("deferred", word(Reason.MAILBOX, "452 4.2.2 full"), next_try_at=LATER)),
    Reason.POLICY: Case(lambda it: it.stands("deferred", word(Reason.POLICY, "421 4.7.0 slow"), next_try_at=LATER)),
    Reason.ACCOUNT: Case(lambda it: it.stands("deferred", word(Reason.ACCOUNT, "535 5.7.8 no"))),
    Reason.NOT_SENT: Case(lambda it: it.stands("deferred", word(Reason.NOT_SENT, "no connection"), next_try_at=LATER)),
    Reason.RETRY: Case(lambda it: it.stands("planned", word(Reason.RETRY), next_try_at=LATER)),
    Reason.LEASE: Case(lambda it: it.handed("uncertain", word(Reason.LEASE))),
    Reason.LINE: Case(lambda it: it.handed("uncertain", word(Reason.LINE, "no answer"), next_try_at=LATER)),
    Reason.RESTORED: Case(lambda it: it.handed("uncertain", word(Reason.RESTORED))),
    Reason.HELD: Case(lambda it: it.handed("uncertain", word(Reason.LINE, "no answer"))),
    Reason.ACCEPTED: Case(lambda it: it.handed("accepted", accepted_at=NINE), step=MAIL),
    Reason.RENDER: Case(lambda it: it.stands("failed", word(Reason.RENDER, "02.md:7: 'nme' is undefined"))),
    Reason.MESSAGE: Case(lambda it: it.handed("failed", word(Reason.MESSAGE, "552 5.3.4 too big"))),
    Reason.ADDRESS: Case(lambda it: it.handed("failed", word(Reason.ADDRESS, "550 5.1.1 unknown")), step=MAIL),
    Reason.MAILBOX_OVER: Case(lambda it: it.handed("failed", word(Reason.MAILBOX_OVER, "452 full")), step=MAIL),
    Reason.POLICY_OVER: Case(lambda it: it.handed("failed", word(Reason.POLICY_OVER, "451 4.7.1")), step=MAIL),
    Reason.DROPPED: Case(_skipped(word(Reason.DROPPED)), step=MAIL),
    Reason.SUPPRESSED: Case(_skipped(word(Reason.SUPPRESSED)), step=MAIL),
    Reason.EXITED: Case(_skipped(word(Reason.EXITED)), step=MAIL),
    Reason.UNSUBSCRIBED: Case(_suppressed("unsubscribed")),
    Reason.BOUNCED: Case(_suppressed("bounced")),
    Reason.COMPLAINED: Case(_suppressed("complained")),
    Reason.ERASED: Case(_suppressed("erased")),
    Reason.OPERATOR: Case(_suppressed("operator")),
    Reason.TAG: Case(_exited(word(Reason.TAG, "bought"))),
    Reason.BY_HAND: Case(_exited(word(Reason.BY_HAND))),
    Reason.FINISHED: Case(_finished),
    Reason.REENTERS: Case(_reenters),
    Reason.UNPLANNED: Case(lambda it: it.handed("accepted", accepted_at=NINE)),
    Reason.NEVER_ENROLLED: Case(_never),
    Reason.NOT_IN_AUDIENCE: Case(_not_in_audience),
    Reason.OTHER: Case(_exited("moonstruck: since then")),
}
