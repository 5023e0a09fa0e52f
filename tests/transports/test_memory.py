"""The transport of tests: what it was told is what it answers."""

import asyncio

from backmail.model.delivery import Accepted, Blame, NotSent, Receipt, Refused, Unknown
from backmail.transports import Carried, MemoryTransport
from backmail.transports.verdict import smtp
from tests.transports.mails import mail, one, sent, wire

YOU = "you@example.org"


def answers(transport: MemoryTransport, times: int) -> list[Receipt]:
    """Send the same mail so often; return the receipts."""

    async def story() -> list[Receipt]:
        return [await one(transport, mail()) for _ in range(times)]

    return asyncio.run(story())


def test_without_bytes_it_keeps_the_messages() -> None:
    transport = MemoryTransport()
    assert transport.takes == "slots"
    assert asyncio.run(sent(transport, [mail()])) == {"d-you": Accepted("d-you")}
    assert transport.carried == [Carried(mail())]


def test_with_bytes_it_keeps_both() -> None:
    transport = MemoryTransport(wire)
    answers(transport, 1)
    assert transport.carried == [Carried(mail(), wire(mail()))]


def test_it_refuses_an_address_for_good() -> None:
    transport = MemoryTransport()
    transport.refuse(YOU)
    first, second = answers(transport, 2)
    assert first == second == Refused(550, "5.1.1", "no such user")
    assert smtp(Refused(550, "5.1.1", "no such user")) is Blame.ADDRESS_BAD
    assert transport.carried == []
    assert isinstance(asyncio.run(one(transport, mail("other"))), Accepted)


def test_it_defers_as_often_as_it_was_told() -> None:
    transport = MemoryTransport()
    transport.defer(YOU, times=2)
    first, second, third = answers(transport, 3)
    assert first == second == Refused(451, "4.7.1", "greylisted, come back later")
    assert isinstance(third, Accepted)
    assert len(transport.carried) == 1


def test_it_keeps_a_mail_back() -> None:
    transport = MemoryTransport()
    transport.keep_back(YOU)
    first, second = answers(transport, 2)
    assert first == NotSent("no connection")
    assert isinstance(second, Accepted)
    assert len(transport.carried) == 1


def test_it_loses_the_answer_with_the_mail_or_without() -> None:
    for arrives in (False, True):
        transport = MemoryTransport()
        transport.lose(YOU, arrives=arrives)
        first, second = answers(transport, 2)
        assert isinstance(first, Unknown)
        assert isinstance(second, Accepted)
        assert len(transport.carried) == 1 + arrives
