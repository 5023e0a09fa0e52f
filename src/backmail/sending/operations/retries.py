"""What waits for the operator to mend something: mails with a fault of ours, and those our account was refused for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending.enrollment import Versions
from backmail.sending.operations.diary import note
from backmail.sending.reasons import Reason
from backmail.sending.replanning import replan, walking
from backmail.store.put_back import put_back
from backmail.store.tables import deliveries, enrollments

__all__ = ["Retriable", "retriable", "retry", "waits_for"]

_MENDABLE = {
    DeliveryState.FAILED: (Reason.RENDER, Reason.MESSAGE),
    DeliveryState.DEFERRED: (Reason.ACCOUNT, Reason.POLICY),
}
_AT_ONCE = 1000  # deliveries named by one statement


@dataclass(frozen=True, slots=True)
class Retriable:
    """Deliveries that may be put back, by id, of each reason."""

    ids: dict[Reason, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.ids.values()))


def retriable(tx: sa.Connection, campaign: str | None = None) -> Retriable:
    """Return what `retry` would put back: of one campaign, by its id, or (None) of all.

    People who left the campaign since are not among them.
    """
    d, why = deliveries.c, waits_for()
    query = (
        sa.select(d.id, why)
        .join(enrollments, enrollments.c.id == d.enrollment)
        .where(enrollments.c.state == EnrollmentState.ACTIVE.value, why.is_not(None))
    )
    if campaign is not None:
        query = query.where(d.campaign == campaign)
    found = Retriable()
    for id_, reason in tx.execute(query.order_by(d.id)):
        found.ids.setdefault(Reason(reason), []).append(id_)
    return found


def retry(
    tx: sa.Connection, versions: Versions, campaign: str | None = None, *, now: dt.datetime, zone: str, by: str
) -> Retriable:
    """Put back what waits for the operator, and return it.

    What failed counts as never tried: it takes the version that is published now, in its slot while that is open and
    else in the next one. What was deferred goes on where it stood.

    Args:
        tx: an open transaction that lasts.
        versions: where published versions are had from.
        campaign: its id; None for all.
        now: the present instant.
        zone: of the settings, for people and campaigns without their own.
        by: who does it.
    """
    found = retriable(tx, campaign)
    ids = sorted(id_ for each in found.ids.values() for id_ in each)
    for some in _some(ids):
        put_back(tx, some, reason=Reason.RETRY, at=now)
        replan(tx, versions, walking(tx, deliveries=some), now=now, zone=zone)
    if ids:
        counts = {str(reason): len(each) for reason, each in sorted(found.ids.items())}
        note(tx, "retried", campaign, now=now, by=by, counts=counts)
    return found


def waits_for() -> sa.ColumnElement[str | None]:
    """Return the word of the reason for which a delivery waits for the operator; NULL for one that does not."""
    d = deliveries.c
    return sa.case(
        *(
            (
                sa.and_(d.state == state.value, sa.or_(d.reason == reason.value, d.reason.startswith(f"{reason}:"))),
                reason.value,
            )
            for state, reasons in _MENDABLE.items()
            for reason in reasons
        )
    )


def _some(ids: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
