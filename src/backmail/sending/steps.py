"""What comes next for somebody who walks through a campaign: the step, and the slot that the calendar gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from backmail import clock
from backmail.errors import CampaignError
from backmail.model.campaign import Campaign, First, Step
from backmail.model.sending import Anchor, Slot, Terms
from backmail.model.states import DeliveryState
from backmail.sending.calendar import choose_zone, next_slot, passed_over
from backmail.sending.reasons import Reason, read
from backmail.store.walks import Had, Walker

__all__ = ["MENDABLE", "Course", "is_final", "is_open"]

_OPEN = frozenset({DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.CLAIMED, DeliveryState.HANDED})
# Failures that somebody can mend, a fault of the step or of what was sent: they wait for the operator.
MENDABLE = (Reason.RENDER, Reason.MESSAGE)


def is_open(had: Had) -> bool:
    """Return whether a delivery is still on its way, or nobody can tell yet."""
    return had.state in _OPEN or had.state is DeliveryState.UNCERTAIN


def is_final(had: Had) -> bool:
    """Return whether nothing more becomes of a delivery by itself, so that the next step may be planned.

    What failed for a fault of ours in the mail waits for the operator, and so does the rest of the series.
    """
    if had.state is DeliveryState.FAILED:
        return read(had.reason)[0] not in MENDABLE
    return had.state in (DeliveryState.ACCEPTED, DeliveryState.SKIPPED)


@dataclass(slots=True)
class Course:
    """A campaign as people walk through it, with slots remembered: those who start together get the same.

    Args:
        campaign: the published one.
        zone: of the settings, for people and campaigns without their own; an IANA name.
        system: whether its mails know no slots and go at once.
    """

    campaign: Campaign
    zone: str
    system: bool = False
    _slots: dict[tuple[Terms, Anchor, dt.datetime], Slot] = field(default_factory=dict)
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {step.id: place for place, step in enumerate(self.campaign.steps)}

    def next_step(self, history: Sequence[Had]) -> Step | None:
        """Return the step to plan: the first in the published order, after the last that is final, without a delivery.

        None when there is none, or while a delivery is open or waits for the operator.
        """
        if any(not is_final(had) for had in history):
            return None
        return self._after(history)

    def is_over(self, history: Sequence[Had]) -> bool:
        """Return whether everything of the series is behind somebody with that history."""
        return all(is_final(had) for had in history) and self._after(history) is None

    def slot(self, walker: Walker, step: Step, history: Sequence[Had], now: dt.datetime) -> Slot:
        """Return when a step is due for somebody, counted from the last one that she was handed.

        Args:
            walker: who, and when she started.
            step: a step of the campaign.
            history: what she had before that step; the step's own delivery is passed by.
            now: the slot has not closed then.

        Raises:
            CampaignError: there is none within a year.
        """
        return self._counted(walker, step, self._anchor(walker, step, history), now)

    def doubtful(self, walker: Walker, step: Step, history: Sequence[Had]) -> Slot | None:
        """Return the slot in which a step may have gone out before the database was restored; None if it cannot have.

        It may have when it was due by then: counted from the same anchor, without the catching up that moves a slot
        that has closed. After a mail that is itself in doubt and was dropped the earlier of two anchors counts: that of
        a skipped step, and the one that the mail left if it did go out in its slot.

        Args:
            walker: who, and when she started.
            step: a step of the campaign.
            history: what she had before that step; the step's own delivery is passed by.
        """
        if walker.restored_at is None:
            return None
        found = []
        for anchor in self._anchors(walker, step, history):
            with suppress(CampaignError):  # no slot within a year: nobody got it
                found.append(self._counted(walker, step, anchor, anchor.at))
        first = min(found, key=lambda slot: slot.due, default=None)
        return first if first is not None and first.due <= walker.restored_at else None

    def _counted(self, walker: Walker, step: Step, anchor: Anchor, now: dt.datetime) -> Slot:
        if self.system:
            return _at_once(now, self.zone_of(walker))
        terms = self._terms(walker, step)
        key = (terms, anchor, now)
        slot = self._slots.get(key)
        if slot is None:
            if len(self._slots) > _REMEMBERED:
                self._slots.clear()
            slot = self._slots[key] = next_slot(terms, anchor, now)
        return slot

    def _after(self, history: Sequence[Had]) -> Step | None:
        had = {each.step for each in history}
        last = max((self._places[step] for step in had if step in self._places), default=-1)
        return next((step for step in self.campaign.steps[last + 1 :] if step.id not in had), None)

    def zone_of(self, walker: Walker) -> str:
        """Return the zone that counts for somebody: her own, else the campaign's, else that of the settings."""
        return choose_zone(walker.zone, self.campaign.zone, self.zone).zone

    def _terms(self, walker: Walker, step: Step) -> Terms:
        first = step.id == self.campaign.steps[0].id
        return Terms(
            delay=step.after,
            schedule=step.schedule or self.campaign.schedule,
            zone=self.zone_of(walker),
            wishes=walker.wishes,
            at_once=first and walker.at_once and step.after.count == 0 and self.campaign.first is First.AT_ONCE,
        )

    def _anchors(self, walker: Walker, step: Step, history: Sequence[Had]) -> Iterator[Anchor]:
        yield self._anchor(walker, step, history)
        last = max((had for had in history if had.step != step.id), key=lambda had: had.id, default=None)
        if last is not None and last.state is DeliveryState.SKIPPED and last.first_handed_at is None:
            yield Anchor.after(last.due_at, last.slot_date)

    def _anchor(self, walker: Walker, step: Step, history: Sequence[Had]) -> Anchor:
        """Return where the step's delay counts from: the last hand-over, moved on by what was skipped since."""
        before = [had for had in history if had.step != step.id]
        handed = [(had.first_handed_at, had.id, had.slot_date) for had in before if had.first_handed_at is not None]
        if handed:
            at, since, date = max(handed)
            anchor = Anchor.after(at, date)
        else:
            anchor, since = Anchor.enrolled(walker.started_at), 0
        for had in before:
            if had.id > since and had.state is DeliveryState.SKIPPED and had.step in self._places:
                skipped = self.campaign.steps[self._places[had.step]]
                anchor = passed_over(anchor, self._terms(walker, skipped))
        return anchor


_REMEMBERED = 10_000
_FOR_EVER = dt.timedelta(days=3650)


def _at_once(now: dt.datetime, zone: str) -> Slot:
    """Return the slot of a system mail, which knows none: it is what somebody asked for a moment ago."""
    return Slot(now, now + _FOR_EVER, clock.local(now, clock.zone(zone)).date(), zone)
