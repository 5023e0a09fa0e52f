"""A line can be tried out: as far as a mail would come, and without one."""

import asyncio
from collections.abc import Mapping

import pytest

from backmail.model.delivery import NotSent, Refused, Stage
from backmail.transports import Login, Relay, TimeOuts
from backmail.transports.smtp_line import Line
from tests.transports.sink import Action, Do, Sink

SOON = TimeOuts(connect=0.2, answer=0.2, data=0.2, final=0.2)


def tried(script: Mapping[str, Action] | None = None) -> tuple[NotSent | Refused | None, list[str]]:
    """Try a line to a sink with a script, and return what stood in the way and all that was said."""

    async def story() -> tuple[NotSent | Refused | None, list[str]]:
        async with Sink(script) as sink:
            line = Line(Relay("127.0.0.1", sink.port, "none", time_outs=SOON), None, 1)
            found = await asyncio.to_thread(line.try_out)
            assert not line.usable
        return found, sink.said

    return asyncio.run(story())


def test_a_relay_that_would_take_mails() -> None:
    found, said = tried()
    assert found is None
    assert [line.partition(" ")[0] for line in said] == ["ehlo", "QUIT"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"connect": "554 no service here"}, "answered the connection with 554 no service here"),
        ({"ehlo": "550 who are you"}, "answered EHLO with 550 who are you"),
        ({"ehlo": Do.SILENCE}, "timed out"),
        ({"connect": Do.CLOSE}, ""),
    ],
    ids=["no service", "no EHLO", "silent", "closed"],
)
def test_what_stands_in_the_way(script: Mapping[str, Action], words: str) -> None:
    found, _ = tried(script)
    assert isinstance(found, NotSent)
    assert words in found.reason


def test_nobody_is_there() -> None:
    found = Line(Relay("127.0.0.1", 1, "none"), None, 1).try_out()
    assert isinstance(found, NotSent)
    assert found.reason.startswith("127.0.0.1:1: ")


def test_a_password_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> object:
        async with Sink({"ehlo": "250-sink\r\n250 AUTH PLAIN", "auth": "535 5.7.8 wrong password"}) as sink:
            relay = Relay("127.0.0.1", sink.port, "none", time_outs=SOON)
            object.__setattr__(relay, "login", Login("anna", "secret"))  # TLS is not what is tried here
            return await asyncio.to_thread(Line(relay, None, 1).try_out)

    assert asyncio.run(story()) == Refused(535, "5.7.8", "5.7.8 wrong password", Stage.LOGIN)
