"""What a restored database does not know: whatever may have gone out after the backup is held until somebody decides.

Here is the moment of the restore itself. What is planned later for people who were enrolled before it is looked at in
`sending.enrollment` and `sending.replanning`, each time with `steps.Course.doubtful`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from backmail.model.states import DeliveryState
from backmail.sending.enrollment import Versions, courses
from backmail.sending.published import Shelf
from backmail.store import records, restores, walks
from backmail.store.tables import campaigns, deliveries, subscribers

__all__ = ["hold"]

# Of what was uncertain at the backup something has become since; it may be in its reader's hands twice already.
_AT_WORK = (DeliveryState.CLAIMED, DeliveryState.HANDED, DeliveryState.UNCERTAIN)
_WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)
_AT_ONCE = 2000  # deliveries of one round

_Row = sa.Row[int, int, str, str]


def hold(tx: sa.Connection, *, now: dt.datetime, versions: Versions | None = None) -> Counter[str]:
    """Hold what may have gone out after the backup, and keep the instant of the restore for what is planned later.

    That is what was claimed, handed over or uncertain, and what waits and was due by now. What lies ahead was not sent,
    unless its reader had asked for a pause and ended it since: for her the slot counts that she would have without the
    pause.

    Args:
        tx: the transaction that makes the restored database ready.
        now: the instant of the restore, UTC.
        versions: where published versions are had from; None: from this database.

    Returns:
        How many are held now, by the campaign's slug.
    """
    latest = restores.note(tx, now)
    shelf = versions or Shelf()
    d = deliveries.c
    due = sa.or_(d.due_at <= latest, d.next_try_at <= latest)
    found: Counter[str] = Counter()
    for rows in _pages(tx, sa.or_(d.state.in_(_AT_WORK), sa.and_(d.state.in_(_WAITING), due))):
        found += _held(tx, rows, {row.id for row in rows})
    paused = subscribers.c.paused_until.is_not(None)
    for rows in _pages(tx, sa.and_(d.state == DeliveryState.PLANNED, d.hand_overs == 0, ~d.system, paused)):
        found += _held(tx, rows, _without_the_pause(tx, rows, shelf))
    slugs = {row.id: row.slug for row in tx.execute(sa.select(campaigns.c.id, campaigns.c.slug))}
    return Counter({slugs[campaign]: count for campaign, count in found.items()})


def _pages(tx: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Sequence[_Row]]:
    d = deliveries.c
    query = (
        sa.select(d.id, d.enrollment, d.campaign, d.zone)
        .join(subscribers, subscribers.c.id == d.subscriber)
        .where(condition)
        .order_by(d.id)
        .limit(_AT_ONCE)
    )
    last = 0
    while rows := tx.execute(query.where(d.id > last)).all():
        yield rows
        last = rows[-1].id


def _held(tx: sa.Connection, rows: Sequence[_Row], ids: set[int]) -> Counter[str]:
    """Hold deliveries, and return how many those are of each campaign, by its id."""
    done = records.restored(tx, ids)
    return Counter(row.campaign for row in rows if row.id in done)


def _without_the_pause(tx: sa.Connection, rows: Sequence[_Row], versions: Versions) -> set[int]:
    """Return the deliveries, by id, that were due before the restore if their readers ended their pauses."""
    found: set[int] = set()
    for zone in {row.zone for row in rows}:
        ids = {row.enrollment: row.id for row in rows if row.zone == zone}
        walking = walks.walkers(tx, ids)
        histories = walks.histories(tx, ids)
        # Somebody's own zone and the campaign's come first; where there is neither, the settings' was taken.
        known = courses(tx, versions, walking, zone)
        for walker in walking:
            course, mail = known.get(walker.campaign), ids[walker.enrollment]
            before = [had for had in histories[walker.enrollment] if had.id != mail]
            step = course.next_step(before) if course else None
            if course and step and course.doubtful(walker, step, before):
                found.add(mail)
    return found
