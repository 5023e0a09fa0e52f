"""`backmail send-test`: one published mail to somebody who is there to look at it, as a reader would get it."""

from __future__ import annotations

import datetime as dt
from contextlib import aclosing
from dataclasses import replace

from backmail import rendering
from backmail.audience.addresses import normal
from backmail.config import Config
from backmail.errors import Fault, SafetyStop, did_you_mean
from backmail.links import Links, delivery_id
from backmail.model.delivery import Receipt
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.sending.published import Published
from backmail.transports import Transport

__all__ = ["allowed", "message", "send"]


def allowed(address: str, config: Config) -> str:
    """Return an address as mails name it, if test mails may go to it.

    Raises:
        AddressError: it is no address.
        SafetyStop: it is not one of `test_recipients`: a slip of the pen must not write to a reader.
    """
    wanted = normal(address)
    known = {normal(each).casefold(): each for each in config.test_recipients}
    if wanted.casefold() not in known:
        near = did_you_mean(wanted, known.values())
        hint = f"{near} " * bool(near) + "write it under test_recipients in config.yaml if it is yours"
        raise SafetyStop(Fault(f"test mails may not go to {wanted}", hint=hint))
    return wanted


def message(
    published: Published, step: str, person: Subscriber, address: str, links: Links, *, now: dt.datetime
) -> Message:
    """Return a step as `person` would get it, addressed to somebody else.

    It is composed and addressed as what is sent to readers. Its links are signed as theirs, for a delivery that no
    table knows, so that they change nothing. Each call gives another Message-ID, else mail programs would show one of
    two test mails only.

    Args:
        published: the version.
        step: a step of it.
        person: whose mail it is: her name and fields stand in it.
        address: who gets it (`allowed`).
        links: signs its links.
        now: the present instant, UTC.

    Raises:
        UnknownName: the version has no such step.
        AddressError, TemplateError: a value of hers cannot stand in it, or it cannot be rendered.
    """
    campaign = published.campaign
    ids = {each.id: delivery_id(campaign.id, each.id, f"{address} {now.isoformat()}") for each in campaign.steps}
    reader = published.reader(step, replace(person, email=address), links, ids)
    return rendering.address(published.compose(step, reader), reader, ids[step], links)


async def send(transport: Transport, message: Message) -> Receipt:
    """Send one message and return what the transport says of it. Nothing is written to the tables."""
    async with aclosing(transport.send([message])) as receipts:
        [receipt] = [receipt async for _, receipt in receipts]
    return receipt
