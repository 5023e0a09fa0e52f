"""What becomes of a mail, whatever the relay does at whatever moment, and how connections are used."""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from backmail.model.delivery import Accepted, Blame, NotSent, Receipt, Refused, Stage, Unknown
from backmail.model.message import Message
from backmail.transports import Relay, SmtpTransport, TimeOuts
from backmail.transports.smtp_line import Line, Parcel
from backmail.transports.verdict import smtp
from tests.transports.mails import BODY, mail, mails, one, sent, wire
from tests.transports.sink import Action, Do, Sink

# Long enough for a machine that is busy with something else, wherever nothing is meant to run out.
CALM = TimeOuts(30, 30, 30, 30, 60)
STAGES = {"mail": Stage.SENDER, "rcpt": Stage.RECIPIENT, "data": Stage.MESSAGE, "dot": Stage.MESSAGE}
HUGE = BODY + b"y" * 12_000_000  # more than the buffers of both ends together hold


def relay(server: Sink, time_outs: TimeOuts = CALM) -> Relay:
    """Return a relay that is the sink, without TLS."""
    return Relay("127.0.0.1", server.port, "none", time_outs=time_outs)


def told(
    script: Mapping[str, Action | Sequence[Action]], time_outs: TimeOuts = CALM, group: Sequence[Message] = ()
) -> tuple[list[Receipt], Sink]:
    """Send mails one after another to a sink with that script, the first with these time-outs; return the receipts."""

    async def story() -> tuple[list[Receipt], Sink]:
        async with Sink(script) as server, SmtpTransport(relay(server), wire) as transport:
            first, *others = group or [mail()]
            if time_outs is CALM:
                receipts = [await one(transport, first)]
            else:
                async with SmtpTransport(relay(server, time_outs), wire) as hasty:
                    receipts = [await one(hasty, first)]
            return receipts + [await one(transport, each) for each in others], server

    return asyncio.run(story())


@pytest.mark.parametrize("code", [451, 452, 550, 554])
@pytest.mark.parametrize("stage", STAGES)
def test_a_no_is_told_with_its_code_and_the_connection_goes_on(stage: str, code: int) -> None:
    (first, second), server = told({stage: [f"{code} 5.9.9 no"]}, group=mails(2))
    assert first == Refused(code, "5.9.9", "5.9.9 no", STAGES[stage])
    assert isinstance(second, Accepted)
    assert [to for to, _ in server.mails] == ["p1@example.org"]
    assert server.connections == 1


@pytest.mark.parametrize("code", [421, 451, 452, 550, 554])
@pytest.mark.parametrize("stage", ["connect", "ehlo"])
def test_who_is_not_let_in_has_sent_nothing(stage: str, code: int) -> None:
    (first, second), server = told({stage: [f"{code} 5.7.1 no"]}, group=mails(2))
    assert isinstance(first, NotSent)
    assert f"{code} 5.7.1 no" in first.reason
    assert isinstance(second, Accepted)
    assert server.connections == 2


@pytest.mark.parametrize("stage", STAGES)
def test_421_has_taken_nothing_whenever_it_comes(stage: str) -> None:
    (first, second), server = told({stage: ["421 4.3.2 closing"]}, group=mails(2))
    assert isinstance(first, NotSent)
    assert "421 4.3.2 closing" in first.reason
    assert isinstance(second, Accepted)
    assert [to for to, _ in server.mails] == ["p1@example.org"]
    assert server.connections == 2


@pytest.mark.parametrize("does", [Do.CLOSE, Do.SILENCE, Do.DRIP], ids=lambda each: each.name.lower())
@pytest.mark.parametrize("stage", ["connect", "ehlo", *STAGES])
def test_only_after_the_final_dot_a_lost_line_leaves_anything_open(stage: str, does: Do) -> None:
    short = {
        Do.CLOSE: CALM,
        Do.SILENCE: replace(CALM, final=0.1) if stage == "dot" else replace(CALM, answer=0.3),
        Do.DRIP: replace(CALM, whole=0.6),
    }
    (first, second), server = told({stage: [does]}, short[does], mails(2))
    assert isinstance(first, Unknown if stage == "dot" else NotSent)
    assert isinstance(second, Accepted)
    assert [to for to, _ in server.mails] == ["p1@example.org"]


@pytest.mark.parametrize("waits", [False, True], ids=["closes", "reads no more"])
def test_a_mail_that_was_not_read_to_its_end_was_not_sent(waits: bool) -> None:
    async def story() -> None:
        async with (
            Sink(reads=1000, waits=waits) as server,
            SmtpTransport(relay(server, replace(CALM, data=0.3)), lambda _: HUGE + b"\r\n") as transport,
        ):
            assert isinstance(await one(transport, mail()), NotSent)
            assert server.mails == []

    asyncio.run(story())


def test_who_hung_up_before_the_final_dot_does_not_get_it() -> None:
    async def story() -> None:
        async with Sink({"data": Do.HALF}) as server:

            def may_write(_: Message) -> bool:
                return "DATA" not in server.said or server.half_closed.wait(30)

            async with SmtpTransport(relay(server), wire, may_write=may_write) as transport:
                assert isinstance(await one(transport, mail()), NotSent)
            assert server.mails == []

    asyncio.run(story())


@pytest.mark.parametrize("stage", ["connect", "ehlo", *STAGES])
@pytest.mark.parametrize("words", ["hello", "99", "354 go on", "x" * 9000, "2é0 ok"])
def test_what_is_no_answer_is_taken_for_none(stage: str, words: str) -> None:
    if (stage, words) == ("data", "354 go on"):
        return
    (first, second), server = told({stage: [words]}, group=mails(2))
    assert isinstance(first, Unknown if stage == "dot" else NotSent)
    assert isinstance(second, Accepted)
    assert len(server.mails) == 1


def test_nothing_is_written_once_the_lease_is_over() -> None:
    async def story(writes: int) -> tuple[Receipt, Sink]:
        left = iter(range(writes))
        async with (
            Sink() as server,
            SmtpTransport(relay(server), wire, may_write=lambda _: next(left, None) is not None) as transport,
        ):
            return await one(transport, mail()), server

    said = []
    for writes in range(7):  # the connection, EHLO, MAIL, RCPT, DATA, the mail, the final dot
        receipt, server = asyncio.run(story(writes))
        assert isinstance(receipt, NotSent)
        assert server.mails == []
        said.append(len([each for each in server.said if each != "QUIT"]))
    assert said == [0, 0, 1, 2, 3, 4, 4]
    receipt, server = asyncio.run(story(7))
    assert isinstance(receipt, Accepted)
    assert len(server.mails) == 1


def test_nobody_there_is_nothing_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def story(host: str) -> Receipt:
        async with SmtpTransport(Relay(host, port, "none"), wire) as transport:
            return await one(transport, mail())

    for host in ("127.0.0.1", "no..host"):
        receipt = asyncio.run(story(host))
        assert isinstance(receipt, NotSent)
        assert receipt.reason.startswith(f"{host}:{port}: ")


def test_a_machine_that_does_not_even_take_the_connection_is_not_waited_for() -> None:
    async def story(port: int) -> Receipt:
        time_outs = replace(CALM, connect=0.1)
        async with SmtpTransport(Relay("127.0.0.1", port, "none", time_outs=time_outs), wire) as transport:
            return await one(transport, mail())

    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # one waits to be taken, and nobody takes it
        for each in (first, second):
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        receipt = asyncio.run(story(full.getsockname()[1]))
    assert isinstance(receipt, NotSent)
    assert "timed out" in receipt.reason


def test_a_line_that_was_cut_connects_no_more() -> None:
    async def story() -> None:
        async with Sink() as server:
            line = Line(relay(server), None, 100)
            line.cut()
            receipt = await asyncio.to_thread(
                line.carry, Parcel("a@example.org", "b@example.org", b"\r\n"), lambda: True
            )
            assert isinstance(receipt, NotSent)
            assert server.connections == 0

    asyncio.run(story())


def test_a_mail_goes_in_one_transaction_of_its_own() -> None:
    (first, second), server = told({}, group=mails(2))
    assert first == Accepted("Ok: queued as 4F3C2")
    assert isinstance(second, Accepted)
    size = len(wire(mail("p0")))
    transactions = [
        [f"MAIL FROM:<b@news.example.org> SIZE={size}", f"RCPT TO:<p{number}@example.org>", "DATA"] for number in (0, 1)
    ]
    assert server.said == ["ehlo [127.0.0.1]", *transactions[0], "RSET", *transactions[1], "QUIT"]


def test_a_relay_that_knows_no_size_is_told_none() -> None:
    _, server = told({"ehlo": "250 sink"})
    assert "MAIL FROM:<b@news.example.org>" in server.said


def test_a_connection_that_was_closed_in_the_meantime_is_made_again() -> None:
    for rset in ("421 4.4.2 idle", "500 what", Do.CLOSE):
        (_, second), server = told({"rset": rset}, group=mails(2))
        assert isinstance(second, Accepted)
        assert (server.connections, len(server.mails)) == (2, 2)


def test_mails_of_a_group_go_side_by_side_and_each_connection_carries_so_many() -> None:
    async def story() -> None:
        async with Sink() as server, SmtpTransport(relay(server), wire, connections=3, mails=2) as transport:
            for connections in (3, 3, 6):
                await sent(transport, mails(3))
                assert server.connections == connections

    asyncio.run(story())


def test_a_connection_that_rests_too_long_is_closed() -> None:
    async def story() -> None:
        async with Sink() as server, SmtpTransport(relay(server), wire, idle=0.01) as transport:
            await one(transport, mail())
            async with asyncio.timeout(10):
                while server.open:
                    await asyncio.sleep(0)
            assert server.said[-1] == "QUIT"
            assert isinstance(await one(transport, mail()), Accepted)

    asyncio.run(story())


def test_who_stops_listening_stops_the_sending() -> None:
    async def story() -> None:
        async with Sink({"dot": ["250 ok", Do.SILENCE]}) as server, SmtpTransport(relay(server), wire) as transport:
            receipts = transport.send(mails(2))
            assert isinstance((await anext(receipts))[1], Accepted)
            async with asyncio.timeout(10):
                await receipts.aclose()
                while server.open > 1:  # the other one rests
                    await asyncio.sleep(0)
            assert len(server.mails) == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (mail(sender="a\r\nRCPT TO:<x@example.org>"), (553, "5.1.7", Stage.SENDER)),
        (mail(sender=""), (553, "5.1.7", Stage.SENDER)),
        (mail("a b"), (553, "5.1.3", Stage.RECIPIENT)),
        (mail("a\r\nDATA"), (553, "5.1.3", Stage.RECIPIENT)),
        (mail("a>b"), (553, "5.1.3", Stage.RECIPIENT)),
        (mail("a" * 250), (553, "5.1.3", Stage.RECIPIENT)),
        (mail("æ"), (553, "5.6.7", Stage.RECIPIENT)),
    ],
)
def test_an_address_that_cannot_stand_in_a_command_is_refused_here(
    message: Message, answer: tuple[int, str, Stage]
) -> None:
    async def story() -> None:
        async with Sink() as server, SmtpTransport(relay(server), lambda _: b"\r\n") as transport:
            receipt = await one(transport, message)
            assert isinstance(receipt, Refused)
            assert (receipt.code, receipt.enhanced, receipt.stage) == answer
            assert server.said == []

    asyncio.run(story())


def test_a_domain_in_other_letters_is_said_in_its_own_ascii_form() -> None:
    async def story() -> None:
        async with Sink() as server, SmtpTransport(relay(server), lambda _: b"\r\n") as transport:
            assert isinstance(await one(transport, mail(domain="straße.example")), Accepted)
            assert server.mails[0][0] == "you@xn--strae-oqa.example"

    asyncio.run(story())


@pytest.mark.parametrize(
    "data", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\nMAIL FROM:<x@example.org>\r\n", b"a", b"", b"\xc3\xa6\r\n"]
)
def test_bytes_that_a_server_might_read_in_two_ways_are_not_sent(data: bytes) -> None:
    async def story() -> None:
        async with Sink() as server, SmtpTransport(relay(server), lambda _: data) as transport:
            receipt = await one(transport, mail())
            assert isinstance(receipt, Refused)
            assert smtp(receipt) is Blame.MESSAGE
            assert server.said == []

    asyncio.run(story())
