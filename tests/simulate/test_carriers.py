"""Transports that reach nobody: what they count, and whose mails go where."""

from __future__ import annotations

import asyncio

import pytest

from backmail.model.delivery import Accepted, Refused
from backmail.simulate import Counting, Parted
from backmail.transports import MemoryTransport
from tests.transports.mails import mail, mails, sent


def test_every_mail_is_taken_and_counted() -> None:
    transport = Counting()
    receipts = asyncio.run(sent(transport, mails(3)))
    assert all(isinstance(receipt, Accepted) for receipt in receipts.values())
    assert transport.carried == 3


def test_only_what_another_transport_took_is_counted() -> None:
    memory = MemoryTransport(window=7)
    memory.refuse("p1@example.org")
    transport = Counting(memory)
    assert (transport.window, transport.takes) == (7, "slots")
    assert isinstance(asyncio.run(sent(transport, mails(3)))["d-p1"], Refused)
    assert transport.carried == 2


def test_the_mails_of_one_person_go_their_own_way() -> None:
    own, others = MemoryTransport(window=4), Counting()
    transport = Parted("p1@example.org", own, others)
    assert transport.window == 4
    assert len(asyncio.run(sent(transport, mails(4)))) == 4
    assert [each.message.delivery_id for each in own.carried] == ["d-p1"]
    assert others.carried == 3


@pytest.mark.parametrize(
    "transport", [Counting(MemoryTransport(window=1)), Parted("x", MemoryTransport(window=1), Counting())]
)
def test_a_group_that_would_break_the_promise_is_refused_whole(transport: Counting | Parted) -> None:
    with pytest.raises(ValueError, match="window of 1"):
        asyncio.run(sent(transport, [mail("a"), mail("b")]))
