"""What happened to whom, read off the tables: how deliveries and walks stood before an instant, and after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from backmail import clock
from backmail.audience.bulk import portions
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.reasons import Reason
from backmail.store.tables import deliveries, due, enrollments

__all__ = ["Event", "Tracer"]

_TRIED = {
    DeliveryState.ACCEPTED: "accepted",
    DeliveryState.DEFERRED: "deferred",
    DeliveryState.FAILED: "failed",
    DeliveryState.SKIPPED: "skipped",
    DeliveryState.UNCERTAIN: "uncertain",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to somebody.

    Attributes:
        at: when, as ISO 8601 in the person's own zone.
        utc: the same in UTC.
        who: what she is called; never her address.
        step: which mail it was about, None for the series as a whole.
        event: the word for it.
        why: the reason as the tables have it, None where there is none.
    """

    at: str
    utc: str
    who: str
    step: str | None
    event: str
    why: str | None


_COLUMNS = tuple(deliveries.c[name] for name in ("id", "state", "hand_overs", "next_try_at", "due_at", "closes_at"))
_Before = tuple[str, int, dt.datetime | None, dt.datetime, dt.datetime]  # those columns without the id


class Tracer:
    """Looks at what is due before an instant is played, and tells what became of it afterwards."""

    def __init__(self, who: Mapping[int, str]) -> None:
        """Take what people are called, by their ids."""
        self._who = who
        self._before: dict[int, _Before] = {}
        self._top = 0  # deliveries with larger ids were planned since

    def enrolled(self, tx: sa.Connection, now: dt.datetime) -> Iterator[Event]:
        """Yield an event for everybody who was enrolled at the instant `now`, by the enrollment's id."""
        query = (
            sa.select(enrollments.c.subscriber, deliveries.c.zone)
            .join(deliveries, deliveries.c.enrollment == enrollments.c.id)
            .where(enrollments.c.started_at == now)
            .order_by(enrollments.c.id, deliveries.c.id)
        )
        shown = _Shown(now)
        for row in tx.execute(query):
            yield self._event(shown, row, None, "enrolled")

    def before(self, tx: sa.Connection, now: dt.datetime) -> None:
        """Note how everything stands whose time has come at the instant `now` (UTC)."""
        waiting = sa.select(*_COLUMNS).join(due, due.c.delivery == deliveries.c.id).where(due.c.next_try_at <= now)
        unsure = sa.select(*_COLUMNS).where(
            deliveries.c.state == DeliveryState.UNCERTAIN.value, deliveries.c.next_try_at <= now
        )
        self._before = {row[0]: tuple(row[1:]) for query in (waiting, unsure) for row in tx.execute(query)}
        self._top = tx.scalar(sa.select(sa.func.max(deliveries.c.id))) or 0

    def after(self, tx: sa.Connection, now: dt.datetime) -> Iterator[Event]:
        """Yield what happened at the instant `now`, in the order in which the deliveries were planned."""
        shown = _Shown(now)
        for ids in portions(sorted(self._before)):
            yield from self._of(shown, tx.execute(_AFTER.where(deliveries.c.id.in_(ids))))
        # What was planned at this instant may have gone at once, too.
        late = sa.and_(deliveries.c.id > self._top, deliveries.c.state != DeliveryState.PLANNED.value)
        yield from self._of(shown, tx.execute(_AFTER.where(late)))

    def _of(self, shown: _Shown, rows: sa.CursorResult[Any]) -> Iterator[Event]:
        for row in rows:
            yield from self._delivery(shown, row)
            if row.ended_at == shown.now and row.last == row.id:
                why = row.end_reason if row.walk == EnrollmentState.EXITED else None
                yield self._event(shown, row, None, row.walk, why)

    def _delivery(self, shown: _Shown, row: sa.Row[Any]) -> Iterator[Event]:
        state, hand_overs, next_try_at, due_at, closes_at = self._before.get(row.id, _NEW)
        if row.hand_overs > hand_overs:
            yield self._event(shown, row, row.step, "handed")
        if row.due_at != due_at and row.id in self._before:
            why = str(Reason.SLOT_MISSED) if closes_at <= shown.now else None
            yield self._event(shown, row, row.step, "moved", why)
        if row.state in _TRIED and (row.state, row.next_try_at) != (state, next_try_at):
            yield self._event(shown, row, row.step, _TRIED[row.state], row.reason)

    def _event(self, shown: _Shown, row: Any, step: str | None, event: str, why: str | None = None) -> Event:
        return Event(shown.in_zone(row.zone), shown.utc, self._who[row.subscriber], step, event, why)


_NEW: _Before = (DeliveryState.PLANNED.value, 0, None, dt.datetime.min, dt.datetime.min)

_later = deliveries.alias()
_AFTER = (
    sa.select(
        *_COLUMNS,
        deliveries.c.subscriber,
        deliveries.c.step,
        deliveries.c.reason,
        deliveries.c.zone,
        enrollments.c.state.label("walk"),
        enrollments.c.reason.label("end_reason"),
        enrollments.c.ended_at,
        sa.select(sa.func.max(_later.c.id))
        .where(_later.c.enrollment == enrollments.c.id)
        .scalar_subquery()
        .label("last"),
    )
    .join(enrollments, enrollments.c.id == deliveries.c.enrollment)
    .order_by(deliveries.c.id)
)


class _Shown:
    """An instant as it is written, in UTC and in each zone; worked out once for all whom it is about."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.utc = now.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
        self._zones: dict[str, str] = {}

    def in_zone(self, zone: str) -> str:
        if zone not in self._zones:
            self._zones[zone] = self.now.astimezone(clock.zone(zone)).isoformat()
        return self._zones[zone]
