"""How far a campaign's readers have come, by the database: which mails anybody got, and whom a moved block meets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from backmail.config import Project
from backmail.model.states import EnrollmentState
from backmail.sending.published import load, newest
from backmail.store.engine import connect, reading
from backmail.store.tables import deliveries, enrollments
from backmail.store.upgrade import check

__all__ = ["Reached", "reached"]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far readers have come.

    Attributes:
        sent: how many people got each step, by its id; steps that nobody got are left out.
        published: the ids of the steps that stand in the published version.
        walks: of each reader who is on the way, the steps that she got.
    """

    sent: dict[str, int] = field(default_factory=dict)
    published: frozenset[str] = frozenset()
    walks: tuple[tuple[frozenset[str], int], ...] = ()

    def between(self, had: str, ahead: str) -> int:
        """Return how many people on their way got the step `had` and have the step `ahead` before them."""
        return sum(count for got, count in self.walks if had in got and ahead not in got)


def reached(project: Project, campaign: str) -> Reached:
    """Return how far the readers of a campaign (its id) have come; without a database nobody has got anything.

    Nothing is made or changed by it.

    Raises:
        StoreError: there is a database, and it cannot be used.
    """
    with _store(project) as store:
        if store is None:
            return Reached()
        with reading(store) as tx:
            return _look(tx, campaign)


@contextmanager
def _store(project: Project) -> Iterator[sa.Engine | None]:
    address = project.database()
    url = sa.make_url(address)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None and (not file.is_file() or not file.stat().st_size):  # SQLite would make one
        yield None
        return
    store = connect(address)
    try:
        check(store, {})
        yield store
    finally:
        store.dispose()


def _look(tx: sa.Connection, campaign: str) -> Reached:
    d, e = deliveries.c, enrollments.c
    handed = sa.and_(d.campaign == campaign, d.first_handed_at.is_not(None))
    people = sa.select(d.step, sa.func.count(d.subscriber.distinct())).where(handed).group_by(d.step)
    version = newest(tx, campaign)
    steps = load(tx, campaign, version).campaign.steps if version else ()
    rows = tx.execute(
        sa.select(d.enrollment, d.step)
        .join(enrollments, e.id == d.enrollment)
        .where(handed, e.state == EnrollmentState.ACTIVE.value)
    )
    got: dict[int, set[str]] = {}
    for enrollment, step in rows:
        got.setdefault(enrollment, set()).add(step)
    counted: dict[frozenset[str], int] = {}
    for each in got.values():
        counted[frozenset(each)] = counted.get(frozenset(each), 0) + 1
    return Reached(
        sent={row[0]: row[1] for row in tx.execute(people.order_by(d.step))},
        published=frozenset(step.id for step in steps),
        walks=tuple(sorted(counted.items(), key=lambda pair: sorted(pair[0]))),
    )
