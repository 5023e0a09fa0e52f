"""People who say no while their mails are on the way: in a transaction of ours, or by the button of an engine."""

from __future__ import annotations

import random
import urllib.error
import urllib.request
from contextlib import suppress

import sqlalchemy as sa

from backmail.sending import decisions
from backmail.store.tables import deliveries
from tests.torture.log import Log
from tests.torture.place import SHORT, WINDOW, Place
from tests.torture.sink import OPEN, SHUT, SLOW, TAKEN
from tests.torture.workers import Worker, Workers, until

_PATIENCE = 20.0
_BEHIND = 12


def candidate(place: Place, chance: random.Random, *states: str) -> int | None:
    """Return somebody to whom nothing was handed over yet, by the id of her delivery; those that are claimed first."""
    d = deliveries.c
    for state in states or ("claimed", "planned"):
        query = sa.select(d.id).where(d.state == state, d.hand_overs == 0).order_by(d.id)
        with place.backmail.reading() as tx:
            ids: list[int] = list(tx.scalars(query))
        if ids:
            # The last of a batch has yet to be handed over, whatever the worker does meanwhile.
            return ids[-1] if state == "claimed" else chance.choice(ids)
    return None


def say_no(place: Place, delivery: int) -> None:
    """Let the reader of a delivery unsubscribe, in a transaction of this process."""
    with place.backmail.durable() as tx:
        person = tx.scalar(sa.select(deliveries.c.subscriber).where(deliveries.c.id == delivery))
        assert person is not None
        decisions.unsubscribe(tx, person, now=place.now())
        # Seen from within: what is handed over by now was so before her no, and nothing is afterwards.
        place.said_no(tx, person)


def press(place: Place, worker: Worker, delivery: int) -> bool:
    """Press the button that the mail of a delivery leads to; whether it was answered, so that her no stands."""
    answered = False
    if pages := worker.pages():
        url = f"{pages}/u/{place.backmail.links.token('unsubscribe', str(delivery))}"
        with suppress(OSError, urllib.error.URLError):  # the engine died
            request = urllib.request.Request(url, data=b"List-Unsubscribe=One-Click")  # noqa: S310
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
                answered = answer.status == 200
    note(place, delivery, stands=answered)
    return answered


def note(place: Place, delivery: int, *, stands: bool = False) -> None:
    """Note the no of a delivery's reader if it stands: her engine may have died before or after its commit."""
    with place.backmail.reading() as tx:
        row = tx.execute(sa.select(deliveries).where(deliveries.c.id == delivery)).one()
        if stands or (row.state == "skipped" and row.reason == "unsubscribed"):
            place.said_no(tx, row.subscriber)


def say_no_amidst(place: Place, workers: Workers, log: Log) -> list[str]:
    """Let people say no while a batch is on its way, by both ways and in every state; return what did not come about.

    Whether they get anything afterwards is the verdict's to say.
    """
    people = place.enroll((SLOW,) * WINDOW + (TAKEN,) * _BEHIND, SHORT)
    log.gate(SHUT)
    before = log.copies
    worker = workers.engine()
    faults = [] if until(lambda: log.copies >= before + WINDOW) else ["nothing was on the wire when people said no"]
    handed, claimed = place.under_way("handed"), place.under_way("claimed")
    said = [press(place, worker, each) for each in handed[-2:] + claimed[-2:]]
    faults += [] if len(said) == 4 and all(said) else ["not every button was answered"]
    for delivery in claimed[-4:-2]:
        say_no(place, delivery)
    log.gate(OPEN)
    until(lambda: not place.count("claimed", "handed", of=people))
    worker.tell_to_end()
    worker.ended()
    place.finish()
    return faults
