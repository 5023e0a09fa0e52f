"""People for tests of the audience, in few words."""

import datetime as dt

import sqlalchemy as sa

from backmail.audience import subscribers
from backmail.audience.addresses import address_hash
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState

PEPPER = b"a pepper of sixteen bytes"
NOW = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def hash_of(name: str) -> str:
    """Return the keyed hash of somebody's address at example.org."""
    return address_hash(PEPPER, f"{name}@example.org")


def person(name: str, *tags: str, **attributes: str) -> Subscriber:
    """Return somebody at example.org."""
    return Subscriber(f"{name}@example.org", name.capitalize(), tags=tags, attributes=attributes)


def added(tx: sa.Connection, *people: str | Subscriber, state: SubscriberState = SubscriberState.ACTIVE) -> list[int]:
    """Add people, some of them by name alone, and return their ids."""
    given = [person(one) if isinstance(one, str) else one for one in people]
    return [subscribers.add(tx, one, PEPPER, now=NOW, state=state) for one in given]
