"""How far people are: who walks through a campaign, what she had of it, what a claimed delivery needs to be written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from backmail.model.people import Subscriber
from backmail.model.sending import Pace, Wishes
from backmail.model.states import DeliveryState
from backmail.store.hot import hot
from backmail.store.instants import instant, micros
from backmail.store.rows import Row, change

__all__ = ["Had", "Letter", "Walker", "finish", "histories", "letters", "lock", "read_wishes", "tags", "walkers"]


@dataclass(frozen=True, slots=True)
class Walker:
    """An active enrollment, with what the calendar needs to know of the person.

    `version` is the published one of the campaign, None for a campaign that was never applied; `zone` her own, if any.
    `restored_at`: when the database was restored since she was enrolled; None when it was not.
    """

    enrollment: int
    subscriber: int
    campaign: str
    started_at: dt.datetime
    at_once: bool
    version: int | None
    system: bool
    zone: str | None
    wishes: Wishes
    restored_at: dt.datetime | None = None


class Had(NamedTuple):  # of these every mail needs a handful, and they are made five times as quickly as dataclasses
    """A delivery of an enrollment: what became of a step, and the anchor that it leaves when it was handed over."""

    id: int
    step: str
    state: DeliveryState
    reason: str | None
    hand_overs: int
    first_handed_at: dt.datetime | None
    slot_date: dt.date
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed delivery: who gets which step of which version; `variant` is pinned once it was handed over."""

    id: int
    enrollment: int
    subscriber: int
    campaign: str
    step: str
    version: int
    variant: str | None
    reader: Subscriber


def walkers(tx: sa.Connection, enrollments: Iterable[int]) -> list[Walker]:
    """Return those of the enrollments that are active, by id."""
    return [_walker(row) for row in change(tx, hot(tx).walkers, ((id_,) for id_ in enrollments))]


def histories(tx: sa.Connection, enrollments: Iterable[int]) -> dict[int, list[Had]]:
    """Return the deliveries of each enrollment in the order in which they were planned."""
    found: dict[int, list[Had]] = {}
    rows = change(tx, hot(tx).history, ((id_,) for id_ in enrollments))
    for enrollment, id_, step, state, reason, hand_overs, handed_at, slot_date, due_at in rows:
        handed = None if handed_at is None else _instant(handed_at)
        had = Had(id_, step, _STATES[state], reason, hand_overs, handed, _date(slot_date), _instant(due_at))
        found.setdefault(enrollment, []).append(had)
    return found


def lock(tx: sa.Connection, enrollments: Iterable[int]) -> None:
    """Hold enrollments, by id, until the transaction ends. SQLite has one writer at a time anyway."""
    if tx.dialect.name == "postgresql":
        change(tx, hot(tx).lock_active, ((id_,) for id_ in enrollments))


def finish(tx: sa.Connection, enrollments: Iterable[int], *, now: dt.datetime) -> set[int]:
    """End active enrollments that have nothing more to come, and return those that were active."""
    rows = [(id_,) for id_ in sorted(set(enrollments))]
    change(tx, hot(tx).lock_active, rows)
    return {row[0] for row in change(tx, hot(tx).finish, rows, now=micros(now))}


def letters(tx: sa.Connection, deliveries: Iterable[int]) -> list[Letter]:
    """Return what is needed to write claimed deliveries, by id; tags of the readers included."""
    rows = change(tx, hot(tx).letters, ((id_,) for id_ in deliveries))
    labels = tags(tx, {row[2] for row in rows})
    return [_letter(row, labels.get(row[2], ())) for row in rows]


def tags(tx: sa.Connection, subscribers: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the tags of people, in alphabetical order; who has none is not in the answer."""
    found: dict[int, list[str]] = {}
    for subscriber, tag in change(tx, hot(tx).tags, ((id_,) for id_ in sorted(set(subscribers)))):
        found.setdefault(subscriber, []).append(tag)
    return {subscriber: tuple(sorted(each)) for subscriber, each in found.items()}


def read_wishes(days: str | None, at: str | None, pace: str) -> Wishes:
    """Return a person's wishes from the words of her row: days "0,3", clock time "09:00"."""
    return Wishes(
        tuple(int(day) for day in days.split(",")) if days else None,
        dt.time.fromisoformat(at) if at else None,
        Pace(pace),
    )


_NO_WISHES = Wishes()
_STATES = {state.value: state for state in DeliveryState}
_date = lru_cache(maxsize=1024)(dt.date.fromisoformat)
_instant = lru_cache(maxsize=1024)(instant)  # those who go in one group are handed over at one instant


def _walker(row: Row) -> Walker:
    enrollment, subscriber, campaign, started_at, at_once, version, system, zone, days, at, pace, restored_at = row
    since = _instant(int(restored_at)) if restored_at is not None and int(restored_at) >= started_at else None
    plain = not days and not at and pace == Pace.NORMAL
    wishes = _NO_WISHES if plain else read_wishes(days, at, pace)
    return Walker(
        enrollment, subscriber, campaign, instant(started_at), bool(at_once), version, bool(system), zone, wishes, since
    )


def _letter(row: Row, labels: tuple[str, ...]) -> Letter:
    (
        id_, enrollment, subscriber, campaign, step, version, variant, hand_overs,
        email, first_name, last_name, language, zone, attributes,
    ) = row  # fmt: skip
    known: Mapping[str, Any] = json.loads(attributes) if isinstance(attributes, str) else attributes
    reader = Subscriber(email, first_name, last_name, language, zone, labels, known)
    return Letter(id_, enrollment, subscriber, campaign, step, version, variant if hand_overs else None, reader)
