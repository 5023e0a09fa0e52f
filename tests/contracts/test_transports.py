"""What holds for every transport, whatever carries the mails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from backmail.clock import SystemClock
from backmail.model.delivery import Accepted, Blame, NotSent, Refused
from backmail.model.message import Message
from backmail.transports import FolderTransport, MayWrite, MemoryTransport, Relay, SmtpTransport, Transport
from backmail.transports.transport import always
from backmail.transports.verdict import smtp
from tests.transports.mails import mail, mails, one, sent, wire
from tests.transports.sink import Sink

WINDOW = 4


@dataclass
class Bench:
    """A transport, and what has arrived at its other end, by recipient."""

    transport: Transport
    arrived: Callable[[], list[tuple[str, bytes]]]


Make = Callable[[Callable[[Message], bytes], MayWrite], AbstractAsyncContextManager[Bench]]


@asynccontextmanager
async def folder(path: Path, make: Callable[[Message], bytes], may_write: MayWrite) -> AsyncIterator[Bench]:
    def arrived() -> list[tuple[str, bytes]]:
        return [(name.stem.partition("-d-")[2] + "@example.org", name.read_bytes()) for name in path.glob("*.eml")]

    yield Bench(FolderTransport(path, make, SystemClock(), window=WINDOW, may_write=may_write), arrived)


@asynccontextmanager
async def memory(path: Path, make: Callable[[Message], bytes], may_write: MayWrite) -> AsyncIterator[Bench]:
    transport = MemoryTransport(make, window=WINDOW, may_write=may_write)
    yield Bench(transport, lambda: [(each.message.mailbox.email, each.data or b"") for each in transport.carried])


class Keeper:
    """Keeps what aiosmtpd takes."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        assert isinstance(envelope.original_content, bytes)
        self.mails += [(recipient, envelope.original_content) for recipient in envelope.rcpt_tos]
        return "250 OK"


@asynccontextmanager
async def aiosmtpd(path: Path, make: Callable[[Message], bytes], may_write: MayWrite) -> AsyncIterator[Bench]:
    keeper, loop = Keeper(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="aiosmtpd", loop=loop), "127.0.0.1", 0)
    relay = Relay("127.0.0.1", server.sockets[0].getsockname()[1], "none")
    async with server, SmtpTransport(relay, make, connections=WINDOW, may_write=may_write) as transport:
        yield Bench(transport, lambda: keeper.mails)


@asynccontextmanager
async def sink(path: Path, make: Callable[[Message], bytes], may_write: MayWrite) -> AsyncIterator[Bench]:
    async with Sink() as server:
        relay = Relay("127.0.0.1", server.port, "none")
        async with SmtpTransport(relay, make, connections=WINDOW, may_write=may_write) as transport:
            yield Bench(transport, lambda: server.mails)


@pytest.fixture(params=[folder, memory, aiosmtpd, sink], ids=lambda each: each.__name__)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    return partial(request.param, tmp_path / "outbox")


def test_every_mail_arrives_as_it_is_and_has_one_receipt(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            group = mails(WINDOW)
            receipts = await sent(bench.transport, group)
            assert all(isinstance(receipt, Accepted) for receipt in receipts.values())
            assert sorted(bench.arrived()) == sorted((each.mailbox.email, wire(each)) for each in group)

    asyncio.run(story())


def test_it_says_what_it_takes_and_how_much_at_once(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            assert bench.transport.takes == "wire"
            assert bench.transport.window == WINDOW

    asyncio.run(story())


def test_nothing_to_send_is_nothing_sent(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            assert await sent(bench.transport, []) == {}
            assert bench.arrived() == []

    asyncio.run(story())


def test_it_may_be_used_again_and_by_two_at_once(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            first, second, third = [[mail(f"{half}{number}") for number in range(2)] for half in "abc"]
            await sent(bench.transport, first)
            await asyncio.gather(sent(bench.transport, second), sent(bench.transport, third))
            assert len(bench.arrived()) == 6

    asyncio.run(story())


@pytest.mark.parametrize("group", [mails(WINDOW + 1), [mail(), mail()]], ids=["too many", "one twice"])
def test_a_group_that_would_break_the_promise_is_refused_whole(make: Make, group: list[Message]) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            with pytest.raises(ValueError, match=r"window of 4|twice"):
                await sent(bench.transport, group)
            assert bench.arrived() == []

    asyncio.run(story())


def test_nothing_is_written_when_the_lease_is_over(make: Make) -> None:
    async def story() -> None:
        async with make(wire, lambda message: message.delivery_id == "d-p1") as bench:
            receipts = await sent(bench.transport, mails(2))
            assert receipts["d-p0"] == NotSent("the lease ended before it was written")
            assert isinstance(receipts["d-p1"], Accepted)
            assert [to for to, _ in bench.arrived()] == ["p1@example.org"]

    asyncio.run(story())


def test_a_mail_that_cannot_be_made_stops_no_other(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            receipts = await sent(bench.transport, [mail("bad", subject="unfit"), mail("good")])
            refused = receipts["d-bad"]
            assert isinstance(refused, Refused)
            assert "cannot be written" in refused.text
            assert smtp(refused) is Blame.MESSAGE
            assert [to for to, _ in bench.arrived()] == ["good@example.org"]

    asyncio.run(story())


def test_a_fault_of_ours_in_one_mail_refuses_that_mail_alone(make: Make) -> None:
    def broken(message: Message) -> bytes:
        return wire(message) if message.delivery_id == "d-p0" else bytes(message.headers["nothing"], "ascii")

    async def story() -> None:
        async with make(broken, always) as bench:
            receipts = await sent(bench.transport, mails(2))
            assert isinstance(receipts["d-p0"], Accepted)
            assert receipts["d-p1"] == Refused(554, "5.6.0", "KeyError: 'nothing'")
            assert [to for to, _ in bench.arrived()] == ["p0@example.org"]

    asyncio.run(story())


def test_who_stops_listening_early_may_send_again(make: Make) -> None:
    async def story() -> None:
        async with make(wire, always) as bench:
            receipts = bench.transport.send(mails(WINDOW))
            assert isinstance((await anext(receipts))[1], Accepted)
            await receipts.aclose()
            assert isinstance(await one(bench.transport, mail("later")), Accepted)
            assert "later@example.org" in [to for to, _ in bench.arrived()]

    asyncio.run(story())
