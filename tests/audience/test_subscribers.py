"""Subscribers: added, found, changed, on every database."""

import datetime as dt

import pytest
import sqlalchemy as sa

from backmail.audience import subscribers
from backmail.errors import AddressError, InputError, UnknownName
from backmail.model.people import Subscriber
from backmail.model.sending import Pace, Wishes
from backmail.model.states import SubscriberState
from backmail.store.engine import durable, reading
from backmail.store.tables import subscribers as table
from tests.audience.people import HOUR, NOW, PEPPER, added, hash_of, person

ANNA = Subscriber(
    "Anna+x@Bücher.example.org",
    "Anna",
    "Ågård",
    "da",
    "Europe/Copenhagen",
    ("vip", "New", "vip"),
    {"size": "41", "ø": "=1"},
)


def test_somebody_added_is_known_by_id_and_by_her_address_in_any_form(store: sa.Engine) -> None:
    with durable(store) as tx:
        id_ = subscribers.add(tx, ANNA, PEPPER, now=NOW, state=SubscriberState.PENDING)
    with reading(store) as tx:
        kept = subscribers.get(tx, id_)
        forms = ("anna+X@xn--bcher-kva.example.org", " Anna+x@BÜCHER.example.org ")
        assert [subscribers.by_email(tx, PEPPER, form) for form in forms] == [kept, kept]
    assert kept.subscriber == Subscriber(
        "Anna+x@xn--bcher-kva.example.org", "Anna", "Ågård", "da", "Europe/Copenhagen", ("New", "vip"),
        {"size": "41", "ø": "=1"},
    )  # fmt: skip
    assert (kept.state, kept.added_at, kept.paused_until, kept.wishes) == (
        SubscriberState.PENDING, NOW, None, Wishes(),
    )  # fmt: skip


def test_nobody_is_added_twice_whatever_the_capitals(store: sa.Engine) -> None:
    with durable(store) as tx:
        added(tx, "anna")
        with pytest.raises(InputError, match=r"^ANNA@example\.org is a subscriber already$"):
            added(tx, Subscriber("ANNA@Example.org", "Eve", tags=("vip",)))
    with reading(store) as tx:
        assert subscribers.by_email(tx, PEPPER, "anna@example.org").subscriber == person("anna")


def test_who_is_not_there_is_said(store: sa.Engine) -> None:
    with reading(store) as tx:
        with pytest.raises(
            UnknownName, match=r"bo@bücher\.example\.org is no subscriber\nnext: backmail subscribers find"
        ):
            subscribers.by_email(tx, PEPPER, "bo@bücher.example.org")
        with pytest.raises(UnknownName, match="there is no subscriber with the number 9"):
            subscribers.get(tx, 9)
        with pytest.raises(AddressError, match="it has no @"):
            subscribers.by_email(tx, PEPPER, "bo")
        assert subscribers.many(tx, [7, 8]) == {}


def test_many_are_added_at_once_and_those_who_are_here_stay_as_they_are(store: sa.Engine) -> None:
    crowd = [person(f"p{number}", "new", number=str(number)) for number in range(5100)]
    with durable(store) as tx:
        [first] = added(tx, "p0")
        new = subscribers.add_many(tx, crowd, PEPPER, now=NOW, state=SubscriberState.ACTIVE)
        assert subscribers.add_many(tx, crowd, PEPPER, now=NOW, state=SubscriberState.ACTIVE) == {}
    assert set(new) == {hash_of(f"p{number}") for number in range(1, 5100)}
    with reading(store) as tx:
        found = subscribers.many(tx, [*new.values(), first])
        assert subscribers.known(tx, [*new, hash_of("p0"), "another"]) == {**new, hash_of("p0"): first}
        assert [len(ids) for ids in subscribers.all_ids(tx)] == [5000, 100]
        assert subscribers.own_fields(tx) == ["number"]
    assert found[first].subscriber == person("p0")
    assert [found[new[hash_of(one.email.split("@")[0])]].subscriber for one in crowd[1:]] == crowd[1:]


def test_words_find_people_by_address_names_and_tags(store: sa.Engine) -> None:
    with durable(store) as tx:
        added(tx, ANNA, person("bo", "vip"), Subscriber("c_d@example.org", "Øyvind", "100%"))

    def found(words: str, most: int = 9) -> list[str | None]:
        with reading(store) as tx:
            return [one.subscriber.first_name for one in subscribers.find(tx, words, most)]

    assert found("") == ["Anna", "Bo", "Øyvind"]
    assert found("", most=2) == ["Anna", "Bo"]
    assert found("EXAMPLE vip") == ["Anna", "Bo"]
    assert found("ÅGÅRD") == found("ågård") == found("Ågård") == ["Anna"]
    assert found("øyvind") == ["Øyvind"]
    assert found("Anna+X@bücher.example.org") == ["Anna"]
    assert found("100%") == found("c_d") == ["Øyvind"]
    assert found("c%d") == found("nobody") == []


def test_what_is_changed_is_changed_and_nothing_else(store: sa.Engine) -> None:
    wishes = Wishes((0, 3), dt.time(9, 30), Pace.HALF)
    with durable(store) as tx:
        anna, bo = added(tx, ANNA, "bo")
        subscribers.change(
            tx, anna, first_name=None, timezone="UTC", attributes={"size": "42"}, paused_until=NOW + HOUR
        )
        subscribers.change(tx, anna, wishes=wishes, state=SubscriberState.PENDING)
        subscribers.change(tx, anna)
        with pytest.raises(UnknownName):
            subscribers.change(tx, 99, first_name="Eve")
    with reading(store) as tx:
        kept = subscribers.get(tx, anna)
        assert subscribers.get(tx, bo).subscriber == person("bo")
    assert kept.subscriber == Subscriber(
        "Anna+x@xn--bcher-kva.example.org", None, "Ågård", "da", "UTC", ("New", "vip"), {"size": "42"}
    )
    assert (kept.wishes, kept.state, kept.paused_until) == (wishes, SubscriberState.PENDING, NOW + HOUR)
    with durable(store) as tx:
        subscribers.change(tx, anna, wishes=Wishes(), paused_until=None)
        assert subscribers.get(tx, anna).wishes == Wishes()
        assert tx.execute(sa.select(table.c.days, table.c.at, table.c.pace)).first() == (None, None, "normal")
