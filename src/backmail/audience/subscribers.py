"""Subscribers: added, found, changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from backmail.audience.addresses import keyed, normal, shown
from backmail.audience.bulk import PORTION, among, portions, put_new
from backmail.audience.tags import tags_of
from backmail.errors import AddressError, InputError, UnknownName
from backmail.model.people import Subscriber
from backmail.model.sending import Pace, Wishes
from backmail.model.states import SubscriberState
from backmail.store.tables import subscribers, tags
from backmail.store.walks import read_wishes

__all__ = [
    "Changes",
    "Person",
    "add",
    "add_many",
    "all_ids",
    "by_email",
    "change",
    "find",
    "get",
    "known",
    "many",
    "own_fields",
]


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber as she is kept.

    Attributes:
        id: her number in the tables.
        subscriber: what mails are written with.
        state: whether her address is confirmed.
        added_at: when she was added, in UTC.
        paused_until: the end of a pause that she asked for, in UTC; it may lie behind us.
        wishes: her own weekdays, hour and pace.
        address: the keyed hash of her address, by which suppressions know it.
    """

    id: int
    subscriber: Subscriber
    state: SubscriberState
    added_at: dt.datetime
    paused_until: dt.datetime | None
    wishes: Wishes
    address: str


class Changes(TypedDict, total=False):
    """What can be changed of a person; what is left out stays. `attributes` are given whole."""

    first_name: str | None
    last_name: str | None
    language: str | None
    timezone: str | None
    attributes: Mapping[str, str]
    state: SubscriberState
    paused_until: dt.datetime | None
    wishes: Wishes


def add(tx: sa.Connection, subscriber: Subscriber, pepper: bytes, *, now: dt.datetime, state: SubscriberState) -> int:
    """Add a person with her tags, and return her id.

    Args:
        tx: an open transaction that lasts.
        subscriber: who; her address is brought into its normal form.
        pepper: the installation's secret for hashes of addresses.
        now: the present instant.
        state: whether her address is confirmed.

    Raises:
        AddressError: her address is none.
        InputError: she is here already.
    """
    added = add_many(tx, [subscriber], pepper, now=now, state=state)
    if not added:
        raise InputError(f"{shown(normal(subscriber.email))} is a subscriber already")
    return next(iter(added.values()))


def add_many(
    tx: sa.Connection, people: Iterable[Subscriber], pepper: bytes, *, now: dt.datetime, state: SubscriberState
) -> dict[str, int]:
    """Add all who are not here yet, with their tags, and return the ids of those added, by the hash of their address.

    The arguments are those of `add`.

    Raises:
        AddressError: an address is none.
    """
    added: dict[str, int] = {}
    for portion in portions(people):
        emails = [normal(one.email) for one in portion]
        rows = {
            keyed(pepper, email): (one, {"email": email, "added_at": now, "state": state.value, **_columns(one)})
            for one, email in zip(portion, emails, strict=True)
        }
        given = [{"address": address, **row} for address, (_, row) in rows.items()]
        new = {address: id_ for id_, address in put_new(tx, subscribers, given, *_KEYS)}
        put_new(
            tx,
            tags,
            (
                {"subscriber": id_, "tag": word, "since": now}
                for address, id_ in new.items()
                for word in rows[address][0].tags
            ),
        )
        added |= new
    return added


def get(tx: sa.Connection, id_: int) -> Person:
    """Return a person by her id.

    Raises:
        UnknownName: there is none.
    """
    found = many(tx, [id_])
    if id_ not in found:
        raise UnknownName(f"there is no subscriber with the number {id_}")
    return found[id_]


def many(tx: sa.Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Return people by their ids; an id that nobody has is not in the answer."""
    found: dict[int, Person] = {}
    for portion in portions(dict.fromkeys(ids)):
        labels = tags_of(tx, portion)
        rows = tx.execute(subscribers.select().where(among(tx, subscribers.c.id, portion)).order_by(subscribers.c.id))
        found |= {row.id: _person(row, labels.get(row.id, ())) for row in rows}
    return found


def known(tx: sa.Connection, addresses: Iterable[str]) -> dict[str, int]:
    """Return the ids of those whose hashes of addresses these are, by hash."""
    found: dict[str, int] = {}
    for portion in portions(addresses):
        rows = tx.execute(sa.select(*_KEYS).where(among(tx, subscribers.c.address, portion)))
        found |= {row.address: row.id for row in rows}
    return found


def all_ids(tx: sa.Connection) -> Iterator[list[int]]:
    """Yield the ids of everybody, in order, in portions."""
    last = 0
    while True:
        query = sa.select(subscribers.c.id).where(subscribers.c.id > last).order_by(subscribers.c.id)
        if not (ids := list(tx.scalars(query.limit(PORTION)))):
            return
        yield ids
        last = ids[-1]


def own_fields(tx: sa.Connection) -> list[str]:
    """Return the names of all attributes that anybody has, in the order of the alphabet."""
    found: set[str] = set()
    for attributes in tx.scalars(sa.select(subscribers.c.attributes)):
        found.update(attributes or ())
    return sorted(found)


def by_email(tx: sa.Connection, pepper: bytes, email: str) -> Person:
    """Return the person with an address, written in any form.

    Raises:
        AddressError: it is no address.
        UnknownName: nobody has it.
    """
    address = normal(email)
    id_ = known(tx, [keyed(pepper, address)]).get(keyed(pepper, address))
    if id_ is None:
        raise UnknownName(f"{shown(address)} is no subscriber", next_command="backmail subscribers find WORDS")
    return get(tx, id_)


def find(tx: sa.Connection, words: str, most: int, *, within: sa.Select[int] | None = None) -> list[Person]:
    """Return the people who have each of the words in address, names or tags, capitals or not, those added first first.

    Args:
        tx: an open transaction.
        words: with spaces between them; none finds everybody.
        most: how many are returned at most.
        within: a question for ids; only these are looked at.
    """
    query = sa.select(subscribers.c.id).where(*(_has(word) for word in words.split()))
    if within is not None:
        query = query.where(subscribers.c.id.in_(within))
    return list(many(tx, tx.scalars(query.order_by(subscribers.c.id).limit(most))).values())


def change(tx: sa.Connection, id_: int, **changes: Unpack[Changes]) -> None:
    """Change a person. What follows from it for her mails is decided by `sending.decisions.changed`.

    Raises:
        UnknownName: there is no person with this id.
    """
    given: dict[str, Any] = dict(changes)
    if "timezone" in given:
        given["zone"] = given.pop("timezone")
    if "wishes" in given:
        given |= _written(given.pop("wishes"))
    if given and not tx.execute(subscribers.update().where(subscribers.c.id == id_).values(given)).rowcount:
        raise UnknownName(f"there is no subscriber with the number {id_}")


_KEYS = (subscribers.c.id, subscribers.c.address)


def _columns(one: Subscriber) -> dict[str, Any]:
    return {
        "first_name": one.first_name,
        "last_name": one.last_name,
        "language": one.language,
        "zone": one.timezone,
        "attributes": dict(one.attributes),
    }


def _written(wishes: Wishes) -> dict[str, str | None]:
    return {
        "days": None if wishes.days is None else ",".join(map(str, wishes.days)),
        "at": None if wishes.at is None else wishes.at.isoformat("minutes"),
        "pace": Pace(wishes.pace).value,
    }


def _has(word: str) -> sa.ColumnElement[bool]:
    """Return the condition that a word stands in address, names or tags.

    SQLite knows the capitals of ASCII alone, so others are looked for in the forms in which names are written.
    """
    forms = {word, word.casefold(), word.upper(), word.capitalize()}
    with suppress(AddressError):
        forms.add(normal(word))  # an international address, as it is kept
    columns = (subscribers.c.email, subscribers.c.first_name, subscribers.c.last_name)
    tagged = sa.exists().where(
        tags.c.subscriber == subscribers.c.id, sa.or_(*(tags.c.tag.icontains(form, autoescape=True) for form in forms))
    )
    return sa.or_(tagged, *(column.icontains(form, autoescape=True) for column in columns for form in sorted(forms)))


def _person(row: sa.Row[Any], labels: Sequence[str]) -> Person:
    who = Subscriber(
        row.email, row.first_name, row.last_name, row.language, row.zone, tuple(labels), row.attributes or {}
    )
    wishes = read_wishes(row.days, row.at, row.pace)
    return Person(row.id, who, SubscriberState(row.state), row.added_at, row.paused_until, wishes, row.address)
